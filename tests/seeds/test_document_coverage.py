"""What the coverage of a document shows: the lines a bundle drew on, those it left out, the words it made up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.exchange.in_yaml import read_yaml
from tools.document_coverage import Coverage, cover, lines_of, main, report, words_of

TEXT = """\
LALE ATÖLYESİ AYDINLATMA METNİ

Veriler şunlardır:
Ad-soyad, IŞIK ayarı, Posta
Kutusu numarası
Veriler kargo şirketlerine, sözleşmenin ve siparişin
ifası için aktarılır.
Saklama süresi yazılmamıştır.
"""
BUNDLE = """\
format: envanter/1
documents:
  - controller: lale
    code: metin
    kind: notice
    title: "Lale Atölyesi Aydınlatma Metni"
    prints:
      response_days: {value: 30, locator: "son satır"}
      email: {state: unreadable, locator: "son satır"}
    defines:
      - {term: customer, vocabulary: data_subject_categories, as_stated: "Veriler", locator: "3. satır"}
activities:
  - controller: lale
    code: siparis
    name: {tr: "Sipariş", en: "Order"}
    collections:
      - key: tablo-1
        data:
          - category: identity
            items:
              - {code: name_surname, as_stated: "Ad-soyad"}
              - {code: postal_address, as_stated: "posta kutusu"}
    transfers:
      - key: kargo
        recipient: {code: "lale:kargo", as_stated: "kargo şirketleri"}
        legal_bases:
          - {code: contract, as_stated: "sözleşmenin … ifası"}
"""


def parsed(bundle: str = BUNDLE) -> Any:  # noqa: ANN401 - any bundle
    return read_yaml(bundle.encode()).data


def taken(coverage: Coverage) -> Mapping[int, list[tuple[str, str]]]:
    return {number: [(label.text, label.place) for label in labels] for number, labels in coverage.taken.items()}


def test_every_line_shows_what_was_taken_and_where_it_stands() -> None:
    lines = taken(cover(TEXT, parsed()))
    assert lines[1] == [("Lale Atölyesi Aydınlatma Metni", "title")]
    assert lines[3] == [("Veriler", "defines/customer")]
    assert ("Ad-soyad", "collections/tablo-1") in lines[4]


def test_a_label_spread_over_two_lines_counts_for_both() -> None:
    lines = taken(cover(TEXT, parsed()))
    assert ("posta kutusu", "collections/tablo-1") in lines[4]
    assert lines[5] == [("posta kutusu", "collections/tablo-1")]


def test_words_left_out_of_a_label_may_stand_between_its_parts() -> None:
    coverage = cover(TEXT, parsed())
    assert ("sözleşmenin … ifası", "transfers/kargo") in taken(coverage)[7]
    assert coverage.covered[7] == 1


def test_another_ending_is_found_and_said() -> None:
    coverage = cover(TEXT, parsed())
    assert [label.text for label in coverage.loose] == ["kargo şirketleri"]
    assert ("kargo şirketleri", "transfers/kargo") in taken(coverage)[6]


def test_lines_without_words_do_not_count_and_those_left_out_do() -> None:
    coverage = cover(TEXT, parsed())
    assert [line.number for line in coverage.lines] == [1, 3, 4, 5, 6, 7, 8]
    assert [line.number for line in coverage.empty] == [8]
    assert coverage.nowhere == ()


@pytest.mark.parametrize(
    ("label", "is_found"),
    [
        ("IŞIK", True),
        ("ışık ayarı", True),
        ("isik AYARI", True),
        ("kutu", True),
        ("soyad, IŞIK", True),
        ("ayarı ışık", False),
        ("numara Veriler", False),
        ("elektronik posta", False),
        ("ifası … siparişin", False),
        ("…", False),
    ],
)
def test_labels_match_words_in_their_order_whatever_their_case(label: str, *, is_found: bool) -> None:
    bundle = parsed()
    bundle["activities"] = [{"uses": [{"purposes": [{"code": "other_purpose", "as_stated": label}]}]}]
    coverage = cover(TEXT, bundle)
    assert [(one.text, one.place) for one in coverage.nowhere] == ([] if is_found else [(label, "uses/0")])


def test_words_keep_their_hyphen_and_drop_the_apostrophe() -> None:
    assert words_of("E-posta, KVKK’nın 5. maddesi") == ("e-posta", "kvkk", "nin", "5", "maddesi")
    assert lines_of("\n—\nson")[0].number == 3


def test_the_report_shows_no_more_than_eight_words_of_a_line() -> None:
    text = "bir iki üç dört beş altı yedi sekiz dokuz\n"
    shown = report(cover(text, {}), only_empty=True)
    assert "1: bir iki üç dört beş altı yedi sekiz …\n" in shown
    assert "dokuz" not in shown
    assert "1 lines with words, 0 with something taken; 9 words, 0 taken; 0 labels" in shown


def test_a_label_of_no_line_fails_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, bundle = tmp_path / "metin.txt", tmp_path / "paket.yaml"
    text.write_text(TEXT, encoding="utf-8")
    bundle.write_text(BUNDLE, encoding="utf-8")
    assert main([str(text), str(bundle)]) == 0
    assert "4 [2/4] Ad-soyad, IŞIK ayarı, Posta\n    “Ad-soyad”: collections/tablo-1\n" in capsys.readouterr().out
    bundle.write_text(BUNDLE.replace("Ad-soyad", "Anne adı"), encoding="utf-8")
    assert main([str(text), str(bundle), "--only-empty"]) == 1
    out = capsys.readouterr().out
    assert "Labels found in no line: 1\n  collections/tablo-1: Anne adı\n" in out
    assert out.startswith("Labels found loosely: 1\n")
