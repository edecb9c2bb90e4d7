"""Links: from any row to everything around it, and to the same row as it was."""

from typing import Final

import pytest
from fastapi.testclient import TestClient

from app.register.dimensions import ALL_KINDS
from tests.register import many
from tests.register.many import Fact, ask, enter, facts, groups

auditor = many.auditor
keeper = many.keeper

KINDS: Final = sorted(ALL_KINDS)


def hrefs(value: object) -> set[str]:
    """Return every address of a term in a row, however deep."""
    if isinstance(value, list):
        return set().union(*map(hrefs, value))
    if not isinstance(value, dict):
        return set()
    own = {str(value["href"])} if value.get("href") else set[str]()
    return own.union(*map(hrefs, value.values()))


def now(caller: TestClient) -> str:
    return str(ask(caller, "/v1/questions/transfers-abroad")["as_of"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_of_every_row_answers(auditor: TestClient, kind: str) -> None:
    rows = facts(auditor, kind)
    links = {link for row in rows for name, link in row["links"].items() if link and name != "self"}
    assert any("/documents/" in link for link in links)
    for link in links:
        assert auditor.get(link).status_code == 200, link


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_leads_to_itself(auditor: TestClient, kind: str) -> None:
    for row in facts(auditor, kind)[:5]:
        assert ask(auditor, row["links"]["self"])["items"] == [row]


@pytest.mark.parametrize("kind", KINDS)
def test_every_term_of_every_row_answers(auditor: TestClient, kind: str) -> None:
    addresses = hrefs(facts(auditor, kind))
    assert addresses or kind == "roles"
    for address in addresses:
        assert auditor.get(address).status_code == 200, address


def test_a_transfer_leads_to_its_recipient_and_its_inferred_mechanism(auditor: TestClient) -> None:
    row = facts(auditor, "transfers", key="depolama-constant")[0]
    assert ask(auditor, row["links"]["recipient"])["seat"] == "US"
    assert ask(auditor, row["mechanisms"][0]["href"])["code"] == "old_explicit_consent"
    assert facts(auditor, "transfers", key="yurtdisi-sunucular")[0]["links"]["recipient"] is None


def test_other_answers_lead_on_too(auditor: TestClient) -> None:
    for slug in ("rights-and-channels", "articles-cited"):
        for row in ask(auditor, f"/v1/questions/{slug}", limit=500)["items"]:
            for link in row["links"].values():
                found = ask(auditor, link)
                assert found.get("items", [found]), link


def test_rows_that_never_read_otherwise_have_no_earlier_reading(auditor: TestClient) -> None:
    for kind in KINDS:
        assert {row["links"]["before"] for row in facts(auditor, kind)} == {None}


def test_a_changed_row_leads_to_what_it_was(keeper: TestClient) -> None:
    use = {"key": "u", "document": "a", "purposes": ["invoicing"]}
    stays = {"key": "kalan", "document": "a", "purposes": ["legal_affairs"], "legal_bases": ["contract"]}
    enter(keeper, "değişen", uses=[use, stays])
    first = facts(keeper, "uses", controller="değişen", key="u")[0]
    enter(keeper, "değişen", uses=[{**use, "purposes": ["legal_affairs"]}, stays])
    enter(keeper, "değişen", uses=[{**use, "purposes": ["legal_affairs"], "condition": "yalnız talep üzerine"}, stays])
    third = facts(keeper, "uses", controller="değişen", key="u")[0]
    second = ask(keeper, third["links"]["before"])["items"][0]
    assert (second["condition"], second["purposes"][0]["code"]) == (None, "legal_affairs")
    assert ask(keeper, second["links"]["before"])["items"] == [first]
    assert first["links"]["before"] is None
    assert facts(keeper, "uses", controller="değişen", key="kalan")[0]["links"]["before"] is None


def test_a_row_leads_to_what_followed_from_it_before(keeper: TestClient) -> None:
    """A transfer of which nothing was rewritten reads otherwise once the seat of its recipient is known."""
    enter(keeper, "merkez", recipients=["bulut"], transfers=[{"document": "a", "recipient": "merkez:bulut"}])
    recipient = keeper.get("/v1/recipients/merkez:bulut")
    patched = keeper.patch(
        "/v1/recipients/merkez:bulut", json={"seat": "US"}, headers={"If-Match": recipient.headers["etag"]}
    )
    assert patched.status_code == 200
    row = facts(keeper, "transfers", controller="merkez")[0]
    assert row["abroad"] == "possible"
    assert ask(keeper, row["links"]["before"])["items"][0]["abroad"] == "not_stated"


def test_a_silent_row_leads_to_the_data_it_was_about(keeper: TestClient) -> None:
    uses = [{"document": "a", "purposes": ["invoicing"]}]
    collection = {"document": "a", "data": ["identity"], "data_subjects": ["customer"]}
    enter(keeper, "sessiz", collections=[{"key": "c", **collection}], uses=uses)
    enter(keeper, "sessiz", collections=[{"key": "c", **collection, "data": ["contact"]}], uses=uses)
    row = facts(keeper, "uses", controller="sessiz")[0]
    earlier = ask(keeper, row["links"]["before"])["items"][0]
    assert [one["code"] for one in row["data_categories"]] == ["contact"]
    assert [one["code"] for one in earlier["data_categories"]] == ["identity"]


def test_a_row_that_came_back_leads_to_when_it_was_last_there(keeper: TestClient) -> None:
    use: Fact = {"key": "u", "document": "a", "purposes": ["invoicing"]}
    other: Fact = {"key": "v", "document": "a", "purposes": ["invoicing"]}
    enter(keeper, "dönen", uses=[use, other])
    enter(keeper, "dönen", uses=[other])
    gone = now(keeper)
    enter(keeper, "dönen", uses=[use, other])
    row = facts(keeper, "uses", controller="dönen", key="u")[0]
    assert ask(keeper, row["links"]["before"])["items"][0]["key"] == "u"
    assert set(groups(keeper, "uses", "controller", key="u", controller="dönen", as_of=gone)) == set()
