"""Whether two sets of pairs are about matching data of matching data subjects; pure functions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from app.register.widening import INFERRED, STATED, Pair, Terms


class PairMatch:
    """Tells whether two sets of pairs are about matching data of matching data subjects, and how certainly.

    Each set is arranged once by the terms that match its own, with however many others it is compared.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._arranged: dict[frozenset[Pair], _Arranged] = {}
        self._known: dict[tuple[frozenset[Pair], frozenset[Pair]], int | None] = {}

    def __call__(self, one: frozenset[Pair], other: frozenset[Pair]) -> int | None:
        """Return STATED or INFERRED, or None where nothing matches."""
        if (one, other) not in self._known:
            self._known[one, other] = self._known[other, one] = self._match(one, other)
        return self._known[one, other]

    def _match(self, one: frozenset[Pair], other: frozenset[Pair]) -> int | None:
        arranged = self._arranged.get(other)
        if arranged is None:
            arranged = self._arranged[other] = _Arranged(other, self._terms)
        best: int | None = None
        for pair in one:
            for found in arranged.matching(pair):
                has_both = pair.subject is not None and found.subject is not None
                if has_both and not self._terms.match(pair.subject, found.subject):
                    continue
                if _data_rank(pair) == STATED and _data_rank(found) == STATED:
                    return STATED
                best = INFERRED
        return best


class _Arranged:
    """The pairs of a set by their item, by their category, and by everything that stands above these."""

    def __init__(self, pairs: Iterable[Pair], terms: Terms) -> None:
        self._broader = terms.broader
        self._by: dict[tuple[str, int], list[Pair]] = defaultdict(list)
        for pair in pairs:
            if pair.item is not None:
                self._put("item", pair.item, pair)
            if pair.category is not None:
                self._put("any", pair.category, pair)
                if pair.item is None:
                    self._put("whole", pair.category, pair)

    def _put(self, kind: str, term: int, pair: Pair) -> None:
        self._by[kind, term].append(pair)
        for up in self._broader.get(term, frozenset()) | {term}:
            self._by[f"under {kind}", up].append(pair)

    def matching(self, pair: Pair) -> Iterator[Pair]:
        """Yield the pairs whose data match; a category without item matches all its items, both ways."""
        if pair.item is not None:
            yield from self._get("item", pair.item)
        if pair.category is not None:
            yield from self._get("any" if pair.item is None else "whole", pair.category)

    def _get(self, kind: str, term: int) -> Iterator[Pair]:
        yield from self._by.get((f"under {kind}", term), ())
        for up in self._broader.get(term, ()):
            if up != term:
                yield from self._by.get((kind, up), ())


def _data_rank(pair: Pair) -> int:
    return pair.item_certainty if pair.item is not None else pair.category_certainty
