"""A bundle that something happened to on its way is taken whole or refused whole, never by halves."""

from collections.abc import Iterator
from typing import Final

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exchange.in_yaml import write_yaml
from tests.conftest import BACKENDS
from tests.exchange.factories import activity, bundle, document, export, send, taken, term, whole_state
from tests.platform.calling import problem
from tests.platform.registers import opened

WHOLE: Final = write_yaml(
    bundle(
        terms=[term("purposes", "acme:a", under=["ortak"]), term("purposes", "ortak")],
        recipients=[{"code": "banka", "name": "Banka", "kind": "named", "seat": "NO"}],
        controllers=[{"code": "acme", "legal_name": "Acme Yazılım A.Ş.", "response_days": 30, "practice": False}],
        documents=[document(date="2024-05-27")],
        activities=[
            activity(
                collections=[{"data": ["identity", {"item": "iban"}], "data_subjects": ["employee"]}],
                transfers=[
                    {"recipient": "banka", "purposes": ["acme:a"], "places": ["NO"], "valid_from": "2024-05-27"}
                ],
                retentions=[{"period": {"value": 10, "unit": "year"}, "from": "end_of_employment"}],
            )
        ],
    )
)
SCRAPS: Final = st.sampled_from(
    [
        "",
        "\0",
        "\x1b",
        "\ud7ff",
        "\u202e",
        ": ",
        "- ",
        "\n",
        "\t",
        "'",
        '"',
        "{",
        "[",
        "&a ",
        "*a",
        "!!int ",
        "|",
        "#",
        "1e999",
        ".nan",
        "9" * 400,
        "no",
        "~",
        "İ",
        "ı",
        "c\u0327",
        "a" * 5000,
        "[" * 200,
        "? ",
        "<<: ",
        "---\n",
        "%",
    ]
)
garbling = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module", params=BACKENDS)
def garbled(request: pytest.FixtureRequest) -> Iterator[TestClient]:
    """A register with what the whole bundle says; what fails inside is answered."""
    with opened(request) as client:
        taken(client, WHOLE)
        yield TestClient(client.app, raise_server_exceptions=False)


@garbling
@given(st.integers(0, len(WHOLE)), st.integers(0, 20), SCRAPS)
def test_a_garbled_bundle_is_taken_whole_or_refused_whole(
    garbled: TestClient, start: int, lost: int, scrap: str
) -> None:
    """What is refused says where and leaves no trace; what is taken comes out again as it is, and changes nothing."""
    before = whole_state(garbled)
    answer = send(garbled, (WHOLE[:start] + scrap + WHOLE[start + lost :]).encode())
    if answer.status_code != 200:
        assert answer.status_code in {400, 409, 422}, answer.text
        assert problem(answer, answer.status_code)["errors"]
        assert whole_state(garbled) == before
    else:
        assert taken(garbled, export(garbled))["change"] is None


@garbling
@given(st.binary(max_size=40), st.integers(0, 600))
def test_bytes_that_are_no_bundle_are_refused_and_leave_no_trace(garbled: TestClient, scrap: bytes, start: int) -> None:
    before = whole_state(garbled)
    answer = send(garbled, scrap + b"\xff" + WHOLE.encode()[start:])
    assert problem(answer, 400)["type"] == "/problems/malformed"
    assert whole_state(garbled) == before
