"""Transfer mechanisms: what allows a transfer abroad: KVKK m.9 before and after Law 7499, with dates."""

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

router = Router(prefix="/transfer-mechanisms", tags=["to whom"])


class TransferMechanismRead(TermRead):
    """A transfer mechanism."""

    mechanism_kind: str | None = Field(default=None, description="Adequacy, safeguard, derogation, consent, …")
    regime: Literal["old", "new"] | None = Field(default=None, description="Before or after Law 7499")
    is_consent: bool = Field(default=False, description="Rests on explicit consent")
    board_permission: bool = Field(default=False, description="Needs the Board's permission")
    occasional_only: bool = Field(default=False, description="For occasional transfers only (m.9/6)")
    not_for_public_bodies: bool = False
    notification: dict[str, Any] | None = Field(default=None, description="Duty to notify the Authority")
    statutory_end_text: str | None = Field(default=None, description="How the law words the end")
    replaced_by: str | None = Field(default=None, description="Mechanism that followed a repealed one")


class TransferMechanismQuery(TermQuery):
    """Filters of transfer mechanisms."""

    is_consent: Annotated[bool | None, Field(description="Only mechanisms that rest on consent, or only others")] = None
    regime: Annotated[list[Literal["old", "new"]], Field(description="Before or after Law 7499")] = []


class TransferMechanismWrite(TermWrite):
    """A transfer mechanism as it is written; what marks the product's own terms is not."""

    read_only: ClassVar[frozenset[str]] = only_read(TransferMechanismRead)


VOCABULARY = Vocabulary("transfer_mechanisms", TransferMechanismRead, TransferMechanismWrite)


@router.get("", response_model=FollowedPage[TransferMechanismRead], responses=problems(422))
def list_transfer_mechanisms(
    request: Request, session: ReadDep, query: Annotated[TransferMechanismQuery, Query()]
) -> Response:
    """List transfer mechanisms: what allows a transfer abroad: KVKK m.9 before and after Law 7499, with dates."""
    conditions = [] if query.is_consent is None else [TermRevision.is_consent == query.is_consent]
    if query.regime:
        conditions.append(TermRevision.regime.in_(query.regime))
    return entries.list_terms(request, session, VOCABULARY, query, *conditions)


@router.post("", status_code=201, response_model=TransferMechanismRead, responses=problems(400, 409, 422))
def create_transfer_mechanism(request: Request, session: ChangeDep, content: TransferMechanismWrite) -> Response:
    """Add a controller's own transfer mechanism, or a common one where no controller is named."""
    return entries.create_term(request, session, VOCABULARY, content)


@router.get("/{code}", response_model=TransferMechanismRead, responses=problems(404, 422))
def get_transfer_mechanism(
    request: Request, session: ReadDep, code: str, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read one transfer mechanism, by code or id."""
    return entries.get_term(request, session, VOCABULARY, code, query)


@router.put("/{code}", response_model=TransferMechanismRead, responses=problems(400, 404, 409, 412, 422, 428))
def replace_transfer_mechanism(
    request: Request, session: ChangeDep, code: str, content: TransferMechanismWrite, if_match: IfMatch = None
) -> Response:
    """Replace a transfer mechanism whole; official ones are not changed through the API."""
    return entries.replace_term(request, session, VOCABULARY, code, content, if_match)


@router.patch("/{code}", response_model=TransferMechanismRead, responses=problems(400, 404, 409, 412, 422, 428))
def patch_transfer_mechanism(
    request: Request, session: ChangeDep, code: str, patch: dict[str, Any], if_match: IfMatch = None
) -> Response:
    """Change some fields of a transfer mechanism (JSON Merge Patch, RFC 7396)."""
    return entries.patch_term(request, session, VOCABULARY, code, patch, if_match)


@router.delete("/{code}", status_code=204, responses=problems(404, 409, 412, 428))
def delete_transfer_mechanism(session: ChangeDep, code: str, if_match: IfMatch = None) -> Response:
    """End a transfer mechanism that nothing uses; 409 names the users."""
    return entries.delete_term(session, VOCABULARY, code, if_match)


@router.get("/{code}/usage", responses=problems(404, 422))
def get_transfer_mechanism_usage(
    request: Request, session: ReadDep, code: str, query: Annotated[AsOfQuery, Query()]
) -> TermUsage:
    """Say where a transfer mechanism is used."""
    return entries.term_usage(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions", response_model=RevisionPage, responses=problems(404, 422))
def list_transfer_mechanism_revisions(
    request: Request, session: ReadDep, code: str, query: Annotated[RevisionsQuery, Query()]
) -> Response:
    """List the revisions of a transfer mechanism, newest first, ends included: who, when, why, what."""
    return entries.list_revisions(request, session, VOCABULARY, code, query)


@router.get("/{code}/revisions/{number}", response_model=TransferMechanismRead, responses=problems(404, 422))
def get_transfer_mechanism_revision(
    request: Request, session: ReadDep, code: str, number: Number, query: Annotated[SingleQuery, Query()]
) -> Response:
    """Read a transfer mechanism as it read in one revision, with the labels of that time; ended ones too."""
    return entries.get_revision(request, session, VOCABULARY, code, number, query)


@router.get("/{code}/diff", response_model=Diff, responses=problems(404, 422))
def diff_transfer_mechanism(
    request: Request, session: ReadDep, code: str, query: Annotated[DiffQuery, Query()]
) -> Response:
    """Compare two revisions of a transfer mechanism: field by field, as data and in words."""
    return entries.diff_term(request, session, VOCABULARY, code, query)


@router.post("/{code}/revisions/{number}/restore", response_model=TransferMechanismRead, responses=RESTORES)
def restore_transfer_mechanism(
    request: Request, session: ChangeDep, code: str, number: Number, if_match: IfMatch = None
) -> Response:
    """Make a new revision of a transfer mechanism with the content of an earlier one; what has ended lives again.

    The rules of a PUT hold: 409 names what the old content refers to and has ended since. `If-Match` is the ETag of the
    latest revision, also of one that has ended.
    """
    return entries.restore_term(request, session, VOCABULARY, code, number, if_match)
