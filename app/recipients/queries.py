"""The SELECTs over recipients."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from app.audit import User
from app.controllers.queries import find_controller_ids
from app.history.wording import Named
from app.platform.database import Query, ReadSession
from app.platform.revisions import State, alive, ended_since, find, find_keys, live_codes
from app.platform.shelf import Book
from app.recipients.schemas import RecipientQuery
from app.recipients.tables import RECIPIENTS, Recipient, RecipientRevision
from app.vocabularies.queries import find_term_ids, narrower


@dataclass(frozen=True)
class RecipientCard:
    """What answers say of a recipient."""

    id: int
    owner: int | None
    code: str
    name: str
    kind: str
    group_id: int | None
    seat: str | None


@dataclass(frozen=True)
class Recipients:
    """Every live recipient by key and by code."""

    by_id: dict[int, RecipientCard]
    by_code: dict[str, RecipientCard]


def _read_on(session: ReadSession, known: Recipients | None, since: int) -> Recipients:
    found = Recipients({}, {}) if known is None else Recipients(dict(known.by_id), dict(known.by_code))
    for row in session.all(ended_since(RECIPIENTS, since)):
        gone = found.by_id.pop(row.owner_id, None)
        if gone is not None:
            del found.by_code[gone.code]
    for row in session.all(_card_query(session).where(RecipientRevision.born > since)):
        found.by_id[row.id] = found.by_code[row.code] = _card(row)
    return found


RECIPIENT_BOOK: Final = Book("recipients", _read_on)


def find_recipient(session: ReadSession, reference: str) -> State:
    """Return a recipient by code or id, or raise NotFound."""
    return find(session, RECIPIENTS, reference)


def cards(session: ReadSession, ids: Iterable[int]) -> dict[int, RecipientCard]:
    """Return what answers say of recipients, by key."""
    wanted = sorted(set(ids))
    book = session.book(RECIPIENT_BOOK)
    if book is not None:
        return {key: book.by_id[key] for key in wanted if key in book.by_id}
    return {row.id: _card(row) for row in session.all(_card_query(session).where(Recipient.id.in_(wanted)))}


def cards_by_code(session: ReadSession, codes: Iterable[str]) -> dict[str, RecipientCard]:
    """Return what answers say of recipients that stored statements name, by code."""
    wanted = sorted(set(codes))
    book = session.book(RECIPIENT_BOOK)
    if book is not None:
        return {code: book.by_code[code] for code in wanted if code in book.by_code}
    query = _card_query(session).where(Recipient.code.in_(wanted))
    return {row.code: _card(row) for row in session.all(query)}


def _card(row: Any) -> RecipientCard:  # noqa: ANN401 - a row of _card_query
    return RecipientCard(row.id, row.controller_id, row.code, row.name, row.kind, row.group_id, row.seat)


def _card_query(session: ReadSession) -> Query:
    revision = RecipientRevision
    columns = (Recipient.id, Recipient.controller_id, Recipient.code)
    return (
        select(*columns, revision.name, revision.kind, revision.group_id, revision.seat)
        .join(revision, revision.owner_id == Recipient.id)
        .where(alive(revision, session.at))
    )


def named_recipients(session: ReadSession, codes: Collection[str]) -> dict[str, Named]:
    """Return recipients as words name them, by code."""
    found = cards_by_code(session, codes)
    return {code: Named(code, {"tr": card.name, "en": card.name}) for code, card in found.items()}


def resolve_recipients(session: ReadSession, codes: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """Return (key, owner) of live recipients by code."""
    book = session.book(RECIPIENT_BOOK)
    if book is not None:
        known = ((code, book.by_code.get(code)) for code in codes)
        return {code: (card.id, card.owner) for code, card in known if card and session.may_see(card.owner)}
    query = (
        select(Recipient.code, Recipient.id, Recipient.controller_id)
        .join(RecipientRevision, RecipientRevision.owner_id == Recipient.id)
        .where(Recipient.code.in_(sorted(set(codes))), alive(RecipientRevision, session.at))
    )
    return {row.code: (row.id, row.controller_id) for row in session.all(query)}


def belongs_to(session: ReadSession, recipient: int, other: int) -> bool:
    """Tell whether a recipient is another one, or belongs to it, all steps up."""
    seen, here = set[int](), recipient
    while here != other and here not in seen:
        seen.add(here)
        live = (RecipientRevision.owner_id == here, alive(RecipientRevision, session.at))
        here = session.value(select(RecipientRevision.parent_id).where(*live)) or here
    return here == other


def known_recipients(session: ReadSession) -> list[str]:
    """Return the codes of recipients, to say what is known."""
    return live_codes(session, RECIPIENTS)


def find_recipient_ids(session: ReadSession, references: Iterable[str], parameter: str) -> list[int]:
    """Return the keys of recipients that a filter names, or refuse the first unknown one."""
    named = list(references)
    known = resolve_recipients(session, named)
    if all(code in known for code in named):
        return [known[code][0] for code in named]
    return find_keys(session, RECIPIENTS, named, parameter, "recipients")


def conditions(session: ReadSession, query: RecipientQuery) -> list[ColumnElement[bool]]:
    """Translate the filters of recipients."""
    revision = RecipientRevision
    chosen: list[ColumnElement[bool]] = []
    if query.controller:
        chosen.append(Recipient.controller_id.in_(find_controller_ids(session, query.controller, "controller")))
    if query.kind:
        chosen.append(revision.kind.in_(query.kind))
    if query.group:
        ids = find_term_ids(session, "recipient_groups", query.group, "group")
        chosen.append(revision.group_id.in_(narrower(session, ids)))
    if query.seat:
        chosen.append(revision.seat.in_(query.seat))
    if query.parent:
        chosen.append(revision.parent_id.in_(find_recipient_ids(session, query.parent, "parent")))
    return chosen


def users_of_recipient(session: ReadSession, resource: str, key: int) -> list[User]:
    """Return recipients that stand in a group, belong to a recipient, or are a controller's own."""
    columns = {
        "term": RecipientRevision.group_id,
        "recipient": RecipientRevision.parent_id,
        "controller": Recipient.controller_id,
    }
    if resource not in columns:
        return []
    query = (
        select(Recipient.code)
        .join(RecipientRevision, RecipientRevision.owner_id == Recipient.id)
        .where(columns[resource] == key, alive(RecipientRevision, session.at))
        .order_by(Recipient.code)
    )
    return [User("recipient", row.code) for row in session.all(query)]
