"""Changes of whole activities: one request, one transaction; unchanged statements keep their rows."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import update

from app.activities.queries import LiveStatement, exists_activity, find_activity, live_statements
from app.activities.references import Keys, resolve_references
from app.activities.rows import as_stated_labels, child_rows, statement_row
from app.activities.schemas import KINDS, ActivityWrite, Kind, Statement
from app.activities.tables import ACTIVITIES, BELOW, StatementRow
from app.audit import ChangeSession
from app.controllers.queries import find_controller, owner_of
from app.documents.service import declare
from app.platform.database import Base
from app.platform.http import validated
from app.platform.problems import Duplicate, Immutable, Invalid, Item, NotFound, Problem
from app.platform.revisions import FOREVER, State, adopt, close, encode, revise
from app.platform.schemas import plain
from app.platform.text import search_fold, sort_key

Live = dict[tuple[str, str], LiveStatement]


def create_activity(session: ChangeSession, content: ActivityWrite) -> State:
    """Add a whole activity; refuse a code that is taken."""
    code, owner = owner_of(content.code, content.controller)
    controller = find_controller(session, owner or content.controller, "/controller")
    if exists_activity(session, code):
        raise Duplicate(Item("duplicate", {"name": code}, pointer="/code"))
    content, keys = _completed(session, content, code, controller, {})
    key = adopt(session, ACTIVITIES, code, controller_id=controller.id)
    if key is None:
        raise Duplicate(Item("duplicate", {"name": code}, pointer="/code"))
    return _write(session, key, controller.id, content, keys, {})


def replace_activity(session: ChangeSession, state: State, content: ActivityWrite) -> State:
    """Bring an activity to this content as a new revision; the same content changes nothing."""
    code, owner = owner_of(content.code, content.controller)
    if code != state.code:
        raise Immutable(Item("code_fixed", {"name": state.code}, pointer="/code"))
    controller = find_controller(session, owner or content.controller, "/controller")
    live = live_statements(session, state.id)
    content, keys = _completed(session, content, code, controller, live)
    if plain(content) == state.document:
        return state
    return _write(session, state.id, controller.id, content, keys, live, state.uid)


def save_activity(session: ChangeSession, content: ActivityWrite) -> State:
    """Add an activity or bring it to this content."""
    code, _ = owner_of(content.code, content.controller)
    if exists_activity(session, code):
        return replace_activity(session, find_activity(session, code), content)
    return create_activity(session, content)


def restore_activity(session: ChangeSession, state: State | None, document: dict[str, Any]) -> State:
    """Write an activity as it once read, over its live state or where it has ended."""
    content = validated(ActivityWrite, document)
    return create_activity(session, content) if state is None else replace_activity(session, state, content)


def remove_activity(session: ChangeSession, state: State) -> None:
    """End an activity with all its statements."""
    live = live_statements(session, state.id)
    close(session, ACTIVITIES, state.id)
    _close_statements(session, list(live.values()))
    session.touch(ACTIVITIES.name, state.id)


def put_statement(session: ChangeSession, state: State, kind: Kind, key: str, statement: Statement) -> State:
    """Add or replace one statement of an activity."""
    if statement.key is not None and statement.key != key:
        raise Immutable(Item("code_fixed", {"name": key}, pointer="/key"))
    content = ActivityWrite.model_validate(state.document)
    statements: list[Statement] = list(getattr(content, kind))
    named = statement.model_copy(update={"key": key})
    place = next((index for index, known in enumerate(statements) if known.key == key), len(statements))
    statements[place : place + 1] = [named]
    try:
        return replace_activity(session, state, content.model_copy(update={kind: statements}))
    except Problem as problem:
        prefix = f"/{kind}/{place}"
        items = (replace(item, pointer=(item.pointer or "").removeprefix(prefix)) for item in problem.items)
        raise type(problem)(*items) from None


def remove_statement(session: ChangeSession, state: State, kind: Kind, key: str) -> State:
    """End one statement of an activity."""
    content = ActivityWrite.model_validate(state.document)
    kept = [known for known in getattr(content, kind) if known.key != key]
    if len(kept) == len(getattr(content, kind)):
        raise NotFound(Item("no_such_statement", {"name": key, "where": kind}))
    return replace_activity(session, state, content.model_copy(update={kind: kept}))


def _completed(
    session: ChangeSession, content: ActivityWrite, code: str, controller: State, live: Live
) -> tuple[ActivityWrite, Keys]:
    """Give every statement its key and its document, and resolve every code."""
    changes: dict[str, Any] = {"code": code, "controller": controller.code}
    for kind in KINDS:
        changes[kind] = _with_keys(kind, getattr(content, kind))
    named = content.model_copy(update=changes)
    kept = named.model_copy(update={kind: _documented(named, kind, controller, live) for kind in KINDS})
    keys = resolve_references(session, kept, controller)
    if all(statement.document is not None for kind in KINDS for statement in getattr(kept, kind)):
        return kept, keys
    declared = declare(session, controller.code)
    return (
        kept.model_copy(update={kind: _declared(getattr(kept, kind), declared.code) for kind in KINDS}),
        replace(keys, documents={**keys.documents, declared.code: declared}),
    )


def _with_keys(kind: str, statements: list[Statement]) -> list[Statement]:
    used: set[str] = set()
    for index, statement in enumerate(statements):
        if statement.key in used:
            raise Invalid(Item("ambiguous_code", {"name": statement.key}, pointer=f"/{kind}/{index}/key"))
        if statement.key is not None:
            used.add(statement.key)
    number, result = 0, []
    for statement in statements:
        key = statement.key
        while key is None:
            number += 1
            candidate = f"{kind.removesuffix('s')}-{number}"
            if candidate not in used:
                key = candidate
        result.append(statement.model_copy(update={"key": key}))
    return result


def _documented(content: ActivityWrite, kind: str, controller: State, live: Live) -> list[Statement]:
    """Name documents in full; a statement that names none keeps the one that it had."""
    result = []
    for index, statement in enumerate(getattr(content, kind)):
        document = statement.document
        known = live.get((kind, statement.key))
        if document is not None:
            document, _ = owner_of(document, controller.code, f"/{kind}/{index}/document")
        elif known is not None:
            document = _document_code(known)
        result.append(statement.model_copy(update={"document": document}))
    return result


def _declared(statements: list[Statement], declaration: str) -> list[Statement]:
    """Let statements without a document rest on a new declaration."""
    return [
        statement if statement.document else statement.model_copy(update={"document": declaration})
        for statement in statements
    ]


def _document_code(known: LiveStatement) -> str:
    return str(orjson.loads(known.body)["document"])


def _write(
    session: ChangeSession,
    key: int,
    controller_id: int,
    content: ActivityWrite,
    keys: Keys,
    live: Live,
    uid: UUID | None = None,
) -> State:
    document = plain(content)
    name = content.name
    words = [content.code, name.tr, name.en, content.description or "", *as_stated_labels(document)]
    _, number = revise(
        session,
        ACTIVITIES,
        key,
        name_tr=name.tr,
        name_en=name.en,
        scope=content.scope,
        sort=sort_key(name.tr),
        search=search_fold(" ".join(words)),
        body=encode(document),
    )
    fresh: list[tuple[Statement, dict[str, Any]]] = []
    kept: set[tuple[str, str]] = set()
    for kind in KINDS:
        for statement in getattr(content, kind):
            row = statement_row(kind, statement, keys)
            known = live.get((kind, row["key"]))
            if known is not None and known.body == row["body"]:
                kept.add((kind, row["key"]))
                continue
            owner = {"activity_id": key, "controller_id": controller_id, "born": session.change}
            fresh.append((statement, row | owner))
    _close_statements(session, [known for name_, known in live.items() if name_ not in kept])
    _insert_statements(session, fresh, keys)
    session.touch(ACTIVITIES.name, key)
    uid = uid or session.fresh.get((ACTIVITIES.name, key))
    if uid is None:
        return find_activity(session, content.code)
    return State(key, uid, content.code, number, session.change, document)


def _close_statements(session: ChangeSession, gone: list[LiveStatement]) -> None:
    for statement in gone:
        session.touch("document", statement.document_id)
    ids = [statement.id for statement in gone]
    for start in range(0, len(ids), 500):
        session.execute(
            update(StatementRow)
            .where(StatementRow.id.in_(ids[start : start + 500]), StatementRow.died == FOREVER)
            .values(died=session.change)
        )


def _insert_statements(session: ChangeSession, fresh: list[tuple[Statement, dict[str, Any]]], keys: Keys) -> None:
    """Insert statements and everything below them, table by table."""
    if not fresh:
        return
    rows = [row for _, row in fresh]
    ids = session.insert_rows(StatementRow, rows)
    below: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in BELOW}
    for (statement, row), identity in zip(fresh, ids, strict=True):
        session.touch("document", row["document_id"])
        for table, child in child_rows(statement, keys):
            below[table].append({"statement_id": identity, **child})
    for table, children in below.items():
        session.insert_rows(table, children)
