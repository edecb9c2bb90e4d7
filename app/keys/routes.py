"""API keys: who may call, with which role, for which controllers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.audit import IfMatch, ReadDep, ReasonHeader, as_utf8, ledger_of, travel
from app.auth import CallerDep
from app.auth.door import authenticator_of
from app.keys import queries, service
from app.keys.schemas import KeyMade, KeyQuery, KeyRead, KeyWrite
from app.platform.http import many, one, problems
from app.platform.listing import Page, SingleQuery
from app.platform.revisions import require_match

router = APIRouter(prefix="/keys", tags=["access"])
FIELDS = list(KeyRead.model_fields)


@router.get("", response_model=Page[KeyRead], responses=problems(422))
def list_keys(request: Request, session: ReadDep, query: Annotated[KeyQuery, Query()]) -> Response:
    """List keys, revoked ones too; an administrator of some controllers sees those that are for these only."""
    travel(session, query.as_of)
    states, page = queries.list_keys(session, query)
    items = [state.document for state in states]
    return many(request, items, FIELDS, query, next_cursor=page.next, total=page.total)


@router.post("", status_code=201, response_model=KeyMade, responses=problems(400, 422))
def create_key(
    request: Request, caller: CallerDep, content: KeyWrite, envanter_reason: ReasonHeader = None
) -> Response:
    """Make a key. The answer shows it, this once: the register keeps a digest only.

    From the first key on, every request needs one; so the first is an administrator's of all controllers.
    """
    authenticator = authenticator_of(request)
    with ledger_of(request).changing(caller.name, as_utf8(envanter_reason)) as session:
        secret = service.create_key(session, content, has_issuer=authenticator.has_issuer)
        state = queries.find_key(session, secret.code)
    authenticator.forget()
    response = one(request, {**state.document, "key": str(secret)}, state.number, status=201)
    response.headers["Location"] = f"{request.url.path.rstrip('/')}/{secret.code}"
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/{api_key}", response_model=KeyRead, responses=problems(404, 422))
def get_key(request: Request, session: ReadDep, api_key: str, query: Annotated[SingleQuery, Query()]) -> Response:
    """Read one key, by its id; never its secret."""
    travel(session, query.as_of)
    state = queries.find_key(session, api_key)
    return one(request, state.document, state.number, query)


@router.delete("/{api_key}", status_code=204, responses=problems(404, 412, 428))
def delete_key(
    request: Request, caller: CallerDep, api_key: str, if_match: IfMatch = None, envanter_reason: ReasonHeader = None
) -> Response:
    """Revoke a key: after two seconds it opens nothing, on any worker. It stays in the list."""
    with ledger_of(request).changing(caller.name, as_utf8(envanter_reason)) as session:
        state = queries.find_key(session, api_key)
        require_match(state, if_match)
        service.revoke_key(session, state)
    authenticator_of(request).forget()
    return Response(status_code=204)
