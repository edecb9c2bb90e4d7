"""Rows of all vocabularies: terms, their revisions, and which term stands under which."""

from datetime import date
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.revisions import Identity, Interval, Resource, Revision
from app.platform.tenancy import SHARED, seen


def quoted(values: tuple[str, ...]) -> str:
    """Write values as an SQL list, for check constraints."""
    return ", ".join(f"'{value}'" for value in values)


@seen(SHARED)
class VocabularyRow(Base):
    """A vocabulary that the product knows, and the version of its file that the database holds."""

    __tablename__ = "vocabulary"
    __table_args__ = ({"info": {"not_history": "which version of the product's file was taken in last"}},)

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]


class Term(Identity, Base):
    """A term: official, common, or a controller's own."""

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("vocabulary", "code"),
        UniqueConstraint("id", "vocabulary"),
        CheckConstraint("kind IN ('official', 'common', 'controller')", name="kind"),
        CheckConstraint("(kind = 'controller') = (controller_id IS NOT NULL)", name="owner"),
    )

    vocabulary: Mapped[str] = mapped_column(ForeignKey("vocabulary.name"))
    kind: Mapped[str]
    controller_id: Mapped[int | None] = mapped_column(Key, ForeignKey("controller.id"), index=True)


class TermRevision(Revision, Base):
    """What a term said from one change to another."""

    __tablename__ = "term_revision"
    __table_args__ = (
        UniqueConstraint("owner_id", "died"),
        UniqueConstraint("owner_id", "number"),
        CheckConstraint("born < died", name="interval"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", name="validity"),
        Index("ix_term_revision_died_born_owner_id", "died", "born", "owner_id"),
        Index("ix_term_revision_died_sort_owner_id", "died", "sort", "owner_id"),
    )

    owner_id: Mapped[int] = mapped_column(Key, ForeignKey("term.id"))
    label_tr: Mapped[str]
    label_en: Mapped[str]
    law_ref: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    is_consent: Mapped[bool] = mapped_column(default=False)
    is_special: Mapped[bool] = mapped_column(default=False)
    regime: Mapped[str | None]


class TermBroader(Interval, Base):
    """Which term stands under which, all steps up and itself included."""

    __tablename__ = "term_broader"
    __table_args__ = (
        ForeignKeyConstraint(["term_id", "vocabulary"], ["term.id", "term.vocabulary"]),
        ForeignKeyConstraint(
            ["broader_id", "vocabulary"],
            ["term.id", "term.vocabulary"],
            name="fk_term_broader_broader_id_vocabulary",
        ),
        UniqueConstraint("term_id", "broader_id", "died"),
        Index("ix_term_broader_broader_id_died", "broader_id", "died"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    term_id: Mapped[int] = mapped_column(Key)
    broader_id: Mapped[int] = mapped_column(Key)
    vocabulary: Mapped[str]
    is_direct: Mapped[bool]


class ItemCategory(Interval, Base):
    """The home categories of a data item."""

    __tablename__ = "item_category"
    __table_args__ = (
        ForeignKeyConstraint(["item_id", "item_vocabulary"], ["term.id", "term.vocabulary"]),
        ForeignKeyConstraint(["category_id", "category_vocabulary"], ["term.id", "term.vocabulary"]),
        CheckConstraint("item_vocabulary = 'data_items'", name="item"),
        CheckConstraint("category_vocabulary = 'data_categories'", name="category"),
        UniqueConstraint("item_id", "category_id", "died"),
        Index("ix_item_category_category_id_died", "category_id", "died"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    item_id: Mapped[int] = mapped_column(Key)
    item_vocabulary: Mapped[str] = mapped_column(default="data_items")
    category_id: Mapped[int] = mapped_column(Key)
    category_vocabulary: Mapped[str] = mapped_column(default="data_categories")


TERMS: Final = Resource("term", Term, TermRevision)
