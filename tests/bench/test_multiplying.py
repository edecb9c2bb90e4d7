"""A register that was multiplied inside the database answers as one that the service made."""

import json
from typing import Any, Final

from fastapi.testclient import TestClient
from sqlalchemy import create_engine, exists, select

from app.platform.database import Base
from app.trail.verifying import verify
from bench.speed.content import holding
from bench.speed.multiplying import KEPT, copied_tables
from tests.deriving.test_always_true import computed, stored
from tests.register.making import ledger_of

QUESTIONS: Final = (
    "/v1/activities?sort=name&limit=500",
    "/v1/activities?q=bordro&limit=500",
    "/v1/controllers/holding0001a/notice?format=json",
    "/v1/questions/abroad-under-explicit-consent?on=2026-11-22&limit=500",
    "/v1/questions/abroad-under-explicit-consent?on=2026-11-22&group_by=country,data_category,mechanism",
    "/v1/questions/contradictions?limit=500",
    *(
        f"/v1/facts/{kind}?limit=500"
        for kind in ("roles", "collections", "uses", "transfers", "retentions", "measures")
    ),
    "/v1/facts/transfers?group_by=recipient,data_category&limit=500",
    "/v1/recipients?limit=500",
    "/v1/documents?limit=500",
    "/v1/data-categories?controller=holding0001a&limit=500",
)


def bare(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Leave out what is another in every register: ids, cursors and instants."""
    if isinstance(value, dict):
        return {name: bare(one) for name, one in value.items() if name not in {"id", "next", "as_of"}}
    return [bare(one) for one in value] if isinstance(value, list) else value


def told(caller: TestClient, address: str) -> list[str]:
    answer = caller.get(address)
    assert answer.status_code == 200, answer.text
    content = bare(answer.json())
    rows = content.get("items", [content])
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def test_it_answers_as_a_register_that_the_service_made(made: TestClient, multiplied: TestClient) -> None:
    for address in QUESTIONS:
        assert told(multiplied, address) == told(made, address), address


def test_derived_rows_of_copies_are_what_their_statements_say(multiplied: TestClient) -> None:
    with ledger_of(multiplied).reading() as session:
        assert stored(session, None) == computed(session, None)


def test_the_past_is_guarded_again(multiplied: TestClient) -> None:
    with ledger_of(multiplied).reading() as session:
        assert verify(session).missing_guards == []


def test_copies_can_be_written_to(multiplied: TestClient) -> None:
    """The service goes on numbering above the copies, and what it adds is derived."""
    activity = {**holding("a", 1, "0001")["activities"][0], "code": "yeni"}
    assert multiplied.post("/v1/activities", json=activity).status_code == 201
    with ledger_of(multiplied).reading() as session:
        assert stored(session, None) == computed(session, None)


def test_every_table_is_copied_or_said_to_be_kept() -> None:
    """A table that is added to the product is thought of here, too."""
    known = {table.name for table in copied_tables(Base.metadata)} | KEPT
    assert known == set(Base.metadata.tables)


def test_no_row_refers_to_nothing(multiplied: TestClient) -> None:
    engine = create_engine(ledger_of(multiplied).database.url)
    with engine.connect() as connection:
        for table in copied_tables(Base.metadata):
            for key in table.foreign_key_constraints:
                columns = [element.parent for element in key.elements]
                there = select(*(element.column for element in key.elements)).subquery()
                same = [one == other for one, other in zip(columns, there.c, strict=True)]
                lost = select(*columns).where(*(column.is_not(None) for column in columns))
                assert connection.execute(lost.where(~exists().where(*same))).first() is None, key.name
    engine.dispose()
