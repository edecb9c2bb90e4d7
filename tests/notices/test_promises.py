"""The notices of the seeded documents: everything stated is in them, nothing inferred is, and the gaps are these.

What is expected comes from the bundles by a walk of its own, not through the product's readers.
"""

import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from fastapi.testclient import TestClient

from app.platform.settings import ROOT

Node = dict[str, Any]
BUNDLES: Final = {path.stem.split("-", 1)[1]: path for path in sorted((ROOT / "seed" / "bundles").glob("00*.yaml"))}
ON: Final = "2026-11-22"
LINKED: Final = {
    "purposes": "purposes",
    "legal_bases": "legal_bases",
    "data_subjects": "data_subject_categories",
    "collection_methods": "collection_methods",
    "measures": "measures",
    "mechanisms": "transfer_mechanisms",
}
STEPS: Final = {"start_events": "retention_events", "renewed_by": "retention_events", "action": "disposal_methods"}


def read(path: Path) -> Node:
    content: Node = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    return content


def members(value: Any) -> list[Node]:  # noqa: ANN401 - any short or long form
    """Links of a list or a set, in their long form."""
    found = value.get("members", []) if isinstance(value, dict) else value or []
    return [{"code": one} if isinstance(one, str) else one for one in found]


def pairs(value: Any) -> Iterator[Node]:  # noqa: ANN401 - any short or long form
    """Members of data: one per item."""
    found = value.get("members", []) if isinstance(value, dict) else value or []
    for one in found:
        whole = {"category": one} if isinstance(one, str) else one
        for item in whole.get("items", [{}]):
            own = {"code": item} if isinstance(item, str) else item
            yield {"category": whole.get("category"), "item": own.get("code", whole.get("item")), **whole, **own}


class Expected:
    """The terms and recipients that a bundle states, and those that it only infers."""

    def __init__(self, controller: str) -> None:
        self.bundle = read(BUNDLES[controller])
        self.controller = controller
        self.labels: dict[tuple[str, str], Node] = {}
        for path in (ROOT / "seed" / "vocabularies").glob("*.yaml"):
            vocabulary = read(path)
            self.labels |= {(vocabulary["vocabulary"], one["code"]): one for one in vocabulary["terms"]}
        for one in self.bundle.get("terms", []):
            self.labels[one["vocabulary"], f"{controller}:{one['code']}"] = one
        self.recipients = {
            f"{one['controller']}:{one['code']}" if "controller" in one else one["code"]: one
            for one in self.bundle.get("recipients", [])
        }
        self.stated: set[tuple[str, str]] = set()
        self.unsure: set[tuple[str, str]] = set()
        for activity in self.bundle["activities"]:
            for kind in ("roles", "collections", "uses", "transfers", "retentions", "measures"):
                for statement in activity.get(kind, []):
                    self._walk(statement)
        self.unsure -= self.stated

    def _walk(self, statement: Node) -> None:
        recipient = statement.get("recipient", statement.get("counterpart"))
        recipient = {"code": recipient} if isinstance(recipient, str) else recipient
        if recipient is not None:
            self._note("recipients", recipient["code"], recipient)
            if recipient.get("certainty", "stated") != "stated":
                return
        for holder in (statement, *statement.get("steps", [])):
            for field, vocabulary in (LINKED | STEPS).items():
                for link in members(holder.get(field)):
                    self._note(vocabulary, link["code"], link)
        self._walk_data(statement)

    def _walk_data(self, statement: Node) -> None:
        for pair in pairs(statement.get("data")):
            for field, vocabulary in (("category", "data_categories"), ("item", "data_items")):
                if pair[field] is not None:
                    self._note(vocabulary, pair[field], pair)
        for source in statement.get("sources", []):
            if source["kind"] == "recipient":
                self._note("recipients", source["recipient"], source)

    def _note(self, vocabulary: str, code: str, link: Node) -> None:
        certainty = link.get("certainty", "stated")
        (self.stated if certainty == "stated" else self.unsure).add((vocabulary, code))

    def name(self, key: tuple[str, str], language: str) -> str:
        """Label of a term or name of a recipient."""
        vocabulary, code = key
        if vocabulary == "recipients":
            one = self.recipients[code]
            return str(one.get("name_en", one["name"]) if language == "en" else one["name"])
        label = str(self.labels[key]["label"][language])
        return re.sub(r"\bm\.(?=\d)", "Art. ", label) if language == "en" else label


