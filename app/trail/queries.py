"""The SELECTs over events. Who may see only some controllers sees of an event what is theirs or shared by all."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Row, exists, func, or_, select, tuple_

from app.audit.coverage import histories
from app.audit.tables import AuditEvent, Change, EventSubject
from app.auth import Caller
from app.controllers.queries import known_codes
from app.controllers.tables import Controller
from app.platform.database import Base, Query, ReadSession
from app.platform.listing import Slice, choose_order, cut, instant
from app.platform.problems import Invalid, Item, not_found
from app.platform.revisions import matches
from app.platform.text import like_pattern
from app.trail.schemas import AuditEventQuery

SHOWN: Final = 50
DOCUMENTS_AT_ONCE: Final = 1_000
NUMBER: Final = re.compile("[1-9][0-9]{0,14}")
NEWEST_FIRST: Final = "-change"

Shown = dict[str, Any]
StateKey = tuple[str, int, int]


def list_events(session: ReadSession, caller: Caller, query: AuditEventQuery, *, shown: int | None = SHOWN) -> Slice:
    """Return one page of events as answers show them, newest first."""
    order = choose_order(query.sort or NEWEST_FIRST, {"change": AuditEvent.change_id}, AuditEvent.change_id)
    statement = _events().where(*_conditions(session, caller, query))
    statement = statement.add_columns(order.column.label("_value"), order.key.label("_key"))
    page = cut(session, statement, query, order)
    items = _shown(session, caller, page.rows, documents=query.documents, most=shown)
    return Slice(items, page.next, page.total)


def get_event(session: ReadSession, caller: Caller, change: str, *, documents: bool) -> Shown:
    """Return one event with everything it touched that the caller may see, or raise NotFound."""
    number = int(change) if NUMBER.fullmatch(change) else 0
    row = session.first(_events().where(AuditEvent.change_id == number, *_reached(session), *_seen(caller)))
    if row is None:
        raise not_found("audit event", change)
    return _shown(session, caller, [row], documents=documents, most=None)[0]


def _events() -> Query:
    event = AuditEvent
    columns = (event.change_id, event.request_id, event.rows, event.previous, event.hash)
    statement: Query = select(*columns, Change.at, Change.author, Change.reason)
    return statement.join(Change, Change.id == event.change_id)


def visible(caller: Caller) -> list[ColumnElement[bool]]:
    """Condition that a caller may see a resource that was touched: it is theirs, or shared by all."""
    if caller.controllers is None:
        return []
    owner = EventSubject.controller_id
    return [or_(owner.is_(None), owner.in_(sorted(caller.controllers)))]


def _seen(caller: Caller, *conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Condition that an event touched something that fits and that the caller may see."""
    wanted = [*visible(caller), *conditions]
    return [exists().where(EventSubject.change_id == AuditEvent.change_id, *wanted)] if wanted else []


def _reached(session: ReadSession) -> list[ColumnElement[bool]]:
    return [] if session.at is None else [AuditEvent.change_id <= session.at]


def _conditions(session: ReadSession, caller: Caller, query: AuditEventQuery) -> list[ColumnElement[bool]]:
    subject = EventSubject
    touched: list[ColumnElement[bool]] = [
        column.in_(values)
        for column, values in (
            (subject.resource, query.resource),
            (subject.code, query.code),
            (subject.action, query.action),
        )
        if values
    ]
    if query.controller:
        touched.append(subject.controller_id.in_(_controllers(session, query.controller)))
    found = [*_reached(session), *_seen(caller, *touched)]
    for column, values in ((Change.author, query.author), (AuditEvent.request_id, query.request_id)):
        if values:
            found.append(column.in_(values))
    bounds: tuple[tuple[Any, Any, Any], ...] = (
        (Change.at, query.begins, query.ends),
        (AuditEvent.change_id, query.change_from, query.change_to),
    )
    for column, low, high in bounds:
        found += [column >= low] if low is not None else []
        found += [column <= high] if high is not None else []
    if query.q is not None:
        found.append(AuditEvent.search.like(like_pattern(query.q), escape="\\"))
    return found


