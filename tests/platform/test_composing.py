"""Addresses are composed like what is stored, and left alone where there is nothing to compose."""

from typing import Any
from unicodedata import normalize
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from app.platform.composing import compose_address

TYPED = "c\u0327"


def scope(query: bytes = b"", path: str = "/v1", raw_path: bytes = b"/v1") -> dict[str, Any]:
    """Return what a server says of a request."""
    return {"type": "http", "headers": [], "path": path, "raw_path": raw_path, "query_string": query}


def read(query: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a query that is composed."""
    said = scope(query)
    compose_address(said)
    return Request(said).query_params.multi_items()


def test_a_query_is_read_the_same_encoded_or_as_plain_utf8() -> None:
    """As curl sends it, though HTTP itself knows ASCII only."""
    expected = [("q", "ç"), ("ç", "a&b=c d+e"), ("leer", "")]
    encoded = "&".join(f"{quote(name)}={quote(value)}" for name, value in [("q", TYPED), (TYPED, "a&b=c d+e")])
    assert read(f"{encoded}&leer=".encode()) == expected
    assert read(f"q={TYPED}&{TYPED}=a%26b%3Dc+d%2Be&leer=".encode()) == expected


def test_a_path_is_composed() -> None:
    said = scope(path=f"/v1/{TYPED}", raw_path=f"/v1/{quote(TYPED)}".encode())
    compose_address(said)
    assert said["path"] == "/v1/ç"


@pytest.mark.parametrize("query", [b"", b"a=1&b=%3A%2C%25", b"a&b=&&c", b"%", b"%zz=%2"])
def test_a_query_in_ascii_is_left_as_it_is(query: bytes) -> None:
    said = scope(query)
    compose_address(said)
    assert said == scope(query)


@pytest.mark.parametrize("raw", [b"%FF", b"\xff", b"a%C3", b"%ED%A0%80", b"%C3%28", b"q=\xc3"])
def test_what_is_no_utf8_is_told(raw: bytes) -> None:
    for said in (scope(raw), scope(raw_path=b"/v1/" + raw)):
        with pytest.raises(UnicodeDecodeError):
            compose_address(said)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text("ac\u0327ğ&=+% ;#", min_size=1), st.text("ac\u0327ğ&=+% ;#")), max_size=4))
def test_parameters_stay_as_many_and_as_they_are_but_composed(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs).encode()
    before = Request(scope(query)).query_params.multi_items()
    assert before == pairs
    assert read(query) == [(normalize("NFC", name), normalize("NFC", value)) for name, value in pairs]
