"""The SELECTs over keys."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from app.audit.reading import signed
from app.auth.keys import last_used
from app.auth.tables import ApiKey, ApiKeyController
from app.controllers.queries import find_controller_ids
from app.controllers.tables import Controller
from app.keys.schemas import KeyQuery
from app.platform.database import Query, ReadSession
from app.platform.listing import Slice, choose_order, cut, instant
from app.platform.problems import not_found
from app.platform.revisions import FOREVER
from app.platform.text import like_pattern

NAME = "key"


@dataclass(frozen=True)
class KeyState:
    """A key as the register knows it, and as answers show it."""

    id: int
    code: str
    number: int
    document: dict[str, Any]


def find_key(session: ReadSession, code: str) -> KeyState:
    """Return a key by its id, revoked or not, or raise NotFound."""
    rows = session.all(_keys(session).where(ApiKey.code == code))
    if not rows:
        raise not_found(NAME, code)
    return _states(session, rows)[0]


def list_keys(session: ReadSession, query: KeyQuery) -> tuple[list[KeyState], Slice]:
    """Return one page of keys."""
    order = choose_order(query.sort, {"name": ApiKey.sort, "revised": ApiKey.born}, ApiKey.id)
    statement = _keys(session).where(*_conditions(session, query))
    page = cut(session, statement.add_columns(order.column.label("_value"), order.key.label("_key")), query, order)
    return _states(session, page.rows), page


def _keys(session: ReadSession) -> Query:
    columns = (ApiKey.id, ApiKey.code, ApiKey.name, ApiKey.role, ApiKey.is_for_all, ApiKey.expires_at)
    query = select(*columns, ApiKey.born, ApiKey.died, last_used().label("last_used_on"))
    return query if session.at is None else query.where(ApiKey.born <= session.at)


def _conditions(session: ReadSession, query: KeyQuery) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if query.role:
        chosen.append(ApiKey.role.in_(query.role))
    if query.controller:
        keys = find_controller_ids(session, query.controller, "controller")
        chosen.append(ApiKey.id.in_(select(ApiKeyController.key_id).where(ApiKeyController.controller_id.in_(keys))))
    if query.revoked is not None:
        is_revoked = ApiKey.died < FOREVER if session.at is None else ApiKey.died <= session.at
        chosen.append(is_revoked if query.revoked else ~is_revoked)
    if query.q is not None:
        chosen.append(ApiKey.search.like(like_pattern(query.q), escape="\\"))
    return chosen


def _states(session: ReadSession, rows: Sequence[Any]) -> list[KeyState]:
    codes = _controllers_of(session, [row.id for row in rows if not row.is_for_all])
    now = FOREVER - 1 if session.at is None else session.at
    changes = signed(session, (number for row in rows for number in (row.born, row.died) if number <= now))
    shown = [(row, _shown(row, codes[row.id], changes)) for row in rows]
    return [KeyState(row.id, row.code, 1 if said["revoked_at"] is None else 2, said) for row, said in shown]


def _controllers_of(session: ReadSession, keys: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = (
        select(ApiKeyController.key_id, Controller.code)
        .join(Controller, Controller.id == ApiKeyController.controller_id)
        .where(ApiKeyController.key_id.in_(list(keys)))
        .order_by(Controller.code)
    )
    for row in session.all(query):
        found[row.key_id].append(row.code)
    return found


def _shown(row: Any, codes: list[str], changes: dict[int, tuple[datetime, str]]) -> dict[str, Any]:  # noqa: ANN401 - a row of _keys
    created_at, created_by = changes[row.born]
    revoked_at, _ = changes.get(row.died, (None, None))
    return {
        "id": row.code,
        "name": row.name,
        "role": row.role,
        "controllers": "all" if row.is_for_all else codes,
        "created_at": instant(created_at),
        "created_by": created_by,
        "expires_at": _written(row.expires_at),
        "revoked_at": _written(revoked_at),
        "last_used_on": _written_day(row.last_used_on),
    }


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def _written_day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
