"""Recipients on the wire."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.history.schemas import FollowedQuery
from app.platform.models import Model
from app.platform.schemas import Country, NamedRef, Reference, ShortText, TermRef, Text, Wire
from app.vocabularies.schemas import CodeOrRef

RecipientKind = Literal["named", "class"]


class RecipientWrite(Wire):
    """A person or body with a name, or a class of them."""

    read_only: ClassVar[frozenset[str]] = frozenset({"id", "revision"})

    code: Reference = Field(description="Bare code, or `controller:code`")
    controller: Reference | None = Field(default=None, description="Owner; left out for a shared recipient")
    name: ShortText
    name_en: ShortText | None = Field(default=None, description="English rendering, for classes")
    kind: RecipientKind
    group: CodeOrRef | None = Field(default=None, description="Recipient group, or a class under one")
    seat: Country | None = Field(default=None, description="Country of the seat")
    parent: CodeOrRef | None = Field(default=None, description="Recipient that it belongs to")
    address: Text | None = None
    website: ShortText | None = None
    note: Text | None = None


class RecipientRead(Model):
    """A recipient."""

    id: str
    code: str
    controller: str | None
    name: str
    name_en: str | None
    kind: RecipientKind
    group: TermRef | None
    seat: str | None
    parent: NamedRef | None
    address: str | None
    website: str | None
    note: str | None
    revision: int


class RecipientQuery(FollowedQuery):
    """Filters of recipients."""

    controller: Annotated[list[str], Field(description="Owner (code or id)")] = []
    kind: Annotated[list[RecipientKind], Field(description="Named or a class")] = []
    group: Annotated[list[str], Field(description="Recipient group or class (code); narrower ones too")] = []
    seat: Annotated[list[Country], Field(description="Country of the seat")] = []
    parent: Annotated[list[str], Field(description="Recipient that it belongs to (code or id)")] = []
