"""Builds what a run measures: registers of every size on each database, and the plain tables beside them."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import select

from app.activities.tables import ActivityRevision
from app.ledger import create_ledger
from app.platform.listing import encode_cursor
from app.platform.revisions import alive
from bench.speed.asking import Place
from bench.speed.content import COPIED
from bench.speed.databases import Store, opened
from bench.speed.filling import fill
from bench.speed.multiplying import Marks, multiply
from bench.speed.plain import plain
from bench.speed.registers import BASE, FEW, HISTORIES, build, prepare, settings_of, transplant
from bench.speed.saying import say

PLAIN: Final = "plain_base"
SHARED: Final = ("term", "recipient")


@contextmanager
def prepared(directory: Path, backends: list[str], *, with_histories: bool) -> Iterator[tuple[dict[str, Store], Marks]]:
    """Open the databases with the small registers in them that everything is copied from."""
    with ExitStack() as stack:
        found = {name: stack.enter_context(opened(name, directory)) for name in dict.fromkeys(["sqlite", *backends])}
        started = time.monotonic()
        marks = prepare(found["sqlite"], list(HISTORIES) if with_histories else [])
        ledger = create_ledger(settings_of(found["sqlite"], BASE))
        for name, store in found.items():
            with store.in_haste():
                for base in (BASE, *(HISTORIES if with_histories else ())):
                    if name != "sqlite":
                        transplant(found["sqlite"], store, base)
                store.create(PLAIN)
                engine = store.engine(PLAIN)
                fill(ledger, engine)
                engine.dispose()
        ledger.database.close()
        say(f"{COPIED} activities made through the service in {time.monotonic() - started:.0f} s")
        yield found, marks


def build_size(store: Store, marks: Marks, size: int, *, with_plain: bool) -> str:
    """Make the register of one size, and the plain tables with the same content; return its name."""
    started = time.monotonic()
    register = build(store, marks, size)
    if with_plain:
        name = f"plain_{size}"
        with store.in_haste():
            store.create(name, PLAIN)
            engine = store.engine(name)
            shared = {
                table.name: marks.highest[table.name] if table.name in SHARED else 0 for table in plain.sorted_tables
            }
            multiply(engine, plain, Marks(shared), size // COPIED - 1)
            engine.dispose()
            store.tidy(name)
    say(f"{store.backend}: {size} activities built in {time.monotonic() - started:.0f} s")
    return register


def build_histories(store: Store, marks: Marks, size: int) -> dict[str, str]:
    """Make registers whose activities have one revision, and fifty."""
    return {base: build(store, marks, size, base, FEW) for base in HISTORIES}


def place_of(store: Store, register: str, copied: int, moment: str) -> Place:
    """Return what the requests name of a register, with the cursor of the page at nine tenths."""
    engine = store.engine(register)
    row = ActivityRevision
    live = select(row.sort, row.owner_id).where(alive(row, None)).order_by(row.sort, row.owner_id)
    with engine.connect() as connection:
        places = connection.execute(live).all()
    engine.dispose()
    sort, key = places[len(places) * 9 // 10]
    cursor = encode_cursor("name", sort, key)
    if copied == COPIED:
        return Place(len(places) // copied, cursor, moment)
    return Place(len(places) // copied, cursor, moment, {"a": copied})
