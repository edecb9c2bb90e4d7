"""Rows of activities and statements.

One `statement` table holds what is common; a detail table per kind is tied to it by (id, kind); links to
terms stand in one table whose `role` fixes the vocabulary. A statement row never changes: an edit closes
it and writes the next one; its links and details live with it.
"""

from datetime import date
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.revisions import Identity, Interval, Resource, Revision
from app.vocabularies.tables import quoted

KIND_NAMES: Final = ("roles", "collections", "uses", "transfers", "retentions", "measures")
REACHES: Final = ("listed", "including", "all", "all_except", "not_stated", "unreadable")
CERTAINTIES: Final = ("stated", "inferred", "unknown")

LINK_VOCABULARIES: Final = {
    "data_subject": "data_subject_categories",
    "purpose": "purposes",
    "legal_basis": "legal_bases",
    "collection_method": "collection_methods",
    "measure": "measures",
    "start_event": "retention_events",
    "renewal": "retention_events",
    "action": "disposal_methods",
}


class Activity(Identity, Base):
    """A processing activity of one controller."""

    __tablename__ = "activity"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("id", "controller_id"))

    controller_id: Mapped[int] = mapped_column(Key, ForeignKey("controller.id"), index=True)


class ActivityRevision(Revision, Base):
    """What the register said of an activity from one change to another."""

    __tablename__ = "activity_revision"
    __table_args__ = (
        UniqueConstraint("owner_id", "died"),
        UniqueConstraint("owner_id", "number"),
        CheckConstraint("born < died", name="interval"),
        CheckConstraint("scope IN ('process', 'general')", name="scope"),
        Index("ix_activity_revision_died_born_owner_id", "died", "born", "owner_id"),
        Index("ix_activity_revision_died_sort_owner_id", "died", "sort", "owner_id"),
    )

    owner_id: Mapped[int] = mapped_column(Key, ForeignKey("activity.id"))
    name_tr: Mapped[str]
    name_en: Mapped[str]
    scope: Mapped[str]


class StatementRow(Interval, Base):
    """What every statement has."""

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("activity_id", "kind", "key", "died"),
        UniqueConstraint("id", "kind"),
        ForeignKeyConstraint(["activity_id", "controller_id"], ["activity.id", "activity.controller_id"]),
        ForeignKeyConstraint(["document_id", "controller_id"], ["document.id", "document.controller_id"]),
        CheckConstraint(f"kind IN ({quoted(KIND_NAMES)})", name="kind"),
        CheckConstraint("polarity IN ('does', 'does_not')", name="polarity"),
        CheckConstraint(f"data_reach IN ({quoted(REACHES)})", name="data_reach"),
        CheckConstraint(f"subject_reach IN ({quoted(REACHES)})", name="subject_reach"),
        CheckConstraint(f"purpose_reach IN ({quoted(REACHES)})", name="purpose_reach"),
        CheckConstraint("bases_relate IN ('all', 'any', 'fallback', 'not_stated')", name="bases_relate"),
        CheckConstraint("born < died", name="interval"),
        CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to", name="validity"),
        Index("ix_statement_document_id_died", "document_id", "died"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    activity_id: Mapped[int] = mapped_column(Key)
    controller_id: Mapped[int] = mapped_column(Key)
    document_id: Mapped[int] = mapped_column(Key)
    kind: Mapped[str]
    key: Mapped[str]
    polarity: Mapped[str]
    condition: Mapped[str | None]
    until: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    data_reach: Mapped[str] = mapped_column(default="not_stated")
    subject_reach: Mapped[str] = mapped_column(default="not_stated")
    purpose_reach: Mapped[str] = mapped_column(default="not_stated")
    bases_relate: Mapped[str] = mapped_column(default="not_stated")
    joined: Mapped[bool] = mapped_column(default=False)
    search: Mapped[str]
    body: Mapped[str] = mapped_column(Text())


class StatementCitation(Base):
    """Where the document says it."""

    __tablename__ = "statement_citation"
    __table_args__ = (CheckConstraint("form IN ('table', 'list', 'prose')", name="form"),)

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    locator: Mapped[str]
    form: Mapped[str]


class StatementData(Base):
    """A pair of data category and item; with `all_except` it is an exception."""

    __tablename__ = "statement_data"
    __table_args__ = (
        ForeignKeyConstraint(["category_id", "category_vocabulary"], ["term.id", "term.vocabulary"]),
        ForeignKeyConstraint(["item_id", "item_vocabulary"], ["term.id", "term.vocabulary"]),
        CheckConstraint("category_id IS NOT NULL OR item_id IS NOT NULL", name="something"),
        CheckConstraint("category_vocabulary = 'data_categories'", name="category"),
        CheckConstraint("item_vocabulary = 'data_items'", name="item"),
        CheckConstraint(f"certainty IN ({quoted(CERTAINTIES)})", name="certainty"),
        Index("ix_statement_data_category_id", "category_id"),
        Index("ix_statement_data_item_id", "item_id"),
    )

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int | None] = mapped_column(Key)
    category_vocabulary: Mapped[str] = mapped_column(default="data_categories")
    item_id: Mapped[int | None] = mapped_column(Key)
    item_vocabulary: Mapped[str] = mapped_column(default="data_items")
    as_stated: Mapped[str | None]
    category_as_stated: Mapped[str | None]
    certainty: Mapped[str]


