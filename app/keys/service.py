"""Makes and revokes keys; both are changes like any other."""

from datetime import UTC, datetime

from sqlalchemy import insert, update

from app.audit import ChangeSession
from app.auth.keys import exists_any
from app.auth.secrets import Secret, new_secret
from app.auth.tables import ApiKey, ApiKeyController
from app.controllers.queries import find_controller
from app.keys.queries import NAME, KeyState
from app.keys.schemas import KeyWrite
from app.platform.problems import Invalid, Item
from app.platform.revisions import FOREVER
from app.platform.text import search_fold, sort_key


def create_key(session: ChangeSession, content: KeyWrite, *, has_issuer: bool = False) -> Secret:
    """Make a key and return it, secret included, this once."""
    is_for_all = content.controllers == "all"
    if content.expires_at is not None and content.expires_at <= datetime.now(UTC):
        raise Invalid(Item("in_the_past", pointer="/expires_at"))
    if not (has_issuer or (content.role == "admin" and is_for_all)) and not _is_there_any(session):
        raise Invalid(Item("first_key", pointer="/role"))
    owners = [] if is_for_all else _owners(session, list(content.controllers))
    if is_for_all:
        session.claim(None)
    secret = new_secret()
    row = insert(ApiKey).values(
        code=secret.code,
        digest=secret.digest,
        name=content.name,
        sort=sort_key(content.name),
        search=search_fold(content.name),
        role=content.role,
        is_for_all=is_for_all,
        expires_at=content.expires_at,
        born=session.change,
        died=FOREVER,
    )
    key = session.insert(row)
    if owners:
        session.execute(insert(ApiKeyController), [{"key_id": key, "controller_id": owner} for owner in owners])
    session.touch(NAME, key)
    return secret


def revoke_key(session: ChangeSession, state: KeyState) -> None:
    """End a key; what was written with it stays, and so does its name beside it. Revoked twice is revoked."""
    ending = update(ApiKey).where(ApiKey.id == state.id, ApiKey.died == FOREVER)
    if state.document["revoked_at"] is None:
        session.execute(ending.values(died=session.change))
        session.touch(NAME, state.id)


def _owners(session: ChangeSession, codes: list[str]) -> list[int]:
    found = {find_controller(session, code, f"/controllers/{index}").id for index, code in enumerate(codes)}
    return sorted(found)


def _is_there_any(session: ChangeSession) -> bool:
    with session.unscoped():
        return exists_any(session)
