"""History on the wire: revisions, differences, and lists of what changed."""

from datetime import datetime
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from fastapi import Path
from pydantic import Field, PlainValidator, TypeAdapter, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.platform.listing import AsOfQuery, ListQuery, PageQuery
from app.platform.models import Model
from app.platform.schemas import Instant

T = TypeVar("T")
MOST_REVISIONS: Final = 999_999_999
_INSTANT: Final[TypeAdapter[datetime]] = TypeAdapter(Instant)

Number = Annotated[int, Path(ge=1, le=MOST_REVISIONS)]


class InWords(Model):
    """The same in Turkish and English."""

    tr: str
    en: str


class RevisionEntry(Model):
    """One revision of a resource, or its end."""

    number: int = Field(description="Number of the revision; of an end, that of the revision which ended")
    action: Literal["created", "changed", "restored", "ended"]
    at: datetime = Field(description="Instant of the change")
    author: str
    reason: str | None = Field(description="Envanter-Reason of the change")
    change: int = Field(description="Number of the change, which may have changed other things too")
    restores: int | None = Field(description="Number of the earlier revision whose content it brought back")
    summary: InWords = Field(description="What changed, in a few words")


class RevisionPage(Model):
    """Revisions of a resource, newest first."""

    items: list[RevisionEntry]
    next: str | None = Field(description="Cursor of the next page, null on the last")
    total: int | None = Field(default=None, description="Number of all items, only with count=true")


class RevisionsQuery(PageQuery):
    """Parameters of the revisions of a resource."""


class DiffQuery(AsOfQuery):
    """Parameters of a difference."""

    start: Annotated[
        int | None,
        Field(
            alias="from", ge=1, le=MOST_REVISIONS, description="Number of a revision; the one before `to` if left out"
        ),
    ] = None
    to: Annotated[
        int | None, Field(ge=1, le=MOST_REVISIONS, description="Number of a revision; the latest if left out")
    ] = None


class DiffSide(Model):
    """One of the two revisions that are compared."""

    number: int
    at: datetime
    author: str
    reason: str | None
    change: int


class FieldDifference(Model):
    """How one field differs; the values as answers showed them then."""

    field: str
    action: Literal["added", "removed", "changed"]
    before: Any
    after: Any
    words: InWords


class Difference(Model):
    """How the two revisions differ in one field, or in one statement of an activity."""

    field: str | None = Field(description="Field that differs; null for a statement")
    kind: str | None = Field(description="Kind of the statement that differs")
    key: str | None = Field(description="Key of the statement; null where only the order of the statements differs")
    action: Literal["added", "removed", "changed"]
    before: Any = Field(description="Value of the field, or the statement that was removed; the keys in their order")
    after: Any = Field(description="Value of the field, or the statement that was added; the keys in their order")
    fields: list[FieldDifference] = Field(description="Of a statement that changed: field by field")
    words: InWords


class Diff(Model):
    """How two revisions of a resource differ."""

    id: str
    code: str
    start: DiffSide | None = Field(alias="from", description="Null before the first revision: everything is added")
    to: DiffSide
    differences: list[Difference]


def _since(value: Any) -> int | datetime:  # noqa: ANN401 - whatever the caller writes
    """Take the number of a change or an instant, and nothing else."""
    text = str(value)
    if text.isascii() and text.isdecimal() and len(text) <= 15:  # noqa: PLR2004 - a number of a change
        return int(text)
    try:
        return _INSTANT.validate_python(text)
    except ValidationError:
        raise PydanticCustomError(
            "changed_since", "Give the number of a change, such as 42, or an instant such as 2026-11-24T09:00:00Z"
        ) from None


Since = Annotated[
    int | datetime,
    PlainValidator(_since),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([0-9]{1,15}|[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]{5,20}([Zz]|[+-][0-9:]{4,5}))$",
        }
    ),
]


class FollowedQuery(ListQuery):
    """Parameters of a list that can be followed."""

    changed_since: Annotated[
        Since | None,
        Field(
            description="Only what changed after this change (its number, such as `until` of the answer before; 0 for "
            "everything) or instant, oldest change first. What ended comes as `deleted`, what changed and does not "
            "match the filters as `matches: false`. Goes without `sort`"
        ),
    ] = None


class EndedEntry(Model):
    """Something that ended since then."""

    id: str
    code: str
    revision: int = Field(description="Number of its last revision")
    deleted: Literal[True]
    deleted_at: datetime


class UnmatchedEntry(Model):
    """Something that changed since then and does not match the filters, whether it did before or not."""

    id: str
    code: str
    revision: int
    matches: Literal[False]


class FollowedPage(Model, Generic[T]):
    """One page of a list, or with `changed_since` of what changed."""

    items: list[T | EndedEntry | UnmatchedEntry] = Field(description="The other two only with `changed_since`")
    next: str | None = Field(description="Cursor of the next page, null on the last")
    total: int | None = Field(default=None, description="Number of all items, only with count=true")
    until: int | None = Field(
        default=None,
        description="With `changed_since`: up to this change everything has been given; the next `changed_since`",
    )
