"""Rows of recipients."""

from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.revisions import Identity, Resource, Revision


class Recipient(Identity, Base):
    """A recipient, shared by all controllers or one controller's own."""

    __tablename__ = "recipient"
    __table_args__ = (UniqueConstraint("code"),)

    controller_id: Mapped[int | None] = mapped_column(Key, ForeignKey("controller.id"), index=True)


class RecipientRevision(Revision, Base):
    """What the register said of a recipient from one change to another."""

    __tablename__ = "recipient_revision"
    __table_args__ = (
        UniqueConstraint("owner_id", "died"),
        UniqueConstraint("owner_id", "number"),
        CheckConstraint("born < died", name="interval"),
        CheckConstraint("kind IN ('named', 'class')", name="kind"),
        CheckConstraint("seat IS NULL OR length(seat) = 2", name="seat"),
        CheckConstraint("parent_id IS NULL OR parent_id <> owner_id", name="parent"),
        Index("ix_recipient_revision_parent_id_died", "parent_id", "died"),
        Index("ix_recipient_revision_group_id_died", "group_id", "died"),
        Index("ix_recipient_revision_died_born_owner_id", "died", "born", "owner_id"),
        Index("ix_recipient_revision_died_sort_owner_id", "died", "sort", "owner_id"),
    )

    owner_id: Mapped[int] = mapped_column(Key, ForeignKey("recipient.id"))
    name: Mapped[str]
    kind: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(Key, ForeignKey("term.id"))
    seat: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("recipient.id"))


RECIPIENTS: Final = Resource("recipient", Recipient, RecipientRevision)
