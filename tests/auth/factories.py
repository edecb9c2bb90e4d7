"""Keys for tests, and callers who hold them."""

from typing import Any, cast

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.audit import Ledger
from app.keys.schemas import KeyWrite
from app.keys.service import create_key


def ledger_of(client: TestClient) -> Ledger:
    """Return the ledger of the application, as the service itself uses it."""
    return cast("Ledger", cast("FastAPI", client.app).state.ledger)


def key(role: str = "admin", controllers: str | list[str] = "all", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a key as a caller asks for it."""
    return {"name": f"{role} anahtarı", "role": role, "controllers": controllers, **fields}


def add_key(client: TestClient, role: str = "admin", controllers: str | list[str] = "all", **fields: Any) -> str:  # noqa: ANN401
    """Make a key as the command line does, and return it as callers send it."""
    with ledger_of(client).changing("test") as session:
        return str(create_key(session, KeyWrite.model_validate(key(role, controllers, **fields)), has_issuer=True))


def code_of(secret: str) -> str:
    """Return the id of a key."""
    return secret.split("_")[1]


def holding(client: TestClient, secret: str | None) -> TestClient:
    """Return a caller of the same application who sends a key, or none."""
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    return TestClient(client.app, headers=headers, raise_server_exceptions=False)


def caller(client: TestClient, role: str = "admin", controllers: str | list[str] = "all", **fields: Any) -> TestClient:  # noqa: ANN401
    """Return a caller with a new key."""
    return holding(client, add_key(client, role, controllers, **fields))
