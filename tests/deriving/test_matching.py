"""Sets of pairs are matched as by comparing each pair with each: the arranged way finds the same."""

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from app.deriving.matching import Named, PairMatch
from app.deriving.widening import INFERRED, STATED, Datum, Terms, around

TERMS: Final = range(1, 8)
keys = st.sampled_from(TERMS)
# A term stands under those with smaller keys only, so that there is no circle; itself included, as in the register.
hierarchies = st.fixed_dictionaries({key: st.frozensets(st.integers(1, key)) for key in TERMS}).map(
    lambda found: Terms({key: ups | {key} for key, ups in found.items()}, {})
)
maybe = st.none() | keys
pairs = st.builds(Named, maybe, maybe, maybe, st.sampled_from([STATED, INFERRED]))
sets = st.frozensets(pairs, max_size=6)


def plainly(one: frozenset[Named], other: frozenset[Named], terms: Terms) -> int | None:
    """Compare each pair with each."""
    found = [
        max(a.rank, b.rank)
        for a in one
        for b in other
        if (a.subject is None or b.subject is None or terms.match(a.subject, b.subject))
        and terms.match_data(Datum(a.category, a.item), Datum(b.category, b.item))
    ]
    return min(found, default=None)


@settings(max_examples=300)
@given(sets, sets, hierarchies)
def test_sets_match_as_their_pairs_do(one: frozenset[Named], other: frozenset[Named], terms: Terms) -> None:
    assert PairMatch(terms)(one, other) == plainly(one, other, terms)
    assert PairMatch(terms)(other, one) == plainly(one, other, terms)


@given(st.frozensets(keys), hierarchies)
def test_around_terms_stand_all_that_match_one_of_them(some: frozenset[int], terms: Terms) -> None:
    assert around(terms, some, 0) == {key for key in TERMS if any(terms.match(key, one) for one in some)}


@given(st.frozensets(keys), hierarchies, st.dictionaries(keys, st.sampled_from([1, 2]), max_size=3))
def test_around_terms_stands_nothing_below_that_only_others_may_use(
    some: frozenset[int], terms: Terms, owners: dict[int, int]
) -> None:
    found = around(Terms(terms.broader, {}, owners), some, 1)
    below = {key for key in TERMS if any(one in terms.broader[key] for one in some)}
    of_others = {key for key in below - some if owners.get(key) == 2}
    above = {key for one in some for key in terms.broader[one]}
    assert found == around(terms, some, 1) - (of_others - above)
