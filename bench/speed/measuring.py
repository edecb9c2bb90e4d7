"""Measures contenders in turn, A B C A B C, and keeps the CPU of each round."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

from bench.speed.asking import Ask, alike
from bench.speed.contenders import Call, Contender

ENOUGH: Final = 250.0
MOST: Final = 400
WARM: Final = 6


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


def compare(ask: Ask, contenders: Sequence[Contender], rounds: int) -> list[Cell]:
    """Measure one request at every contender that knows it."""
    known = [(one, calls) for one in contenders if (calls := ask.of(one.kind)) is not None]
    sizes = {one.name: _prepare(ask, one, calls) for one, calls in known}
    _check(ask, known)
    counts = {one.name: _enough(one, calls) for one, calls in known}
    costs: dict[str, list[float]] = {one.name: [] for one, _ in known}
    for _ in range(rounds):
        for one, calls in known:
            costs[one.name].append(_cost(one, calls, counts[one.name], sizes[one.name]))
    return [Cell(ask.name, one.name, tuple(costs[one.name]), counts[one.name], sizes[one.name]) for one, _ in known]


def _prepare(ask: Ask, contender: Contender, calls: list[Call]) -> int:
    """Ask until caches and prepared statements are there; return the size of the first answer."""
    first = None
    for call in islice(cycle(calls), WARM):
        answer = contender.send(call)
        if answer.status >= 300:  # noqa: PLR2004 - anything but success
            raise RuntimeError(f"{contender.name} answers {ask.name} with {answer.status}: {answer.body[:500]!r}")
        first = len(answer.body) if first is None else first
    return first or 0


def _check(ask: Ask, known: list[tuple[Contender, list[Call]]]) -> None:
    """Refuse to compare answers that do not say the same."""
    kinds = {one.kind: (one, calls) for one, calls in known}
    if len(kinds) < 2 or any(calls[0].method != "GET" for _, calls in kinds.values()):  # noqa: PLR2004 - nothing to compare
        return
    names = list(kinds)
    answers = [one.send(calls[0]).body for one, calls in kinds.values()]
    for name, answer in zip(names[1:], answers[1:], strict=True):
        if not alike(ask, answers[0], answer):
            raise RuntimeError(f"{names[0]} and {name} answer {ask.name} differently")


def _enough(contender: Contender, calls: list[Call]) -> int:
    """Return how many requests of this kind cost enough to be measured."""
    sent, before = 0, contender.cpu()
    while sent < MOST:
        for call in islice(cycle(calls), 4):
            contender.send(call)
        sent += 4
        spent = contender.cpu() - before
        if spent >= 80:  # noqa: PLR2004 - eight ticks of the clock
            break
    return max(3, min(MOST, round(ENOUGH * sent / max(spent, 10))))


def _cost(contender: Contender, calls: list[Call], count: int, size: int) -> float:
    before = contender.cpu()
    for call in islice(cycle(calls), count):
        answer = contender.send(call)
        if answer.status >= 300 or not size * 0.5 <= len(answer.body) <= size * 2:  # noqa: PLR2004
            raise RuntimeError(f"{contender.name} answered {call.path} with {answer.status}, {len(answer.body)} bytes")
    return (contender.cpu() - before) / count
