"""Rows of documents; what a document prints hangs on its revision."""

import datetime as dt
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.revisions import Identity, Resource, Revision


class Document(Identity, Base):
    """A document of one controller."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("id", "controller_id"))

    controller_id: Mapped[int] = mapped_column(Key, ForeignKey("controller.id"), index=True)


class DocumentRevision(Revision, Base):
    """What the register said of a document from one change to another."""

    __tablename__ = "document_revision"
    __table_args__ = (
        UniqueConstraint("owner_id", "died"),
        UniqueConstraint("owner_id", "number"),
        CheckConstraint("born < died", name="interval"),
        CheckConstraint(
            "kind IN ('notice', 'consent_text', 'policy', 'contract', 'inventory', 'registry_entry', 'declaration')",
            name="kind",
        ),
        CheckConstraint("status IN ('draft', 'in_force', 'withdrawn', 'not_stated')", name="status"),
        CheckConstraint("origin IN ('source', 'declaration', 'generated')", name="origin"),
        CheckConstraint(
            "effective_from IS NULL OR effective_to IS NULL OR effective_from <= effective_to",
            name="validity",
        ),
        Index("ix_document_revision_died_born_owner_id", "died", "born", "owner_id"),
        Index("ix_document_revision_died_sort_owner_id", "died", "sort", "owner_id"),
    )

    owner_id: Mapped[int] = mapped_column(Key, ForeignKey("document.id"))
    title: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    origin: Mapped[str]
    language: Mapped[str | None]
    date: Mapped[dt.date | None]
    effective_from: Mapped[dt.date | None]
    effective_to: Mapped[dt.date | None]
    channel: Mapped[str | None]


class DocumentLink(Base):
    """A document's relation to another one."""

    __tablename__ = "document_link"
    __table_args__ = (
        CheckConstraint("relation IN ('version_of', 'language_version_of', 'supplements')", name="relation"),
    )

    revision_id: Mapped[int] = mapped_column(Key, ForeignKey("document_revision.id"), primary_key=True)
    relation: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(Key, ForeignKey("document.id"), index=True)


class DocumentTerm(Base):
    """A term that a document addresses, defines or lists: audience, definition, right."""

    __tablename__ = "document_term"
    __table_args__ = (
        CheckConstraint("role IN ('audience', 'definition', 'right')", name="role"),
        CheckConstraint("state IN ('stated', 'not_stated', 'unreadable')", name="state"),
        Index("ix_document_term_term_id_role", "term_id", "role"),
    )

    revision_id: Mapped[int] = mapped_column(Key, ForeignKey("document_revision.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(Key, ForeignKey("term.id"))
    state: Mapped[str] = mapped_column(default="stated")
    as_stated: Mapped[str | None]
    letter: Mapped[str | None]
    locator: Mapped[str | None]


class DocumentPrint(Base):
    """A field that a document prints about the controller or about applications."""

    __tablename__ = "document_print"
    __table_args__ = (
        CheckConstraint("state IN ('stated', 'not_stated', 'unreadable')", name="state"),
        CheckConstraint("state <> 'not_stated' OR value IS NULL", name="value"),
    )

    revision_id: Mapped[int] = mapped_column(Key, ForeignKey("document_revision.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    value: Mapped[str | None]
    locator: Mapped[str | None]


class DocumentChannel(Base):
    """A way to apply that a document prints."""

    __tablename__ = "document_channel"

    revision_id: Mapped[int] = mapped_column(Key, ForeignKey("document_revision.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    value: Mapped[str | None]
    as_stated: Mapped[str | None]
    condition: Mapped[str | None]
    locator: Mapped[str | None]


DOCUMENTS: Final = Resource("document", Document, DocumentRevision)
