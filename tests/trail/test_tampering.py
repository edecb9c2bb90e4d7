"""Whatever of the past is changed by hand is found, and the event named, even where the guards were taken away."""

from collections import defaultdict
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Table, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from app.platform.settings import Settings
from app.trail.verifying import Break, Report, parse_head
from tests.trail.tampering import CHAIN, GUARDED, HISTORIES, alter, history, last_row, proof, unguarded

WIDEST: Final = max(len(table.c) for table in GUARDED)
CODES: Final = {"row_changed", "row_added", "row_missing", "row_closed", "row_reopened", "row_outside"}


def newest(connection: Connection) -> int:
    return int(connection.scalar(text("SELECT max(id) FROM change")) or 0)


def named(report: Report) -> dict[str, set[int]]:
    """Return the events that a report names, by table."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in report.breaks:
        found[one.table].add(one.change)
    return found


@pytest.mark.parametrize("place", range(WIDEST))
def test_a_change_in_any_column_of_any_table_of_history_is_found(filled: Settings, place: int) -> None:
    """Each round changes one column of one row in every table at once."""
    with unguarded(filled) as connection:
        last, expected = newest(connection), {}
        for found in [last_row(connection, one.table) for one in HISTORIES if place < len(one.table.c)]:
            column = list(found.table.c)[place]
            try:
                with connection.begin_nested():
                    alter(connection, found, column, last)
            except IntegrityError:
                continue  # refused, because another row is called so
            expected[found.table.name] = {last if column.name == "died" else found.event}
        report = proof(connection)
        connection.rollback()
    assert not report.is_whole
    seen = named(report)
    assert {name for name, events in expected.items() if not events & seen[name]} == set()
    assert {one.code for one in report.breaks} <= CODES


@pytest.mark.parametrize(("table", "column"), [(table, column.name) for table in CHAIN for column in table.c], ids=str)
def test_a_change_in_any_column_of_an_event_is_found(filled: Settings, table: Table, column: str) -> None:
    with unguarded(filled) as connection:
        found = last_row(connection, table)
        alter(connection, found, table.c[column], newest(connection))
        report = proof(connection, since=max(found.event - 1, 1))
        connection.rollback()
    assert report.breaks[0].change == found.event
    assert report.breaks[0].item().message("tr")


def first_break(connection: Connection) -> Break:
    report = proof(connection)
    connection.rollback()
    return report.breaks[0]


@pytest.mark.parametrize("table", GUARDED, ids=lambda table: table.name)
def test_a_row_that_was_deleted_is_found(filled: Settings, table: Table) -> None:
    with unguarded(filled) as connection:
        found = last_row(connection, table)
        connection.execute(delete(table).where(found.condition))
        report = proof(connection, since=max(found.event - 1, 1))
        last = newest(connection)
        connection.rollback()
    if table.name == "change":
        assert (report.breaks[0].change, report.breaks[0].code) == (found.event, "event_alone")
    elif table.name == "audit_event":
        assert (report.breaks[0].change, report.breaks[0].code) == (found.event, "event_missing")
    elif table in CHAIN:
        assert (report.breaks[0].change, report.breaks[0].code) == (found.event, "event_differs")
    else:
        assert last >= found.event
        assert Break(found.event, "row_missing", table.name, found.name) in report.breaks


def test_a_row_that_was_slipped_in_is_found(filled: Settings) -> None:
    links = history("statement_link")
    with unguarded(filled) as connection:
        found = last_row(connection, links.table)
        values = {column.name: getattr(found.row, column.name) for column in links.table.c}
        connection.execute(insert(links.table).values({**values, "position": 99}))
        broken = first_break(connection)
    name = "/".join(str({**values, "position": 99}[column.name]) for column in links.key)
    assert broken == Break(found.event, "row_added", "statement_link", name)


@pytest.mark.parametrize("born", [-1, 0, 10**9])
def test_a_row_that_belongs_to_no_change_is_found(filled: Settings, born: int) -> None:
    heads = history("derived_head")
    with unguarded(filled) as connection:
        values = {column.name: getattr(last_row(connection, heads.table).row, column.name) for column in heads.table.c}
        fresh = {**values, "id": 10**6, "statement_id": 10**6, "born": born}
        connection.execute(insert(heads.table).values(fresh))
        broken = first_break(connection)
    assert (broken.code, broken.table, broken.row) == ("row_outside", "derived_head", str(10**6))


def test_events_that_changed_places_are_found(filled: Settings) -> None:
    events = next(table for table in CHAIN if table.name == "audit_event")
    with unguarded(filled) as connection:
        last = newest(connection)
        for old, new in ((last, -1), (last - 1, last), (-1, last - 1)):
            connection.execute(update(events).where(events.c.change_id == old).values(change_id=new))
        broken = first_break(connection)
    assert (broken.change, broken.code) == (last - 1, "chain_broken")


def test_a_gap_in_the_changes_is_found(filled: Settings) -> None:
    with unguarded(filled) as connection:
        last = newest(connection)
        for table in CHAIN:
            number = table.c["id" if table.name == "change" else "change_id"]
            connection.execute(delete(table).where(number == last - 1))
        broken = first_break(connection)
    assert (broken.change, broken.code) == (last - 1, "change_missing")


def test_an_end_that_was_cut_off_is_found_by_a_head_that_was_kept(filled: Settings) -> None:
    with unguarded(filled) as connection:
        kept = proof(connection).head
        for table in reversed(GUARDED):
            if table in CHAIN:
                number = table.c["id" if table.name == "change" else "change_id"]
                connection.execute(delete(table).where(number == kept.change))
        cut = {one.name: one for one in HISTORIES if not one.is_part}
        for one in reversed(list(cut.values())):
            connection.execute(delete(one.table).where(one.table.c.born == kept.change))
        for one in HISTORIES:
            if one.link is not None and one.whole is not None:
                connection.execute(delete(one.table).where(one.link.not_in(select(one.whole))))
        for one in HISTORIES:
            if one.is_revised:
                rows = one.table.c
                connection.execute(update(one.table).where(rows.died == kept.change).values(died=2**53 - 1))
        assert proof(connection).is_whole
        report = proof(connection, kept=kept)
        connection.rollback()
    assert [(one.change, one.code) for one in report.breaks] == [(kept.change, "head_missing")]


def test_a_chain_that_was_rewritten_is_found_by_a_head_that_was_kept(filled: Settings) -> None:
    """Without the head it would pass: whoever owns the database can compute every hash anew."""
    with unguarded(filled) as connection:
        kept = proof(connection).head
        rewrite(connection, kept.change)
        fresh = proof(connection)
        assert fresh.is_whole
        report = proof(connection, kept=kept)
        connection.rollback()
    assert [(one.change, one.code) for one in report.breaks] == [(kept.change, "head_differs")]
    assert fresh.head != kept
    assert parse_head(str(kept)) == kept


def rewrite(connection: Connection, change: int) -> None:
    """Give the newest change another author, and its event the hash that goes with it."""
    from app.audit.sealing import event_hash  # noqa: PLC0415 - what the attacker knows

    changes, events, subjects = (next(t for t in CHAIN if t.name == name) for name in NAMES)
    connection.execute(update(changes).where(changes.c.id == change).values(author="somebody else"))
    said: Any = connection.execute(select(changes).where(changes.c.id == change)).mappings().one()
    event: Any = connection.execute(select(events).where(events.c.change_id == change)).mappings().one()
    query = select(subjects).where(subjects.c.change_id == change).order_by(subjects.c.position)
    touched = [
        {name: value for name, value in row.items() if name != "change_id"}
        for row in connection.execute(query).mappings()
    ]
    values = {"hash": event_hash(said, event, touched, event["previous"])}
    connection.execute(update(events).where(events.c.change_id == change).values(values))


NAMES: Final = ("change", "audit_event", "audit_event_subject")
