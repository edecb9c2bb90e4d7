"""One register for the tests of a module; each test writes under codes of its own."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.conftest import BACKENDS
from tests.contract.resources import RESOURCES, Made, Resource, open_house
from tests.platform.registers import opened


@pytest.fixture(scope="module", params=BACKENDS)
def shared(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A caller of a register with vocabularies and one controller."""
    with opened(request) as caller:
        open_house(caller)
        yield caller


@pytest.fixture(params=RESOURCES, ids=lambda resource: resource.name)
def resource(request: pytest.FixtureRequest) -> Resource:
    """Each test runs for every resource."""
    found: Resource = request.param
    return found


@pytest.fixture
def made(shared: TestClient, resource: Resource) -> Made:
    """A resource just created."""
    return resource.add(shared)
