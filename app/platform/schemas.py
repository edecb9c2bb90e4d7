"""Shapes that all rooms share on the wire: codes, labels, strict objects, short forms."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Final, get_args

import pycountry
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from app.platform.models import Model
from app.platform.text import CODE_PATTERN, MOST_OF_CODE, REFERENCE_PATTERN


def clean_text(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Compose a text and strip it; refuse what no text holds."""
    if not isinstance(value, str):
        return value
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in value):
        raise PydanticCustomError("control_character", "Control characters and lone surrogates are not text")
    return unicodedata.normalize("NFC", value).strip()


# What a text is, for whoever reads the schema: no control characters, and something to see.
CONTROLS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f"
SEEN: Final[dict[str, Any]] = {"pattern": rf"^[^{CONTROLS}]*[^{CONTROLS}\s][^{CONTROLS}]*$"}
Text = Annotated[str, Field(min_length=1, max_length=4000, json_schema_extra=SEEN), BeforeValidator(clean_text)]
ShortText = Annotated[str, Field(min_length=1, max_length=300, json_schema_extra=SEEN), BeforeValidator(clean_text)]
LabelText = Annotated[str, Field(min_length=1, max_length=600, json_schema_extra=SEEN), BeforeValidator(clean_text)]


def _label_not_sentence(value: str) -> str:
    if len(value.split()) > 15:  # noqa: PLR2004 - a label, so that no sentence of a document is carried over
        raise PydanticCustomError("label_too_long", "A label has at most fifteen words")
    return value


AsStated = Annotated[ShortText, AfterValidator(_label_not_sentence)]


def _short_codes(value: str) -> str:
    if any(len(part) > MOST_OF_CODE for part in value.split(":")):
        raise PydanticKnownError("string_too_long", {"max_length": MOST_OF_CODE})
    return value


# Each of the two codes has its bound, in the schema by its pattern; the length is told before the pattern is.
BOUNDED_CODE: Final = CODE_PATTERN.replace("]*", f"]{{0,{MOST_OF_CODE - 2}}}")
Code = Annotated[
    str,
    Field(pattern=f"^{CODE_PATTERN}$", max_length=MOST_OF_CODE, examples=["bordro"]),
    BeforeValidator(clean_text),
]
Reference = Annotated[
    str,
    Field(
        pattern=f"^{REFERENCE_PATTERN}$",
        max_length=2 * MOST_OF_CODE + 1,
        examples=["intense:genel_politika"],
        json_schema_extra={"pattern": f"^(?:{BOUNDED_CODE}:)?{BOUNDED_CODE}$"},
    ),
    AfterValidator(_short_codes),
    BeforeValidator(clean_text),
]


def _as_number(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Take no text and no truth for a number; 10.0 is 10, because JSON knows one kind of number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("int_type", "Input should be a valid integer")
    return value


AS_NUMBER: Final = BeforeValidator(_as_number)
Truth = Annotated[bool, Field(strict=True)]


def _known_country(value: str) -> str:
    found = pycountry.countries.get(alpha_2=value)
    if found is None or found.alpha_2 != value:
        raise PydanticCustomError("unknown_country", "Not an ISO 3166-1 alpha-2 country code, such as TR or US")
    return value


Country = Annotated[
    str, AfterValidator(_known_country), Field(examples=["US"], json_schema_extra={"pattern": "^[A-Z]{2}$"})
]


def _written_as_day(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Take no number for a day: 20240527 would be read as seconds."""
    is_day = isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value))
    if value is not None and not is_day:
        raise PydanticCustomError("date_parsing", "A day is written YYYY-MM-DD")
    return value


def _written_as_instant(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Take no number for an instant: it would be read as seconds."""
    is_instant = isinstance(value, datetime) or (isinstance(value, str) and re.match(r"[0-9]{4}-", value))
    if value is not None and not is_instant:
        raise PydanticCustomError("datetime_parsing", "An instant is written as RFC 3339, such as 2026-11-24T09:00:00Z")
    return value


def _within_calendar(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("instant_out_of_range", "The instant lies outside the calendar") from None


Instant = Annotated[AwareDatetime, BeforeValidator(_written_as_instant), AfterValidator(_within_calendar)]
Day = Annotated[
    date, BeforeValidator(_written_as_day), Field(description="Calendar day, inclusive", examples=["2024-05-27"])
]


class Wire(Model):
    """An object that refuses unknown fields; read-only ones of its answers may be sent back and are ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"additionalProperties": False})

    read_only: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def drop_read_only(cls, value: Any) -> Any:  # noqa: ANN401
        """Leave out what only answers carry, so that what was read can be sent back."""
        if isinstance(value, dict) and not cls.read_only.isdisjoint(value):
            return {name: content for name, content in value.items() if name not in cls.read_only}
        return value


class Label(Wire):
    """A label in Turkish and English."""

    tr: LabelText
    en: LabelText


class TermRef(Model):
    """A term as it appears in answers."""

    code: str
    label: Label


class NamedRef(Model):
    """A resource as it appears in answers."""

    code: str
    name: str | None


def known_fields(model: Any, steps: Sequence[int | str]) -> list[str]:  # noqa: ANN401 - any annotation
    """Return the fields that the object at a path of a model may have; empty where that cannot be told."""
    models = _models_in(model)
    for step in steps:
        if isinstance(step, str):
            fields = [one.model_fields[step].annotation for one in models if step in one.model_fields]
            models = [inner for annotation in fields for inner in _models_in(annotation)] or models
    names = [name for one in models for name in one.model_fields]
    return sorted(set(names) - {name for one in models for name in getattr(one, "read_only", ())})


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def plain(value: BaseModel) -> dict[str, Any]:
    """Return the stored document of a content: its long form in JSON values."""
    return value.model_dump(mode="json")


def pruned(value: BaseModel) -> dict[str, Any]:
    """Return a content without what is left at its default, as bundles write it."""
    return value.model_dump(mode="json", exclude_defaults=True)
