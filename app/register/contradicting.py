"""Finds what contradicts some statements: only those are loaded that may, and pairs only where all else does."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from app.activities.tables import Mechanism, Place, RetentionStep, RoleDetail, StatementLink, TransferDetail
from app.documents.tables import DocumentLink, DocumentRevision
from app.platform.database import Query, ReadSession
from app.platform.revisions import alive
from app.register.conflicts import Conflict, Side, contradictions, match_pairs, suspects
from app.register.sources import chunks, load_terms
from app.register.tables import Head, PairRow
from app.register.widening import STATED, Pair, Terms, around

SILENT: Final = "not_stated"
APART: Final = 8
Heads = dict[int, Any]


def compute_conflicts(session: ReadSession, documents: Collection[int], at: int | None = None) -> list[Conflict]:
    """Return the contradictions that statements of some documents are part of, writing nothing."""
    own = [
        row.statement_id
        for part in chunks(documents)
        for row in session.all(select(Head.statement_id).where(Head.document_id.in_(part), alive(Head, at)))
    ]
    return conflicts_among(session, own, at)


def conflicts_among(session: ReadSession, statements: Collection[int], at: int | None) -> list[Conflict]:
    """Return the contradictions that some statements are part of, with all of their controllers."""
    own = _heads(session, statements, at)
    if not own:
        return []
    terms = load_terms(session, None, at)
    sides = _sides(session, own, at)
    heads = _candidates(session, own, sides, terms, at) | own
    return list(_compared(session, own, heads, terms, at, sides))


def _compared(
    session: ReadSession, own: Heads, heads: Heads, terms: Terms, at: int | None, sides: dict[int, Side] | None = None
) -> Iterator[Conflict]:
    """Compare statements with others, and load the pairs of those that contradict each other in all else."""
    known = {} if sides is None else dict(sides)
    known |= _sides(session, {key: head for key, head in heads.items() if key not in known}, at)
    chosen = [known[key] for key in own]
    involved = {key for one, other, _ in suspects(chosen, known.values(), terms) for key in _ids(one, other)}
    compared = _with_pairs(session, known, heads, involved, at)
    return contradictions([side for side in compared if side.statement_id in own], compared, terms)


@dataclass(frozen=True)
class Growth:
    """A set that gained pairs and lost none: what contradicted before still does."""

    set_id: int
    gained: frozenset[Pair]


def conflicts_by_growth(session: ReadSession, growths: Collection[Growth], changed: Collection[int]) -> set[Conflict]:
    """Return contradictions, new or surer, of statements whose shared sets grew, with others than those changed.

    Whether two statements are about matching data depends on their sets alone, so sets are compared first: of those
    that match no better than before nothing follows.
    """
    found: set[Conflict] = set()
    terms = load_terms(session, None, None)
    for growth in growths:
        users = [row for row in _live(session, Head.set_id == growth.set_id) if row.statement_id not in changed]
        for controller in sorted({row.controller_id for row in users}):
            own = {row.statement_id: row for row in users if row.controller_id == controller}
            kinds = sorted({row.kind for row in own.values()})
            nearer = _nearer(session, growth, growths, terms, (controller, kinds))
            if not nearer:
                continue
            theirs = and_(Head.set_id.in_(sorted(nearer)), Head.controller_id == controller, Head.kind.in_(kinds))
            heads = own | {row.statement_id: row for row in _live(session, theirs) if row.statement_id not in changed}
            found |= set(_compared(session, own, heads, terms, None))
    return found


def _live(session: ReadSession, condition: ColumnElement[bool]) -> Sequence[Any]:
    return session.all(_heads_query().where(condition, alive(Head, None)))


def _nearer(
    session: ReadSession, growth: Growth, growths: Collection[Growth], terms: Terms, of: tuple[int, list[str]]
) -> set[int]:
    """Return the sets of a controller's statements of some kinds that match a set better since it grew."""
    controller, kinds = of
    used = (
        select(Head.set_id)
        .distinct()
        .where(Head.controller_id == controller, Head.kind.in_(kinds), alive(Head, None), Head.set_id.is_not(None))
    )
    sets = used.subquery()
    near = exists().where(PairRow.set_id == sets.c.set_id, alive(PairRow, None), _named(growth.gained, terms))
    ids = [row.set_id for row in session.all(select(sets.c.set_id).where(near))]
    now = _pairs_of(session, [*ids, growth.set_id], None)
    gained = {one.set_id: one.gained for one in growths}
    before = {key: pairs - gained.get(key, frozenset()) for key, pairs in now.items()}
    own = growth.set_id
    return {
        key for key in ids if match_pairs(now[own], now[key], terms) != match_pairs(before[own], before[key], terms)
    }


