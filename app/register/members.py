"""Where the members of each dimension stand: SELECTs of (statement_id, member, certainty), and what is stated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, case, exists, func, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased

from app.activities.tables import (
    CollectionSource,
    Mechanism,
    Place,
    RoleDetail,
    StatementCitation,
    StatementData,
    StatementLink,
    StatementRow,
    TransferDetail,
)
from app.deriving.tables import ConflictRow, Head, MechanismRow, PairRow
from app.documents.tables import DocumentRevision, DocumentTerm
from app.platform.database import Query
from app.platform.revisions import alive
from app.recipients.tables import Recipient, RecipientRevision
from app.register.standing import STANDINGS, rank_of, standings
from app.vocabularies.tables import TermBroader, TermRevision


@dataclass(frozen=True)
class Moment:
    """The two clocks of a question, and the kind of statement that it is about."""

    on: date
    at: int | None
    kind: str | None = None


Members = Callable[[Moment], Query]


def certainty_rank(column: Any) -> ColumnElement[int]:  # noqa: ANN401 - a text column
    """Turn a stored certainty into its rank."""
    return case((column == "stated", 0), (column == "inferred", 1), else_=2)


def rows_of(statement_id: Any, member: Any, certainty: Any) -> Query:  # noqa: ANN401 - columns
    """SELECT of (statement_id, member, certainty) where there is a member."""
    return select(statement_id.label("statement_id"), member.label("member"), certainty.label("certainty")).where(
        member.is_not(None)
    )


def valid_on(row: Any, on: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:  # noqa: ANN401 - any dated row
    """Return the conditions that no known date keeps a row from being valid on a day."""
    return or_(row.valid_from.is_(None), row.valid_from <= on), or_(row.valid_to.is_(None), row.valid_to >= on)


SURE: Final = literal_column("0", Integer)


def links(role: str) -> Members:
    """Terms linked in one role."""
    link = StatementLink
    return lambda _: rows_of(link.statement_id, link.term_id, certainty_rank(link.certainty)).where(link.role == role)


def has_link(role: str) -> Callable[[Moment], ColumnElement[bool]]:
    """Condition that a statement has a link in one role."""
    link = StatementLink
    return lambda _: exists().where(link.statement_id == Head.statement_id, link.role == role)


def of_statement(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on the statement of a head, whether or not it is selected too."""
    return exists().where(StatementRow.id == Head.statement_id, *conditions).correlate(Head)


def reach(column: Any) -> Callable[[Moment], ColumnElement[bool]]:  # noqa: ANN401 - a column of statement
    """Condition that a side of a statement is stated: listed, open, or all."""
    stated = ["listed", "including", "all", "all_except"]
    return lambda _: of_statement(column.in_(stated))


def has_item(_: Moment) -> ColumnElement[bool]:
    """Items are stated where one is named, or where the source says all."""
    named = exists().where(StatementData.statement_id == Head.statement_id, StatementData.item_id.is_not(None))
    return or_(of_statement(StatementRow.data_reach.in_(["all", "all_except"])), named.correlate(Head))


def has_words(pattern: str, at: int | None) -> ColumnElement[bool]:
    """Condition that a statement's own words, or the names of what it links to, match a LIKE pattern."""

    def named(table: type[Any], column: Any, revision: type[Any]) -> ColumnElement[bool]:  # noqa: ANN401 - a column
        found = select(revision.owner_id).where(revision.search.like(pattern, escape="\\"), alive(revision, at))
        return Head.statement_id.in_(select(table.statement_id).where(column.in_(found)))

    return or_(
        of_statement(StatementRow.search.like(pattern, escape="\\")),
        named(StatementLink, StatementLink.term_id, TermRevision),
        named(StatementData, StatementData.category_id, TermRevision),
        named(StatementData, StatementData.item_id, TermRevision),
        named(Mechanism, Mechanism.term_id, TermRevision),
        named(TransferDetail, TransferDetail.recipient_id, RecipientRevision),
        named(RoleDetail, RoleDetail.counterpart_id, RecipientRevision),
        named(CollectionSource, CollectionSource.recipient_id, RecipientRevision),
    )


def channels(moment: Moment) -> Query:
    """Channel of the document."""
    document = DocumentRevision
    return (
        rows_of(Head.statement_id, document.channel, SURE)
        .join(document, document.owner_id == Head.document_id)
        .where(alive(document, moment.at), alive(Head, moment.at))
    )


def audiences(moment: Moment) -> Query:
    """Data-subject categories that the document addresses."""
    document = DocumentRevision
    return (
        rows_of(Head.statement_id, DocumentTerm.term_id, SURE)
        .join(document, document.owner_id == Head.document_id)
        .join(DocumentTerm, DocumentTerm.revision_id == document.id)
        .where(DocumentTerm.role == "audience", alive(document, moment.at), alive(Head, moment.at))
    )


def forms(_: Moment) -> Query:
    """Forms of the citations."""
    return rows_of(StatementCitation.statement_id, StatementCitation.form, SURE).distinct()


def recipients(_: Moment) -> Query:
    """Recipient of a transfer."""
    detail = TransferDetail
    return rows_of(detail.statement_id, detail.recipient_id, certainty_rank(detail.recipient_certainty))


