"""Reads rows as the database holds them, to the byte: a value in another form than it was written in is another value.

SQLite would take 2 for true, `2024-05-27x` for a day and capital letters for the same id; none of them was written.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Column, ColumnElement, Date, Integer, Text, Uuid, cast, type_coerce
from sqlalchemy.types import NullType

from app.platform.instants import UtcTime

SQLITE_INSTANT: Final = "%Y-%m-%d %H:%M:%S.%f"

Reading = Callable[[Any], Any]


def stored(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """Return a column as the database holds it, in no type of ours."""
    if dialect == "sqlite":
        return type_coerce(column, NullType()).label(column.name)
    if isinstance(column.type, Date | UtcTime):
        return cast(column, Text()).label(column.name)  # Python has no day after 9999, and no infinite one
    return column


def reading_of(column: Column[Any], dialect: str) -> Reading | None:
    """Return what makes a stored value the value that was written; None where it is one already."""
    if isinstance(column.type, Date):
        return _day
    if dialect != "sqlite":
        return _zoned if isinstance(column.type, UtcTime) else None
    for kind, reading in _READINGS:
        if isinstance(column.type, kind):
            return reading
    return _text


def _other(value: Any) -> dict[str, str]:  # noqa: ANN401 - whatever was found
    """Stand for a value that cannot have been written."""
    return {"stored": ascii(value)}


def _text(value: Any) -> Any:  # noqa: ANN401
    if type(value) is not str:
        return _other(value)
    return value if value.isascii() or _is_utf8(value) else _other(value)


def _is_utf8(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(value: Any) -> Any:  # noqa: ANN401
    return value if type(value) is int else _other(value)


def _truth(value: Any) -> Any:  # noqa: ANN401
    return bool(value) if type(value) is int and value in {0, 1} else _other(value)


def _day(value: Any) -> Any:  # noqa: ANN401
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        return _other(value)
    return day if day.isoformat() == value else _other(value)


def _instant(value: Any) -> Any:  # noqa: ANN401
    try:
        moment = datetime.strptime(value, SQLITE_INSTANT).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return _other(value)
    return moment if moment.strftime(SQLITE_INSTANT) == value else _other(value)


def _zoned(value: Any) -> Any:  # noqa: ANN401
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return _other(value)


def _id(value: Any) -> Any:  # noqa: ANN401
    try:
        found = UUID(hex=value)
    except (AttributeError, TypeError, ValueError):
        return _other(value)
    return found if found.hex == value else _other(value)


_READINGS: Final[tuple[tuple[type[Any], Reading], ...]] = (
    (Boolean, _truth),
    (Uuid, _id),
    (UtcTime, _instant),
    (Integer, _number),
)
