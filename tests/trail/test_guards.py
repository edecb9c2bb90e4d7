"""The database refuses to change the past, whoever writes to it; and every table of the past is covered."""

from typing import Any, Final

import pytest
from sqlalchemy import Connection, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.audit.coverage import unexplained
from app.audit.triggers import create_triggers, drop_triggers, guards
from app.platform.database import Base
from app.platform.settings import Settings
from tests.trail.tampering import CHAIN, GUARDED, HISTORIES, Found, by_hand, last_row, other, proof

EXEMPT: Final = {"vocabulary"}


def test_every_table_is_history_or_the_chain_or_says_why_it_is_neither() -> None:
    assert unexplained(Base.metadata) == []
    left = {table.name for table in Base.metadata.sorted_tables} - {table.name for table in GUARDED}
    assert {name for name in left if "not_history" in Base.metadata.tables[name].info} == left
    assert left >= EXEMPT


def test_a_row_is_covered_but_for_when_it_was_closed_which_the_closing_change_covers() -> None:
    for history in HISTORIES:
        uncovered = {column.name for column in history.table.c} - set(history.names)
        assert uncovered == ({"died"} if history.is_revised else set())
        assert history.born.name == "born"


def test_every_table_of_the_past_has_a_row_to_try(filled: Settings) -> None:
    with by_hand(filled) as connection:
        empty = [table.name for table in GUARDED if connection.scalar(select(func.count()).select_from(table)) == 0]
    assert empty == []


def refused(connection: Connection, statement: Any) -> str:  # noqa: ANN401 - any statement
    """Send a statement that must be refused, and return what was said."""
    with pytest.raises(IntegrityError) as caught, connection.begin_nested():
        connection.execute(statement)
    return str(caught.value.orig)


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.name)
def test_no_column_of_the_past_changes_and_no_row_goes(filled: Settings, table: Table) -> None:
    with by_hand(filled) as connection:
        found = last_row(connection, table)
        newest = connection.scalar(text("SELECT max(id) FROM change")) or 0
        for column in table.c:
            value = other(column, getattr(found.row, column.name), newest)
            said = refused(connection, update(table).where(found.condition).values({column.name: value}))
            assert f"the past is not changed: UPDATE of {table.name}" in said
        assert f"DELETE of {table.name}" in refused(connection, delete(table).where(found.condition))
        connection.rollback()


def as_values(found: Found, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the values of a row, some of them others."""
    return {column.name: getattr(found.row, column.name) for column in found.table.c} | changes


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_nothing_is_added_to_a_change_that_is_sealed(filled: Settings, history: Any) -> None:  # noqa: ANN401
    with by_hand(filled) as connection:
        found = last_row(connection, history.table)
        free = {column.name: 9_000_000 for column in history.key if isinstance(getattr(found.row, column.name), int)}
        if history.link is not None:
            free |= {history.link.name: getattr(found.row, history.link.name)}
        said = refused(connection, insert(history.table).values(as_values(found, **free)))
        assert f"the past is not changed: INSERT of {history.name}" in said
        connection.rollback()


def test_a_change_has_the_next_number_and_follows_a_sealed_one(filled: Settings) -> None:
    with by_hand(filled) as connection:
        change = last_row(connection, CHAIN[0])
        for number in (change.event + 2, change.event):
            refused(connection, insert(CHAIN[0]).values(as_values(change, id=number)))
        moment = change.row.at.replace(year=change.row.at.year + 1)
        connection.execute(insert(CHAIN[0]).values(as_values(change, id=change.event + 1, at=moment)))
        moment = moment.replace(year=moment.year + 1)
        refused(connection, insert(CHAIN[0]).values(as_values(change, id=change.event + 2, at=moment)))
        connection.rollback()


def test_an_event_carries_the_hash_of_the_event_before(filled: Settings) -> None:
    events = Base.metadata.tables["audit_event"]
    with by_hand(filled) as connection:
        change, event = last_row(connection, CHAIN[0]), last_row(connection, events)
        moment = change.row.at.replace(year=change.row.at.year + 1)
        connection.execute(insert(CHAIN[0]).values(as_values(change, id=change.event + 1, at=moment)))
        fresh = as_values(event, change_id=event.event + 1)
        said = refused(connection, insert(events).values({**fresh, "previous": "f" * 64}))
        assert "the past is not changed: INSERT of audit_event" in said
        connection.execute(insert(events).values({**fresh, "previous": event.row.hash}))
        connection.rollback()


def test_postgresql_truncates_nothing_of_the_past(filled: Settings) -> None:
    with by_hand(filled) as connection:
        if connection.dialect.name == "postgresql":
            for table in GUARDED:
                with pytest.raises(DBAPIError, match="not changed: TRUNCATE of"), connection.begin_nested():
                    connection.execute(text(f"TRUNCATE {table.name} CASCADE"))
        connection.rollback()


def test_a_guard_that_is_gone_or_does_something_else_is_told(filled: Settings) -> None:
    with by_hand(filled) as connection:
        assert proof(connection, since=10**6).missing_guards == []
        names = [guard.name for guard in guards(Base.metadata, connection.dialect)]
        drop_triggers(connection, Base.metadata)
        assert proof(connection, since=10**6).missing_guards == names
        create_triggers(connection, Base.metadata)
        assert proof(connection, since=10**6).missing_guards == []
        connection.rollback()
