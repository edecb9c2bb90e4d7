"""Changes: every write has a number, an instant, an author and a reason, and both only grow.

A change is the audit event. Its number is what the intervals of all revised rows are made of, so the
state at any instant is the state at the last change not after it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Header, Request
from sqlalchemy import Connection, Text, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.auth import CallerDep
from app.platform.database import Base, Database, Key, ReadSession, UtcTime, WriteSession
from app.platform.problems import InUse, Invalid, Item

SHOWN_USERS: Final = 50
CLOCKS_DIFFER: Final = timedelta(seconds=1)


class Change(Base):
    """One committed request that changed something."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime(), unique=True)
    author: Mapped[str]
    reason: Mapped[str | None] = mapped_column(Text())


@dataclass(frozen=True)
class User:
    """Something that uses a thing: the kind of resource, its code, and where inside it."""

    resource: str
    code: str
    place: str | None = None

    def item(self) -> Item:
        """Name the user in a problem."""
        name = " ".join(filter(None, (self.code, self.place)))
        return Item("used_by", {"where": self.resource, "name": name})


class ChangeSession(WriteSession):
    """The write session of one change; the change begins with the first thing that differs."""

    def __init__(self, connection: Connection, hooks: "Hooks", author: str, reason: str | None) -> None:
        super().__init__(connection)
        self.author = author
        self.reason = reason
        self.touched: set[tuple[str, int]] = set()
        self.restoring: dict[tuple[str, int], int] = {}
        self._hooks = hooks
        self._change: tuple[int, datetime] | None = None

    @property
    def change(self) -> int:
        """Return the number of this change, taken under the write lock."""
        return self._begun()[0]

    @property
    def moment(self) -> datetime:
        """Return the instant of this change."""
        return self._begun()[1]

    @property
    def has_changed(self) -> bool:
        """Tell whether anything differed so far."""
        return self._change is not None

    def touch(self, resource: str, key: int) -> None:
        """Note that a resource changed, for what is derived from it."""
        self.touched.add((resource, key))

    def users(self, resource: str, key: int) -> list[User]:
        """Return everything live that uses a resource."""
        return self._hooks.users_of(self, resource, key)

    def refuse_if_used(self, resource: str, key: int, code: str) -> None:
        """Raise InUse, naming the users of a thing, if there are any."""
        users = self.users(resource, key)
        if users:
            values = {"name": code, "count": len(users), "shown": SHOWN_USERS}
            raise InUse(Item("in_use", values), *(user.item() for user in users[:SHOWN_USERS]))

    def finish(self) -> None:
        """Bring everything derived up to date, inside the same transaction."""
        if self.touched:
            for finisher in self._hooks.finishers:
                finisher(self)

    def _begun(self) -> tuple[int, datetime]:
        if self._change is None:
            now = self.clock().label("now")
            last = self.first(select(Change.id, Change.at, now).order_by(Change.id.desc()).limit(1))
            if last is None:
                number, moment = 1, self.value(select(now))
            else:
                number, moment = last.id + 1, max(last.now, last.at + timedelta(microseconds=1))
            values = {"id": number, "at": moment, "author": self.author, "reason": self.reason}
            self.execute(insert(Change).values(**values))
            self._change = (number, moment)
        return self._change


UsersQuery = Callable[[ReadSession, str, int], list[User]]


@dataclass(frozen=True)
class Hooks:
    """What upper floors add to every change: who uses a thing, and what is derived from it."""

    user_queries: tuple[UsersQuery, ...] = ()
    finishers: tuple[Callable[[ChangeSession], None], ...] = ()

    def users_of(self, session: ReadSession, resource: str, key: int) -> list[User]:
        """Ask every floor who uses the resource."""
        return [user for query in self.user_queries for user in query(session, resource, key)]


@dataclass(frozen=True)
class Ledger:
    """Opens the sessions of the register: snapshots to read, changes to write."""

    database: Database
    hooks: Hooks = field(default_factory=Hooks)

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Open a snapshot."""
        with self.database.reading() as session:
            yield session

    @contextmanager
    def changing(self, author: str, reason: str | None = None, *, keep: bool = True) -> Iterator[ChangeSession]:
        """Open a change; all of it is committed at the end, or nothing (and never anything if not `keep`)."""
        with suppress(_Discard), self.database.transaction() as connection:
            session = ChangeSession(connection, self.hooks, author, reason)
            yield session
            session.finish()
            if not keep:
                raise _Discard


class _Discard(Exception):
    """Ends a change of which nothing is kept."""


def travel(session: ReadSession, as_of: datetime | None) -> None:
    """Let a snapshot show what the register said at an instant, and will say of it ever after.

    Up to the last change of the snapshot the past is closed. An instant after it may still become that of a change
    under way, so such a read begins anew after the writer (docs/decisions/0009).
    """
    if as_of is None:
        return
    last = select(func.max(Change.id)).where(Change.at <= as_of)
    closed = select(func.max(Change.at)).scalar_subquery().label("end")
    (row,) = session.all(select(last.scalar_subquery().label("number"), closed, session.clock().label("now")))
    number, end, now = row.number, row.end, row.now
    if as_of > now + CLOCKS_DIFFER:
        raise Invalid(Item("as_of_future", parameter="as_of"))
    if end is None or as_of > end:
        if as_of >= now:
            time.sleep((as_of - now + timedelta(milliseconds=1)).total_seconds())
        session.renew()
        number = session.value(last)
    session.at = number or 0


def last_change(session: ReadSession) -> tuple[int, datetime | None]:
    """Return the number and the instant of the change up to which a snapshot reads; as_of it, the same is read."""
    query = select(Change.id, Change.at).order_by(Change.id.desc()).limit(1)
    row = session.first(query if session.at is None else query.where(Change.id <= session.at))
    return (0, None) if row is None else (row.id, row.at)


def ledger_of(request: Request) -> Ledger:
    """Return the ledger that the application was wired with."""
    ledger: Ledger = request.app.state.ledger
    return ledger


def open_reading(request: Request) -> Iterator[ReadSession]:
    """Give a handler a snapshot; it cannot write."""
    with ledger_of(request).reading() as session:
        yield session


ReasonHeader = Annotated[
    str | None, Header(max_length=500, description="Why the change is made; kept with the revision")
]


def open_change(request: Request, caller: CallerDep, envanter_reason: ReasonHeader = None) -> Iterator[ChangeSession]:
    """Give a handler one change; it is committed before the answer leaves."""
    with ledger_of(request).changing(caller.name, as_utf8(envanter_reason)) as session:
        yield session


def as_utf8(text: str | None) -> str | None:
    """Read a header that was sent as UTF-8; HTTP itself knows Latin-1 only."""
    if text is None:
        return None
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return text


ReadDep = Annotated[ReadSession, Depends(open_reading, scope="function")]
ChangeDep = Annotated[ChangeSession, Depends(open_change, scope="function")]
IfMatch = Annotated[
    str | None,
    Header(description="The ETag that you have read; a change without it is refused (428), a stale one too (412)"),
]
