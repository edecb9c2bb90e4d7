"""How SQLite's connections are prepared: WAL, foreign keys, durability, one writer, and an end to every statement."""

from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from app.platform.settings import Settings
from app.platform.waiting import Deadline

# Steps of SQLite's virtual machine between two looks at the clock: about a millisecond.
STEPS: Final = 20_000


def prepare_sqlite(engine: Engine, settings: Settings, *, read_only: bool) -> None:
    """Set WAL, foreign keys, durability and deadlines; let BEGIN IMMEDIATE take the write lock at once."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:  # noqa: ANN401 - sqlite3's own type
        deadline = record.info["deadline"] = Deadline(settings.statement_timeout)
        connection.set_progress_handler(deadline.is_over, STEPS)
        connection.isolation_level = None
        pragmas = [f"busy_timeout={round(settings.lock_timeout * 1000)}", "foreign_keys=ON"]
        pragmas += ["query_only=ON"] if read_only else [f"synchronous={settings.sqlite_synchronous}"]
        if not read_only:
            pragmas.insert(1, "journal_mode=WAL")
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "before_cursor_execute")
    def start(connection: Connection, *_: object) -> None:
        connection.info["deadline"].start()

    if not read_only:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
