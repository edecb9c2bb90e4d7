"""API keys: who may call, with which role, for which controllers."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.audit.reading import travel
from app.auth.door import authenticator_of
from app.keys import queries, service
from app.keys.schemas import KeyMade, KeyQuery, KeyRead, KeyWrite
from app.platform.http import many, one, problems
from app.platform.listing import Page, SingleQuery
from app.platform.revisions import require_match

router = Router(prefix="/keys", tags=["access"])
FIELDS = list(KeyRead.model_fields)


def forget_callers(request: Request) -> Iterator[None]:
    """Let who calls be found out anew when the change is committed: this begins before it, and ends after it."""
    yield
    authenticator_of(request).forget()


FORGET = [Depends(forget_callers, scope="function")]


@router.get("", response_model=Page[KeyRead], responses=problems(422))
def list_keys(request: Request, session: ReadDep, query: Annotated[KeyQuery, Query()]) -> Response:
    """List keys, revoked ones too; an administrator of some controllers sees those that are for these only."""
    travel(session, query.as_of)
    states, page = queries.list_keys(session, query)
    items = [state.document for state in states]
    return many(request, items, FIELDS, query, next_cursor=page.next, total=page.total)


@router.post("", status_code=201, response_model=KeyMade, responses=problems(400, 409, 422), dependencies=FORGET)
def create_key(request: Request, session: ChangeDep, content: KeyWrite) -> Response:
    """Make a key. The answer shows it, this once: the register keeps a digest only.

    From the first key on, every request needs one; so the first is an administrator's of all controllers. Sent again
    with its `Idempotency-Key`, it is refused (409): the key was made, and is not shown twice.
    """
    secret = service.create_key(session, content, has_issuer=authenticator_of(request).has_issuer)
    state = queries.find_key(session, secret.code)
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


@router.delete("/{api_key}", status_code=204, responses=problems(404, 412, 428), dependencies=FORGET)
def delete_key(session: ChangeDep, api_key: str, if_match: IfMatch = None) -> Response:
    """Revoke a key: after two seconds it opens nothing, on any worker. It stays in the list."""
    state = queries.find_key(session, api_key)
    require_match(state, if_match)
    service.revoke_key(session, state)
    return Response(status_code=204)
