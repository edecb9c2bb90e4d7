"""Recipients: named legal persons and classes, at home and abroad; sources of data too."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.audit.reading import travel
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
from app.recipients import queries, service
from app.recipients.schemas import RecipientQuery, RecipientRead, RecipientWrite
from app.recipients.tables import RECIPIENTS
from app.vocabularies.queries import labels, named_terms

router = Router(prefix="/recipients", tags=["to whom"])
FIELDS = list(RecipientRead.model_fields)


def shown(session: ReadSession, states: list[State]) -> list[dict[str, Any]]:
    """Return recipients as answers show them."""
    documents = [state.document for state in states]
    groups = labels(session, {("recipient_groups", d["group"]) for d in documents if d["group"]})
    parents = queries.cards_by_code(session, [d["parent"] for d in documents if d["parent"]])
    items = []
    for state, document in zip(states, documents, strict=True):
        item = {"id": str(state.uid), **document, "revision": state.number}
        if document["group"]:
            item["group"] = groups["recipient_groups", document["group"]].reference()
        if document["parent"]:
            item["parent"] = {"code": document["parent"], "name": parents[document["parent"]].name}
        items.append(item)
    return items


def single(session: ReadSession, state: State) -> dict[str, Any]:
    """Return one recipient as answers show it."""
    return shown(session, [state])[0]


def spoken(session: ReadSession, document: dict[str, Any]) -> dict[str, Any]:
    """Return a stored recipient with its codes named."""
    said = dict(document)
    if document["group"]:
        name = ("recipient_groups", document["group"])
        said["group"] = named_terms(session, [name])[name]
    if document["parent"]:
        said["parent"] = queries.named_recipients(session, [document["parent"]])[document["parent"]]
    return said


HISTORY = History(
    RECIPIENTS,
    show=lambda session, state, _: single(session, state),
    speak=spoken,
    restore=service.restore_recipient,
)


@router.get("", response_model=FollowedPage[RecipientRead], responses=problems(422))
def list_recipients(request: Request, session: ReadDep, query: Annotated[RecipientQuery, Query()]) -> Response:
    """List recipients, named ones and classes."""
    travel(session, query.as_of)
    page = list_resources(session, RECIPIENTS, query, queries.conditions(session, query))
    items = shown(session, page.states)
    return answer(request, query, page, items, FIELDS)


@router.post("", status_code=201, response_model=RecipientRead, responses=problems(400, 409, 422))
def create_recipient(request: Request, session: ChangeDep, content: RecipientWrite) -> Response:
    """Add a recipient: shared, or a controller's own where `controller` is given."""
    state = service.create_recipient(session, content)
    return created(request, single(session, state), state.number)


@router.get("/{recipient}", response_model=RecipientRead, responses=problems(404, 422))
def get_recipient(
    request: Request, session: ReadDep, recipient: str, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read one recipient, by code or id."""
    travel(session, query.as_of)
    state = queries.find_recipient(session, recipient)
    return one(request, single(session, state), state.number, query)


@router.put("/{recipient}", response_model=RecipientRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_recipient(
    request: Request, session: ChangeDep, recipient: str, content: RecipientWrite, if_match: IfMatch = None
) -> Response:
    """Replace a recipient whole."""
    state = queries.find_recipient(session, recipient)
    require_match(state, if_match)
    state = service.replace_recipient(session, state, content)
    return one(request, single(session, state), state.number)


@router.patch("/{recipient}", response_model=RecipientRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_recipient(
    request: Request, session: ChangeDep, recipient: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a recipient (JSON Merge Patch, RFC 7396)."""
    state = queries.find_recipient(session, recipient)
    require_match(state, if_match)
    content = validated(RecipientWrite, merge_patch(state.document, patch))
    state = service.replace_recipient(session, state, content)
    return one(request, single(session, state), state.number)


@router.delete("/{recipient}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_recipient(session: ChangeDep, recipient: str, if_match: IfMatch = None) -> Response:
    """End a recipient that nothing uses; 409 names the users."""
    state = queries.find_recipient(session, recipient)
    require_match(state, if_match)
    service.remove_recipient(session, state)
    return Response(status_code=204)


@router.get("/{recipient}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_recipient_revisions(
    request: Request, session: ReadDep, recipient: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a recipient, newest first, ends included: who, when, why, what."""
    return list_revisions(request, session, HISTORY, recipient, query)


@router.get("/{recipient}/revisions/{number}", response_model=RecipientRead, responses=problems(404, 422))
def get_recipient_revision(
    request: Request, session: ReadDep, recipient: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a recipient as it read in one revision, with the labels of that time; ended ones too."""
    return get_revision(request, session, HISTORY, recipient, number, query)


@router.get("/{recipient}/diff", response_model=Diff, responses=problems(404, 422))
def diff_recipient(
    request: Request, session: ReadDep, recipient: str, query: Annotated[DiffQuery, Query()]
) -> Response:
    """Compare two revisions of a recipient: field by field, as data and in words."""
    return diff_revisions(request, session, HISTORY, recipient, query)


@router.post("/{recipient}/revisions/{number}/restore", response_model=RecipientRead, responses=RESTORES)
def restore_recipient(
    request: Request, session: ChangeDep, recipient: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a recipient with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return restore_revision(request, session, HISTORY, recipient, number, if_match)
