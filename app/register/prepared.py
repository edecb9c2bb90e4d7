"""SELECTs about keys, made once: a change asks some forty of them, and making one takes longer than asking it."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, Table, bindparam, select

from app.platform.database import Key, Query, ReadSession

CHUNK: Final = 500
KEYS: Final[BindParameter[Any]] = bindparam("keys", expanding=True)
AT: Final = bindparam("at", type_=Key)


def many(name: str) -> BindParameter[Any]:
    """Return a list that a SELECT binds; it may be empty."""
    return bindparam(name, expanding=True)


def chunks(values: Iterable[int]) -> Iterator[list[int]]:
    """Cut keys into parts that every database takes in one statement."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def rows_of(
    session: ReadSession,
    query: Callable[[Any], Query],
    keys: Iterable[int],
    at: int | None = None,
    **values: Any,  # noqa: ANN401 - what the query binds
) -> Iterator[Any]:
    """Yield the rows of a SELECT about KEYS; `query` makes it once for the present (None), once for the past (AT)."""
    if at is not None:
        values["at"] = at
    statement = query(None if at is None else AT)
    for part in chunks(keys):
        yield from session.all(statement, {"keys": part, **values})


def below(session: ReadSession, ids: Iterable[int], table: type[Any]) -> Iterator[Any]:
    """Yield the rows of a table that stand below statements, in order; they live and end with them."""
    return rows_of(session, lambda _: _rows_below(table.__table__), ids)


@cache
def _rows_below(table: Table) -> Query:
    return select(*table.columns).where(table.c.statement_id.in_(KEYS)).order_by(*table.primary_key.columns)
