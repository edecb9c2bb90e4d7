"""Changes of recipients."""

from dataclasses import dataclass
from typing import Any

from app.audit import ChangeSession
from app.controllers.queries import find_controller, owner_of
from app.platform.http import validated
from app.platform.problems import Duplicate, Immutable, Invalid, Item, UnknownCode
from app.platform.revisions import State, adopt, close, encode, revise
from app.platform.schemas import plain
from app.platform.text import search_fold, sort_key
from app.recipients.queries import belongs_to, find_recipient, known_recipients, resolve_recipients
from app.recipients.schemas import RecipientWrite
from app.recipients.tables import RECIPIENTS
from app.vocabularies.queries import allowed_codes, resolve


@dataclass(frozen=True)
class Place:
    """The keys around a recipient."""

    code: str
    controller: str | None
    controller_id: int | None
    group_id: int | None
    parent_id: int | None


def create_recipient(session: ChangeSession, content: RecipientWrite) -> State:
    """Add a recipient; refuse a code that is taken."""
    place = _place(session, content)
    key = adopt(session, RECIPIENTS, place.code, controller_id=place.controller_id)
    if key is None:
        raise Duplicate(Item("duplicate", {"name": place.code}, pointer="/code"))
    return _write(session, key, place, content)


def replace_recipient(session: ChangeSession, state: State, content: RecipientWrite) -> State:
    """Write a new revision of a recipient; the same content changes nothing."""
    place = _place(session, content)
    if place.code != state.code:
        raise Immutable(Item("code_fixed", {"name": state.code}, pointer="/code"))
    if place.parent_id is not None and belongs_to(session, place.parent_id, state.id):
        raise Invalid(Item("cycle", {"name": state.code}, pointer="/parent"))
    if _document(place, content) == state.document:
        return state
    return _write(session, state.id, place, content)


def save_recipient(session: ChangeSession, content: RecipientWrite) -> State:
    """Add a recipient or bring it to this content."""
    code, _ = owner_of(content.code, content.controller)
    if code in resolve_recipients(session, [code]):
        return replace_recipient(session, find_recipient(session, code), content)
    return create_recipient(session, content)


def restore_recipient(session: ChangeSession, state: State | None, document: dict[str, Any]) -> State:
    """Write a recipient as it once read, over its live state or where it has ended."""
    content = validated(RecipientWrite, document)
    return create_recipient(session, content) if state is None else replace_recipient(session, state, content)


def remove_recipient(session: ChangeSession, state: State) -> None:
    """End a recipient that nothing uses any more."""
    session.refuse_if_used(RECIPIENTS.name, state.id, state.code)
    close(session, RECIPIENTS, state.id)
    session.touch(RECIPIENTS.name, state.id)


def _place(session: ChangeSession, content: RecipientWrite) -> Place:
    code, owner = owner_of(content.code, content.controller)
    owner_id = None if owner is None else find_controller(session, owner, "/controller").id
    group_id = parent_id = None
    if content.group is not None:
        name = ("recipient_groups", content.group)
        found = resolve(session, [name])
        allowed = allowed_codes(session, "recipient_groups", owner_id) if name not in found else None
        group_id = _reachable(found.get(name), content.group, "recipient_groups", owner, owner_id, "/group", allowed)
    if content.parent is not None:
        recipients = resolve_recipients(session, [content.parent])
        allowed = known_recipients(session) if content.parent not in recipients else None
        parent_id = _reachable(
            recipients.get(content.parent), content.parent, "recipients", owner, owner_id, "/parent", allowed
        )
    return Place(code, owner, owner_id, group_id, parent_id)


def _reachable(
    found: tuple[int, int | None] | None,
    name: str,
    where: str,
    owner: str | None,
    owner_id: int | None,
    pointer: str,
    allowed: list[str] | None,
) -> int:
    if found is None:
        raise UnknownCode(Item("unknown_code", {"name": name, "where": where}, pointer=pointer, allowed=allowed))
    if found[1] not in {None, owner_id}:
        values = {"name": name, "controller": owner or "—", "where": "recipient"}
        code = "other_controller" if owner else "common_needs_no_controller"
        raise Invalid(Item(code, values, pointer=pointer))
    return found[0]


def _document(place: Place, content: RecipientWrite) -> dict[str, Any]:
    return plain(content) | {"code": place.code, "controller": place.controller}


def _write(session: ChangeSession, key: int, place: Place, content: RecipientWrite) -> State:
    revise(
        session,
        RECIPIENTS,
        key,
        name=content.name,
        kind=content.kind,
        group_id=place.group_id,
        seat=content.seat,
        parent_id=place.parent_id,
        sort=sort_key(content.name),
        search=search_fold(" ".join([place.code, content.name, content.name_en or ""])),
        body=encode(_document(place, content)),
    )
    session.touch(RECIPIENTS.name, key)
    return find_recipient(session, place.code)
