"""Measures: technical and administrative measures (KVKK m.12, m.16/3-e)."""

from typing import Annotated, Any, ClassVar, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.audit import ChangeDep, IfMatch, ReadDep
from app.platform.http import problems
from app.platform.listing import Page, SingleQuery
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermWrite, only_read

router = APIRouter(prefix="/measures", tags=["how protected"])


class MeasureRead(TermRead):
    """A measure."""

    measure_kind: Literal["technical", "administrative"] | None = Field(
        default=None, description="A convention: the official list is one list"
    )


class MeasureWrite(TermWrite):
    """A measure as it is written; what marks the product's own terms is not."""

    read_only: ClassVar[frozenset[str]] = only_read(MeasureRead)


VOCABULARY = Vocabulary("measures", MeasureRead, MeasureWrite)


@router.get("", response_model=Page[MeasureRead], responses=problems(422))
def list_measures(request: Request, session: ReadDep, query: Annotated[TermQuery, Query()]) -> Response:
    """List measures: technical and administrative measures (KVKK m.12, m.16/3-e)."""
    return entries.list_terms(request, session, VOCABULARY, query)


@router.post("", status_code=201, response_model=MeasureRead, responses=problems(400, 409, 422))
def create_measure(request: Request, session: ChangeDep, content: MeasureWrite) -> Response:
    """Add a controller's own measure, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=MeasureRead, responses=problems(404, 422))
def get_measure(request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]) -> Response:
    """Read one measure, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=MeasureRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_measure(
    request: Request, session: ChangeDep, code: str, content: MeasureWrite, if_match: IfMatch = None
) -> Response:
    """Replace a measure whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=MeasureRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_measure(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a measure (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_measure(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a measure that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404))
def get_measure_usage(request: Request, session: ReadDep, code: str) -> TermUsage:
    """Say where a measure is used now."""
    return entries.term_usage(request, session, VOCABULARY, code)
