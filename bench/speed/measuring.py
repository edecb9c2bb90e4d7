"""Measures runs in turn, A B C A B C, and keeps the CPU of each round."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.speed.asking import Ask, alike
from bench.speed.contenders import Answer, Contender

ENOUGH: Final = 400.0
MOST: Final = 500
WARM: Final = 30
WARMTH: Final = 1500.0
LEAST: Final = 30
DEAREST: Final = 1500.0
SPENT: Final = 80
SUCCESS: Final = 300


@dataclass(frozen=True)
class Cell:
    """What one request cost one contender: milliseconds of CPU in each round, and how large the answer is."""

    ask: str
    contender: str
    rounds: tuple[float, ...]
    sent: int
    size: int

    @property
    def median(self) -> float:
        """The cost that is compared."""
        return statistics.median(self.rounds)

    @property
    def best(self) -> float:
        """The least cost of a round."""
        return min(self.rounds)


class Run:
    """One contender being asked for one thing; every answer is checked."""

    def __init__(self, ask: Ask, contender: Contender, enough: float = ENOUGH) -> None:
        self.ask = ask
        self._enough = enough
        self.contender = contender
        self._next = ask.scripts[contender.kind]()
        self._last: Answer | None = None
        self._began = contender.cpu()
        self.first = self.step()
        self.sizes: list[int] = []
        self.count = 0
        self.rounds: list[float] = []

    def step(self) -> Answer:
        """Send the next request."""
        call = self._next(self._last)
        answer = self._last = self.contender.send(call)
        if answer.status >= SUCCESS:
            raise RuntimeError(f"{self.contender.name}: {call.path} {answer.status} {answer.body[:500]!r}")
        return answer

    def warm(self) -> None:
        """Ask until caches and prepared statements are there, and find out how many requests can be measured.

        A change asks some sixty statements, not all of them each time, and the first of each costs a hundredfold.
        """
        while len(self.sizes) < WARM and (not self.sizes or self.contender.cpu() - self._began < WARMTH):
            self.sizes.append(len(self.step().body))
        sent, spent, before = 0, 0.0, self.contender.cpu()
        while sent < MOST and spent < SPENT:
            self.step()
            sent, spent = sent + 1, self.contender.cpu() - before
        each = max(spent, 10) / sent
        # What costs much is asked often enough to be warm in each round, unless it costs very much.
        few = min(LEAST, DEAREST / each) if self._enough >= ENOUGH else 1
        self.count = max(1, min(MOST, round(max(few, self._enough / each))))

    def round(self) -> None:
        """Measure one round; an answer of another size than before is no answer.

        What rested while others were asked costs several times as much at first (a virtual machine's memory and caches
        are somewhere else by then), so as much as a third of a round is asked before it begins.
        """
        least, most = min(self.sizes) * 0.5, max(self.sizes) * 2
        for _ in range(self.count // 3):
            self.step()
        before = self.contender.cpu()
        for _ in range(self.count):
            answer = self.step()
            if not least <= len(answer.body) <= most:
                raise RuntimeError(f"{self.contender.name} answered {self.ask.name} with {len(answer.body)} bytes")
        self.rounds.append((self.contender.cpu() - before) / self.count)

    def cell(self) -> Cell:
        """Return what was found."""
        size = round(statistics.median(self.sizes))
        return Cell(self.ask.name, self.contender.name, tuple(self.rounds), self.count, size)


def measure(runs: Sequence[Run], rounds: int) -> list[Cell]:
    """Measure runs in turn."""
    for run in runs:
        run.warm()
    for _ in range(rounds):
        for run in runs:
            run.round()
    return [run.cell() for run in runs]


def compare(ask: Ask, contenders: Sequence[Contender], rounds: int, enough: float = ENOUGH) -> list[Cell]:
    """Measure one request at every contender that knows it; refuse to compare answers that do not say the same."""
    runs = [Run(ask, one, enough) for one in contenders if one.kind in ask.scripts]
    for run in runs[1:]:
        if not alike(ask, runs[0].first.body, run.first.body):
            raise RuntimeError(f"{runs[0].contender.name} and {run.contender.name} answer {ask.name} differently")
    return measure(runs, rounds)
