"""Caller × operation: who may do what, for every operation of the OpenAPI document; one without a row fails."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from fastapi.testclient import TestClient

from app.main import GUIDE
from app.platform.guide import read_guide
from app.platform.settings import ROOT
from tests.auth.factories import add_key, code_of, holding
from tests.auth.waiting import seconds_until
from tests.contract.test_examples import CALLS, bodies, example_of
from tests.contract.test_openapi import DOCUMENT, OPERATIONS
from tests.platform.calling import change, done
from tests.platform.registers import opened

OWN: Final = ["ornek", "bos_ornek"]  # the controllers that the examples of writing operations are about
OTHER: Final = ["kivi"]
PRACTICE: Final = Path(ROOT / "seed" / "bundles" / "900-ornek.yaml")
EXAMPLES: Final = {name: found.example for name, found in read_guide(GUIDE).path_parameters.items()}
QUERIES: Final = {"compare_members": {"of": "uses", "by": "purpose", "values": "ornek,bos_ornek"}}

CALLERS: Final = (
    *("nobody", "bad key", "expired key", "revoked key"),
    *("reader", "auditor", "editor", "editor of another controller", "admin", "admin of all"),
)
OK: Final = 200
REFUSED: Final = (401, 401, 401, 401)
EVERYBODY: Final = (OK,) * 10
READ: Final = (*REFUSED, OK, OK, OK, OK, OK, OK)
READ_ONE: Final = (*REFUSED, OK, OK, OK, 404, OK, OK)
READ_NAMED: Final = (*REFUSED, OK, OK, OK, 422, OK, OK)
HISTORY: Final = (*REFUSED, 403, OK, OK, OK, OK, OK)
HISTORY_OF_ONE: Final = (*REFUSED, 403, OK, OK, 404, OK, OK)
CHANGE_ONE: Final = (*REFUSED, 403, 403, OK, 404, OK, OK)
ADD: Final = (*REFUSED, 403, 403, OK, 422, OK, OK)
END_CONTROLLER: Final = (*REFUSED, 403, 403, 403, 404, 403, OK)
ADMINISTER: Final = (*REFUSED, 403, 403, 403, 403, OK, OK)
ADMINISTER_ALL: Final = (*REFUSED, 403, 403, 403, 403, 403, OK)

# The first pattern that an operation's id fits decides.
TABLE: Final = {
    r"check_(health|readiness)": EVERYBODY,
    r"create_controller|import_register|create_key": ADMINISTER_ALL,
    r"delete_controller": END_CONTROLLER,
    r"(list_keys|get_key|delete_key)": ADMINISTER,
    r"get_audit_head|verify_audit_events": ADMINISTER_ALL,
    r"(list|export|get)_audit_\w+": HISTORY,
    r"(list|get|compare)_\w+_(revisions?|differences)|diff_\w+": HISTORY_OF_ONE,
    r"compare_members": READ_NAMED,
    r"(list|ask|export)_\w+": READ,
    r"get_\w+": READ_ONE,
    r"create_\w+": ADD,
    r"(replace|patch|delete|put|restore)_\w+": CHANGE_ONE,
}


def row_of(name: str) -> tuple[int, ...]:
    """Return what an operation answers to each caller."""
    return next(row for pattern, row in TABLE.items() if re.fullmatch(pattern, name))


@dataclass(frozen=True)
class House:
    """A seeded register that needs keys, and everybody who calls it."""

    admin: TestClient
    callers: dict[str, TestClient]
    keys: dict[str, str]

    def undo(self, answer: httpx2.Response) -> None:
        """End what was made, or bring what the examples are about back to what it was."""
        if "location" in answer.headers:
            assert change(self.admin, "DELETE", answer.headers["location"]).status_code == 204
            return
        headers = {"Content-Type": "application/yaml"}
        done(self.admin.post("/v1/import", content=PRACTICE.read_bytes(), headers=headers))


def ended_keys(client: TestClient, admin: TestClient) -> dict[str, str]:
    """Return a key that has expired and one that was revoked."""
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    keys = {"expired key": add_key(client, expires_at=soon), "revoked key": add_key(client)}
    assert change(admin, "DELETE", f"/v1/keys/{code_of(keys['revoked key'])}").is_success
    seconds_until(lambda: holding(client, keys["expired key"]).get("/v1/keys").status_code == 401, 5)
    return keys


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    """One register for all; what succeeds is undone."""
    with opened(request, "seeded") as client:
        admin = holding(client, add_key(client))
        keys = ended_keys(client, admin) | {"bad key": "env_ffffffffffff_" + "a" * 43}
        keys |= {role: add_key(client, role, OWN) for role in ("reader", "auditor", "editor", "admin")}
        keys["editor of another controller"] = add_key(client, "editor", OTHER)
        callers = {name: holding(client, keys.get(name)) for name in CALLERS} | {"admin of all": admin}
        yield House(admin, callers, keys)


def query_of(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the query of an operation's example, about something of one's own."""
    found = {p["name"]: example_of(p) for p in operation.get("parameters", []) if p["in"] == "query"}
    given = {name: example for name, example in found.items() if example is not None}
    return given | QUERIES.get(operation["operationId"], {})


