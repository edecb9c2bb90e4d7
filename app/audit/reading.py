"""Up to which change a snapshot reads, and who made the changes that it sees."""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select

from app.audit.tables import Change, EventSubject
from app.platform.database import ReadSession
from app.platform.problems import Invalid, Item

CLOCKS_DIFFER: Final = timedelta(seconds=1)
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
NEWEST: Final = select(func.max(Change.id))


def travel(session: ReadSession, as_of: datetime | None) -> None:
    """Let a snapshot show what the register said at an instant, and will say of it ever after.

    Up to the last change of the snapshot the past is closed. An instant after it may still become that of a change
    under way, so such a read begins anew after the writer (docs/decisions/0009), in the primary and by its clock.
    """
    if as_of is None:
        return
    number, end, now = _around(session, as_of)
    if as_of > end and session.to_primary():
        number, end, now = _around(session, as_of)
    if as_of > end:
        if as_of > now + CLOCKS_DIFFER:
            raise Invalid(Item("as_of_future", parameter="as_of"))
        if as_of >= now:
            time.sleep((as_of - now + timedelta(milliseconds=1)).total_seconds())
        session.renew()
        number = _around(session, as_of)[0]
    session.at = number


def _around(session: ReadSession, moment: datetime) -> tuple[int, datetime, datetime]:
    """Return the last change not after an instant, the end of the closed past, and what time it is."""
    last = select(func.max(Change.id)).where(Change.at <= moment).scalar_subquery().label("number")
    closed = select(func.max(Change.at)).scalar_subquery().label("end")
    with session.unscoped():
        (row,) = session.all(select(last, closed, session.clock().label("now")))
    return row.number or 0, row.end or BEGINNING, row.now


def last_change(session: ReadSession) -> tuple[int, datetime | None]:
    """Return the number and the instant of the change up to which a snapshot reads; as_of it, the same is read."""
    query = select(Change.id, Change.at).order_by(Change.id.desc()).limit(1)
    rows = session.all_and_naming(query if session.at is None else query.where(Change.id <= session.at))
    return (rows[0].id, rows[0].at) if rows else (0, None)


def newest(session: ReadSession) -> int:
    """Return the number of the last change that a snapshot sees, whoever may see what it wrote."""
    with session.unscoped():
        return session.value(NEWEST) or 0


def concerned_since(session: ReadSession, change: int) -> set[int] | None:
    """Return the controllers of which something changed after a change; None where something did that all share."""
    subject = EventSubject
    query = select(subject.controller_id).distinct().where(subject.change_id > change)
    with session.unscoped():
        found = {row.controller_id for row in session.all(query)}
    return None if None in found else found


def last_change_of(session: ReadSession, controller: int) -> int:
    """Return the number of the last change of anything that belongs to a controller, or to all."""
    row = EventSubject
    own, shared = (select(func.max(row.change_id)).where(is_theirs) for is_theirs in _theirs(controller))
    found = session.all(select(own.scalar_subquery().label("own"), shared.scalar_subquery().label("shared")))[0]
    return max(found.own or 0, found.shared or 0)


def _theirs(controller: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return EventSubject.controller_id == controller, EventSubject.controller_id.is_(None)


def signed(session: ReadSession, numbers: Iterable[int]) -> dict[int, tuple[datetime, str]]:
    """Return instant and author of changes, for whoever may see what they wrote."""
    query = select(Change.id, Change.at, Change.author).where(Change.id.in_(sorted(set(numbers))))
    with session.unscoped():
        return {row.id: (row.at, row.author) for row in session.all(query)}
