"""The trail is filtered, paged and exported whole; and each caller sees what is theirs or shared."""

import csv
import io
import json
from datetime import datetime
from typing import Any, Final

import openpyxl
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.auth import Caller
from app.controllers.tables import Controller
from app.platform.problems import Forbidden, NotFound
from app.trail.queries import get_event, list_events
from app.trail.routes import needs_all_controllers
from app.trail.schemas import AuditEventQuery
from tests.activities.factories import add_activity
from tests.controllers.factories import add_controller
from tests.exchange.factories import bundle, taken
from tests.platform.calling import Json, change, done, make, read, refusal
from tests.register.making import ledger_of

LIST: Final = "/v1/audit-events"


@pytest.fixture
def trail(client: TestClient) -> TestClient:
    """A register with a few changes: 2 acme, 3 other, 4 activity, 5 shared recipient, 6 described, 7 both at once."""
    add_controller(client)
    add_controller(client, "other")
    add_activity(client)
    make(client, "/v1/recipients", {"code": "sgk", "name": "SGK", "kind": "named"})
    headers = {b"Envanter-Reason": "Iğdır şubesi istedi".encode(), b"If-Match": b'"1-0"'}
    done(client.patch("/v1/activities/acme:bordro", json={"description": "yeni"}, headers=headers))
    taken(client, bundle(controllers=[{"code": "acme", "note": "x"}, {"code": "other", "note": "x"}]))
    return client


def numbers(client: TestClient, **asked: Any) -> list[int]:  # noqa: ANN401
    return [event["change"] for event in read(client, LIST, **asked)["items"]]


FILTERS: Final[list[tuple[Json, list[int]]]] = [
    ({}, [7, 6, 5, 4, 3, 2, 1]),
    ({"sort": "change", "limit": 3}, [1, 2, 3]),
    ({"resource": "activity"}, [6, 4]),
    ({"resource": ["recipient", "controller"]}, [7, 5, 3, 2]),
    ({"code": "acme:bordro", "action": "changed"}, [6]),
    ({"resource": "controller", "code": "acme:bordro"}, []),
    ({"action": "changed", "code": "acme"}, [7]),
    ({"controller": "acme"}, [7, 6, 4, 2]),
    ({"controller": ["acme", "other"], "action": "created"}, [4, 3, 2]),
    ({"author": "envanter"}, [1]),
    ({"author": ["local", "envanter"], "change_from": 6}, [7, 6]),
    ({"change_from": 2, "change_to": 3}, [3, 2]),
    ({"request_id": "none"}, []),
    ({"q": "ığdır ŞUBESİ"}, [6]),
    ({"q": "%"}, []),
    ({"as_of": "2020-01-01T00:00:00Z"}, []),
    ({"from": "2020-01-01T00:00:00Z", "change_from": 7}, [7]),
    ({"to": "2020-01-01T00:00:00Z"}, []),
]


def test_events_are_filtered_by_who_what_when_and_why(trail: TestClient) -> None:
    assert [(asked, numbers(trail, **asked)) for asked, _ in FILTERS] == FILTERS


def test_an_instant_bounds_the_trail_from_both_sides(trail: TestClient) -> None:
    at = {event["change"]: event["at"] for event in read(trail, LIST)["items"]}
    assert numbers(trail, **{"from": at[3], "to": at[5]}) == [5, 4, 3]
    assert numbers(trail, as_of=at[3]) == [3, 2, 1]
    moments = [datetime.fromisoformat(at[number]) for number in sorted(at)]
    assert moments == sorted(set(moments))


def test_pages_follow_each_other_and_are_counted(trail: TestClient) -> None:
    first = read(trail, LIST, limit=3, count=True)
    assert first["total"] == 7
    second = read(trail, LIST, limit=3, cursor=first["next"])
    last = read(trail, LIST, limit=3, cursor=second["next"])
    assert [event["change"] for page in (first, second, last) for event in page["items"]] == [7, 6, 5, 4, 3, 2, 1]
    assert last["next"] is None


