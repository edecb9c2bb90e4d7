"""The parameters of the facts, made from the table of dimensions, so that OpenAPI and refusals never disagree."""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, cast

from fastapi import Query
from pydantic import Field, create_model

from app.platform.listing import ListQuery
from app.platform.problems import Invalid, Item
from app.platform.schemas import Country, Day
from app.register.dimensions import Dimension, dimensions_of

MOST_GROUPED = 3
MOST_VALUES = 100


class FactsQuery(ListQuery):
    """Parameters that all facts share; the dimensions come beside them."""

    on: Annotated[Day | None, Field(description="Day whose facts and whose law are asked about; today if left out")] = (
        None
    )
    ended: Annotated[
        Literal["exclude", "include"],
        Field(description="Also statements whose end lies before `on`, judged on their last day"),
    ] = "exclude"
    missing: Annotated[list[str], Field(description="Dimensions that are not stated")] = []
    present: Annotated[list[str], Field(description="Dimensions that are stated")] = []
    group_by: Annotated[
        list[str],
        Field(description="Up to three dimensions, repeated or comma-separated: counts instead of rows"),
    ] = []
    count_of: Annotated[
        list[str], Field(description="With group_by: distinct members of these dimensions in each group")
    ] = []
    level: Annotated[
        Literal["official", "common", "controller"] | None,
        Field(description="With group_by: at which kind of term to group; the statement's own term if left out"),
    ] = None
    empty: Annotated[
        bool, Field(description="With group_by of one vocabulary: also the terms that no statement names")
    ] = False

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.on or datetime.now(UTC).date()

    def values(self, dimension: str) -> list[str]:
        """Return the values that a dimension is filtered by."""
        return cast("list[str]", getattr(self, dimension, []))

    def filtered(self, kind: str) -> list[Dimension]:
        """Return the dimensions that are filtered, but for certainty, which concerns the others."""
        known = dimensions_of(kind)
        return [known[name] for name in known if name != "certainty" and self.values(name)]

    def names(self, field: str) -> list[str]:
        """Return the dimensions of group_by, count_of, missing or present, comma-separated ones taken apart."""
        return list(dict.fromkeys(name for value in getattr(self, field) for name in value.split(",") if name))


def facts_model(kind: str, **defaults: Any) -> type[FactsQuery]:  # noqa: ANN401 - defaults of any filter
    """Return the parameters of a facts kind."""
    fields: dict[str, Any] = {}
    for dimension in dimensions_of(kind).values():
        fields[dimension.name] = (
            Annotated[
                list[_value_type(dimension)],  # type: ignore[misc]
                Field(description=_described(dimension), max_length=MOST_VALUES),
            ],
            defaults.get(dimension.name, []),
        )
    return create_model(f"{kind.capitalize()}FactsQuery", __base__=FactsQuery, **fields)


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


def facts_parameters(kind: str) -> Callable[..., FactsQuery]:
    """Return the dependency that reads the parameters of a facts kind."""

    def read(query: FactsQuery) -> FactsQuery:
        check_names(kind, query)
        return query

    parameter = inspect.Parameter(
        "query", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Annotated[facts_model(kind), Query()]
    )
    read.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]
    return read


def check_names(kind: str, query: FactsQuery) -> None:
    """Refuse dimensions that the kind does not have, and more than three groups."""
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
    if len(query.names("group_by")) > MOST_GROUPED:
        items.append(Item("too_many", {"limit": MOST_GROUPED}, parameter="group_by"))
    if not query.names("group_by"):
        items += [
            Item("needs_group_by", {"name": field}, parameter=field)
            for field in ("count_of", "level", "empty")
            if getattr(query, field)
        ]
    if items:
        raise Invalid(*items)
