"""Registers to ask, made through the API."""

import pytest
from fastapi.testclient import TestClient

from tests.register.making import Register


@pytest.fixture
def acme(client: TestClient) -> Register:
    """A register with one controller and one dated document, `politika`."""
    register = Register(client)
    register.controller()
    register.document(date="2024-05-27", channel="website")
    return register


@pytest.fixture
def intense(seeded: TestClient) -> Register:
    """The register with the seeded policy."""
    return Register(seeded)
