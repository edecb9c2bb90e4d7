"""What facts and questions answer, for OpenAPI."""

from typing import Final, Generic, Literal, TypeVar, cast

from pydantic import BaseModel, Field

from app.activities.parts import Duration, MechanismRecord, TransferPlace, Unit
from app.platform.models import Model
from app.platform.schemas import Day, Label, NamedRef

Certainty = Literal["stated", "inferred", "unknown"]


class CertainRef(Model):
    """A term and how certain it is."""

    code: str
    label: Label
    href: str = Field(description="Address of the term")
    certainty: Certainty
    as_stated: str | None = None


class SubjectRef(Model):
    """A data-subject category of whom a data category is processed."""

    code: str
    certainty: Certainty


class DataCategoryFact(Model):
    """A data category of a row, with its items and the data subjects concerned."""

    code: str | None
    label: Label | None
    href: str | None
    certainty: Certainty
    as_stated: str | None
    items: list[CertainRef]
    data_subject_categories: list[SubjectRef]
    conditions: list[str] = Field(description="Conditions of the collections that it follows from")


class LinkFact(Model):
    """A link to a term, as stated and as classified, with whether the term is in force on the day."""

    code: str
    label: Label
    as_stated: str | None
    cited_as: str | None
    law_ref: str | None
    certainty: Certainty
    inferred_from: str | None
    document: str | None = Field(description="Document that holds the consent or the contract")
    in_force: bool
    href: str = Field(description="Address of the term")


class MechanismFact(MechanismRecord):
    """A mechanism, stated or inferred, and its standing."""

    label: Label
    in_force: bool
    href: str = Field(description="Address of the term")
    standing: str | None


class StepFact(Model):
    """One step of a retention."""

    join: Literal["then", "or"] | None
    value: int | None
    unit: Unit | None
    bound: str
    start_relation: str
    start_events: list[LinkFact]
    starts_at: str
    renewed_by: list[LinkFact]
    condition: str | None
    action: list[LinkFact] = Field(description="Disposal methods: what happens at the end")
    medium: str | None


class ActivityName(Model):
    """An activity as it appears in facts."""

    code: str
    name: Label


class RecipientFact(Model):
    """The recipient of a transfer, or the counterpart of a role."""

    code: str
    name: str
    kind: Literal["named", "class"]
    group: dict[str, object] | None
    seat: str | None
    role: str | None = Field(description="Role of the recipient of a transfer; null for a counterpart")
    as_stated: str | None
    certainty: Certainty


class CitationFact(Model):
    """The evidence of a row."""

    document: str
    locator: str | None
    form: str | None


class ConflictFact(Model):
    """Another statement that says otherwise."""

    dimension: str
    certainty: Certainty
    activity: str
    key: str
    document: str


class FactLinks(Model):
    """Addresses around a row; `before`: the same row when what it states, or what follows, was last otherwise."""

    self: str
    activity: str
    controller: str
    document: str
    recipient: str | None
    before: str | None


class Fact(Model):
    """What every fact has: one row per statement, with its evidence."""

    controller: NamedRef
    activity: ActivityName
    key: str
    polarity: Literal["does", "does_not"]
    condition: str | None
    until: str | None
    dated: bool = Field(description="False where nothing dates the statement or its document")
    valid_from: Day | None
    valid_to: Day | None
    certainty: Certainty
    citation: CitationFact
    citations: list[CitationFact]
    note: str | None
    conflicts_with: list[ConflictFact]
    revision: int = Field(description="Revision of the activity")
    links: FactLinks


class DataFact(Fact):
    """A fact about data of data subjects."""

    data_reach: str
    data_categories: list[DataCategoryFact]
    data_subject_reach: str
    data_subject_categories: list[CertainRef]
    data_pairing: Literal["flat"] | None


class ReasonedFact(DataFact):
    """A fact with purposes and legal bases."""

    purposes: list[LinkFact]
    purpose_reach: str
    legal_bases: list[LinkFact]
    bases_relate: str
    pairing: Literal["paired", "flat", "joined"] | None
    collection_methods: list[LinkFact]


class TransferFact(ReasonedFact):
    """One transfer."""

    recipient: RecipientFact | None
    location: str
    abroad: Literal["yes", "possible", "no", "not_stated"]
    countries: list[str]
    places: list[TransferPlace]
    mechanisms: list[MechanismFact]
    standing: str | None


class UncoveredDatum(Model):
    """Data of a use for which the document names no basis."""

    category: str | None
    item: str | None


class UseFact(ReasonedFact):
    """One use."""

    basis_gap: Literal["none", "partly", "covered"] | None = Field(
        description="Where the use names no basis: how far other uses of its document without purpose complete it"
    )
    uncovered: list[UncoveredDatum]


class SourceFact(Model):
    """From whom data come."""

    kind: Literal["data_subject", "recipient", "other"]
    recipient: NamedRef | None
    as_stated: str | None
    certainty: Certainty
    inferred_from: str | None


class CollectionFact(DataFact):
    """One collection."""

    sources: list[SourceFact]
    automatic: str
    obligation: str
    declared_special: str
    collection_methods: list[LinkFact]


class RetentionFact(DataFact):
    """One retention."""

    purposes: list[LinkFact]
    purpose_reach: str
    retention_kind: str
    as_stated: str | None
    steps: list[StepFact]
    destruction_interval: Duration | None
    destruction_months: list[int]
    exception: str | None
    law_ref: str | None


class MeasureFact(Fact):
    """One statement of measures."""

    measures: list[LinkFact]
    only_special: bool


class RoleFact(DataFact):
    """One role."""

    role: str
    counterpart: RecipientFact | None


FACTS: Final[dict[str, type[Fact]]] = {
    "collections": CollectionFact,
    "uses": UseFact,
    "transfers": TransferFact,
    "retentions": RetentionFact,
    "measures": MeasureFact,
    "roles": RoleFact,
}


class GroupFact(Model):
    """A group: its members stand beside, under the names of the grouped dimensions."""

    statements: int
    stated: int
    inferred: int
    unknown: int
    distinct: dict[str, int] | None = None


F = TypeVar("F", bound=BaseModel)


class FactsPage(Model, Generic[F]):
    """A page of facts, or of groups with `group_by`."""

    items: list[F | GroupFact]
    next: str | None
    total: int | None = None


class Answered(Model):
    """What was asked, and how the answer was reached."""

    question: str
    title: Label
    article: str
    on: Day
    as_of: str
    explanation: dict[str, str]
    parameters: dict[str, object]
    next: str | None
    total: int | None = None


class QuestionAnswer(Answered):
    """The answer of a question, with what was asked and how it was reached."""

    items: list[dict[str, object]]


class FactsAnswer(Answered, Generic[F]):
    """The answer of a question whose rows are facts of one kind, or groups with `group_by`."""

    items: list[F | GroupFact]


def answer_model(kind: str | None) -> type[Answered]:
    """Return the shape of an answer whose rows are facts of a kind, or of one that has rows of its own."""
    return QuestionAnswer if kind is None else cast("type[Answered]", FactsAnswer.__class_getitem__(FACTS[kind]))


class QuestionCard(Model):
    """A question of the library."""

    slug: str
    title: Label
    article: str
    facts: str
    explanation: dict[str, str]
    example: str


class QuestionList(Model):
    """The library of questions."""

    items: list[QuestionCard]
    next: str | None = None
    total: int | None = None
