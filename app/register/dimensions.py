"""Every dimension of the facts, declared once: on which kinds it makes sense, its values, where its members stand.

A new filter is one entry here: a name, the kinds, the values, and the column or the SELECT of its members
(statement_id, member, certainty). OpenAPI, refusals, filters, groups, missing and present all follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args

from sqlalchemy import ColumnElement, Integer, case, exists, literal_column, or_, select
from sqlalchemy.orm import aliased

from app.activities.tables import (
    Place,
    StatementCitation,
    StatementData,
    StatementLink,
    StatementRow,
    TransferDetail,
)
from app.documents.schemas import Channel
from app.documents.tables import DocumentRevision, DocumentTerm
from app.platform.database import Query
from app.platform.revisions import alive
from app.recipients.tables import RecipientRevision
from app.register.standing import STANDINGS, judged_mechanisms, rank_of, standings
from app.register.tables import Head, PairRow
from app.vocabularies.tables import TermBroader, TermRevision

ALL_KINDS: Final = frozenset({"roles", "collections", "uses", "transfers", "retentions", "measures"})
ABOUT_DATA: Final = ALL_KINDS - {"measures"}
REASONED: Final = frozenset({"uses", "transfers"})
TRANSFERS: Final = frozenset({"transfers"})
RESOURCES: Final = frozenset({"controllers", "activities", "documents", "recipients", "country"})


@dataclass(frozen=True)
class Moment:
    """The two clocks of a question."""

    on: date
    at: int | None


Members = Callable[[Moment], Query]


@dataclass(frozen=True)
class Dimension:
    """One dimension; `space` is a vocabulary, a kind of resource, `country`, or None where there are `values`."""

    name: str
    kinds: frozenset[str]
    description: str
    space: str | None = None
    values: tuple[str, ...] = ()
    column: Any = None
    members: Members | None = None
    pair: Any = None
    certainty: Any = None
    is_stated: Callable[[Moment], ColumnElement[bool]] | None = None
    is_sure: bool = False

    @property
    def is_term(self) -> bool:
        """Tell whether the members are terms, so that narrower ones are found and levels can be chosen."""
        return self.space is not None and self.space not in RESOURCES

    @property
    def is_link(self) -> bool:
        """Tell whether the members are links of the statement, each with a certainty of its own."""
        return self.column is None and not self.is_sure


def certainty_rank(column: Any) -> ColumnElement[int]:  # noqa: ANN401 - a text column
    """Turn a stored certainty into its rank."""
    return case((column == "stated", 0), (column == "inferred", 1), else_=2)


def _members(statement_id: Any, member: Any, certainty: Any) -> Query:  # noqa: ANN401 - columns
    return select(statement_id.label("statement_id"), member.label("member"), certainty.label("certainty")).where(
        member.is_not(None)
    )


SURE: Final = literal_column("0", Integer)


def _links(role: str) -> Members:
    link = StatementLink
    return lambda _: _members(link.statement_id, link.term_id, certainty_rank(link.certainty)).where(link.role == role)


def _has_link(role: str) -> Callable[[Moment], ColumnElement[bool]]:
    link = StatementLink
    return lambda _: exists().where(link.statement_id == Head.statement_id, link.role == role)


def _reach(column: Any) -> Callable[[Moment], ColumnElement[bool]]:  # noqa: ANN401 - a column of statement
    stated = ["listed", "including", "all", "all_except"]
    return lambda _: exists().where(StatementRow.id == Head.statement_id, column.in_(stated)).correlate(Head)


def _has_item(_: Moment) -> ColumnElement[bool]:
    """Items are stated where one is named, or where the source says all."""
    named = exists().where(StatementData.statement_id == Head.statement_id, StatementData.item_id.is_not(None))
    every = exists().where(StatementRow.id == Head.statement_id, StatementRow.data_reach.in_(["all", "all_except"]))
    return or_(every.correlate(Head), named.correlate(Head))


def _channels(moment: Moment) -> Query:
    document = DocumentRevision
    return (
        _members(Head.statement_id, document.channel, SURE)
        .join(document, document.owner_id == Head.document_id)
        .where(alive(document, moment.at), alive(Head, moment.at))
    )


def _audiences(moment: Moment) -> Query:
    document = DocumentRevision
    return (
        _members(Head.statement_id, DocumentTerm.term_id, SURE)
        .join(document, document.owner_id == Head.document_id)
        .join(DocumentTerm, DocumentTerm.revision_id == document.id)
        .where(DocumentTerm.role == "audience", alive(document, moment.at), alive(Head, moment.at))
    )


def _forms(_: Moment) -> Query:
    return _members(StatementCitation.statement_id, StatementCitation.form, SURE).distinct()


def _recipients(_: Moment) -> Query:
    detail = TransferDetail
    return _members(detail.statement_id, detail.recipient_id, certainty_rank(detail.recipient_certainty))


def _recipient_groups(moment: Moment) -> Query:
    detail, revision = TransferDetail, RecipientRevision
    return (
        _members(detail.statement_id, revision.group_id, certainty_rank(detail.recipient_certainty))
        .join(revision, revision.owner_id == detail.recipient_id)
        .where(alive(revision, moment.at))
    )


def _detail(table: Any, column: Any) -> Members:  # noqa: ANN401 - a detail table and its column
    return lambda _: _members(table.statement_id, column, SURE)


def _detail_stated(table: Any, column: Any) -> Callable[[Moment], ColumnElement[bool]]:  # noqa: ANN401
    return lambda _: exists().where(table.statement_id == Head.statement_id, column != "not_stated")


def _countries(_: Moment) -> Query:
    return _members(Place.statement_id, Place.country, certainty_rank(Place.certainty))


def _mechanisms(moment: Moment) -> Query:
    judged = judged_mechanisms(moment.on, moment.at).subquery()
    return _members(judged.c.statement_id, judged.c.term_id, judged.c.certainty)


def _mechanism_statuses(moment: Moment) -> Query:
    judged = judged_mechanisms(moment.on, moment.at).subquery()
    return _members(judged.c.statement_id, judged.c.status, judged.c.certainty)


def _has_stated_mechanism(moment: Moment) -> ColumnElement[bool]:
    judged = judged_mechanisms(moment.on, moment.at).subquery()
    return exists().where(judged.c.statement_id == Head.statement_id, judged.c.is_inferred.is_(False))


def _standings(moment: Moment) -> Query:
    found = standings(moment.on, moment.at).subquery()
    name = case(*((found.c.rank == rank_of(standing), standing) for standing in STANDINGS))
    return _members(found.c.statement_id, name, SURE)


def _exists_in(members: Members) -> Callable[[Moment], ColumnElement[bool]]:
    def condition(moment: Moment) -> ColumnElement[bool]:
        found = members(moment).subquery()
        return Head.statement_id.in_(select(found.c.statement_id))

    return condition


def special_categories(at: int | None) -> Query:
    """SELECT of the data categories that are special by law (m.6), narrower ones included."""
    revision = aliased(TermRevision)
    return (
        select(TermBroader.term_id)
        .join(revision, revision.owner_id == TermBroader.broader_id)
        .where(revision.is_special.is_(True), alive(revision, at), alive(TermBroader, at))
    )


def pair_rank(column: Any, floor: Any) -> ColumnElement[int]:  # noqa: ANN401 - rank columns
    """Raise the rank of a pair to the floor of its head."""
    return case((column < floor, floor), else_=column)


SUBJECT_RANK: Final = pair_rank(PairRow.subject_certainty, Head.subject_floor)
CATEGORY_RANK: Final = pair_rank(PairRow.category_certainty, Head.data_floor)
ITEM_RANK: Final = pair_rank(PairRow.item_certainty, Head.data_floor)

DIMENSIONS: Final = (
    Dimension("controller", ALL_KINDS, "Controller", "controllers", column=Head.controller_id),
    Dimension("activity", ALL_KINDS, "Activity", "activities", column=Head.activity_id),
    Dimension("document", ALL_KINDS, "Document that says it", "documents", column=Head.document_id),
    Dimension(
        "channel",
        ALL_KINDS,
        "Channel of the document (collection channels are `collection_method`)",
        values=get_args(Channel),
        members=_channels,
        is_stated=_exists_in(_channels),
        is_sure=True,
    ),
    Dimension(
        "audience",
        ALL_KINDS,
        "Data-subject category that the document addresses",
        "data_subject_categories",
        members=_audiences,
        is_stated=_exists_in(_audiences),
        is_sure=True,
    ),
    Dimension(
        "data_subject_category",
        ABOUT_DATA,
        "Whose data",
        "data_subject_categories",
        pair=PairRow.subject_id,
        certainty=SUBJECT_RANK,
        is_stated=_reach(StatementRow.subject_reach),
    ),
    Dimension(
        "data_category",
        ABOUT_DATA,
        "Data category",
        "data_categories",
        pair=PairRow.category_id,
        certainty=CATEGORY_RANK,
        is_stated=_reach(StatementRow.data_reach),
    ),
    Dimension(
        "data_item",
        ABOUT_DATA,
        "Data item",
        "data_items",
        pair=PairRow.item_id,
        certainty=ITEM_RANK,
        is_stated=_has_item,
    ),
    Dimension(
        "special",
        ABOUT_DATA,
        "Special categories of personal data (KVKK m.6)",
        values=("yes", "no"),
        pair="special",
        certainty=CATEGORY_RANK,
    ),
    Dimension(
        "purpose",
        REASONED | {"retentions"},
        "Purpose",
        "purposes",
        members=_links("purpose"),
        is_stated=_reach(StatementRow.purpose_reach),
    ),
    Dimension(
        "legal_basis",
        REASONED,
        "Legal basis (KVKK m.5, m.6)",
        "legal_bases",
        members=_links("legal_basis"),
        is_stated=_has_link("legal_basis"),
    ),
    Dimension(
        "recipient",
        TRANSFERS,
        "Recipient",
        "recipients",
        members=_recipients,
        is_stated=_exists_in(_recipients),
    ),
    Dimension(
        "recipient_group",
        TRANSFERS,
        "Recipient group, or a class under one",
        "recipient_groups",
        members=_recipient_groups,
        is_stated=_exists_in(_recipient_groups),
    ),
    Dimension(
        "recipient_role",
        TRANSFERS,
        "Role of the recipient",
        values=("controller", "joint_controller", "processor", "not_stated"),
        members=_detail(TransferDetail, TransferDetail.recipient_role),
        is_stated=_detail_stated(TransferDetail, TransferDetail.recipient_role),
        is_sure=True,
    ),
    Dimension(
        "location",
        TRANSFERS,
        "Where the transfer goes, as stated or by its places",
        values=("domestic", "abroad", "domestic_or_abroad", "not_stated"),
        column=Head.location,
        is_stated=lambda _: Head.location != "not_stated",
    ),
    Dimension(
        "abroad",
        TRANSFERS,
        "Whether data leave Türkiye (on a negative row: what is denied)",
        values=("yes", "possible", "no", "not_stated"),
        column=Head.abroad,
        is_stated=lambda _: Head.abroad != "not_stated",
    ),
    Dimension(
        "country",
        TRANSFERS,
        "Country of a place (ISO 3166-1 alpha-2)",
        "country",
        members=_countries,
        is_stated=_exists_in(_countries),
    ),
    Dimension(
        "mechanism",
        TRANSFERS,
        "Transfer mechanism (KVKK m.9), inferred ones too; `missing` asks for stated ones",
        "transfer_mechanisms",
        members=_mechanisms,
        is_stated=_has_stated_mechanism,
    ),
    Dimension(
        "mechanism_status",
        TRANSFERS,
        "State of a mechanism",
        values=("planned", "signed", "in_force", "ended", "not_stated"),
        members=_mechanism_statuses,
        is_stated=_has_stated_mechanism,
    ),
    Dimension(
        "standing",
        TRANSFERS,
        "Where a transfer abroad on consent stands on the day asked about",
        values=STANDINGS,
        members=_standings,
        is_stated=_exists_in(_standings),
        is_sure=True,
    ),
    Dimension(
        "collection_method",
        REASONED | {"collections"},
        "Collection method or channel",
        "collection_methods",
        members=_links("collection_method"),
        is_stated=_has_link("collection_method"),
    ),
    Dimension("polarity", ALL_KINDS, "`does_not`: denied", values=("does", "does_not"), column=Head.polarity),
    Dimension(
        "form",
        ALL_KINDS,
        "Form of the citation",
        values=("table", "list", "prose"),
        members=_forms,
        is_stated=_exists_in(_forms),
        is_sure=True,
    ),
    Dimension(
        "certainty",
        ALL_KINDS,
        "Certainty of the links of the filtered and grouped dimensions; of the whole row if there are none",
        values=("stated", "inferred", "unknown"),
        column=Head.certainty,
    ),
    Dimension(
        "pairing",
        REASONED,
        "How purposes and bases belong together",
        values=("paired", "flat", "joined"),
        column=Head.pairing,
        is_stated=lambda _: Head.pairing.is_not(None),
    ),
)


def dimensions_of(kind: str) -> dict[str, Dimension]:
    """Return the dimensions of a facts kind by name."""
    return {dimension.name: dimension for dimension in DIMENSIONS if kind in dimension.kinds}
