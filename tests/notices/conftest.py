"""A seeded register that only reads: one copy per module and database."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from tests.conftest import BACKENDS, Server


@pytest.fixture(scope="module", params=BACKENDS)
def register(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A caller of a seeded register that the tests of a module share; they change nothing."""
    server: Server = request.getfixturevalue(f"{request.param}_server")
    settings = Settings(database_url=server.copy("seeded"))
    with TestClient(create_app(settings)) as caller:
        yield caller