def words_of(page: str) -> str:
    """The words of a page, each piece on a line."""
    body = page.partition("</style>")[2].partition('<section id="gaps"')[0]
    flat = re.sub(r"</?(?:span|b|strong|a|code)\b[^>]*>", "", body)
    return "\n".join(" ".join(html.unescape(part).split()) for part in re.split(r"<[^>]+>", flat) if part.strip())


def words_in(markdown: str) -> str:
    return html.unescape(re.sub(r"\\(?=[\\`*_\[\]|~#+=.)-])", "", markdown))


@cache
def texts(client: TestClient, controller: str, language: str) -> tuple[str, str]:
    address = f"/v1/controllers/{controller}/notice?on={ON}&lang={language}"
    page, markdown = (client.get(f"{address}&format={name}") for name in ("html", "md"))
    assert page.status_code == markdown.status_code == 200
    return words_of(page.text), words_in(markdown.text)


@pytest.mark.parametrize("controller", BUNDLES)
def test_a_notice_contains_everything_that_its_documents_state(register: TestClient, controller: str) -> None:
    expected = Expected(controller)
    heads = {code for vocabulary, code in expected.labels if vocabulary == "legal_bases"}
    heads -= {code for code in heads if expected.labels["legal_bases", code]["kind"] == "official"}
    for language in ("tr", "en"):
        for text in texts(register, controller, language):
            missing = {key: expected.name(key, language) for key in expected.stated if key[1] not in heads}
            assert {key: name for key, name in missing.items() if name not in text} == {}


@pytest.mark.parametrize("controller", BUNDLES)
def test_a_notice_prints_what_its_documents_print(register: TestClient, controller: str) -> None:
    for language in ("tr", "en"):
        for text in texts(register, controller, language):
            for one in Expected(controller).bundle["documents"]:
                prints = one["prints"]
                named = {name: prints[name] for name in prints if name not in {"rights", "application_channels", "fee"}}
                values = [str(field["value"]) for field in named.values() if field.get("state", "stated") == "stated"]
                channels = prints.get("application_channels", {}).get("members", [])
                assert [value for value in values + [way["value"] for way in channels] if value not in text] == []
                if language == "tr" and "fee" in prints:
                    assert prints["fee"]["value"] in text


@pytest.mark.parametrize("controller", BUNDLES)
def test_grounds_are_named_by_article_and_in_plain_words(register: TestClient, controller: str) -> None:
    expected = Expected(controller)
    words = yaml.safe_load((ROOT / "app" / "notices" / "templates" / "wording.tr.yaml").read_text())["grounds"]
    used = {code for vocabulary, code in expected.stated if vocabulary == "legal_bases"}
    page, _ = texts(register, controller, "tr")
    for code in used:
        law_ref = expected.labels["legal_bases", code].get("law_ref")
        assert words[code] in page
        assert law_ref is None or law_ref in page


@pytest.mark.parametrize("controller", BUNDLES)
def test_conditions_stand_in_turkish_and_none_is_lost_in_english(register: TestClient, controller: str) -> None:
    page, _ = texts(register, controller, "tr")
    english, _ = texts(register, controller, "en")
    assert "recorded in Turkish only" not in english
    for activity in Expected(controller).bundle["activities"]:
        for kind in ("collections", "uses", "transfers", "measures"):
            for statement in activity.get(kind, []):
                recipient = statement.get("recipient")
                is_guessed = isinstance(recipient, dict) and recipient.get("certainty", "stated") != "stated"
                if "condition" in statement and not is_guessed:
                    assert statement["condition"] in page


