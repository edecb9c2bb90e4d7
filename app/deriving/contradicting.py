"""Finds what contradicts some statements: only those are loaded that may, and pairs only where all else does."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.deriving.candidates import candidates
from app.deriving.compared_pairs import NEAR, near_pairs_of, near_to, pairs_of
from app.deriving.conflicts import Conflict, Side, contradictions, suspects
from app.deriving.matching import Named, PairMatch
from app.deriving.sides import Heads, heads_of, heads_query, sides_of, with_pairs
from app.deriving.sources import load_terms
from app.deriving.tables import Head, PairRow
from app.deriving.widening import Terms
from app.platform.database import Query, ReadSession
from app.platform.prepared import probed, rows_of, within, within_words
from app.platform.revisions import alive

NOTHING: Final[Mapping[int, Any]] = MappingProxyType({})


def compute_conflicts(session: ReadSession, documents: Collection[int], at: int | None = None) -> list[Conflict]:
    """Return the contradictions that statements of some documents are part of, writing nothing."""
    own = [row.statement_id for row in rows_of(session, _of_documents, documents, at)]
    return conflicts_among(session, own, at)


@cache
def _of_documents(at: Any) -> Query:  # noqa: ANN401 - None or AT
    return select(Head.statement_id).where(within(Head.document_id), alive(Head, at))


def conflicts_among(session: ReadSession, statements: Collection[int], at: int | None) -> list[Conflict]:
    """Return the contradictions that some statements are part of, with all of their controllers."""
    own = heads_of(session, statements, at)
    if not own:
        return []
    terms = load_terms(session, None, at)
    sides = sides_of(session, own, at)
    pairs = pairs_of(session, _sets_of(own.values()), at)
    heads = candidates(session, own, sides, pairs, terms, at) | own
    return list(_compared(session, own, heads, terms, at, sides, pairs))


def _compared(
    session: ReadSession,
    own: Heads,
    heads: Heads,
    terms: Terms,
    at: int | None,
    sides: Mapping[int, Side] = NOTHING,
    pairs: Mapping[int, frozenset[Named]] = NOTHING,
) -> Iterator[Conflict]:
    """Compare statements with others, and load the pairs of those that contradict each other in all else."""
    known = {**sides, **sides_of(session, {key: head for key, head in heads.items() if key not in sides}, at)}
    chosen = [known[key] for key in own]
    involved = {key for one, other, _ in suspects(chosen, known.values(), terms) for key in _ids(one, other)}
    missing = _sets_of(heads[key] for key in involved) - pairs.keys()
    pairs = {**pairs, **pairs_of(session, missing, at)}
    compared = [with_pairs(known[key], heads[key], pairs) for key in sorted(involved)]
    return contradictions([side for side in compared if side.statement_id in own], compared, terms)


def _sets_of(heads: Iterable[Any]) -> set[int]:
    return {head.set_id for head in heads if head.set_id is not None}


def conflicts_by_growth(
    session: ReadSession, grown: Mapping[int, frozenset[Named]], changed: Collection[int]
) -> set[Conflict]:
    """Return contradictions, new or surer, of statements whose sets grew, with others than those changed.

    `grown` has sets that gained pairs and lost none: what contradicted before still does. Whether two statements are
    about matching data depends on their sets alone, so sets are compared first, as far as they hold something near to
    what was gained: of those that match no better than before nothing follows.
    """
    found: set[Conflict] = set()
    users = [row for row in rows_of(session, _heads_of_sets, grown) if row.statement_id not in changed]
    terms = load_terms(session, None, None)
    for controller in sorted({row.controller_id for row in users}):
        theirs = [row for row in users if row.controller_id == controller]
        nearer = _nearer(session, theirs, grown, terms)
        own = {row.statement_id: row for row in theirs if row.set_id in nearer}
        others = rows_of(session, _heads_of_sets, set().union(*nearer.values()))
        heads = own | {row.statement_id: row for row in others if row.statement_id not in changed}
        if own:
            found |= set(_compared(session, own, heads, terms, None))
    return found


@cache
def _heads_of_sets(_: object) -> Query:
    return heads_query().where(within(Head.set_id), alive(Head, None))


def _nearer(
    session: ReadSession, users: Collection[Any], grown: Mapping[int, frozenset[Named]], terms: Terms
) -> dict[int, set[int]]:
    """Return the sets of a controller that match a set better since it grew, for each set that some statements use."""
    sets, controller = _sets_of(users), next(iter(users)).controller_id
    gained = near_to(frozenset().union(*(grown[key] for key in sets)), terms, controller)
    of = {"controller": controller, "kinds": sorted({row.kind for row in users})}
    ids = [row.set_id for row in session.all(_near_sets(), {**of, **gained})]
    near = near_pairs_of(session, ids, gained)
    match = PairMatch(terms)
    matched = {(key, other): match(some, grown[key]) for key in sets for other, some in near.items()}
    close = {both: found for both, found in matched.items() if found is not None}
    now = pairs_of(session, {key for both in close for key in both})
    before = {key: pairs - grown.get(key, frozenset()) for key, pairs in now.items()}
    nearer: dict[int, set[int]] = defaultdict(set)
    for (key, other), found in close.items():
        known = match(before[other], before[key])
        if known is None or found < known:
            nearer[key].add(other)
    return nearer


@cache
def _near_sets() -> Query:
    used = (
        select(Head.set_id)
        .distinct()
        .where(
            Head.controller_id == bindparam("controller"),
            within_words(Head.kind, "kinds"),
            alive(Head, None),
            Head.set_id.is_not(None),
        )
    )
    sets = used.subquery()
    near = probed(sets, PairRow, PairRow.set_id == sets.c.set_id, alive(PairRow, None), NEAR)
    return select(sets.c.set_id).where(near)


def _ids(*sides: Side) -> Iterator[int]:
    return (side.statement_id for side in sides)
