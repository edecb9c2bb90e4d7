"""Small bundles, and how tests send and fetch them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings

Bundle = dict[str, Any]


def bundle(**parts: Any) -> Bundle:  # noqa: ANN401 - any content of a bundle
    """Return a bundle of these parts."""
    return {"format": "envanter/1", **parts}


def activity(code: str = "bordro", controller: str = "acme", **statements: Any) -> Bundle:  # noqa: ANN401
    """Return an activity with these statements."""
    return {"controller": controller, "code": code, "name": {"tr": code, "en": code}, **statements}


def document(code: str = "politika", controller: str = "acme", **fields: Any) -> Bundle:  # noqa: ANN401
    """Return a document."""
    return {"controller": controller, "code": code, "kind": "policy", "title": code, **fields}


def term(vocabulary: str, code: str, **fields: Any) -> Bundle:  # noqa: ANN401
    """Return a term; without `controller` it is common."""
    return {"vocabulary": vocabulary, "code": code, "label": {"tr": code, "en": code}, **fields}


def acme(**parts: Any) -> Bundle:  # noqa: ANN401 - any content of a bundle
    """Return a bundle about one controller."""
    return bundle(controllers=[{"code": "acme"}], **parts)


def send(client: TestClient, content: str | bytes | Bundle, **params: str) -> httpx2.Response:
    """Import a bundle: text as it stands, anything else as JSON."""
    text = json.dumps(content) if isinstance(content, dict) else content
    kind = "application/json" if isinstance(content, dict) else "application/yaml"
    return client.post("/v1/import", content=text, headers={"Content-Type": kind}, params=params)


def taken(client: TestClient, content: str | bytes | Bundle, **params: str) -> dict[str, Any]:
    """Import a bundle that is right, and return what was done."""
    answer = send(client, content, **params)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def export(client: TestClient, **params: str) -> bytes:
    """Return the register as a bundle."""
    answer = client.get("/v1/export", params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


def whole_state(client: TestClient) -> tuple[bytes, int]:
    """Return everything that the register says, and the number of its last change."""
    return export(client), client.get("/readyz").json()["change"]


@contextmanager
def register(url: str) -> Iterator[TestClient]:
    """Call the register of a database."""
    with TestClient(create_app(Settings(database_url=url))) as client:
        yield client
