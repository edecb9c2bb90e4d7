"""Answers a page of facts as JSON, or the whole answer as CSV or XLSX."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import Request, Response

from app.platform.http import language_of, many
from app.platform.listing import MAXIMUM, pick
from app.platform.tabular import CSV, XLSX, write_csv, write_xlsx
from app.register.facts import Answer
from app.register.parameters import FactsQuery
from app.register.schemas import FACTS

TABLES: Final[dict[str, Any]] = {CSV: {}, XLSX: {}}
COUNTS: Final = ("statements", "stated", "inferred", "unknown", "distinct")
MOST_ROWS: Final = 100_000

Page = Callable[[FactsQuery], Answer]


def respond(
    request: Request,
    query: FactsQuery,
    page: Page,
    *,
    kind: str,
    beside: dict[str, Any] | None = None,
    table_page: Page | None = None,
) -> Response:
    """Answer in the format that the caller asks for, by `format` or by Accept; tables may have rows of their own."""
    chosen = query.format if "format" in query.model_fields_set else _accepted(request)
    if chosen == "json":
        found = page(query)
        known = _fields(kind, query, found.items)
        return many(request, found.items, known, query, next_cursor=found.next, total=found.total, **(beside or {}))
    items = _everything(query, table_page or page)
    known = _fields(kind, query, items)
    if query.fields is not None:
        known = list(pick(dict.fromkeys(known), query.fields, known))
    language = language_of(request)
    write, media_type = (write_csv, CSV) if chosen == "csv" else (write_xlsx, XLSX)
    name = f"{(beside or {}).get('question', kind)}.{chosen}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    return Response(write(items, known, language), headers=headers, media_type=media_type)


def _accepted(request: Request) -> str:
    accepted = request.headers.get("accept", "")
    return "csv" if CSV in accepted else "xlsx" if XLSX in accepted else "json"


def _everything(query: FactsQuery, page: Page) -> list[dict[str, Any]]:
    """Read every page of an answer; `limit`, where it is given, bounds the whole."""
    bound = query.limit if "limit" in query.model_fields_set else MOST_ROWS
    part = query.model_copy(update={"limit": min(bound, MAXIMUM)})
    items: list[dict[str, Any]] = []
    while True:
        found = page(part)
        items += found.items
        if found.next is None or len(items) >= bound:
            return items[:bound]
        part = part.model_copy(update={"cursor": found.next})


def _fields(kind: str, query: FactsQuery, items: Sequence[dict[str, Any]]) -> list[str]:
    """Return the fields of an answer: of its groups, of its kind of facts, or those that its items have."""
    if query.names("group_by"):
        return [*query.names("group_by"), *COUNTS]
    known = list(FACTS[kind].model_fields) if kind in FACTS else []
    return list(dict.fromkeys([*known, *(name for item in items for name in item)]))
