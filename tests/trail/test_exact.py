"""SQLite takes values in forms in which they were never written: each is told from what was written."""

from typing import Any, Final

import pytest
from sqlalchemy import text

from app.platform.settings import Settings
from tests.conftest import Server
from tests.trail.events import calling, fill
from tests.trail.tampering import proof, unguarded

FORMS: Final[dict[str, tuple[str, str]]] = {
    "another number for true": ("derived_head", "pairs_flat = 2"),
    "a fraction": ("activity_revision", "number = number + 0.5"),
    "a word for a number": ("statement_link", "step = 'none'"),
    "an id in capital letters": ("recipient", "uid = upper(uid)"),
    "an id that is none": ("controller", "uid = 'x'"),
    "bytes for a text": ("statement", "body = CAST(body AS BLOB)"),
    "a text that is no UTF-8": ("statement", "body = CAST(x'ff' AS TEXT)"),
    "a number for a text": ("statement_citation", "locator = CAST(locator AS BLOB)"),
    "a day with something behind it": ("document_revision", "date = date || ' '"),
    "a day that is none": ("document_revision", "date = '2024-02-31'"),
    "a number for a day": ("document_revision", "date = 2024"),
    "an instant with another letter": ("change", "at = replace(at, ' ', 'T')"),
    "an instant that is none": ("change", "at = at || 'x'"),
    "a word for the change it was born in": ("derived_pair", "born = 'x'"),
    "a word for the change that closed it": ("derived_pair", "died = 'x'"),
    "no change that closed it": ("derived_pair", "died = 0"),
}


@pytest.fixture(scope="module")
def small(sqlite_server: Server) -> Settings:
    """A filled register in a file."""
    settings = Settings(database_url=sqlite_server.copy("vocabularies"))
    with calling(settings) as client:
        fill(client)
    return settings


@pytest.mark.parametrize("form", FORMS)
def test_another_form_of_a_value_is_another_value(small: Settings, form: str) -> None:
    table, changed = FORMS[form]
    born = {"change": "id", "recipient": "born", "controller": "born"}.get(table)
    with unguarded(small) as connection:
        column = changed.split(" = ")[0]
        row: Any = connection.execute(
            text(f"SELECT rowid FROM {table} WHERE {column} IS NOT NULL ORDER BY rowid DESC")  # noqa: S608
        ).first()
        connection.execute(text(f"UPDATE {table} SET {changed} WHERE rowid = {row[0]}"))  # noqa: S608
        report = proof(connection)
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN")
    assert not report.is_whole
    first = report.breaks[0]
    assert first.table == ("audit_event" if table == "change" else table)
    assert born is None or first.change > 1


@pytest.mark.parametrize("day", ["infinity", "0044-03-15 BC", "5874897-12-31"])
def test_postgresql_knows_days_that_python_does_not(postgresql_server: Server, day: str) -> None:
    settings = Settings(database_url=postgresql_server.copy("vocabularies"))
    with calling(settings) as client:
        fill(client)
    with unguarded(settings) as connection:
        connection.execute(text(f"UPDATE document_revision SET date = '{day}' WHERE number = 1"))  # noqa: S608
        connection.execute(text("UPDATE change SET at = 'infinity' WHERE id = 3"))
        report = proof(connection)
        connection.rollback()
    assert {(one.table, one.code) for one in report.breaks} == {
        ("audit_event", "event_differs"),
        ("document_revision", "row_changed"),
    }
