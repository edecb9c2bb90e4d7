"""The register in lines of JSON: the same content as the bundle, and nothing that is cut off is taken."""

from collections.abc import Sequence
from typing import Any

import httpx2
import orjson
import pytest
from fastapi.testclient import TestClient

from app.exchange import content
from app.exchange.exporting import export_lines
from tests.conftest import Server
from tests.exchange.factories import acme, activity, bundle, document, export, register, taken, term
from tests.platform.calling import problem
from tests.register.making import ledger_of
from tests.register.test_costs import counted

LINES = "application/x-ndjson"
RICH = acme(
    terms=[term("purposes", "acme:maas", under=["prim"]), term("purposes", "prim"), term("purposes", "baska")],
    recipients=[
        {"code": "banka", "name": "Banka 😀", "kind": "named", "seat": "DE"},
        {"code": "ilgisiz", "name": "İlgisiz", "kind": "named"},
    ],
    documents=[document(date="2024-05-27")],
    activities=[
        activity(
            collections=[{"data": ["identity"], "data_subjects": ["employee"]}],
            transfers=[{"document": "politika", "recipient": "banka", "purposes": ["acme:maas"], "places": ["NO"]}],
        )
    ],
)


def lines(client: TestClient, **params: str) -> list[dict[str, Any]]:
    """Return an export in lines."""
    return [orjson.loads(line) for line in export(client, format="ndjson", **params).splitlines()]


def sent(client: TestClient, lines: bytes | Sequence[Any], **params: str) -> httpx2.Response:
    """Import lines."""
    text = lines if isinstance(lines, bytes) else b"\n".join(orjson.dumps(line) for line in lines)
    return client.post("/v1/import", content=text, headers={"Content-Type": LINES}, params=params)


def test_the_seeded_register_goes_through_lines_unchanged(seeded: TestClient, server: Server) -> None:
    content = export(seeded, format="ndjson")
    with register(server.copy("vocabularies")) as fresh:
        assert sent(fresh, content).status_code == 200
        assert export(fresh, format="ndjson") == content
        assert export(fresh) == export(seeded)


def test_lines_into_their_own_register_change_nothing(seeded: TestClient) -> None:
    answer = sent(seeded, export(seeded, format="ndjson"))
    assert answer.status_code == 200
    assert answer.json()["change"] is None


@pytest.mark.parametrize("controllers", [{}, {"controller": "acme"}])
def test_lines_hold_what_the_bundle_holds(client: TestClient, server: Server, controllers: dict[str, str]) -> None:
    taken(client, RICH)
    taken(client, bundle(controllers=[{"code": "other"}]))
    with register(server.copy("vocabularies")) as fresh:
        answer = sent(fresh, lines(client, **controllers))
        assert answer.status_code == 200, answer.text
        assert export(fresh) == export(client, **controllers)


def test_the_first_line_names_the_format_and_the_last_gives_the_count(client: TestClient) -> None:
    assert lines(client) == [{"format": "envanter/1"}, {"end": 0}]
    taken(client, RICH)
    first, *between, last = lines(client)
    assert first == {"format": "envanter/1"}
    assert last == {"end": len(between)}
    assert [next(iter(line)) for line in between] == [
        *["terms"] * 3,
        *["recipients"] * 2,
        "controllers",
        *["documents"] * 2,
        "activities",
    ]


def test_an_activitys_line_is_what_reading_it_shows_but_for_labels(client: TestClient) -> None:
    taken(client, RICH)
    (found,) = (line["activities"] for line in lines(client) if "activities" in line)
    assert found["transfers"][0]["recipient"]["code"] == "banka"
    assert found["code"] == "acme:bordro"


def test_lines_are_asked_for_by_accept_too(client: TestClient) -> None:
    taken(client, RICH)
    answer = client.get("/v1/export", headers={"Accept": LINES})
    assert answer.headers["content-type"].startswith(LINES)
    assert answer.content == export(client, format="ndjson")
    refused = client.get("/v1/export", params={"format": "jsonl"})
    assert problem(refused, 422)["errors"][0]["parameter"] == "format"


