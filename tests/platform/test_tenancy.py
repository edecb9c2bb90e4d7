"""What a caller may see is decided below every statement, for tables that nobody has thought of yet as well."""

from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

from app.platform.database import Base
from app.platform.settings import ROOT
from app.platform.tenancy import INFO, SERVICE, SHARED, confined, rule_of
from app.platform.tenancy import ROOT as CONTROLLERS
from tests.auth.factories import add_key, holding, ledger_of
from tests.platform.calling import read
from tests.platform.sending import sent_for

TABLES: Final = Base.metadata.tables
ACME: Final = frozenset({7})
UNSCOPED: Final = {
    "app/audit/__init__.py",
    "app/audit/reading.py",
    "app/keys/service.py",
    "app/platform/answers.py",
    "app/platform/database.py",
}


def asked(sql: str, metadata: MetaData = Base.metadata) -> str:
    return confined(sql, ACME, metadata, "main")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_says_to_whom_its_rows_belong(name: str) -> None:
    assert rule_of(TABLES[name]) is not None


def test_all_share_the_names_of_vocabularies_up_to_when_names_are_known_and_no_other_whole_table() -> None:
    shared = [name for name in TABLES if asked(f"SELECT {name}.id") == f"SELECT {name}.id"]
    assert shared == ["naming", "vocabulary"]


@pytest.fixture
def grown() -> MetaData:
    """Tables as somebody may add them later."""
    metadata = MetaData()
    above: dict[str, tuple[str, bool] | None] = {
        "controller": None,
        "contract": ("controller", True),
        "clause": ("contract", True),
        "remark": ("clause", False),
        "stranger": None,
        "journal": ("controller", True),
    }
    for name, way in above.items():
        columns = [Column("id", Integer, primary_key=True)]
        if way is not None:
            columns.append(Column(f"{way[0]}_id", Integer, ForeignKey(f"{way[0]}.id"), nullable=not way[1]))
        Table(name, metadata, *columns)
    metadata.info[INFO] = {"controller": CONTROLLERS, "journal": SERVICE}
    return metadata


def test_a_new_table_belongs_to_what_its_foreign_keys_lead_to(grown: MetaData) -> None:
    assert "controller_id IN (7)" in asked("SELECT * FROM contract", grown)
    assert asked("SELECT * FROM clause", grown) == (
        'WITH "clause" AS NOT MATERIALIZED (SELECT * FROM main."clause" AS t WHERE EXISTS (SELECT 1 FROM '
        'main."contract" AS t1 WHERE t1."id" = t."contract_id" AND t1.controller_id IN (7))) SELECT * FROM clause'
    )
    assert 't."clause_id" IS NULL OR EXISTS' in asked("SELECT * FROM remark", grown)


def test_what_is_the_services_own_shows_nothing_whatever_it_leads_to(grown: MetaData) -> None:
    assert "WHERE 1 = 0" in asked("SELECT * FROM journal", grown)


def test_a_new_table_that_leads_nowhere_shows_nothing_until_it_says_who_may_see_it(grown: MetaData) -> None:
    assert rule_of(grown.tables["stranger"]) is None
    assert "WHERE 1 = 0" in asked("SELECT * FROM stranger", grown)
    grown.info[INFO]["stranger"] = SHARED
    other = MetaData(info=grown.info)
    Table("stranger", other, Column("id", Integer, primary_key=True))
    assert asked("SELECT * FROM stranger", other) == "SELECT * FROM stranger"


@pytest.mark.parametrize(
    ("sql", "begins"),
    [
        ("SELECT 1 FROM activity", 'WITH "activity" AS NOT MATERIALIZED'),
        ("select 1 from ACTIVITY", 'WITH "activity" AS NOT MATERIALIZED'),
        ('SELECT 1 FROM "activity"', 'WITH "activity" AS NOT MATERIALIZED'),
        ("(SELECT 1 FROM activity) UNION SELECT 2", 'WITH "activity" AS NOT MATERIALIZED'),
        ("WITH x AS (SELECT 1 FROM activity) SELECT * FROM x", 'WITH "activity" AS NOT MATERIALIZED'),
        ("WITH RECURSIVE x AS (SELECT 1 FROM activity) SELECT * FROM x", 'WITH RECURSIVE "activity" AS NOT'),
        ("INSERT INTO activity DEFAULT VALUES", "INSERT INTO activity DEFAULT VALUES"),
        ("SELECT 1", "SELECT 1"),
        ("COMMIT", "COMMIT"),
    ],
)
def test_every_way_to_read_is_confined(sql: str, begins: str) -> None:
    assert asked(sql).startswith(begins)


@pytest.mark.parametrize("sql", ["TABLE activity", "SELECT 1 FROM main.activity", 'SELECT 1 FROM "main"."activity"'])
def test_a_way_around_is_refused(sql: str) -> None:
    with pytest.raises(AssertionError):
        asked(sql)


def test_nothing_above_the_floor_of_changes_reads_as_the_service_itself() -> None:
    users = [path for path in (ROOT / "app").rglob("*.py") if ".unscoped()" in path.read_text(encoding="utf-8")]
    assert {str(path.relative_to(ROOT)) for path in users} == UNSCOPED


ADDRESSES: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("/v1/activities/intense:genel_politika", {}),
    ("/v1/documents", {"controller": "intense", "q": "politika"}),
    ("/v1/recipients", {"group": "suppliers"}),
    ("/v1/facts/transfers", {"data_category": "identity", "abroad": "yes"}),
    ("/v1/facts/collections", {"data_item": "iban", "data_subject_category": "employee"}),
    ("/v1/questions/abroad-under-explicit-consent", {"on": "2026-11-22"}),
)


def scans(client: TestClient, sql: str, given: Any) -> int:  # noqa: ANN401 - the driver's own
    """Return how many tables a statement reads from end to end, although an index might serve."""
    database = ledger_of(client).database
    with database.transaction() as connection:
        if database.is_sqlite:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all()
            return sum(" SCAN " in f" {row[3]} " and "CONSTANT" not in row[3] for row in plan)
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = connection.exec_driver_sql(f"EXPLAIN {sql}", given).all()
        return sum("Seq Scan" in row[0] for row in plan)


@pytest.mark.parametrize(("path", "query"), ADDRESSES)
def test_a_confined_statement_is_served_by_the_same_indexes(
    seeded: TestClient, path: str, query: dict[str, Any]
) -> None:
    everything = holding(seeded, add_key(seeded))
    some = holding(seeded, add_key(seeded, "reader", ["intense", "kivi"]))
    for caller in (everything, some):  # so that who calls, and what is named, are known
        read(caller, path, **query)
    plain, rewritten = sent_for(everything, path, **query), sent_for(some, path, **query)
    assert len(plain) == len(rewritten) >= 1
    assert all("NOT MATERIALIZED" in sql for sql, _ in rewritten if not sql.endswith("\nFROM naming"))
    assert not [sql for sql, _ in plain if "NOT MATERIALIZED" in sql]
    for before, after in zip(plain, rewritten, strict=True):
        assert scans(seeded, *after) <= scans(seeded, *before), after[0]
