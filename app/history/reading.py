"""The SELECTs over the revisions of a resource, those of what has ended included."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Integer, and_, exists, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.audit.tables import Change
from app.platform.database import ReadSession
from app.platform.listing import Order, PageQuery, Slice, cut, instant
from app.platform.problems import not_found
from app.platform.revisions import FOREVER, Resource, State, matches

Scope = tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Past:
    """One revision of a resource, and the change that wrote it."""

    state: State
    is_live: bool
    at: datetime
    author: str
    reason: str | None

    def side(self) -> dict[str, Any]:
        """Return what a comparison says of the revision."""
        return {
            "number": self.state.number,
            "at": instant(self.at),
            "author": self.author,
            "reason": self.reason,
            "change": self.state.born,
        }


@contextmanager
def standing_at(session: ReadSession, change: int) -> Iterator[None]:
    """Let a session read what a change left, and then what it read before."""
    before, session.at = session.at, change
    yield
    session.at = before


def find_revision(
    session: ReadSession, resource: Resource, scope: Scope, reference: str, number: int | None = None
) -> Past:
    """Return a revision of a resource by code or id, the latest where no number is given, or raise NotFound."""
    identity, revision, bound = resource.identity, resource.revision, _bound(session)
    columns = (identity.id, identity.uid, identity.code, revision.number, revision.born, revision.died, revision.body)
    query = (
        select(*columns, Change.at, Change.author, Change.reason)
        .join(revision, revision.owner_id == identity.id)
        .join(Change, Change.id == revision.born)
        .where(matches(identity, reference), revision.born <= bound, *scope)
        .order_by(revision.number.desc())
        .limit(1)
    )
    row = session.first(query if number is None else query.where(revision.number == number))
    if row is None and number is not None:
        find_revision(session, resource, scope, reference)
        raise not_found(f"{resource.name} revision", str(number))
    if row is None:
        raise not_found(resource.name, reference)
    state = State(row.id, row.uid, row.code, row.number, row.born, orjson.loads(row.body))
    return Past(state, row.died > bound, row.at, row.author, row.reason)


def list_entries(session: ReadSession, resource: Resource, key: int, query: PageQuery) -> Slice:
    """Return a page of the revisions of a resource and of its ends, newest first.

    A revision that takes up where another was left `follows` it; one that does not began, or began again.
    """
    revision, bound = resource.revision, _bound(session)
    other = aliased(revision)
    same = other.owner_id == revision.owner_id
    begun = select(
        revision.number,
        revision.born.label("change"),
        revision.restores,
        literal(0, Integer).label("is_end"),
        func.coalesce(select(1).where(same, other.died == revision.born).scalar_subquery(), 0).label("follows"),
    ).where(revision.owner_id == key, revision.born <= bound)
    ended = select(
        revision.number,
        revision.died.label("change"),
        literal(None, Integer),
        literal(1, Integer),
        literal(1, Integer),
    ).where(revision.owner_id == key, revision.died <= bound, ~exists().where(same, other.born == revision.died))
    entry = union_all(begun, ended).subquery()
    order = Order("change", entry.c.change, entry.c.number, descending=True)
    statement = (
        select(entry, Change.at, Change.author, Change.reason)
        .join(Change, Change.id == entry.c.change)
        .add_columns(order.column.label("_value"), order.key.label("_key"))
    )
    return cut(session, statement, query, order)


def contents(session: ReadSession, resource: Resource, key: int, numbers: Collection[int]) -> dict[int, Any]:
    """Return the stored documents of some revisions by number."""
    revision = resource.revision
    query = select(revision.number, revision.body).where(
        and_(revision.owner_id == key, revision.number.in_(sorted(numbers)))
    )
    return {row.number: orjson.loads(row.body) for row in session.all(query)}


def _bound(session: ReadSession) -> int:
    """Return the last change that a snapshot knows, however far that is."""
    return FOREVER - 1 if session.at is None else session.at
