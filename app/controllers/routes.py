"""Controllers: who is responsible for the processing."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep, travel
from app.controllers import queries, service
from app.controllers.schemas import ControllerQuery, ControllerRead, ControllerWrite
from app.controllers.tables import CONTROLLERS
from app.platform.http import created, many, merge_patch, one, problems, validated
from app.platform.listing import Page, SingleQuery, list_states
from app.platform.revisions import State, require_match

router = APIRouter(prefix="/controllers", tags=["who"])
FIELDS = list(ControllerRead.model_fields)


def shown(state: State) -> dict[str, Any]:
    """Return a controller as answers show it."""
    return {"id": str(state.uid), **state.document, "revision": state.number}


@router.get("", response_model=Page[ControllerRead], responses=problems(422))
def list_controllers(request: Request, session: ReadDep, query: Annotated[ControllerQuery, Query()]) -> Response:
    """List the controllers of the register."""
    travel(session, query.as_of)
    page = list_states(session, CONTROLLERS, query, queries.conditions(query))
    items = [shown(state) for state in page.states]
    return many(request, items, FIELDS, query, next_cursor=page.next, total=page.total)


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
