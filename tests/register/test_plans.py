"""No hot statement reads a large table from end to end: the database finds its rows by an index.

SQLite plans without statistics, so a small register shows the plan of a large one; PostgreSQL is told that reading
whole tables is dear, as it is in a large register, and must not need it.
"""

from collections.abc import Iterator
from typing import Any, Final

import orjson
import pytest
from fastapi.testclient import TestClient

from app.platform.database import Database
from tests.auth.factories import ledger_of
from tests.platform.calling import Json, change, done, read
from tests.platform.sending import sent_for, watched

# Tables that grow with the activities of a register. The others hold what all share, or are small, or are read for
# their last entry only (changes and their events).
LARGE: Final = frozenset(
    {
        *("activity", "activity_revision", "document", "document_revision"),
        *("statement", "statement_citation", "statement_data", "statement_link"),
        *("collection_detail", "collection_source", "transfer_detail", "transfer_place", "transfer_mechanism"),
        *("retention_detail", "retention_step", "role_detail", "measure_detail"),
        *(
            "derived_head",
            "derived_set",
            "derived_pair",
            "derived_set_category",
            "derived_mechanism",
            "derived_conflict",
        ),
    }
)
MANY: Final = 100
HOT: Final[tuple[tuple[str, Json], ...]] = (
    ("/v1/activities/intense:genel_politika", {}),
    ("/v1/activities", {}),
    ("/v1/activities", {"sort": "-revised"}),
    ("/v1/activities", {"controller": "intense", "sort": "code"}),
    ("/v1/activities", {"changed_since": "1"}),
    ("/v1/documents", {"controller": "kivi"}),
    ("/v1/recipients", {"kind": "named"}),
    *((f"/v1/facts/{kind}", {"controller": "kivi"}) for kind in ("collections", "uses", "transfers", "retentions")),
    ("/v1/facts/transfers", {"recipient": "intense:tedarikciler"}),
    ("/v1/facts/transfers", {"controller": "pronet", "group_by": "recipient,data_category"}),
    ("/v1/questions/abroad-under-explicit-consent", {}),
    ("/v1/questions/abroad-under-explicit-consent", {"group_by": "country,data_category,mechanism"}),
    ("/v1/controllers/kivi/notice", {}),
    ("/v1/activities/intense:genel_politika/revisions", {}),
)


def scanned(database: Database, sql: str, given: Any) -> Iterator[str]:  # noqa: ANN401 - the driver's own
    """Yield the large tables that a statement reads from end to end."""
    with database.transaction() as connection:
        if database.is_sqlite:
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all():
                words = row[3].split()
                if words[0] == "SCAN" and words[1] in LARGE:
                    yield words[1]
            return
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sql}", given).one()
        waiting = [(orjson.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
        while waiting:
            node = waiting.pop()
            waiting += node.get("Plans", [])
            if node.get("Relation Name") in LARGE and not {"Index Cond", "Recheck Cond"} & node.keys():
                yield f"{node['Node Type']} {node['Relation Name']}"


@pytest.mark.parametrize(("path", "query"), HOT)
def test_no_hot_statement_reads_a_large_table_from_end_to_end(seeded: TestClient, path: str, query: Json) -> None:
    seeded.get(path, params=query)
    # Groups of another day are not those that are kept.
    sent = sent_for(seeded, path, **query, **({"on": "2030-01-01"} if "group_by" in query else {}))
    assert sent
    assert scans(seeded, sent) == {}


def scans(client: TestClient, sent: list[tuple[str, Any]]) -> dict[str, list[str]]:
    """Return the statements that read large tables from end to end, and which."""
    found = {sql: list(scanned(ledger_of(client).database, sql, given)) for sql, given in sent}
    return {sql: tables for sql, tables in found.items() if tables}


def test_no_statement_of_a_change_reads_a_large_table_from_end_to_end(seeded: TestClient) -> None:
    """What is derived is found by what changed, however much else the register holds."""
    known = read(seeded, "/v1/activities/kivi:cagri_merkezi")
    path = "/v1/activities/kivi:yeni"
    with watched() as sent:
        done(seeded.post("/v1/activities", json={**known, "code": "kivi:yeni"}), 201)
        done(change(seeded, "PATCH", path, {"uses": known["uses"][:1], "transfers": known["transfers"][:1]}))
        done(change(seeded, "PUT", path, {**known, "code": "kivi:yeni"}))
        assert change(seeded, "DELETE", path).status_code == 204
    # The highest key is the last entry of an index, which the plan does not say.
    asked = [(sql, given) for sql, given in sent if sql.startswith("SELECT") and "SELECT max(" not in sql]
    assert len(asked) > MANY
    assert scans(seeded, asked) == {}


@pytest.mark.parametrize("path", ["/v1/activities", "/v1/facts/transfers"])
def test_a_page_begins_where_the_one_before_ended(seeded: TestClient, path: str) -> None:
    """Deep pages seek: the condition of the cursor is part of what the index is searched by."""
    cursor = seeded.get(path, params={"limit": 2}).json()["next"]
    database = ledger_of(seeded).database
    (sql, given), *_ = sent_for(seeded, path, limit=2, cursor=cursor)
    with database.transaction() as connection:
        if database.is_sqlite:
            plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all())
            assert "sort>?" in plan or "place>?" in plan, plan
            return
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        lines = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", given).all()]
        assert any("Index Cond" in line and ("sort >= " in line or "place >= " in line) for line in lines), lines