def _controllers(session: ReadSession, references: Iterable[str]) -> list[int]:
    """Return the keys of controllers, ended ones too, or refuse the first that never was."""
    keys = []
    for reference in references:
        key = session.value(select(Controller.id).where(matches(Controller, reference)))
        if key is None:
            values = {"name": reference, "where": "controllers"}
            raise Invalid(Item("unknown_code", values, parameter="controller", allowed=known_codes(session)))
        keys.append(int(key))
    return keys


def _shown(
    session: ReadSession, caller: Caller, rows: Sequence[Row[Any]], *, documents: bool, most: int | None
) -> list[Shown]:
    subjects = _subjects(session, caller, [row.change_id for row in rows], most)
    states = _documents(session, [one for found in subjects.values() for one in found]) if documents else None
    return [
        {
            "change": row.change_id,
            "at": instant(row.at),
            "author": row.author,
            "request_id": row.request_id,
            "reason": row.reason,
            "rows": row.rows,
            "touched": subjects[row.change_id][0].touched if subjects[row.change_id] else 0,
            "what": [_touched(one, states) for one in subjects[row.change_id]],
            "previous": row.previous,
            "hash": row.hash,
        }
        for row in rows
    ]


def _subjects(session: ReadSession, caller: Caller, changes: list[int], most: int | None) -> dict[int, list[Row[Any]]]:
    """Return what events touched, the first of each event only if so bounded."""
    subject, change = EventSubject, EventSubject.change_id
    place = func.row_number().over(partition_by=change, order_by=subject.position).label("place")
    touched = func.count().over(partition_by=change).label("touched")
    table = subject.__table__
    inner = (
        select(*table.columns, Controller.code.label("controller"), place, touched)
        .join_from(subject, Controller, Controller.id == subject.controller_id, isouter=True)
        .where(change.in_(changes), *visible(caller))
        .subquery()
    )
    query = select(inner).order_by(inner.c.change_id, inner.c.position)
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.all(query if most is None else query.where(inner.c.place <= most)):
        found[row.change_id].append(row)
    return found


def _documents(session: ReadSession, subjects: Iterable[Row[Any]]) -> dict[StateKey, Shown]:
    """Return the documents before and after, from the revisions that hold them."""
    wanted: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for one in subjects:
        numbers = (one.revision_before, one.revision_after)
        wanted[one.resource] += [(one.owner_id, number) for number in numbers if number is not None]
    revisions = {str(h.resource.name): h.table for h in histories(Base.metadata) if h.resource is not None}
    found: dict[StateKey, Shown] = {}
    for resource, keys in wanted.items():
        table = revisions[resource]
        columns = (table.c.owner_id, table.c.number)
        for start in range(0, len(keys), DOCUMENTS_AT_ONCE):
            part = tuple_(*columns).in_(keys[start : start + DOCUMENTS_AT_ONCE])
            for row in session.all(select(*columns, table.c.body).where(part)):
                found[resource, row.owner_id, row.number] = orjson.loads(row.body)
    return found


def _touched(subject: Row[Any], states: dict[StateKey, Shown] | None) -> Shown:
    shown = {
        "resource": subject.resource,
        "id": str(subject.uid),
        "vocabulary": subject.vocabulary,
        "code": subject.code,
        "controller": subject.controller,
        "action": subject.action,
        "before": _side(subject, "before", states),
        "after": _side(subject, "after", states),
    }
    if states is not None:
        before, after = ((shown[side] or {}).get("document") or {} for side in ("before", "after"))
        shown["differs"] = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    return shown


def _side(subject: Row[Any], side: str, states: dict[StateKey, Shown] | None) -> Shown | None:
    number = getattr(subject, f"revision_{side}")
    if number is None:
        return None
    shown = {"revision": number, "digest": getattr(subject, f"digest_{side}")}
    if states is not None:
        shown["document"] = states.get((subject.resource, subject.owner_id, number))
    return shown
