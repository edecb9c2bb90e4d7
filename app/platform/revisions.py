"""Resources that are revised, never overwritten: rows live from one change to another.

A resource is an identity row (id, uid, code, all fixed for ever) and revision rows. A revision lives in
[born, died), two change numbers; the live one has `died = FOREVER`, so a unique key lets only one live.
Each revision stores its document, so that reading, history and export show what was written.
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

import orjson
from sqlalchemy import BindParameter, ColumnElement, Text, Uuid, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import ForeignKey
from uuid_utils.compat import uuid7

from app.platform.database import NAMED_UP_TO, Key, Query, ReadSession
from app.platform.problems import Invalid, Item, PreconditionRequired, Stale, not_found

FOREVER: Final = 2**53 - 1
AT: Final[BindParameter[Any]] = bindparam("at", type_=Key)  # the change that a SELECT made once is asked about
MOST_NAMED: Final = 120
ETAG: Final = re.compile(r'(?:W/)?(?P<quote>"?)(?P<number>[0-9]{1,15})(?:-[0-9a-f]*)?(?P=quote)')


class Interval:
    """A row that lives from one change to another."""

    @declared_attr
    @classmethod
    def born(cls) -> Mapped[int]:
        """Number of the change that wrote the row."""
        return mapped_column(Key, ForeignKey("change.id"))

    died: Mapped[int] = mapped_column(Key, default=FOREVER)


class Identity:
    """What never changes of a resource."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    uid: Mapped[uuid.UUID] = mapped_column(Uuid(), unique=True)
    code: Mapped[str]

    @declared_attr
    @classmethod
    def born(cls) -> Mapped[int]:
        """Number of the change that first named the resource."""
        return mapped_column(Key, ForeignKey("change.id"))


class Revision(Interval):
    """One state of a resource."""

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    owner_id: Mapped[int]
    number: Mapped[int]
    restores: Mapped[int | None]
    sort: Mapped[str]
    search: Mapped[str]
    body: Mapped[str] = mapped_column(Text())


@dataclass(frozen=True)
class Resource:
    """The two tables of a resource and the name that problems use."""

    name: str
    identity: type[Any]
    revision: type[Any]


@dataclass(frozen=True)
class State:
    """One state of one resource."""

    id: int
    uid: uuid.UUID
    code: str
    number: int
    born: int
    document: dict[str, Any]