def recipient_groups(moment: Moment) -> Query:
    """Group of the recipient; classifying it lowers no certainty."""
    detail, revision = TransferDetail, RecipientRevision
    return (
        rows_of(detail.statement_id, revision.group_id, certainty_rank(detail.recipient_certainty))
        .join(revision, revision.owner_id == detail.recipient_id)
        .where(alive(revision, moment.at))
    )


def detail(table: Any, column: Any) -> Members:  # noqa: ANN401 - a detail table and its column
    """A single-valued detail of a kind."""
    return lambda _: rows_of(table.statement_id, column, SURE)


def detail_stated(table: Any, column: Any) -> Callable[[Moment], ColumnElement[bool]]:  # noqa: ANN401
    """Condition that a single-valued detail is stated, and can be read."""
    silent = ["not_stated", "unreadable"]
    return lambda _: exists().where(table.statement_id == Head.statement_id, column.not_in(silent))


def countries(_: Moment) -> Query:
    """Countries of the places."""
    return rows_of(Place.statement_id, Place.country, certainty_rank(Place.certainty))


def mechanisms(moment: Moment) -> Query:
    """Mechanisms, inferred ones too."""
    return _mechanism_rows(MechanismRow.term_id, moment)


def mechanism_statuses(moment: Moment) -> Query:
    """States of the mechanisms."""
    return _mechanism_rows(MechanismRow.status, moment)


def _mechanism_rows(column: Any, moment: Moment) -> Query:  # noqa: ANN401 - a column
    return rows_of(MechanismRow.statement_id, column, MechanismRow.certainty).where(alive(MechanismRow, moment.at))


def has_stated_mechanism(moment: Moment) -> ColumnElement[bool]:
    """Condition that the source names a mechanism."""
    row = MechanismRow
    return exists().where(row.statement_id == Head.statement_id, row.is_inferred.is_(False), alive(row, moment.at))


def stands_on_consent(_: Moment) -> ColumnElement[bool]:
    """Condition that a transfer goes abroad, or may, on consent: it stands somewhere on every day."""
    return Head.on_consent.is_(True)


def worst_standings(moment: Moment) -> Query:
    """The worst standing of a transfer."""
    found = standings(moment.on, moment.at).subquery()
    name = case(*((found.c.rank == rank_of(standing), standing) for standing in STANDINGS))
    return rows_of(found.c.statement_id, name, SURE)


def exists_in(found_in: Members) -> Callable[[Moment], ColumnElement[bool]]:
    """Condition that a statement has any member."""

    def condition(moment: Moment) -> ColumnElement[bool]:
        found = found_in(moment).subquery()
        return Head.statement_id.in_(select(found.c.statement_id))

    return condition


def sources(_: Moment) -> Query:
    """Sources of a collection: kinds, and recipients by code."""
    source = CollectionSource
    recipient = aliased(Recipient)
    member = case((source.kind == "recipient", recipient.code), else_=source.kind)
    return rows_of(source.statement_id, member, certainty_rank(source.certainty)).outerjoin(
        recipient, recipient.id == source.recipient_id
    )


def counterparts(_: Moment) -> Query:
    """Counterpart of a role."""
    return rows_of(RoleDetail.statement_id, RoleDetail.counterpart_id, SURE)


def any_recipients(moment: Moment) -> Query:
    """Recipient of a transfer, or counterpart of a role."""
    if moment.kind is not None:
        return recipients(moment) if moment.kind == "transfers" else counterparts(moment)
    both = union_all(recipients(moment), counterparts(moment)).subquery()
    return select(both.c.statement_id, both.c.member, both.c.certainty)


def conflicts(moment: Moment) -> Query:
    """Dimensions on which two statements that are valid on the day contradict each other."""
    conflict = ConflictRow
    own, other = aliased(Head), aliased(Head)
    return (
        rows_of(conflict.statement_id, conflict.dimension, conflict.certainty)
        .join(own, own.statement_id == conflict.statement_id)
        .join(other, other.statement_id == conflict.other_id)
        .where(alive(conflict, moment.at), alive(own, moment.at), alive(other, moment.at))
        .where(*valid_on(own, moment.on), *valid_on(other, moment.on))
        .distinct()
    )


def has_basis(moment: Moment) -> ColumnElement[bool]:
    """A use that names no basis is completed by uses of its document that name one and state no purpose."""
    is_named = has_link("legal_basis")(moment)
    return or_(is_named, func.coalesce(Head.basis_gap, "none") == "covered")


def special_categories(at: int | None) -> Query:
    """SELECT of the data categories that are special by law (m.6), narrower ones included."""
    revision = aliased(TermRevision)
    return (
        select(TermBroader.term_id)
        .join(revision, revision.owner_id == TermBroader.broader_id)
        .where(revision.is_special.is_(True), alive(revision, at), alive(TermBroader, at))
    )


def pair_rank(name: str, row: Any = PairRow) -> ColumnElement[int]:  # noqa: ANN401 - a table of pairs or categories
    """Raise the rank of a side of a pair (`subject`, `category`, `item`) to the floor of its head."""
    column = getattr(row, f"{name}_certainty")
    floor = Head.subject_floor if name == "subject" else Head.data_floor
    return case((column < floor, floor), else_=column)