class StatementLink(Base):
    """A link to a term in one role; the role fixes the vocabulary."""

    __tablename__ = "statement_link"
    __table_args__ = (
        ForeignKeyConstraint(["term_id", "vocabulary"], ["term.id", "term.vocabulary"]),
        CheckConstraint(
            " OR ".join(f"(role = '{role}' AND vocabulary = '{name}')" for role, name in LINK_VOCABULARIES.items()),
            name="role",
        ),
        CheckConstraint(f"certainty IN ({quoted(CERTAINTIES)})", name="certainty"),
        Index("ix_statement_link_term_id_role", "term_id", "role", "statement_id"),
    )

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(default=0)
    vocabulary: Mapped[str]
    term_id: Mapped[int] = mapped_column(Key)
    as_stated: Mapped[str | None]
    cited_as: Mapped[str | None]
    law_ref: Mapped[str | None]
    certainty: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(Key, ForeignKey("document.id"), index=True)


def _detail_of(kind: str) -> tuple[ForeignKeyConstraint, CheckConstraint]:
    foreign = ForeignKeyConstraint(["statement_id", "kind"], ["statement.id", "statement.kind"])
    return foreign, CheckConstraint(f"kind = '{kind}'", name="kind")


class CollectionDetail(Base):
    """What only a collection has."""

    __tablename__ = "collection_detail"
    __table_args__ = (
        *_detail_of("collections"),
        CheckConstraint("automatic IN ('automatic', 'non_automatic', 'both', 'not_stated')", name="automatic"),
        CheckConstraint("obligation IN ('mandatory', 'optional', 'not_stated')", name="obligation"),
        CheckConstraint("declared_special IN ('yes', 'no', 'not_stated')", name="declared_special"),
    )

    statement_id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(default="collections")
    automatic: Mapped[str]
    obligation: Mapped[str]
    declared_special: Mapped[str]


class CollectionSource(Base):
    """From whom the data of a collection come."""

    __tablename__ = "collection_source"
    __table_args__ = (
        CheckConstraint("kind IN ('data_subject', 'recipient', 'other')", name="kind"),
        CheckConstraint("(kind = 'recipient') = (recipient_id IS NOT NULL)", name="recipient"),
        CheckConstraint(f"certainty IN ({quoted(CERTAINTIES)})", name="certainty"),
    )

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient_id: Mapped[int | None] = mapped_column(Key, ForeignKey("recipient.id"), index=True)
    as_stated: Mapped[str | None]
    certainty: Mapped[str]


class TransferDetail(Base):
    """What only a transfer has; the location is null where it follows from the places."""

    __tablename__ = "transfer_detail"
    __table_args__ = (
        *_detail_of("transfers"),
        CheckConstraint("location IN ('domestic', 'abroad', 'domestic_or_abroad', 'not_stated')", name="location"),
        CheckConstraint(
            "recipient_role IN ('controller', 'joint_controller', 'processor', 'not_stated')",
            name="recipient_role",
        ),
        CheckConstraint(f"recipient_certainty IN ({quoted(CERTAINTIES)})", name="recipient_certainty"),
    )

    statement_id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(default="transfers")
    recipient_id: Mapped[int | None] = mapped_column(Key, ForeignKey("recipient.id"), index=True)
    recipient_as_stated: Mapped[str | None]
    recipient_certainty: Mapped[str]
    recipient_role: Mapped[str]
    location: Mapped[str | None]


class Place(Base):
    """Where a transfer goes."""

    __tablename__ = "transfer_place"
    __table_args__ = (
        CheckConstraint("country IS NOT NULL OR as_stated IS NOT NULL", name="something"),
        CheckConstraint("country IS NULL OR length(country) = 2", name="country"),
        CheckConstraint(f"certainty IN ({quoted(CERTAINTIES)})", name="certainty"),
    )

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str | None]
    as_stated: Mapped[str | None]
    certainty: Mapped[str]


