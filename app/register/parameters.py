"""The parameters of the facts, made from the table of dimensions, so that OpenAPI and refusals never disagree."""

import inspect
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Annotated, Any, Literal, TypeVar, cast

from fastapi import Query
from pydantic import BaseModel, Field, create_model

from app.platform.listing import ListQuery
from app.platform.models import Model
from app.platform.problems import Invalid, Item
from app.platform.schemas import Country, Day
from app.register.dimensions import Dimension, dimensions_of

MOST_GROUPED = 3
MOST_VALUES = 100
MOST_FIRST = "-statements"


class AskedQuery(ListQuery):
    """Parameters that all questions share."""

    on: Annotated[Day | None, Field(description="Day whose facts and whose law are asked about; today if left out")] = (
        None
    )
    format: Annotated[
        Literal["json", "csv", "xlsx"],
        Field(description="`csv` and `xlsx` carry the whole answer, labels in the language of Accept-Language"),
    ] = "json"


class ChoosingQuery(Model):
    """Parameters that choose statements and the level of terms; the dimensions come beside them."""

    ended: Annotated[
        Literal["exclude", "include"],
        Field(description="Also statements whose end lies before `on`, judged on their last day"),
    ] = "exclude"
    key: Annotated[list[str], Field(description="Key of the statement within its activity")] = []
    missing: Annotated[list[str], Field(description="Dimensions that are not stated")] = []
    present: Annotated[list[str], Field(description="Dimensions that are stated")] = []
    level: Annotated[
        Literal["official", "common", "controller"] | None,
        Field(description="At which kind of term to group or compare; the statement's own term if left out"),
    ] = None


class FactsQuery(ChoosingQuery, AskedQuery):
    """Parameters that all facts share."""

    group_by: Annotated[
        list[str],
        Field(description="Up to three dimensions, repeated or comma-separated: counts instead of rows"),
    ] = []
    count_of: Annotated[
        list[str], Field(description="With group_by: distinct members of up to three dimensions in each group")
    ] = []
    empty: Annotated[
        bool, Field(description="With one group_by (but country and source): also the members that no statement has")
    ] = False

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.on or datetime.now(UTC).date()

    def given(self, dimension: str) -> list[str]:
        """Return the values that a dimension is filtered by."""
        return cast("list[str]", getattr(self, dimension, []))

    def filtered(self, kind: str) -> list[Dimension]:
        """Return the dimensions that are filtered, but for certainty, which concerns the others."""
        known = dimensions_of(kind)
        return [known[name] for name in known if name != "certainty" and self.given(name)]

    def names(self, field: str) -> list[str]:
        """Return the dimensions of group_by, count_of, missing or present, comma-separated ones taken apart."""
        return list(dict.fromkeys(name for value in getattr(self, field) for name in value.split(",") if name))


Q = TypeVar("Q", bound=BaseModel)


def facts_model(
    kind: str, base: type[Q], examples: Mapping[str, str], accepts: Collection[str] | None = None
) -> type[Q]:
    """Return the parameters of a facts kind (`all`: of every kind), with examples; `accepts` keeps some only."""
    fields: dict[str, Any] = {}
    for dimension in dimensions_of(kind).values():
        if accepts is not None and dimension.name not in accepts:
            continue
        example = examples.get(dimension.name)
        extra: Any = None if example is None else {"example": [example]}
        fields[dimension.name] = (
            Annotated[
                list[_value_type(dimension)],  # type: ignore[misc]
                Field(description=_described(dimension), max_length=MOST_VALUES, json_schema_extra=extra),
            ],
            [],
        )
    if "on" in examples:
        kept = base.model_fields["on"].description
        fields["on"] = (
            Annotated[Day | None, Field(description=kept, json_schema_extra={"example": examples["on"]})],
            None,
        )
    return create_model(f"{kind.capitalize()}{base.__name__}", __base__=base, **fields)


