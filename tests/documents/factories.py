"""Documents for tests."""

from typing import Any

from fastapi.testclient import TestClient

from tests.platform.calling import Json, make


def document(code: str = "politika", controller: str = "acme", /, **fields: Any) -> Json:  # noqa: ANN401
    """Return a document as a caller sends it."""
    return {"controller": controller, "code": code, "kind": "policy", "title": "Politika", **fields}


def add_document(client: TestClient, code: str = "politika", controller: str = "acme", /, **fields: Any) -> Json:  # noqa: ANN401
    """Add a document."""
    return make(client, "/v1/documents", document(code, controller, **fields))
