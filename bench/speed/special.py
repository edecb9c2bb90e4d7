"""What is no request after request: eight writers at once, an export as it streams, and the start of the app."""

import http.client
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from os import environ
from typing import Any, Final

import orjson

from app.platform.settings import ROOT
from bench.speed.asking import Script
from bench.speed.contenders import Contender
from bench.speed.processes import memory

WRITERS: Final = 8
IMPORT: Final = """
import time
started = time.process_time()
import app.main
spent = time.process_time() - started
held = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(spent, int(held.split()[1]) * 1024)
"""
MEGABYTE: Final = 1_000_000


def latencies(contender: Contender, script: Script, each: int) -> list[float]:
    """Let eight writers create at once; return the milliseconds that each request waited."""
    turn, lock = script(), threading.Lock()
    found: list[float] = []
    failed: list[str] = []

    def write() -> None:
        connection = contender.connect()
        for _ in range(each):
            with lock:
                call = turn(None)
            started = time.perf_counter()
            answer = contender.send(call, connection)
            found.append(1000 * (time.perf_counter() - started))
            if answer.status != http.client.CREATED:
                failed.append(f"{answer.status} {answer.body[:200]!r}")

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{len(failed)} creates failed: {failed[0]}")
    return found


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


@dataclass(frozen=True)
class Streamed:
    """One export: milliseconds to its first byte and of CPU, the most that the process grew, and its size."""

    first: float
    cpu: float
    grown: int
    size: int
    lines: int


def stream(contender: Contender, path: str, seconds: float = 600) -> Streamed:
    """Read one export as it comes, to its end or for so long."""
    connection = contender.connect()
    held, cpu = memory(contender.roots[0]), contender.cpu()
    most = held
    started = time.perf_counter()
    connection.request("GET", path, headers=contender.headers)
    answer = connection.getresponse()
    part = answer.read1(65536)
    first, size, lines, looked = 1000 * (time.perf_counter() - started), 0, 0, time.monotonic()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{contender.name} answers {path} with {answer.status}: {part[:300]!r}")
    while part and time.perf_counter() - started < seconds:
        size, lines = size + len(part), lines + part.count(b"\n")
        if time.monotonic() - looked > 0.02:  # noqa: PLR2004 - as often as costs nothing
            most, looked = max(most, memory(contender.roots[0])), time.monotonic()
        part = answer.read1(65536)
    connection.close()
    return Streamed(first, contender.cpu() - cpu, max(0, most - held), size, lines)


def export_path(contender: Contender) -> tuple[str, bool]:
    """Return where Envanter exports, and whether a line is an activity."""
    operation: Any = orjson.loads(contender.get("/openapi.json").body)["paths"]["/v1/export"]["get"]
    formats = [one for one in operation.get("parameters", []) if one["name"] == "format"]
    is_lines = any("ndjson" in orjson.dumps(one).decode() for one in formats)
    return ("/v1/export?format=ndjson", True) if is_lines else ("/v1/export", False)


def starts(count: int) -> tuple[list[float], list[float]]:
    """Import the app in fresh processes, compiled as after any first start; return CPU seconds and megabytes held."""
    found = []
    with tempfile.TemporaryDirectory() as compiled:
        settings = {**environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        for _ in range(count + 1):
            made = subprocess.run(
                [sys.executable, "-c", IMPORT], cwd=ROOT, env=settings, capture_output=True, text=True, check=True
            )
            spent, held = made.stdout.split()
            found.append((float(spent), int(held) / MEGABYTE))
    return [spent for spent, _ in found[1:]], [held for _, held in found[1:]]


def repeated(measure: Callable[[], float], times: int) -> tuple[float, ...]:
    """Measure some times."""
    return tuple(measure() for _ in range(times))


def middle(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)
