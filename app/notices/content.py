"""What a notice says, free of language, layout and database: terms with certainty, rows with evidence, gaps.

Everything is frozen. What only follows from silence stands here too, marked `inferred` or `unknown`; the texts
made from it print what is `stated` and nothing else.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from app.notices.parts import (
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
    State,
    Term,
    Terms,
    Where,
    Words,
)


class Row(Part):
    """What every row has."""

    polarity: Literal["does", "does_not"] = "does"
    condition: Phrase | None = None
    until: Phrase | None = None
    evidence: tuple[Evidence, ...] = ()


class DataRow(Row):
    """Data of one category about one set of people."""

    category: Term | None = Field(description="Null where the source gives items without a category")
    is_special: bool = Field(default=False, description="Special by law (KVKK m.6)")
    is_open: bool = Field(default=False, description="The source's list is open (“such as”)")
    items: tuple[Term, ...] = ()
    data_subjects: Terms = Terms()
    obligation: str = "not_stated"
    stated_special: str = Field(default="not_stated", description="The controller's own flag")


class CollectionRow(Row):
    """How and from whom data are collected."""

    methods: tuple[Term, ...] = ()
    automatic: str = "not_stated"
    sources: tuple[DataSource, ...] = ()
    data: NoticeData = NoticeData()
    data_subjects: Terms = Terms()


class UseRow(Row):
    """Purposes and grounds that belong together, and the data they are about."""

    purposes: Terms = Terms()
    legal_bases: tuple[Ground, ...] = ()
    bases_relate: str = "not_stated"
    pairing: str | None = Field(default=None, description="`flat` and `joined`: nothing pairs purpose and ground")
    completed_by_others: bool = Field(
        default=False, description="No ground of its own; uses of its document without purpose give one (inferred)"
    )
    data: NoticeData = NoticeData()
    data_subjects: Terms = Terms()
    methods: tuple[Term, ...] = ()


class TransferRow(Row):
    """Recipients for whom the same is said: why, on what ground, where, which data."""

    recipients: tuple[Recipient, ...] = ()
    purposes: Terms = Terms()
    legal_bases: tuple[Ground, ...] = ()
    bases_relate: str = "not_stated"
    pairing: str | None = None
    location: str = "not_stated"
    abroad: str = "not_stated"
    places: tuple[Place, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    data: NoticeData = NoticeData()
    data_subjects: Terms = Terms()
    methods: tuple[Term, ...] = ()


class RetentionRow(Row):
    """How long data are kept."""

    kind: str
    steps: tuple[RetentionStep, ...] = ()
    as_stated: str | None = None
    language: str = "tr"
    destruction_interval: tuple[int, str] | None = None
    destruction_months: tuple[int, ...] = ()
    exception: Phrase | None = None
    law_ref: str | None = None
    purposes: Terms = Terms()
    data: NoticeData = NoticeData()
    data_subjects: Terms = Terms()


class MeasureRow(Row):
    """How data are protected."""

    measures: tuple[Term, ...]
    only_special: bool = False


class RoleRow(Row):
    """Who is controller, joint controller or processor, beside whom."""

    role: str
    counterpart: Recipient | None = None
    data: NoticeData = NoticeData()
    data_subjects: Terms = Terms()


class Printed(Part):
    """One fact about the controller: from a document, else from the controller's record."""

    field: str
    state: State
    value: str | None = None
    language: str = "tr"
    origin: Literal["document", "controller"] | None = None
    document: str | None = None
    locator: str | None = None
    others: tuple[str, ...] = Field(default=(), description="What other documents print instead")


class Channel(Part):
    """A way to apply."""

    kind: str
    value: str | None = None
    as_stated: Phrase | None = None
    condition: Phrase | None = None
    document: str | None = None
    locator: str | None = None


class Channels(Part):
    """The ways to apply, and where they are taken from."""

    state: State
    origin: Literal["document", "controller"] | None = None
    document: str | None = None
    locator: str | None = None
    members: tuple[Channel, ...] = ()


class Right(Part):
    """A right of the data subject by its letter in the law."""

    code: str
    letter: str
    label: Words
    law_ref: str


class Who(Part):
    """Who is responsible, and how to reach them."""

    identity: tuple[Printed, ...]
    roles: tuple[RoleRow, ...]


class Application(Part):
    """How to apply, within what time, at what cost."""

    channels: Channels
    response_days: Printed
    fee: Printed


class EnterAt(Part):
    """Where what is missing would be entered: an address of the API and a field."""

    path: str
    field: str


class Gap(Part):
    """A required element for which the register has nothing that may be printed."""

    code: str
    law_ref: str = Field(description="The article that requires it")
    requirement: Words
    missing: Words
    state: State
    section: str = Field(description="Section of the notice that lacks it")
    about: Words | None = Field(default=None, description="What a gap of one statement is about, such as a recipient")
    place: Evidence | None = Field(default=None, description="The statement that lacks it; null: nothing says it")
    where: tuple[Where, ...] = Field(default=(), description="Where a document can be checked")
    enter_at: EnterAt


class UsedDocument(Part):
    """A document that the notice rests on."""

    code: str
    title: str
    kind: str
    date: date | None
    language: str | None
    channel: str | None
    audience: tuple[Term, ...]


class Subject(Part):
    """The controller that the notice is of."""

    code: str
    name: str | None


class Notice(Part):
    """A whole notice; its parts are named like the questions that they answer."""

    controller: Subject
    on: date
    audience: Term | None = Field(description="The data subjects asked for; null: everybody")
    channel: str | None
    status: Literal["draft", "complete"] = Field(description="`draft` while there are gaps")
    documents: tuple[UsedDocument, ...]
    who: Who
    what: tuple[DataRow, ...]
    why: tuple[UseRow, ...]
    to_whom: tuple[TransferRow, ...]
    how: tuple[CollectionRow, ...]
    how_long: tuple[RetentionRow, ...]
    protection: tuple[MeasureRow, ...]
    rights: tuple[Right, ...]
    application: Application
    gaps: tuple[Gap, ...]
