"""A server killed at any moment loses no write that it acknowledged, and shows none by halves."""

import random
from typing import Final

import pytest

from app.platform.settings import Settings
from bench.durability.figures import Figures
from bench.durability.rounds import Rounds
from tests.conftest import BACKENDS, Server

ROUNDS: Final = 2


@pytest.fixture(scope="module", params=BACKENDS)
def killed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """What a few kills left of what many wrote; `make bench-durability` looks the same way at many kills."""
    server: Server = request.getfixturevalue(f"{request.param}_server")
    url, log = server.copy("vocabularies"), tmp_path_factory.mktemp("killed") / "log"
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 - shown where a test fails
    found = Figures(request.param)
    Rounds(found, Settings(database_url=url), log, seed).run(ROUNDS)
    return found


def test_a_killed_server_keeps_every_acknowledged_write_whole(killed: Figures) -> None:
    """Documents, derived rows, events, answers `as_of`, the chain: nothing is lost, half, twice, stale or broken."""
    assert killed.faults == []
    assert killed.counts["kills of the server"] == ROUNDS
    assert killed.counts["acknowledged"] >= ROUNDS


def test_a_kill_interrupts_those_who_write_and_read(killed: Figures) -> None:
    """A kill that interrupts nobody would prove nothing."""
    assert killed.counts["happened"] + killed.counts["not at all"] > 0
    assert killed.counts["asked again"] > 0


def test_after_a_kill_a_key_is_answered_again_exactly_where_its_effect_is_there(killed: Figures) -> None:
    """Every POST with a key was sent again: replayed where it had happened, carried out where it had not."""
    assert killed.counts["repeated"] >= ROUNDS
    assert {fault: killed.number(fault) for fault in ("half-written", "twice")} == {"half-written": 0, "twice": 0}