def _ids(*sides: Side) -> Iterator[int]:
    return (side.statement_id for side in sides)


def _heads_query() -> Query:
    columns = ("statement_id", "kind", "controller_id", "document_id", "polarity", "location", "set_id", "data_floor")
    return select(*(getattr(Head, name) for name in columns))


def _heads(session: ReadSession, statements: Collection[int], at: int | None) -> Heads:
    query = _heads_query()
    return {
        row.statement_id: row
        for part in chunks(statements)
        for row in session.all(query.where(Head.statement_id.in_(part), alive(Head, at)))
    }


def _candidates(session: ReadSession, own: Heads, sides: dict[int, Side], terms: Terms, at: int | None) -> Heads:
    """Return the statements of the same kinds and controllers that may contradict: `differences` names the reasons."""
    groups: dict[tuple[int, str], list[Side]] = defaultdict(list)
    for key, head in own.items():
        groups[head.controller_id, head.kind].append(sides[key])
    found: list[ColumnElement[bool]] = []
    for (controller, kind), some in groups.items():
        conditions = [Head.controller_id == controller, Head.kind == kind]
        if all(side.polarity == "does" for side in some):
            parts = [[side] for side in some] if len(some) <= APART else [some]
            reason = or_(*(_reason(kind, part, terms) for part in parts))
            if kind == "retentions":
                reason = _about_matching_data(session, [own[side.statement_id].set_id for side in some], terms, at)
            documents = {side.document_id for side in some}
            if len(documents) == 1:
                reason = and_(Head.document_id.not_in(documents), reason)
            conditions.append(or_(Head.polarity != "does", reason))
        found.append(and_(*conditions))
    return {row.statement_id: row for one in found for row in session.all(_heads_query().where(one, alive(Head, at)))}


def _reason(kind: str, some: Sequence[Side], terms: Terms) -> ColumnElement[bool]:
    """Condition on heads that an affirmed statement of another document must meet to contradict another of its kind."""
    if kind == "transfers":
        recipients = {side.recipient for side in some if side.recipient is not None}
        same = _has(TransferDetail, TransferDetail.recipient_id.in_(sorted(recipients)))
        return and_(same, or_(*_other_ways(some), _other_bases(some, terms)))
    if kind == "uses":
        return _other_bases(some, terms)
    if kind == "roles":
        roles = sorted({str(side.role) for side in some})
        return _has(RoleDetail, *([RoleDetail.role != roles[0]] if len(roles) == 1 else []))
    return false()


