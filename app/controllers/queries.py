"""The SELECTs over controllers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select

from app.controllers.schemas import ControllerQuery
from app.controllers.tables import CONTROLLERS, Controller, ControllerRevision
from app.platform.database import Query, ReadSession
from app.platform.problems import Invalid, Item, NotFound
from app.platform.revisions import State, alive, ended_since, find, find_keys, live_codes
from app.platform.shelf import Book

Name = tuple[int, str, str | None]  # key, code, and the legal name, else the short one


@dataclass(frozen=True)
class Controllers:
    """Every live controller by key and by code."""

    by_id: dict[int, Name]
    by_code: dict[str, Name]


def _read_on(session: ReadSession, known: Controllers | None, since: int) -> Controllers:
    found = Controllers({}, {}) if known is None else Controllers(dict(known.by_id), dict(known.by_code))
    for row in session.all(ended_since(CONTROLLERS, since)):
        gone = found.by_id.pop(row.owner_id, None)
        if gone is not None:
            del found.by_code[gone[1]]
    for row in session.all(_name_query(session).where(ControllerRevision.born > since)):
        found.by_id[row.id] = found.by_code[row.code] = (row.id, row.code, row.legal_name or row.short_name)
    return found


CONTROLLER_BOOK: Final = Book("controllers", _read_on)


def find_controller(session: ReadSession, reference: str, pointer: str | None = None) -> State:
    """Return a controller by code or id, or raise NotFound; at a place in a body, by code only."""
    if pointer is None:
        return find(session, CONTROLLERS, reference)
    try:
        return find(session, CONTROLLERS, reference, code=reference)
    except NotFound:
        values = {"name": reference, "where": "controllers"}
        allowed = known_codes(session)
        raise Invalid(Item("unknown_code", values, pointer=pointer, allowed=allowed)) from None


def known_codes(session: ReadSession) -> list[str]:
    """Return the codes of controllers, to say what is known."""
    return live_codes(session, CONTROLLERS)


def find_controller_ids(session: ReadSession, references: Iterable[str], parameter: str) -> list[int]:
    """Return the keys of controllers that a filter names, or refuse the first unknown one."""
    named = list(references)
    book = session.book(CONTROLLER_BOOK)
    known = {} if book is None else {code: book.by_code[code][0] for code in named if code in book.by_code}
    if all(code in known and session.may_see(known[code]) for code in named):
        return [known[code] for code in named]
    return find_keys(session, CONTROLLERS, named, parameter, "controllers")


def keys_of(session: ReadSession, codes: Collection[str]) -> frozenset[int]:
    """Return the keys of the controllers that have these codes; codes of none are left out."""
    query = select(Controller.id).where(Controller.code.in_(sorted(set(codes))))
    return frozenset(row.id for row in session.all(query))


def names(session: ReadSession, ids: Iterable[int]) -> dict[int, tuple[str, str | None]]:
    """Return (code, name) of controllers by key; the legal name, else the short one."""
    wanted = sorted(set(ids))
    book = session.book(CONTROLLER_BOOK)
    if book is not None:
        return {key: book.by_id[key][1:] for key in wanted if key in book.by_id}
    query = _name_query(session).where(Controller.id.in_(wanted))
    return {row.id: (row.code, row.legal_name or row.short_name) for row in session.all(query)}


def names_by_code(session: ReadSession, codes: Iterable[str]) -> dict[str, str | None]:
    """Return the names of controllers that stored things name, by code."""
    wanted = sorted(set(codes))
    book = session.book(CONTROLLER_BOOK)
    if book is not None:
        return {code: book.by_code[code][2] for code in wanted if code in book.by_code}
    query = _name_query(session).where(Controller.code.in_(wanted))
    return {row.code: row.legal_name or row.short_name for row in session.all(query)}


def _name_query(session: ReadSession) -> Query:
    return (
        select(Controller.id, Controller.code, ControllerRevision.legal_name, ControllerRevision.short_name)
        .join(ControllerRevision, ControllerRevision.owner_id == Controller.id)
        .where(alive(ControllerRevision, session.at))
    )


def conditions(query: ControllerQuery) -> list[ColumnElement[bool]]:
    """Translate the filters of controllers."""
    revision = ControllerRevision
    chosen = (
        (revision.kind, query.kind),
        (revision.country, query.country),
        (revision.verbis_obligation, query.verbis_obligation),
    )
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in chosen if values]
    if query.practice is not None:
        found.append(revision.practice.is_(query.practice))
    return found


def practising(at: int | None) -> Query:
    """SELECT of the keys of controllers that are for trying things out."""
    return select(ControllerRevision.owner_id).where(ControllerRevision.practice, alive(ControllerRevision, at))


def owner_of(code: str, controller: str | None, pointer: str = "/code") -> tuple[str, str | None]:
    """Return (code as addressed, owner): `genel` of `intense`, or `intense:genel`, is `intense:genel`."""
    prefix, _, bare = code.rpartition(":")
    if not prefix:
        return (code, None) if controller is None else (f"{controller}:{bare}", controller)
    if controller is not None and prefix != controller:
        values = {"name": code, "controller": controller}
        raise Invalid(Item("other_controller", values, pointer=pointer))
    return code, prefix
