"""Runs what README.md tells a newcomer to run, in a fresh clone, and compares what it prints with what README.md shows.

    python -m tools.readme

Every fenced block whose language is `sh` runs, in the order of the document and in one shell, as if it were pasted.
What follows the language in its opening line is not shown to readers: `run=server` starts the block in the background
and waits until `/readyz` answers; `run=never why="..."` leaves it out and says why. The next block in another language
is what it prints. That may differ in ids, ETags, times and the layout of JSON; `…` stands for any text.

The address is README's own. Where its port is taken, set ENVANTER_PORT to another: it is used in its place.
"""

import difflib
import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = "README.md"
SHELL: Final = ("bash", "-euo", "pipefail", "-c")
NEEDED: Final = ("bash", "curl", "git", "make")
PATIENCE: Final = 300
GAP: Final = "…"
MARK: Final = "\x1e"
VARYING: Final = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r'"[0-9]+-[0-9a-f]{16}"'), "<etag>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"), "<time>"),
)
JSON_TEXT: Final = re.compile(r'("(?:\\.|[^"\\])*")|(\s+)|([,{\[])')
ADDRESS: Final = re.compile(r"127\.0\.0\.1:(\d+)")
OWN_SETTINGS: Final = ("ENVANTER_", "MAKE", "MFLAGS", "GIT_", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")


class Refused(Exception):
    """README.md cannot be run, or does not say what happens."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a document, and the line of its first text."""

    line: int
    language: str
    text: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """Commands, and what the document shows as printed by them."""

    commands: Block
    shown: Block | None = None


def blocks_of(document: str) -> list[Block]:
    """Fenced blocks of a document that name a language."""
    found = []
    for token in MarkdownIt("commonmark").parse(document):
        if token.type == "fence" and token.map is not None and token.info.strip():
            language, *rest = shlex.split(token.info)
            options = {name: value for name, _, value in (word.partition("=") for word in rest)}
            found.append(Block(token.map[0] + 2, language, token.content, options))
    return found


def steps_of(document: str) -> list[Step]:
    """Commands of a document in order, each with what it shows as printed."""
    steps: list[Step] = []
    for block in blocks_of(document):
        if block.language == "sh":
            _check_options(block)
            steps.append(Step(block))
        elif steps and steps[-1].shown is None:
            steps[-1] = Step(steps[-1].commands, block)
    return steps


def _check_options(block: Block) -> None:
    run = block.options.get("run", "now")
    if run not in {"now", "server", "never"} or set(block.options) - {"run", "why"}:
        raise Refused(f"{NAME}:{block.line}: a block takes run=server or run=never, and why")
    if run == "never" and not block.options.get("why"):
        raise Refused(f"{NAME}:{block.line}: a block that never runs says why")


def normal(text: str, language: str) -> str:
    """Text without what may differ: ids, ETags, times, ends of lines, and the layout of JSON."""
    for pattern, name in VARYING:
        text = pattern.sub(name, text)
    if language == "json":
        return JSON_TEXT.sub(lambda found: "" if found[2] else found[0], text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n").removeprefix("\ufeff")


def first_missing(shown: str, printed: str) -> str | None:
    """Return the first part of what is shown, between gaps, that is not printed where it should be."""
    first, *rest = shown.split(GAP)
    if not printed.startswith(first) or (not rest and printed != first):
        return first
    position = len(first)
    for part in rest[:-1]:
        found = printed.find(part, position)
        if found < 0:
            return part
        position = found + len(part)
    return rest[-1] if rest and not printed[position:].endswith(rest[-1]) else None


def difference(shown: Block, printed: str) -> str | None:
    """Return how what is printed differs from what is shown, as a unified diff; None where it does not."""
    expected, actual = normal(shown.text, shown.language), normal(printed, shown.language)
    missing = first_missing(expected, actual)
    if missing is None:
        return None
    before, after = (_spread(text, shown.language).splitlines() for text in (expected, actual))
    parts = difflib.unified_diff(before, after, fromfile=f"{NAME}:{shown.line}", tofile="printed", lineterm="")
    return "\n".join([*parts, f"not printed where it is shown: {missing!r}"])


def _spread(text: str, language: str) -> str:
    """Set JSON in many lines, so that a diff of it can be read."""
    if language != "json":
        return text
    return JSON_TEXT.sub(lambda found: f"{found[0]}\n" if found[3] else found[0], text)


def run_steps(steps: Sequence[Step], directory: Path, environment: Mapping[str, str]) -> list[str]:
    """Run the commands in one shell; return what each printed, errors included."""
    marked = (f"printf '{MARK}'\n{step.commands.text}" for step in steps)
    done = subprocess.run(
        [*SHELL, "\n".join(marked)],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    _, *printed = done.stdout.split(MARK)
    if done.returncode:
        line = steps[len(printed) - 1].commands.line
        raise Refused(f"{NAME}:{line}: the commands ended with {done.returncode}:\n{printed[-1]}")
    return printed


@contextmanager
def serving(block: Block, directory: Path, environment: Mapping[str, str], port: int) -> Iterator[None]:
    """Run the block that serves in the background until the work within is done."""
    log = directory.parent / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*SHELL, block.text],
            cwd=directory,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for(process, port, log)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if _is_ready(port):
            return
        time.sleep(0.2)
    raise Refused(f"the server did not come up:\n{log.read_text()}")


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def with_port(document: str, wanted: str | None) -> tuple[str, int]:
    """Return the document and its port, or the document as it reads with another port."""
    found = ADDRESS.search(document)
    if found is None:
        raise Refused(f"{NAME} names no address to serve at")
    return ADDRESS.sub(f"127.0.0.1:{wanted or found[1]}", document), int(wanted or found[1])


def check_machine(port: int) -> None:
    """Refuse a machine that lacks a command or whose port is taken, before anything is made."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        raise Refused(f"not installed, and needed to run {NAME}: {', '.join(missing)}")
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Refused(f"port {port} is taken; set ENVANTER_PORT to a free one")


def clone(directory: Path) -> Path:
    """Clone what is committed here, as a newcomer would; say what is not in it."""
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True)
    if changed.stdout:
        sys.stdout.write("uncommitted changes are not in the clone\n")
    made = directory / "envanter"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(made)], check=True)
    return made


def run_document(directory: Path, port: str | None) -> None:
    """Run README.md in a fresh clone; raise where it does not say what happens."""
    began = time.monotonic()
    check_machine(with_port((ROOT / NAME).read_text(encoding="utf-8"), port)[1])
    made = clone(directory)
    document, number = with_port((made / NAME).read_text(encoding="utf-8"), port)
    steps = steps_of(document)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)}
    if port is not None:
        environment["ENVANTER_PORT"] = port
    [server] = [step.commands for step in steps if step.commands.options.get("run") == "server"]
    shells = [step for step in steps if "run" not in step.commands.options]
    with serving(server, made, environment, number):
        sys.stdout.write(f"{NAME}:{server.line}: ready after {time.monotonic() - began:.0f} s\n")
        printed = run_steps(shells, made, environment)
    compared = [(step.shown, text) for step, text in zip(shells, printed, strict=True) if step.shown is not None]
    different = [found for shown, text in compared if (found := difference(shown, text)) is not None]
    if different:
        raise Refused("\n\n".join(different))
    took = time.monotonic() - began
    sys.stdout.write(f"{NAME}: {len(shells)} blocks ran, {len(compared)} printed what is shown, in {took:.0f} s\n")


def main() -> int:
    """Run the command; 1 where README.md does not hold."""
    try:
        with tempfile.TemporaryDirectory(prefix="envanter-readme-") as directory:
            run_document(Path(directory), os.environ.get("ENVANTER_PORT"))
    except (Refused, subprocess.TimeoutExpired) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
