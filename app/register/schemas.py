"""What facts and questions answer, for OpenAPI."""

from typing import Literal

from pydantic import BaseModel, Field

from app.activities.parts import MechanismRecord, TransferPlace
from app.activities.schemas import Scope
from app.platform.schemas import Day, Label, NamedRef

Certainty = Literal["stated", "inferred", "unknown"]


class CertainRef(BaseModel):
    """A term and how certain it is."""

    code: str
    label: Label | None = None
    certainty: Certainty
    as_stated: str | None = None


class SubjectRef(BaseModel):
    """A data-subject category of whom a data category is processed."""

    code: str
    certainty: Certainty


class DataCategoryFact(BaseModel):
    """A data category of a row, with its items and the data subjects concerned."""

    code: str | None
    label: Label | None
    certainty: Certainty
    as_stated: str | None
    items: list[CertainRef]
    data_subject_categories: list[SubjectRef]
    conditions: list[str] = Field(description="Conditions of the collections that it follows from")


class LinkFact(BaseModel):
    """A link to a term, as stated and as classified, with whether the term is in force on the day."""

    code: str
    label: Label
    as_stated: str | None
    cited_as: str | None
    law_ref: str | None
    certainty: Certainty
    inferred_from: str | None
    in_force: bool


class MechanismFact(MechanismRecord):
    """A mechanism, stated or inferred, and its standing."""

    standing: str | None


class ActivityName(BaseModel):
    """An activity as it appears in facts."""

    code: str
    name: Label
    scope: Scope | None = None


class RecipientFact(BaseModel):
    """The recipient of a transfer."""

    code: str
    name: str
    kind: Literal["named", "class"]
    group: dict[str, object] | None
    seat: str | None
    role: str
    as_stated: str | None
    certainty: Certainty


class CitationFact(BaseModel):
    """The evidence of a row."""

    document: str
    locator: str | None
    form: str | None


class TransferFact(BaseModel):
    """One transfer with every dimension and its evidence."""

    controller: NamedRef
    activity: ActivityName
    key: str
    polarity: Literal["does", "does_not"]
    recipient: RecipientFact | None
    location: str
    abroad: Literal["yes", "possible", "no", "not_stated"]
    countries: list[str]
    places: list[TransferPlace]
    mechanisms: list[MechanismFact]
    standing: str | None
    data_reach: str
    data_categories: list[DataCategoryFact]
    data_subject_reach: str
    data_subject_categories: list[CertainRef]
    data_pairing: Literal["flat"] | None
    purposes: list[LinkFact]
    legal_bases: list[LinkFact]
    purpose_reach: str
    bases_relate: str
    pairing: Literal["paired", "flat", "joined"] | None
    collection_methods: list[LinkFact]
    condition: str | None
    until: str | None
    dated: bool
    valid_from: Day | None
    valid_to: Day | None
    certainty: Certainty
    citation: CitationFact
    citations: list[CitationFact]
    note: str | None
    revision: int = Field(description="Revision of the activity")


class GroupFact(BaseModel):
    """A group: its members stand beside, under the names of the grouped dimensions."""

    statements: int
    stated: int
    inferred: int
    unknown: int
    distinct: dict[str, int] | None = None


class FactsPage(BaseModel):
    """A page of transfers, or of groups with `group_by`."""

    items: list[TransferFact | GroupFact]
    next: str | None
    total: int | None = None


class QuestionAnswer(FactsPage):
    """The answer of a question, with what was asked and how it was reached."""

    question: str
    title: Label
    article: str
    on: Day
    as_of: str
    explanation: dict[str, str]
    parameters: dict[str, object]


class QuestionCard(BaseModel):
    """A question of the library."""

    slug: str
    title: Label
    article: str
    facts: str
    explanation: dict[str, str]
    example: str


class QuestionList(BaseModel):
    """The library of questions."""

    items: list[QuestionCard]
    next: str | None = None
    total: int | None = None