@pytest.mark.parametrize("controller", BUNDLES)
def test_nothing_that_is_only_inferred_is_printed(register: TestClient, controller: str) -> None:
    expected = Expected(controller)
    for language in ("tr", "en"):
        page, _ = texts(register, controller, language)
        pieces = {piece.strip() for line in page.split("\n") for piece in re.split(r"[:;,] ", line)} | set(
            page.split("\n")
        )
        names = {expected.name(key, language) for key in expected.unsure}
        names -= {expected.name(key, language) for key in expected.stated}
        assert names & pieces == set()
        assert "7499" not in page


@pytest.mark.parametrize("controller", BUNDLES)
def test_the_nine_rights_of_the_law_stand_with_their_letters(register: TestClient, controller: str) -> None:
    answer = register.get(f"/v1/controllers/{controller}/notice?on={ON}").json()
    assert [one["letter"] for one in answer["rights"]] == ["a", "b", "c", "ç", "d", "e", "f", "g", "ğ"]
    page, _ = texts(register, controller, "tr")
    assert all(f"{one['letter']}) {one['label']['tr']}" in page for one in answer["rights"])


@pytest.mark.parametrize("controller", BUNDLES)
def test_english_holds_no_turkish_words_but_names(register: TestClient, controller: str) -> None:
    page = register.get(f"/v1/controllers/{controller}/notice?on={ON}&lang=en&format=html").text.partition("</style>")[
        2
    ]
    spoken = re.sub(r'<span lang="tr">.*?</span>|<code>.*?</code>', "", page)
    pieces = {html.unescape(piece).strip() for piece in re.split(r"<[^>]+>", spoken)}
    letters = re.compile(r"[ğışçöüİĞŞÇÖÜ]")
    known = re.compile(r"Türkiye|Art\. \d+(?:/\d+)?-[a-zçğı]|^[çğ]\)$|^www\.ıntenseornek\.com$")
    assert [piece for piece in pieces if letters.search(known.sub("", piece))] == []


REQUIRED: Final = {
    "kivi": [],
    "pronet": ["response_time_stated", "cost_stated"],
    "kent_konut": ["collection_automatic_or_not"],
    "intense": ["how_to_apply_stated"],
    "octopus_chat": [
        "controller_identity",
        "legal_basis_stated",
        "recipients_stated",
        "transfer_purpose_stated",
        "collection_automatic_or_not",
        "how_to_apply_stated",
        "response_time_stated",
        "cost_stated",
    ],
}
ABROAD: Final = ["recipients_stated", "country_abroad_stated", "mechanism_abroad_stated"]
FURTHER: Final[dict[str, dict[str, list[str]]]] = {
    "kivi": {},
    "octopus_chat": {},
    "pronet": {
        "reklam-tanitim-pazarlama-rizasi": ["consent_separate_from_notice"],
        "reklam-kampanya-promosyon-rizasi": ["consent_separate_from_notice"],
        "ucuncu-kisiler-genel": ["transfer_purpose_stated"],
        "hissedarlar-risk-ve-raporlama": ["transfer_purpose_stated"],
        "talep-etmeye-yetkili-kurumlar-risk-ve-raporlama": ["transfer_purpose_stated"],
    },
    "kent_konut": {
        "idari-yukumlulukler": ["legal_basis_is_m5_or_m6_condition"],
        "talep-etmeye-yetkili-kurumlar": ["transfer_purpose_stated"],
        "yurtici-veya-yurtdisi-ucuncu-kisiler": ["transfer_purpose_stated"],
        "ucuncu-kisiler-genel": ["transfer_purpose_stated"],
        "ucuncu-kisiler-ozel-nitelikli": ["transfer_purpose_stated"],
    },
    "intense": {
        "ornek-surecler": ["purposes_stated"],
        "amaclar-listesi": ["purposes_stated"],
        "site-kayitlarinin-kullanimi": ["purposes_stated"],
        "kart-bilgileri": ["legal_basis_stated"],
        "basvuran-tespiti": ["legal_basis_stated"],
        "vekille-basvuru": ["legal_basis_stated"],
        "ziyaretci-acik-rizasi": ["consent_separate_from_notice"],
        "ek-acik-riza": ["consent_separate_from_notice"],
        "pazarlama-acik-riza": ["consent_separate_from_notice"],
        "ziyaretci-rizasi-is-ortaklari": ["consent_separate_from_notice"],
        "ziyaretci-rizasi-danismanlar": ["consent_separate_from_notice"],
        "altyapi-ve-bilisim-saglayicilari": ["consent_separate_from_notice"],
        "ucuncu-kisilere-genel": ["consent_separate_from_notice"],
        "pazarlama-ucuncu-taraflar": ["consent_separate_from_notice"],
        "depolama-constant": ["consent_separate_from_notice", "mechanism_abroad_stated"],
        "yurtdisi-sunucular": ABROAD,
        "yurtdisi-depolama-sunuculari": ABROAD,
        "anonim-paylasim": ["transfer_purpose_stated"],
        "yetkili-kamu-kurumlari": ["transfer_purpose_stated"],
        "yetkili-ozel-kisiler": ["transfer_purpose_stated"],
        "hizmet-saglayan-sirketler": ["transfer_purpose_stated"],
        "bilgi-islem-merkezleri": ["transfer_purpose_stated"],
        "muhasebe": ["transfer_purpose_stated"],
        "hizmet-tedarik-edilen-is-ortaklari": ["transfer_purpose_stated"],
        "vekalet-iliskisindeki-kisiler": ["transfer_purpose_stated"],
        "musteri-hizmetleri-merkezleri": ["transfer_purpose_stated"],
    },
}


