"""Changes of controllers."""

from typing import Any

from app.audit import ChangeSession
from app.controllers.queries import find_controller
from app.controllers.schemas import ControllerWrite
from app.controllers.tables import CONTROLLERS
from app.platform.http import validated
from app.platform.problems import Duplicate, Immutable, Item
from app.platform.revisions import State, adopt, close, encode, revise
from app.platform.schemas import plain
from app.platform.text import search_fold, sort_key


def create_controller(session: ChangeSession, content: ControllerWrite) -> State:
    """Add a controller; refuse a code that is taken."""
    key = adopt(session, CONTROLLERS, content.code)
    if key is None:
        raise Duplicate(Item("duplicate", {"name": content.code}, pointer="/code"))
    return _write(session, key, content)


def replace_controller(session: ChangeSession, state: State, content: ControllerWrite) -> State:
    """Write a new revision of a controller; the same content changes nothing."""
    if content.code != state.code:
        raise Immutable(Item("code_fixed", {"name": state.code}, pointer="/code"))
    if plain(content) == state.document:
        return state
    return _write(session, state.id, content)


def restore_controller(session: ChangeSession, state: State | None, document: dict[str, Any]) -> State:
    """Write a controller as it once read, over its live state or where it has ended."""
    content = validated(ControllerWrite, document)
    return create_controller(session, content) if state is None else replace_controller(session, state, content)


def remove_controller(session: ChangeSession, state: State) -> None:
    """End a controller that owns nothing any more; like adding one, it is for administrators of all."""
    session.claim(None)
    session.refuse_if_used(CONTROLLERS.name, state.id, state.code)
    close(session, CONTROLLERS, state.id)
    session.touch(CONTROLLERS.name, state.id)


def _write(session: ChangeSession, key: int, content: ControllerWrite) -> State:
    name = content.short_name or content.legal_name or content.code
    words = [content.code, content.legal_name or "", content.short_name or ""]
    revise(
        session,
        CONTROLLERS,
        key,
        legal_name=content.legal_name,
        short_name=content.short_name,
        kind=content.kind,
        country=content.country,
        verbis_obligation=content.verbis_obligation,
        practice=content.practice,
        sort=sort_key(name),
        search=search_fold(" ".join(words)),
        body=encode(plain(content)),
    )
    session.touch(CONTROLLERS.name, key)
    return find_controller(session, content.code)
