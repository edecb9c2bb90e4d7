"""Derived rows, factored so that widening does not explode, and revised like everything else.

One head per statement; one pair set for all statements of a scope that say the same of data and data subjects (a
collection owns its set), with its categories apart; one row per mechanism, inferred ones too.
They carry intervals, so `as_of` reads exactly what was derived then, with the same SQL (docs/decisions/0003).
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.revisions import Interval


class PairSet(Base):
    """A set of pairs, named by what it follows from, so that all statements that say the same share it.

    The pairs of a document, of a document inside one activity, what follows there from the data and data subjects that
    some statements say (`said`, a digest; empty where they say nothing), or one collection's own.
    """

    __tablename__ = "derived_set"
    __table_args__ = (
        UniqueConstraint("statement_id"),
        Index("ix_derived_set_document_id_said", "document_id", "said"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    document_id: Mapped[int] = mapped_column(Key, ForeignKey("document.id"))
    activity_id: Mapped[int | None] = mapped_column(Key, ForeignKey("activity.id"))
    statement_id: Mapped[int | None] = mapped_column(Key, ForeignKey("statement.id"))
    said: Mapped[str | None]
    born: Mapped[int] = mapped_column(Key, ForeignKey("change.id"))


class PairRow(Interval, Base):
    """Data of a data subject that belong together; certainties are ranks (0 stated, 1 inferred, 2 unknown)."""

    __tablename__ = "derived_pair"
    __table_args__ = (
        CheckConstraint("subject_id IS NOT NULL OR category_id IS NOT NULL OR item_id IS NOT NULL", name="something"),
        Index("ix_derived_pair_set_id_died", "set_id", "died"),
        Index("ix_derived_pair_category_id_died", "category_id", "died", "set_id"),
        Index("ix_derived_pair_item_id_died", "item_id", "died", "set_id"),
        Index("ix_derived_pair_subject_id_died", "subject_id", "died", "set_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    set_id: Mapped[int] = mapped_column(Key, ForeignKey("derived_set.id"))
    subject_id: Mapped[int | None] = mapped_column(Key, ForeignKey("term.id"))
    category_id: Mapped[int | None] = mapped_column(Key, ForeignKey("term.id"))
    item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("term.id"))
    subject_certainty: Mapped[int]
    category_certainty: Mapped[int]
    item_certainty: Mapped[int]
    condition: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class SetCategoryRow(Interval, Base):
    """A data category of a set, once however many data subjects and items it stands with: what groups count."""

    __tablename__ = "derived_set_category"
    __table_args__ = (
        Index("ix_derived_set_category_set_id_died", "set_id", "died", "category_id"),
        Index("ix_derived_set_category_category_id_died", "category_id", "died", "set_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    set_id: Mapped[int] = mapped_column(Key, ForeignKey("derived_set.id"))
    category_id: Mapped[int] = mapped_column(Key, ForeignKey("term.id"))
    category_certainty: Mapped[int]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class Head(Interval, Base):
    """Everything single-valued of a statement that a question asks about."""

    __tablename__ = "derived_head"
    __table_args__ = (
        UniqueConstraint("statement_id", "died"),
        CheckConstraint("abroad IN ('yes', 'possible', 'no', 'not_stated')", name="abroad"),
        CheckConstraint("pairing IN ('paired', 'flat', 'joined')", name="pairing"),
        CheckConstraint("basis_gap IN ('none', 'partly', 'covered')", name="basis_gap"),
        Index("ix_derived_head_kind_died_place", "kind", "died", "place"),
        Index("ix_derived_head_on_consent", "kind", "died", "on_consent", "place"),
        Index("ix_derived_head_document_id_died", "document_id", "died"),
        # Of hundreds of statements one denies something, and every change asks which.
        Index("ix_derived_head_controller_id_kind_died", "controller_id", "kind", "died", "polarity"),
        Index("ix_derived_head_set_id_died", "set_id", "died"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"))
    kind: Mapped[str]
    place: Mapped[str]
    activity_id: Mapped[int] = mapped_column(Key, ForeignKey("activity.id"))
    controller_id: Mapped[int] = mapped_column(Key, ForeignKey("controller.id"))
    document_id: Mapped[int] = mapped_column(Key, ForeignKey("document.id"))
    polarity: Mapped[str]
    set_id: Mapped[int | None] = mapped_column(Key, ForeignKey("derived_set.id"))
    data_floor: Mapped[int]
    subject_floor: Mapped[int]
    pairs_flat: Mapped[bool]
    recipient_id: Mapped[int | None] = mapped_column(Key, ForeignKey("recipient.id"))
    role: Mapped[str | None]
    location: Mapped[str | None]
    abroad: Mapped[str | None]
    pairing: Mapped[str | None]
    certainty: Mapped[int]
    on_consent: Mapped[bool]
    basis_gap: Mapped[str | None]
    uncovered: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class ConflictRow(Interval, Base):
    """Two statements of one controller that contradict each other, seen from the first."""

    __tablename__ = "derived_conflict"
    __table_args__ = (
        CheckConstraint(
            "dimension IN ('polarity', 'period', 'place', 'role', 'mechanism', 'legal_basis')", name="dimension"
        ),
        CheckConstraint("statement_id <> other_id", name="others"),
        Index("ix_derived_conflict_statement_id_died", "statement_id", "died"),
        Index("ix_derived_conflict_other_id_died", "other_id", "died"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"))
    other_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"))
    dimension: Mapped[str]
    certainty: Mapped[int]


class MechanismRow(Interval, Base):
    """A mechanism of a transfer, stated or inferred, with what its standing depends on."""

    __tablename__ = "derived_mechanism"
    __table_args__ = (
        Index("ix_derived_mechanism_statement_id_died", "statement_id", "died"),
        Index("ix_derived_mechanism_term_id_died", "term_id", "died"),
        Index("ix_derived_mechanism_is_consent_died", "is_consent", "died"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    statement_id: Mapped[int] = mapped_column(Key, ForeignKey("statement.id"))
    position: Mapped[int]
    term_id: Mapped[int] = mapped_column(Key, ForeignKey("term.id"))
    certainty: Mapped[int]
    is_inferred: Mapped[bool]
    is_consent: Mapped[bool]
    is_judged: Mapped[bool]
    regime: Mapped[str | None]
    status: Mapped[str]
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    transfer_ends: Mapped[date | None]
    law_from: Mapped[date | None]
    law_to: Mapped[date | None]
    occasional: Mapped[str]
    risk_information: Mapped[str]
