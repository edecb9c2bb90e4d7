"""How tests call the register and read its answers."""

from typing import Any

import httpx2
from fastapi.testclient import TestClient

Json = dict[str, Any]


def done(answer: httpx2.Response, status: int = 200) -> Json:
    """Return the body of an answer that must have this status."""
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


def problem(answer: httpx2.Response, status: int) -> Json:
    """Return the problem document of a refusal, after a look at what each must have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: Json = answer.json()
    assert list(document) == ["type", "title", "status", "detail", "instance", "errors"]
    assert document["status"] == status
    return document


def refusal(answer: httpx2.Response, status: int) -> Json:
    """Return the one thing that a problem finds wrong."""
    errors: list[Json] = problem(answer, status)["errors"]
    assert len(errors) == 1, errors
    return errors[0]


def read(client: TestClient, path: str, **params: Any) -> Json:  # noqa: ANN401
    """Read an address that must answer."""
    return done(client.get(path, params=params))


def etag(client: TestClient, path: str) -> str:
    """Return the current ETag of a resource."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.headers["etag"])


def make(client: TestClient, path: str, body: Json) -> Json:
    """Create a resource that must be accepted."""
    return done(client.post(path, json=body), 201)


def change(client: TestClient, method: str, path: str, body: Json | None = None) -> httpx2.Response:
    """Send a change with the ETag that is current now."""
    return client.request(method, path, json=body, headers={"If-Match": etag(client, path)})