@pytest.mark.parametrize("controller", BUNDLES)
def test_the_gaps_are_these_each_with_article_and_place(register: TestClient, controller: str) -> None:
    answer = register.get(f"/v1/controllers/{controller}/notice?on={ON}").json()
    gaps = answer["gaps"]
    assert [gap["code"] for gap in gaps if gap["place"] is None] == REQUIRED[controller]
    further: dict[str, list[str]] = {}
    for gap in gaps:
        if gap["place"] is not None:
            further.setdefault(gap["place"]["key"], []).append(gap["code"])
            assert gap["where"][0]["locator"]
    assert further == FURTHER[controller]
    assert all("m." in gap["law_ref"] and gap["missing"]["tr"] and gap["missing"]["en"] for gap in gaps)
    assert answer["status"] == ("draft" if gaps else "complete")
    for gap in gaps:
        path = gap["enter_at"]["path"]
        kind = gap["place"]["kind"] if gap["place"] else None
        assert register.get(path.partition(f"/{kind}/")[0] if kind else path).status_code == 200


def test_the_contact_of_intense_remains_though_its_addresses_are_unreadable(register: TestClient) -> None:
    answer = register.get(f"/v1/controllers/intense/notice?on={ON}").json()
    identity = {one["field"]: one["state"] for one in answer["who"]["identity"]}
    assert (identity["address"], identity["phone"]) == ("stated", "stated")
    assert (identity["email"], identity["kep"]) == ("unreadable", "unreadable")
    (gap,) = [gap for gap in answer["gaps"] if gap["code"] == "how_to_apply_stated"]
    assert gap["state"] == "unreadable"
    assert gap["where"] == [{"document": "intense:politika-2024-05-27", "locator": "8, 2. paragraf"}]


def test_everything_carries_evidence_and_certainty(register: TestClient) -> None:
    for controller in BUNDLES:
        answer = register.get(f"/v1/controllers/{controller}/notice?on={ON}").json()
        for section in ("what", "why", "to_whom", "how", "how_long", "protection"):
            for row in answer[section]:
                assert row["evidence"]
                assert all(one["document"] and one["citations"][0]["locator"] for one in row["evidence"])
        for use in answer["why"]:
            assert all(one["certainty"] for one in (*use["purposes"]["members"], *use["legal_bases"]))
