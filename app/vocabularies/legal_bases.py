"""Legal bases: the grounds of KVKK m.5 and m.6 with their dates, repealed ones too."""

from typing import Annotated, Any, ClassVar, Literal

from fastapi import Query, Request, Response
from pydantic import Field

from app.audit import ChangeDep, IfMatch, ReadDep
from app.audit.opening import Router
from app.history.schemas import Diff, DiffQuery, FollowedPage, Number, RevisionPage, RevisionsQuery
from app.history.verbs import RESTORES
from app.platform.http import problems
from app.platform.listing import AsOfQuery, SingleQuery
from app.vocabularies import entries
from app.vocabularies.entries import Vocabulary
from app.vocabularies.schemas import TermQuery, TermRead, TermUsage, TermWrite, only_read
from app.vocabularies.tables import TermRevision

router = Router(prefix="/legal-bases", tags=["why"])


class LegalBasisRead(TermRead):
    """A legal basis."""

    applies_to: Literal["ordinary", "special"] | None = Field(
        default=None, description="Ordinary data (m.5) or special categories (m.6)"
    )
    is_consent: bool = Field(default=False, description="Explicit consent of the data subject")
    requires_balancing_test: bool = False
    excludes_categories: list[str] = Field(default=[], description="Data categories that it does not cover")
    only_categories: list[str] = Field(default=[], description="Data categories that alone it covers")
    replaced_by: str | None = Field(default=None, description="Ground that followed a repealed one")


class LegalBasisQuery(TermQuery):
    """Filters of legal bases."""

    is_consent: Annotated[bool | None, Field(description="Only grounds that are consent, or only others")] = None


class LegalBasisWrite(TermWrite):
    """A legal basis as it is written; what marks the product's own terms is not."""

    read_only: ClassVar[frozenset[str]] = only_read(LegalBasisRead)


VOCABULARY = Vocabulary("legal_bases", LegalBasisRead, LegalBasisWrite)


@router.get("", response_model=FollowedPage[LegalBasisRead], responses=problems(422))
def list_legal_bases(request: Request, session: ReadDep, query: Annotated[LegalBasisQuery, Query()]) -> Response:
    """List legal bases: the grounds of KVKK m.5 and m.6 with their dates, repealed ones too."""
    conditions = [] if query.is_consent is None else [TermRevision.is_consent == query.is_consent]
    return entries.list_terms(request, session, VOCABULARY, query, *conditions)


@router.post("", status_code=201, response_model=LegalBasisRead, responses=problems(400, 409, 422))
def create_legal_basis(request: Request, session: ChangeDep, content: LegalBasisWrite) -> Response:
    """Add a controller's own legal basis, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=LegalBasisRead, responses=problems(404, 422))
def get_legal_basis(request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]) -> Response:
    """Read one legal basis, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=LegalBasisRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_legal_basis(
    request: Request, session: ChangeDep, code: str, content: LegalBasisWrite, if_match: IfMatch = None
) -> Response:
    """Replace a legal basis whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=LegalBasisRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_legal_basis(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a legal basis (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_legal_basis(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a legal basis that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404, 422))
def get_legal_basis_usage(
    request: Request, session: ReadDep, code: str, query: Annotated[AsOfQuery, Query()]
) -> TermUsage:
    """Say where a legal basis is used."""
    return entries.term_usage(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_legal_basis_revisions(
    request: Request, session: ReadDep, code: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a legal basis, newest first, ends included: who, when, why, what."""
    return entries.list_revisions(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions/{number}", response_model=LegalBasisRead, responses=problems(404, 422))
def get_legal_basis_revision(
    request: Request, session: ReadDep, code: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a legal basis as it read in one revision, with the labels of that time; ended ones too."""
    return entries.get_revision(request, session, VOCABULARY, code, number, query)


@router.get("/{code}/diff", response_model=Diff, responses=problems(404, 422))
def diff_legal_basis(request: Request, session: ReadDep, code: str, query: Annotated[DiffQuery, Query()]) -> Response:
    """Compare two revisions of a legal basis: field by field, as data and in words."""
    return entries.diff_term(request, session, VOCABULARY, code, query)


@router.post("/{code}/revisions/{number}/restore", response_model=LegalBasisRead, responses=RESTORES)
def restore_legal_basis(
    request: Request, session: ChangeDep, code: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a legal basis with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return entries.restore_term(request, session, VOCABULARY, code, number, if_match)
