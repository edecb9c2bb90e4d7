"""Verbs that all vocabularies share; each vocabulary has a module of its own with its routes."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from sqlalchemy import ColumnElement

from app.audit import ChangeSession, ledger_of
from app.audit.reading import travel
from app.history import verbs
from app.history.following import answer, list_resources
from app.history.schemas import DiffQuery, RevisionsQuery
from app.history.verbs import History
from app.platform.database import ReadSession
from app.platform.http import created, merge_patch, one, tagged, validated
from app.platform.listing import AsOfQuery, SingleQuery
from app.platform.revisions import State, find, require_match
from app.vocabularies import queries, service
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermUser, TermWrite
from app.vocabularies.tables import TERMS, Term, TermRevision

SHOWN_USERS = 500


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary: its name and the shapes of its terms."""

    name: str
    read: type[TermRead]
    write: type[TermWrite] = TermWrite

    @property
    def fields(self) -> list[str]:
        """Names of the fields of a term."""
        return list(self.read.model_fields)

    def defaults(self) -> dict[str, Any]:
        """What answers say where a term says nothing."""
        empty: dict[str, Any] = {
            "order": 0,
            "confirmed": True,
            "user_defined": False,
            "label_variants_tr": [],
        }
        for name, field in self.read.model_fields.items():
            if name not in TermRead.model_fields:
                empty[name] = field.get_default(call_default_factory=True)
        return empty


def shown(session: ReadSession, vocabulary: Vocabulary, states: list[State]) -> list[dict[str, Any]]:
    """Return terms as answers show them, with the labels of the terms around them."""
    found = queries.labels(session, _around(vocabulary, [state.document for state in states]))
    items = []
    for state in states:
        item = dict.fromkeys(vocabulary.fields) | vocabulary.defaults() | state.document
        item |= {"id": str(state.uid), "revision": state.number}
        item["under"] = [found[vocabulary.name, code].reference() for code in state.document["under"]]
        if "categories" in vocabulary.fields:
            homes = state.document.get("categories", [])
            item["categories"] = [found["data_categories", code].reference() for code in homes]
        items.append({name: item[name] for name in vocabulary.fields})
    return items


def _around(vocabulary: Vocabulary, documents: list[dict[str, Any]]) -> set[queries.TermName]:
    """Name the terms that stored terms refer to."""
    names = {(vocabulary.name, code) for document in documents for code in document["under"]}
    return names | {("data_categories", code) for document in documents for code in document.get("categories", [])}


def list_terms(
    request: Request,
    session: ReadSession,
    vocabulary: Vocabulary,
    query: TermQuery,
    *conditions: ColumnElement[bool],
) -> Response:
    """Answer with a page of terms, in the official order."""
    travel(session, query.as_of)
    columns = {
        "order": TermRevision.position,
        "name": TermRevision.sort,
        "code": Term.code,
        "revised": TermRevision.born,
    }
    chosen = [*queries.term_conditions(session, vocabulary.name, query), *conditions]
    page = list_resources(session, TERMS, query, chosen, columns)
    found = answer(request, query, page, shown(session, vocabulary, page.states), vocabulary.fields)
    return tagged(request, found)


def get_term(request: Request, session: ReadSession, vocabulary: Vocabulary, code: str, query: SingleQuery) -> Response:
    """Answer with one term."""
    travel(session, query.as_of)
    state = find(session, TERMS, code, vocabulary=vocabulary.name)
    return one(request, shown(session, vocabulary, [state])[0], state.number, query)


def create_term(request: Request, session: ChangeSession, vocabulary: Vocabulary, content: TermWrite) -> Response:
    """Add a term and answer with it."""
    state = service.create_term(session, vocabulary.name, content)
    return created(request, shown(session, vocabulary, [state])[0], state.number)


