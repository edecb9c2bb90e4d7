"""A register with a controller, a neighbour, a recipient and two documents."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.conftest import BACKENDS
from tests.controllers.factories import add_controller
from tests.documents.factories import add_document
from tests.platform.registers import opened
from tests.recipients.factories import add_recipient
from tests.vocabularies.factories import add_term


def furnish(client: TestClient) -> None:
    """Add what activities refer to."""
    add_controller(client)
    add_controller(client, "other")
    add_recipient(client)
    add_recipient(client, "other:onun")
    add_document(client)
    add_document(client, "onun", "other")
    add_term(client, "purposes", "onun", "other")


@pytest.fixture
def office(client: TestClient) -> TestClient:
    """A furnished register, fresh for each test."""
    furnish(client)
    return client


@pytest.fixture(scope="module", params=BACKENDS)
def counter(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A furnished register for all tests of a module that are refused, or write under codes of their own."""
    with opened(request) as caller:
        furnish(caller)
        yield caller