def address(house: House, path: str, operation: dict[str, Any], *, is_read: bool) -> str:
    """Return the address of an operation on something of one's own; keys have one of their own to be revoked."""
    given = dict(EXAMPLES)
    if "{api_key}" in path:
        given["api_key"] = code_of(add_key(house.admin, "reader", OWN))
    if not is_read:
        given |= {p["name"]: example_of(p) for p in operation.get("parameters", []) if p["in"] == "path"} | (
            {"api_key": given["api_key"]} if "{api_key}" in path else {}
        )
    return path.format_map(given)


def call(house: House, name: str, caller: str) -> httpx2.Response:
    """Do what an example does, as a caller, with the ETag that is current and a code that is free."""
    method, path, operation, body = CALLS[name]
    target = address(house, path, operation, is_read=method == "get")
    headers = {}
    if "if-match" in {parameter["name"] for parameter in operation.get("parameters", [])}:
        # A statement, and a revision to bring back, have the ETag of the whole.
        whole = re.sub(r"/revisions/.*", "", re.sub(r"(/v1/activities/[^/]+)/.*", r"\1", target))
        headers["If-Match"] = house.admin.get(whole).headers["etag"]
    content = bodies(operation)[body]
    if content is not None:
        headers["Content-Type"] = next(iter(operation["requestBody"]["content"]))
        if operation["operationId"].startswith("create_") and "code" in content:
            content = {**content, "code": f"{content['code']}-{CALLERS.index(caller)}"}
    text = content if content is None or isinstance(content, str) else json.dumps(content)
    takes_limit = "limit" in {parameter["name"] for parameter in operation.get("parameters", [])}
    query = query_of(operation) | ({"limit": 1} if takes_limit else {})  # one row is as telling as many
    return house.callers[caller].request(method, target, params=query, headers=headers, content=text)


@pytest.mark.parametrize("name", CALLS)
def test_each_caller_may_do_what_the_table_says(house: House, name: str) -> None:
    expected = row_of(CALLS[name][2]["operationId"])
    method, left = CALLS[name][0], None
    for caller, status in zip(CALLERS, expected, strict=True):
        answer = call(house, name, caller)
        found = OK if answer.is_success else answer.status_code
        assert found == status, (caller, answer.text)
        if found in {401, 403}:
            assert answer.json()["status"] == found
        if answer.is_success and (method == "delete" or "location" in answer.headers):
            house.undo(answer)
        elif answer.is_success and method != "get":
            left = answer
    if left is not None:
        house.undo(left)


def test_no_operation_is_without_a_row() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert all(row_of(name) for name in names)


def test_every_operation_but_the_open_ones_names_the_key_that_it_needs() -> None:
    assert DOCUMENT["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for name, operation in OPERATIONS.items():
        is_open = row_of(operation["operationId"]) == EVERYBODY
        assert operation.get("security", []) == ([] if is_open else [{"key": []}]), name
        assert ({"401", "403"} <= set(operation["responses"])) is not is_open, name
