"""Builds the registers of a run: a few controllers by the product's own import, then copies inside the database."""

from typing import Any, Final

import orjson
from alembic import command
from sqlalchemy import Connection, Table, select

from app.activities.queries import find_activity
from app.activities.schemas import ActivityWrite
from app.activities.service import replace_activity
from app.audit import Ledger
from app.exchange.bundles import import_bundle, parse_bundle
from app.ledger import create_ledger
from app.platform.database import Base
from app.platform.settings import Settings
from app.platform.starting import migrations
from app.seeding import seed_vocabularies
from bench.speed.content import COPIED, FAMILY, FIRST, SIZES, Json, holding, name_of, shared
from bench.speed.databases import Store
from bench.speed.multiplying import Marks, copied_tables, multiply, set_sequences, unguarded

AUTHOR: Final = "speed"
BASE: Final = "register_base"
AT_ONCE: Final = 2000
EDITED: Final = 20
EDITS: Final = 2
EMPTY: Final = "register_empty"
FEW: Final = 10
ONCE: Final = "once"
FIFTY: Final = "fifty"
HISTORIES: Final = {ONCE: 1, FIFTY: 50}


def register_name(size: int) -> str:
    """Name of the database of a register."""
    return f"register_{size}"


def settings_of(store: Store, name: str) -> Settings:
    """Return the settings to build with."""
    return Settings(database_url=store.url(name), sqlite_synchronous="NORMAL", statement_timeout=600)


def prepare(store: Store, histories: list[str]) -> Marks:
    """Make the small registers that are copied, through the service, in SQLite; return what all share."""
    marks = _prepare_empty(store)
    ledger = _opened(store, BASE)
    for letter, size in SIZES.items():
        take(ledger, holding(letter, size))
    codes = [f"{FAMILY}{FIRST}{letter}:{name_of(n)}" for letter, size in SIZES.items() for n in range(3, size, EDITED)]
    _edit(ledger, codes, EDITS)
    ledger.database.close()
    for name in histories:
        ledger = _opened(store, name)
        take(ledger, holding("a", FEW))
        _edit(ledger, [f"{FAMILY}{FIRST}a:{name_of(number)}" for number in range(FEW)], HISTORIES[name] - 1)
        ledger.database.close()
    return marks


def _prepare_empty(store: Store) -> Marks:
    """Make a register with nothing but what all controllers share."""
    store.create(EMPTY)
    settings = settings_of(store, EMPTY)
    command.upgrade(migrations(settings), "head")
    ledger = create_ledger(settings)
    seed_vocabularies(ledger, settings.seed_directory / "vocabularies")
    take(ledger, shared())
    ledger.database.close()
    engine = store.engine(EMPTY)
    with engine.connect() as connection:
        marks = Marks.of(connection, copied_tables(Base.metadata))
    engine.dispose()
    return marks


def _opened(store: Store, name: str) -> Ledger:
    store.create(name, EMPTY)
    return create_ledger(settings_of(store, name))


def _edit(ledger: Ledger, codes: list[str], times: int) -> None:
    """Give activities a history."""
    for turn in range(times):
        with ledger.changing(AUTHOR, "a correction") as session:
            for code in codes:
                state = find_activity(session, code)
                replace_activity(session, state, edited(state.document, turn))


def edited(document: Json, turn: int) -> ActivityWrite:
    """Change one statement and the description of an activity."""
    uses = [{**use, "note": f"gözden geçirildi: {turn}"} for use in document["uses"]]
    return ActivityWrite.model_validate({**document, "uses": uses, "description": f"Düzeltme {turn}"})


def take(ledger: Ledger, bundle: Json) -> None:
    """Bring one bundle into the register, in one change."""
    with ledger.changing(AUTHOR, "a register to measure") as session:
        import_bundle(session, *parse_bundle(orjson.dumps(bundle)))


def transplant(source: Store, target: Store, name: str) -> None:
    """Make the same register in another kind of database, row by row, so that the service works only once for both."""
    target.create(name)
    command.upgrade(migrations(settings_of(target, name)), "head")
    reading, writing = source.engine(name), target.engine(name)
    tables = Base.metadata.sorted_tables
    with reading.connect() as found, writing.begin() as made, unguarded(made):
        for table in reversed(tables):
            made.execute(table.delete())  # what the migrations have put there
        for table in tables:
            _pour(found, made, table)
        set_sequences(made, tables)
    reading.dispose()
    writing.dispose()


def _pour(found: Connection, made: Connection, table: Table) -> None:
    result: Any = found.execute(select(table))
    while rows := result.mappings().fetchmany(AT_ONCE):
        made.execute(table.insert(), [dict(row) for row in rows])


def build(store: Store, shared_rows: Marks, size: int, base: str = BASE, copied: int = COPIED) -> str:
    """Make a register of so many activities out of a small one, and return its name."""
    name = register_name(size) if base == BASE else f"{base}_{size}"
    with store.in_haste():
        store.create(name, base)
        engine = store.engine(name)
        multiply(engine, Base.metadata, shared_rows, size // copied - 1)
        engine.dispose()
        store.tidy(name)
    return name