def test_lines_of_an_earlier_instant_are_those_of_then(client: TestClient) -> None:
    taken(client, acme(activities=[activity("bordro")]))
    before, then = lines(client), client.get("/v1/audit-events").json()["items"][0]["at"]
    taken(client, acme(activities=[activity("bordro", scope="general"), activity("izin")]))
    assert lines(client, as_of=then) == before != lines(client)


HEAD = {"format": "envanter/1"}
ONE = {"controllers": {"code": "acme"}}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        ([HEAD, ONE], 2),
        ([HEAD, ONE, {"end": 2}], 3),
        ([HEAD, ONE, {"end": True}], 3),
        ([HEAD, ONE, {"end": "1"}], 3),
        ([HEAD, ONE, {"end": 1}, ONE], 4),
        ([HEAD, HEAD, ONE, {"end": 1}], 2),
        ([HEAD, {**ONE, "terms": {}}, {"end": 1}], 2),
        ([HEAD, [ONE], {"end": 1}], 2),
        (b'{"format":"envanter/1"}\n{"controllers":{"code":"acme","code":"b"}}\n{"end":1}', 2),
        (b'{"format":"envanter/1"}\n{"controllers":{"code":NaN}}\n{"end":1}', 2),
        (b'{"format":"envanter/1"}\n{"controllers":{"code":"\xff"}}\n{"end":1}', 2),
        (b'{"format":"envanter/1"}\n{"controllers":' + b"[" * 5000 + b"]" * 5000 + b'}\n{"end":1}', 2),
        (b'{"format":"envanter/1"}\n{"controllers":{"code":"acme"}', 2),
    ],
)
def test_lines_that_are_not_whole_are_refused(client: TestClient, content: bytes | Sequence[Any], line: int) -> None:
    answer = problem(sent(client, content), 400)
    assert answer["errors"][0]["line"] == line
    assert client.get("/v1/controllers").json()["items"] == []


def test_a_cut_at_any_line_is_refused_whole(seeded: TestClient, client: TestClient) -> None:
    content = export(seeded, format="ndjson").splitlines(keepends=True)
    for cut in range(len(content)):
        assert sent(client, b"".join(content[:cut])).status_code == 400
    assert lines(client) == [{"format": "envanter/1"}, {"end": 0}]


def test_a_wrong_field_is_refused_with_its_line_and_path(client: TestClient) -> None:
    wrong = {"activities": activity(transfers=[{"recipient": "yok"}])}
    errors = problem(sent(client, [HEAD, ONE, wrong, {"end": 2}]), 422)["errors"]
    assert (errors[0]["line"], errors[0]["pointer"]) == (3, "/activities/0/transfers/0/recipient")
    unknown = problem(sent(client, [HEAD, ONE, {"activites": {}}, {"end": 2}]), 422)["errors"]
    assert unknown[0]["pointer"] == "/activites"
    assert unknown[0]["line"] == 3
    missing = problem(sent(client, [ONE, {"end": 1}]), 422)["errors"]
    assert missing[0]["pointer"] == "/format"


def test_an_export_begins_at_once_and_holds_a_part_at_a_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first byte and its memory are those of a small register, whatever its size."""
    many = [activity(f"a{number}") for number in range(7)]
    taken(client, acme(activities=many))
    whole = export(client, format="ndjson")
    monkeypatch.setattr(content, "CHUNK", 3)
    with ledger_of(client).reading() as session, counted() as sent:
        parts = export_lines(session, None)
        first = next(parts)
        assert sent == []
        rest = list(parts)
    assert first + b"".join(rest) == whole
    assert [part.count(b"\n") for part in rest if part.startswith(b'{"activities"')] == [3, 3, 1]
