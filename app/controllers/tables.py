"""Rows of controllers."""

from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.revisions import Identity, Resource, Revision
from app.platform.tenancy import ROOT, seen


@seen(ROOT)
class Controller(Identity, Base):
    """A controller."""

    __tablename__ = "controller"
    __table_args__ = (UniqueConstraint("code"),)


class ControllerRevision(Revision, Base):
    """What the register said of a controller from one change to another."""

    __tablename__ = "controller_revision"
    __table_args__ = (
        UniqueConstraint("owner_id", "died"),
        UniqueConstraint("owner_id", "number"),
        CheckConstraint("born < died", name="interval"),
        CheckConstraint("kind IN ('legal_person', 'natural_person', 'public_body', 'not_stated')", name="kind"),
        CheckConstraint("verbis_obligation IN ('registered', 'obliged', 'exempt', 'not_stated')", name="obligation"),
        Index("ix_controller_revision_died_born_owner_id", "died", "born", "owner_id"),
        Index("ix_controller_revision_died_sort_owner_id", "died", "sort", "owner_id"),
    )

    owner_id: Mapped[int] = mapped_column(Key, ForeignKey("controller.id"))
    legal_name: Mapped[str | None]
    short_name: Mapped[str | None]
    kind: Mapped[str]
    country: Mapped[str | None]
    verbis_obligation: Mapped[str]
    practice: Mapped[bool]


CONTROLLERS: Final = Resource("controller", Controller, ControllerRevision)
