"""Terms on the wire: what is read, what is written, what each vocabulary adds."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.history.schemas import FollowedQuery
from app.platform.models import Model
from app.platform.schemas import Day, Label, Reference, ShortText, TermRef, Text, Wire

TermKind = Literal["official", "common", "controller"]


def _bare(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Take `{code, label}` or `{code, name}`, as answers have it, for the code."""
    if isinstance(value, dict) and set(value) <= {"code", "label", "name"} and "code" in value:
        return value["code"]
    return value


CodeOrRef = Annotated[Reference, BeforeValidator(_bare)]


class TermWrite(Wire):
    """A controller's own term, or a common one where no controller is named."""

    read_only: ClassVar[frozenset[str]] = frozenset(
        {"id", "vocabulary", "kind", "revision", "order", "confirmed", "unconfirmed", "user_defined"}
        | {"label_variants_tr"}
    )

    code: Reference = Field(description="Bare code, or `controller:code`")
    controller: Reference | None = Field(default=None, description="Owner; left out for a common term")
    label: Label
    under: list[CodeOrRef] = Field(default=[], max_length=20, description="Broader terms of this vocabulary")
    law_ref: ShortText | None = Field(default=None, description="Article, such as `KVKK m.5/2-c`")
    valid_from: Day | None = Field(default=None, description="First day in force")
    valid_to: Day | None = Field(default=None, description="Last day in force")
    note: Text | None = None

    @model_validator(mode="after")
    def dates_in_order(self) -> "TermWrite":
        """A term does not end before it begins."""
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise PydanticCustomError("dates_out_of_order", "valid_to is before valid_from")
        return self


class ItemWrite(TermWrite):
    """A data item; its home categories are where it is filed when a source names no category."""

    read_only: ClassVar[frozenset[str]] = TermWrite.read_only | {"official_example"}

    categories: list[CodeOrRef] = Field(default=[], max_length=10, description="Home data categories")


class SeedTerm(ItemWrite):
    """A term as the product's own files write it; further attributes depend on the vocabulary."""

    model_config = ConfigDict(extra="allow", frozen=True)
    read_only: ClassVar[frozenset[str]] = frozenset()

    kind: Literal["official", "common"]
    order: int
    confirmed: bool = True
    unconfirmed: Text | None = None
    user_defined: bool = False
    label_variants_tr: list[ShortText] = []


class TermRead(Model):
    """A term."""

    id: str
    vocabulary: str
    code: str
    kind: TermKind
    controller: str | None = Field(description="Owner of a controller's own term")
    label: Label
    order: int = Field(description="Place in the official list; 0 for a controller's own term")
    law_ref: str | None
    valid_from: Day | None = Field(description="First day in force; null: not known or always")
    valid_to: Day | None = Field(description="Last day in force; null: still in force")
    confirmed: bool = Field(description="False where the source of the entry could not be confirmed")
    unconfirmed: str | None = Field(description="What about the entry is not confirmed")
    user_defined: bool = Field(description="True for “Diğer”: the controller says what it holds")
    label_variants_tr: list[str]
    under: list[TermRef] = Field(description="Broader terms")
    note: str | None
    revision: int


def only_read(read: type[TermRead]) -> frozenset[str]:
    """Return the fields of a vocabulary's answers that are ignored when they are sent back."""
    return TermWrite.read_only | (set(read.model_fields) - set(TermWrite.model_fields))


class TermQuery(FollowedQuery):
    """Filters of a vocabulary."""

    kind: Annotated[list[TermKind], Field(description="Official, common or a controller's own")] = []
    controller: Annotated[list[str], Field(description="Owner of own terms (code or id)")] = []
    under: Annotated[list[str], Field(description="Terms under this one, itself included (code)")] = []
    in_force_on: Annotated[Day | None, Field(description="Only terms in force on this day")] = None


class TermUser(Model):
    """Something that uses a term."""

    resource: str
    code: str
    place: str | None = None


class TermUsage(Model):
    """Where a term is used now."""

    code: str
    total: int
    users: list[TermUser] = Field(description="At most 500 of them")