def _other_ways(some: Sequence[Side]) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a transfer goes elsewhere, under another mechanism or in another role than some."""
    locations = {side.location for side in some}
    if any(side.countries for side in some):
        yield _has(Place)
    for here, elsewhere in (("domestic", "abroad"), ("abroad", "domestic")):
        if here in locations:
            yield Head.location == elsewhere
    if any(side.mechanisms for side in some):
        yield _has(Mechanism)
    roles = sorted({side.role for side in some if side.role})
    if roles:
        known = [SILENT, *roles] if len(roles) == 1 else [SILENT]
        yield _has(TransferDetail, TransferDetail.recipient_role.not_in(known))


def _other_bases(some: Sequence[Side], terms: Terms) -> ColumnElement[bool]:
    """Condition that a statement has a purpose of some, or one above or below, and none of their bases."""
    if not any(side.bases and side.purposes for side in some):
        return false()
    purposes = around(terms, (key for side in some for key in side.purposes))
    has_purpose = _has(StatementLink, StatementLink.role == "purpose", StatementLink.term_id.in_(sorted(purposes)))
    if len({side.bases for side in some}) > 1:
        return has_purpose
    bases = around(terms, some[0].bases)
    has_basis = _has(StatementLink, StatementLink.role == "legal_basis", StatementLink.term_id.in_(sorted(bases)))
    return and_(has_purpose, ~has_basis)


def _about_matching_data(
    session: ReadSession, sets: Iterable[int | None], terms: Terms, at: int | None
) -> ColumnElement[bool]:
    pairs = _pairs_of(session, (key for key in sets if key is not None), at)
    named = _named(frozenset().union(*pairs.values()), terms)
    return exists().where(PairRow.set_id == Head.set_id, alive(PairRow, at), named).correlate(Head)


def _named(pairs: Collection[Pair], terms: Terms) -> ColumnElement[bool]:
    """Condition that a pair names data that may match those of some pairs."""
    categories = around(terms, (pair.category for pair in pairs))
    items = around(terms, (pair.item for pair in pairs))
    return or_(PairRow.category_id.in_(sorted(categories)), PairRow.item_id.in_(sorted(items)))


def _has(table: type[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(table.statement_id == Head.statement_id, *conditions).correlate(Head)


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


def _sides(session: ReadSession, heads: dict[int, Any], at: int | None) -> dict[int, Side]:
    """Return statements as they are compared, but for their pairs."""
    links: dict[tuple[int, str], set[int]] = defaultdict(set)
    for row in _below(session, heads, StatementLink):
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


def _with_pairs(
    session: ReadSession, sides: dict[int, Side], heads: dict[int, Any], ids: Collection[int], at: int | None
) -> list[Side]:
    """Give sides their pairs, raised to the floors of their heads; equal sets are one object, compared once."""
    sets = _pairs_of(session, (heads[key].set_id for key in ids if heads[key].set_id is not None), at)

    @cache
    def raised(set_id: int, floor: int) -> frozenset[Pair]:
        return sets[set_id] if floor == STATED else frozenset(_raised(pair, floor) for pair in sets[set_id])

    return [
        sides[key]
        if heads[key].set_id is None
        else replace(sides[key], pairs=raised(heads[key].set_id, heads[key].data_floor))
        for key in sorted(ids)
    ]


def _pairs_of(session: ReadSession, sets: Iterable[int], at: int | None) -> dict[int, frozenset[Pair]]:
    """Return what sets hold, as far as it is compared."""
    columns = (
        PairRow.set_id,
        PairRow.subject_id,
        PairRow.category_id,
        PairRow.item_id,
        PairRow.category_certainty,
        PairRow.item_certainty,
    )
    found: dict[int, set[Pair]] = defaultdict(set)
    for part in chunks(sets):
        for row in session.all(select(*columns).where(PairRow.set_id.in_(part), alive(PairRow, at))):
            found[row.set_id].add(compared_pair(row[1:]))
    return defaultdict(frozenset, {key: frozenset(pairs) for key, pairs in found.items()})


def compared_pair(values: Sequence[Any]) -> Pair:
    """Return a pair of (subject, category, item, category certainty, item certainty): what is compared of it."""
    subject, category, item, category_certainty, item_certainty = values
    return Pair(subject, category, item, STATED, category_certainty, item_certainty)


def _raised(pair: Pair, floor: int) -> Pair:
    return replace(
        pair,
        category_certainty=max(pair.category_certainty, floor),
        item_certainty=max(pair.item_certainty, floor),
    )
