"""SELECTs about keys, made once: a change asks dozens of them, and making one takes longer than asking it.

Their text is the same however many keys are asked about, so that a database prepares them once, too.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    Date,
    Text,
    TypeDecorator,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.platform.database import Query, ReadSession
from app.platform.revisions import AT

CHUNK: Final = 500
ON: Final[BindParameter[Any]] = bindparam("on", type_=Date())


class Listed(TypeDecorator[list[Any]]):
    """A list that is bound as one value: an array, or a text of JSON where there are none."""

    impl = Text
    cache_ok = True

    def __init__(self, of: type[BigInteger | Text]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the type."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.of()))

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:  # noqa: ANN401 - by dialect
        """Write the list."""
        return orjson.dumps(value).decode() if dialect.name == "sqlite" else value


class _Within(FunctionElement[bool]):
    """Whether a column is one of a list that is bound."""

    name = "within"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ANN401, ARG002 - as SQLAlchemy asks
        """Stand in a condition as it is: a comparison with true would hide the column from its index."""
        return self


class _Without(_Within):
    """Whether a column is none of a list that is bound."""

    name = "without"
    inherit_cache = True


@compiles(_Within)
def _as_array(element: _Within, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} <> ALL ({values})" if isinstance(element, _Without) else f"{column} = ANY ({values})"


@compiles(_Within, "sqlite")
def _as_json(element: _Within, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    word = "NOT IN" if isinstance(element, _Without) else "IN"
    return f"{column} {word} (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled parts


def within(column: Any, name: str = "keys") -> FunctionElement[bool]:  # noqa: ANN401 - a column of keys
    """Condition that a column is one of the keys that are bound under a name; there may be none."""
    return _Within(column, bindparam(name, type_=Listed(BigInteger)))


def without(column: Any, name: str) -> FunctionElement[bool]:  # noqa: ANN401 - a column of keys
    """Condition that a column is none of them."""
    return _Without(column, bindparam(name, type_=Listed(BigInteger)))


def within_words(column: Any, name: str) -> FunctionElement[bool]:  # noqa: ANN401 - a column of text
    """Condition that a column is one of the words that are bound under a name; there may be none."""
    return _Within(column, bindparam(name, type_=Listed(Text)))


def without_words(column: Any, name: str) -> FunctionElement[bool]:  # noqa: ANN401 - a column of text
    """Condition that a column is none of them."""
    return _Without(column, bindparam(name, type_=Listed(Text)))


def probed(holder: Any, table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:  # noqa: ANN401
    """Condition that there is such a row, looked for from each row of `holder`.

    Without the offset PostgreSQL would rather find all such rows of the register, and join them.
    """
    found: Query = select(literal_column("1")).select_from(table).where(*conditions).offset(literal_column("0"))
    return found.correlate(holder).exists()


def chunks(values: Iterable[int]) -> Iterator[list[int]]:
    """Cut keys into parts that every database takes in one statement."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def rows_of(
    session: ReadSession,
    query: Callable[[Any], Query],
    keys: Iterable[int],
    at: int | None = None,
    **values: Any,  # noqa: ANN401 - what the query binds
) -> Iterator[Any]:
    """Yield the rows of a SELECT about `keys`; `query` makes it once for the present (None), once for the past (AT)."""
    if at is not None:
        values["at"] = at
    statement = query(None if at is None else AT)
    for part in chunks(keys):
        yield from session.all(statement, {"keys": part, **values})
