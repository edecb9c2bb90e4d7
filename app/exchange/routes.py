"""Import and export: the register as bundles."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from app.audit import ChangeDep, Ledger, ledger_of
from app.audit.opening import Router
from app.audit.reading import travel
from app.controllers.queries import find_controller_ids
from app.exchange.bundles import Bundle, ImportResult, import_bundle, parse_bundle
from app.exchange.exporting import export_bundle
from app.exchange.reading import Source
from app.platform.http import JSON_TYPE, note_answer, problems
from app.platform.schemas import Instant

router = Router(tags=["exchange"])
YAML = "application/yaml"
TEXT: dict[str, Any] = {"content": {YAML: {"schema": {"type": "object"}}}}
EXAMPLE = (
    "format: envanter/1\n"
    "controllers:\n- {code: acme, legal_name: Acme A.Ş.}\n"
    "activities:\n- controller: acme\n  code: bordro\n  name: {tr: Bordro, en: Payroll}\n"
    "  collections:\n  - data: [identity, finance]\n    data_subjects: [employee]\n"
)


class ImportQuery(BaseModel):
    """Parameters of an import."""

    dry_run: Annotated[bool, Field(description="Check everything and say what would change, but keep nothing")] = False


class ExportQuery(BaseModel):
    """Parameters of an export."""

    controller: Annotated[list[str], Field(description="Only these controllers (code or id)")] = []
    as_of: Annotated[Instant | None, Field(description="What the register said at this instant")] = None


async def read_body(request: Request) -> bytes:
    """Return the body as it came."""
    return await request.body()


def read_bundle(body: Annotated[bytes, Depends(read_body)]) -> tuple[Bundle, Source]:
    """Read and check a bundle before the change begins, so that nobody waits for it."""
    return parse_bundle(body)


BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            YAML: {"schema": {"type": "object", "additionalProperties": True}, "example": EXAMPLE},
            "application/json": {"schema": {"type": "object", "additionalProperties": True}},
        },
    }
}


@router.post("/import", response_model=ImportResult, responses=problems(400, 409, 413, 415, 422), openapi_extra=BODY)
def import_register(
    request: Request,
    given: Annotated[tuple[Bundle, Source], Depends(read_bundle)],
    session: ChangeDep,
    query: Annotated[ImportQuery, Query()],
) -> Response:
    """Take a register bundle (YAML or JSON): upsert by code, all or nothing, in one change.

    Every problem carries line and path. What the bundle does not name stays as it is.
    """
    if not query.dry_run:
        result = import_bundle(session, *given)
    else:
        with session.trial() as trial:
            result = import_bundle(trial, *given)
        result = result.model_copy(update={"dry_run": True, "change": None})
    return note_answer(request, Response(result.model_dump_json(), media_type=JSON_TYPE))


@router.get("/export", response_class=Response, responses={200: TEXT, **problems(422)})
def export_register(request: Request, query: Annotated[ExportQuery, Query()]) -> StreamingResponse:
    """Write the register as a bundle (YAML); the same register gives the same bytes.

    The last line is a comment with the count, so that a truncated file can be told.
    """
    ledger = ledger_of(request)
    with ledger.reading() as session:
        travel(session, query.as_of)
        keys = find_controller_ids(session, query.controller, "controller") if query.controller else None
    return StreamingResponse(_stream(ledger, keys, query.as_of), media_type=YAML)


def _stream(ledger: Ledger, keys: list[int] | None, as_of: datetime | None) -> Iterator[str]:
    with ledger.reading() as session:
        travel(session, as_of)
        yield from export_bundle(session, keys)
