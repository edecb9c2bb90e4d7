"""Tenancy: what a caller may see is decided below every SELECT, by the names of the tables that it reads.

For a caller of some controllers, every statement is sent with common table expressions that have the names of
the register's tables and hold only what is theirs, so `FROM document` reads their documents, whoever wrote the
statement. What a table's rows belong to follows from its columns and foreign keys; a table that leads to no
controller shows nothing until it says who may see it (docs/decisions/0010).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, ForeignKeyConstraint, MetaData, Table, event

Scope: TypeAlias = frozenset[int] | None
M = TypeVar("M")
OPTION: Final = "envanter_scope"
INFO: Final = "seen"
OWNER: Final = "controller_id"
CHANGE: Final = "change"
NOBODY: Final = "1 = 0"


@dataclass(frozen=True)
class Through:
    """Rows are seen by those whom the rows of another table name; with `whole`, only if all of them are theirs."""

    table: str
    column: str
    whole: bool = False

    def condition(self, alias: str, keys: str, schema: str) -> str:
        """Return the condition that a row is seen."""
        rows = f'SELECT 1 FROM {schema}."{self.table}" AS l WHERE l."{self.column}" = {alias}.id AND '  # noqa: S608
        some = f"EXISTS ({rows}(l.{OWNER} IS NULL OR l.{OWNER} IN ({keys})))"
        if not self.whole:
            return some
        return f"{some} AND NOT EXISTS ({rows}l.{OWNER} NOT IN ({keys}))"


# What a table may say of itself, beside `Through`.
ROOT: Final = "the controllers themselves"
SHARED: Final = "everybody"
SERVICE: Final = "nobody but the service"


def seen(rule: str | Through) -> Callable[[type[M]], type[M]]:
    """Say who may see the rows of a table, where its columns do not; it stands above the class of the table."""

    def say(model: type[M]) -> type[M]:
        table: Table = model.__table__  # type: ignore[attr-defined]
        table.metadata.info.setdefault(INFO, {})[table.name] = rule
        return model

    return say


def _said(table: Table) -> str | Through | None:
    rules: dict[str, str | Through] = table.metadata.info.get(INFO, {})
    return rules.get(table.name)


def rule_of(table: Table) -> str | None:
    """Say in words why rows of a table are seen, or None where nothing says so and nobody sees them."""
    said = _said(table)
    if said is not None:
        return str(said)
    if OWNER in table.c:
        return OWNER
    ways = _ways(table)
    return None if not ways else " and ".join(sorted(way.columns.keys()[0] for way in ways))


@lru_cache(maxsize=512)
def _condition(table: Table, alias: str, keys: str, schema: str) -> str | None:
    """Return the condition that a row of a table is seen by the controllers of these keys; None: by everybody."""
    said = _said(table)
    if said == SHARED:
        return None
    if isinstance(said, Through):
        return said.condition(alias, keys, schema)
    if said == ROOT:
        return f"{alias}.id IN ({keys})"
    if said is None and OWNER in table.c:
        own = f"{alias}.{OWNER} IN ({keys})"
        return f"({alias}.{OWNER} IS NULL OR {own})" if table.c[OWNER].nullable else own
    ways = [] if said is not None else _ways(table)
    return " AND ".join(_way(way, alias, keys, schema) for way in ways) or NOBODY


def _way(way: ForeignKeyConstraint, alias: str, keys: str, schema: str) -> str:
    """Return the condition that a foreign key leads to a row that is seen."""
    target = way.referred_table
    below = f"{alias}{len(alias)}"
    if target.name == CHANGE:
        # What says everything of a change is seen by those only who may see all that it concerned.
        through = _said(target)
        assert isinstance(through, Through)  # noqa: S101 - the table of changes says so
        inner = replace(through, whole=True).condition(below, keys, schema)
    else:
        inner = _condition(target, below, keys, schema) or "1 = 1"
    pairs = [(e.parent, e.column) for e in way.elements if e.column.primary_key]
    joined = " AND ".join(f'{below}."{column.name}" = {alias}."{parent.name}"' for parent, column in pairs)
    found = f'EXISTS (SELECT 1 FROM {schema}."{target.name}" AS {below} WHERE {joined} AND {inner})'  # noqa: S608
    optional = [parent.name for parent, _ in pairs if parent.nullable]
    return f'({alias}."{optional[0]}" IS NULL OR {found})' if optional else found


def _ways(table: Table) -> list[ForeignKeyConstraint]:
    """Return the foreign keys that decide to whom rows belong: those that always lead to an owner, if there are any."""
    known = [way for way in table.foreign_key_constraints if _leads(way, table)]
    needed = [way for way in known if not any(column.nullable for column in way.columns)]
    strict = [way for way in needed if _always_owned(way.referred_table)]
    return sorted(strict or needed or known, key=lambda way: way.columns.keys())


def _leads(way: ForeignKeyConstraint, table: Table) -> bool:
    target = way.referred_table
    if target is table or set(way.columns.keys()) <= {"born", "died"}:
        return False
    return _said(target) not in {SHARED, SERVICE} and rule_of(target) is not None


def _always_owned(table: Table) -> bool:
    said = _said(table)
    if said is not None:
        return said == ROOT
    if OWNER in table.c:
        return not table.c[OWNER].nullable
    return any(
        _always_owned(way.referred_table) and not any(column.nullable for column in way.columns) for way in _ways(table)
    )


@lru_cache(maxsize=1024)
def confined(sql: str, scope: frozenset[int], metadata: MetaData, schema: str) -> str:
    """Return a statement as callers of these controllers may ask it; what is no SELECT stays as it is."""
    opening = _OPENING.match(sql)
    if opening is None:
        if _PASSING.match(sql) is None:
            raise AssertionError(f"nothing is known of how to confine: {sql[:40]}")
        return sql
    if re.search(rf'\b{re.escape(schema)}"?\s*\.', sql, re.IGNORECASE):
        raise AssertionError("a confined statement names a schema, and would read past its confinement")
    shadows = ", ".join(_shadows(sql, scope, metadata, schema))
    if not shadows:
        return sql
    rest = sql[opening.end() :]
    word = opening["word"].upper()
    if not word.startswith("WITH"):
        return f"WITH {shadows} {opening[0]}{rest}"
    return f"{word} {shadows}, {rest.lstrip()}"


def _shadows(sql: str, scope: frozenset[int], metadata: MetaData, schema: str) -> Iterator[str]:
    """Yield a table of the same name for each that the statement may name; one too many costs nothing."""
    keys = ", ".join(map(str, sorted(scope))) or "-1"
    for name in sorted(metadata.tables.keys() & set(_WORD.findall(sql.lower()))):
        condition = _condition(metadata.tables[name], "t", keys, schema)
        if condition is not None:
            yield f'"{name}" AS NOT MATERIALIZED (SELECT * FROM {schema}."{name}" AS t WHERE {condition})'  # noqa: S608


_OPENING: Final = re.compile(r"\s*(?P<word>WITH\s+RECURSIVE\b|WITH\b|SELECT\b|VALUES\b|\()", re.IGNORECASE)
_PASSING: Final = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|PRAGMA)\b", re.IGNORECASE
)
_WORD: Final = re.compile(r"[a-z_][a-z0-9_]*")


def confine(engine: Engine, metadata: MetaData) -> None:
    """Confine every statement of connections that carry a scope, whoever sends it."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def before(
        connection: Connection,
        _cursor: object,
        sql: str,
        parameters: Any,  # noqa: ANN401 - the driver's own
        _context: object,
        _many: bool,
    ) -> tuple[str, Any]:
        scope: Scope = connection.get_execution_options().get(OPTION)
        if scope is None:
            return sql, parameters
        schema = connection.dialect.default_schema_name
        assert schema is not None  # noqa: S101 - both databases have one
        return confined(sql, scope, metadata, schema), parameters
