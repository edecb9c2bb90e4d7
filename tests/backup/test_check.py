"""The check names what is wrong with a register: rows, links, chain, guards, constraints, the file itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text, update

from app.activities.tables import Activity, StatementRow
from app.audit.triggers import create_triggers
from app.backup.checking import faults_of
from app.platform.database import Base, Database
from app.platform.settings import Settings
from tests.backup.running import refused
from tests.conftest import Server
from tests.trail.tampering import by_hand, unguarded


@pytest.fixture
def database(seeded_settings: Settings) -> Iterator[Database]:
    """The database of a seeded register."""
    found = Database(seeded_settings)
    yield found
    found.close()


def faults(database: Database, *known: str) -> list[str]:
    """Check a register of a version that knows these schemas."""
    return [str(one) for one in faults_of(database, [*known, "0001"])[1]]


def test_a_register_as_it_should_be_has_no_faults(database: Database) -> None:
    assert faults(database) == []


def test_a_changed_row_is_named_with_its_event(database: Database, seeded_settings: Settings) -> None:
    with unguarded(seeded_settings) as connection:
        connection.execute(text("UPDATE statement SET body = body || ' ' WHERE id = 7"))
        create_triggers(connection, Base.metadata)
    (found,) = faults(database)
    assert found.startswith("chain: event 2: ")
    assert "statement" in found


def test_a_row_that_leads_nowhere_is_named(database: Database, seeded_settings: Settings) -> None:
    with unguarded(seeded_settings) as connection:
        connection.execute(
            delete(Activity).where(Activity.id == select(func.max(StatementRow.activity_id)).scalar_subquery())
        )
        create_triggers(connection, Base.metadata)
    found = [one for one in faults(database) if one.startswith("foreign keys: ")]
    assert any("rows lead nowhere from statement (activity_id, controller_id) to activity" in one for one in found)


def test_a_guard_that_is_not_there_is_named(seeded_settings: Settings) -> None:
    with unguarded(seeded_settings):
        pass
    said = refused(seeded_settings.database_url, "check")
    assert "guards: the trigger past_update_statement is not there" in said
    assert "BROKEN: 46 tables" in said


def test_what_an_older_schema_sealed_is_not_judged_by_the_newer_one(
    database: Database, seeded_settings: Settings
) -> None:
    with unguarded(seeded_settings) as connection:
        connection.execute(update(StatementRow).values(body="{}"))
    assert faults(database, "0002") == []


def test_a_foreign_key_that_is_not_there_or_was_never_validated_is_named(postgresql_server: Server) -> None:
    settings = Settings(database_url=postgresql_server.copy("vocabularies"))
    with by_hand(settings) as connection:
        name = "fk_statement_activity_id_controller_id"
        connection.execute(text(f"ALTER TABLE statement DROP CONSTRAINT {name}"))
        connection.execute(text("ALTER TABLE statement ADD CONSTRAINT late CHECK (id > 0) NOT VALID"))
    database = Database(settings)
    found = faults(database)
    database.close()
    assert found == [
        "constraints: statement.late was never validated",
        "foreign keys: the one from statement (activity_id, controller_id) to activity is not there",
    ]


def test_a_damaged_file_is_said_to_be_one(sqlite_server: Server) -> None:
    url = sqlite_server.copy("seeded")
    path = Path(url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    half = len(content) // 8192 * 4096
    content[half : half + 4096] = b"\xff" * 4096
    path.write_bytes(content)
    assert "BROKEN" in refused(url, "check") or "malformed" in refused(url, "check")
