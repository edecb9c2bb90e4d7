"""Recipients for tests."""

from typing import Any

from fastapi.testclient import TestClient

from tests.platform.calling import Json, make


def recipient(code: str = "sgk", /, **fields: Any) -> Json:  # noqa: ANN401
    """Return a recipient as a caller sends it."""
    return {"code": code, "name": code.upper(), "kind": "named", **fields}


def add_recipient(client: TestClient, code: str = "sgk", /, **fields: Any) -> Json:  # noqa: ANN401
    """Add a recipient."""
    return make(client, "/v1/recipients", recipient(code, **fields))
