"""Runs the rounds on each database, prints the figures as one table, and ends with status 1 if anything is amiss."""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.platform.settings import Settings
from bench.durability.figures import Figures, table
from bench.durability.rounds import Crashing, Rounds
from tests.durability.postgres import stoppable

DATABASES: Final = ("SQLite", "PostgreSQL")


def say(text: str) -> None:
    """Show how far it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def place(database: str, directory: Path) -> Iterator[tuple[str, Crashing | None]]:
    """Give the address of an empty database, and the database itself if it can crash on its own."""
    if database == "SQLite":
        yield f"sqlite:///{directory / 'register.db'}", None
        return
    with stoppable() as server:
        yield server.url, server


def run(database: str, rounds: int, seed: int) -> Figures:
    """Run the rounds on one database."""
    found = Figures(database)
    with tempfile.TemporaryDirectory(prefix="envanter-bench-") as name:
        directory = Path(name)
        with place(database, directory) as (url, crashing):
            Rounds(found, Settings(database_url=url), directory / "log", seed, crashing).run(rounds, say)
    say(f"\n{table([found])}\n")
    return found


def chosen(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.durability", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50, help="on each database")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32), help="of the moments")
    parser.add_argument("--database", choices=DATABASES, action="append", help="only this one")
    return parser.parse_args(arguments)


def report(found: list[Figures]) -> int:
    """Print the figures and every fault, and return the status."""
    say(f"\n{table(found)}")
    faults = [f"{one.database}: {fault}: {text}" for one in found for fault, text in one.faults]
    for fault in faults:
        say(fault)
    return 1 if faults else 0


def main() -> int:
    """Run, print, and return the status."""
    given = chosen()
    say(f"seed {given.seed}")
    return report([run(database, given.rounds, given.seed) for database in given.database or DATABASES])


if __name__ == "__main__":
    raise SystemExit(main())
