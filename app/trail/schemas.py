"""Events on the wire: what is asked of them, and what they say."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from app.platform.listing import ListQuery
from app.platform.models import Model
from app.platform.schemas import Instant
from app.trail.verifying import parse_head

ResourceName = Literal["activity", "controller", "document", "recipient", "term"]
Action = Literal["created", "changed", "ended"]
FORMATS = "`csv` and `xlsx` have a row per resource touched, `ndjson` a line per event; all are streamed whole"


class DocumentsQuery(Model):
    """Whether the documents before and after are wanted too."""

    documents: Annotated[
        bool, Field(description="Also the documents before and after, and which of their fields differ")
    ] = False


class AuditEventQuery(DocumentsQuery, ListQuery):
    """Parameters of the list of events; filters on resources hold on one and the same resource."""

    resource: Annotated[list[ResourceName], Field(description="Kind of resource that was touched")] = []
    code: Annotated[list[str], Field(description="Code of the resource that was touched")] = []
    action: Annotated[list[Action], Field(description="What was done to it")] = []
    controller: Annotated[list[str], Field(description="Whose it is (code or id), ended controllers too")] = []
    author: Annotated[list[str], Field(description="Who made the change")] = []
    request_id: Annotated[list[str], Field(description="`X-Request-ID` of the request that made the change")] = []
    begins: Annotated[Instant | None, Field(alias="from", description="Not earlier than this instant")] = None
    ends: Annotated[Instant | None, Field(alias="to", description="Not later than this instant")] = None
    change_from: Annotated[int | None, Field(ge=1, le=10**15, description="Not before this change")] = None
    change_to: Annotated[int | None, Field(ge=1, le=10**15, description="Not after this change")] = None
    format: Annotated[Literal["json", "csv", "xlsx", "ndjson"], Field(description=FORMATS)] = "json"


class Side(Model):
    """A state of a resource: number of the revision, SHA-256 of its stored document, and the document if asked for."""

    revision: int
    digest: str
    document: dict[str, Any] | None = Field(default=None, description="Only with documents=true")


class Touched(Model):
    """A resource that a change created, changed or ended."""

    resource: ResourceName
    id: str
    vocabulary: str | None = Field(description="Of a term: its vocabulary")
    code: str
    controller: str | None = Field(description="Whose it is; null for what all controllers share")
    action: Action
    before: Side | None
    after: Side | None
    differs: list[str] | None = Field(
        default=None, description="Fields of the document that differ; only with documents=true"
    )


class AuditEventRead(Model):
    """An event: who changed what, when, in which request and why, chained by hash to the event before it."""

    change: int
    at: datetime
    author: str
    request_id: str | None
    reason: str | None
    rows: int = Field(description="How many rows of the database the change wrote or closed; all are under the hash")
    touched: int = Field(description="How many resources were touched that you may see")
    what: list[Touched] = Field(description="In a list the first 50 of them")
    previous: str = Field(description="Hash of the event before; 64 zeros for the first")
    hash: str = Field(description="SHA-256 over everything that this event says, the rows it covers, and `previous`")


def _well_formed(text: str | None) -> str | None:
    if text is not None:
        parse_head(text)
    return text


class VerifyQuery(Model):
    """How much of the chain is verified, and against what."""

    since: Annotated[int, Field(ge=1, le=10**15, description="First change to look at")] = 1
    limit: Annotated[
        int, Field(ge=1, le=100_000, description="How many changes at most; go on with `since` = `next`")
    ] = 10_000
    head: Annotated[
        str | None,
        AfterValidator(_well_formed),
        Field(description="A head kept elsewhere (`number:hash`, see `/v1/audit-events/head`), to check against"),
    ] = None


class AuditHead(Model):
    """The end of the chain, to be kept elsewhere."""

    change: int = Field(description="Number of the newest event; 0 in an empty register")
    hash: str
    head: str = Field(description="Both in one word, as `verify` takes it: `number:hash`")


class AuditBreak(Model):
    """Something that is not as it was sealed."""

    change: int = Field(description="The event that does not fit")
    code: str
    table: str | None
    row: str | None = Field(description="Primary key of the row")
    message: str


class Verification(Model):
    """What was verified; whatever does not fit is named, the first event first."""

    whole: bool = Field(description="Everything looked at is as it was sealed")
    since: int
    until: int = Field(description="Last change that was looked at")
    next: int | None = Field(description="Where to go on; null where the end was reached")
    changes: int
    rows: int = Field(description="Rows that were read and compared")
    head: AuditHead
    broken: list[AuditBreak]
    missing_guards: list[str] = Field(description="Triggers that should refuse changes of the past and are not there")
