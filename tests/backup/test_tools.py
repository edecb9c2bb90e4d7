"""PostgreSQL's tools are found where the operator says, are never older than the server, and show no secret."""

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.engine import make_url

from app.backup.postgresql import connecting
from tests.backup.running import TOOLS, refused
from tests.conftest import Server

SECRET: Final = "s3cret-of-the-database"  # noqa: S105 - one that shows where it stands
SAID: Final = "set ENVANTER_POSTGRESQL_TOOLS to the folder that holds the tools of PostgreSQL 18 or newer"


@pytest.fixture
def url(postgresql_server: Server) -> str:
    """A register in PostgreSQL; the server of the tests takes any password."""
    address = make_url(postgresql_server.copy("vocabularies")).set(password=SECRET)
    return address.render_as_string(hide_password=False)


def tool(directory: Path, name: str, script: str) -> None:
    """Put a tool into a directory."""
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_tool_that_is_not_there_is_named(url: str, tmp_path: Path) -> None:
    said = refused(url, "backup", tmp_path / "backup", postgresql_tools=str(tmp_path))
    assert f"is not found in {tmp_path}: {SAID}" in said
    assert list(tmp_path.iterdir()) == []


def test_a_tool_that_is_older_than_the_server_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "pg_restore").symlink_to(TOOLS / "pg_restore")
    tool(tmp_path, "pg_dump", "echo 'pg_dump (PostgreSQL) 15.14 (Debian)'")
    said = refused(url, "backup", tmp_path / "backup", postgresql_tools=str(tmp_path))
    assert f"{tmp_path}/pg_dump is of PostgreSQL 15, the server is 18: {SAID}" in said


def test_a_tool_that_fails_says_why_and_leaves_nothing(url: str, tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    tool(tmp_path, "pg_restore", "echo 'pg_restore (PostgreSQL) 18.6'")
    works = f"""test "$1" = --version && echo 'pg_dump (PostgreSQL) 18.6' && exit
echo "$@" > {shown}; test "$PGPASSWORD" = {SECRET} && echo known >> {shown}; echo 'no space left' >&2; exit 1"""
    tool(tmp_path, "pg_dump", works)
    said = refused(url, "backup", tmp_path / "backup", postgresql_tools=str(tmp_path))
    assert "pg_dump failed: no space left" in said
    assert SECRET not in said
    arguments, knows = shown.read_text().splitlines()
    assert SECRET not in arguments
    assert "--snapshot=" in arguments
    assert knows == "known"
    assert not (tmp_path / "backup").exists()


def test_however_an_address_is_written_its_secrets_stand_in_no_command_line() -> None:
    address = f"postgresql+psycopg://ben@db.example:6432/x?password={SECRET}&sslpassword={SECRET}&keepalives_idle=9"
    environment, target = connecting(make_url(address))
    assert environment["PGPASSWORD"] == SECRET
    assert (environment["PGHOST"], environment["PGPORT"], environment["PGUSER"]) == ("db.example", "6432", "ben")
    assert SECRET not in target
    assert sorted(target.split()) == ["dbname=x", "keepalives_idle=9"]
