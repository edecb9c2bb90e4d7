"""Changes of documents, and the declarations that the server makes where a caller names no document."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert

from app.audit import ChangeSession
from app.controllers.queries import find_controller, owner_of
from app.documents.queries import DocumentKey, find_document, known_documents, resolve_documents, stands_under
from app.documents.schemas import DocumentWrite
from app.documents.tables import (
    DOCUMENTS,
    DocumentChannel,
    DocumentLink,
    DocumentPrint,
    DocumentTerm,
)
from app.platform.http import validated
from app.platform.problems import Duplicate, Immutable, Invalid, Item, UnknownCode
from app.platform.revisions import State, adopt, close, encode, revise
from app.platform.schemas import plain
from app.platform.text import search_fold, sort_key
from app.vocabularies.queries import allowed_codes, resolve

RELATIONS: Final = ("version_of", "language_version_of", "supplements")
LISTS: Final = ("application_channels", "rights")


@dataclass(frozen=True)
class Place:
    """The keys around a document."""

    code: str
    controller: str
    controller_id: int
    links: dict[str, int]
    terms: list[dict[str, Any]]


def create_document(session: ChangeSession, content: DocumentWrite, origin: str = "source") -> State:
    """Add a document; refuse a code that is taken."""
    place = _place(session, content)
    key = adopt(session, DOCUMENTS, place.code, controller_id=place.controller_id)
    if key is None:
        raise Duplicate(Item("duplicate", {"name": place.code}, pointer="/code"))
    return _write(session, key, place, content, origin)


def replace_document(session: ChangeSession, state: State, content: DocumentWrite) -> State:
    """Write a new revision of a document; the same content changes nothing."""
    place = _place(session, content)
    if place.code != state.code:
        raise Immutable(Item("code_fixed", {"name": state.code}, pointer="/code"))
    for name, target in place.links.items():
        if stands_under(session, target, state.id):
            raise Invalid(Item("cycle", {"name": state.code}, pointer=f"/{name}"))
    origin = state.document["origin"]
    if _document(place, content, origin) == state.document:
        return state
    return _write(session, state.id, place, content, origin)


def save_document(session: ChangeSession, content: DocumentWrite) -> State:
    """Add a document or bring it to this content."""
    code, _ = owner_of(content.code, content.controller)
    if code in resolve_documents(session, [code]):
        return replace_document(session, find_document(session, code), content)
    return create_document(session, content, _origin_of(content))


def _origin_of(content: DocumentWrite) -> str:
    return "declaration" if content.kind == "declaration" else "source"


def restore_document(session: ChangeSession, state: State | None, document: dict[str, Any]) -> State:
    """Write a document as it once read, over its live state or where it has ended."""
    content = validated(DocumentWrite, document)
    if state is None:
        return create_document(session, content, document["origin"])
    return replace_document(session, state, content)


def remove_document(session: ChangeSession, state: State) -> None:
    """End a document that nothing cites any more."""
    session.refuse_if_used(DOCUMENTS.name, state.id, state.code)
    close(session, DOCUMENTS, state.id)
    session.touch(DOCUMENTS.name, state.id)


def declare(session: ChangeSession, controller: str) -> DocumentKey:
    """Make the declaration that stands for what a caller says without naming a document; one per change."""
    first, number = f"{controller}:beyan-{session.change}", 1
    while True:
        content = _declaration(session, controller, first if number == 1 else f"{first}-{number}")
        known = resolve_documents(session, [content.code])
        if not known:
            made = create_document(session, content, "declaration")
            return DocumentKey(made.id, made.code, find_controller(session, controller).id)
        state = find_document(session, content.code)
        if state.born == session.change and DocumentWrite.model_validate(state.document) == content:
            return known[content.code]
        number += 1


def _declaration(session: ChangeSession, controller: str, code: str) -> DocumentWrite:
    day = session.moment.date()
    return DocumentWrite(
        code=code,
        controller=controller,
        kind="declaration",
        title=f"Beyan, {session.author}, {day.isoformat()}",
        date=day,
        language="tr",
        note=session.reason,
    )


def _place(session: ChangeSession, content: DocumentWrite) -> Place:
    code, owner = owner_of(content.code, content.controller)
    controller = find_controller(session, owner or content.controller, "/controller")
    links, items = _links(session, content, controller)
    terms, more = _terms(session, content, controller)
    if items or more:
        raise UnknownCode(*items, *more)
    return Place(code, controller.code, controller.id, links, terms)


def _links(session: ChangeSession, content: DocumentWrite, controller: State) -> tuple[dict[str, int], list[Item]]:
    wanted = {name: getattr(content, name) for name in RELATIONS if getattr(content, name)}
    full = {name: owner_of(code, controller.code, f"/{name}")[0] for name, code in wanted.items()}
    found = resolve_documents(session, list(full.values()))
    items = [
        Item(
            "unknown_code",
            {"name": wanted[name], "where": "documents"},
            pointer=f"/{name}",
            allowed=known_documents(session, controller.id),
        )
        for name, code in full.items()
        if code not in found
    ]
    return {name: found[code].id for name, code in full.items() if code in found}, items


def _terms(
    session: ChangeSession, content: DocumentWrite, controller: State
) -> tuple[list[dict[str, Any]], list[Item]]:
    """Resolve audience, definitions and rights to rows, or to problems that name their place."""
    rights = content.prints.rights.members if content.prints.rights else []
    wanted: list[tuple[str, int, str, str, str, dict[str, Any]]] = [
        ("audience", i, "data_subject_categories", code, f"/audience/{i}", {})
        for i, code in enumerate(content.audience)
    ]
    wanted += [
        (
            "definition",
            i,
            d.vocabulary,
            d.term,
            f"/defines/{i}/term",
            {"as_stated": d.as_stated, "locator": d.locator},
        )
        for i, d in enumerate(content.defines)
    ]
    wanted += [
        (
            "right",
            i,
            "data_subject_rights",
            right.code,
            f"/prints/rights/members/{i}/code",
            right.model_dump(include={"state", "as_stated", "letter", "locator"}),
        )
        for i, right in enumerate(rights)
    ]
    found = resolve(session, [(vocabulary, code) for _, _, vocabulary, code, _, _ in wanted])
    rows, items = [], []
    for role, position, vocabulary, code, pointer, extra in wanted:
        term = found.get((vocabulary, code))
        if term is None:
            values = {"name": code, "where": vocabulary}
            allowed = allowed_codes(session, vocabulary, controller.id)
            items.append(Item("unknown_code", values, pointer=pointer, allowed=allowed))
        elif term[1] not in {None, controller.id}:
            values = {"name": code, "controller": controller.code}
            items.append(Item("other_controller", values, pointer=pointer))
        else:
            rows.append({"role": role, "position": position, "term_id": term[0], **extra})
    return rows, items


def _document(place: Place, content: DocumentWrite, origin: str) -> dict[str, Any]:
    document = plain(content) | {"code": place.code, "controller": place.controller, "origin": origin}
    for name in RELATIONS:
        if document[name] is not None:
            document[name] = owner_of(document[name], place.controller)[0]
    return document


def _write(session: ChangeSession, key: int, place: Place, content: DocumentWrite, origin: str) -> State:
    revision, _ = revise(
        session,
        DOCUMENTS,
        key,
        title=content.title,
        kind=content.kind,
        status=content.status,
        origin=origin,
        language=content.language,
        date=content.date,
        effective_from=content.effective_from,
        effective_to=content.effective_to,
        channel=content.channel,
        sort=sort_key(content.title),
        search=search_fold(f"{place.code} {content.title}"),
        body=encode(_document(place, content, origin)),
    )
    for relation, target in place.links.items():
        values = {"revision_id": revision, "relation": relation, "document_id": target}
        session.execute(insert(DocumentLink).values(**values))
    for row in place.terms:
        session.execute(insert(DocumentTerm).values(revision_id=revision, **row))
    _write_prints(session, revision, content)
    session.touch(DOCUMENTS.name, key)
    return find_document(session, place.code)


def _write_prints(session: ChangeSession, revision: int, content: DocumentWrite) -> None:
    for field in type(content.prints).model_fields:
        printed = getattr(content.prints, field)
        if printed is None:
            continue
        value = None if field in LISTS or printed.value is None else str(printed.value)
        values = {"field": field, "state": printed.state, "value": value, "locator": printed.locator}
        session.execute(insert(DocumentPrint).values(revision_id=revision, **values))
    channels = content.prints.application_channels
    for position, channel in enumerate(channels.members if channels else []):
        values = {"position": position, **channel.model_dump()}
        session.execute(insert(DocumentChannel).values(revision_id=revision, **values))
