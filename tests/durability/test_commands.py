"""A command that cannot work says what to do, and ends with status 1."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from app.platform.settings import ROOT, Settings
from tests.commanding import command
from tests.conftest import Server
from tests.durability.serving import environment

SCHEMALESS: Final = "has no schema yet: run `python -m app migrate`, or `serve`, which does it too"


def run(command: str, url: str, **settings: str) -> tuple[int, str]:
    """Run a command, and return its status and what it says of what went wrong."""
    ended = subprocess.run(
        [sys.executable, "-m", "app", command],
        cwd=ROOT,
        env=environment(url, 0, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stderr


def test_seeding_a_database_without_schema_says_what_to_do(server: Server) -> None:
    server.made += 1
    status, said = run("seed", server.create(f"empty_{server.made}"))
    assert status == 1
    assert SCHEMALESS in said


def test_a_file_that_is_not_there_is_not_made_by_a_look_at_it(tmp_path: Path) -> None:
    ended = command(f"sqlite:///{tmp_path}/register.db", "seed")
    assert (ended.status, list(tmp_path.iterdir())) == (1, [])
    assert SCHEMALESS in ended.complaint


def test_a_database_of_the_right_schema_is_seeded(settings: Settings) -> None:
    ended = command(settings.database_url, "seed")
    assert ended.status == 0
    assert "bundles taken in" in ended.said


@pytest.mark.parametrize(
    ("url", "setting", "said"),
    [
        ("sqlite:///nowhere/at/all/register.db", {}, "does not answer: unable to open database file"),
        ("sqlite://", {}, "ENVANTER_DATABASE_URL must name a file"),
        ("somewhere", {}, "Could not parse SQLAlchemy URL"),
        ("sqlite:///x.db", {"rate_limit": "many"}, "ENVANTER_RATE_LIMIT: "),
        ("sqlite:///x.db", {"threads": "0"}, "ENVANTER_THREADS: "),
    ],
)
def test_settings_that_cannot_be_meant_are_named(url: str, setting: dict[str, str], said: str) -> None:
    ended = command(url, "migrate", **setting)
    assert ended.status == 1
    assert said in ended.complaint
