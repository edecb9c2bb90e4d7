"""Prints what is found, as it is found."""

import sys
from collections.abc import Sequence

from bench.speed.measuring import Cell


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_cells(where: str, title: str, cells: Sequence[Cell]) -> None:
    """Print what one request cost everybody."""
    by = {cell.contender: cell for cell in cells}
    parts = [f"{cell.contender} {cell.median:.2f} ms" for cell in cells]
    if {"envanter", "floor"} <= by.keys():
        parts.append(f"envanter/floor {by['envanter'].median / by['floor'].median:.2f}")
    if {"envanter", "peer"} <= by.keys():
        parts.append(f"peer/envanter {by['peer'].median / by['envanter'].median:.1f}")
    say(f"{where:18} {title:58} " + "  ".join(parts) + f"  ({cells[0].size} bytes)")
