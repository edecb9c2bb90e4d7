"""What statements are made of on the wire: links to terms, data members, reaches, places, mechanisms, steps.

Every member may be short (a bare code) or long (an object where there is more to say).
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from app.platform.schemas import AS_NUMBER, AsStated, Country, Day, Label, Reference, ShortText, Text, Truth, Wire

Certainty = Literal["stated", "inferred", "unknown"]
Reach = Literal["listed", "including", "all", "all_except", "not_stated", "unreadable"]
Answer = Literal["yes", "no", "not_stated"]
Unit = Literal["minute", "hour", "day", "week", "month", "year"]

CertaintyField = Annotated[
    Certainty, Field(description="Whether the source says it, or it follows from something else")
]
InferredFrom = Annotated[ShortText | None, Field(description="Why it is inferred, in a few words")]
ANSWER_ONLY = "In answers only; ignored when sent"


def only_in_answers(_: Any) -> bool:  # noqa: ANN401 - any value
    """Keep a field out of what is stored; answers write it beside, and OpenAPI shows it there."""
    return True


class Link(Wire):
    """A link from a statement to a term, as stated and as classified."""

    code: Reference
    label: Label | None = Field(default=None, exclude_if=only_in_answers, description=ANSWER_ONLY)
    in_force: Truth | None = Field(default=None, exclude_if=only_in_answers, description=ANSWER_ONLY)
    as_stated: AsStated | None = Field(default=None, description="The source's own short label")
    cited_as: ShortText | None = Field(default=None, description="The article as written, even a wrong one")
    law_ref: ShortText | None = Field(default=None, description="The article as normalised, any law")
    certainty: CertaintyField = "stated"
    inferred_from: InferredFrom = None
    document: Reference | None = Field(
        default=None, description="Document that holds the consent or the contract (bases and mechanisms)"
    )


def _short(field: str) -> Callable[[Any], Any]:
    def expand(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
        return {field: value} if isinstance(value, str) else value

    return expand


LinkIn = Annotated[Link, BeforeValidator(_short("code"), json_schema_input_type=Reference | Link)]
Links = Annotated[list[LinkIn], Field(max_length=500)]


class DataMember(Wire):
    """A pair of data category and data item; either may be missing."""

    category: Reference | None = None
    category_label: Label | None = Field(default=None, exclude_if=only_in_answers, description=ANSWER_ONLY)
    item: Reference | None = None
    item_label: Label | None = Field(default=None, exclude_if=only_in_answers, description=ANSWER_ONLY)
    as_stated: AsStated | None = Field(default=None, description="The source's label of the item or category")
    category_as_stated: AsStated | None = None
    certainty: CertaintyField = "stated"
    inferred_from: InferredFrom = None

    @model_validator(mode="after")
    def something_named(self) -> "DataMember":
        """One of category and item is named."""
        if self.category is None and self.item is None:
            raise PydanticCustomError("nothing_named", "Name a category, an item or both")
        return self


def _check_reach(reach: str, members: list[Any]) -> None:
    if reach in {"listed", "including", "all_except"} and not members:
        raise PydanticCustomError("no_members", "This reach needs members")
    if reach in {"all", "not_stated", "unreadable"} and members:
        raise PydanticCustomError("no_members_allowed", "This reach has no members")


class TermSet(Wire):
    """Data subjects or purposes of a statement, and how far they reach."""

    reach: Reach = "not_stated"
    as_stated: AsStated | None = None
    members: Links = []

    @model_validator(mode="after")
    def members_fit_reach(self) -> "TermSet":
        """Members stand where the reach lists something."""
        _check_reach(self.reach, self.members)
        return self


class DataSet(Wire):
    """Data of a statement, and how far they reach."""

    reach: Reach = "not_stated"
    as_stated: AsStated | None = None
    members: Annotated[
        list[Annotated[DataMember, BeforeValidator(_short("category"), json_schema_input_type=Reference | DataMember)]],
        Field(max_length=2000),
    ] = []

    @model_validator(mode="after")
    def members_fit_reach(self) -> "DataSet":
        """Members stand where the reach lists something."""
        _check_reach(self.reach, self.members)
        return self


def _expand_items(members: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Turn `{category, items: […]}` into one pair per item; without any it is the category alone."""
    if not isinstance(members, list):
        return members
    pairs: list[Any] = []
    for member in members:
        if not (isinstance(member, dict) and isinstance(member.get("items"), list)):
            pairs.append(member)
            continue
        if not member["items"]:
            pairs.append({name: value for name, value in member.items() if name != "items"})
            continue
        shared = {name: value for name, value in member.items() if name not in {"items", "as_stated"}}
        if "as_stated" in member:
            shared["category_as_stated"] = member["as_stated"]
        for item in member["items"]:
            own = {"item": item} if isinstance(item, str) else item
            if isinstance(own, dict) and "code" in own:
                own = {"item": own["code"], **{name: value for name, value in own.items() if name != "code"}}
            pairs.append({**shared, **own} if isinstance(own, dict) else own)
    return pairs


