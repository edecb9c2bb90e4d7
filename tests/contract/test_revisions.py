"""Every resource keeps its revisions: listed, read, compared and brought back in the same way, also after its end."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from tests.contract.resources import Made
from tests.platform.calling import Json, done, problem, refusal

FIRST, SECOND, THIRD = "ilk hâli", "ikinci hâli", "üçüncü hâli"


def look(made: Made, ending: str, **params: Any) -> Json:  # noqa: ANN401
    """Read something of the history of a resource."""
    return done(made.client.get(f"{made.path}/{ending}", params=params))


def rewrite(made: Made, text: str, reason: str = "düzeltme") -> httpx2.Response:
    """Change the text of a resource, and say why."""
    headers = {b"If-Match": made.get().headers["etag"].encode(), b"Envanter-Reason": reason.encode()}
    answer = made.client.patch(made.path, json={made.resource.text: text}, headers=headers)
    done(answer)
    return answer


def end(made: Made) -> str:
    """End a resource; return the ETag of its last revision."""
    etag = made.get().headers["etag"]
    assert made.send("DELETE", etag=etag).status_code == 204
    return str(etag)


def restore(made: Made, number: int, etag: str) -> httpx2.Response:
    """Bring back a revision."""
    headers = {"If-Match": etag} if etag else {}
    return made.client.post(f"{made.path}/revisions/{number}/restore", headers=headers)


def test_revisions_come_newest_first_with_who_when_and_why(made: Made) -> None:
    rewrite(made, SECOND)
    rewrite(made, THIRD, "bir daha")
    items = look(made, "revisions", count=True)["items"]
    assert [(one["number"], one["action"]) for one in items] == [(3, "changed"), (2, "changed"), (1, "created")]
    assert [one["reason"] for one in items] == ["bir daha", "düzeltme", None]
    assert {one["author"] for one in items} == {"local"}
    assert items[0]["change"] > items[1]["change"] > items[2]["change"]
    assert items[0]["at"] > items[1]["at"] > items[2]["at"]
    assert all(one["at"].endswith("Z") for one in items)
    assert made.resource.text in items[0]["summary"]["en"]
    assert items[2]["summary"] == {"tr": "oluşturuldu", "en": "created"} or made.resource.name == "activities"


def test_an_end_stands_between_the_revisions_and_the_numbers_go_on(made: Made) -> None:
    end(made)
    done(made.client.post(made.resource.path, json=made.example(**{made.resource.text: SECOND})), 201)
    items = look(made, "revisions")["items"]
    assert [(one["number"], one["action"]) for one in items] == [(2, "created"), (1, "ended"), (1, "created")]
    assert items[0]["summary"]["en"].startswith("created again after it had ended")
    assert items[1]["summary"] == {"tr": "sonlandırıldı", "en": "ended"}
    end(made)
    assert [one["action"] for one in look(made, "revisions", limit=2)["items"]] == ["ended", "created"]


def test_revisions_are_paged_and_a_new_one_shifts_nothing(made: Made) -> None:
    rewrite(made, SECOND)
    page = look(made, "revisions", limit=1, count=True, fields="number")
    rewrite(made, THIRD)
    rest = look(made, "revisions", limit=1, cursor=page["next"])
    assert (page["items"], page["total"]) == ([{"number": 2}], 2)
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([1], None)


def test_an_old_revision_reads_to_the_letter_as_it_was_answered_then(made: Made) -> None:
    second = rewrite(made, SECOND)
    rewrite(made, THIRD)
    end(made)
    by_id = f"{made.resource.path}/{made.first['id']}"
    for path in (made.path, by_id):
        for number, then in ((1, made.answer), (2, second)):
            read = made.client.get(f"{path}/revisions/{number}")
            assert (read.content, read.headers["etag"]) == (then.content, then.headers["etag"])


def test_an_old_revision_has_an_etag_and_answers_304_and_only_the_fields_asked_for(made: Made) -> None:
    rewrite(made, SECOND)
    address = f"{made.path}/revisions/1"
    etag = made.client.get(address).headers["etag"]
    again = made.client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert look(made, "revisions/1", fields="code,revision") == {"code": made.first["code"], "revision": 1}
    assert refusal(made.client.get(address, params={"fields": "nmae"}), 422)["parameter"] == "fields"


def test_what_is_not_there_is_named(made: Made) -> None:
    for ending in ("revisions/7", "diff?to=7", "diff?from=7"):
        item = refusal(made.client.get(f"{made.path}/{ending}"), 404)
        assert "“7”" in item["message"]
    for ending in ("revisions/0", "revisions/x", f"revisions/{10**30}", "diff?to=0", "diff?from=x"):
        refusal(made.client.get(f"{made.path}/{ending}"), 422)
    assert refusal(made.client.get(f"{made.resource.path}/yok/revisions/1"), 404)["code"] == "not_found"
    assert refusal(restore(made, 7, made.answer.headers["etag"]), 404)["code"] == "not_found"


def test_a_difference_tells_the_field_with_both_values_and_in_both_languages(made: Made) -> None:
    rewrite(made, SECOND)
    found = look(made, "diff")
    assert (found["id"], found["code"]) == (made.first["id"], made.first["code"])
    assert (found["from"]["number"], found["to"]["number"], found["to"]["reason"]) == (1, 2, "düzeltme")
    [one] = found["differences"]
    assert (one["field"], one["kind"], one["action"]) == (made.resource.text, None, "changed")
    assert (one["before"], one["after"]) == (FIRST, SECOND)
    assert set(one["words"]) == {"tr", "en"}
    assert all(f"“{FIRST}” → “{SECOND}”" in words for words in one["words"].values())


def test_any_two_revisions_are_compared_in_either_direction(made: Made) -> None:
    rewrite(made, SECOND)
    rewrite(made, THIRD)
    end(made)
    forth = look(made, "diff", **{"from": 1, "to": 3})["differences"]
    back = look(made, "diff", **{"from": 3, "to": 1})["differences"]
    assert [(one["before"], one["after"]) for one in forth] == [(FIRST, THIRD)]
    assert [(one["before"], one["after"]) for one in back] == [(THIRD, FIRST)]
    assert look(made, "diff", **{"from": 2, "to": 2})["differences"] == []


def test_before_the_first_revision_there_was_nothing(made: Made) -> None:
    answer = made.client.get(f"{made.path}/diff")
    found = done(answer)
    assert found["from"] is None
    assert {one["action"] for one in found["differences"]} == {"added"}
    assert made.resource.text in {one["field"] for one in found["differences"]}
    match = {"If-None-Match": answer.headers["etag"]}
    assert made.client.get(f"{made.path}/diff", headers=match).status_code == 304


def test_restoring_makes_a_new_revision_with_the_old_content(made: Made) -> None:
    etag = rewrite(made, SECOND).headers["etag"]
    headers = {"If-Match": etag, "Envanter-Reason": "geri"}
    answer = made.client.post(f"{made.path}/revisions/1/restore", headers=headers)
    assert done(answer) == {**made.first, "revision": 3} == done(made.get())
    assert answer.headers["etag"] == made.get().headers["etag"]
    newest = look(made, "revisions")["items"][0]
    assert (newest["action"], newest["restores"], newest["reason"]) == ("restored", 1, "geri")
    assert newest["summary"]["en"].startswith("revision 1 restored")
    assert look(made, "diff", **{"from": 1})["differences"] == []


def test_what_has_ended_lives_again_when_it_is_restored(made: Made) -> None:
    rewrite(made, SECOND)
    etag = end(made)
    assert done(restore(made, 1, etag)) == {**made.first, "revision": 3} == done(made.get())
    actions = [one["action"] for one in look(made, "revisions")["items"]]
    assert actions == ["restored", "ended", "changed", "created"]
    assert refusal(restore(made, 2, etag), 412)["code"] == "stale"


def test_restoring_what_already_reads_so_changes_nothing(made: Made) -> None:
    answer = restore(made, 1, made.answer.headers["etag"])
    assert done(answer) == made.first
    assert len(look(made, "revisions")["items"]) == 1


@pytest.mark.parametrize("is_ended", [False, True])
def test_restoring_names_the_latest_revision(made: Made, is_ended: bool) -> None:
    rewrite(made, SECOND)
    if is_ended:
        end(made)
    assert refusal(restore(made, 1, ""), 428)["code"] == "if_match_required"
    assert refusal(restore(made, 1, made.answer.headers["etag"]), 412)["code"] == "stale"
    assert problem(restore(made, 1, "*"), 428)["status"] == 428
    assert look(made, "revisions")["items"][0]["number"] == 2


def test_history_is_told_as_of_an_instant_too(made: Made) -> None:
    rewrite(made, SECOND)
    before = datetime.now(UTC).isoformat()
    endings = ("revisions", "revisions/1", "diff", "revisions/2")
    told = [made.client.get(f"{made.path}/{ending}").content for ending in endings]
    rewrite(made, THIRD)
    end(made)
    assert [made.client.get(f"{made.path}/{one}", params={"as_of": before}).content for one in endings] == told
    refusal(made.client.get(f"{made.path}/revisions/3", params={"as_of": before}), 404)
    refusal(made.client.get(f"{made.path}/revisions", params={"as_of": "2020-01-01T00:00:00Z"}), 404)
