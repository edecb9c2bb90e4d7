"""What the product promises of its speed: every gate and aim, in one place, and how a figure is judged."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Both = tuple[float, float]


@dataclass(frozen=True)
class Figure:
    """Something measured that a gate is about: in each round, the median counts."""

    name: str
    backend: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value that is judged first."""
        return statistics.median(self.rounds)


@dataclass(frozen=True)
class Gate:
    """A limit that binds and an aim, for PostgreSQL and for SQLite; most are upper limits."""

    name: str
    title: str
    unit: str
    gate: Both
    aim: Both
    is_least: bool = False

    def limits(self, backend: str) -> Both:
        """Return gate and aim of a database."""
        place = 0 if backend == "postgresql" else 1
        return self.gate[place], self.aim[place]

    def best(self, figure: Figure) -> float:
        """Return the best round."""
        return max(figure.rounds) if self.is_least else min(figure.rounds)

    def holds(self, figure: Figure) -> bool:
        """Tell whether the gate holds: it fails only where median and best round exceed it."""
        return self._within(self.best(figure), self.limits(figure.backend)[0])

    def verdict(self, figure: Figure) -> str:
        """Say in a word how a figure stands."""
        gate, aim = self.limits(figure.backend)
        if self._within(figure.median, aim):
            return "aim met"
        if self._within(figure.median, gate):
            return "met"
        return "met by the best round" if self.holds(figure) else "NOT MET"

    def _within(self, value: float, limit: float) -> bool:
        return value >= limit if self.is_least else value <= limit


GATES: Final = (
    Gate("ratio.one", "one activity, whole", "× floor", (2.0, 3.0), (1.1, 1.9)),
    Gate("ratio.page", "page of 50 whole activities", "× floor", (1.2, 1.4), (0.45, 0.5)),
    Gate("ratio.auditor_groups", "consent abroad by three dimensions", "× floor", (0.4, 0.4), (0.25, 0.25)),
    Gate("large.auditor_groups", "the same at 10⁵ activities", "ms", (10, 10), (3, 4)),
    Gate("ratio.notice", "notice of a controller with 50 activities", "× floor", (1.6, 1.8), (1.15, 1.3)),
    Gate("ratio.create", "create, 37 rows", "× floor", (3.5, 6), (2.5, 4)),
    Gate("p99.create", "create under 8 writers, 99th percentile", "ms waited", (50, 50), (20, 18)),
    Gate("ratio.export", "export of whole activities", "× COPY or cursor", (1.5, 1.5), (0.3, 0.3)),
    Gate("memory.export", "memory that an export takes", "MB", (64, 64), (40, 40)),
    Gate("first.export", "first byte of an export", "ms waited", (150, 150), (50, 50)),
    Gate("peer.one", "one activity: peer / Envanter", "×", (8, 8), (15, 15), is_least=True),
    Gate("peer.page", "page of 50: peer / Envanter", "×", (5, 5), (15, 15), is_least=True),
    Gate("growth.one", "one activity", "× from 10³", (1.15, 1.15), (1.05, 1.05)),
    Gate("growth.page", "page of 50, filtered", "× from 10³", (1.15, 1.15), (1.05, 1.05)),
    Gate("growth.first_page", "first page of 50 of all", "× from 10³", (1.15, 1.15), (1.05, 1.05)),
    Gate("growth.deep_page", "page of 50 at nine tenths", "× from 10³", (1.15, 1.15), (1.05, 1.05)),
    Gate("growth.auditor_page", "consent abroad, first page", "× from 10³", (1.15, 1.15), (1.05, 1.05)),
    Gate("revisions.one", "one activity with fifty revisions", "× of one revision", (1.1, 1.1), (1.05, 1.05)),
    Gate("revisions.page", "page of such activities", "× of one revision", (1.1, 1.1), (1.05, 1.05)),
    Gate("revisions.facts_transfers", "transfers of such activities", "× of one revision", (1.1, 1.1), (1.05, 1.05)),
    Gate("revisions.auditor_page", "consent abroad of such", "× of one revision", (1.1, 1.1), (1.05, 1.05)),
    Gate("import.time", "import of the app", "s of CPU", (0.8, 0.8), (0.5, 0.5)),
    Gate("import.memory", "memory after the import of the app", "MB", (90, 90), (90, 90)),
)
BY_NAME: Final = {gate.name: gate for gate in GATES}


def quotients(over: Sequence[float], under: Sequence[float]) -> tuple[float, ...]:
    """Divide round by round: what disturbs one of a pair mostly disturbs the other."""
    return tuple(one / other for one, other in zip(over, under, strict=True))
