"""Every list behaves the same: limit, cursor, sort, fields, q, count, as_of; keyset paging at any depth."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar

import orjson
from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, and_, func, or_, select

from app.platform.database import Query, ReadSession
from app.platform.models import Model
from app.platform.problems import Invalid, Item
from app.platform.revisions import FOREVER, Resource, State, state_query, to_state
from app.platform.schemas import Instant
from app.platform.text import like_pattern, search_fold

MAXIMUM: Final = 500


def _something_to_find(value: str | None) -> str | None:
    """Refuse words of which folding leaves nothing: they would find everything."""
    if value is not None and not search_fold(value):
        raise PydanticCustomError("nothing_to_find", "Give at least one letter or digit to look for")
    return value


class AsOfQuery(Model):
    """The parameter of every read."""

    model_config = ConfigDict(frozen=True)

    as_of: Annotated[
        Instant | None,
        Field(description="What the register said at this instant (RFC 3339 with zone); now if left out"),
    ] = None


class SingleQuery(AsOfQuery):
    """Parameters of reading one thing."""

    fields: Annotated[
        str | None, Field(description="Comma-separated top-level fields to return, such as `code,name`")
    ] = None


class PageQuery(SingleQuery):
    """Parameters of everything that comes in pages."""

    limit: Annotated[int, Field(ge=1, le=MAXIMUM, description="How many items at most")] = 50
    cursor: Annotated[str | None, Field(max_length=2000, description="`next` of the page before")] = None
    count: Annotated[bool, Field(description="Also return `total`")] = False


class ListQuery(PageQuery):
    """Parameters of every list."""

    sort: Annotated[str | None, Field(description="Field to sort by, `-` before it for descending")] = None
    q: Annotated[
        str | None,
        AfterValidator(_something_to_find),
        Field(
            min_length=1,
            max_length=200,
            description="Words to look for in labels and as-stated labels; İ/i, I/ı and marks do not matter",
        ),
    ] = None


T = TypeVar("T")


class Page(Model, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(description="Cursor of the next page, null on the last")
    total: int | None = Field(default=None, description="Number of all items, only with count=true")


@dataclass(frozen=True)
class Slice:
    """The rows of one page, before they are dressed."""

    rows: Sequence[Any]
    next: str | None
    total: int | None


@dataclass(frozen=True)
class Order:
    """A sort order over one column, ties broken by a key."""

    name: str
    column: Any
    key: Any
    descending: bool

    def after(self, cursor: str) -> ColumnElement[bool]:
        """Condition that a row comes after the cursor; its first half is what an index can begin at."""
        value, key = decode_cursor(cursor, self.label, self.column.type.python_type)
        if self.descending:
            return and_(self.column <= value, or_(self.column < value, self.key < key))
        return and_(self.column >= value, or_(self.column > value, self.key > key))

    @property
    def label(self) -> str:
        """Name of the order as the caller writes it."""
        return f"-{self.name}" if self.descending else self.name

    def clauses(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """ORDER BY of this order."""
        if self.descending:
            return self.column.desc(), self.key.desc()
        return self.column.asc(), self.key.asc()


def choose_order(sort: str | None, columns: Mapping[str, Any], key: Any) -> Order:  # noqa: ANN401
    """Return the order that the caller asks for; the first column is the default."""
    name = (sort or next(iter(columns))).strip()
    descending = name.startswith("-")
    bare = name.removeprefix("-")
    if bare not in columns:
        allowed = [label for column in columns for label in (column, f"-{column}")]
        values = {"name": name, "where": "sort"}
        raise Invalid(Item("unknown_value", values, parameter="sort", allowed=allowed))
    return Order(bare, columns[bare], key, descending)


def encode_cursor(order: str, value: Any, key: Any) -> str:  # noqa: ANN401
    """Write the place after which the next page begins."""
    return base64.urlsafe_b64encode(orjson.dumps([order, value, key])).decode().rstrip("=")


def decode_cursor(cursor: str, order: str, kind: type[str | int] = str) -> tuple[Any, Any]:
    """Read a cursor, or refuse one that belongs to another order."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        name, value, key = orjson.loads(raw)
        is_ours = name == order and all(map(_is_sortable, (value, key), (kind, int)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError, TypeError):
        is_ours = False
    if not is_ours:
        raise Invalid(Item("bad_cursor", parameter="cursor"))
    return value, key


def cut(session: ReadSession, statement: Query, query: PageQuery, order: Order) -> Slice:
    """Return one page of a SELECT that carries the columns `_value` and `_key`."""
    total = None
    if query.count:
        total = session.value(select(func.count()).select_from(statement.order_by(None).subquery()))
    paged = statement if query.cursor is None else statement.where(order.after(query.cursor))
    rows = session.all_and_naming(paged.order_by(*order.clauses()).limit(query.limit + 1))
    if len(rows) <= query.limit:
        return Slice(rows, None, total)
    last = rows[query.limit - 1]
    return Slice(rows[: query.limit], encode_cursor(order.label, last._value, last._key), total)  # noqa: SLF001


def _is_sortable(value: Any, kind: type[str | int]) -> bool:  # noqa: ANN401
    if type(value) is not kind:
        return False
    return 0 <= value < FOREVER if isinstance(value, int) else "\0" not in value


@dataclass(frozen=True)
class States:
    """One page of states of a resource."""

    states: list[State]
    next: str | None
    total: int | None


def list_states(
    session: ReadSession,
    resource: Resource,
    query: ListQuery,
    conditions: Sequence[ColumnElement[bool]] = (),
    columns: Mapping[str, Any] | None = None,
) -> States:
    """Return one page of live states, filtered, searched and sorted."""
    identity, revision = resource.identity, resource.revision
    order = choose_order(
        query.sort,
        columns or {"name": revision.sort, "code": identity.code, "revised": revision.born},
        revision.owner_id,
    )
    statement = state_query(resource, session.at).where(*conditions)
    if query.q is not None:
        statement = statement.where(revision.search.like(like_pattern(query.q), escape="\\"))
    statement = statement.add_columns(order.column.label("_value"), order.key.label("_key"))
    part = cut(session, statement, query, order)
    return States([to_state(row) for row in part.rows], part.next, part.total)


def pick(item: dict[str, Any], fields: str | None, known: Sequence[str]) -> dict[str, Any]:
    """Return only the asked-for fields of an item; refuse unknown ones."""
    if fields is None:
        return item
    wanted = [name.strip() for name in fields.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        items = [
            Item("unknown_field", {"name": name}, parameter="fields", allowed=list(known))
            for name in unknown or [fields]
        ]
        raise Invalid(*items)
    return {name: item[name] for name in wanted if name in item}


def instant(moment: datetime) -> str:
    """Write an instant as RFC 3339 UTC."""
    return moment.isoformat().replace("+00:00", "Z")
