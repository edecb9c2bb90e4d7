"""A gap for every required element of which nothing may be printed, and no other."""

import pytest

from app.notices.content import Channel
from app.notices.gaps import RULES, rule
from app.notices.parts import DocumentRef, Mechanism, Place, Terms, Words
from app.notices.snapshot import Controller, PrintedChannels, Statement
from tests.notices.factories import (
    REQUIREMENTS,
    datum,
    document,
    gap_codes,
    ground,
    listed,
    noticed,
    printed,
    recipient,
    statement,
    term,
    terms,
)

WHOLE = (
    statement("uses", "u", purposes=terms("sale"), legal_bases=(ground("contract"),), methods=(term("phone"),)),
    statement("transfers", "t", recipient=recipient("bank"), purposes=terms("pay")),
    statement("collections", "c", automatic="both", data=listed(datum(term("identity")))),
)
PRINTS = document(
    "acme:metin",
    printed("legal_name", "Acme A.Ş."),
    printed("response_days", "30"),
    printed("fee", "Ücretsiz"),
    channels=PrintedChannels(state="stated", members=(Channel(kind="email", value="a@b.tr"),)),
)


def whole(*more: Statement, without: str = "") -> list[Statement]:
    return [one for one in (*WHOLE, *more) if one.key != without]


def test_every_requirement_has_one_rule_and_every_rule_a_requirement() -> None:
    assert [one.code for one in REQUIREMENTS] == list(dict.fromkeys(one.code for one in REQUIREMENTS))
    assert {one.code for one in REQUIREMENTS} == set(RULES)
    with pytest.raises(ValueError, match="cost_stated"):
        rule("cost_stated")(lambda _, __: [])


def test_a_whole_notice_is_complete() -> None:
    notice = noticed(*WHOLE, documents=(PRINTS,))
    assert notice.gaps == ()
    assert notice.status == "complete"


def test_an_empty_register_lacks_everything_that_is_always_required() -> None:
    notice = noticed()
    assert notice.status == "draft"
    assert gap_codes(notice) == [
        "controller_identity",
        "purposes_stated",
        "legal_basis_stated",
        "recipients_stated",
        "transfer_purpose_stated",
        "collection_method_stated",
        "collection_automatic_or_not",
        "how_to_apply_stated",
        "response_time_stated",
        "cost_stated",
    ]
    assert [gap.enter_at.path for gap in notice.gaps[:2]] == ["/v1/controllers/acme", "/v1/activities"]


def test_the_record_of_the_controller_fills_what_no_document_prints() -> None:
    fields = (("legal_name", "Acme A.Ş."), ("response_days", "30"), ("fee", "Ücretsiz"))
    record = Controller(code="acme", fields=fields, channels=(Channel(kind="kep", value="acme@hs01.kep.tr"),))
    notice = noticed(*WHOLE, controller=record)
    assert notice.gaps == ()
    assert notice.application.response_days.origin == "controller"


def test_what_is_unreadable_in_a_document_is_a_gap_that_says_where() -> None:
    lost = document(
        "acme:metin",
        printed("legal_name", None, "unreadable"),
        channels=PrintedChannels(state="unreadable", locator="8"),
    )
    found = {gap.code: gap for gap in noticed(*WHOLE, documents=(lost,)).gaps}
    assert found["controller_identity"].state == "unreadable"
    assert [(one.document, one.locator) for one in found["how_to_apply_stated"].where] == [("acme:metin", "8")]


def test_a_representative_is_required_of_a_controller_abroad_only() -> None:
    abroad, home = (noticed(*WHOLE, controller=Controller(code="acme", country=code)) for code in ("DE", "TR"))
    assert "representative_identity" in gap_codes(abroad)
    assert "representative_identity" not in gap_codes(home)


@pytest.mark.parametrize("state", ["none", "partly"])
def test_a_use_without_ground_is_a_gap_unless_its_document_completes_it(state: str) -> None:
    bare = statement("uses", "bare", purposes=terms("ads"), basis_gap=state)
    completed = bare.model_copy(update={"key": "completed", "basis_gap": "covered"})
    notice = noticed(*whole(bare, completed), documents=(PRINTS,))
    assert gap_codes(notice, "bare") == ["legal_basis_stated"]
    assert gap_codes(notice, "completed") == []
    (gap,) = notice.gaps
    assert gap.enter_at.path == "/v1/activities/acme:is/uses/bare"
    assert gap.about == Words(tr="ads tr", en="ads en")
    assert [one.locator for one in gap.where] == ["1"]


