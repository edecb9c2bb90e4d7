"""Whether data leave Türkiye: what a transfer's own row says, and what the register adds."""

import pytest

from app.deriving.widening import Destination, locate


@pytest.mark.parametrize(
    ("destination", "location", "abroad"),
    [
        (Destination("abroad", []), "abroad", "yes"),
        (Destination("domestic", []), "domestic", "no"),
        (Destination("domestic_or_abroad", []), "domestic_or_abroad", "possible"),
        (Destination("domestic_or_abroad", ["US"]), "domestic_or_abroad", "yes"),
        (Destination("domestic_or_abroad", ["TR"]), "domestic_or_abroad", "possible"),
        (Destination("not_stated", []), "not_stated", "not_stated"),
        (Destination("not_stated", ["US"]), "not_stated", "yes"),
        (Destination("abroad", [None]), "abroad", "yes"),
    ],
)
def test_what_the_row_says_decides(destination: Destination, location: str, abroad: str) -> None:
    assert locate(destination) == (location, abroad)


@pytest.mark.parametrize(
    ("countries", "location", "abroad"),
    [
        (["US"], "abroad", "yes"),
        (["US", "DE"], "abroad", "yes"),
        (["TR"], "domestic", "no"),
        (["TR", "US"], "domestic_or_abroad", "yes"),
        ([None], "not_stated", "not_stated"),
        ([None, "US"], "abroad", "yes"),
        ([], "not_stated", "not_stated"),
    ],
)
def test_a_location_left_out_follows_from_the_places(countries: list[str | None], location: str, abroad: str) -> None:
    assert locate(Destination(None, countries)) == (location, abroad)


@pytest.mark.parametrize(
    "hints",
    [
        {"seats": ["US"]},
        {"seats": ["TR", "US"]},
        {"seats": [None, None, "US"]},
        {"places_elsewhere": ["TR", "US"]},
    ],
)
def test_where_the_row_is_silent_a_seat_a_parent_or_a_place_elsewhere_makes_it_possible(
    hints: dict[str, list[str | None]],
) -> None:
    assert locate(Destination(None, [], **hints)) == ("not_stated", "possible")


@pytest.mark.parametrize("location", ["domestic", "abroad", "domestic_or_abroad"])
def test_what_only_the_register_knows_never_overrules_the_row(location: str) -> None:
    hinted = locate(Destination(location, [], seats=["US"], places_elsewhere=["US"]))
    assert hinted == locate(Destination(location, []))


def test_a_seat_at_home_says_nothing() -> None:
    assert locate(Destination(None, [], seats=["TR"], places_elsewhere=["TR"])) == ("not_stated", "not_stated")
