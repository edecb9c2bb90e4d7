"""Contradictions between statements of one controller: both stand, and both rows say so.

Compared are statements of the same kind and recipient (none named on a negative statement means anyone) with
matching data and data subjects: opposite polarity, also inside one document; between documents also a different
period, place, role or mechanism, and disjoint bases for a matching purpose. Only stated values differ, silence
never does, and nothing textual is compared. A document is not compared with those that it is a version of: it ends
them. Whether both are valid on a day is asked when reading.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import or_, select, union

from app.activities.tables import (
    Mechanism,
    Place,
    RetentionStep,
    RoleDetail,
    StatementLink,
    StatementRow,
    TransferDetail,
)
from app.documents.tables import DocumentLink, DocumentRevision
from app.platform.database import Query, ReadSession
from app.platform.revisions import alive
from app.register.sources import chunks, load_terms
from app.register.tables import Head, PairRow
from app.register.widening import INFERRED, STATED, Datum, Pair, Terms
from app.vocabularies.tables import TermBroader

SILENT: Final = "not_stated"


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
    pairs: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class Conflict:
    """One contradiction, seen from one side."""

    statement_id: int
    other_id: int
    dimension: str
    certainty: int


def contradictions(sides: Iterable[Side], others: Iterable[Side], terms: Terms) -> Iterator[Conflict]:
    """Compare some statements with all of their controller; each contradiction comes from both sides."""
    buckets: dict[tuple[int, str], list[Side]] = defaultdict(list)
    for other in others:
        buckets[other.controller_id, other.kind].append(other)

    @cache
    def matching(one: frozenset[Pair], other: frozenset[Pair]) -> int | None:
        return match_pairs(one, other, terms)

    for side in sides:
        for other in buckets[side.controller_id, side.kind]:
            if other.statement_id == side.statement_id or not _same_counterpart(side, other):
                continue
            differing = list(differences(side, other, terms))
            certainty = _data_match(side, other, matching) if differing else None
            if certainty is None:
                continue
            for dimension in differing:
                yield Conflict(side.statement_id, other.statement_id, dimension, certainty)
                yield Conflict(other.statement_id, side.statement_id, dimension, certainty)


def _data_match(side: Side, other: Side, matching: Any) -> int | None:  # noqa: ANN401 - a cached function
    if side.kind == "measures":
        return STATED
    found: int | None = matching(side.pairs, other.pairs)
    return found


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


def match_pairs(one: frozenset[Pair], other: frozenset[Pair], terms: Terms) -> int | None:
    """Tell whether two statements are about matching data of matching data subjects, and how certainly."""
    best: int | None = None
    for a in one:
        for b in other:
            has_both = a.subject is not None and b.subject is not None
            if has_both and not terms.match(a.subject, b.subject):
                continue
            if not terms.match_data(Datum(a.category, a.item), Datum(b.category, b.item)):
                continue
            is_sure = _data_rank(a) == STATED and _data_rank(b) == STATED
            best = STATED if is_sure else INFERRED
            if is_sure:
                return best
    return best


def _data_rank(pair: Pair) -> int:
    return pair.item_certainty if pair.item is not None else pair.category_certainty


def compute_conflicts(session: ReadSession, documents: Collection[int], at: int | None = None) -> list[Conflict]:
    """Return the contradictions that statements of some documents are part of, writing nothing."""
    return conflicts_among(session, session.all(stating().where(Head.document_id.in_(documents), alive(Head, at))), at)


def stating() -> Query:
    """SELECT of statements by their heads, with whose they are."""
    return select(Head.statement_id, Head.controller_id)


def conflicts_among(session: ReadSession, own: Sequence[Any], at: int | None) -> list[Conflict]:
    """Return the contradictions that some statements are part of, with all of their controllers."""
    if not own:
        return []
    ids = {row.statement_id for row in own}
    everyone = ids | _candidates(session, ids, {row.controller_id for row in own}, at)
    sides = _sides(session, everyone, at)
    terms = load_terms(session, _terms_of(sides.values()), at)
    chosen = [side for key, side in sides.items() if key in ids]
    return list(contradictions(chosen, sides.values(), terms))


def _candidates(session: ReadSession, ids: set[int], controllers: set[int], at: int | None) -> set[int]:
    """Return the statements that may contradict: the same recipient, purpose or measure, or a denial."""
    found: set[int] = set()
    live = select(Head.statement_id).where(Head.controller_id.in_(controllers), alive(Head, at))
    for part in chunks(ids):
        mine = StatementRow.__table__.alias()
        has_denial = session.first(select(mine.c.id).where(mine.c.id.in_(part), mine.c.polarity == "does_not"))
        if has_denial:
            found |= {row.statement_id for row in session.all(live)}
            continue
        recipients = select(TransferDetail.recipient_id).where(TransferDetail.statement_id.in_(part))
        sharing: tuple[Query, ...] = (
            select(TransferDetail.statement_id).where(TransferDetail.recipient_id.in_(recipients)),
            *(select(StatementLink.statement_id).where(StatementLink.term_id.in_(q)) for q in _matching(part, at)),
        )
        others = or_(Head.polarity == "does_not", Head.kind.in_(["retentions", "roles"]))
        every = union(*(live.where(Head.statement_id.in_(query)) for query in sharing), live.where(others))
        found |= {row.statement_id for row in session.all(every)}
    return found


def _matching(part: list[int], at: int | None) -> tuple[Query, Query]:
    """SELECTs of the purposes and measures above and below those of some statements, themselves included."""
    link, broader = StatementLink, TermBroader
    own = select(link.term_id).where(link.statement_id.in_(part), link.role.in_(["purpose", "measure"]))
    return (
        select(broader.broader_id).where(broader.term_id.in_(own), alive(broader, at)),
        select(broader.term_id).where(broader.broader_id.in_(own), alive(broader, at)),
    )


def _former(session: ReadSession, documents: Collection[int], at: int | None) -> dict[int, frozenset[int]]:
    """Return, for each document, those that it is a version of, all steps back."""
    before: dict[int, int] = {}
    wanted = set(documents)
    revision, link = DocumentRevision, DocumentLink
    while wanted:
        found: dict[int, int] = {}
        for part in chunks(wanted):
            query = select(revision.owner_id, link.document_id).join(link, link.revision_id == revision.id)
            query = query.where(revision.owner_id.in_(part), link.relation == "version_of", alive(revision, at))
            found |= {row.owner_id: row.document_id for row in session.all(query)}
        before |= found
        wanted = set(found.values()) - before.keys()
    former = {}
    for document in documents:
        chain: list[int] = []
        while (here := before.get(chain[-1] if chain else document)) is not None and here not in chain:
            chain.append(here)
        former[document] = frozenset(chain)
    return former


def later_versions(session: ReadSession, documents: Collection[int]) -> set[int]:
    """Return the documents that are versions of others, all steps on: they are not compared with these."""
    revision, link = DocumentRevision, DocumentLink
    later: set[int] = set()
    wanted = set(documents)
    while wanted:
        found: set[int] = set()
        for part in chunks(wanted):
            query = select(revision.owner_id).join(link, link.revision_id == revision.id)
            query = query.where(link.document_id.in_(part), link.relation == "version_of", alive(revision, None))
            found |= {row.owner_id for row in session.all(query)}
        wanted = found - later
        later |= found
    return later


LENGTHS: Final = {
    "minute": ("minutes", 1),
    "hour": ("minutes", 60),
    "day": ("minutes", 60 * 24),
    "week": ("minutes", 60 * 24 * 7),
    "month": ("months", 1),
    "year": ("months", 12),
}


def _length(step: Any) -> tuple[str, int] | None:  # noqa: ANN401 - a row of retention_step
    """Return the length of a step, so that a year and twelve months are the same."""
    if step.value is None:
        return None
    name, factor = LENGTHS[step.unit]
    return name, step.value * factor


def _sides(session: ReadSession, ids: Collection[int], at: int | None) -> dict[int, Side]:
    heads: dict[int, Any] = {}
    for part in chunks(ids):
        for row in session.all(select(*Head.__table__.columns).where(Head.statement_id.in_(part), alive(Head, at))):
            heads[row.statement_id] = row
    links: dict[tuple[int, str], set[int]] = defaultdict(set)
    for row in _below(session, ids, StatementLink):
        links[row.statement_id, row.role].add(row.term_id)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for key, head in heads.items():
        by_kind[head.kind].append(key)
    transfers = by_kind["transfers"]
    details = {row.statement_id: row for row in _below(session, transfers, TransferDetail)}
    roles = {row.statement_id: row for row in _below(session, by_kind["roles"], RoleDetail)}
    countries = _grouped(_below(session, transfers, Place), lambda row: row.country)
    mechanisms = _grouped(_below(session, transfers, Mechanism), lambda row: row.term_id)
    steps = _grouped(_below(session, by_kind["retentions"], RetentionStep), _length)
    former = _former(session, {head.document_id for head in heads.values()}, at)
    pairs = _pairs(session, heads.values(), at)
    sides = {}
    for key, head in heads.items():
        detail, role = details.get(key), roles.get(key)
        recipient_role = None if detail is None or detail.recipient_role == SILENT else detail.recipient_role
        sides[key] = Side(
            statement_id=key,
            kind=head.kind,
            controller_id=head.controller_id,
            document_id=head.document_id,
            polarity=head.polarity,
            recipient=detail.recipient_id if detail else role.counterpart_id if role else None,
            role=role.role if role else recipient_role,
            countries=frozenset(countries[key]),
            location=head.location,
            former=former[head.document_id],
            mechanisms=frozenset(mechanisms[key]),
            purposes=frozenset(links[key, "purpose"]),
            bases=frozenset(links[key, "legal_basis"]),
            measures=frozenset(links[key, "measure"]),
            periods=frozenset(steps[key]),
            pairs=pairs.get(key, frozenset()),
        )
    return sides


def _below(session: ReadSession, ids: Collection[int], table: type[Any]) -> Iterator[Any]:
    for part in chunks(ids):
        yield from session.all(select(*table.__table__.columns).where(table.statement_id.in_(part)))


def _grouped(rows: Iterable[Any], value: Any) -> dict[int, set[Any]]:  # noqa: ANN401 - a function of a row
    found: dict[int, set[Any]] = defaultdict(set)
    for row in rows:
        one = value(row)
        if one is not None:
            found[row.statement_id].add(one)
    return found


def _pairs(session: ReadSession, heads: Iterable[Any], at: int | None) -> dict[int, frozenset[Pair]]:
    """Return the pairs of each head, raised to its floors; equal sets are one object, so matches are found once."""
    rows: dict[int, list[Any]] = defaultdict(list)
    heads = list(heads)
    for part in chunks(head.set_id for head in heads if head.set_id is not None):
        query = select(*PairRow.__table__.columns).where(PairRow.set_id.in_(part), alive(PairRow, at))
        for row in session.all(query):
            rows[row.set_id].append(row)

    @cache
    def raised(set_id: int, data_floor: int) -> frozenset[Pair]:
        return frozenset(
            Pair(
                row.subject_id,
                row.category_id,
                row.item_id,
                category_certainty=max(row.category_certainty, data_floor),
                item_certainty=max(row.item_certainty, data_floor),
            )
            for row in rows[set_id]
        )

    return {head.statement_id: raised(head.set_id, head.data_floor) for head in heads if head.set_id is not None}


def _terms_of(sides: Iterable[Side]) -> set[int]:
    ids: set[int] = set()
    seen: set[int] = set()
    for side in sides:
        ids |= side.purposes | side.bases | side.measures
        if id(side.pairs) in seen:
            continue
        seen.add(id(side.pairs))
        for pair in side.pairs:
            ids |= {key for key in (pair.subject, pair.category, pair.item) if key is not None}
    return ids
