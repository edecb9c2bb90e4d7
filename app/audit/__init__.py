"""Changes: every write has a number, an instant, an author and a reason, and both only grow.

A change is the audit event. Its number is what the intervals of all revised rows are made of, so the
state at any instant is the state at the last change not after it. When it ends, what it wrote is sealed
in the chain of events, in the same transaction (docs/audit.md).
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection, CursorResult, Executable, Select, insert, select, union, update

from app.audit.recording import Record, Waiting, event_rows, highest_keys, insertions, rows_into
from app.audit.sealing import GENESIS
from app.audit.tables import AuditEvent, Change
from app.auth import Caller, CallerDep, current_caller
from app.auth.tables import ApiKeyController
from app.platform.answers import noted_answer, once
from app.platform.database import Base, Database, Naming, ReadSession, WriteSession
from app.platform.problems import InUse, Invalid, Item
from app.platform.schemas import clean_text
from app.platform.shelf import B, Book, Shelf
from app.platform.tracing import REQUEST_ID

SHOWN_USERS: Final = 50
NAMED: Final = frozenset({"term", "recipient", "controller"})  # what is kept in books


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
    """The write session of one change; the change begins with the first thing that differs.

    It finds what its caller may see and keeps what its caller may change; without a caller it is the service's own.
    """

    def __init__(
        self,
        connection: Connection,
        hooks: "Hooks",
        author: str,
        reason: str | None,
        caller: Caller | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        super().__init__(connection, scope=None if caller is None else caller.controllers, shelf=shelf)
        self._caller = caller
        self.author = author
        self.reason = reason
        self.touched: set[tuple[str, int]] = set()
        self.restoring: dict[tuple[str, int], int] = {}
        self.fresh: dict[tuple[str, int], uuid.UUID] = {}
        self.written: set[tuple[str, int]] = set()
        self._hooks = hooks
        self._change: tuple[int, datetime] | None = None
        self._previous = GENESIS
        self._record = Record()
        self._next_keys: dict[str, int] = {}
        self._waiting: Waiting = {}

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

    def has_written(self, *resources: str) -> bool:
        """Tell whether this change wrote or ended something of these kinds so far."""
        return any(resource in resources for resource, _ in (*self._record.before, *self._record.after))

    def book(self, book: Book[B]) -> B | None:
        """Return names as they were before this change, or None once it has written some itself."""
        return None if self.has_written(*NAMED) else super().book(book)

    def touch(self, resource: str, key: int) -> None:
        """Note that a resource changed, for what is derived from it."""
        self.touched.add((resource, key))

    def users(self, resource: str, key: int) -> list[User]:
        """Return everything live that uses a resource."""
        return self._hooks.users_of(self, resource, key)

    def refuse_if_used(self, resource: str, key: int, code: str) -> None:
        """Raise InUse, naming the users of a thing that the caller may see, and others as others."""
        if self._caller is not None and not self._caller.is_unlimited:
            for owner in self._owners({(resource, key)}):
                self._caller.claim(owner)
        users = self.users(resource, key)
        with self.unscoped():
            others = [] if self._scope is None else [one for one in self.users(resource, key) if one not in users]
        if users or others:
            values = {"name": code, "count": len(users), "shown": SHOWN_USERS}
            items = [user.item() for user in users[:SHOWN_USERS]]
            items += [Item("used_by_others")] if others else []
            raise InUse(Item("in_use" if users else "in_use_by_others", values), *items)

    def claim(self, owner: int | None) -> None:
        """Refuse to add, for a controller or for all, what the caller may not."""
        if self._caller is not None:
            self._caller.claim(owner)

    def execute(self, statement: Executable, parameters: Any = None) -> Any:  # noqa: ANN401
        """Run INSERT or UPDATE; what it does to history is taken down for the event, and these rows are returned."""
        watched = self._record.watched(statement)
        if watched is None:
            return super().execute(statement, parameters)
        history, returning = watched
        rows = super().execute(returning, parameters).all()
        self._record.note(returning, history, rows)
        return rows

    def insert(self, statement: Executable) -> int:
        """Run an INSERT of one row and return its integer key."""
        watched = self._record.watched(statement)
        if watched is None:
            return super().insert(statement)
        history, returning = watched
        row = super().execute(returning).one()
        self._record.note(returning, history, [row])
        return int(row[history.key_places[0]])

    def insert_rows(self, table: type[Base], rows: Iterable[dict[str, Any]]) -> list[int]:
        """Insert rows of history and return their integer keys, in the order of the rows, if any.

        All keys of such a table are given here: nobody else writes while a change does. So every value is known and
        nothing need come back, and the rows wait for others until something is read; no rows wait too, for what is
        written at once to be the same each time.
        """
        into = rows_into(table)
        complete = into.complete(rows)
        keys: list[int] = []
        if into.is_numbered and complete:
            first = self._next_key(table)
            keys = list(range(first, first + len(complete)))
            self._next_keys[table.__tablename__] = first + len(complete)
            for key, row in zip(keys, complete, strict=True):
                row["id"] = key
        self._waiting.setdefault(into.history.name, []).extend(complete)
        if complete:
            self._record.note_given(into.history, complete)
        return keys

    def _run(self, statement: Executable, parameters: Any = None, **options: Any) -> CursorResult[Any]:  # noqa: ANN401
        self._write_waiting()
        return super()._run(statement, parameters, **options)

    def _write_waiting(self) -> None:
        waiting, self._waiting = self._waiting, {}
        if any(waiting.values()):
            for insertion in insertions(waiting, self._connection.dialect):
                super()._run(*insertion)

    def _next_key(self, table: type[Base]) -> int:
        if not self._next_keys:
            with self.unscoped():
                (highest,) = self.all(highest_keys(Base.metadata))
            self._next_keys = {name: 1 + (key or 0) for name, key in highest._mapping.items()}  # noqa: SLF001
        return self._next_keys[table.__tablename__]

    @contextmanager
    def trial(self) -> Iterator["ChangeSession"]:
        """Give a change inside this one of which nothing is kept, however far it comes."""
        self._write_waiting()
        with suppress(_Discard), self._connection.begin_nested():
            session = ChangeSession(self._connection, self._hooks, self.author, self.reason, self._caller)
            yield session
            session.finish()
            raise _Discard

    def finish(self) -> None:
        """Refuse what the caller may not change, bring what is derived up to date, and seal what was written."""
        if self.touched and self.has_changed:
            self._refuse_others()
        with self.unscoped():
            if self.touched:
                for finisher in self._hooks.finishers:
                    finisher(self)
            if self.has_written(*NAMED):
                super().execute(update(Naming).values(change=self.change))
            self._seal()

    def _refuse_others(self) -> None:
        """Refuse a change of what the caller may not change."""
        if self._caller is not None and not self._caller.is_unlimited:
            for owner in self._owners(self.touched) or {None}:
                self._caller.claim(owner)

    def _seal(self) -> None:
        """Write the event of this change."""
        if self._change is not None:
            number, moment = self._change
            change = {"id": number, "at": moment, "author": self.author, "reason": self.reason}
            inserts = event_rows(self._record, change, REQUEST_ID.get(), self._previous, super().execute)
            for statement, rows in inserts:
                super().execute(statement, rows)

    def _owners(self, things: set[tuple[str, int]]) -> set[int | None]:
        with self.unscoped():
            return {row[0] for row in self.all(_owners_of(sorted(things)))}

    def _begun(self) -> tuple[int, datetime]:
        if self._change is None:
            now = self.clock().label("now")
            columns = (Change.id, Change.at, AuditEvent.hash, now)
            newest = select(*columns).outerjoin(AuditEvent, AuditEvent.change_id == Change.id)
            with self.unscoped():
                last = self.first(newest.order_by(Change.id.desc()).limit(1))
            if last is None:
                number, moment = 1, self.value(select(now))
            else:
                number, moment = last.id + 1, max(last.now, last.at + timedelta(microseconds=1))
            values = {"id": number, "at": moment, "author": self.author, "reason": self.reason}
            self.execute(insert(Change).values(**values))
            self._change = (number, moment)
            self._previous = GENESIS if last is None else last.hash
        return self._change


def _owners_of(things: list[tuple[str, int]]) -> Any:  # noqa: ANN401 - a SELECT or a union of them
    """SELECT of the controllers that things belong to, once each; null for what all share."""
    keys: dict[str, list[int]] = {}
    for resource, key in things:
        keys.setdefault(resource, []).append(key)
    return union(*(_owner_query(resource, found) for resource, found in keys.items()))


def _owner_query(resource: str, keys: list[int]) -> Select[Any]:
    if resource == "key":
        return select(ApiKeyController.controller_id).distinct().where(ApiKeyController.key_id.in_(keys))
    table = Base.metadata.tables[resource]
    owner = table.c.id if resource == "controller" else table.c.controller_id
    return select(owner.label("controller_id")).distinct().where(table.c.id.in_(keys))


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
    """Opens the sessions of the register, as far as its caller may: snapshots to read, changes to write.

    Without a caller it is the service's own: commands, seeding, readiness.
    """

    database: Database
    hooks: Hooks = field(default_factory=Hooks)
    caller: Caller | None = None

    def on_behalf_of(self, caller: Caller) -> "Ledger":
        """Return the ledger as a caller may use it."""
        return replace(self, caller=caller)

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """Open a snapshot; a caller's may be of a replica, the service's own is not."""
        whose = (None, None) if self.caller is None else (self.caller.controllers, self.caller.name)
        with self.database.reading(*whose) as session:
            yield session

    @contextmanager
    def changing(self, author: str, reason: str | None = None, *, keep: bool = True) -> Iterator[ChangeSession]:
        """Open a change; all of it is committed at the end, or nothing (and never anything if not `keep`)."""
        if self.caller is not None:
            self.caller.require("editor")
        with suppress(_Discard), self.database.transaction() as connection:
            session = ChangeSession(connection, self.hooks, author, reason, self.caller, self.database.shelf)
            yield session
            session.finish()
            if not keep:
                raise _Discard


class _Discard(Exception):
    """Ends a change of which nothing is kept."""


def ledger_of(request: Request) -> Ledger:
    """Return the ledger as the caller of this request may use it."""
    ledger: Ledger = request.app.state.ledger
    return ledger.on_behalf_of(current_caller(request))


def open_reading(request: Request) -> Iterator[ReadSession]:
    """Give a handler a snapshot; it cannot write."""
    with ledger_of(request).reading() as session:
        yield session


def open_service_reading(request: Request) -> Iterator[ReadSession]:
    """Give the service itself a snapshot of everything: for readiness, not for what callers ask."""
    ledger: Ledger = request.app.state.ledger
    with ledger.reading() as session:
        yield session


REASON: Final = "envanter-reason"
ReasonHeader = Annotated[
    str | None, Header(max_length=500, description="Why the change is made; kept with the revision")
]


def open_change(request: Request, caller: CallerDep, envanter_reason: ReasonHeader = None) -> Iterator[ChangeSession]:
    """Give a handler one change; it is committed before the answer leaves, and with it the answer to a key."""
    asked = once(request, caller.identity, request.app.state.settings.idempotency_hours)
    with ledger_of(request).changing(caller.name, _reason(envanter_reason)) as session:
        if asked is not None:
            asked.give_again(session)
        yield session
        answer = noted_answer(request)
        if asked is not None and answer is not None:
            asked.keep(session, answer)


def _reason(sent: str | None) -> str | None:
    """Read a header that was sent as UTF-8, though HTTP itself knows Latin-1 only, by the rules of every text."""
    if sent is None:
        return None
    try:
        text = sent.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        text = sent
    try:
        return str(clean_text(text)) or None
    except PydanticCustomError:
        raise Invalid(Item("control_character", parameter=REASON)) from None


ReadDep = Annotated[ReadSession, Depends(open_reading, scope="function")]
ServiceReadDep = Annotated[ReadSession, Depends(open_service_reading, scope="function")]
ChangeDep = Annotated[ChangeSession, Depends(open_change, scope="function")]
IfMatch = Annotated[
    str | None,
    Header(description="The ETag that you have read; a change without it is refused (428), a stale one too (412)"),
]
