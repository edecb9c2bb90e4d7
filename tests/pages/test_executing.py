"""Whoever opens Swagger UI and presses Execute is answered, whatever the operation that reads."""

from typing import Any, Final

import orjson
import pytest

from app.platform.settings import ROOT
from tests.contract.test_examples import KEYED
from tests.pages.swagger import Docs, groups_of, operations

CONTRACT: Final[dict[str, Any]] = orjson.loads((ROOT / "openapi" / "openapi.json").read_bytes())
MOST: Final = 10  # operations a test; Swagger UI takes a second to unfold one

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True, scope="session")


def reading() -> dict[str, list[str]]:
    """Operations that read and need no key that was made before, by group; a large group in several parts."""
    parts: dict[str, list[str]] = {}
    for group in groups_of(CONTRACT):
        found = [one["operationId"] for one in operations(CONTRACT, "get") if group in one["tags"]]
        found = [one for one in found if one not in KEYED]
        parts |= {f"{group} {start}": found[start : start + MOST] for start in range(0, len(found), MOST)}
    return parts


READING: Final = reading()


@pytest.mark.parametrize("identifiers", READING.values(), ids=READING.keys())
def test_every_operation_that_reads_executes_as_it_stands(docs: Docs, identifiers: list[str]) -> None:
    outcomes = {}
    for identifier in identifiers:
        operation = docs.operation(identifier)
        operation.execute()
        outcomes[identifier] = operation.status
        operation.fold()
    assert outcomes == dict.fromkeys(identifiers, "200")
