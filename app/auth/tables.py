"""Rows of API keys: written once, ended once, never changed."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, Key
from app.platform.revisions import Interval
from app.platform.tenancy import Through, seen

NO_REGISTER: Final = {"not_history": "who may call is no part of what the register says"}


@seen(Through("api_key_controller", "key_id", whole=True))
class ApiKey(Interval, Base):
    """A key, without its secret: `digest` is the SHA-256 of 256 random bits, which nothing guesses.

    Revoking ends the row. A caller of some controllers sees the keys that are for these and no others.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("role IN ('reader', 'auditor', 'editor', 'admin')", name="role"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("born < died", name="interval"),
        {"info": NO_REGISTER},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str]
    digest: Mapped[str]
    name: Mapped[str]
    sort: Mapped[str]
    search: Mapped[str]
    role: Mapped[str]
    is_for_all: Mapped[bool]
    expires_at: Mapped[datetime | None]


class ApiKeyController(Base):
    """A controller that a key is for."""

    __tablename__ = "api_key_controller"
    __table_args__ = ({"info": NO_REGISTER},)

    key_id: Mapped[int] = mapped_column(Key, ForeignKey("api_key.id"), primary_key=True)
    controller_id: Mapped[int] = mapped_column(Key, ForeignKey("controller.id"), primary_key=True, index=True)


class ApiKeyUse(Base):
    """A day on which a key was used."""

    __tablename__ = "api_key_use"
    __table_args__ = ({"info": NO_REGISTER},)

    key_id: Mapped[int] = mapped_column(Key, ForeignKey("api_key.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
