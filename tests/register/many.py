"""Makes small registers in one request, and asks them page by page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.audit import Ledger
from app.main import create_app
from app.platform.settings import Settings
from tests.conftest import BACKENDS, Server

Fact = dict[str, Any]


def calling(request: pytest.FixtureRequest, template: str) -> Iterator[TestClient]:
    server: Server = request.getfixturevalue(f"{request.param}_server")
    with TestClient(create_app(Settings(database_url=server.copy(template)))) as caller:
        yield caller


@pytest.fixture(scope="module", params=BACKENDS)
def auditor(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A caller who only asks: the tests of a module share one seeded register."""
    yield from calling(request, "seeded")


@pytest.fixture(scope="module", params=BACKENDS)
def keeper(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A caller who writes: the tests of a module share one register, each with a controller of its own."""
    yield from calling(request, "vocabularies")


def ledger(caller: TestClient) -> Ledger:
    """Return the ledger behind a caller."""
    found: Ledger = cast("FastAPI", caller.app).state.ledger
    return found


def enter(
    caller: TestClient,
    controller: str,
    documents: Mapping[str, Mapping[str, Any]] | None = None,
    recipients: Sequence[str] = (),
    terms: Sequence[Mapping[str, Any]] = (),
    **statements: Sequence[Mapping[str, Any]],
) -> None:
    """Bring one activity with its statements, and the documents that say them, into the register."""
    said = [str(one["document"]) for kind in statements.values() for one in kind if "document" in one]
    more = documents or {}
    known = [
        {"kind": "notice", "title": code, "code": code, **more.get(code, {})} for code in dict.fromkeys([*said, *more])
    ]
    activity = {"code": "faaliyet", "name": {"tr": "Faaliyet", "en": "Activity"}, **statements}
    bundle = {
        "format": "envanter/1",
        "controllers": [{"code": controller}],
        "terms": [{"controller": controller, **term} for term in terms],
        "recipients": [{"controller": controller, "code": code, "name": code, "kind": "class"} for code in recipients],
        "documents": [{"controller": controller, **one} for one in known],
        "activities": [{"controller": controller, **activity}],
    }
    answer = caller.post("/v1/import", json=bundle)
    assert answer.status_code == 200, answer.text


def with_parameters(address: str, parameters: Mapping[str, Any]) -> str:
    """Add parameters to an address that may have some already."""
    return address + ("&" if "?" in address else "?") + urlencode(parameters, doseq=True)


def ask(caller: TestClient, address: str, **parameters: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the answer of one request."""
    answer = caller.get(with_parameters(address, parameters))
    assert answer.status_code == 200, answer.text
    return answer.json()


def every(caller: TestClient, address: str, **parameters: Any) -> list[Fact]:  # noqa: ANN401 - any parameter
    """Return the items of all pages."""
    items: list[Fact] = []
    page = {"limit": 500, **parameters}
    while True:
        found = ask(caller, address, **page)
        items += found["items"]
        if found["next"] is None:
            return items
        page["cursor"] = found["next"]


def facts(caller: TestClient, kind: str, **filters: Any) -> list[Fact]:  # noqa: ANN401 - any parameter
    """Return all facts of a kind that the filters select."""
    return every(caller, f"/v1/facts/{kind}", **filters)


def groups(caller: TestClient, kind: str, by: str, **filters: Any) -> dict[str, Fact]:  # noqa: ANN401 - any parameter
    """Return the groups of one dimension, by the code of their member."""
    return {group[by]["code"]: group for group in facts(caller, kind, group_by=by, **filters)}


def answer(caller: TestClient, slug: str, **parameters: Any) -> Fact:  # noqa: ANN401 - any parameter
    """Return the answer of a question."""
    found: Fact = ask(caller, f"/v1/questions/{slug}", limit=500, **parameters)
    return found


def rows(caller: TestClient, slug: str, **parameters: Any) -> list[Fact]:  # noqa: ANN401 - any parameter
    """Return all rows of the answer of a question."""
    return every(caller, f"/v1/questions/{slug}", **parameters)


def section(found: Fact, kind: str) -> Fact:
    """Return one section of an answer."""
    return next(part for part in found["items"] if part["kind"] == kind)


def codes(members: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the codes of members."""
    return {str(member["code"]) for member in members}


def keys(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the keys of rows."""
    return {str(row["key"]) for row in rows}


def placed(rows: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the controllers and keys of rows."""
    return {(str(row["controller"]["code"]), str(row["key"])) for row in rows}


def refused(caller: TestClient, address: str, **parameters: Any) -> Fact:  # noqa: ANN401 - any parameter
    """Return the first error of a request that is refused as invalid."""
    answer = caller.get(with_parameters(address, parameters))
    assert answer.status_code == 422, answer.text
    first: Fact = answer.json()["errors"][0]
    return first
