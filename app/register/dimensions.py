"""Every dimension of the facts, declared once: on which kinds it makes sense, its values, where its members stand.

A new filter is one entry here: a name, the kinds, the values, and the column or the SELECT of its members
(statement_id, member, certainty). OpenAPI, refusals, filters, groups, missing and present all follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_args

from sqlalchemy import ColumnElement

from app.activities.tables import (
    CollectionDetail,
    RetentionDetail,
    RoleDetail,
    StatementRow,
    TransferDetail,
)
from app.deriving.tables import Head
from app.documents.schemas import Channel
from app.register import members
from app.register.members import Members, Moment
from app.register.standing import STANDINGS

ALL_KINDS: Final = frozenset({"roles", "collections", "uses", "transfers", "retentions", "measures"})
ABOUT_DATA: Final = ALL_KINDS - {"measures"}
REASONED: Final = frozenset({"uses", "transfers"})
TRANSFERS: Final = frozenset({"transfers"})
RESOURCES: Final = frozenset({"controllers", "activities", "documents", "recipients", "country", "sources"})


@dataclass(frozen=True)
class Dimension:
    """One dimension; `space` is a vocabulary, a kind of resource, `country`, or None where there are `values`.

    `pair` is the side of a pair (`subject`, `category`, `item`) that it is about.
    """

    name: str
    kinds: frozenset[str]
    description: str
    space: str | None = None
    values: tuple[str, ...] = ()
    column: Any = None
    members: Members | None = None
    pair: str | None = None
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


DIMENSIONS: Final = (
    Dimension("controller", ALL_KINDS, "Controller", "controllers", column=Head.controller_id),
    Dimension("activity", ALL_KINDS, "Activity", "activities", column=Head.activity_id),
    Dimension("document", ALL_KINDS, "Document that says it", "documents", column=Head.document_id),
    Dimension(
        "channel",
        ALL_KINDS,
        "Channel of the document (collection channels are `collection_method`)",
        values=get_args(Channel),
        members=members.channels,
        is_stated=members.exists_in(members.channels),
        is_sure=True,
    ),
    Dimension(
        "audience",
        ALL_KINDS,
        "Data-subject category that the document addresses",
        "data_subject_categories",
        members=members.audiences,
        is_stated=members.exists_in(members.audiences),
        is_sure=True,
    ),
    Dimension(
        "data_subject_category",
        ABOUT_DATA,
        "Whose data",
        "data_subject_categories",
        pair="subject",
        is_stated=members.reach(StatementRow.subject_reach),
    ),
    Dimension(
        "data_category",
        ABOUT_DATA,
        "Data category",
        "data_categories",
        pair="category",
        is_stated=members.reach(StatementRow.data_reach),
    ),
    Dimension(
        "data_item",
        ABOUT_DATA,
        "Data item",
        "data_items",
        pair="item",
        is_stated=members.has_item,
    ),
    Dimension(
        "special",
        ABOUT_DATA,
        "Special categories of personal data (KVKK m.6)",
        values=("yes", "no"),
        pair="category",
    ),
    Dimension(
        "purpose",
        REASONED | {"retentions"},
        "Purpose",
        "purposes",
        members=members.links("purpose"),
        is_stated=members.reach(StatementRow.purpose_reach),
    ),
    Dimension(
        "legal_basis",
        REASONED,
        "Legal basis (KVKK m.5, m.6)",
        "legal_bases",
        members=members.links("legal_basis"),
        is_stated=members.has_basis,
    ),
    Dimension(
        "recipient",
        TRANSFERS | {"roles"},
        "Recipient, or counterpart of a role",
        "recipients",
        members=members.any_recipients,
        is_stated=members.exists_in(members.any_recipients),
    ),
    Dimension(
        "recipient_group",
        TRANSFERS,
        "Recipient group, or a class under one",
        "recipient_groups",
        members=members.recipient_groups,
        is_stated=members.exists_in(members.recipient_groups),
    ),
    Dimension(
        "recipient_role",
        TRANSFERS,
        "Role of the recipient",
        values=("controller", "joint_controller", "processor", "not_stated"),
        members=members.detail(TransferDetail, TransferDetail.recipient_role),
        is_stated=members.detail_stated(TransferDetail, TransferDetail.recipient_role),
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
        members=members.countries,
        is_stated=members.exists_in(members.countries),
    ),
    Dimension(
        "mechanism",
        TRANSFERS,
        "Transfer mechanism (KVKK m.9), inferred ones too; `missing` asks for stated ones",
        "transfer_mechanisms",
        members=members.mechanisms,
        is_stated=members.has_stated_mechanism,
    ),
    Dimension(
        "mechanism_status",
        TRANSFERS,
        "State of a mechanism",
        values=("planned", "signed", "in_force", "ended", "not_stated"),
        members=members.mechanism_statuses,
        is_stated=members.has_stated_mechanism,
    ),
    Dimension(
        "standing",
        TRANSFERS,
        "Where a transfer abroad on consent stands on the day asked about",
        values=STANDINGS,
        members=members.worst_standings,
        is_stated=members.stands_on_consent,
        is_sure=True,
    ),
    Dimension(
        "collection_method",
        REASONED | {"collections"},
        "Collection method or channel",
        "collection_methods",
        members=members.links("collection_method"),
        is_stated=members.has_link("collection_method"),
    ),
    Dimension(
        "source",
        frozenset({"collections"}),
        "Source of data: `data_subject`, `other`, or a recipient (code or id in `/v1/recipients`)",
        "sources",
        members=members.sources,
        is_stated=members.exists_in(members.sources),
    ),
    Dimension(
        "automatic",
        frozenset({"collections"}),
        "Whether collection is automatic (KVKK m.10/1-ç)",
        values=("automatic", "non_automatic", "both", "not_stated"),
        members=members.detail(CollectionDetail, CollectionDetail.automatic),
        is_stated=members.detail_stated(CollectionDetail, CollectionDetail.automatic),
        is_sure=True,
    ),
    Dimension(
        "retention_kind",
        frozenset({"retentions"}),
        "Kind of retention",
        values=("period", "criterion", "while_event_lasts", "not_stated", "unreadable"),
        members=members.detail(RetentionDetail, RetentionDetail.retention_kind),
        is_stated=members.detail_stated(RetentionDetail, RetentionDetail.retention_kind),
        is_sure=True,
    ),
    Dimension(
        "measure",
        frozenset({"measures"}),
        "Technical or administrative measure (KVKK m.12)",
        "measures",
        members=members.links("measure"),
        is_stated=members.has_link("measure"),
    ),
    Dimension(
        "role",
        frozenset({"roles"}),
        "Role of the controller",
        values=("controller", "joint_controller", "processor"),
        members=members.detail(RoleDetail, RoleDetail.role),
        is_sure=True,
    ),
    Dimension(
        "conflict",
        ALL_KINDS,
        "On what a statement contradicts another one of the same controller",
        values=("polarity", "period", "place", "role", "mechanism", "legal_basis"),
        members=members.conflicts,
        is_stated=members.exists_in(members.conflicts),
    ),
    Dimension("polarity", ALL_KINDS, "`does_not`: denied", values=("does", "does_not"), column=Head.polarity),
    Dimension(
        "form",
        ALL_KINDS,
        "Form of the citation",
        values=("table", "list", "prose"),
        members=members.forms,
        is_stated=members.exists_in(members.forms),
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
    """Return the dimensions of a facts kind by name; `all` for those of every kind."""
    return {one.name: one for one in DIMENSIONS if kind == "all" or kind in one.kinds}
