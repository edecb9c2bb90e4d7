"""Proves that nothing of the past was changed: the chain of events, and under it every row of history.

Read in spans, so that the whole register takes little memory. The first span in which something does not fit ends
the proof; what is found is named by event, table and row.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy.exc import DBAPIError, OperationalError

from app.audit.coverage import History, histories
from app.audit.sealing import GENESIS, SHOWN_BITS, event_hash, joint_digest
from app.audit.triggers import missing_guards
from app.platform.database import Base, ReadSession
from app.platform.problems import Invalid, Item
from app.trail.reading import CHANGES, EVENTS, SUBJECTS, Span, Values, closed, entries, outside, spans, written

HEAD: Final = re.compile(r"(?P<change>[0-9]{1,15}):(?P<hash>[0-9a-f]{64})")
MOST_BREAKS: Final = 200


@dataclass(frozen=True, order=True)
class Break:
    """Something that is not as it was sealed: the event concerned, and where it shows."""

    change: int
    code: str
    table: str = ""
    row: str = ""

    def item(self) -> Item:
        """Say it as problems are said."""
        return Item(self.code, {"change": self.change, "table": self.table, "row": self.row})


@dataclass(frozen=True)
class Head:
    """The number and the hash of an event: whoever keeps it elsewhere can tell whether the chain was rewritten."""

    change: int
    hash: str

    def __str__(self) -> str:
        return f"{self.change}:{self.hash}"


def parse_head(text: str) -> Head:
    """Read a head as it was exported, or refuse it."""
    found = HEAD.fullmatch(text.strip())
    if found is None:
        raise Invalid(Item("bad_head", parameter="head"))
    return Head(int(found["change"]), found["hash"])


def current_head(session: ReadSession) -> Head:
    """Return the head of the chain; of an empty one, nought."""
    query = EVENTS.select().with_only_columns(EVENTS.c.change_id, EVENTS.c.hash)
    row = session.first(query.order_by(EVENTS.c.change_id.desc()).limit(1))
    return Head(0, GENESIS) if row is None else Head(row.change_id, row.hash)


@dataclass
class Report:
    """What was looked at, and what did not fit."""

    since: int
    head: Head
    until: int
    next: int | None = None
    changes: int = 0
    rows: int = 0
    breaks: list[Break] = field(default_factory=list)
    missing_guards: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Tell whether everything looked at is as it was sealed."""
        return not self.breaks


def verify(session: ReadSession, *, since: int = 1, limit: int | None = None, kept: Head | None = None) -> Report:
    """Check the chain and every row under it, from a change on, and against a head that was kept elsewhere."""
    head = current_head(session)
    report = Report(since, head, since - 1)
    with session.to_the_byte() as connection:
        report.missing_guards = missing_guards(connection, Base.metadata)
        report.breaks += _of_kept_head(session, kept)
        checker = _Checker(session, connection.dialect.name, report, previous=_hash_of(session, since - 1))
        for span in spans(session, since, limit):
            checker.check(span)
            if report.breaks:
                break
        else:
            if report.until < head.change:
                report.next = report.until + 1
            else:
                report.breaks += checker.outsiders()
    report.breaks = sorted(report.breaks)[:MOST_BREAKS]
    return report


def _hash_of(session: ReadSession, change: int) -> str | None:
    """Return the hash of an event as it is stored; the hash before the first is nought."""
    if change == 0:
        return GENESIS
    found = session.value(EVENTS.select().with_only_columns(EVENTS.c.hash).where(EVENTS.c.change_id == change))
    return None if found is None else str(found)


def _of_kept_head(session: ReadSession, kept: Head | None) -> Iterator[Break]:
    if kept is None:
        return
    found = _hash_of(session, kept.change)
    if found is None:
        yield Break(kept.change, "head_missing", EVENTS.name)
    elif found != kept.hash:
        yield Break(kept.change, "head_differs", EVENTS.name)


