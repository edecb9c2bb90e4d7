"""Verbs of history that all resources share; each room has its routes, and says how its resource is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from fastapi import Request, Response

from app.audit import ChangeSession
from app.audit.reading import travel
from app.history.differing import Document, Side, differences, summary
from app.history.reading import Past, Scope, contents, find_revision, list_entries, standing_at
from app.history.schemas import DiffQuery, RevisionEntry, RevisionsQuery
from app.history.wording import both
from app.platform.database import ReadSession
from app.platform.http import many, one, problems
from app.platform.listing import SingleQuery, instant
from app.platform.problems import Invalid, Item, NotRestorable
from app.platform.revisions import Resource, State, require_match

FIELDS: Final = list(RevisionEntry.model_fields)
RESTORES: Final = problems(404, 409, 412, 422, 428)


@dataclass(frozen=True)
class History:
    """What the history of a resource needs to know of it.

    `show` gives a state as answers show it, by the law of a day; `speak` a stored document with its codes named;
    `restore` writes a stored document again, over the live state or where there is none.
    """

    resource: Resource
    show: Callable[[ReadSession, State, date], Document]
    speak: Callable[[ReadSession, Document], Document]
    restore: Callable[[ChangeSession, State | None, Document], State]
    kinds: tuple[str, ...] = ()
    scope: Scope = ()

    def find(self, session: ReadSession, reference: str, number: int | None = None) -> Past:
        """Return a revision, the latest where no number is given."""
        return find_revision(session, self.resource, self.scope, reference, number)

    def side(self, session: ReadSession, past: Past) -> Side:
        """Return a revision for comparison, with names and labels as they were then."""
        with standing_at(session, past.state.born):
            spoken = self.speak(session, past.state.document)
            return Side(self.show(session, past.state, past.at.date()), spoken)


def list_revisions(
    request: Request, session: ReadSession, history: History, reference: str, query: RevisionsQuery
) -> Response:
    """Answer with a page of revisions and ends, newest first."""
    travel(session, query.as_of)
    key = history.find(session, reference).state.id
    page = list_entries(session, history.resource, key, query)
    numbers = {row.number - step for row in page.rows if not row.is_end for step in (0, 1)}
    bodies = contents(session, history.resource, key, numbers)
    items = [_entry(row, bodies, history.kinds) for row in page.rows]
    return many(request, items, FIELDS, query, next_cursor=page.next, total=page.total)


def _entry(row: Any, bodies: dict[int, Document], kinds: tuple[str, ...]) -> Document:  # noqa: ANN401 - a row
    action = "changed" if row.follows else "created"
    if row.is_end or row.restores is not None:
        action = "ended" if row.is_end else "restored"
    return {
        "number": row.number,
        "action": action,
        "at": instant(row.at),
        "author": row.author,
        "reason": row.reason,
        "change": row.change,
        "restores": row.restores,
        "summary": _summary(row, bodies, kinds),
    }


def _summary(row: Any, bodies: dict[int, Document], kinds: tuple[str, ...]) -> dict[str, str]:  # noqa: ANN401
    if row.is_end:
        return both(lambda speaker: speaker.phrase("ended"))
    changed = summary(bodies.get(row.number - 1, {}), bodies[row.number], kinds)
    name = None if row.follows else "created" if row.number == 1 else "created_again"
    if row.restores is not None:
        name = "restored"

    def say(speaker: Any) -> str:  # noqa: ANN401 - a speaker
        head = None if name is None else speaker.phrase(name, number=row.restores)
        return ": ".join(filter(None, (head, changed[speaker.language]))) or str(speaker.phrase("nothing_to_see"))

    return both(say)


def get_revision(
    request: Request,
    session: ReadSession,
    history: History,
    reference: str,
    number: int,
    query: SingleQuery,
) -> Response:
    """Answer with a resource as it read in one revision; `in_force` by the law of that day, unless `on` is given."""
    travel(session, query.as_of)
    past = history.find(session, reference, number)
    with standing_at(session, past.state.born):
        shown = history.show(session, past.state, getattr(query, "on", None) or past.at.date())
    return one(request, shown, number, query)


def diff_revisions(
    request: Request, session: ReadSession, history: History, reference: str, query: DiffQuery
) -> Response:
    """Answer with the differences between two revisions."""
    travel(session, query.as_of)
    to = history.find(session, reference, query.to)
    start = None
    if query.start is not None or to.state.number > 1:
        start = history.find(session, reference, query.start or to.state.number - 1)
    before = Side() if start is None else history.side(session, start)
    found = {
        "id": str(to.state.uid),
        "code": to.state.code,
        "from": None if start is None else start.side(),
        "to": to.side(),
        "differences": differences(before, history.side(session, to), history.kinds),
    }
    return one(request, found, to.state.number)


def restore_revision(
    request: Request,
    session: ChangeSession,
    history: History,
    reference: str,
    number: int,
    if_match: str | None,
) -> Response:
    """Make a new revision with the content of an earlier one, by the rules of a PUT; of what has ended too."""
    last = history.find(session, reference)
    require_match(last.state, if_match)
    past = history.find(session, reference, number)
    session.restoring[history.resource.name, last.state.id] = number
    try:
        state = history.restore(session, last.state if last.is_live else None, past.state.document)
    except Invalid as problem:
        raise NotRestorable(*(_named(item, number) for item in problem.items)) from problem
    return one(request, history.show(session, state, datetime.now(UTC).date()), state.number)


def _named(item: Item, number: int) -> Item:
    """Say of a code that is no longer known that it ended since then."""
    if item.code != "unknown_code":
        return item
    values = {"name": item.values["name"], "where": item.values["where"], "number": number}
    return Item("ended_since", values, pointer=item.pointer, allowed=item.allowed)
