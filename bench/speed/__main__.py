"""Command: `python -m bench.speed` measures everything, or with options a part."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.activities.tables import ActivityRevision
from app.main import create_ledger
from app.platform.listing import encode_cursor, instant
from app.platform.revisions import alive
from bench.speed.asking import Place, reads
from bench.speed.asking import select as chosen
from bench.speed.contenders import envanter, floor, peer
from bench.speed.content import COPIED
from bench.speed.databases import BACKENDS, Store, opened
from bench.speed.filling import fill
from bench.speed.measuring import Cell, compare
from bench.speed.multiplying import Marks, multiply
from bench.speed.plain import plain
from bench.speed.registers import BASE, build, build_base, register_name, settings_of, transplant

SIZES: Final = (1_000, 10_000, 100_000)
PLAIN: Final = "plain_base"


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def stores(directory: Path, backends: list[str]) -> Iterator[tuple[dict[str, Store], Marks]]:
    """Open the databases with their base registers in them."""
    with ExitStack() as stack:
        found = {name: stack.enter_context(opened(name, directory)) for name in dict.fromkeys(["sqlite", *backends])}
        marks = build_base(found["sqlite"])
        ledger = create_ledger(settings_of(found["sqlite"], BASE))
        for name, store in found.items():
            with store.in_haste():
                if name != "sqlite":
                    transplant(found["sqlite"], store, BASE)
                store.create(PLAIN)
                engine = store.engine(PLAIN)
                fill(ledger, engine)
                engine.dispose()
        ledger.database.close()
        yield found, marks


def build_size(store: Store, marks: Marks, size: int) -> None:
    """Make the register of one size, and the plain tables with the same content."""
    started = time.monotonic()
    build(store, marks, size)
    name = f"plain_{size}"
    with store.in_haste():
        store.create(name, PLAIN)
        engine = store.engine(name)
        multiply(engine, plain, marks_of_plain(marks), size // COPIED - 1)
        engine.dispose()
        store.tidy(name)
    say(f"{store.backend}: {size} activities built in {time.monotonic() - started:.0f} s")


def marks_of_plain(marks: Marks) -> Marks:
    """Shared rows have the same ids in the plain tables."""
    shared = ("term", "recipient")
    return Marks(
        {table.name: marks.highest[table.name] if table.name in shared else 0 for table in plain.sorted_tables}
    )


def place_of(store: Store, size: int, moment: str) -> tuple[Place, str]:
    """Return what the requests name of a register, and the cursor of the page at nine tenths."""
    engine = store.engine(register_name(size))
    row = ActivityRevision
    with engine.connect() as connection:
        query = select(row.sort, row.owner_id).where(alive(row, None)).order_by(row.sort, row.owner_id)
        sort, key = connection.execute(query.offset(size * 9 // 10).limit(1)).one()
    engine.dispose()
    return Place(size, sort, key, moment), encode_cursor("name", sort, key)


def measure(store: Store, size: int, only: list[str] | None, rounds: int, moment: str) -> list[Cell]:
    """Compare the contenders on one register."""
    place, cursor = place_of(store, size, moment)
    log = store.directory / "servers.log"
    cells: list[Cell] = []
    with (
        envanter(store, register_name(size), log) as ours,
        floor(store, f"plain_{size}", log) as bare,
        peer(store, f"plain_{size}", log) as them,
    ):
        for ask in chosen(reads(place, cursor), only):
            found = compare(ask, [ours, bare, them], rounds)
            cells += found
            say_cells(store.backend, size, ask.title, found)
    return cells


def say_cells(backend: str, size: int, title: str, cells: list[Cell]) -> None:
    """Print what one request cost everybody."""
    by = {cell.contender: cell for cell in cells}
    parts = [f"{cell.contender} {cell.median:8.2f} ms ({cell.size} B, n={cell.sent})" for cell in cells]
    if "floor" in by:
        ratio = by["envanter"].median / by["floor"].median
        parts.append(f"envanter/floor {ratio:.2f} (best {by['envanter'].best / by['floor'].best:.2f})")
    if "peer" in by:
        parts.append(f"peer/envanter {by['peer'].median / by['envanter'].median:.1f}")
    say(f"{backend:10} {size:6} {title:55} " + "  ".join(parts))


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--only", help="names of requests, with commas")
    parser.add_argument("--sizes", default="1000,10000,100000", help="activities, with commas")
    parser.add_argument("--database", choices=BACKENDS, help="only this one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="directory to build in and to leave standing")
    parser.add_argument("--quick", action="store_true", help="only the smaller registers, and fewer requests")
    given = parser.parse_args()
    if given.quick:
        given.sizes = "1000,10000"
    directory = given.keep or Path(tempfile.mkdtemp(prefix="envanter-speed-"))
    backends = [given.database] if given.database else list(BACKENDS)
    moment = None
    try:
        with stores(directory, backends) as (found, marks):
            moment = instant(datetime.now(UTC))
            for name in backends:
                for size in (int(text) for text in given.sizes.split(",")):
                    build_size(found[name], marks, size)
                    measure(found[name], size, given.only and given.only.split(","), given.rounds, moment)
    finally:
        if given.keep is None:
            shutil.rmtree(directory, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
