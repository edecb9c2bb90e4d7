"""Backup, restore and check from the command line."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app import __version__
from app.backup import postgresql, sqlite
from app.backup.checking import Finding, State, faults_of, known_revisions, require_known, state_of
from app.backup.manifest import COPIES, Copy, Kind, Manifest, new_directory, read_manifest, write_manifest
from app.platform.database import Database, ReadSession
from app.platform.settings import Settings
from app.platform.starting import CannotStart, require_any_schema

COMMANDS: Final = ("backup", "restore", "check")
# To count a table takes as long as it takes: nobody waits for the answer as callers do.
PATIENCE: Final = 3600


def add_parser(commands: Any) -> None:  # noqa: ANN401 - argparse gives its own type no name
    """Say what can be done."""
    backup = commands.add_parser("backup", help="copy the register, while it is written to, into a new directory")
    backup.add_argument("directory", type=Path, help="where the copy and its manifest are written")
    restore = commands.add_parser("restore", help="bring a backup back into a database without tables, and check it")
    restore.add_argument("directory", type=Path, help="what backup wrote")
    commands.add_parser("check", help="check the register: integrity, links, chain, guards, schema")


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run one command; end with 1 if anything is not as it must be."""
    patient = settings.model_copy(update={"statement_timeout": PATIENCE})
    database = Database(patient)
    try:
        if arguments.command == "backup":
            return back_up(patient, database, arguments.directory)
        if arguments.command == "restore":
            return restore(patient, database, arguments.directory)
        return check(patient, database)
    finally:
        database.close()


def check(settings: Settings, database: Database) -> int:
    """Say what the register holds and what is wrong with it."""
    require_any_schema(settings)
    known = known_revisions(settings)
    state, found = faults_of(database, known)
    if state is not None:
        require_known(state.revision, known, "the database")
    return _say(state, found, known)


def back_up(settings: Settings, database: Database, directory: Path) -> int:
    """Copy one snapshot of the register, check the copy, then write what makes it a whole backup."""
    require_any_schema(settings)
    known, kind = known_revisions(settings), kind_of(database)
    with new_directory(directory):
        at = datetime.now(UTC)
        with database.reading() as session:
            state = state_of(session)
            require_known(state.revision, known, "the database")
            _copy(session, settings, database, directory)
        found = _faults_of_copy(settings, database, directory, state)
        if found:
            _say(None, found, known)
            raise CannotStart("no backup was written: `python -m app check` says what is wrong with the register")
        copied = Copy.of(directory, kind)
        manifest = Manifest(
            product=__version__, at=at, kind=kind, database=database.version(), state=state, copied=copied
        )
        write_manifest(directory, manifest)
    sys.stdout.write(f"{directory}: {state}, {copied.size} bytes\n")
    return 0


def restore(settings: Settings, database: Database, directory: Path) -> int:
    """Bring a backup back where there is no register yet, and check that it is the one that was copied."""
    known, manifest = known_revisions(settings), read_manifest(directory)
    if manifest.kind != kind_of(database):
        raise CannotStart(
            f"{directory} is a backup of {manifest.database}: it cannot be restored into another database"
        )
    require_known(manifest.state.revision, known, str(directory))
    copied = directory / manifest.copied.name
    if database.is_sqlite:
        sqlite.require_no_register(database)
        with sqlite.brought(copied, database) as temporary:
            state, found = _faults_in(settings, temporary, manifest.state)
            if found:
                _say(state, found, known)
                raise CannotStart("nothing was restored")
    else:
        postgresql.require_no_register(database)
        postgresql.bring(copied, settings, database)
        state, found = faults_of(database, known, manifest.state)
    return _say(state, found, known)


def kind_of(database: Database) -> Kind:
    """Return of which kind a database is."""
    return "sqlite" if database.is_sqlite else "postgresql"


def _copy(session: ReadSession, settings: Settings, database: Database, directory: Path) -> None:
    path = directory / COPIES[kind_of(database)]
    if database.is_sqlite:
        sqlite.copy(session, path)
    else:
        postgresql.copy(session, settings, database, path)


def _faults_of_copy(settings: Settings, database: Database, directory: Path, state: State) -> list[Finding]:
    path = directory / COPIES[kind_of(database)]
    if database.is_sqlite:
        return _faults_in(settings, path, state)[1]
    missing = state.rows.keys() - postgresql.tables_in(settings, database, path)
    return [Finding("tables", f"{name} is not in the copy") for name in sorted(missing)]


def _faults_in(settings: Settings, path: Path, state: State) -> tuple[State | None, list[Finding]]:
    opened = sqlite.opened(settings, path)
    try:
        return faults_of(opened, known_revisions(settings), state)
    finally:
        opened.close()


def _say(state: State | None, found: list[Finding], known: list[str]) -> int:
    for one in found:
        sys.stdout.write(f"{one}\n")
    said = "BROKEN" if found else "whole"
    if state is not None:
        sys.stdout.write(f"{said}: {state}\n")
        if state.revision != known[0]:
            sys.stdout.write("an older schema: run `python -m app migrate`, then `python -m app check`\n")
    return 1 if found else 0
