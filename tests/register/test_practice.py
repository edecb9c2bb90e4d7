"""What is there for trying things out stands in no answer, unless it is asked for by name."""

import pytest
from fastapi.testclient import TestClient

from tests.register.many import facts, groups

KINDS = ("collections", "uses", "transfers", "retentions", "measures")


@pytest.mark.parametrize("kind", KINDS)
def test_facts_leave_practice_out_unless_it_is_named(seeded: TestClient, kind: str) -> None:
    assert "ornek" not in {row["controller"]["code"] for row in facts(seeded, kind)}
    for name, value in (("controller", "ornek"), ("activity", "ornek:deneme"), ("document", "ornek:deneme")):
        assert {row["controller"]["code"] for row in facts(seeded, kind, **{name: value})} == {"ornek"}


def test_groups_name_no_practice_controller_document_or_activity_even_when_empty(seeded: TestClient) -> None:
    for dimension in ("controller", "activity", "document"):
        found = groups(seeded, "uses", dimension, empty=True)
        assert not [code for code in found if code.startswith(("ornek", "bos_ornek"))]
    assert list(groups(seeded, "uses", "controller", controller="ornek", empty=True)) == ["ornek"]


@pytest.mark.parametrize("slug", ["abroad-under-explicit-consent", "articles-cited", "rights-and-channels"])
def test_questions_and_comparisons_leave_practice_out(seeded: TestClient, slug: str) -> None:
    assert '"ornek' not in seeded.get(f"/v1/questions/{slug}", params={"limit": 500}).text
    named = seeded.get(f"/v1/questions/{slug}", params={"controller": "ornek"}).json()
    assert (named["items"] == []) is (slug == "articles-cited")
    compared = seeded.get("/v1/compare", params={"of": "uses", "by": "controller", "across": "automatic"})
    assert "ornek" not in compared.text
    across = seeded.get("/v1/compare", params={"of": "uses", "by": "purpose", "across": "controller"})
    assert "ornek" not in across.text


def test_a_controller_that_stops_being_practice_counts_from_then_on(seeded: TestClient) -> None:
    etag = seeded.get("/v1/controllers/ornek").headers["etag"]
    answer = seeded.patch("/v1/controllers/ornek", json={"practice": False}, headers={"If-Match": etag})
    assert answer.status_code == 200
    assert "ornek" in groups(seeded, "uses", "controller")
