"""Rounds of writing and killing, each followed by a look at what is left."""

import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import httpx2

from app.platform.settings import Settings
from bench.durability.bodies import CONTROLLER, SHARED, activity
from bench.durability.figures import Figures
from bench.durability.judging import Judge
from bench.durability.memory import Memory
from bench.durability.writers import Crowd
from bench.durability.writes import TIMEOUT, Write
from tests.durability.serving import serving

ANSWERED: Final = (1, 25)
THEN: Final = (0.0, 0.1)
AFTER_CRASH: Final = (0.0, 0.3)
CRASHES: Final = 0.2
OTHERS: Final = 20


class Crashing(Protocol):
    """A database that can be made to crash."""

    def crash(self) -> None:
        """End it in the middle of everything."""

    def stop(self, how: str) -> None:
        """Stop it in one of its own ways."""

    def start(self) -> None:
        """Start it again."""


class Rounds:
    """One register that is written to, killed and looked at again and again."""

    def __init__(
        self, figures: Figures, settings: Settings, log: Path, seed: int, database: Crashing | None = None
    ) -> None:
        self._figures = figures
        self._url, self._log = settings.database_url, log
        self._database = database
        self._random = random.Random(seed)  # noqa: S311 - nothing secret
        self._judge = Judge(settings, figures)
        self._memory = Memory(seed)
        self._writes: list[Write] = []

    def run(self, rounds: int, tell: Callable[[str], None] = print) -> None:
        """Run so many rounds and judge each; then judge everything once more."""
        began = time.monotonic()
        for number in range(rounds):
            self._round(number)
            found = self._figures
            tell(f"{found.database}: round {number + 1}, {len(self._writes)} writes, faults {found.faults}")
        with serving(self._url, self._log) as (_, address), self._calling(address) as client:
            self._judge_round(client)
            self._judge.judge_again(client)
            self._remember(client)
        self._judge.look()
        self._judge.account()
        self._figures.seconds = time.monotonic() - began

    def _prepare(self, client: httpx2.Client) -> None:
        """Add what the writers need, in a register that the first start built."""
        client.post("/v1/controllers", json={"code": CONTROLLER}).raise_for_status()
        shared = activity(SHARED.partition(":")[2], "shared")
        client.post("/v1/activities", json=shared).raise_for_status()
        self._judge.activities = 1
        self._judge.look()

    def _round(self, number: int) -> None:
        """Judge what the round before left, write until the kill, and look into the database."""
        with serving(self._url, self._log) as (process, address):
            with self._calling(address) as client:
                if number == 0:
                    self._prepare(client)
                self._judge_round(client)
            crowd = Crowd(address, f"r{number}", self._memory)
            crowd.start()
            crowd.wait(self._random.randint(*ANSWERED))
            time.sleep(self._random.uniform(*THEN))
            self._end(process)
            crowd.join()
        self._writes = crowd.writes
        for text in crowd.complaints:
            self._figures.blame("unexpected", text)
        self._figures.counts["rounds"] += 1
        self._judge.look()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill the server, and now and then the database under it first, by its own means or by kill -9."""
        database = self._database
        crashes = database is not None and self._random.random() < CRASHES
        if database is not None and crashes:
            self._figures.counts["crashes of the database"] += 1
            if self._random.random() < 0.5:  # noqa: PLR2004 - one way or the other
                database.crash()
            else:
                database.stop("immediate")
            time.sleep(self._random.uniform(*AFTER_CRASH))
        process.kill()
        self._figures.counts["kills of the server"] += 1
        if database is not None and crashes:
            database.start()

    def _judge_round(self, client: httpx2.Client) -> None:
        self._judge.judge(self._writes, client)
        self._writes = []
        self._remember(client, OTHERS)

    def _remember(self, client: httpx2.Client, others: int | None = None) -> None:
        """Ask again what was asked before the kill, and others of earlier rounds."""
        for text in self._memory.stale(client, others):
            self._figures.blame("stale", text)
        self._figures.counts["asked again"] = len(self._memory)

    @staticmethod
    def _calling(address: str) -> httpx2.Client:
        return httpx2.Client(base_url=address, timeout=TIMEOUT)
