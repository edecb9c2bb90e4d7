"""The written notice: only what is stated, in one language, escaped, and with words for everything."""

from typing import Any

import pytest
import yaml

from app.documents.schemas import Channel as DocumentChannel
from app.notices.content import Notice
from app.notices.parts import NoticeData, Phrase, Place, Recipient, RetentionStep, Terms, Words
from app.notices.rendering import code_span, escape_markdown, to_html, to_markdown
from app.notices.snapshot import Statement
from app.notices.wording import TEMPLATES, load_wording
from app.platform.settings import Settings
from tests.notices.factories import datum, document, ground, listed, noticed, printed, recipient, statement, term, terms

EVIL = "<script>alert(1)</script> | **x** _y_ [z](http://e.example) `q` # &amp;"


def written(*statements: Statement, language: str = "tr", **values: Any) -> str:  # noqa: ANN401
    return to_markdown(noticed(*statements, **values), language)


def keys_of(node: Any, prefix: str = "") -> set[str]:  # noqa: ANN401 - any node
    if not isinstance(node, dict):
        return {prefix}
    return {key for name, value in node.items() for key in keys_of(value, f"{prefix}.{name}")}


def test_both_wordings_have_words_for_the_same_things() -> None:
    assert keys_of(load_wording("tr").words) == keys_of(load_wording("en").words)


def test_every_ground_and_every_document_channel_has_plain_words() -> None:
    seed = yaml.safe_load((Settings().seed_directory / "vocabularies" / "legal_bases.yaml").read_text())
    in_force = {one["code"] for one in seed["terms"] if "valid_to" not in one}
    assert in_force == set(load_wording("tr").words["grounds"])
    assert set(DocumentChannel.__args__) == set(load_wording("en").words["channels"])  # type: ignore[attr-defined]


def test_phrases_are_said_once() -> None:
    lines = [line for line in (TEMPLATES / "phrases.en.yaml").read_text().splitlines() if line.startswith("  ")]
    assert len(lines) == len(load_wording("en").phrases)


def test_inferred_members_are_not_written() -> None:
    use = statement(
        "uses",
        "u",
        purposes=Terms(reach="listed", members=(term("sale"), term("ads", "inferred"))),
        legal_bases=(ground("contract"), ground("consent", certainty="inferred", is_consent=True)),
        data=listed(datum(term("health", "inferred")), datum(term("home", "inferred"), term("name"))),
        data_subjects=Terms(reach="listed", members=(term("customer", "inferred"),)),
    )
    text = written(use)
    assert "sale tr" in text
    assert "name tr" in text
    for hidden in ("ads tr", "consent tr", "health tr", "home tr", "customer tr", "açık rıza metni"):
        assert hidden not in text


def test_a_transfer_to_an_inferred_recipient_is_not_written() -> None:
    guessed = statement("transfers", "t", recipient=recipient("bank", certainty="inferred"), purposes=terms("pay"))
    assert "pay tr" not in written(guessed)


def test_unpaired_purposes_and_grounds_are_said_to_be_one_group() -> None:
    flat = statement(
        "uses",
        "u",
        purposes=terms("a", "b"),
        legal_bases=(ground("c"), ground("d")),
        bases_relate="any",
        pairing="flat",
    )
    text = written(flat)
    assert load_wording("tr").say("why.flat") in text
    assert load_wording("tr").say("why.relate.any") in text
    joined = flat.model_copy(update={"pairing": "joined"})
    assert load_wording("en").say("why.joined") in written(joined, language="en")


def test_a_denied_transfer_is_said_where_it_stands() -> None:
    denied = statement("transfers", "t", polarity="does_not", data=listed(datum(term("health"))))
    text = written(denied)
    assert "| Kime aktarılmaz | Hangi veriler aktarılmaz |" in text
    assert "| Herhangi bir üçüncü kişi | health tr |" in text


def test_words_held_in_turkish_only_are_not_written_in_english() -> None:
    def told(words: str) -> str:
        row = statement("uses", "u", purposes=terms("a"), condition=Phrase(text=words, language="tr"))
        return written(row, language="en")

    assert "Condition: If requested" in told("Talep edilmesi hâlinde")
    unknown = told("Yalnız salı günleri")
    assert "salı" not in unknown
    assert load_wording("en").say("foreign_words") in unknown


def test_a_class_without_english_name_is_not_named_in_turkish() -> None:
    to = Recipient(code="x", name=Words(tr="Esnaf", en=""), kind="class", group=term("suppliers"))
    text = written(statement("transfers", "t", recipient=to, purposes=terms("a")), language="en")
    assert "Esnaf" not in text
    assert "group: suppliers en" in text


