"""What the register said: an old answer comes to the letter, whatever was changed since."""

from typing import Any, Final

from tests.register.making import Register
from tests.register.registers import fill

ADDRESSES: Final[list[tuple[str, dict[str, Any]]]] = [
    ("/facts/transfers", {}),
    ("/facts/transfers", {"data_category": "identity", "recipient": "cloud"}),
    ("/facts/transfers", {"group_by": ["recipient", "data_category"], "count_of": "purpose"}),
    ("/facts/transfers", {"group_by": "legal_basis", "level": "official"}),
    ("/questions/abroad-under-explicit-consent", {}),
    ("/activities", {}),
]


def instant(acme: Register) -> str:
    """Return the instant of an answer, after everything written so far."""
    answer = acme.ask("/questions/abroad-under-explicit-consent", on="2026-11-22")
    return str(answer["as_of"])


def answers(acme: Register, as_of: str | None = None) -> list[bytes]:
    """Ask everything, of now or of an instant."""
    clock = {"on": "2026-11-22"} if as_of is None else {"on": "2026-11-22", "as_of": as_of}
    found = [acme.client.get(f"/v1{path}", params=clock | asked) for path, asked in ADDRESSES]
    assert {answer.status_code for answer in found} == {200}
    return [answer.content for answer in found]


def rewrite(acme: Register) -> None:
    """Change a statement, and rename and move everything around it."""
    statement = {"recipient": "sgk", "places": ["DE"], "document": "acme:sozlesme"}
    answer = acme.send("PUT", "/activities/acme:genel/transfers/bulut", statement)
    assert answer.status_code == 200
    acme.change("/activities/acme:genel", name={"tr": "Başka", "en": "Other"})
    acme.change("/recipients/cloud", name="Yeni Bulut A.Ş.", seat="TR", group="banks")
    acme.change("/data-categories/acme:kimlik", label={"tr": "Yeni", "en": "New"}, under=["contact"])
    acme.change("/controllers/acme", short_name="Başka A.Ş.")
    acme.change("/documents/acme:politika", date="2025-01-01", channel="paper")


def test_after_changes_and_renames_an_earlier_instant_gives_the_old_answer_to_the_letter(acme: Register) -> None:
    fill(acme)
    before = instant(acme)
    old = answers(acme, before)
    rewrite(acme)
    assert answers(acme, before) == old
    assert all(new != known for new, known in zip(answers(acme, instant(acme)), old, strict=True))


def test_after_deletion_the_old_answer_still_comes_and_the_new_one_is_empty(acme: Register) -> None:
    fill(acme)
    before = instant(acme)
    old = answers(acme, before)
    acme.remove("/activities/acme:genel")
    acme.remove("/recipients/branch")
    acme.remove("/data-categories/acme:kimlik")
    assert answers(acme, before) == old
    assert acme.transfers() == []


def test_a_code_that_was_known_then_may_be_asked_for_then(acme: Register) -> None:
    fill(acme)
    before = instant(acme)
    acme.remove("/activities/acme:genel")
    acme.remove("/recipients/branch")
    assert acme.keys(recipient="branch", on="2026-11-22", as_of=before) == ["destek", "izin"]
    assert acme.client.get("/v1/facts/transfers", params={"recipient": "branch"}).status_code == 422


def test_before_the_first_change_the_register_said_nothing(acme: Register) -> None:
    fill(acme)
    assert acme.transfers(as_of="2001-01-01T00:00:00Z") == []


def test_a_collection_saved_in_one_activity_changes_what_follows_in_another_at_once(acme: Register) -> None:
    acme.activity("siparis", collections=[{"key": "c", "data": ["contact"], "data_subjects": ["customer"]}])
    acme.activity("sevkiyat", transfers=[{"key": "kargo"}])
    assert [c["code"] for c in acme.transfer("kargo")["data_categories"]] == ["contact"]
    saved = {"document": "politika", "data": ["contact", "finance"], "data_subjects": ["customer", "employee"]}
    assert acme.send("PUT", "/activities/acme:siparis/collections/c", saved).status_code == 200
    fact = acme.transfer("kargo")
    assert {c["code"]: c["certainty"] for c in fact["data_categories"]} == dict.fromkeys(
        ["contact", "finance"], "inferred"
    )
    assert {s["code"]: s["certainty"] for s in fact["data_subject_categories"]} == dict.fromkeys(
        ["customer", "employee"], "inferred"
    )
    acme.remove("/activities/acme:siparis")
    assert acme.transfer("kargo")["data_categories"] == []


def test_a_document_without_collections_follows_those_of_its_activity(acme: Register) -> None:
    acme.document("ek", date="2024-05-27")
    acme.term("data_items", "not", categories=["contact"])
    acme.activity(
        collections=[{"data": [{"item": "acme:not"}]}],
        transfers=[{"key": "t", "document": "ek"}],
    )
    assert [c["code"] for c in acme.transfer("t")["data_categories"]] == ["contact"]
    acme.change("/data-items/acme:not", categories=["finance"])
    assert [c["code"] for c in acme.transfer("t")["data_categories"]] == ["finance"]


def test_a_seat_learned_of_a_parent_far_up_makes_a_transfer_possibly_abroad_at_once(acme: Register) -> None:
    acme.recipient("r1")
    for number in range(2, 6):
        acme.recipient(f"r{number}", parent=f"r{number - 1}")
    acme.activity(transfers=[{"key": "t", "recipient": "r5"}])
    assert acme.transfer("t")["abroad"] == "not_stated"
    acme.change("/recipients/r1", seat="US")
    assert acme.transfer("t")["abroad"] == "possible"
    acme.change("/recipients/r3", parent=None)
    assert acme.transfer("t")["abroad"] == "not_stated"


def test_a_category_moved_under_another_lets_the_items_at_home_in_it_follow(acme: Register) -> None:
    acme.term("data_categories", "kayit")
    acme.term("data_items", "not", categories=["acme:kayit"])
    acme.activity(
        collections=[{"data": [{"item": "acme:not"}], "data_subjects": ["customer"]}],
        transfers=[{"key": "t", "data": ["contact"]}],
    )
    assert acme.transfer("t")["data_subject_categories"] == []
    acme.change("/data-categories/acme:kayit", under=["contact"])
    assert [s["code"] for s in acme.transfer("t")["data_subject_categories"]] == ["customer"]


def test_a_place_given_for_the_same_recipient_elsewhere_in_the_document_is_a_hint(acme: Register) -> None:
    acme.recipient("cloud")
    acme.document("ek")
    acme.activity(
        transfers=[
            {"key": "silent", "recipient": "cloud"},
            {"key": "elsewhere", "recipient": "cloud", "document": "ek"},
            {"key": "placed", "recipient": "cloud", "places": ["US"]},
        ]
    )
    assert {fact["key"]: fact["abroad"] for fact in acme.transfers()} == {
        "silent": "possible",
        "elsewhere": "not_stated",
        "placed": "yes",
    }
