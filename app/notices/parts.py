"""The parts that rows of a notice are made of: terms with their certainty, data, places, evidence. Frozen and pure."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.platform.models import Model

Certainty = Literal["stated", "inferred", "unknown"]
State = Literal["stated", "inferred", "unknown", "not_stated", "unreadable"]


class Part(Model):
    """A frozen part of a notice."""

    model_config = ConfigDict(frozen=True)


class Words(Part):
    """A label in Turkish and English."""

    tr: str
    en: str


class Phrase(Part):
    """Words that the register holds in one language only."""

    text: str
    language: str = Field(description="BCP 47 language of the document that it was taken from")


class CitedAt(Part):
    """Where a document says it."""

    locator: str
    form: str


class Conflict(Part):
    """Another statement that says otherwise."""

    dimension: str
    certainty: Certainty
    activity: str
    key: str
    document: str


class Evidence(Part):
    """The statement of the register behind a row, and the places of its document."""

    kind: str
    activity: str
    key: str
    document: str
    citations: tuple[CitedAt, ...]
    conflicts_with: tuple[Conflict, ...] = ()


class Where(Part):
    """A place in a document."""

    document: str
    locator: str | None


class DocumentRef(Part):
    """A document by code and title."""

    code: str
    title: str
    language: str = "tr"


class Term(Part):
    """A term, as classified and as stated."""

    code: str
    label: Words
    certainty: Certainty = "stated"
    as_stated: str | None = None
    inferred_from: str | None = None

    @property
    def is_stated(self) -> bool:
        """Tell whether the source says it."""
        return self.certainty == "stated"


class Ground(Term):
    """A ground of processing (KVKK m.5, m.6), with its article."""

    law_ref: str | None = None
    cited_as: str | None = None
    in_force: bool = True
    is_consent: bool = False
    names_condition: bool = Field(
        default=True, description="False for heads such as “m.5, cited without paragraph and letter”"
    )
    consent_text: DocumentRef | None = None


class Mechanism(Term):
    """What allows a transfer abroad (KVKK m.9)."""

    law_ref: str | None = None
    cited_as: str | None = None
    in_force: bool = True
    status: str = "not_stated"
    standing: str | None = None
    names_mechanism: bool = True
    document: DocumentRef | None = None


class Terms(Part):
    """Terms and how far they reach."""

    reach: str = "not_stated"
    members: tuple[Term, ...] = ()
    is_spelled_out: bool = Field(
        default=False, description="The notice rests on several documents, and `all` means all of one of them"
    )

    @property
    def stated(self) -> tuple[Term, ...]:
        """Return the members that the source says."""
        return tuple(member for member in self.members if member.is_stated)


class Datum(Part):
    """A data category with its items and the people concerned; a category that follows from an item is inferred."""

    category: Term | None = None
    items: tuple[Term, ...] = ()
    data_subjects: tuple[Term, ...] = ()


class NoticeData(Part):
    """Data and how far they reach; with `all_except` the exceptions stand apart."""

    reach: str = "not_stated"
    members: tuple[Datum, ...] = ()
    exceptions: tuple[Term, ...] = ()
    is_spelled_out: bool = False


class DataSource(Part):
    """From whom data come."""

    kind: Literal["data_subject", "recipient", "other"]
    code: str | None = None
    name: Words | None = None
    as_stated: str | None = None
    certainty: Certainty = "stated"


class Recipient(Part):
    """To whom data go: somebody with a name, or a class."""

    code: str
    name: Words
    kind: Literal["named", "class"]
    group: Term | None = None
    role: str | None = None
    as_stated: str | None = None
    certainty: Certainty = "stated"


class Place(Part):
    """A country, or a place as stated."""

    country: str | None = None
    as_stated: str | None = None
    certainty: Certainty = "stated"


class RetentionStep(Part):
    """One step of a retention."""

    join: str | None = None
    value: int | None = None
    unit: str | None = None
    bound: str = "exact"
    start_relation: str = "any"
    start_events: tuple[Term, ...] = ()
    starts_at: str = "event"
    renewed_by: tuple[Term, ...] = ()
    condition: Phrase | None = None
    action: tuple[Term, ...] = ()
    medium: Phrase | None = None
