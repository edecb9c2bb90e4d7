"""Compares the members of one dimension across the values of another."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from app.platform.database import ReadSession
from app.platform.models import Model
from app.platform.problems import Invalid, Item
from app.platform.schemas import Day, Instant
from app.register.dimensions import dimensions_of
from app.register.facts import shown_members
from app.register.parameters import ChoosingQuery, FactsQuery, facts_model, unknown_names, whole_model
from app.register.selecting import grouped, selection

Kind = Literal["collections", "uses", "transfers", "retentions", "measures", "roles"]
MOST_COMPARED = 20


class CompareQuery(ChoosingQuery):
    """Parameters of a comparison; every filter of the facts compared goes with them."""

    as_of: Annotated[Instant | None, Field(description="What the register said at this instant; now if left out")] = (
        None
    )
    on: Annotated[Day | None, Field(description="Day whose facts are compared; today if left out")] = None
    q: Annotated[
        str | None, Field(min_length=1, max_length=200, description="Words to look for in labels and as-stated labels")
    ] = None
    of: Annotated[Kind, Field(description="Kind of facts", json_schema_extra={"example": "uses"})]
    by: Annotated[
        str, Field(description="Dimension whose members are compared", json_schema_extra={"example": "purpose"})
    ]
    across: Annotated[str, Field(description="Dimension whose values are compared")] = "controller"
    values: Annotated[
        list[str],
        Field(
            description="Values of `across`, two or more, repeated or comma-separated",
            json_schema_extra={"example": ["pronet,intense"]},
        ),
    ] = []
    controllers: Annotated[list[str], Field(description="Short for `across=controller` with these values")] = []


class Comparison(Model):
    """What the values share, what only one has, and what each has."""

    of: str
    by: str
    across: str
    values: list[str]
    shared: list[dict[str, Any]]
    only: dict[str, list[dict[str, Any]]]
    members: dict[str, list[dict[str, Any]]]


_MODEL = facts_model("all", CompareQuery, {})
_FACTS = whole_model("all")


def compare_parameters(query: Annotated[Any, Query()]) -> CompareQuery:  # noqa: ANN401 - the model is made below
    """Read the parameters of a comparison; refuse dimensions that the kind does not have."""
    asked: CompareQuery = query
    facts = _facts_of(asked)
    known = dimensions_of(asked.of)
    items = [
        Item("unknown_value", {"name": name, "where": parameter}, parameter=parameter, allowed=list(known))
        for parameter, name in (("by", asked.by), ("across", asked.across))
        if name not in known or name == "certainty"
    ]
    items += [
        Item("not_of_this_kind", {"name": one.name, "where": asked.of}, parameter=one.name, allowed=list(known))
        for one in facts.filtered("all")
        if one.name not in known
    ]
    items += unknown_names(asked.of, facts)
    allowed = known[asked.across].values if asked.across in known else ()
    items += [
        Item("unknown_value", {"name": value, "where": asked.across}, parameter="values", allowed=allowed)
        for value in compared(asked)
        if allowed and value not in allowed
    ]
    if len(compared(asked)) < 2 or len(compared(asked)) > MOST_COMPARED:  # noqa: PLR2004 - a comparison
        items.append(Item("needs_values", {"most": MOST_COMPARED}, parameter="values"))
    if asked.controllers and (asked.values or asked.across != "controller"):
        items.append(Item("needs_one_of", {"names": "values, controllers"}, parameter="controllers"))
    if items:
        raise Invalid(*items)
    return asked


compare_parameters.__annotations__["query"] = Annotated[_MODEL, Query()]


def _facts_of(query: CompareQuery) -> FactsQuery:
    """Return the parameters that choose the facts compared."""
    return _FACTS.model_validate(query.model_dump(exclude_unset=True))


def compared(query: CompareQuery) -> list[str]:
    """Return the values that are compared, comma-separated ones taken apart."""
    return list(
        dict.fromkeys(part for value in (query.values or query.controllers) for part in value.split(",") if part)
    )


def compare(session: ReadSession, query: CompareQuery) -> Comparison:
    """Return the members per value, those that all share, and those of one only."""
    dimension = dimensions_of(query.of)[query.by]
    values = compared(query)
    facts = _facts_of(query)
    members = {value: _members(session, query, facts, value) for value in values}
    shown = shown_members(session, dimension, set().union(*members.values()))
    order = sorted(shown, key=lambda member: str(shown[member].get("code")))
    counts = {member: sum(member in found for found in members.values()) for member in order}

    def those(found: set[Any]) -> list[dict[str, Any]]:
        return [shown[member] for member in order if member in found]

    return Comparison(
        of=query.of,
        by=query.by,
        across=query.across,
        values=values,
        shared=those({member for member in order if counts[member] == len(values)}),
        only={value: those({member for member in found if counts[member] == 1}) for value, found in members.items()},
        members={value: those(found) for value, found in members.items()},
    )


def _members(session: ReadSession, query: CompareQuery, facts: FactsQuery, value: str) -> set[Any]:
    """Return the members of the compared dimension among the statements of one value."""
    already = facts.given(query.across)
    if already and value not in already:
        return set()
    narrowed = facts.model_copy(update={query.across: [value], "group_by": [query.by]})
    selected = selection(session, query.of, narrowed)
    inner = grouped(selected, narrowed, [query.by], query.level).subquery()
    return {row.m0 for row in session.all(select(inner.c.m0).distinct())}
