"""Lists that can be followed: with `changed_since` only what changed, oldest first, ends included.

Numbers of changes commit in order, so a follower who passes on `until` misses nothing, whatever is written meanwhile.
A filter that an item may come to match or to leave does not hide it: what changed and does not match is named as
such, because a follower may know it from before. Filters on what never changes (owner, vocabulary) do narrow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlalchemy import Column, ColumnElement, Integer, and_, case, exists, func, literal, or_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.sql import visitors

from app.audit.tables import Change
from app.history.schemas import FollowedQuery
from app.platform.database import Query, ReadSession
from app.platform.http import many
from app.platform.listing import Order, cut, instant, list_states
from app.platform.problems import Invalid, Item
from app.platform.revisions import Resource, State, alive, to_state
from app.platform.text import like_pattern

Entry = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """One page of a list: the states to be shown, and among them what is only named."""

    states: list[State]
    next: str | None
    total: int | None
    entries: list[Entry | None] = field(default_factory=list)
    until: int | None = None

    def filled(self, items: list[Entry]) -> tuple[list[Entry], set[int]]:
        """Put the shown items where they belong; return the places of what is only named beside them."""
        if not self.entries:
            return items, set()
        shown = iter(items)
        named = {place for place, entry in enumerate(self.entries) if entry is not None}
        return [next(shown) if entry is None else entry for entry in self.entries], named


def list_resources(
    session: ReadSession,
    resource: Resource,
    query: FollowedQuery,
    conditions: Sequence[ColumnElement[bool]],
    columns: Mapping[str, Any] | None = None,
) -> Listed:
    """Return one page of what there is, or of what changed since then."""
    if query.changed_since is not None:
        return _changes(session, resource, query, query.changed_since, conditions)
    page = list_states(session, resource, query, conditions, columns)
    return Listed(page.states, page.next, page.total)


def answer(request: Request, query: FollowedQuery, page: Listed, items: list[Entry], known: Sequence[str]) -> Response:
    """Answer with a page; what is only named comes whole, whatever `fields` says."""
    every, named = page.filled(items)
    beside = {} if page.until is None else {"until": page.until}
    return many(request, every, known, query, next_cursor=page.next, total=page.total, whole=named, **beside)


def _changes(
    session: ReadSession,
    resource: Resource,
    query: FollowedQuery,
    changed_since: int | datetime,
    conditions: Sequence[ColumnElement[bool]],
) -> Listed:
    if query.sort is not None:
        raise Invalid(Item("sorted_by_change", parameter="sort"))
    last, since = _numbers(session, changed_since)
    bound = last if session.at is None else session.at
    statement, order = _statement(session, resource, (since, bound), _filters(resource, query, conditions))
    part = cut(session, statement, query, order)
    entries = [_entry(row) for row in part.rows]
    states = [to_state(row) for row, entry in zip(part.rows, entries, strict=True) if entry is None]
    given = bound if part.next is None else part.rows[-1]._value - 1  # noqa: SLF001 - the label of `cut`
    return Listed(states, part.next, part.total, entries, max(since, given))


def _numbers(session: ReadSession, changed_since: int | datetime) -> tuple[int, int]:
    """Return the last change that there is, and the one that the caller names; refuse one that is still to come."""
    highest = func.coalesce(func.max(Change.id), 0)
    if isinstance(changed_since, int):
        last = int(session.value(select(highest)))
        if changed_since > last:
            if session.to_primary():
                return _numbers(session, changed_since)
            raise Invalid(Item("changed_since_ahead", {"number": last}, parameter="changed_since"))
        return last, changed_since
    then = select(highest).where(Change.at <= changed_since).scalar_subquery().label("then")
    (row,) = session.all(select(select(highest).scalar_subquery().label("last"), then, session.clock().label("now")))
    if changed_since > row.now:
        if session.to_primary():
            return _numbers(session, changed_since)
        raise Invalid(Item("changed_since_ahead", {"number": row.last}, parameter="changed_since"))
    return int(row.last), int(row.then)


def _filters(
    resource: Resource, query: FollowedQuery, conditions: Sequence[ColumnElement[bool]]
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    """Part the filters: those on what never changes of a resource, and those that it may come to match or to leave."""
    fixed = [one for one in conditions if _never_changes(one, resource)]
    passing = [one for one in conditions if not _never_changes(one, resource)]
    if query.q is not None:
        passing.append(resource.revision.search.like(like_pattern(query.q), escape="\\"))
    return fixed, passing


def _never_changes(condition: ColumnElement[bool], resource: Resource) -> bool:
    columns = (one for one in visitors.iterate(condition) if isinstance(one, Column))
    return {column.table.name for column in columns} == {resource.identity.__table__.name}


def _statement(
    session: ReadSession,
    resource: Resource,
    span: tuple[int, int],
    filters: tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]],
) -> tuple[Query, Order]:
    """SELECT of what lives and changed in a span of changes, and of what ended in it and did not come back."""
    identity, revision = resource.identity, resource.revision
    (since, bound), (fixed, passing) = span, filters
    later = aliased(revision)
    came_back = exists().where(
        later.owner_id == revision.owner_id, later.number == revision.number + 1, later.born <= bound
    )
    changed = case((revision.died <= bound, revision.died), else_=revision.born)
    order = Order("changed", changed, identity.id, descending=False)
    statement = (
        select(
            *(identity.id, identity.uid, identity.code, revision.number, revision.born, revision.body),
            Change.at.label("ended"),
            case((and_(true(), *passing), literal(1, Integer)), else_=literal(0, Integer)).label("is_match"),
            changed.label("_value"),
            identity.id.label("_key"),
        )
        .join(revision, revision.owner_id == identity.id)
        .outerjoin(Change, and_(Change.id == revision.died, Change.id <= bound))
        .where(
            or_(
                and_(alive(revision, session.at), revision.born > since),
                and_(revision.died > since, revision.died <= bound, ~came_back),
            ),
            *fixed,
        )
    )
    return statement, order


def _entry(row: Any) -> Entry | None:  # noqa: ANN401 - a row of _statement
    """Name what ended or does not match; None for what is shown."""
    name = {"id": str(row.uid), "code": row.code, "revision": row.number}
    if row.ended is not None:
        return {**name, "deleted": True, "deleted_at": instant(row.ended)}
    return None if row.is_match else {**name, "matches": False}
