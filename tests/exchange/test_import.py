"""An import takes a bundle whole, by code, in one change; or says where it is wrong and takes nothing."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.exchange.factories import acme, activity, bundle, document, export, send, taken, term, whole_state

BORDRO = activity(
    collections=[{"data": ["identity", {"item": "iban"}], "data_subjects": ["employee"]}],
    uses=[{"purposes": ["finance_and_accounting"], "legal_bases": ["legal_obligation"]}],
    retentions=[{"period": {"value": 10, "unit": "year"}, "from": "end_of_employment"}],
)
EVERYTHING = acme(
    terms=[term("purposes", "maas", controller="acme")],
    recipients=[{"code": "sgk", "name": "SGK", "kind": "named", "seat": "TR"}],
    documents=[document()],
    activities=[BORDRO],
)
KINDS = ("controllers", "terms", "recipients", "documents", "activities")


def tallies(result: dict[str, Any], what: str) -> list[int]:
    return [result[kind][what] for kind in KINDS]


def first_problem(client: TestClient, content: Any) -> dict[str, Any]:  # noqa: ANN401 - any bundle
    """Send a bundle that is wrong, check that nothing has changed, and return what was said of it."""
    before = whole_state(client)
    answer = send(client, content)
    assert answer.status_code in {400, 409, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert whole_state(client) == before
    problem: dict[str, Any] = answer.json()["errors"][0]
    return problem


def test_a_bundle_wrong_in_its_200th_line_is_refused_with_line_and_path(client: TestClient) -> None:
    head = ["format: envanter/1", "controllers:", "- code: acme", "activities:"]
    head += ["- {controller: acme, code: bordro, name: {tr: Bordro, en: Payroll}, uses: ["]
    uses = ["  {purposes: [finance_and_accounting], legal_bases: [legal_obligation]},"] * 194
    text = "\n".join([*head, *uses, "  {purposes: [finance_and_accounting], legal_bases: [explicit_consnt]}]}\n"])
    assert text.splitlines()[199].count("explicit_consnt") == 1
    problem = first_problem(client, text)
    assert (problem["line"], problem["code"]) == (200, "unknown_code")
    assert problem["pointer"] == "/activities/0/uses/194/legal_bases/0"
    assert problem["message"].startswith("line 200, /activities/0/uses/194/legal_bases/0: “explicit_consnt”")
    assert "explicit_consent" in problem["allowed"]


def test_a_seeded_bundle_with_a_misspelt_field_in_line_200_is_refused(seeded: TestClient) -> None:
    lines = export(seeded).decode().splitlines()
    indent = len(lines[199]) - len(lines[199].lstrip(" -"))
    lines[199] = " " * indent + "colour: red"
    first_problem(seeded, "\n".join(lines))
    answer = send(seeded, "\n".join(lines))
    assert ("unknown_field", 200) in [(found["code"], found["line"]) for found in answer.json()["errors"]]


WRONG = {
    "an unknown term": (acme(activities=[activity(uses=[{"purposes": ["nothing"]}])]), "unknown_code", "/purposes/0"),
    "an unknown recipient": (
        acme(activities=[activity(transfers=[{"recipient": "none"}])]),
        "unknown_code",
        "/recipient",
    ),
    "an unknown document": (
        acme(activities=[activity(measures=[{"document": "none", "measures": ["key_management"]}])]),
        "unknown_code",
        "/activities/0/measures/0/document",
    ),
    "an unknown group": (
        acme(recipients=[{"code": "sgk", "name": "SGK", "kind": "named", "group": "banks_and_such"}]),
        "unknown_code",
        "/recipients/0/group",
    ),
    "an unknown broader term": (
        acme(terms=[term("purposes", "a", under=["none"])]),
        "unknown_code",
        "/terms/0/under/0",
    ),
    "an unknown audience": (acme(documents=[document(audience=["none"])]), "unknown_code", "/documents/0/audience/0"),
    "an unknown related document": (acme(documents=[document(version_of="old")]), "unknown_code", "/version_of"),
    "an unknown controller": (bundle(activities=[activity(controller="none")]), "unknown_code", "/controller"),
    "a home category of a purpose": (
        acme(terms=[term("purposes", "a", categories=["identity"])]),
        "unknown_field",
        "/terms/0/categories",
    ),
    "a key twice in an activity": (
        acme(activities=[activity(uses=[{"key": "a", "purposes": ["training"]}] * 2)]),
        "ambiguous_code",
        "/activities/0/uses/1/key",
    ),
    "an unknown vocabulary": (bundle(terms=[term("colours", "red")]), "unknown_code", "/terms/0/vocabulary"),
    "an official term": (bundle(terms=[term("purposes", "training")]), "official_term", "/terms/0"),
    "a controller twice": (bundle(controllers=[{"code": "a"}, {"code": "a"}]), "ambiguous_code", "/controllers/1/code"),
    "a term twice": (
        acme(terms=[term("purposes", "acme:a"), term("purposes", "a", controller="acme")]),
        "ambiguous_code",
        "/terms/1/code",
    ),
    "an activity twice": (acme(activities=[BORDRO, BORDRO]), "ambiguous_code", "/activities/1/code"),
    "a term under itself": (
        bundle(terms=[term("purposes", "a", under=["b"]), term("purposes", "b", under=["a"])]),
        "unknown_code",
        "/under/0",
    ),
    "a period that ends before it begins": (
        acme(terms=[term("purposes", "acme:a", valid_from="2024-02-01", valid_to="2024-01-01")]),
        "dates_out_of_order",
        "/terms/0",
    ),
    "a number that is printed and not stated": (
        acme(documents=[document(prints={"response_days": {"state": "not_stated", "value": 30}})]),
        "print_value",
        "/documents/0/prints/response_days",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_bundle_is_named_with_its_place_and_nothing_is_taken(client: TestClient, case: str) -> None:
    content, code, pointer = WRONG[case]
    problem = first_problem(client, json.dumps(content, indent=1))
    assert problem["code"] == code
    assert problem["pointer"].endswith(pointer)
    assert problem["line"] > 1


OTHERS = {
    "term": (activity(uses=[{"purposes": ["acme:maas"]}]), "/activities/0/uses/0/purposes/0"),
    "document of a statement": (activity(uses=[{"document": "acme:politika"}]), "/activities/0/uses/0/document"),
    "document of a basis": (
        activity(uses=[{"legal_bases": [{"code": "explicit_consent", "document": "acme:politika"}]}]),
        "/activities/0/uses/0/legal_bases/0/document",
    ),
    "recipient": (activity(transfers=[{"recipient": "acme:banka"}]), "/activities/0/transfers/0/recipient"),
    "code": (activity("acme:baska"), "/activities/0/code"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_an_activity_uses_nothing_that_another_controller_owns(client: TestClient, case: str) -> None:
    banka = {"controller": "acme", "code": "banka", "name": "Banka", "kind": "class"}
    taken(client, {**EVERYTHING, "recipients": [banka]})
    content, pointer = OTHERS[case]
    other = bundle(controllers=[{"code": "other"}], activities=[{**content, "controller": "other"}])
    problem = first_problem(client, json.dumps(other, indent=1))
    assert (problem["code"], problem["pointer"]) == ("other_controller", pointer)
    assert problem["line"] > 1


RELATED = {
    "version": ("documents", document(controller="other", version_of="acme:politika"), "/documents/0/version_of"),
    "audience": ("documents", document(controller="other", audience=["acme:kisi"]), "/documents/0/audience/0"),
    "broader term": ("terms", term("purposes", "other:b", under=["acme:maas"]), "/terms/0/under/0"),
    "parent": (
        "recipients",
        {"controller": "other", "code": "sube", "name": "Şube", "kind": "class", "parent": "acme:banka"},
        "/recipients/0/parent",
    ),
    "group": (
        "recipients",
        {"controller": "other", "code": "sube", "name": "Şube", "kind": "class", "group": "acme:grup"},
        "/recipients/0/group",
    ),
}


@pytest.mark.parametrize("case", RELATED)
def test_nothing_stands_under_what_another_controller_owns(client: TestClient, case: str) -> None:
    own = [
        term("purposes", "acme:maas"),
        term("data_subject_categories", "acme:kisi"),
        term("recipient_groups", "acme:grup"),
    ]
    banka = {"controller": "acme", "code": "banka", "name": "Banka", "kind": "class"}
    taken(client, acme(terms=own, recipients=[banka], documents=[document()]))
    kind, content, pointer = RELATED[case]
    problem = first_problem(client, json.dumps(bundle(controllers=[{"code": "other"}], **{kind: [content]}), indent=1))
    assert (problem["code"], problem["pointer"]) == ("other_controller", pointer)
    assert problem["line"] > 1


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (
            "recipients",
            {"code": "a", "name": "A", "kind": "named"},
            {"code": "b", "name": "B", "kind": "named", "parent": "a"},
        ),
        ("documents", document("a"), document("b", version_of="a")),
        ("terms", term("purposes", "a"), term("purposes", "b", under=["a"])),
    ],
)
def test_nothing_comes_to_stand_under_itself(client: TestClient, kind: str, one: Any, other: Any) -> None:  # noqa: ANN401
    """Two imports that are right each by itself may not close a circle that no import could build again."""
    above: dict[str, Any] = {"recipients": {"parent": "b"}, "documents": {"version_of": "b"}, "terms": {"under": ["b"]}}
    taken(client, acme(**{kind: [one, other]}))
    assert first_problem(client, acme(**{kind: [{**one, **above[kind]}]}))["code"] == "cycle"


def test_the_last_activity_wrong_means_that_the_first_is_not_there(client: TestClient) -> None:
    wrong = activity("yanlis", uses=[{"purposes": ["nothing"]}])
    first_problem(client, acme(activities=[BORDRO, *(activity(f"a{n}") for n in range(20)), wrong]))
    assert client.get("/v1/activities/acme:bordro").status_code == 404
    assert client.get("/v1/controllers/acme").status_code == 404


def test_a_dry_run_says_what_would_change_and_keeps_nothing(client: TestClient) -> None:
    before = whole_state(client)
    result = taken(client, EVERYTHING, dry_run="true")
    assert (result["dry_run"], result["change"]) == (True, None)
    assert tallies(result, "created") == [1, 1, 1, 1, 1]
    assert whole_state(client) == before


def test_a_dry_run_refuses_what_an_import_refuses(client: TestClient) -> None:
    content, code, _ = WRONG["an unknown term"]
    answer = send(client, content, dry_run="true")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


def test_the_whole_import_is_one_change(client: TestClient) -> None:
    _, before = whole_state(client)
    result = taken(client, EVERYTHING)
    assert (result["dry_run"], result["change"]) == (False, before + 1)
    assert whole_state(client)[1] == before + 1


def test_the_reason_of_an_import_is_kept(client: TestClient) -> None:
    reason = "yıllık gözden geçirme".encode()
    headers = [(b"Envanter-Reason", reason), (b"Content-Type", b"application/json")]
    answer = client.post("/v1/import", content=json.dumps(EVERYTHING), headers=headers)
    declared = client.get("/v1/documents", params={"kind": "declaration"}).json()["items"]
    assert answer.status_code == 200
    assert [declaration["note"] for declaration in declared] == ["yıllık gözden geçirme"]


def test_the_same_bundle_again_changes_nothing_and_takes_no_number(client: TestClient) -> None:
    taken(client, EVERYTHING)
    before = whole_state(client)
    result = taken(client, EVERYTHING)
    assert result["change"] is None
    assert tallies(result, "unchanged") == [1, 1, 1, 1, 1]
    assert whole_state(client) == before


def test_an_import_adds_changes_and_leaves_by_code(client: TestClient) -> None:
    taken(client, EVERYTHING)
    more = [
        {"code": "sgk", "name": "Sosyal Güvenlik Kurumu", "kind": "named"},
        {"code": "b", "name": "B", "kind": "class"},
    ]
    result = taken(client, {**EVERYTHING, "recipients": more, "documents": []})
    assert tallies(result, "created") == [0, 0, 1, 0, 0]
    assert tallies(result, "changed") == [0, 0, 1, 0, 0]
    assert tallies(result, "unchanged") == [1, 1, 0, 0, 1]
    assert client.get("/v1/recipients/sgk").json()["seat"] is None
    assert client.get("/v1/documents/acme:politika").status_code == 200


def test_what_was_deleted_comes_back_under_its_old_id(client: TestClient) -> None:
    taken(client, EVERYTHING)
    known = client.get("/v1/activities/acme:bordro")
    client.delete("/v1/activities/acme:bordro", headers={"If-Match": known.headers["etag"]})
    taken(client, EVERYTHING)
    assert client.get("/v1/activities/acme:bordro").json()["id"] == known.json()["id"]


def test_terms_recipients_and_documents_stand_in_any_order(client: TestClient) -> None:
    chain = [("c", "b"), ("b", "a"), ("a", None)]
    own = [term("purposes", f"acme:{code}", under=[f"acme:{up}"] if up else []) for code, up in chain]
    items = [term("data_items", "acme:oz", categories=["acme:kategori"]), term("data_categories", "acme:kategori")]
    people = [{"code": code, "name": code, "kind": "named", **({"parent": up} if up else {})} for code, up in chain]
    papers = [document(code, **({"version_of": up} if up else {})) for code, up in chain]
    result = taken(client, acme(terms=[*own, *items], recipients=people, documents=papers))
    assert tallies(result, "created") == [1, 5, 3, 3, 0]
    narrower = client.get("/v1/purposes", params={"under": "acme:a", "sort": "code"}).json()["items"]
    assert [found["code"] for found in narrower] == ["acme:a", "acme:b", "acme:c"]


def test_a_bundle_may_turn_around_what_stands_under_what(client: TestClient) -> None:
    taken(client, bundle(terms=[term("purposes", "a", under=["b"]), term("purposes", "b")]))
    taken(client, bundle(terms=[term("purposes", "a"), term("purposes", "b", under=["a"])]))
    assert [up["code"] for up in client.get("/v1/purposes/b").json()["under"]] == ["a"]


def test_a_category_whose_list_of_items_is_empty_is_the_category(client: TestClient) -> None:
    data = [{"category": "contact", "items": []}, {"category": "identity", "items": ["name_surname", "gender"]}]
    taken(client, acme(activities=[activity(collections=[{"data": data}])]))
    members = client.get("/v1/activities/acme:bordro").json()["collections"][0]["data"]["members"]
    pairs = [(member["category"], member["item"]) for member in members]
    assert pairs == [("contact", None), ("identity", "name_surname"), ("identity", "gender")]


def test_an_unknown_item_is_named_where_it_stands_in_the_short_form(client: TestClient) -> None:
    data = ["finance", {"category": "identity", "items": ["name_surname", "nothing"]}, "location"]
    problem = first_problem(client, json.dumps(acme(activities=[activity(collections=[{"data": data}])]), indent=1))
    assert problem["pointer"] == "/activities/0/collections/0/data/1/items/1"


def test_yaml_and_json_are_the_same_bundle(client: TestClient) -> None:
    text = (
        "format: envanter/1\n"
        "controllers:\n"
        "- {code: acme, country: NO, short_name: no, legal_name: on, website: 2024-05-27}\n"
        "documents:\n"
        "- {controller: acme, code: politika, kind: policy, title: off, date: 2024-05-27, version: 2024-05-27}\n"
    )
    taken(client, text)
    as_json = acme(documents=[document(title="off", date="2024-05-27", version="2024-05-27")])
    as_json["controllers"] = [
        {"code": "acme", "country": "NO", "short_name": "no", "legal_name": "on", "website": "2024-05-27"}
    ]
    assert taken(client, as_json)["change"] is None
    assert client.get("/v1/controllers/acme").json()["country"] == "NO"


def test_unreadable_bundles_are_answered_with_400_and_their_line(client: TestClient) -> None:
    problem = first_problem(client, "format: envanter/1\nterms: &one []\nrecipients: *one\n")
    assert (problem["code"], problem["line"]) == ("yaml_alias", 2)


def test_turkish_callers_are_told_in_turkish(client: TestClient) -> None:
    headers = {"Accept-Language": "tr", "Content-Type": "application/yaml"}
    answer = client.post("/v1/import", content="format: envanter/1\nterimler: []\n", headers=headers)
    assert answer.json()["errors"][0]["message"] == "2. satır, /terimler: “terimler” bilinen bir alan değil."


def test_a_body_of_another_kind_is_not_read(client: TestClient) -> None:
    answer = client.post("/v1/import", content=b"format: envanter/1", headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (415, "media_type")


def test_an_imported_declaration_is_not_taken_for_a_new_one(client: TestClient) -> None:
    """What is said without a document rests on a declaration of its own time, whatever codes an import brought."""
    taken(client, acme())
    following = whole_state(client)[1] + 2
    old = document(f"beyan-{following}", kind="declaration", title="Eski beyan")
    taken(client, acme(documents=[old]))
    assert taken(client, acme(activities=[BORDRO]))["change"] == following
    assert client.get("/v1/activities/acme:bordro").json()["uses"][0]["document"] == f"acme:beyan-{following}-2"
