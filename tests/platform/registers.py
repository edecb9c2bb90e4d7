"""Registers that the tests of a module share, where each test keeps to codes of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from tests.conftest import Server


@contextmanager
def opened(request: pytest.FixtureRequest, template: str = "vocabularies") -> Iterator[TestClient]:
    """Open a fresh register of the database that the fixture is asked for."""
    server: Server = request.getfixturevalue(f"{request.param}_server")
    with TestClient(create_app(Settings(database_url=server.copy(template)))) as caller:
        yield caller
