"""A page costs the same number of SQL statements, however much the register holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Engine, event

from tests.register.making import Json, Register

ADDRESSES: Final[list[tuple[str, dict[str, Any]]]] = [
    ("/facts/transfers", {"count": "true"}),
    ("/facts/transfers", {"data_category": "identity", "purpose": "storage_and_archiving", "abroad": "yes"}),
    ("/facts/transfers", {"group_by": ["data_category", "recipient"], "count_of": "purpose"}),
    ("/questions/abroad-under-explicit-consent", {"on": "2026-11-22"}),
]
MOST_FOR_A_CHANGE: Final = 90


@contextmanager
def counted(*, with_keys: bool = False) -> Iterator[list[str]]:
    """Collect every SQL statement that is sent to a database.

    Who calls is found out anew every two seconds; when that is due depends on the clock, so it is left out at the end.
    """
    sent: list[str] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own signature
        sent.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
        if not with_keys:
            about_keys = [place for place, statement in enumerate(sent) if "FROM api_key" in statement]
            for place in reversed(about_keys):
                del sent[place - 1 : place + 2]


def grow(acme: Register, name: str, rows: int) -> None:
    """Add an activity with a document of its own and some transfers to recipients of their own."""
    acme.document(name, date="2024-05-27")
    transfers: list[Json] = []
    for number in range(rows):
        acme.recipient(f"{name}-{number}", group="suppliers")
        transfers.append(
            {
                "recipient": f"{name}-{number}",
                "places": ["US"],
                "purposes": ["storage_and_archiving"],
                "legal_bases": ["explicit_consent"],
                "citations": [{"locator": "1", "form": "table"}],
            }
        )
    collections: list[Json] = [{"data": ["identity", "contact"], "data_subjects": ["customer"]}]
    acme.activity(name, name, collections=collections, transfers=transfers)


def costs(acme: Register) -> list[tuple[int, int]]:
    """Return how many rows and SQL statements each answer takes."""
    found = []
    for path, asked in ADDRESSES:
        with counted() as sent:
            answer = acme.ask(path, limit=500, **asked)
        found.append((len(answer["items"]), len(sent)))
    return found


def test_ten_times_the_rows_take_the_same_number_of_sql_statements(acme: Register) -> None:
    grow(acme, "first", 2)
    costs(acme)  # what is kept is kept now, and brought up to date below
    grow(acme, "second", 2)
    few = costs(acme)
    for number in range(3):
        grow(acme, f"more{number}", 12)
    many = costs(acme)
    assert [rows for rows, _ in many] == [10 * rows for rows, _ in few]
    assert [sent for _, sent in many] == [sent for _, sent in few]
    assert max(sent for _, sent in many) < 25


def test_creating_takes_as_many_sql_statements_among_ten_times_the_activities(acme: Register) -> None:
    statements: dict[str, list[Json]] = {
        "collections": [{"data": ["identity"], "data_subjects": ["customer"]}],
        "uses": [{"purposes": ["training"], "legal_bases": ["contract"]}],
        "transfers": [{"recipient": "few-0", "places": ["US"], "mechanisms": ["safeguard_standard_contract"]}],
    }
    sent = []
    grow(acme, "few", 2)
    acme.document("elsewhere")
    acme.activity("elsewhere", "elsewhere", **statements)
    for name, others in (("few", 4), ("many", 40)):
        acme.document(f"{name}-own")
        for number in range(others):
            acme.activity(f"{name}-{number}", f"{name}-own", **statements)
        acme.activity(f"{name}-warm", f"{name}-own", **statements)
        with counted() as those:
            acme.activity(f"{name}-last", f"{name}-own", **statements)
        sent.append(len(those))
    assert sent[0] == sent[1]
    assert sent[1] < MOST_FOR_A_CHANGE
