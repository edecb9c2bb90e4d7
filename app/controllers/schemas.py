"""Controllers on the wire."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.history.schemas import FollowedQuery
from app.platform.models import Model
from app.platform.schemas import AS_NUMBER, Code, Country, ShortText, Text, Truth, Wire

ControllerKind = Literal["legal_person", "natural_person", "public_body", "not_stated"]
Obligation = Literal["registered", "obliged", "exempt", "not_stated"]
ApplicationKind = Literal[
    "written",
    "in_person",
    "notary",
    "kep",
    "secure_electronic_signature",
    "registered_email",
    "form",
    "email",
    "phone",
    "other",
]


class ApplicationChannel(Wire):
    """A way to apply to the controller (KVKK m.13; Veri Sorumlusuna Başvuru Tebliği)."""

    kind: ApplicationKind
    value: ShortText | None = Field(default=None, description="Address, number or form to use")


class ControllerWrite(Wire):
    """A controller as the register sees it; everything but the code may be missing."""

    read_only: ClassVar[frozenset[str]] = frozenset({"id", "revision"})

    code: Code
    legal_name: ShortText | None = None
    short_name: ShortText | None = None
    kind: ControllerKind = "not_stated"
    country: Country | None = Field(default=None, description="Country of the seat")
    address: Text | None = None
    phone: ShortText | None = None
    email: ShortText | None = None
    kep: ShortText | None = Field(default=None, description="Registered e-mail address (KEP)")
    website: ShortText | None = None
    mersis: ShortText | None = Field(default=None, description="Number in the central trade registry")
    verbis_number: ShortText | None = None
    verbis_obligation: Obligation = Field(default="not_stated", description="Duty to register (KVKK m.16)")
    contact_person: ShortText | None = None
    representative: ShortText | None = Field(
        default=None, description="Representative of a controller abroad (Yönetmelik m.11)"
    )
    application_channels: list[ApplicationChannel] = Field(default=[], max_length=50)
    response_days: Annotated[int, Field(ge=0, le=3650), AS_NUMBER] | None = Field(
        default=None, description="Days within which applications are answered"
    )
    fee: Text | None = None
    practice: Truth = Field(
        default=False,
        description="For trying things out: facts, questions and comparisons leave its statements out, unless the "
        "controller, the activity or the document is asked for by name",
    )
    note: Text | None = None


class ControllerRead(Model):
    """A controller."""

    id: str
    code: str
    legal_name: str | None
    short_name: str | None
    kind: ControllerKind
    country: str | None
    address: str | None
    phone: str | None
    email: str | None
    kep: str | None
    website: str | None
    mersis: str | None
    verbis_number: str | None
    verbis_obligation: Obligation
    contact_person: str | None
    representative: str | None
    application_channels: list[ApplicationChannel]
    response_days: int | None
    fee: str | None
    practice: bool
    note: str | None
    revision: int


class ControllerQuery(FollowedQuery):
    """Filters of controllers."""

    kind: Annotated[list[ControllerKind], Field(description="Kind of controller")] = []
    country: Annotated[list[Country], Field(description="Country of the seat")] = []
    verbis_obligation: Annotated[list[Obligation], Field(description="Duty to register")] = []
    practice: Annotated[bool | None, Field(description="Only those for trying things out (true), or none of them")] = (
        None
    )
