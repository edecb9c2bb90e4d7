"""The notice over HTTP: parameters, formats, ETags, strictness, the two clocks, and what an edit does to it."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.notices.schemas import NoticeRead

ON = "on=2026-11-22"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def notice(client: TestClient, controller: str, parameters: str = ON) -> dict[str, Any]:
    answer = client.get(f"/v1/controllers/{controller}/notice?{parameters}")
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def page(client: TestClient, controller: str, parameters: str = ON) -> str:
    return client.get(f"/v1/controllers/{controller}/notice?{parameters}&format=html").text


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["category"]["code"] for row in rows if row["category"]]


def test_the_answer_has_the_shape_that_openapi_publishes(register: TestClient) -> None:
    for controller in ("kivi", "intense"):
        content = notice(register, controller)
        assert NoticeRead.model_validate(content).model_dump(mode="json") == content


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        (BROWSER, "text/html; charset=utf-8"),
        ("text/markdown", "text/markdown; charset=utf-8"),
        ("text/html;q=0.4, text/markdown;q=0.9, application/json;q=oops", "text/markdown; charset=utf-8"),
    ],
)
def test_the_format_follows_accept(register: TestClient, accept: str | None, media_type: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    answer = register.get(f"/v1/controllers/kivi/notice?{ON}", headers=headers)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["vary"] == "Accept"


def test_the_parameter_format_wins_over_accept(register: TestClient) -> None:
    answer = register.get(f"/v1/controllers/kivi/notice?{ON}&format=md&lang=en", headers={"Accept": BROWSER})
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-language"] == "en"
    assert answer.text.startswith("# Privacy Notice")


@pytest.mark.parametrize("name", ["json", "html", "md"])
def test_whoever_has_the_notice_is_told_so(register: TestClient, name: str) -> None:
    address = f"/v1/controllers/kivi/notice?{ON}&format={name}"
    etag = register.get(address).headers["etag"]
    again = register.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert register.get(f"{address}&lang=en", headers={"If-None-Match": etag}).status_code == 200


def test_a_renamed_term_changes_the_etag(seeded: TestClient) -> None:
    address = f"/v1/controllers/kivi/notice?{ON}&format=html"
    etag = seeded.get(address).headers["etag"]
    term = seeded.get("/v1/recipients/kivi:tedarikciler")
    headers = {"If-Match": term.headers["etag"], "Content-Type": "application/merge-patch+json"}
    assert seeded.patch("/v1/recipients/kivi:tedarikciler", json={"name": "Mal alınanlar"}, headers=headers).is_success
    changed = seeded.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Mal alınanlar" in changed.text


def test_strict_refuses_a_draft_and_lists_its_gaps(register: TestClient) -> None:
    refused = register.get(f"/v1/controllers/octopus_chat/notice?{ON}&strict=true", headers={"Accept-Language": "tr"})
    problem = refused.json()
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert (problem["type"], problem["title"]) == ("/problems/notice-incomplete", "Aydınlatma metni eksik")
    gaps = notice(register, "octopus_chat")["gaps"]
    assert [one["code"] for one in problem["errors"]] == [gap["code"] for gap in gaps]
    assert problem["errors"][0]["message"].startswith("KVKK m.10/1-a; Tebliğ m.4/1-a: ")
    assert "/v1/controllers/octopus_chat (legal_name)" in problem["errors"][0]["message"]
    assert register.get(f"/v1/controllers/kivi/notice?{ON}&strict=true").status_code == 200


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ("audiance=customer", "audiance"),
        ("audience=nobody", "audience"),
        ("channel=radio", "channel"),
        ("lang=de", "lang"),
        ("format=pdf", "format"),
        ("on=yesterday", "on"),
        ("strict=perhaps", "strict"),
        ("as_of=2999-01-01T00:00:00Z", "as_of"),
        ("lang=tr&lang=en", "lang"),
    ],
)
def test_unknown_parameters_and_values_are_refused(register: TestClient, parameters: str, name: str) -> None:
    answer = register.get(f"/v1/controllers/kivi/notice?{parameters}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == name


def test_an_unknown_audience_is_answered_with_what_is_known(register: TestClient) -> None:
    error = register.get("/v1/controllers/kivi/notice?audience=nobody").json()["errors"][0]
    assert error["code"] == "unknown_code"
    assert "customer" in error["allowed"]


def test_an_unknown_controller_is_not_found(register: TestClient) -> None:
    assert register.get("/v1/controllers/nobody/notice").status_code == 404


def test_an_audience_gets_its_own_data(register: TestClient) -> None:
    visitors = notice(register, "intense", f"{ON}&audience=website_visitor")
    assert visitors["audience"]["code"] == "website_visitor"
    assert "intense:pazarlama_bilgisi" in codes(visitors["what"])
    assert "intense:finansal_bilgi" not in codes(visitors["what"])
    everybody = notice(register, "intense")
    assert "intense:finansal_bilgi" in codes(everybody["what"])
    assert "Kimler için: İnternet sitesi ziyaretçisi" in (
        register.get(f"/v1/controllers/intense/notice?{ON}&audience=website_visitor&format=md").text.replace("**", "")
    )


@pytest.mark.parametrize("audience", ["pronet:cagri_sahibi", "caller", "other_subject_group"])
def test_an_audience_matches_narrower_and_broader_people(register: TestClient, audience: str) -> None:
    whole = notice(register, "pronet")
    assert codes(notice(register, "pronet", f"{ON}&audience={audience}")["what"]) == codes(whole["what"])


def test_an_audience_that_no_document_knows_gets_an_empty_draft(register: TestClient) -> None:
    found = notice(register, "kent_konut", f"{ON}&audience=shareholder_partner")
    assert (found["what"], found["why"], found["to_whom"]) == ([], [], [])
    assert "purposes_stated" in [gap["code"] for gap in found["gaps"]]


def test_a_channel_takes_its_documents_and_those_without_channel(register: TestClient) -> None:
    assert notice(register, "pronet", f"{ON}&channel=call_centre")["what"]
    assert notice(register, "pronet", f"{ON}&channel=website")["what"] == []
    assert notice(register, "octopus_chat", f"{ON}&channel=mobile_app")["what"]


def test_a_document_speaks_from_its_date_on(register: TestClient) -> None:
    before = notice(register, "intense", "on=2024-05-26")
    assert (before["documents"], before["why"]) == ([], [])
    assert notice(register, "intense", "on=2024-05-27")["why"]


def test_as_of_shows_the_notice_of_an_earlier_instant(seeded: TestClient) -> None:
    then = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    record = seeded.get("/v1/controllers/pronet")
    headers = {"If-Match": record.headers["etag"], "Content-Type": "application/merge-patch+json"}
    change = {"response_days": 20, "fee": "Ücretsiz"}
    assert seeded.patch("/v1/controllers/pronet", json=change, headers=headers).status_code == 200
    gaps = [gap["code"] for gap in notice(seeded, "pronet")["gaps"]]
    assert "response_time_stated" not in gaps
    assert "cost_stated" not in gaps
    assert "en geç 20 gün" in page(seeded, "pronet")
    earlier = notice(seeded, "pronet", f"{ON}&as_of={then}")
    assert {"response_time_stated", "cost_stated"} <= {gap["code"] for gap in earlier["gaps"]}
    assert earlier["as_of"] == then


def test_a_separate_consent_text_is_pointed_to_and_fills_its_gap(seeded: TestClient) -> None:
    text = {
        "controller": "pronet",
        "code": "riza",
        "kind": "consent_text",
        "title": "Açık Rıza Metni",
        "language": "tr",
    }
    assert seeded.post("/v1/documents", json=text).status_code == 201
    address = "/v1/activities/pronet:cagri_merkezi"
    activity = seeded.get(address)
    (use,) = [one for one in activity.json()["uses"] if one["key"] == "reklam-kampanya-promosyon-rizasi"]
    use["legal_bases"]["members"][0]["document"] = "pronet:riza"
    headers = {"If-Match": activity.headers["etag"]}
    answer = seeded.put(f"{address}/uses/{use['key']}", json=use, headers=headers)
    assert answer.status_code == 200, answer.text
    consents = [gap for gap in notice(seeded, "pronet")["gaps"] if gap["code"] == "consent_separate_from_notice"]
    assert [gap["place"]["key"] for gap in consents] == ["reklam-tanitim-pazarlama-rizasi"]
    assert "Ayrı açık rıza metni:</span> Açık Rıza Metni" in page(seeded, "pronet")
    assert 'Separate consent text:</span> <span lang="tr">Açık Rıza Metni</span>' in page(seeded, "pronet", "lang=en")


def test_a_withdrawn_document_says_nothing_any_more(seeded: TestClient) -> None:
    address = "/v1/documents/kivi:aydinlatma-metni"
    headers = {"If-Match": seeded.get(address).headers["etag"], "Content-Type": "application/merge-patch+json"}
    assert seeded.patch(address, json={"status": "withdrawn"}, headers=headers).status_code == 200
    found = notice(seeded, "kivi")
    assert (found["documents"], found["why"]) == ([], [])
    assert found["who"]["identity"][0]["origin"] == "controller"


def test_the_smallest_register_has_a_notice(client: TestClient) -> None:
    assert client.post("/v1/controllers", json={"code": "acme", "legal_name": "Acme A.Ş."}).status_code == 201
    activity = {
        "controller": "acme",
        "code": "bordro",
        "name": {"tr": "Bordro", "en": "Payroll"},
        "collections": [{"data": ["identity", "health", {"item": "iban"}], "data_subjects": ["employee"]}],
        "uses": [{"purposes": ["finance_and_accounting"], "legal_bases": ["legal_obligation"]}],
        "retentions": [{"period": {"value": 10, "unit": "year"}, "from": "end_of_employment"}],
    }
    assert client.post("/v1/activities", json=activity).status_code == 201
    found = notice(client, "acme", "lang=en")
    assert [row["is_special"] for row in found["what"]] == [False, True, False]
    text = client.get("/v1/controllers/acme/notice?lang=en&format=md").text
    assert "Finance and accounting" in text
    assert "Special category of personal data (KVKK Art. 6)" in text
    assert "10 years; Counted from: End of employment" in text


class Structure(HTMLParser):
    """What a page is made of."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        """Attributes of the tags of these names."""
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.mark.parametrize("controller", ["kivi", "pronet", "kent_konut", "intense", "octopus_chat"])
@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_page_is_well_built(register: TestClient, controller: str, language: str) -> None:
    answer = register.get(f"/v1/controllers/{controller}/notice?{ON}&lang={language}&format=html")
    built = Structure(answer.text)
    assert built.of("html") == [{"lang": language}]
    assert [len(built.of(name)) for name in ("header", "nav", "main", "footer", "h1", "title")] == [1] * 6
    levels = [int(tag[1]) for tag, _ in built.tags if tag in {"h1", "h2", "h3"}]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(built.of("caption")) == len(built.of("table"))
    assert {one["scope"] for one in built.of("th")} <= {"col", "row"}
    ids = [one["id"] for _, one in built.tags if "id" in one]
    assert len(ids) == len(set(ids))
    targets = [str(one["href"]) for one in built.of("a")]
    assert all(target.removeprefix("#") in ids for target in targets)


@pytest.mark.parametrize("controller", ["kivi", "intense"])
def test_the_page_stands_alone(register: TestClient, controller: str) -> None:
    answer = register.get(f"/v1/controllers/{controller}/notice?{ON}&format=html")
    built = Structure(answer.text)
    assert built.of("script", "link", "img", "iframe", "form", "input") == []
    assert not any({"style", "src", "onclick"} & set(attributes) for _, attributes in built.tags)
    assert "url(" not in answer.text
    assert "@import" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