def alive(row: Any, at: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any table with an interval
    """Condition that a row is live now (None), or was at a change number, which may be bound."""
    if at is None:
        return row.died == FOREVER  # type: ignore[no-any-return]
    return and_(row.born <= at, row.died > at)


def ended_since(resource: Resource, change: int) -> Query:
    """SELECT of the resources of which a revision ended after a change."""
    revision = resource.revision
    return select(revision.owner_id).distinct().where(revision.died > change, revision.died < FOREVER)


def matches(identity: type[Any], reference: str) -> ColumnElement[bool]:
    """Condition that an identity has this code or this id."""
    named: ColumnElement[bool] = identity.code == reference
    uid = _uid_of(reference)
    return named if uid is None else or_(named, identity.uid == uid)


def state_query(resource: Resource, at: Any) -> Query:  # noqa: ANN401 - a number, or bound
    """SELECT of the states that live at a change number."""
    identity, revision = resource.identity, resource.revision
    columns = (identity.id, identity.uid, identity.code, revision.number, revision.born, revision.body)
    return select(*columns).join(revision, revision.owner_id == identity.id).where(alive(revision, at))


def to_state(row: Any) -> State:  # noqa: ANN401 - a row of state_query
    """Read a row of `state_query`."""
    return State(row.id, row.uid, row.code, row.number, row.born, orjson.loads(row.body))


def find(session: ReadSession, resource: Resource, reference: str, **columns: str) -> State:
    """Return the state of one resource by code or id, its identity having these values, or raise NotFound."""
    values: dict[str, Any] = {"reference": reference, **columns}
    if (uid := _uid_of(reference)) is not None:
        values["reference_uid"] = uid
    if session.at is not None:
        values["at"] = session.at
    query = _finding(resource, frozenset(values), tuple(columns))
    rows = session.all_named(query, values)
    if not rows:
        raise not_found(resource.name, reference)
    return to_state(rows[0])


@cache
def _finding(resource: Resource, given: frozenset[str], columns: tuple[str, ...]) -> Query:
    """SELECT of the state of one resource; made once, because making it takes longer than asking it."""
    identity = resource.identity
    named: ColumnElement[bool] = identity.code == bindparam("reference")
    if "reference_uid" in given:
        named = or_(named, identity.uid == bindparam("reference_uid"))
    at = AT if "at" in given else None
    scope = (getattr(identity, name) == bindparam(name) for name in columns)
    return state_query(resource, at).where(named, *scope).add_columns(NAMED_UP_TO)


def _uid_of(reference: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(reference)
    except ValueError:
        return None


def live_codes(session: ReadSession, resource: Resource, *scope: ColumnElement[bool]) -> list[str]:
    """Return the codes of live resources, at most 120, to say what is known."""
    identity, revision = resource.identity, resource.revision
    query = (
        select(identity.code)
        .join(revision, revision.owner_id == identity.id)
        .where(alive(revision, session.at), *scope)
        .order_by(identity.code)
        .limit(MOST_NAMED)
    )
    return [row.code for row in session.all(query)]


def find_keys(
    session: ReadSession, resource: Resource, references: Iterable[str], parameter: str, where: str
) -> list[int]:
    """Return the keys of resources that a filter names, or refuse the first unknown one."""
    identity, revision = resource.identity, resource.revision
    found = []
    for reference in references:
        query = (
            select(identity.id)
            .join(revision, revision.owner_id == identity.id)
            .where(alive(revision, session.at), matches(identity, reference))
        )
        key = session.value(query)
        if key is None:
            values = {"name": reference, "where": where}
            raise Invalid(Item("unknown_code", values, parameter=parameter, allowed=live_codes(session, resource)))
        found.append(int(key))
    return found


def adopt(session: Any, resource: Resource, code: str, **columns: Any) -> int | None:  # noqa: ANN401
    """Return the identity for a new resource, or None where the code is live; a code names one thing for ever."""
    identity, revision = resource.identity, resource.revision
    session.claim(columns.get("controller_id"))
    scope = [identity.code == code]
    scope += [getattr(identity, name) == value for name, value in columns.items() if name == "vocabulary"]
    row = session.first(select(identity.id).where(*scope))
    if row is None:
        uid = uuid7()
        fresh = insert(identity).values(uid=uid, code=code, born=session.change, **columns)
        key = int(session.insert(fresh))
        session.fresh[resource.name, key] = uid
        return key
    live = select(revision.id).where(revision.owner_id == row.id, alive(revision, None))
    return None if session.first(live) else int(row.id)


def revise(session: Any, resource: Resource, key: int, **values: Any) -> tuple[int, int]:  # noqa: ANN401
    """Close the live revision, if any, write the next one, and return its row id and number."""
    revision = resource.revision
    last = 0
    if (resource.name, key) not in session.fresh or (resource.name, key) in session.written:
        closed = close(session, resource, key)
        of_ended = select(func.max(revision.number)).where(revision.owner_id == key)
        last = closed[0].number if closed else session.value(of_ended) or 0
    session.written.add((resource.name, key))
    restores = session.restoring.get((resource.name, key))
    row = {"owner_id": key, "number": last + 1, "restores": restores, "born": session.change, "died": FOREVER}
    row |= values
    return session.insert(insert(revision).values(**row)), last + 1


def close(session: Any, resource: Resource, key: int) -> Sequence[Any]:  # noqa: ANN401
    """End the live revision and return its row, if there is one; what it said stays readable at its time."""
    revision = resource.revision
    live = update(revision).where(revision.owner_id == key, revision.died == FOREVER)
    closed: Sequence[Any] = session.execute(live.values(died=session.change))
    return closed


def encode(document: dict[str, Any]) -> str:
    """Write a stored document; the same content gives the same text."""
    return orjson.dumps(document).decode()


class Numbered(Protocol):
    """What has a revision number."""

    @property
    def number(self) -> int:
        """The number of its current revision."""


def require_match(state: Numbered, if_match: str | None) -> None:
    """Refuse a change without If-Match, or with the ETag of another revision."""
    if if_match is None:
        raise PreconditionRequired(Item("if_match_required"))
    given = ETAG.fullmatch(if_match.strip())
    if given is None:
        raise PreconditionRequired(Item("bad_if_match"))
    if int(given["number"]) != state.number:
        raise Stale(Item("stale", {"given": given["number"], "current": state.number}))
