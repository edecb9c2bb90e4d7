"""Pressing “Execute” works: the examples of every operation succeed on a freshly seeded register."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from tests.contract.test_openapi import DOCUMENT, METHODS

Call = tuple[str, str, dict[str, Any], str]


def calls() -> Iterator[Call]:
    """Yield every operation with each of its bodies: method, path, operation, name of the body's example."""
    for path, methods in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in methods:
                for name in bodies(methods[method]):
                    yield method, path, methods[method], name


def bodies(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the examples of an operation's body as Swagger UI offers them."""
    if "requestBody" not in operation:
        return {"": None}
    content = next(iter(operation["requestBody"]["content"].values()))
    if "example" in content:
        return {"example": content["example"]}
    return {name: example["value"] for name, example in content["examples"].items()}


CALLS: Final = {
    f"{operation['operationId']} {name}".strip(): call for call in calls() for *_, operation, name in [call]
}
# No document of the register names such a category, and a fresh register has no keys.
EMPTY: Final = {"ask_special_category_processing", "list_keys"}
KEYED: Final = {"get_key", "delete_key"}  # they need a key that was made before
READS: Final = [name for name in CALLS if CALLS[name][0] == "get" and name not in KEYED]


def example_of(parameter: dict[str, Any]) -> Any:  # noqa: ANN401 - an example of any type
    return parameter.get("example", parameter["schema"].get("example"))


def pressed(caller: TestClient, name: str, **headers: str) -> Any:  # noqa: ANN401 - the answer of the caller
    """Do what “Execute” does with the examples as they stand, and headers beside them."""
    method, path, operation, body = CALLS[name]
    given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {**headers}}
    for parameter in operation.get("parameters", []):
        if example_of(parameter) is not None:
            given[parameter["in"]][parameter["name"]] = example_of(parameter)
    if name in KEYED:
        made = caller.post("/v1/keys", json={"name": "deneme", "role": "admin", "controllers": "all"}).json()
        given["path"]["api_key"] = made["id"]
        given["header"]["Authorization"] = f"Bearer {made['key']}"
    content = bodies(operation)[body]
    if content is not None:
        given["header"]["Content-Type"] = next(iter(operation["requestBody"]["content"]))
    text = content if content is None or isinstance(content, str) else json.dumps(content)
    address = path.format_map(given["path"])
    return caller.request(method, address, params=given["query"], headers=given["header"], content=text)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def reader(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A caller who changes nothing, so that all reads share one register."""
    server = request.getfixturevalue(f"{request.param}_server")
    with TestClient(create_app(Settings(database_url=server.copy("seeded")))) as caller:
        yield caller


@pytest.mark.parametrize("name", READS)
def test_a_read_works_as_its_example_stands_and_shows_something(reader: TestClient, name: str) -> None:
    answer = pressed(reader, name)
    assert answer.status_code == 200, answer.text
    if answer.headers["content-type"] == "application/json":
        assert (answer.json().get("items") == []) is (name in EMPTY)


@pytest.mark.parametrize("name", [name for name in CALLS if name not in READS])
def test_a_write_works_as_its_example_stands(seeded: TestClient, name: str) -> None:
    answer = pressed(seeded, name)
    assert answer.is_success, answer.text


@pytest.mark.parametrize("name", CALLS)
def test_every_path_parameter_has_an_example_and_says_what_it_takes(name: str) -> None:
    for parameter in CALLS[name][2].get("parameters", []):
        if parameter["in"] == "path":
            assert example_of(parameter)
            assert parameter["description"]
