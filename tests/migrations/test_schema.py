"""The schema is what the migrations build, up and down, and the models say the same."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from app.platform.database import Base
from app.platform.settings import ROOT, Settings
from tests.conftest import Server


@pytest.fixture
def config(server: Server) -> Config:
    """Alembic on an empty database of its own."""
    server.made += 1
    settings = Settings(database_url=server.create(f"blank_{server.made}"))
    found = Config(ROOT / "alembic.ini")
    found.attributes["settings"] = settings
    return found


def tables(config: Config) -> set[str]:
    """Return the tables that the database has."""
    engine = create_engine(make_url(config.attributes["settings"].database_url), poolclass=NullPool)
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_heads()) == 1


def test_every_migration_can_be_undone() -> None:
    scripts = list(ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).walk_revisions())
    assert all("op." in Path(script.path).read_text().partition("def downgrade")[2] for script in scripts)


def test_an_empty_database_goes_up_down_and_up_again(config: Config) -> None:
    command.upgrade(config, "head")
    built = tables(config)
    command.downgrade(config, "base")
    assert tables(config) == set()
    command.upgrade(config, "head")
    assert tables(config) == built == set(Base.metadata.tables)


def test_going_up_twice_changes_nothing(config: Config) -> None:
    command.upgrade(config, "head")
    command.upgrade(config, "head")
    assert tables(config) == set(Base.metadata.tables)


def test_the_models_are_what_the_migrations_build(config: Config) -> None:
    command.upgrade(config, "head")
    command.check(config)


def test_every_constraint_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        assert [kind for kind in table.constraints if kind.name is None] == []
