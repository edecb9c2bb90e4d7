"""The SELECTs over recipients."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from app.audit import User
from app.controllers.queries import find_controller_ids
from app.history.wording import Named
from app.platform.database import ReadSession
from app.platform.revisions import State, alive, find, find_keys, live_codes
from app.recipients.schemas import RecipientQuery
from app.recipients.tables import RECIPIENTS, Recipient, RecipientRevision
from app.vocabularies.queries import find_term_ids, narrower


@dataclass(frozen=True)
class RecipientCard:
    """What answers say of a recipient."""

    code: str
    name: str
    kind: str
    group_id: int | None
    seat: str | None


def find_recipient(session: ReadSession, reference: str) -> State:
    """Return a recipient by code or id, or raise NotFound."""
    return find(session, RECIPIENTS, reference)


def cards(session: ReadSession, ids: Iterable[int]) -> dict[int, RecipientCard]:
    """Return what answers say of recipients, by key."""
    revision = RecipientRevision
    query = (
        select(Recipient.id, Recipient.code, revision.name, revision.kind, revision.group_id, revision.seat)
        .join(revision, revision.owner_id == Recipient.id)
        .where(Recipient.id.in_(sorted(set(ids))), alive(revision, session.at))
    )
    return {row.id: RecipientCard(row.code, row.name, row.kind, row.group_id, row.seat) for row in session.all(query)}


def named_recipients(session: ReadSession, codes: Collection[str]) -> dict[str, Named]:
    """Return recipients as words name them, by code."""
    keys = [key for key, _ in resolve_recipients(session, codes).values()]
    return {card.code: Named(card.code, {"tr": card.name, "en": card.name}) for card in cards(session, keys).values()}


def resolve_recipients(session: ReadSession, codes: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """Return (key, owner) of live recipients by code."""
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
    return find_keys(session, RECIPIENTS, references, parameter, "recipients")


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