def _as_set(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Take a list for `listed`, and members without a reach likewise."""
    if isinstance(value, list):
        value = {"reach": "listed", "members": value} if value else {}
    if isinstance(value, dict) and "members" in value:
        value = {**value, "members": _expand_items(value["members"])}
        if "reach" not in value and value["members"]:
            value["reach"] = "listed"
    return value


TermSetIn = Annotated[TermSet, BeforeValidator(_as_set, json_schema_input_type=list[Reference | Link] | TermSet)]
DataSetIn = Annotated[DataSet, BeforeValidator(_as_set, json_schema_input_type=list[Reference | DataMember] | DataSet)]


class BasisSet(Wire):
    """Legal bases of a statement, and how several relate."""

    relate: Literal["all", "any", "fallback", "not_stated"] = Field(
        default="not_stated", description="`fallback`: ordered, the last applies where the earlier do not"
    )
    members: Links = []


def _as_bases(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    return {"members": value} if isinstance(value, list) else value


BasisSetIn = Annotated[BasisSet, BeforeValidator(_as_bases, json_schema_input_type=list[Reference | Link] | BasisSet)]


class RecipientLink(Wire):
    """A link to a recipient."""

    code: Reference
    name: str | None = Field(default=None, exclude_if=only_in_answers, description=ANSWER_ONLY)
    as_stated: AsStated | None = None
    certainty: CertaintyField = "stated"
    inferred_from: InferredFrom = None


RecipientIn = Annotated[
    RecipientLink, BeforeValidator(_short("code"), json_schema_input_type=Reference | RecipientLink)
]


class Source(Wire):
    """From whom data come."""

    kind: Literal["data_subject", "recipient", "other"]
    recipient: Reference | None = None
    as_stated: AsStated | None = None
    certainty: CertaintyField = "stated"
    inferred_from: InferredFrom = None

    @model_validator(mode="after")
    def recipient_where_needed(self) -> "Source":
        """A source that is a recipient names it."""
        if (self.kind == "recipient") != (self.recipient is not None):
            raise PydanticCustomError("source_recipient", "A source of kind recipient, and no other, names one")
        return self


SourceIn = Annotated[
    Source, BeforeValidator(_short("kind"), json_schema_input_type=Literal["data_subject", "other"] | Source)
]


class TransferPlace(Wire):
    """Where a transfer goes: a country, or a place as stated."""

    country: Country | None = None
    as_stated: AsStated | None = None
    certainty: CertaintyField = "stated"
    inferred_from: InferredFrom = None

    @model_validator(mode="after")
    def something_named(self) -> "TransferPlace":
        """A place has a country or words."""
        if self.country is None and self.as_stated is None:
            raise PydanticCustomError("nothing_named", "Name a country, or the place as stated")
        return self


PlaceIn = Annotated[TransferPlace, BeforeValidator(_short("country"), json_schema_input_type=Country | TransferPlace)]


class MechanismRecord(Link):
    """What allows a transfer abroad (KVKK m.9), with its dates and its state."""

    status: Literal["planned", "signed", "in_force", "ended", "not_stated"] = "not_stated"
    valid_from: Day | None = None
    valid_to: Day | None = None
    signed_on: Day | None = None
    notified_on: Day | None = Field(default=None, description="Notice to the Authority (m.9/5)")
    contract_type: Reference | None = Field(default=None, description="Standard contract: ss_1 to ss_4")
    occasional: Answer = Field(default="not_stated", description="Recorded as occasional (arızi), m.9/6")
    risk_information: Answer = Field(default="not_stated", description="Possible risks were explained, m.9/6-a")
    until: ShortText | None = Field(default=None, description="End of an interim mechanism, in words")

    @model_validator(mode="after")
    def dates_in_order(self) -> "MechanismRecord":
        """A mechanism does not end before it begins."""
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise PydanticCustomError("dates_out_of_order", "valid_to is before valid_from")
        return self


MechanismIn = Annotated[
    MechanismRecord, BeforeValidator(_short("code"), json_schema_input_type=Reference | MechanismRecord)
]


class Duration(Wire):
    """A length of time."""

    value: Annotated[int, Field(ge=0, le=100_000), AS_NUMBER]
    unit: Unit


class Step(Wire):
    """One step of a retention: how long, from when, and what happens then."""

    join: Literal["then", "or"] | None = Field(default=None, description="How it follows the step before")
    value: Annotated[int, Field(ge=0, le=100_000), AS_NUMBER] | None = None
    unit: Unit | None = None
    bound: Literal["exact", "minimum", "maximum", "about"] = "exact"
    start_relation: Literal["any", "all", "latest"] = "any"
    start_events: Links = []
    starts_at: Literal["event", "end_of_month", "end_of_calendar_year"] = "event"
    renewed_by: Links = []
    condition: Text | None = None
    action: Links = Field(default=[], description="Disposal methods: what happens at the end")
    medium: ShortText | None = None

    @model_validator(mode="after")
    def value_and_unit(self) -> "Step":
        """A value has a unit."""
        if (self.value is None) != (self.unit is None):
            raise PydanticCustomError("value_and_unit", "Give value and unit together")
        return self


class Citation(Wire):
    """Where the document says it."""

    locator: ShortText = Field(description="Section heading, table row or line")
    form: Literal["table", "list", "prose"] = "prose"
