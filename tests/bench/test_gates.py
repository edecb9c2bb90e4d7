"""A gate fails only where neither the median nor the best round keeps it."""

import pytest

from bench.speed.gates import BY_NAME, GATES, Figure, Gate, quotients

GATE = Gate("x", "x", "×", (2.0, 3.0), (1.0, 1.5))


@pytest.mark.parametrize(
    ("rounds", "verdict"),
    [
        ((0.9, 1.0, 9.0), "aim met"),
        ((1.5, 1.9, 9.0), "met"),
        ((1.9, 2.5, 2.6), "met by the best round"),
        ((2.1, 2.5, 2.6), "NOT MET"),
    ],
)
def test_median_and_best_round_are_judged(rounds: tuple[float, ...], verdict: str) -> None:
    figure = Figure("x", "postgresql", rounds)
    assert GATE.verdict(figure) == verdict
    assert GATE.holds(figure) is (verdict != "NOT MET")


def test_each_database_has_its_own_limits() -> None:
    assert GATE.holds(Figure("x", "sqlite", (2.9, 2.9, 2.9)))
    assert not GATE.holds(Figure("x", "postgresql", (2.9, 2.9, 2.9)))


def test_a_lead_must_be_at_least_so_large() -> None:
    gate = BY_NAME["peer.one"]
    assert gate.holds(Figure("peer.one", "sqlite", (7.0, 8.5)))
    assert not gate.holds(Figure("peer.one", "sqlite", (7.0, 7.5)))


def test_an_aim_is_never_easier_than_its_gate() -> None:
    for gate in GATES:
        for place in (0, 1):
            hardest = (
                max(gate.gate[place], gate.aim[place]) if gate.is_least else min(gate.gate[place], gate.aim[place])
            )
            assert gate.aim[place] == hardest


def test_rounds_are_divided_in_pairs() -> None:
    assert quotients((4.0, 9.0), (2.0, 3.0)) == (2.0, 3.0)
