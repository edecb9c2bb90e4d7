"""What is sent to the database for an answer."""

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.platform.calling import read


def sent_for(client: TestClient, path: str, **query: Any) -> list[tuple[str, Any]]:  # noqa: ANN401
    """Return the SELECTs that an answer takes, as they are sent; those that find out who calls are left out."""
    sent: list[tuple[str, Any]] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own signature
        sent.append((arguments[2], arguments[3]))

    event.listen(Engine, "after_cursor_execute", note)
    try:
        assert read(client, path, **query)
    finally:
        event.remove(Engine, "after_cursor_execute", note)
    return [(sql, given) for sql, given in sent if "\nFROM " in sql and "api_key" not in sql]
