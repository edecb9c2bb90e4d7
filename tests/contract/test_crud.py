"""Every resource is created, read, changed and ended in the same way."""

from datetime import UTC, datetime

import pytest

from tests.contract.resources import Made
from tests.platform.calling import done, problem, refusal

METHODS = ("PUT", "PATCH", "DELETE")


def test_a_new_resource_is_answered_with_its_address_and_etag(made: Made) -> None:
    assert made.answer.headers["location"] == made.path
    assert made.answer.headers["etag"].startswith('"1-')
    read = made.get()
    assert done(read) == made.first
    assert read.headers["etag"] == made.answer.headers["etag"]
    assert made.first["revision"] == 1


def test_it_is_found_by_its_id_and_in_its_list(made: Made) -> None:
    by_id = made.client.get(f"{made.resource.path}/{made.first['id']}")
    assert done(by_id) == made.first
    page = done(made.client.get(made.resource.path, params={"q": made.bare}))
    assert made.first in page["items"]


def test_an_etag_that_is_still_current_answers_304_without_a_body(made: Made) -> None:
    etag = made.answer.headers["etag"]
    answer = made.client.get(made.path, headers={"If-None-Match": f'"9-0", W/{etag}'})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag
    done(made.send("PATCH", {made.resource.text: "yeni"}))
    assert made.client.get(made.path, headers={"If-None-Match": etag}).status_code == 200


def test_put_replaces_the_whole(made: Made) -> None:
    whole = made.example()
    del whole[made.resource.text]
    answer = made.send("PUT", whole)
    assert done(answer) == {**made.first, made.resource.text: None, "revision": 2}
    assert answer.headers["etag"] == made.get().headers["etag"]
    assert answer.headers["etag"].startswith('"2-')


def test_patch_changes_what_it_names_and_null_removes(made: Made) -> None:
    text = made.resource.text
    changed = done(made.send("PATCH", {text: "yeni hâli"}))
    assert changed == {**made.first, text: "yeni hâli", "revision": 2}
    assert done(made.send("PATCH", {text: None})) == {**changed, text: None, "revision": 3}
    assert done(made.send("PATCH", {}))["revision"] == 3


def test_what_was_read_may_be_sent_back_and_changes_nothing(made: Made) -> None:
    answer = made.send("PUT", made.first)
    assert done(answer) == made.first
    assert answer.headers["etag"] == made.answer.headers["etag"]
    assert done(made.send("PATCH", made.first)) == made.first


def test_what_is_ended_is_gone_but_stays_in_its_time(made: Made) -> None:
    before = datetime.now(UTC).isoformat()
    answer = made.send("DELETE")
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(made.get(), 404)["code"] == "not_found"
    assert done(made.client.get(made.resource.path, params={"q": made.bare}))["items"] == []
    assert done(made.get(as_of=before)) == made.first


def test_a_code_that_comes_back_names_the_same_thing(made: Made) -> None:
    made.send("DELETE")
    again = done(made.client.post(made.resource.path, json=made.example()), 201)
    assert again["id"] == made.first["id"]
    assert again["revision"] == 2
    assert refusal(made.send("DELETE", etag=made.answer.headers["etag"]), 412)["code"] == "stale"


def test_as_of_gives_the_old_state_to_the_letter(made: Made) -> None:
    old = made.get()
    before = datetime.now(UTC).isoformat()
    done(made.send("PATCH", {made.resource.text: "sonraki hâli"}))
    then = made.get(as_of=before)
    assert (then.content, then.headers["etag"]) == (old.content, old.headers["etag"])
    page = done(made.client.get(made.resource.path, params={"q": made.bare, "as_of": before}))
    assert page["items"] == [made.first]
    refusal(made.get(as_of="2020-01-01T00:00:00Z"), 404)


@pytest.mark.parametrize("method", METHODS)
def test_a_change_names_the_revision_that_it_knows(made: Made, method: str) -> None:
    body = None if method == "DELETE" else made.example(**{made.resource.text: "yeni"})
    assert refusal(made.send(method, body, etag=""), 428)["code"] == "if_match_required"
    assert refusal(made.send(method, body, etag='"7-0123456789abcdef"'), 412)["code"] == "stale"
    for garbage in ("*", '"x"', '"1-a", "2-b"', "9" * 5000, '"1', "-1", "1-A"):
        assert refusal(made.send(method, body, etag=garbage), 428)["code"] == "bad_if_match"
    assert done(made.get()) == made.first


def test_an_unknown_field_is_refused_with_what_is_allowed(made: Made) -> None:
    body = made.example(nöte="x")
    answers = (
        made.client.post(made.resource.path, json={**body, "code": f"{made.bare}-2"}),
        made.send("PUT", body),
        made.send("PATCH", {"nöte": "x"}),
    )
    for answer in answers:
        error = refusal(answer, 422)
        assert (error["code"], error["pointer"]) == ("unknown_field", "/nöte")
        assert made.resource.text in error["allowed"]
    assert done(made.get()) == made.first
    refusal(made.client.get(f"{made.path}-2"), 404)


def test_a_code_that_is_taken_is_refused(made: Made) -> None:
    answer = made.client.post(made.resource.path, json=made.example(**{made.resource.text: "başka"}))
    assert problem(answer, 409)["type"] == "/problems/duplicate"
    assert refusal(answer, 409)["pointer"] == "/code"
    assert done(made.get()) == made.first


def test_a_code_never_changes(made: Made) -> None:
    for method, body in (("PUT", made.example(code=f"{made.bare}-2")), ("PATCH", {"code": f"{made.bare}-2"})):
        answer = made.send(method, body)
        assert problem(answer, 409)["type"] == "/problems/immutable"
        assert refusal(answer, 409)["pointer"] == "/code"
    assert done(made.get()) == made.first


def test_a_missing_field_and_a_wrong_type_are_pointed_at(made: Made) -> None:
    assert refusal(made.client.post(made.resource.path, json=made.example(code=7)), 422)["pointer"] == "/code"
    nameless = {name: value for name, value in made.example().items() if name != "code"}
    error = refusal(made.client.post(made.resource.path, json=nameless), 422)
    assert (error["code"], error["pointer"]) == ("missing", "/code")
    for wrong in ("Büyük", "a b", "-a", "a:b:c", ""):
        assert refusal(made.client.post(made.resource.path, json=made.example(code=wrong)), 422)["pointer"] == "/code"


def test_a_reason_and_a_name_of_the_register_do_not_change_the_answer(made: Made) -> None:
    answer = made.client.patch(
        made.path,
        json={made.resource.text: "gerekçeli"},
        headers={b"If-Match": made.answer.headers["etag"].encode(), b"Envanter-Reason": "düzeltme".encode()},
    )
    assert done(answer) == {**made.first, made.resource.text: "gerekçeli", "revision": 2}
