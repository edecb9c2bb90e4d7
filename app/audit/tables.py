"""Rows of changes, of their events, chained by hash, and of what each change touched.

The author, instant and reason of an event are those of its change. All three tables only grow.
"""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.instants import UtcTime
from app.platform.tenancy import Through, seen

ACTIONS: Final = ("created", "changed", "ended")
CHAIN: Final = {"chain": "covered by the hash of its event"}


@seen(Through("audit_event_subject", "change_id"))
class Change(Base):
    """One committed request that changed something."""

    __tablename__ = "change"
    __table_args__ = ({"info": CHAIN},)

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime(), unique=True)
    author: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Text())


class EventSubject(Base):
    """One resource that a change created, changed or ended; `controller_id` is null for what all share."""

    __tablename__ = "audit_event_subject"
    __table_args__ = (
        CheckConstraint("action IN ('created', 'changed', 'ended')", name="action"),
        CheckConstraint("(action = 'created') = (revision_before IS NULL)", name="before"),
        CheckConstraint("(action = 'ended') = (revision_after IS NULL)", name="after"),
        Index("ix_audit_event_subject_resource_code", "resource", "code"),
        Index("ix_audit_event_subject_controller_id_change_id", "controller_id", "change_id"),
        {"info": CHAIN},
    )

    change_id: Mapped[int] = mapped_column(Key, ForeignKey("change.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    controller_id: Mapped[int | None] = mapped_column(Key, ForeignKey("controller.id"))
    resource: Mapped[str]
    owner_id: Mapped[int] = mapped_column(Key)
    uid: Mapped[uuid.UUID] = mapped_column(Uuid())
    vocabulary: Mapped[str | None]
    code: Mapped[str]
    action: Mapped[str]
    revision_before: Mapped[int | None]
    revision_after: Mapped[int | None]
    digest_before: Mapped[str | None]
    digest_after: Mapped[str | None]


class AuditEvent(Base):
    """The event of a change; `manifest` names every row that the change wrote or closed."""

    __tablename__ = "audit_event"
    __table_args__ = ({"info": CHAIN},)

    change_id: Mapped[int] = mapped_column(Key, ForeignKey("change.id"), primary_key=True, autoincrement=False)
    version: Mapped[str]
    request_id: Mapped[str | None]
    search: Mapped[str]
    rows: Mapped[int]
    previous: Mapped[str]
    hash: Mapped[str]
    manifest: Mapped[str] = mapped_column(Text())
