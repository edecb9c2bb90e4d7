"""Activities and their six kinds of statement on the wire."""

from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.activities.parts import (
    Answer,
    BasisSet,
    BasisSetIn,
    Citation,
    DataSet,
    DataSetIn,
    Duration,
    Links,
    MechanismIn,
    PlaceIn,
    RecipientIn,
    SourceIn,
    Step,
    TermSet,
    TermSetIn,
)
from app.history.schemas import FollowedQuery
from app.platform.models import Model
from app.platform.schemas import (
    AS_NUMBER,
    AsStated,
    Code,
    Day,
    Label,
    NamedRef,
    Reference,
    ShortText,
    Text,
    Truth,
    Wire,
)
from app.vocabularies.schemas import CodeOrRef

Kind = Literal["roles", "collections", "uses", "transfers", "retentions", "measures"]
KINDS: Final[tuple[Kind, ...]] = ("roles", "collections", "uses", "transfers", "retentions", "measures")
Scope = Literal["process", "general"]


class Statement(Wire):
    """What every statement has."""

    key: Code | None = Field(default=None, description="Stable within activity and kind; made where left out")
    document: CodeOrRef | None = Field(
        default=None, description="The one document that says it; a declaration is made where none is named"
    )
    citations: list[Citation] = Field(default=[], max_length=50)
    polarity: Literal["does", "does_not"] = Field(
        default="does", description="`does_not`: “is not transferred” is a fact too"
    )
    condition: Text | None = Field(default=None, description="Only if, in few words")
    until: ShortText | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    note: Text | None = Field(default=None, description="The register's own remark")

    @model_validator(mode="after")
    def dates_in_order(self) -> "Statement":
        """A statement does not end before it begins."""
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise PydanticCustomError("dates_out_of_order", "valid_to is before valid_from")
        return self


class About(Statement):
    """A statement about data of data subjects."""

    data: DataSetIn = DataSet()
    data_subjects: TermSetIn = TermSet()


class RoleStatement(About):
    """Who is what: controller, joint controller or processor, beside whom."""

    role: Literal["controller", "joint_controller", "processor"]
    counterpart: RecipientIn | None = None


class Collection(About):
    """Whose data, which data, how and from whom."""

    collection_methods: Links = []
    sources: list[SourceIn] = Field(default=[], max_length=100)
    automatic: Literal["automatic", "non_automatic", "both", "not_stated"] = Field(
        default="not_stated", description="Fully or partly automatic, or not (KVKK m.10/1-ç)"
    )
    obligation: Literal["mandatory", "optional", "not_stated"] = "not_stated"
    declared_special: Answer = Field(
        default="not_stated", description="The controller's own flag beside the law's special categories"
    )


class Reasoned(About):
    """A statement with purposes and legal bases."""

    purposes: TermSetIn = TermSet()
    legal_bases: BasisSetIn = BasisSet()
    collection_methods: Links = []
    joined: Truth = Field(default=False, description="Purposes and bases come from two tables with one key")


class Use(Reasoned):
    """Why data are processed: purposes, legal bases, or both."""


class Transfer(Reasoned):
    """To whom data go: one recipient, or none named."""

    recipient: RecipientIn | None = None
    recipient_role: Literal["controller", "joint_controller", "processor", "not_stated"] = "not_stated"
    location: Literal["domestic", "abroad", "domestic_or_abroad", "not_stated"] | None = Field(
        default=None, description="Where left out it follows from the places"
    )
    places: list[PlaceIn] = Field(default=[], max_length=100)
    mechanisms: list[MechanismIn] = Field(default=[], max_length=50)


RetentionKind = Literal["period", "criterion", "while_event_lasts", "not_stated", "unreadable"]


class Retention(About):
    """How long data are kept, and what happens then."""

    purposes: TermSetIn = TermSet()
    kind: RetentionKind = "not_stated"
    as_stated: AsStated | None = None
    steps: list[Step] = Field(default=[], max_length=50)
    destruction_interval: Duration | None = None
    destruction_months: list[Annotated[int, Field(ge=1, le=12), AS_NUMBER]] = Field(default=[], max_length=12)
    exception: Text | None = None
    law_ref: ShortText | None = None

    @model_validator(mode="before")
    @classmethod
    def take_short_form(cls, value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
        """Take `period` and `from` for one step."""
        if not isinstance(value, dict) or not {"period", "from"} & set(value):
            return value
        rest = {name: content for name, content in value.items() if name not in {"period", "from"}}
        if "steps" in rest:
            return value
        step: dict[str, Any] = {}
        period = value.get("period")
        step |= period if isinstance(period, dict) else {"value": period}
        if "from" in value:
            step["start_events"] = value["from"] if isinstance(value["from"], list) else [value["from"]]
        return {"kind": "period", **rest, "steps": [step]}


class MeasureStatement(Statement):
    """How data are protected (KVKK m.12)."""

    measures: Annotated[Links, Field(min_length=1)]
    only_special: Truth = Field(default=False, description="Only for special categories (m.6)")


STATEMENTS: Final[dict[Kind, type[Statement]]] = {
    "roles": RoleStatement,
    "collections": Collection,
    "uses": Use,
    "transfers": Transfer,
    "retentions": Retention,
    "measures": MeasureStatement,
}


class ActivityWrite(Wire):
    """A whole processing activity (faaliyet)."""

    read_only: ClassVar[frozenset[str]] = frozenset({"id", "revision"})

    controller: CodeOrRef
    code: Reference = Field(description="Bare code, or `controller:code`")
    name: Label
    scope: Scope = Field(
        default="process", description="`general`: what a document says of all the controller's processing"
    )
    description: Text | None = None
    roles: list[RoleStatement] = Field(default=[], max_length=2000)
    collections: list[Collection] = Field(default=[], max_length=2000)
    uses: list[Use] = Field(default=[], max_length=2000)
    transfers: list[Transfer] = Field(default=[], max_length=2000)
    retentions: list[Retention] = Field(default=[], max_length=2000)
    measures: list[MeasureStatement] = Field(default=[], max_length=2000)


class ActivityRead(Model):
    """A whole processing activity in its long form."""

    id: str
    controller: NamedRef
    code: str
    name: Label
    scope: Scope
    description: str | None
    roles: list[RoleStatement]
    collections: list[Collection]
    uses: list[Use]
    transfers: list[Transfer]
    retentions: list[Retention]
    measures: list[MeasureStatement]
    revision: int


class ActivityQuery(FollowedQuery):
    """Filters of activities."""

    controller: Annotated[list[str], Field(description="Controller (code or id)")] = []
    document: Annotated[list[str], Field(description="Document that one of its statements cites (code or id)")] = []
    recipient: Annotated[list[str], Field(description="Recipient of one of its transfers (code or id)")] = []
    scope: Annotated[list[Scope], Field(description="A process, or a document's general statements")] = []
    on: Annotated[Day | None, Field(description="Day whose law decides `in_force`; today if left out")] = None
