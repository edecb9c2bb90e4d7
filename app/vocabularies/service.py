"""Changes of terms: saved as revisions, with the closure of what stands under what kept beside them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from app.audit import ChangeSession
from app.controllers.queries import find_controller, owner_of
from app.platform.problems import Duplicate, Immutable, Invalid, Item, UnknownCode
from app.platform.revisions import FOREVER, State, adopt, alive, close, encode, find, revise
from app.platform.schemas import plain
from app.platform.text import search_fold, sort_key
from app.vocabularies.queries import MOST_ALLOWED, allowed_codes, closures, resolve
from app.vocabularies.schemas import ItemWrite, SeedTerm, TermWrite
from app.vocabularies.tables import TERMS, ItemCategory, TermBroader


@dataclass(frozen=True)
class Place:
    """Where a term belongs: its code as addressed, its owner, and the codes around it as keys."""

    code: str
    kind: str
    controller: str | None
    controller_id: int | None
    under: list[int]
    categories: list[int]


def find_term(session: ChangeSession, vocabulary: str, reference: str) -> State:
    """Return a live term, or raise NotFound."""
    return find(session, TERMS, reference, vocabulary=vocabulary)


def create_term(session: ChangeSession, vocabulary: str, content: TermWrite) -> State:
    """Add a controller's own term, or a common one; refuse a code that is taken."""
    place = _place(session, vocabulary, content)
    owner = {"vocabulary": vocabulary, "kind": place.kind, "controller_id": place.controller_id}
    key = adopt(session, TERMS, place.code, **owner)
    if key is None:
        raise Duplicate(Item("duplicate", {"name": place.code}, pointer="/code"))
    return _write(session, vocabulary, key, place, content, _document(vocabulary, place, content))


def replace_term(session: ChangeSession, vocabulary: str, state: State, content: TermWrite) -> State:
    """Write a new revision of a term; the same content changes nothing."""
    if state.document["kind"] == "official" and not isinstance(content, SeedTerm):
        raise Immutable(Item("official_term", {"name": state.code}))
    if isinstance(content, SeedTerm) and state.document.get("is_edited"):
        return state  # A common term that was edited here stays so when the product brings a new version.
    place = _place(session, vocabulary, content)
    if place.code != state.code:
        raise Immutable(Item("code_fixed", {"name": state.code}, pointer="/code"))
    document = _document(vocabulary, place, content)
    if not isinstance(content, SeedTerm) and "order" in state.document:
        document = {**state.document, **document, "is_edited": True, "kind": state.document["kind"]}
        if {**document, "is_edited": state.document.get("is_edited")} == {
            "is_edited": None,
            **state.document,
        }:
            return state
    if document == state.document:
        return state
    return _write(session, vocabulary, state.id, place, content, document)


def save_term(session: ChangeSession, vocabulary: str, content: TermWrite) -> tuple[State, bool]:
    """Add a term or bring it to this content; the second value tells whether it is new."""
    code, _ = _owned_code(content)
    query = find_or_none(session, vocabulary, code)
    if query is None:
        return create_term(session, vocabulary, content), True
    return replace_term(session, vocabulary, query, content), False


def bring_back_term(session: ChangeSession, state: State | None, content: TermWrite, old: dict[str, Any]) -> State:
    """Write a term as it once read, what only the product may say of it included; a live one is replaced."""
    if old["kind"] == "official":
        raise Immutable(Item("official_term", {"name": old["code"]}))
    vocabulary = old["vocabulary"]
    place = _place(session, vocabulary, content)
    document = {**old, **_document(vocabulary, place, content), "kind": old["kind"]}
    if "order" in old:
        document["is_edited"] = True
    if state is not None:
        same = {**document, "is_edited": state.document.get("is_edited")} == {"is_edited": None, **state.document}
        return state if same else _write(session, vocabulary, state.id, place, content, document)
    owner = {"vocabulary": vocabulary, "kind": place.kind, "controller_id": place.controller_id}
    key = adopt(session, TERMS, place.code, **owner)
    if key is None:
        raise Duplicate(Item("duplicate", {"name": place.code}, pointer="/code"))
    return _write(session, vocabulary, key, place, content, document)


def find_or_none(session: ChangeSession, vocabulary: str, code: str) -> State | None:
    """Return a live term, or None."""
    if (vocabulary, code) not in resolve(session, [(vocabulary, code)]):
        return None
    return find_term(session, vocabulary, code)


def remove_term(session: ChangeSession, state: State) -> None:
    """End a term that nothing uses any more."""
    if state.document["kind"] == "official":
        raise Immutable(Item("official_term", {"name": state.code}))
    session.refuse_if_used(TERMS.name, state.id, state.code)
    close(session, TERMS, state.id)
    for table, column in ((TermBroader, TermBroader.term_id), (ItemCategory, ItemCategory.item_id)):
        session.execute(update(table).where(column == state.id, table.died == FOREVER).values(died=session.change))
    session.touch("term", state.id)


def _owned_code(content: TermWrite) -> tuple[str, str | None]:
    return owner_of(content.code, content.controller)