def replace_term(
    request: Request,
    session: ChangeSession,
    vocabulary: Vocabulary,
    code: str,
    content: TermWrite,
    if_match: str | None,
) -> Response:
    """Replace a term and answer with it."""
    state = service.find_term(session, vocabulary.name, code)
    require_match(state, if_match)
    state = service.replace_term(session, vocabulary.name, state, content)
    return one(request, shown(session, vocabulary, [state])[0], state.number)


def patch_term(
    request: Request,
    session: ChangeSession,
    vocabulary: Vocabulary,
    code: str,
    patch: dict[str, Any],
    if_match: str | None,
) -> Response:
    """Change some fields of a term (JSON Merge Patch) and answer with it."""
    state = service.find_term(session, vocabulary.name, code)
    require_match(state, if_match)
    known = {name: value for name, value in state.document.items() if name in vocabulary.write.model_fields}
    content = validated(vocabulary.write, merge_patch(known, patch))
    state = service.replace_term(session, vocabulary.name, state, content)
    return one(request, shown(session, vocabulary, [state])[0], state.number)


def delete_term(session: ChangeSession, vocabulary: Vocabulary, code: str, if_match: str | None) -> Response:
    """End a term that nothing uses."""
    state = service.find_term(session, vocabulary.name, code)
    require_match(state, if_match)
    service.remove_term(session, state)
    return Response(status_code=204)


def term_usage(
    request: Request, session: ReadSession, vocabulary: Vocabulary, code: str, query: AsOfQuery
) -> TermUsage:
    """Say where a term is used."""
    travel(session, query.as_of)
    state = find(session, TERMS, code, vocabulary=vocabulary.name)
    users = ledger_of(request).hooks.users_of(session, TERMS.name, state.id)
    named = [TermUser(resource=user.resource, code=user.code, place=user.place) for user in users[:SHOWN_USERS]]
    return TermUsage(code=state.code, total=len(users), users=named)


def _history(vocabulary: Vocabulary) -> History:
    """Return what the history of a vocabulary's terms needs to know of them."""

    def speak(session: ReadSession, document: dict[str, Any]) -> dict[str, Any]:
        said = vocabulary.defaults() | {name: document[name] for name in vocabulary.fields if name in document}
        named = queries.named_terms(session, _around(vocabulary, [document]))
        said["under"] = [named[vocabulary.name, code] for code in document["under"]]
        if "categories" in said:
            said["categories"] = [named["data_categories", code] for code in document.get("categories", [])]
        return said

    def restore(session: ChangeSession, state: State | None, document: dict[str, Any]) -> State:
        known = {name: value for name, value in document.items() if name in vocabulary.write.model_fields}
        return service.bring_back_term(session, state, validated(vocabulary.write, known), document)

    return History(
        TERMS,
        show=lambda session, state, _: shown(session, vocabulary, [state])[0],
        speak=speak,
        restore=restore,
        scope=(Term.vocabulary == vocabulary.name,),
    )


def list_revisions(
    request: Request, session: ReadSession, vocabulary: Vocabulary, code: str, query: RevisionsQuery
) -> Response:
    """Answer with the revisions of a term."""
    return verbs.list_revisions(request, session, _history(vocabulary), code, query)


def get_revision(
    request: Request, session: ReadSession, vocabulary: Vocabulary, code: str, number: int, query: SingleQuery
) -> Response:
    """Answer with a term as it read in one revision."""
    return verbs.get_revision(request, session, _history(vocabulary), code, number, query)


def diff_term(request: Request, session: ReadSession, vocabulary: Vocabulary, code: str, query: DiffQuery) -> Response:
    """Answer with the differences between two revisions of a term."""
    return verbs.diff_revisions(request, session, _history(vocabulary), code, query)


def restore_term(
    request: Request, session: ChangeSession, vocabulary: Vocabulary, code: str, number: int, if_match: str | None
) -> Response:
    """Bring back the content of an earlier revision of a term, and answer with it."""
    return verbs.restore_revision(request, session, _history(vocabulary), code, number, if_match)
