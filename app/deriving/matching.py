"""Whether two sets of pairs are about matching data of matching data subjects; pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.deriving.widening import INFERRED, STATED, Terms


class Named(NamedTuple):
    """A pair as far as it is compared: whom, what, and how certain the data are."""

    subject: int | None
    category: int | None
    item: int | None
    rank: int


def named(subject: int | None, category: int | None, item: int | None, category_rank: int, item_rank: int) -> Named:
    """Return what is compared of a pair: without an item its category decides how certain the data are."""
    return Named(subject, category, item, category_rank if item is None else item_rank)


class PairMatch:
    """Tells whether two sets of pairs are about matching data of matching data subjects, and how certainly.

    The other set is arranged by the terms that match its own, once for however many it is compared with.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._arranged: dict[frozenset[Named], _Arranged] = {}
        self._known: dict[tuple[frozenset[Named], frozenset[Named]], int | None] = {}

    def __call__(self, one: frozenset[Named], other: frozenset[Named]) -> int | None:
        """Return STATED or INFERRED, or None where nothing matches."""
        if (one, other) not in self._known:
            self._known[one, other] = self._known[other, one] = self._match(one, other)
        return self._known[one, other]

    def _match(self, one: frozenset[Named], other: frozenset[Named]) -> int | None:
        arranged = self._arranged.get(other)
        if arranged is None:
            arranged = self._arranged[other] = _Arranged(other, self._terms)
        best: int | None = None
        for pair in one:
            for found in arranged.matching(pair):
                has_both = pair.subject is not None and found.subject is not None
                if has_both and not self._terms.match(pair.subject, found.subject):
                    continue
                if pair.rank == found.rank == STATED:
                    return STATED
                best = INFERRED
        return best


class _Arranged:
    """The pairs of a set by their item, by their category, and by everything that stands above these."""

    def __init__(self, pairs: Iterable[Named], terms: Terms) -> None:
        self._broader = terms.broader
        self._by: dict[tuple[str, int], list[Named]] = defaultdict(list)
        for pair in pairs:
            if pair.item is not None:
                self._put("item", pair.item, pair)
            if pair.category is not None:
                self._put("any", pair.category, pair)
                if pair.item is None:
                    self._put("whole", pair.category, pair)

    def _put(self, kind: str, term: int, pair: Named) -> None:
        self._by[kind, term].append(pair)
        for up in self._broader.get(term, frozenset()) | {term}:
            self._by[f"under {kind}", up].append(pair)

    def matching(self, pair: Named) -> Iterator[Named]:
        """Yield the pairs whose data match; a category without item matches all its items, both ways."""
        if pair.item is not None:
            yield from self._get("item", pair.item)
        if pair.category is not None:
            yield from self._get("any" if pair.item is None else "whole", pair.category)

    def _get(self, kind: str, term: int) -> Iterator[Named]:
        yield from self._by.get((f"under {kind}", term), ())
        for up in self._broader.get(term, ()):
            if up != term:
                yield from self._by.get((kind, up), ())