def _place(session: ChangeSession, vocabulary: str, content: TermWrite) -> Place:
    code, owner = _owned_code(content)
    controller_id = None if owner is None else find_controller(session, owner, "/controller").id
    kind = content.kind if isinstance(content, SeedTerm) else "common" if owner is None else "controller"
    categories = list(content.categories) if isinstance(content, ItemWrite) else []
    wanted = [(vocabulary, name) for name in content.under]
    wanted += [("data_categories", name) for name in categories]
    found = resolve(session, wanted)
    items = []
    for position, name in enumerate(wanted):
        field, index = (
            ("under", position) if position < len(content.under) else ("categories", position - len(content.under))
        )
        pointer = f"/{field}/{index}"
        if name not in found:
            values = {"name": name[1], "where": name[0]}
            allowed = allowed_codes(session, name[0], controller_id)[:MOST_ALLOWED]
            items.append(Item("unknown_code", values, pointer=pointer, allowed=allowed))
        elif found[name][1] not in {None, controller_id}:
            values = {"name": name[1], "controller": owner or "—"}
            items.append(Item("other_controller", values, pointer=pointer))
    if items:
        raise UnknownCode(*items)
    under = [found[vocabulary, name][0] for name in content.under]
    homes = [found["data_categories", name][0] for name in categories]
    return Place(code, kind, owner, controller_id, under, homes)


def _document(vocabulary: str, place: Place, content: TermWrite) -> dict[str, Any]:
    document = plain(content)
    document |= {"vocabulary": vocabulary, "code": place.code, "kind": place.kind}
    if place.controller is not None:
        document["controller"] = place.controller
    return document


def _write(
    session: ChangeSession,
    vocabulary: str,
    key: int,
    place: Place,
    content: TermWrite,
    document: dict[str, Any],
) -> State:
    label = content.label
    revise(
        session,
        TERMS,
        key,
        label_tr=label.tr,
        label_en=label.en,
        law_ref=content.law_ref,
        position=document.get("order", 0),
        valid_from=content.valid_from,
        valid_to=content.valid_to,
        is_consent=document.get("is_consent", False),
        is_special=document.get("special", False),
        regime=document.get("regime"),
        sort=sort_key(label.tr),
        search=search_fold(" ".join([label.tr, label.en, place.code, *document.get("label_variants_tr", [])])),
        body=encode(document),
    )
    _rebuild_closure(session, vocabulary, key, place)
    if vocabulary == "data_items":
        _rebuild_homes(session, key, place.categories)
    session.touch("term", key)
    return find_term(session, vocabulary, place.code)


def _rebuild_closure(session: ChangeSession, vocabulary: str, key: int, place: Place) -> None:
    """Bring the closure of a term and of everything under it up to date."""
    known = closures(session, vocabulary)
    parents = {term: {up for up, direct in ups.items() if direct} for term, ups in known.items()}
    parents[key] = set(place.under)
    if any(key in known.get(up, {}) or key == up for up in place.under):
        raise Invalid(Item("cycle", {"name": place.code}, pointer="/under"))
    affected = sorted({key} | {term for term, ups in known.items() if key in ups}, key=lambda t: len(known.get(t, {})))
    if key in affected:
        affected.remove(key)
        affected.insert(0, key)
    for term in affected:
        wanted = {term: False}
        for up in parents[term]:
            wanted |= dict.fromkeys(known[up], False)
        wanted |= dict.fromkeys(parents[term], True)
        _sync_closure(session, vocabulary, term, known.get(term, {}), wanted)
        known[term] = wanted


def _sync_closure(
    session: ChangeSession, vocabulary: str, term: int, old: dict[int, bool], new: dict[int, bool]
) -> None:
    gone = [up for up in old if new.get(up) != old[up]]
    if gone:
        session.execute(
            update(TermBroader)
            .where(TermBroader.term_id == term, TermBroader.broader_id.in_(gone), TermBroader.died == FOREVER)
            .values(died=session.change)
        )
    fresh = [
        {
            "term_id": term,
            "broader_id": up,
            "vocabulary": vocabulary,
            "is_direct": direct,
            "born": session.change,
            "died": FOREVER,
        }
        for up, direct in new.items()
        if old.get(up) != direct
    ]
    if fresh:
        session.insert_rows(TermBroader, fresh)


def _rebuild_homes(session: ChangeSession, key: int, categories: list[int]) -> None:
    query = select(ItemCategory.category_id).where(ItemCategory.item_id == key, alive(ItemCategory, None))
    old = {row.category_id for row in session.all(query)}
    gone, fresh = old - set(categories), set(categories) - old
    if gone:
        session.execute(
            update(ItemCategory)
            .where(ItemCategory.item_id == key, ItemCategory.category_id.in_(gone), ItemCategory.died == FOREVER)
            .values(died=session.change)
        )
    for category in sorted(fresh):
        session.execute(
            insert(ItemCategory).values(item_id=key, category_id=category, born=session.change, died=FOREVER)
        )
