"""Which rows are history: read from the tables themselves, so that a new table is covered by being there.

A table is history if its rows say in which change they were `born`, or if its key leads to one that does (a
link of a statement, a print of a document's revision), unless it says that it is not. Rows of the past never
change, but for one thing: a live row may be closed, by the change that is being made. Any other table says in
`Table.info` what it is instead: `chain` (the events themselves) or `not_history`, with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table

CLOSING: Final = "died"


@dataclass(frozen=True)
class History:
    """A table whose rows belong to the change that wrote them."""

    table: Table
    link: Column[Any] | None = None
    whole: Column[Any] | None = None

    @property
    def name(self) -> str:
        """Name of the table."""
        return str(self.table.name)

    @property
    def is_revised(self) -> bool:
        """Tell whether rows are closed, not only added."""
        return CLOSING in self.table.c

    @property
    def is_part(self) -> bool:
        """Tell whether rows are born with the row that they are a part of."""
        return self.link is not None

    @property
    def born(self) -> Column[Any]:
        """Return the column that says in which change a row was written, maybe of the row it is a part of."""
        holder = self.table if self.whole is None else self.whole.table
        born: Column[Any] = holder.c["born"]
        return born

    @cached_property
    def columns(self) -> list[Column[Any]]:
        """Return the columns that never change, by name; they are what the digest of a row covers."""
        return sorted((column for column in self.table.c if column.name != CLOSING), key=lambda column: column.name)

    @cached_property
    def names(self) -> list[str]:
        """Return the names of those columns."""
        return [str(column.name) for column in self.columns]

    @cached_property
    def key(self) -> list[Column[Any]]:
        """Return the primary key, by which rows are named."""
        return list(self.table.primary_key.columns)

    @cached_property
    def key_places(self) -> list[int]:
        """Return where the key stands among the columns."""
        return [self.columns.index(column) for column in self.key]

    @cached_property
    def resource(self) -> Table | None:
        """Return the table of identities, where this one holds the revisions of a resource."""
        if not {"owner_id", "number", "body"} <= set(self.table.c.keys()):
            return None
        return next(iter(self.table.c["owner_id"].foreign_keys)).column.table


@cache
def history_of(table: Table) -> History | None:
    """Return how a table is history, or None."""
    if "not_history" in table.info:
        return None
    if "born" in table.c:
        return History(table)
    for column in table.primary_key.columns:
        for foreign in column.foreign_keys:
            if "born" in foreign.column.table.c:
                return History(table, column, foreign.column)
    return None


def histories(metadata: MetaData) -> list[History]:
    """Return every table that is history, those that others refer to first."""
    found: Iterable[History | None] = (history_of(table) for table in metadata.sorted_tables)
    return [history for history in found if history is not None]


def unexplained(metadata: MetaData) -> list[str]:
    """Return the tables that are neither history nor say why not; there must be none."""
    said = {"chain", "not_history"}
    return [table.name for table in metadata.sorted_tables if history_of(table) is None and not said & set(table.info)]
