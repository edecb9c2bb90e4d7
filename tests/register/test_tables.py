"""Facts, groups and answers as CSV and XLSX: the same rows, whole, in the caller's language, harmless."""

import csv
import io
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook

from app.register.dimensions import ALL_KINDS
from tests.register import many
from tests.register.many import Fact, ask, enter, every, facts, refused, with_parameters

auditor = many.auditor
keeper = many.keeper

KINDS: Final = sorted(ALL_KINDS)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Table = list[dict[str, str]]


def got(caller: TestClient, address: str, language: str = "en", **parameters: Any) -> Response:  # noqa: ANN401
    answer = caller.get(with_parameters(address, parameters), headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer


def read_csv(answer: Response) -> Table:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read_xlsx(answer: Response) -> Table:
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    header, *rows = [["" if value is None else str(value) for value in row] for row in sheet.values]
    return [dict(zip(header, row, strict=True)) for row in rows]


READERS: Final = {"csv": read_csv, "xlsx": read_xlsx}


def table(caller: TestClient, address: str, form: str, language: str = "en", **parameters: Any) -> Table:  # noqa: ANN401
    return READERS[form](got(caller, address, language, format=form, **parameters))


def same(one: Table, other: Table) -> bool:
    """Tell whether two tables hold the same; a spreadsheet counts line ends in its own way."""
    flat = [[{name: " ".join(text.split()) for name, text in row.items()} for row in rows] for rows in (one, other)]
    return flat[0] == flat[1]


@pytest.mark.parametrize("kind", KINDS)
def test_tables_hold_the_rows_of_the_list(auditor: TestClient, kind: str) -> None:
    rows = facts(auditor, kind)
    address = f"/v1/facts/{kind}"
    found = table(auditor, address, "csv")
    assert [row["key"] for row in found] == [row["key"] for row in rows]
    assert set(found[0]) == set(rows[0]) - {"links", "citations"}
    for shown, row in zip(found, rows, strict=True):
        assert shown["controller"].endswith(f"[{row['controller']['code']}]")
        assert row["citation"]["locator"] in shown["citation"]
        assert shown["dated"] == str(row["dated"]).lower()
    assert same(table(auditor, address, "xlsx"), found)


def test_terms_are_labelled_in_the_language_of_the_caller(auditor: TestClient) -> None:
    asked: Fact = {"key": "reklam-kampanya-promosyon-rizasi"}
    turkish = got(auditor, "/v1/facts/uses", "tr", format="csv", **asked)
    assert turkish.headers["content-language"] == "tr"
    assert read_csv(turkish)[0]["legal_bases"] == "İlgili kişinin açık rızası [explicit_consent]"
    for form in READERS:
        english = table(auditor, "/v1/facts/uses", form, **asked)[0]
        assert english["legal_bases"] == "Explicit consent of the data subject [explicit_consent]"


def test_what_is_inferred_says_so_in_a_table(auditor: TestClient) -> None:
    row = table(auditor, "/v1/facts/uses", "csv", key="kart-bilgileri")[0]
    assert row["legal_bases"].endswith("[explicit_consent] (inferred)")


def test_a_table_is_whole_where_a_list_has_pages(auditor: TestClient) -> None:
    asked: Fact = {"group_by": ["data_item", "recipient"]}
    address = "/v1/facts/transfers"
    groups = facts(auditor, "transfers", **asked)
    assert ask(auditor, address, limit=500, **asked)["next"] is not None
    found = table(auditor, address, "csv", **asked)
    assert len(found) == len(groups) > 500
    assert same(table(auditor, address, "xlsx", **asked), found)


def test_a_limit_bounds_a_table(auditor: TestClient) -> None:
    whole = table(auditor, "/v1/facts/transfers", "csv")
    assert table(auditor, "/v1/facts/transfers", "csv", limit=7) == whole[:7]


def test_groups_are_tables_too(auditor: TestClient) -> None:
    asked: Fact = {"group_by": "data_category,legal_basis", "level": "official", "count_of": "document"}
    groups = facts(auditor, "uses", **asked)
    for form in READERS:
        found = table(auditor, "/v1/facts/uses", form, "tr", **asked)
        assert list(found[0])[:3] == ["data_category", "legal_basis", "statements"]
        assert [row["statements"] for row in found] == [str(group["statements"]) for group in groups]
        assert found[0]["data_category"] == (
            f"{groups[0]['data_category']['label']['tr']} [{groups[0]['data_category']['code']}]"
        )
        assert found[0]["distinct"] == f"document: {groups[0]['distinct']['document']}"


def test_fields_choose_the_columns_and_unknown_ones_are_refused(auditor: TestClient) -> None:
    address = "/v1/facts/transfers"
    for form in READERS:
        found = table(auditor, address, form, fields="key,recipient,abroad")
        assert list(found[0]) == ["key", "recipient", "abroad"]
        assert refused(auditor, address, format=form, fields="key,resipient")["parameter"] == "fields"
        assert refused(auditor, address, format=form, fields="resipient", controller="octopus_chat")["allowed"]


@pytest.mark.parametrize(("accept", "form"), [("text/csv", "csv"), (XLSX, "xlsx")])
def test_the_accept_header_chooses_a_table_and_format_decides(auditor: TestClient, accept: str, form: str) -> None:
    answer = auditor.get("/v1/facts/roles", headers={"Accept": accept})
    assert answer.headers["content-type"].startswith(accept)
    assert same(READERS[form](answer), table(auditor, "/v1/facts/roles", form))
    assert auditor.get("/v1/facts/roles?format=json", headers={"Accept": accept}).json()["items"]
    assert refused(auditor, "/v1/facts/roles", format="pdf")["allowed"] == ["json", "csv", "xlsx"]


def test_sections_stand_below_each_other_and_are_whole(auditor: TestClient) -> None:
    address = "/v1/questions/about-data-subjects"
    sections = ask(auditor, address, data_subject_category="customer", limit=500)["items"]
    expected = [(part["kind"], row.get("key", "")) for part in sections for row in part["rows"]]
    for form in READERS:
        found = table(auditor, address, form, data_subject_category="customer")
        assert [(row["kind"], row.get("key", "")) for row in found] == expected
    assert max(len(text) for row in found for text in row.values()) < 32_000


def test_an_answer_of_groups_has_the_columns_of_groups(auditor: TestClient) -> None:
    found = table(auditor, "/v1/questions/who-processes", "csv", data_item="voice_recording")
    assert list(found[0]) == ["controller", "statements", "stated", "inferred", "unknown", "distinct"]


def test_an_empty_answer_is_a_header(auditor: TestClient) -> None:
    answer = got(auditor, "/v1/questions/special-category-processing", format="csv")
    assert read_csv(answer) == []
    assert answer.text.removeprefix("\ufeff").startswith("controller,activity,key,polarity")


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_text_that_looks_like_a_formula_is_harmless(keeper: TestClient, start: str) -> None:
    text = f"{start}HYPERLINK('https://example.org')"
    uses = [{"key": f"k{ord(start)}", "document": "a", "purposes": ["invoicing"], "condition": text, "note": text}]
    enter(keeper, f"formül-{ord(start)}", uses=uses)
    for form in READERS:
        row = table(keeper, "/v1/facts/uses", form, key=f"k{ord(start)}")[0]
        assert row["condition"] == row["note"] == f"'{text}"
    sheet = got(keeper, "/v1/facts/uses", format="xlsx", key=f"k{ord(start)}")
    cells = [cell for row in load_workbook(io.BytesIO(sheet.content)).worksheets[0] for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)


def test_text_keeps_its_lines_commas_and_quotes(keeper: TestClient) -> None:
    text = 'Yalnız "talep" üzerine,\nyazılı; İ ı ş ğ'
    enter(keeper, "metin", uses=[{"key": "u", "document": "a", "purposes": ["invoicing"], "condition": text}])
    for form in READERS:
        assert table(keeper, "/v1/facts/uses", form, controller="metin")[0]["condition"] == text


def test_questions_answer_in_pages_what_their_tables_hold(auditor: TestClient) -> None:
    for slug in ("articles-cited", "rights-and-channels", "shared-recipients", "retention-not-stated"):
        paged = every(auditor, f"/v1/questions/{slug}", limit=3)
        whole = every(auditor, f"/v1/questions/{slug}", limit=500)
        assert paged == whole
        assert len(table(auditor, f"/v1/questions/{slug}", "csv")) == len(whole)