def test_what_is_unknown_is_refused(trail: TestClient) -> None:
    assert "acme" in refusal(trail.get(LIST, params={"controller": "acmee"}), 422)["allowed"]
    assert "activity" in refusal(trail.get(LIST, params={"resource": "activities"}), 422)["allowed"]
    assert refusal(trail.get(LIST, params={"sort": "author"}), 422)["allowed"] == ["change", "-change"]
    assert refusal(trail.get(LIST, params={"cursor": "x", "format": "csv"}), 422)["code"] == "bad_cursor"
    for number in ("99", "x", "0", "-1", "٣", "9" * 30):
        refusal(trail.get(f"{LIST}/{number}"), 404)


def test_the_whole_trail_comes_as_csv_xlsx_and_ndjson(trail: TestClient) -> None:
    events = read(trail, LIST)["items"]
    table = trail.get(LIST, params={"format": "csv", "change_from": 2})
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["change"] for row in rows] == ["7", "7", "6", "5", "4", "3", "2"]
    assert rows[2]["reason"] == "Iğdır şubesi istedi"
    assert (rows[2]["code"], rows[2]["revision_before"], rows[2]["revision_after"]) == ("acme:bordro", "1", "2")
    assert (rows[2]["hash"], rows[2]["previous"]) == (events[1]["hash"], events[1]["previous"])
    sheet = trail.get(LIST, headers={"Accept": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    cells = openpyxl.load_workbook(io.BytesIO(sheet.content)).active
    assert cells is not None
    assert [cell.value for cell in next(iter(cells.rows))] == list(rows[0])
    assert cells.max_row > 500  # every term that the product brought, although it is one event
    lines = trail.get(LIST, params={"format": "ndjson", "limit": 6}).text.splitlines()
    assert [json.loads(line) for line in lines] == events[:6]


def test_an_export_carries_the_documents_where_they_are_asked_for(trail: TestClient) -> None:
    answer = trail.get(LIST, params={"format": "csv", "change_from": 6, "change_to": 6, "documents": True})
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert json.loads(row["document_before"])["description"] is None
    assert json.loads(row["document_after"])["description"] == "yeni"
    assert row["differs"] == "description"


def scoped(client: TestClient, *codes: str) -> Caller:
    """Return a caller who may see some controllers only."""
    with ledger_of(client).reading() as session:
        keys = [row.id for row in session.all(select(Controller.id).where(Controller.code.in_(codes)))]
    return Caller("auditor", "auditor", frozenset(keys))


def test_who_may_see_one_controller_sees_of_the_trail_what_is_theirs_or_shared(trail: TestClient) -> None:
    caller = scoped(trail, "other")
    with ledger_of(trail).reading() as session:
        page = list_events(session, caller, AuditEventQuery(count=True))
        seen = {event["change"]: {one["code"] for one in event["what"]} for event in page.rows}
        assert list(seen) == [7, 5, 3, 1]
        assert (seen[7], seen[5], seen[3]) == ({"other"}, {"sgk"}, {"other"})
        assert page.total == 4
        assert [event["touched"] for event in page.rows][:3] == [1, 1, 1]
        assert list_events(session, caller, AuditEventQuery(code=["acme:bordro"], count=True)).total == 0
        whole = get_event(session, caller, "7", documents=True)
        assert "acme" not in json.dumps(whole)
        with pytest.raises(NotFound):
            get_event(session, caller, "4", documents=False)


def test_head_and_proof_are_for_callers_of_all_controllers(trail: TestClient) -> None:
    needs_all_controllers(Caller("x", "auditor", None))
    with pytest.raises(Forbidden):
        needs_all_controllers(scoped(trail, "acme", "other"))


def test_an_ended_controller_still_filters_its_events(trail: TestClient) -> None:
    assert trail.delete("/v1/controllers/other", headers={"If-Match": '"2-0"'}).status_code == 204
    assert numbers(trail, controller="other") == [8, 7, 3]
    assert change(trail, "PATCH", "/v1/controllers/acme", {"note": "y"}).status_code == 200
