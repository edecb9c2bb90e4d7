"""Registers that the tests of a module share."""

from collections.abc import Iterator
from typing import Final

import pytest
from fastapi.testclient import TestClient

from tests.conftest import BACKENDS
from tests.controllers.factories import add_controller
from tests.platform.registers import opened

NAMES: Final = (
    "Zeytin",
    "ıhlamur",
    "Çınar",
    "ciğer",
    "İncir",
    "şeftali",
    "Sardalya",
    "IĞDIR",
    "inci",
    "ÖZEL",
    "ozan",
    "Ürün",
    "uzay",
    "gül",
    "Ğ harfi",
    "hâl",
    "ad%soyad",
    "ad_soyad",
    "ad\\soyad",
    "adXsoyad",
)


@pytest.fixture(scope="module", params=BACKENDS)
def listed(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A register with controllers whose names are hard to sort and to find; some of them share a name."""
    with opened(request) as caller:
        for number, name in enumerate(NAMES):
            add_controller(caller, f"v{number}", short_name=name, country="TR" if number % 2 else "US")
        for code in ("ikiz-a", "ikiz-b", "ikiz-c"):
            add_controller(caller, code, short_name="inci")
        yield caller


@pytest.fixture(scope="module", params=BACKENDS)
def policy(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """The seeded register, which no test changes."""
    with opened(request, "seeded") as caller:
        yield caller


@pytest.fixture(scope="module", params=BACKENDS)
def shared(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A register with one controller, for tests that are refused."""
    with opened(request) as caller:
        add_controller(caller)
        yield caller