@dataclass
class _Checker:
    session: ReadSession
    dialect: str
    report: Report
    previous: str | None

    def check(self, span: Span) -> None:
        """Check the events of a span, then every row of every table that belongs to one of them."""
        manifests = self._chain(span)
        for history in histories(Base.metadata):
            try:
                self.report.breaks += self._written(history, span, manifests)
                if history.is_revised:
                    self.report.breaks += self._closed(history, span, manifests)
            except DBAPIError as error:
                if isinstance(error, OperationalError) or error.connection_invalidated:
                    raise
                self.report.breaks.append(Break(span.first, "table_unreadable", history.name))
                return
        self.report.until = span.last

    def outsiders(self) -> Iterator[Break]:
        """Yield rows that belong to no change at all."""
        for history in histories(Base.metadata):
            for row in outside(self.session, history):
                yield Break(self.report.head.change, "row_outside", history.name, row)

    def _chain(self, span: Span) -> dict[int, Any]:
        """Check the events of a span; return the manifests of those that are as they were sealed."""
        changes, events, subjects = (
            entries(self.session, table, self.dialect, span) for table in (CHANGES, EVENTS, SUBJECTS)
        )
        manifests: dict[int, Any] = {}
        tables = {history.name for history in histories(Base.metadata)}
        expected = span.first
        for number in sorted({*changes, *events, *subjects}):
            if number != expected:
                self._broken(expected, "change_missing", CHANGES.name)
            expected = number + 1
            if number not in events:
                self._broken(number, "event_missing", EVENTS.name)
                continue
            event = events[number][0]
            if number not in changes:
                self._broken(number, "event_alone", CHANGES.name)
            elif self._is_sealed(changes[number][0], event, subjects.get(number, [])):
                manifests[number] = manifest = orjson.loads(event["manifest"])
                for table in {*manifest["wrote"], *manifest["closed"]} - tables:
                    self._broken(number, "table_unreadable", table)
            self.previous = event["hash"]
            self.report.changes += 1
        return manifests

    def _is_sealed(self, change: Values, event: Values, subjects: list[Values]) -> bool:
        touched = [{name: value for name, value in one.items() if name != "change_id"} for one in subjects]
        if event["previous"] != self.previous:
            self._broken(change["id"], "chain_broken", EVENTS.name)
            return False
        if event["hash"] != event_hash(change, event, touched, self.previous):
            self._broken(change["id"], "event_differs", EVENTS.name)
            return False
        return True

    def _broken(self, change: int, code: str, table: str) -> None:
        self.report.breaks.append(Break(change, code, str(table)))

    def _written(self, history: History, span: Span, manifests: Mapping[int, Any]) -> Iterator[Break]:
        found = written(self.session, history, self.dialect, span)
        for change, manifest in manifests.items():
            rows = found.get(change, [])
            sealed = manifest["wrote"].get(history.name, {"digest": joint_digest([]), "rows": {}})
            self.report.rows += len(rows)
            if joint_digest(digest for _, digest in rows) != sealed["digest"]:
                yield from _differing(change, history.name, dict(rows), sealed["rows"])

    def _closed(self, history: History, span: Span, manifests: Mapping[int, Any]) -> Iterator[Break]:
        found = closed(self.session, history, span)
        for change, manifest in manifests.items():
            rows, sealed = found.get(change, set()), set(manifest["closed"].get(history.name, ()))
            yield from (Break(change, "row_closed", history.name, row) for row in rows - sealed)
            yield from (Break(change, "row_reopened", history.name, row) for row in sealed - rows)


def _differing(change: int, table: str, rows: dict[str, str], sealed: dict[str, str]) -> Iterator[Break]:
    """Name the rows of a table that are not those which a change wrote."""
    for row, digest in rows.items():
        if row not in sealed:
            yield Break(change, "row_added", table, row)
        elif digest[:SHOWN_BITS] != sealed[row]:
            yield Break(change, "row_changed", table, row)
    for row in sealed.keys() - rows.keys():
        yield Break(change, "row_missing", table, row)
    if rows.keys() == sealed.keys() and all(digest.startswith(sealed[row]) for row, digest in rows.items()):
        yield Break(change, "rows_changed", table)
