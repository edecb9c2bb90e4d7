"""What is sent to the database for an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.platform.calling import read


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    """Collect what is sent to a database, with its parameters."""
    sent: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own signature
        sent.append((arguments[2], arguments[3]))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "after_cursor_execute", note)


def sent_for(client: TestClient, path: str, **query: Any) -> list[tuple[str, Any]]:  # noqa: ANN401
    """Return the SELECTs that an answer takes, as they are sent; those that find out who calls are left out."""
    with watched() as sent:
        assert read(client, path, **query)
    return [(sql, given) for sql, given in sent if "\nFROM " in sql and "api_key" not in sql]
