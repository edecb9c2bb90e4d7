"""Controllers for tests."""

from typing import Any

from fastapi.testclient import TestClient

from tests.platform.calling import Json, make


def controller(code: str = "acme", /, **fields: Any) -> Json:  # noqa: ANN401
    """Return a controller as a caller sends it."""
    return {"code": code, "legal_name": f"{code.capitalize()} A.Ş.", **fields}


def add_controller(client: TestClient, code: str = "acme", /, **fields: Any) -> Json:  # noqa: ANN401
    """Add a controller."""
    return make(client, "/v1/controllers", controller(code, **fields))