def test_an_inferred_ground_does_not_fill_the_gap() -> None:
    guessed = statement("uses", "g", purposes=terms("ads"), legal_bases=(ground("contract", certainty="inferred"),))
    (gap,) = noticed(*whole(guessed), documents=(PRINTS,)).gaps
    assert (gap.code, gap.state) == ("legal_basis_stated", "inferred")


def test_a_ground_without_condition_is_a_gap_unless_a_general_sentence_leaves_it_to_others() -> None:
    head = (ground("kvkk_m5_unspecified", names_condition=False),)
    own = statement("uses", "own", purposes=terms("ads"), legal_bases=head)
    general = statement("uses", "general", purposes=Terms(reach="all"), legal_bases=head)
    notice = noticed(*whole(own, general), documents=(PRINTS,))
    assert gap_codes(notice, "own") == ["legal_basis_is_m5_or_m6_condition"]
    assert gap_codes(notice, "general") == []
    alone = noticed(general, *whole(without="u"), documents=(PRINTS,))
    assert "legal_basis_is_m5_or_m6_condition" in gap_codes(alone, "general")


def test_a_repealed_ground_alone_is_a_gap() -> None:
    old = statement("uses", "old", purposes=terms("x"), legal_bases=(ground("old", in_force=False),))
    assert gap_codes(noticed(*whole(old), documents=(PRINTS,)), "old") == ["basis_valid_on_date"]


def test_consent_needs_a_separate_text() -> None:
    def asked(key: str, text: DocumentRef | None) -> Statement:
        basis = ground("explicit_consent", is_consent=True, consent_text=text)
        return statement("transfers", key, recipient=recipient("x"), purposes=terms("ads"), legal_bases=(basis,))

    text = DocumentRef(code="acme:riza", title="Açık Rıza Metni")
    notice = noticed(*whole(asked("without", None), asked("with", text)), documents=(PRINTS,))
    assert gap_codes(notice, "without") == ["consent_separate_from_notice"]
    assert gap_codes(notice, "with") == []


def test_unreadable_purposes_and_data_without_purpose_are_gaps() -> None:
    lost = statement("uses", "lost", purposes=Terms(reach="unreadable"), basis_gap="covered")
    silent = statement("uses", "silent", data=listed(datum(term("logs"))), legal_bases=(ground("contract"),))
    general = statement("uses", "general", legal_bases=(ground("contract"),))
    notice = noticed(*whole(lost, silent, general), documents=(PRINTS,))
    assert [(gap.code, gap.state) for gap in notice.gaps] == [
        ("purposes_stated", "unreadable"),
        ("purposes_stated", "not_stated"),
    ]
    assert gap_codes(notice, "general") == []


def test_transfers_lack_recipient_purpose_country_and_mechanism_one_by_one() -> None:
    consent = Mechanism(code="old", label=Words(tr="o", en="o"), certainty="inferred")
    bare = statement("transfers", "bare", abroad="yes", mechanisms=(consent,))
    named = statement(
        "transfers",
        "named",
        recipient=recipient("host"),
        purposes=terms("storage"),
        abroad="yes",
        places=(Place(country="US"),),
        mechanisms=(Mechanism(code="contract", label=Words(tr="s", en="s")),),
    )
    unclear = statement(
        "transfers",
        "unclear",
        recipient=recipient("x"),
        purposes=Terms(reach="listed", members=(term("p", "unknown"),)),
    )
    notice = noticed(*whole(bare, named, unclear), documents=(PRINTS,))
    assert gap_codes(notice, "bare") == [
        "recipients_stated",
        "transfer_purpose_stated",
        "country_abroad_stated",
        "mechanism_abroad_stated",
    ]
    assert gap_codes(notice, "named") == []
    assert [gap.state for gap in notice.gaps if gap.place and gap.place.key == "unclear"] == ["unknown"]


def test_nothing_is_transferred_is_no_gap() -> None:
    denied = statement("transfers", "never", polarity="does_not")
    assert noticed(*whole(denied, without="t"), documents=(PRINTS,)).gaps == ()


def test_a_recipient_that_only_follows_from_something_is_none() -> None:
    guessed = statement("transfers", "g", recipient=recipient("x", certainty="inferred"), purposes=terms("p"))
    notice = noticed(*whole(guessed, without="t"), documents=(PRINTS,))
    assert [(gap.code, gap.state) for gap in notice.gaps] == [
        ("recipients_stated", "inferred"),
        ("transfer_purpose_stated", "not_stated"),
    ]


def test_a_method_can_say_whether_collection_is_automatic() -> None:
    said = statement("collections", "m", methods=(term("automatic_means"),))
    assert noticed(*whole(said, without="c"), documents=(PRINTS,)).gaps == ()