class Mechanism(Base):
    """What allows a transfer abroad."""

    __tablename__ = "transfer_mechanism"
    __table_args__ = (
        ForeignKeyConstraint(["term_id", "vocabulary"], ["term.id", "term.vocabulary"]),
        CheckConstraint("vocabulary = 'transfer_mechanisms'", name="vocabulary"),
        CheckConstraint("status IN ('planned', 'signed', 'in_force', 'ended', 'not_stated')", name="status"),
        CheckConstraint("occasional IN ('yes', 'no', 'not_stated')", name="occasional"),
        CheckConstraint("risk_information IN ('yes', 'no', 'not_stated')", name="risk_information"),
        CheckConstraint(f"certainty IN ({quoted(CERTAINTIES)})", name="certainty"),
    )

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    vocabulary: Mapped[str] = mapped_column(default="transfer_mechanisms")
    term_id: Mapped[int] = mapped_column(Key, index=True)
    as_stated: Mapped[str | None]
    cited_as: Mapped[str | None]
    law_ref: Mapped[str | None]
    certainty: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(Key, ForeignKey("document.id"), index=True)
    status: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    signed_on: Mapped[date | None]
    notified_on: Mapped[date | None]
    contract_type_id: Mapped[int | None] = mapped_column(Key, ForeignKey("term.id"))
    occasional: Mapped[str]
    risk_information: Mapped[str]
    until: Mapped[str | None]


class RetentionDetail(Base):
    """What only a retention has."""

    __tablename__ = "retention_detail"
    __table_args__ = (
        *_detail_of("retentions"),
        CheckConstraint(
            "retention_kind IN ('period', 'criterion', 'while_event_lasts', 'not_stated', 'unreadable')",
            name="retention_kind",
        ),
        CheckConstraint("(interval_value IS NULL) = (interval_unit IS NULL)", name="destruction"),
    )

    statement_id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(default="retentions")
    retention_kind: Mapped[str]
    interval_value: Mapped[int | None]
    interval_unit: Mapped[str | None]
    exception: Mapped[str | None]
    law_ref: Mapped[str | None]


class RetentionStep(Base):
    """One step of a retention; its events and actions are links with the step's number."""

    __tablename__ = "retention_step"
    __table_args__ = (
        CheckConstraint("(value IS NULL) = (unit IS NULL)", name="duration"),
        CheckConstraint("bound IN ('exact', 'minimum', 'maximum', 'about')", name="bound"),
        CheckConstraint("start_relation IN ('any', 'all', 'latest')", name="start_relation"),
        CheckConstraint("starts_at IN ('event', 'end_of_month', 'end_of_calendar_year')", name="starts_at"),
        CheckConstraint("joined_by IN ('then', 'or')", name="joined_by"),
    )

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    joined_by: Mapped[str | None]
    value: Mapped[int | None]
    unit: Mapped[str | None]
    bound: Mapped[str]
    start_relation: Mapped[str]
    starts_at: Mapped[str]
    condition: Mapped[str | None]
    medium: Mapped[str | None]


class RetentionMonth(Base):
    """A named month of periodic destruction."""

    __tablename__ = "retention_month"
    __table_args__ = (CheckConstraint("month BETWEEN 1 AND 12", name="month"),)

    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)


class MeasureDetail(Base):
    """What only a measure has."""

    __tablename__ = "measure_detail"
    __table_args__ = _detail_of("measures")

    statement_id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(default="measures")
    only_special: Mapped[bool]


class RoleDetail(Base):
    """What only a role has."""

    __tablename__ = "role_detail"
    __table_args__ = (
        *_detail_of("roles"),
        CheckConstraint("role IN ('controller', 'joint_controller', 'processor')", name="role"),
    )

    statement_id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(default="roles")
    role: Mapped[str]
    counterpart_id: Mapped[int | None] = mapped_column(Key, ForeignKey("recipient.id"), index=True)
    as_stated: Mapped[str | None]


ACTIVITIES: Final = Resource("activity", Activity, ActivityRevision)


BELOW: Final[tuple[type[Base], ...]] = (
    StatementCitation,
    StatementData,
    StatementLink,
    CollectionDetail,
    CollectionSource,
    TransferDetail,
    Place,
    Mechanism,
    RetentionDetail,
    RetentionStep,
    RetentionMonth,
    MeasureDetail,
    RoleDetail,
)
