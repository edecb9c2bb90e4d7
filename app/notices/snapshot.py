"""What a notice is made from: one controller's part of the register, read once and frozen."""

from datetime import date

from pydantic import Field

from app.notices.content import Channel, Right
from app.notices.parts import (
    CitedAt,
    Conflict,
    DataSource,
    Evidence,
    Ground,
    Mechanism,
    NoticeData,
    Part,
    Phrase,
    Place,
    Recipient,
    RetentionStep,
    Term,
    Terms,
)


class PrintedField(Part):
    """A field as a document prints it."""

    field: str
    state: str
    value: str | None = None
    locator: str | None = None


class PrintedChannels(Part):
    """The list of ways to apply as a document prints it."""

    state: str = "not_stated"
    locator: str | None = None
    members: tuple[Channel, ...] = ()


class Document(Part):
    """A document of the controller that is valid on the day."""

    code: str
    title: str
    kind: str
    language: str | None = None
    date: date | None
    channel: str | None = None
    audience: tuple[Term, ...] = ()
    fields: tuple[PrintedField, ...] = ()
    channels: PrintedChannels = PrintedChannels()


class Controller(Part):
    """The register's own view of the controller."""

    code: str
    country: str | None = None
    fields: tuple[tuple[str, str | None], ...] = ()
    channels: tuple[Channel, ...] = ()
    activities: tuple[str, ...] = Field(default=(), description="Codes of its activities")

    def value(self, field: str) -> str | None:
        """Return a field of the record, or None."""
        return dict(self.fields).get(field)


class Statement(Part):
    """A statement of any of the six kinds; what its kind does not have stays empty."""

    kind: str
    activity: str
    key: str
    document: str
    polarity: str = "does"
    citations: tuple[CitedAt, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    condition: Phrase | None = None
    until: Phrase | None = None
    data: NoticeData = NoticeData()
    data_subjects: Terms = Terms()
    purposes: Terms = Terms()
    legal_bases: tuple[Ground, ...] = ()
    bases_relate: str = "not_stated"
    pairing: str | None = None
    basis_gap: str | None = None
    methods: tuple[Term, ...] = ()
    recipient: Recipient | None = None
    location: str = "not_stated"
    abroad: str = "not_stated"
    places: tuple[Place, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    sources: tuple[DataSource, ...] = ()
    automatic: str = "not_stated"
    obligation: str = "not_stated"
    declared_special: str = "not_stated"
    retention_kind: str = "not_stated"
    steps: tuple[RetentionStep, ...] = ()
    as_stated: str | None = None
    language: str = "tr"
    destruction_interval: tuple[int, str] | None = None
    destruction_months: tuple[int, ...] = ()
    exception: Phrase | None = None
    law_ref: str | None = None
    measures: tuple[Term, ...] = ()
    only_special: bool = False
    role: str = ""

    @property
    def evidence(self) -> Evidence:
        """Return where the statement stands."""
        return Evidence(
            kind=self.kind,
            activity=self.activity,
            key=self.key,
            document=self.document,
            citations=self.citations,
            conflicts_with=self.conflicts,
        )


class Audience(Part):
    """The data subjects asked for: the term itself, and all terms narrower or broader than it."""

    term: Term
    matching: frozenset[str]


class Snapshot(Part):
    """Everything that a notice is made from."""

    controller: Controller
    on: date
    channel: str | None = None
    audience: Audience | None = None
    documents: tuple[Document, ...] = ()
    statements: tuple[Statement, ...] = ()
    rights: tuple[Right, ...] = ()
    special_categories: frozenset[str] = frozenset()

    def of(self, kind: str, polarity: str | None = None) -> tuple[Statement, ...]:
        """Return the statements of one kind, in the order of the register."""
        return tuple(
            one for one in self.statements if one.kind == kind and (polarity is None or one.polarity == polarity)
        )
