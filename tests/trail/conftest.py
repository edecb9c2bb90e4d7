"""Registers in which every table of history has rows."""

import pytest
from fastapi.testclient import TestClient

from app.platform.settings import Settings
from tests.conftest import BACKENDS, Server
from tests.trail.events import calling, fill


@pytest.fixture(scope="module", params=BACKENDS)
def filled(request: pytest.FixtureRequest) -> Settings:
    """A register with rows in every table of history; what a test does to it is rolled back."""
    server: Server = request.getfixturevalue(f"{request.param}_server")
    settings = Settings(database_url=server.copy("vocabularies"))
    with calling(settings) as client:
        fill(client)
    return settings


@pytest.fixture
def acme(client: TestClient) -> TestClient:
    """A caller of a register of one's own with rows in every table of history."""
    fill(client)
    return client