def test_countries_are_named_in_the_language_of_the_notice() -> None:
    row = statement(
        "transfers",
        "t",
        recipient=recipient("x"),
        purposes=terms("a"),
        location="abroad",
        places=(Place(country="US"),),
    )
    assert "Ülke: Amerika Birleşik Devletleri" in written(row)
    assert "Country: United States" in written(row, language="en")


def test_articles_are_written_as_english_does() -> None:
    law = load_wording("en").law
    assert law("KVKK m.9/1 (7499 sayılı Kanun öncesi)") == "KVKK Art. 9/1 (before Law No. 7499)"
    assert law("KVKK m.10/1-ç; Tebliğ m.4/1-ç") == "KVKK Art. 10/1-ç; Communiqué on the Duty to Inform Art. 4/1-ç"
    assert load_wording("tr").law("KVKK m.5/1") == "KVKK m.5/1"


def test_a_period_is_written_without_endings_on_names() -> None:
    step = RetentionStep(
        value=10, unit="year", bound="minimum", start_events=(term("end_of_employment"),), action=(term("erasure"),)
    )
    kept = statement("retentions", "r", retention_kind="period", steps=(step,), data=listed(datum(term("finance"))))
    assert "en az 10 yıl; Sürenin başlangıcı: end\\_of\\_employment tr" in written(kept)
    assert "at least 10 years; Counted from: end\\_of\\_employment en" in written(kept, language="en")
    assert "Süre sonunda: erasure tr" in written(kept)


def test_every_value_is_escaped() -> None:
    evil = term("x").model_copy(update={"label": Words(tr=EVIL, en=EVIL)})
    use = statement("uses", "u", purposes=Terms(reach="listed", members=(evil,)))
    notice = noticed(use, documents=(document("acme:metin", printed("legal_name", EVIL)),))
    page, text = to_html(notice, "tr"), to_markdown(notice, "tr")
    assert "<script" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 4
    assert "<script" not in text
    assert r"\| \*\*x\*\* \_y\_ \[z\](http://e.example) \`q\` # &amp;amp;" in text


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("- a", "\\- a"),
        ("1. a", "1\\. a"),
        ("2024-05-27", "2024-05-27"),
        ("# a", "\\# a"),
        ("a\n\nb", "a b"),
        ("a-b@c.tr", "a-b@c.tr"),
        ("Ad, soyad (asıl)", "Ad, soyad (asıl)"),
    ],
)
def test_markdown_is_escaped_where_it_would_be_markup(value: str, escaped: str) -> None:
    assert escape_markdown(value) == escaped


def test_code_cannot_end_its_own_span() -> None:
    assert str(code_span("a`b")) == "`` a`b ``"


def test_the_draft_mark_goes_when_nothing_is_missing() -> None:
    notice: Notice = noticed()
    assert "**TASLAK**" in to_markdown(notice, "tr")
    assert 'class="draft"' in to_html(notice, "en")
    whole = notice.model_copy(update={"gaps": (), "status": "complete"})
    assert "TASLAK" not in to_markdown(whole, "tr")
    assert 'class="draft"' not in to_html(whole, "en")
    assert "gaps" not in to_html(whole, "en").partition("</style>")[2]


def test_whatever_is_denied_is_said_under_a_heading_of_its_own() -> None:
    data = listed(datum(term("health")))
    denied = [
        statement("collections", "c", polarity="does_not", data=data, methods=(term("camera"),)),
        statement("uses", "u", polarity="does_not", purposes=terms("profiling"), data=data),
        statement("retentions", "r", polarity="does_not", retention_kind="criterion", as_stated="süresiz", data=data),
        statement("measures", "m", polarity="does_not", measures=(term("encryption"),)),
    ]
    text = written(*denied)
    say = load_wording("tr").say
    for name in ("what.denied", "why.denied", "how.denied", "how_long.denied", "protection.denied"):
        assert f"### {say(name)}" in text
    assert "profiling tr" in text
    assert "encryption tr" in text


def test_joint_controllers_and_processors_are_named() -> None:
    joint = statement("roles", "r", role="joint_controller", recipient=recipient("partner", role="joint_controller"))
    assert "| Ortak veri sorumlusu | partner tr (ortak veri sorumlusu sıfatıyla) |" in written(joint)


def test_data_and_people_of_all_are_spelled_out_beside_another_document() -> None:
    data = NoticeData(reach="all", members=(datum(term("home", "inferred"), term("name")), datum(term("contact"))))
    people = terms("customer", reach="all")
    use = statement("uses", "u", document="acme:a", purposes=terms("sale"), data=data, data_subjects=people)
    other = statement("uses", "v", document="acme:b", purposes=terms("ads"))
    alone, together = written(use), written(use, other)
    assert "Toplanan verilerin tümü" in alone
    assert "Bu metnin kapsadığı kişilerin tümü" in alone
    assert "Toplanan verilerin tümü" not in together
    for name in ("name tr", "contact tr", "Kimin: customer tr"):
        assert name in together
