"""The database itself refuses rows that break a rule of the model, whatever writes them."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from app.audit.triggers import drop_triggers
from app.platform.database import Base, Database
from app.platform.settings import Settings
from app.recipients.tables import Recipient
from tests.conftest import BACKENDS, Server

Changes = dict[str, Any]
FREE: Final = 9_000_000
RIGHT: Final[Changes] = {"id": FREE, "born": 1, "died": 2}
REVISION: Final[Changes] = {**RIGHT, "number": FREE}


@pytest.fixture(scope="module", params=BACKENDS)
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A register with the seeded documents, one for all tests of this module."""
    server: Server = request.getfixturevalue(f"{request.param}_server")
    opened = Database(Settings(database_url=server.copy("seeded")))
    with opened.transaction() as connection:
        drop_triggers(connection, Base.metadata)  # what the tables hold by themselves, without the guards of the past
    yield opened
    opened.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A write transaction of which nothing is kept."""
    with database.transaction() as opened:
        yield opened
        opened.rollback()


def copy_of(connection: Connection, name: str, changes: Changes, where: Changes | None = None) -> None:
    """Insert a copy of some row of a table, with these values instead."""
    table: Table = Base.metadata.tables[name]
    query = select(table).limit(1)
    for column, value in (where or {}).items():
        query = query.where(table.c[column] == value)
    row = connection.execute(query).mappings().one()
    connection.execute(insert(table).values({**row, **changes}))


def refuses(connection: Connection, name: str, changes: Changes, where: Changes | None = None) -> None:
    with pytest.raises(IntegrityError):
        copy_of(connection, name, changes, where)


# What makes a copy of a row acceptable, and each change of it that is not.
RULES: Final[dict[str, tuple[str, Changes, Changes, Changes]]] = {
    "an interval that ends before it begins": ("controller_revision", REVISION, {"died": 1}, {}),
    "an interval of no length": ("statement", {**RIGHT, "key": "free"}, {"died": 1}, {}),
    "a change that never was": ("term_revision", REVISION, {"born": 77_777, "died": 77_778}, {}),
    "two live revisions": ("activity_revision", REVISION, {"died": 2**53 - 1}, {"died": 2**53 - 1}),
    "the same revision number twice": ("document_revision", REVISION, {"number": 1}, {"number": 1}),
    "two live statements with one key": ("statement", RIGHT, {"died": 2**53 - 1}, {"died": 2**53 - 1}),
    "an unknown kind of statement": ("statement", {**RIGHT, "key": "free"}, {"kind": "rumours"}, {}),
    "an unknown reach": ("statement", {**RIGHT, "key": "free"}, {"data_reach": "some"}, {}),
    "validity that ends before it begins": (
        "statement",
        {**RIGHT, "key": "free", "valid_from": None, "valid_to": None},
        {"valid_from": date(2024, 2, 1), "valid_to": date(2024, 1, 1)},
        {},
    ),
    "a term of another vocabulary than its role": (
        "statement_link",
        {"position": FREE},
        {"vocabulary": "legal_bases"},
        {"role": "purpose"},
    ),
    "a role of another vocabulary than its term": (
        "statement_link",
        {"position": FREE},
        {"role": "legal_basis", "vocabulary": "legal_bases"},
        {"role": "purpose"},
    ),
    "an unknown role": ("statement_link", {"position": FREE}, {"role": "hope"}, {"role": "purpose"}),
    "an unknown certainty": ("statement_data", {"position": FREE}, {"certainty": "sure"}, {}),
    "data that are neither category nor item": (
        "statement_data",
        {"position": FREE},
        {"category_id": None, "item_id": None},
        {},
    ),
    "a category that is no category": ("statement_data", {"position": FREE}, {"category_vocabulary": "purposes"}, {}),
    "a place without country and words": (
        "transfer_place",
        {"position": FREE},
        {"country": None, "as_stated": None},
        {},
    ),
    "a country that is no code": ("transfer_place", {"position": FREE}, {"country": "Türkiye"}, {}),
    "a value without unit": ("retention_step", {"position": FREE, "value": 1, "unit": "year"}, {"unit": None}, {}),
    "a term that stands under one of another vocabulary": (
        "term_broader",
        RIGHT,
        {"vocabulary": "measures"},
        {"vocabulary": "purposes"},
    ),
    "an item filed under what is no category": ("item_category", RIGHT, {"category_vocabulary": "purposes"}, {}),
    "a common term with an owner": ("term", {"id": FREE, "code": "free"}, {"controller_id": 1}, {"kind": "common"}),
    "an own term without owner": (
        "term",
        {"id": FREE, "code": "free"},
        {"controller_id": None},
        {"kind": "controller"},
    ),
    "a code twice": ("recipient", {"id": FREE, "code": "free"}, {"code": "masak"}, {"code": "masak"}),
    "a recipient that belongs to itself": ("recipient_revision", REVISION, {"parent_id": 1}, {"owner_id": 1}),
    "a print that is silent and says something": (
        "document_print",
        {"field": "free"},
        {"state": "not_stated", "value": "x"},
        {"state": "stated"},
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_database_takes_a_row_that_is_right(connection: Connection, rule: str) -> None:
    name, right, _, where = RULES[rule]
    copy_of(connection, name, {**fresh(name), **right}, where)


@pytest.mark.parametrize("rule", RULES)
def test_the_database_refuses(connection: Connection, rule: str) -> None:
    name, right, wrong, where = RULES[rule]
    refuses(connection, name, {**fresh(name), **right, **wrong}, where)


def fresh(name: str) -> Changes:
    """Return a new id where the table has one that the world sees."""
    return {"uid": uuid.uuid4()} if "uid" in Base.metadata.tables[name].c else {}


def another_controller(connection: Connection) -> None:
    """Add a second controller with a document and an activity, all under one key."""
    copy_of(connection, "controller", {"id": FREE, "uid": uuid.uuid4(), "code": "other"})
    for name in ("document", "activity"):
        changes = {"id": FREE, "uid": uuid.uuid4(), "code": "other:x", "controller_id": FREE}
        copy_of(connection, name, changes)


@pytest.mark.parametrize("column", ["document_id", "activity_id", "controller_id"])
def test_a_statement_its_activity_and_its_document_belong_to_one_controller(
    connection: Connection, column: str
) -> None:
    another_controller(connection)
    copy_of(connection, "statement", {**RIGHT, "key": "free"})
    refuses(connection, "statement", {**RIGHT, "id": FREE + 1, "key": "free-too", column: FREE})


@pytest.mark.parametrize("name", ["collection_detail", "transfer_detail", "retention_detail", "measure_detail"])
def test_a_detail_belongs_to_a_statement_of_its_kind(connection: Connection, name: str) -> None:
    copy_of(connection, "statement", {**RIGHT, "key": "free", "kind": "uses"})
    refuses(connection, name, {"statement_id": FREE})


def test_what_is_used_cannot_be_deleted(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        connection.execute(delete(Recipient).where(Recipient.code == "masak"))
