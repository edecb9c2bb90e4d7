"""Contradictions between statements of one controller: both stand, and both rows say so.

Compared are statements of the same kind and recipient (none named on a negative statement means anyone) with
matching data and data subjects: opposite polarity, also inside one document; between documents also a different
period, place, role or mechanism, and disjoint bases for a matching purpose. Only stated values differ, silence
never does, and nothing textual is compared. A document is not compared with those that it is a version of: it ends
them. Whether both are valid on a day is asked when reading. Which statements are loaded to be compared is decided by
`candidates.py`: a new reason in `differences` needs its SELECT there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.deriving.matching import Named, PairMatch
from app.deriving.widening import INFERRED, STATED, Terms


@dataclass(frozen=True)
class Side:
    """One statement as it is compared."""

    statement_id: int
    kind: str
    controller_id: int
    document_id: int
    polarity: str
    recipient: int | None = None
    role: str | None = None
    countries: frozenset[str] = frozenset()
    location: str | None = None
    former: frozenset[int] = frozenset()
    mechanisms: frozenset[int] = frozenset()
    purposes: frozenset[int] = frozenset()
    bases: frozenset[int] = frozenset()
    measures: frozenset[int] = frozenset()
    periods: frozenset[tuple[str, int]] = frozenset()
    pairs: frozenset[Named] = frozenset()
    is_widened: bool = False


@dataclass(frozen=True)
class Conflict:
    """One contradiction, seen from one side."""

    statement_id: int
    other_id: int
    dimension: str
    certainty: int


def contradictions(sides: Iterable[Side], others: Iterable[Side], terms: Terms) -> Iterator[Conflict]:
    """Compare some statements with all of their controller; each contradiction comes from both sides."""
    matching = PairMatch(terms)
    for side, other, differing in suspects(sides, others, terms):
        certainty = _data_match(side, other, matching)
        if certainty is None:
            continue
        for dimension in differing:
            yield Conflict(side.statement_id, other.statement_id, dimension, certainty)
            yield Conflict(other.statement_id, side.statement_id, dimension, certainty)


def suspects(sides: Iterable[Side], others: Iterable[Side], terms: Terms) -> Iterator[tuple[Side, Side, list[str]]]:
    """Pair statements that contradict each other if they are about matching data; no pairs are looked at."""
    buckets: dict[tuple[Any, ...], list[Side]] = defaultdict(list)
    for other in others:
        buckets[_bucket(other, other.recipient)].append(other)
        buckets[_bucket(other, "anybody")].append(other)
    for side in sides:
        for other in _comparable(side, buckets):
            if other.statement_id == side.statement_id or not _same_counterpart(side, other):
                continue
            differing = list(differences(side, other, terms))
            if differing:
                yield side, other, differing


def _bucket(side: Side, recipient: int | str | None) -> tuple[Any, ...]:
    return side.controller_id, side.kind, recipient


def _comparable(side: Side, buckets: Mapping[tuple[Any, ...], list[Side]]) -> Sequence[Side]:
    """Return the statements of a kind: to the same recipient or to none named, where either says something of one."""
    if side.kind != "transfers" or side.recipient is None:
        return buckets.get(_bucket(side, "anybody"), ())
    return [*buckets.get(_bucket(side, side.recipient), ()), *buckets.get(_bucket(side, None), ())]


def _data_match(side: Side, other: Side, matching: PairMatch) -> int | None:
    if side.kind == "measures":
        return STATED
    found = matching(other.pairs, side.pairs)
    return INFERRED if found is not None and (side.is_widened or other.is_widened) else found


def _same_counterpart(side: Side, other: Side) -> bool:
    if side.kind not in {"transfers", "roles"}:
        return True
    if side.recipient == other.recipient and (side.recipient is not None or side.kind == "roles"):
        return True
    negative = [one for one in (side, other) if one.polarity == "does_not"]
    return len(negative) == 1 and negative[0].recipient is None


def differences(side: Side, other: Side, terms: Terms) -> Iterator[str]:
    """Name the dimensions on which two statements contradict each other, their data apart."""
    if side.document_id in other.former or other.document_id in side.former:
        return
    if side.kind == "measures" and not _any_match(side.measures, other.measures, terms):
        return
    if side.kind == "roles" and side.polarity != other.polarity and side.role != other.role:
        return
    if side.polarity != other.polarity:
        if _any_match(side.purposes, other.purposes, terms) or not (side.purposes and other.purposes):
            yield "polarity"
        return
    if side.polarity == "does" and side.document_id != other.document_id:
        yield from _stated_otherwise(side, other, terms)


def _stated_otherwise(side: Side, other: Side, terms: Terms) -> Iterator[str]:
    if _disjoint(side.periods, other.periods):
        yield "period"
    if _disjoint(side.countries, other.countries) or {side.location, other.location} == {"domestic", "abroad"}:
        yield "place"
    if _disjoint(side.mechanisms, other.mechanisms):
        yield "mechanism"
    if side.role and other.role and side.role != other.role:
        yield "role"
    purposes_match = _any_match(side.purposes, other.purposes, terms)
    if purposes_match and side.bases and other.bases and not _any_match(side.bases, other.bases, terms):
        yield "legal_basis"


def _disjoint(one: frozenset[Any], other: frozenset[Any]) -> bool:
    return bool(one and other) and not one & other


def _any_match(one: frozenset[int], other: frozenset[int], terms: Terms) -> bool:
    return any(terms.match(a, b) for a in one for b in other)
