"""Standard-contract types: the four standard contracts of KVKK m.9/4-c."""

from typing import Annotated, Any, ClassVar, Literal

from fastapi import Query, Request, Response

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import RESTORES
from app.platform.http import problems
from app.platform.listing import AsOfQuery, SingleQuery
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermWrite, only_read

router = Router(prefix="/standard-contract-types", tags=["to whom"])


class StandardContractTypeRead(TermRead):
    """A standard-contract type."""

    exporter: Literal["controller", "processor"] | None = None
    importer: Literal["controller", "processor"] | None = None


class StandardContractTypeWrite(TermWrite):
    """A standard-contract type as it is written; what marks the product's own terms is not."""

    read_only: ClassVar[frozenset[str]] = only_read(StandardContractTypeRead)


VOCABULARY = Vocabulary("standard_contract_types", StandardContractTypeRead, StandardContractTypeWrite)


@router.get("", response_model=FollowedPage[StandardContractTypeRead], responses=problems(422))
def list_standard_contract_types(request: Request, session: ReadDep, query: Annotated[TermQuery, Query()]) -> Response:
    """List standard-contract types: the four standard contracts of KVKK m.9/4-c."""
    return entries.list_terms(request, session, VOCABULARY, query)


@router.post("", status_code=201, response_model=StandardContractTypeRead, responses=problems(400, 409, 422))
def create_standard_contract_type(request: Request, session: ChangeDep, content: StandardContractTypeWrite) -> Response:
    """Add a controller's own standard-contract type, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=StandardContractTypeRead, responses=problems(404, 422))
def get_standard_contract_type(
    request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read one standard-contract type, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=StandardContractTypeRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_standard_contract_type(
    request: Request, session: ChangeDep, code: str, content: StandardContractTypeWrite, if_match: IfMatch = None
) -> Response:
    """Replace a standard-contract type whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=StandardContractTypeRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_standard_contract_type(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a standard-contract type (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_standard_contract_type(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a standard-contract type that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404, 422))
def get_standard_contract_type_usage(
    request: Request, session: ReadDep, code: str, query: Annotated[AsOfQuery, Query()]
) -> TermUsage:
    """Say where a standard-contract type is used."""
    return entries.term_usage(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_standard_contract_type_revisions(
    request: Request, session: ReadDep, code: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a standard-contract type, newest first, ends included: who, when, why, what."""
    return entries.list_revisions(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions/{number}", response_model=StandardContractTypeRead, responses=problems(404, 422))
def get_standard_contract_type_revision(
    request: Request, session: ReadDep, code: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a standard-contract type as it read in one revision, with the labels of that time; ended ones too."""
    return entries.get_revision(request, session, VOCABULARY, code, number, query)


@router.get("/{code}/diff", response_model=Diff, responses=problems(404, 422))
def diff_standard_contract_type(
    request: Request, session: ReadDep, code: str, query: Annotated[DiffQuery, Query()]
) -> Response:
    """Compare two revisions of a standard-contract type: field by field, as data and in words."""
    return entries.diff_term(request, session, VOCABULARY, code, query)


@router.post("/{code}/revisions/{number}/restore", response_model=StandardContractTypeRead, responses=RESTORES)
def restore_standard_contract_type(
    request: Request, session: ChangeDep, code: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a standard-contract type with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return entries.restore_term(request, session, VOCABULARY, code, number, if_match)
