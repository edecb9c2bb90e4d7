"""Import and export: the register as bundles."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from app.audit import ChangeDep, Ledger, ledger_of
from app.audit.opening import Router
from app.audit.reading import travel
from app.controllers.queries import find_controller_ids
from app.exchange.bundles import Bundle, ImportResult, import_bundle, parse_bundle
from app.exchange.exporting import export_bundle, export_lines
from app.exchange.reading import Source
from app.platform.database import ReadSession
from app.platform.http import JSON_TYPE, accepted, note_answer, problems
from app.platform.models import Model
from app.platform.schemas import Instant
from app.platform.tabular import NDJSON

router = Router(tags=["exchange"])
YAML = "application/yaml"
KINDS = {YAML: "yaml", NDJSON: "ndjson"}
TYPES = {name: media_type for media_type, name in KINDS.items()}
TEXT: dict[str, Any] = {"content": {YAML: {"schema": {"type": "object"}}, NDJSON: {"schema": {"type": "string"}}}}
FORMATS = "`yaml` to read and edit; `ndjson` for programs: a resource per line, as it is stored. Import takes both"
EXAMPLE = (
    "format: envanter/1\n"
    "controllers:\n- {code: acme, legal_name: Acme A.Ş.}\n"
    "activities:\n- controller: acme\n  code: bordro\n  name: {tr: Bordro, en: Payroll}\n"
    "  collections:\n  - data: [identity, finance]\n    data_subjects: [employee]\n"
)


class ImportQuery(Model):
    """Parameters of an import."""

    dry_run: Annotated[bool, Field(description="Check everything and say what would change, but keep nothing")] = False


class ExportQuery(Model):
    """Parameters of an export."""

    controller: Annotated[list[str], Field(description="Only these controllers (code or id)")] = []
    as_of: Annotated[Instant | None, Field(description="What the register said at this instant")] = None
    format: Annotated[Literal["yaml", "ndjson"], Field(description=FORMATS)] = "yaml"


async def read_body(request: Request) -> bytes:
    """Return the body as it came."""
    return await request.body()


def read_bundle(request: Request, body: Annotated[bytes, Depends(read_body)]) -> tuple[Bundle, Source]:
    """Read and check a bundle before the change begins, so that nobody waits for it."""
    return parse_bundle(body, in_lines=request.headers.get("content-type", "").split(";")[0].strip().lower() == NDJSON)


BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            YAML: {"schema": {"type": "object", "additionalProperties": True}, "example": EXAMPLE},
            "application/json": {"schema": {"type": "object", "additionalProperties": True}},
            NDJSON: {"schema": {"type": "string"}},
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
    """Take a register bundle (YAML, JSON, or lines of JSON): upsert by code, all or nothing, in one change.

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
    """Write the register as a bundle: YAML, or lines of JSON; the same register gives the same bytes.

    The last line carries the count, so that a truncated file can be told.
    """
    ledger = ledger_of(request)
    given = "format" in query.model_fields_set
    kind = query.format if given else KINDS[accepted(request, list(KINDS))]
    with ledger.reading() as session:
        travel(session, query.as_of)
        keys = find_controller_ids(session, query.controller, "controller") if query.controller else None
    parts = _in_one_snapshot(ledger, export_lines if kind == "ndjson" else export_bundle, keys, query.as_of)
    return StreamingResponse(parts, media_type=TYPES[kind])


Parts = Iterator[str] | Iterator[bytes]


def _in_one_snapshot(
    ledger: Ledger,
    write: Callable[[ReadSession, list[int] | None], Parts],
    keys: list[int] | None,
    as_of: datetime | None,
) -> Parts:
    with ledger.reading() as session:
        travel(session, as_of)
        yield from write(session, keys)
