"""Controllers: who is responsible for the processing."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.audit.reading import travel
from app.controllers import queries, service
from app.controllers.schemas import ControllerQuery, ControllerRead, ControllerWrite
from app.controllers.tables import CONTROLLERS
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
from app.platform.http import created, merge_patch, one, problems, validated
from app.platform.listing import SingleQuery
from app.platform.revisions import State, require_match

router = Router(prefix="/controllers", tags=["who"])
FIELDS = list(ControllerRead.model_fields)


def shown(state: State) -> dict[str, Any]:
    """Return a controller as answers show it."""
    return {"id": str(state.uid), **state.document, "revision": state.number}


HISTORY = History(
    CONTROLLERS,
    show=lambda _, state, __: shown(state),
    speak=lambda _, document: document,
    restore=service.restore_controller,
)


@router.get("", response_model=FollowedPage[ControllerRead], responses=problems(422))
def list_controllers(request: Request, session: ReadDep, query: Annotated[ControllerQuery, Query()]) -> Response:
    """List the controllers of the register."""
    travel(session, query.as_of)
    page = list_resources(session, CONTROLLERS, query, queries.conditions(query))
    items = [shown(state) for state in page.states]
    return answer(request, query, page, items, FIELDS)


@router.post("", status_code=201, response_model=ControllerRead, responses=problems(400, 409, 422))
def create_controller(request: Request, session: ChangeDep, content: ControllerWrite) -> Response:
    """Add a controller; only its code is needed."""
    state = service.create_controller(session, content)
    return created(request, shown(state), state.number)


@router.get("/{controller}", response_model=ControllerRead, responses=problems(404, 422))
def get_controller(
    request: Request, session: ReadDep, controller: str, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read one controller, by code or id."""
    travel(session, query.as_of)
    state = queries.find_controller(session, controller)
    return one(request, shown(state), state.number, query)


@router.put("/{controller}", response_model=ControllerRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_controller(
    request: Request, session: ChangeDep, controller: str, content: ControllerWrite, if_match: IfMatch = None
) -> Response:
    """Replace a controller whole."""
    state = queries.find_controller(session, controller)
    require_match(state, if_match)
    state = service.replace_controller(session, state, content)
    return one(request, shown(state), state.number)


@router.patch("/{controller}", response_model=ControllerRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_controller(
    request: Request, session: ChangeDep, controller: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a controller (JSON Merge Patch, RFC 7396)."""
    state = queries.find_controller(session, controller)
    require_match(state, if_match)
    content = validated(ControllerWrite, merge_patch(state.document, patch))
    state = service.replace_controller(session, state, content)
    return one(request, shown(state), state.number)


@router.delete("/{controller}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_controller(session: ChangeDep, controller: str, if_match: IfMatch = None) -> Response:
    """End a controller; refused while anything belongs to it. Its history stays readable."""
    state = queries.find_controller(session, controller)
    require_match(state, if_match)
    service.remove_controller(session, state)
    return Response(status_code=204)


@router.get("/{controller}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_controller_revisions(
    request: Request, session: ReadDep, controller: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a controller, newest first, ends included: who, when, why, what."""
    return list_revisions(request, session, HISTORY, controller, query)


@router.get("/{controller}/revisions/{number}", response_model=ControllerRead, responses=problems(404, 422))
def get_controller_revision(
    request: Request, session: ReadDep, controller: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a controller as it read in one revision, with the labels of that time; ended ones too."""
    return get_revision(request, session, HISTORY, controller, number, query)


@router.get("/{controller}/diff", response_model=Diff, responses=problems(404, 422))
def diff_controller(
    request: Request, session: ReadDep, controller: str, query: Annotated[DiffQuery, Query()]
) -> Response:
    """Compare two revisions of a controller: field by field, as data and in words."""
    return diff_revisions(request, session, HISTORY, controller, query)


@router.post("/{controller}/revisions/{number}/restore", response_model=ControllerRead, responses=RESTORES)
def restore_controller(
    request: Request, session: ChangeDep, controller: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a controller with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return restore_revision(request, session, HISTORY, controller, number, if_match)
