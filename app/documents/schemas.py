"""Documents on the wire."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.controllers.schemas import ApplicationKind
from app.history.schemas import FollowedQuery
from app.platform.models import Model
from app.platform.schemas import AS_NUMBER, AsStated, Day, NamedRef, Reference, ShortText, TermRef, Text, Wire
from app.vocabularies.schemas import CodeOrRef

DocumentKind = Literal["notice", "consent_text", "policy", "contract", "inventory", "registry_entry", "declaration"]
Status = Literal["draft", "in_force", "withdrawn", "not_stated"]
Origin = Literal["source", "declaration", "generated"]
Channel = Literal["website", "mobile_app", "call_centre", "in_person", "paper", "email", "sms", "contract", "other"]
Statedness = Literal["stated", "not_stated", "unreadable"]
DefinedVocabulary = Literal[
    "data_subject_categories", "data_categories", "data_items", "recipient_groups", "purposes", "legal_bases"
]


def _check_print(state: str, value: str | int | None) -> None:
    if (state == "stated") != (value is not None):
        raise PydanticCustomError("print_value", "A stated field has a value, any other state has none")


class Print(Wire):
    """One field as a document prints it."""

    state: Statedness = "stated"
    value: Text | None = None
    locator: ShortText | None = None

    @model_validator(mode="after")
    def value_fits_state(self) -> "Print":
        """A stated field has a value; one that is not stated has none."""
        _check_print(self.state, self.value)
        return self


class NumberPrint(Wire):
    """A number of days as a document prints it."""

    state: Statedness = "stated"
    value: Annotated[int, Field(ge=0, le=3650), AS_NUMBER] | None = None
    locator: ShortText | None = None

    @model_validator(mode="after")
    def value_fits_state(self) -> "NumberPrint":
        """A stated number has a value; one that is not stated has none."""
        _check_print(self.state, self.value)
        return self


class PrintedChannel(Wire):
    """A way to apply, as printed."""

    kind: ApplicationKind
    value: Text | None = None
    as_stated: AsStated | None = None
    condition: Text | None = None
    locator: ShortText | None = None


class PrintedChannels(Wire):
    """The list of ways to apply."""

    state: Statedness = "stated"
    locator: ShortText | None = None
    members: list[PrintedChannel] = Field(default=[], max_length=50)


class PrintedRight(Wire):
    """One right of KVKK m.11 as a document lists it."""

    read_only: ClassVar[frozenset[str]] = frozenset({"label"})

    code: Reference
    state: Statedness = "stated"
    letter: ShortText | None = Field(default=None, description="Letter or number as printed")
    as_stated: AsStated | None = None
    locator: ShortText | None = None


class PrintedRights(Wire):
    """The list of rights."""

    state: Statedness = "stated"
    locator: ShortText | None = None
    members: list[PrintedRight] = Field(default=[], max_length=50)


class Prints(Wire):
    """What a document prints about the controller and the applications; a missing field is not stated."""

    legal_name: Print | None = None
    trade_name: Print | None = None
    address: Print | None = None
    phone: Print | None = None
    fax: Print | None = None
    email: Print | None = None
    kep: Print | None = None
    website: Print | None = None
    mersis: Print | None = None
    tax_number: Print | None = None
    trade_registry_number: Print | None = None
    verbis_number: Print | None = None
    contact_person: Print | None = None
    representative: Print | None = None
    response_days: NumberPrint | None = None
    fee: Print | None = None
    application_channels: PrintedChannels | None = None
    rights: PrintedRights | None = None


class Definition(Wire):
    """A term that a document defines."""

    read_only: ClassVar[frozenset[str]] = frozenset({"label"})

    vocabulary: DefinedVocabulary = "data_subject_categories"
    term: Reference
    as_stated: AsStated | None = None
    locator: ShortText | None = None


class DocumentWrite(Wire):
    """A document of a controller."""

    read_only: ClassVar[frozenset[str]] = frozenset({"id", "revision", "origin"})

    code: Reference = Field(description="Bare code, or `controller:code`")
    controller: CodeOrRef
    kind: DocumentKind
    status: Status = "not_stated"
    title: ShortText
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)] | None = Field(
        default=None, description="BCP 47"
    )
    date: Day | None = None
    effective_from: Day | None = None
    effective_to: Day | None = None
    version: ShortText | None = None
    address: ShortText | None = Field(default=None, description="Where it is published")
    checksum: ShortText | None = None
    audience: list[CodeOrRef] = Field(default=[], max_length=50, description="Data-subject categories")
    channel: Channel | None = None
    version_of: CodeOrRef | None = None
    language_version_of: CodeOrRef | None = None
    supplements: CodeOrRef | None = None
    prints: Prints = Prints()
    defines: list[Definition] = Field(default=[], max_length=200)
    note: Text | None = None

    @model_validator(mode="after")
    def dates_in_order(self) -> "DocumentWrite":
        """The effective period does not end before it begins."""
        if self.effective_from and self.effective_to and self.effective_from > self.effective_to:
            raise PydanticCustomError("dates_out_of_order", "effective_to is before effective_from")
        return self


class DocumentRead(Model):
    """A document."""

    id: str
    code: str
    controller: NamedRef
    kind: DocumentKind
    origin: Origin = Field(description="`source`, made by the server (`declaration`), or `generated`")
    status: Status
    title: str
    language: str | None
    date: Day | None
    effective_from: Day | None
    effective_to: Day | None
    version: str | None
    address: str | None
    checksum: str | None
    audience: list[TermRef]
    channel: Channel | None
    version_of: NamedRef | None
    language_version_of: NamedRef | None
    supplements: NamedRef | None
    prints: Prints
    defines: list[Definition]
    note: str | None
    revision: int


class DocumentQuery(FollowedQuery):
    """Filters of documents."""

    controller: Annotated[list[str], Field(description="Controller (code or id)")] = []
    kind: Annotated[list[DocumentKind], Field(description="Kind of document")] = []
    status: Annotated[list[Status], Field(description="Status")] = []
    channel: Annotated[list[Channel], Field(description="Where it is shown")] = []
    language: Annotated[list[str], Field(description="BCP 47 language")] = []
    audience: Annotated[list[str], Field(description="Data-subject category; narrower ones too")] = []
    right: Annotated[list[str], Field(description="Data-subject right that it lists (code)")] = []
