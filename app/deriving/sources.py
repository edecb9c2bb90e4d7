"""Loads what derived rows are made of: the statements of some documents, their links, and the terms around them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import or_, select

from app.activities.tables import (
    Activity,
    StatementRow,
)
from app.deriving.stated import Stated, stated_of
from app.deriving.widening import Reaching, Terms
from app.documents.tables import DocumentRevision
from app.platform.database import Query, ReadSession
from app.platform.prepared import chunks, rows_of, within
from app.platform.revisions import alive
from app.platform.shelf import Book
from app.recipients.tables import RecipientRevision
from app.vocabularies.tables import ItemCategory, Term, TermBroader, TermRevision

LAWFUL: Final = ("legal_bases", "transfer_mechanisms")


@dataclass(frozen=True)
class Dates:
    """Dates of a document."""

    printed: date | None
    effective_from: date | None
    effective_to: date | None


@dataclass(frozen=True)
class TermFacts:
    """What the law says of a basis or mechanism."""

    is_consent: bool
    regime: str | None
    valid_from: date | None
    valid_to: date | None


Consents = dict[str | None, tuple[int, TermFacts]]


@dataclass(frozen=True)
class Hierarchy:
    """What stands above every live term, where items are at home, and what the law says."""

    terms: Terms
    law: dict[int, TermFacts]
    consents: Consents


def _read_hierarchy(session: ReadSession, _known: Hierarchy | None, _since: int) -> Hierarchy:
    return Hierarchy(_load_terms(session, None, None), _law(session, None, None), _consents(session, None))


HIERARCHY: Final = Book("hierarchy", _read_hierarchy)


@dataclass
class Material:
    """Everything that the heads, sets and mechanisms of some documents are derived from."""

    at: int | None = None
    statements: list[Any] = field(default_factory=list)
    stated: dict[int, Stated] = field(default_factory=dict)
    destinations: dict[tuple[int, int], list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    dates: dict[int, Dates] = field(default_factory=dict)
    seats: dict[int, tuple[str | None, ...]] = field(default_factory=dict)
    terms: Terms = field(default_factory=lambda: Terms({}, {}))
    law: dict[int, TermFacts] = field(default_factory=dict)

    def reaching(self, row: Any) -> Reaching:  # noqa: ANN401 - a row of statement
        """Return the two sides of a statement."""
        return Reaching(
            row.data_reach,
            self.stated[row.id].data,
            row.subject_reach,
            self.stated[row.id].subjects,
            row.condition,
            row.valid_from,
            row.valid_to,
        )


def gather(session: ReadSession, documents: Collection[int], at: int | None = None) -> Material:
    """Load the statements of documents (and, for the fallback, their activities' collections) with all around."""
    material = Material(at=at)
    load(session, material, _statements(session, documents, at))
    complete(session, material)
    return material


def load(session: ReadSession, material: Material, rows: Iterable[Any]) -> None:
    """Add statements, with everything below them, to the material; those that it has already stay."""
    known = {row.id for row in material.statements}
    fresh = [row for row in rows if row.id not in known]
    material.statements = sorted([*material.statements, *fresh], key=lambda row: row.id)
    material.stated |= stated_of(session, [row.id for row in fresh])


def complete(session: ReadSession, material: Material) -> None:
    """Add what stands around the statements: places elsewhere, dates, seats, terms and what the law says of them."""
    _take_destinations(material)
    _read_around(session, material, material.at)


def _take_destinations(material: Material) -> None:
    """Note where each document says that a recipient is, and which statement says it."""
    for row in material.statements:
        stated = material.stated[row.id]
        if stated.transfer is not None and stated.transfer.recipient_id is not None:
            found = material.destinations[row.document_id, stated.transfer.recipient_id]
            found += [(row.id, country) for country, _ in stated.places if country]


def statement_query() -> Query:
    """SELECT of statements as derived rows are made of them."""
    row = StatementRow
    columns = (
        row.id,
        row.activity_id,
        row.controller_id,
        row.document_id,
        row.kind,
        row.key,
        row.polarity,
        row.condition,
        row.valid_from,
        row.valid_to,
        row.data_reach,
        row.subject_reach,
        row.purpose_reach,
        row.joined,
        row.born,
        row.died,
        Activity.code,
    )
    return select(*columns).join(Activity, Activity.id == row.activity_id)


def _statements(session: ReadSession, documents: Collection[int], at: int | None) -> list[Any]:
    found = {row.id: row for row in rows_of(session, _of_documents, documents, at)}
    for row in collections_of(session, {one.activity_id for one in found.values()}, at):
        found[row.id] = row
    return [found[key] for key in sorted(found)]


@cache
def _of_documents(at: Any) -> Query:  # noqa: ANN401 - None or AT
    return statement_query().where(within(StatementRow.document_id), alive(StatementRow, at))


def collections_of(session: ReadSession, activities: Collection[int], at: int | None) -> Iterator[Any]:
    """Yield the collections of activities, which serve documents that have none of their own."""
    return rows_of(session, _collections_of_activities, activities, at)


@cache
def _collections_of_activities(at: Any) -> Query:  # noqa: ANN401 - None or AT
    row = StatementRow
    return statement_query().where(within(row.activity_id), row.kind == "collections", alive(row, at))


def _read_around(session: ReadSession, material: Material, at: int | None) -> None:
    documents = {row.document_id for row in material.statements}
    for row in rows_of(session, _dates_query, documents, at):
        material.dates[row.owner_id] = Dates(row.date, row.effective_from, row.effective_to)
    named = (stated.transfer.recipient_id for stated in material.stated.values() if stated.transfer is not None)
    recipients = {recipient for recipient in named if recipient is not None}
    material.seats = _seats(session, recipients, at)
    material.terms = load_terms(session, _term_ids(material), at)
    material.law = _law_of(session, material, at)


@cache
def _dates_query(at: Any) -> Query:  # noqa: ANN401 - None or AT
    revision = DocumentRevision
    query = select(revision.owner_id, revision.date, revision.effective_from, revision.effective_to)
    return query.where(within(revision.owner_id), alive(revision, at))


@cache
def _seats_query(at: Any) -> Query:  # noqa: ANN401 - None or AT
    revision = RecipientRevision
    query = select(revision.owner_id, revision.seat, revision.parent_id)
    return query.where(within(revision.owner_id), alive(revision, at))


def _seats(session: ReadSession, recipients: set[int], at: int | None) -> dict[int, tuple[str | None, ...]]:
    """Return the seats of recipients and of those that they belong to, all steps up."""
    known: dict[int, tuple[str | None, int | None]] = {}
    wanted, asked = set(recipients), set[int]()
    while wanted:
        known |= {row.owner_id: (row.seat, row.parent_id) for row in rows_of(session, _seats_query, wanted, at)}
        asked = asked | wanted
        wanted = {parent for _, parent in known.values() if parent is not None} - asked
    seats = {}
    for recipient in recipients:
        chain: list[str | None] = []
        visited: set[int] = set()
        here: int | None = recipient
        while here is not None and here in known and here not in visited:
            visited.add(here)
            seat, here = known[here]
            chain.append(seat)
        seats[recipient] = tuple(chain)
    return seats


def _term_ids(material: Material) -> set[int]:
    ids = {subject.term for stated in material.stated.values() for subject in stated.subjects}
    data = [datum for stated in material.stated.values() for datum in stated.data]
    return ids | {key for datum in data for key in (datum.category, datum.item) if key is not None}


def load_terms(session: ReadSession, ids: set[int] | None, at: int | None) -> Terms:
    """Return what stands above some terms at least, or above all, and the home categories of items among them."""
    book = session.book(HIERARCHY) if at is None else None
    return _load_terms(session, ids, at) if book is None else book.terms


def _load_terms(session: ReadSession, ids: set[int] | None, at: int | None) -> Terms:
    """Read what stands above some terms, or above all."""
    homes = _homes(session, ids, at)
    every = None if ids is None else ids | {category for categories in homes.values() for category in categories}
    broader: dict[int, set[int]] = defaultdict(set)
    owners: dict[int, int] = {}
    query = select(TermBroader.term_id, TermBroader.broader_id, Term.controller_id)
    query = query.join(Term, Term.id == TermBroader.term_id).where(alive(TermBroader, at))
    for row in _of_terms(session, query, every):
        broader[row.term_id].add(row.broader_id)
        if row.controller_id is not None:
            owners[row.term_id] = row.controller_id
    return Terms({term: frozenset(ups) for term, ups in broader.items()}, homes, owners)


def _of_terms(session: ReadSession, query: Query, ids: set[int] | None) -> Iterator[Any]:
    """Yield the rows of some terms, or of all."""
    if ids is None:
        yield from session.all(query)
        return
    for part in chunks(ids):
        yield from session.all(query.where(TermBroader.term_id.in_(part)))


def _homes(session: ReadSession, ids: set[int] | None, at: int | None) -> dict[int, frozenset[int]]:
    homes: dict[int, set[int]] = defaultdict(set)
    query = (
        select(TermBroader.term_id, ItemCategory.category_id)
        .join(ItemCategory, ItemCategory.item_id == TermBroader.broader_id)
        .where(alive(TermBroader, at), alive(ItemCategory, at))
    )
    for row in _of_terms(session, query, ids):
        homes[row.term_id].add(row.category_id)
    return {item: frozenset(categories) for item, categories in homes.items()}


def _law_of(session: ReadSession, material: Material, at: int | None) -> dict[int, TermFacts]:
    """Return what the law says of the bases and mechanisms of statements at least."""
    book = session.book(HIERARCHY) if at is None else None
    if book is not None:
        return book.law
    every = material.stated.values()
    ids = {record.term_id for stated in every for record in stated.mechanisms}
    ids |= {key for stated in every for key in stated.terms("legal_basis")}
    return _law(session, ids, at)


def _law(session: ReadSession, ids: set[int] | None, at: int | None) -> dict[int, TermFacts]:
    """Read what the law says of some bases and mechanisms, or of all."""
    found: dict[int, TermFacts] = {}
    for row in _of_terms(session, _law_query(at), ids):
        known = found.get(row.term_id)
        own = TermFacts(row.is_consent, row.regime, row.valid_from, row.valid_to)
        found[row.term_id] = own if known is None else _joined(known, own)
    return found


def _law_query(at: int | None) -> Query:
    revision = TermRevision
    columns = (revision.is_consent, revision.regime, revision.valid_from, revision.valid_to)
    return (
        select(TermBroader.term_id, *columns)
        .join(revision, revision.owner_id == TermBroader.broader_id)
        .where(TermBroader.vocabulary.in_(LAWFUL), alive(TermBroader, at), alive(revision, at))
        .order_by(TermBroader.term_id, TermBroader.broader_id)
    )


def _joined(one: TermFacts, other: TermFacts) -> TermFacts:
    """A term has what it or any term above it has."""
    return TermFacts(
        one.is_consent or other.is_consent,
        one.regime or other.regime,
        one.valid_from or other.valid_from,
        one.valid_to or other.valid_to,
    )


def consent_mechanisms(session: ReadSession, at: int | None) -> Consents:
    """Return the consent mechanism of each regime (old, new, unknown), the law's own entries."""
    book = session.book(HIERARCHY) if at is None else None
    return _consents(session, at) if book is None else book.consents


def _consents(session: ReadSession, at: int | None) -> Consents:
    revision = TermRevision
    query = (
        select(Term.id, revision.regime, revision.is_consent, revision.valid_from, revision.valid_to)
        .join(revision, revision.owner_id == Term.id)
        .where(
            Term.vocabulary == "transfer_mechanisms",
            or_(Term.kind == "official", Term.kind == "common"),
            revision.is_consent.is_(True),
            alive(revision, at),
        )
        .order_by(Term.id.desc())
    )
    return {
        row.regime: (row.id, TermFacts(True, row.regime, row.valid_from, row.valid_to)) for row in session.all(query)
    }