def _value_type(dimension: Dimension) -> Any:  # noqa: ANN401 - a type made here
    if dimension.space == "country":
        return Country
    return Literal[dimension.values] if dimension.values else str


def _described(dimension: Dimension) -> str:
    if dimension.is_term:
        vocabulary = (dimension.space or "").replace("_", "-")
        return f"{dimension.description}: code in `/v1/{vocabulary}`; narrower terms are found too"
    if dimension.space in {"controllers", "activities", "documents", "recipients"}:
        return f"{dimension.description}: code or id in `/v1/{dimension.space}`"
    return dimension.description


@cache
def whole_model(kind: str) -> type[FactsQuery]:
    """Return all parameters of a facts kind, without examples."""
    return facts_model(kind, FactsQuery, {})


def facts_parameters(kind: str) -> Callable[..., FactsQuery]:
    """Return the dependency that reads the parameters of a facts kind."""
    return _with_model(partial(_checked, kind), whole_model(kind))


def _checked(kind: str, query: FactsQuery) -> FactsQuery:
    check_names(kind, query)
    return query


def asked_parameters(
    kind: str, examples: Mapping[str, str], accepts: Collection[str], *, can_group: bool
) -> Callable[..., FactsQuery]:
    """Return the dependency that reads the parameters of a question: some of those of its facts."""
    if can_group:
        return _with_model(partial(_checked, kind), facts_model(kind, FactsQuery, examples, accepts))

    def read(query: AskedQuery) -> FactsQuery:
        return whole_model(kind).model_validate(query.model_dump(exclude_unset=True))

    return _with_model(read, facts_model(kind, AskedQuery, examples, accepts))


def _with_model(read: Callable[..., FactsQuery], model: type[AskedQuery]) -> Callable[..., FactsQuery]:
    """Let the framework read the query of a dependency by a model that is made at run time."""

    def reader(query: Any) -> FactsQuery:  # noqa: ANN401 - the signature below names the model
        return read(query)

    parameter = inspect.Parameter(
        "query", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Annotated[model, Query()]
    )
    reader.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]
    return reader


def check_names(kind: str, query: FactsQuery) -> None:
    """Refuse dimensions that the kind does not have, and more than three to group by or to count."""
    items = unknown_names(kind, query)
    items += [
        Item("too_many", {"limit": MOST_GROUPED}, parameter=field)
        for field in ("group_by", "count_of")
        if len(query.names(field)) > MOST_GROUPED
    ]
    items += _grouping_items(query, dimensions_of(kind))
    if items:
        raise Invalid(*items)


def unknown_names(kind: str, query: FactsQuery) -> list[Item]:
    """Name the dimensions of missing, present, group_by and count_of that the kind does not have."""
    known = dimensions_of(kind)
    stateable = [name for name, dimension in known.items() if dimension.is_stated is not None]
    groupable = [name for name in known if name != "certainty"]
    items = []
    for field, allowed in (
        ("missing", stateable),
        ("present", stateable),
        ("group_by", groupable),
        ("count_of", groupable),
    ):
        for name in query.names(field):
            if name not in allowed:
                values = {"name": name, "where": field}
                items.append(Item("unknown_value", values, parameter=field, allowed=allowed))
    return items


def _grouping_items(query: FactsQuery, known: Mapping[str, Dimension]) -> list[Item]:
    """Name what goes with group_by only, or not with it."""
    names = query.names("group_by")
    if not names:
        return [
            Item("needs_group_by", {"name": field}, parameter=field)
            for field in ("count_of", "level", "empty")
            if getattr(query, field)
        ]
    items = []
    countable = [name for name, dimension in known.items() if dimension.space not in {"country", "sources"}]
    if query.empty and (len(names) > 1 or names[0] not in countable):
        items.append(Item("needs_one_group", {"name": "empty"}, parameter="empty", allowed=countable))
    if query.sort not in {None, MOST_FIRST}:
        values = {"name": query.sort, "where": "sort"}
        items.append(Item("unknown_value", values, parameter="sort", allowed=[MOST_FIRST]))
    return items
