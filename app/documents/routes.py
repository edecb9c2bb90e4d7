"""Documents: notices, consent texts, policies, contracts, inventories, declarations, and what they print."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.audit.reading import travel
from app.controllers.queries import names_by_code
from app.documents import queries, service
from app.documents.schemas import DocumentQuery, DocumentRead, DocumentWrite
from app.documents.speaking import spoken
from app.documents.tables import DOCUMENTS
from app.history.following import answer, list_resources
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import (
    RESTORES,
    History,
    diff_revisions,
    get_revision,
    list_revisions,
    restore_revision,
)
from app.platform.database import ReadSession
from app.platform.http import created, merge_patch, one, problems, validated
from app.platform.listing import SingleQuery
from app.platform.revisions import State, require_match
from app.vocabularies.queries import labels

router = Router(prefix="/documents", tags=["evidence"])
FIELDS = list(DocumentRead.model_fields)


def shown(session: ReadSession, states: list[State]) -> list[dict[str, Any]]:
    """Return documents as answers show them, with names and labels beside the codes."""
    documents = [state.document for state in states]
    audience = {("data_subject_categories", code) for document in documents for code in document["audience"]}
    found = labels(session, audience)
    related = {document[name] for document in documents for name in service.RELATIONS if document[name]}
    titles = queries.titles(session, related)
    controllers = names_by_code(session, {document["controller"] for document in documents})
    items = []
    for state in states:
        item = {"id": str(state.uid), **state.document, "revision": state.number}
        item["controller"] = {"code": item["controller"], "name": controllers[item["controller"]]}
        item["audience"] = [found["data_subject_categories", code].reference() for code in item["audience"]]
        for name in service.RELATIONS:
            if item[name]:
                item[name] = {"code": item[name], "name": titles.get(item[name])}
        items.append(item)
    return items


def single(session: ReadSession, state: State) -> dict[str, Any]:
    """Return one document as answers show it."""
    return shown(session, [state])[0]


HISTORY = History(
    DOCUMENTS,
    show=lambda session, state, _: single(session, state),
    speak=spoken,
    restore=service.restore_document,
)


@router.get("", response_model=FollowedPage[DocumentRead], responses=problems(422))
def list_documents(request: Request, session: ReadDep, query: Annotated[DocumentQuery, Query()]) -> Response:
    """List documents."""
    travel(session, query.as_of)
    page = list_resources(session, DOCUMENTS, query, queries.conditions(session, query))
    items = shown(session, page.states)
    return answer(request, query, page, items, FIELDS)


@router.post("", status_code=201, response_model=DocumentRead, responses=problems(400, 409, 422))
def create_document(request: Request, session: ChangeDep, content: DocumentWrite) -> Response:
    """Add a document of a controller."""
    state = service.create_document(session, content)
    return created(request, single(session, state), state.number)


@router.get("/{document}", response_model=DocumentRead, responses=problems(404, 422))
def get_document(request: Request, session: ReadDep, document: str, query: Annotated[SingleQuery, Query()]) -> Response:
    """Read one document, by code (`controller:code`) or id."""
    travel(session, query.as_of)
    state = queries.find_document(session, document)
    return one(request, single(session, state), state.number, query)


@router.put("/{document}", response_model=DocumentRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_document(
    request: Request, session: ChangeDep, document: str, content: DocumentWrite, if_match: IfMatch = None
) -> Response:
    """Replace a document whole."""
    state = queries.find_document(session, document)
    require_match(state, if_match)
    state = service.replace_document(session, state, content)
    return one(request, single(session, state), state.number)


@router.patch("/{document}", response_model=DocumentRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_document(
    request: Request, session: ChangeDep, document: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a document (JSON Merge Patch, RFC 7396)."""
    state = queries.find_document(session, document)
    require_match(state, if_match)
    content = validated(DocumentWrite, merge_patch(state.document, patch))
    state = service.replace_document(session, state, content)
    return one(request, single(session, state), state.number)


@router.delete("/{document}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_document(session: ChangeDep, document: str, if_match: IfMatch = None) -> Response:
    """End a document that no statement and no other document refers to; 409 names the users."""
    state = queries.find_document(session, document)
    require_match(state, if_match)
    service.remove_document(session, state)
    return Response(status_code=204)


@router.get("/{document}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_document_revisions(
    request: Request, session: ReadDep, document: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a document, newest first, ends included: who, when, why, what."""
    return list_revisions(request, session, HISTORY, document, query)


@router.get("/{document}/revisions/{number}", response_model=DocumentRead, responses=problems(404, 422))
def get_document_revision(
    request: Request, session: ReadDep, document: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a document as it read in one revision, with the labels of that time; ended ones too."""
    return get_revision(request, session, HISTORY, document, number, query)


@router.get("/{document}/diff", response_model=Diff, responses=problems(404, 422))
def diff_document(request: Request, session: ReadDep, document: str, query: Annotated[DiffQuery, Query()]) -> Response:
    """Compare two revisions of a document: field by field, as data and in words."""
    return diff_revisions(request, session, HISTORY, document, query)


@router.post("/{document}/revisions/{number}/restore", response_model=DocumentRead, responses=RESTORES)
def restore_document(
    request: Request, session: ChangeDep, document: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a document with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return restore_revision(request, session, HISTORY, document, number, if_match)
