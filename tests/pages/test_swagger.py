"""Swagger UI explains every operation and executes it, without a word to any other host."""

import httpx2

from tests.durability.serving import PATIENCE
from tests.pages.browsing import Watched
from tests.pages.conftest import Look
from tests.pages.swagger import Docs, groups_of

QUESTION = "ask_abroad_under_explicit_consent"
PATH = "/v1/questions/abroad-under-explicit-consent"


def test_every_group_is_shown_in_the_order_of_the_contract(docs: Docs) -> None:
    assert docs.groups == groups_of(docs.contract)


def test_the_filter_finds_groups_by_a_part_of_their_name(docs: Docs) -> None:
    groups = groups_of(docs.contract)
    for group in groups:
        docs.page.locator("input.operation-filter-input").fill(group[:5])
        wanted = [name for name in groups if group[:5] in name]
        docs.page.wait_for_function("n => document.querySelectorAll('.opblock-tag').length === n", arg=len(wanted))
        assert docs.groups == wanted
    docs.page.locator("input.operation-filter-input").fill("")
    docs.page.wait_for_function("n => document.querySelectorAll('.opblock-tag').length === n", arg=len(groups))


def test_an_operation_shows_what_it_does_takes_and_answers(docs: Docs) -> None:
    promised = docs.contract["paths"][PATH]["get"]
    shown = docs.operation(QUESTION).box
    assert shown.locator(".opblock-summary-description").inner_text() == promised["summary"]
    assert promised["description"].split("\n")[0].split("`")[0] in shown.locator(".opblock-description").inner_text()
    names = shown.locator("tr[data-param-name]").evaluate_all("rows => rows.map(row => row.dataset.paramName)")
    assert names == [parameter["name"] for parameter in promised["parameters"]]
    statuses = shown.locator("tr.response").evaluate_all("rows => rows.map(row => row.dataset.code)")
    assert statuses == sorted(promised["responses"])
    assert "application/problem+json" in shown.locator("tr.response[data-code='422']").inner_text()


def test_a_question_is_asked_and_answered(docs: Docs) -> None:
    question = docs.operation(QUESTION)
    question.execute()
    assert question.status == "200"
    assert "The Constant Company, LLC" in [row["recipient"]["name"] for row in question.answer["items"]]


def test_a_misspelt_code_is_answered_with_a_problem(watched: Watched, docs: Docs) -> None:
    question = docs.operation(QUESTION)
    question.row("controller").get_by_role("button", name="Add string item").click()
    question.row("controller").locator("input").last.fill("intens")
    question.execute()
    assert question.status == "422"
    assert question.answer["status"] == 422
    assert "intens" in question.answer["errors"][0]["message"]
    watched.take_refusal(PATH, 422)


def test_a_controller_is_written(look: Look, own_address: str) -> None:
    create = Docs(look(own_address, "/docs")).operation("create_controller")
    create.box.locator("textarea.body-param__text").fill('{"code": "acme", "legal_name": "Acme İnşaat A.Ş."}')
    create.execute()
    assert create.status == "201"
    assert create.answer["legal_name"] == "Acme İnşaat A.Ş."
    read = httpx2.get(f"{own_address}/v1/controllers/acme", timeout=PATIENCE).json()
    assert read["legal_name"] == "Acme İnşaat A.Ş."


def test_a_notice_is_written(docs: Docs) -> None:
    notice = docs.operation("get_notice")
    notice.row("controller").locator("input").fill("kivi")
    notice.execute()
    assert notice.status == "200"
    assert notice.answer["controller"]["code"] == "kivi"


def test_whoever_gives_a_key_is_let_in(look: Look, own_address: str) -> None:
    asked = {"name": "deneme", "role": "admin", "controllers": "all"}
    secret = httpx2.post(f"{own_address}/v1/keys", json=asked, timeout=PATIENCE).json()["key"]
    watched = look(own_address, "/docs")
    docs = Docs(watched)
    controllers = docs.operation("list_controllers")
    controllers.execute()
    assert controllers.status == "401"
    watched.take_refusal("/v1/controllers", 401)
    docs.authorize(secret)
    controllers.execute()
    controllers.box.locator(".live-responses-table").get_by_text("kivi").first.wait_for()
    assert controllers.status == "200"
