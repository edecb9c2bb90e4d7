"""Turkish letters are found and sorted as Turkish has it, the same on every database."""

import unicodedata

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app.platform.text import like_pattern, search_fold, sort_key, turkish_lower
from tests.platform.calling import read

WORDS = st.text(st.sampled_from("abcçdgğhıiİIjoöşsuüzÇĞÖŞÜ âîÂ"), max_size=12)


def found(client: TestClient, words: str) -> list[str]:
    """Return the names that the search box finds."""
    page = read(client, "/v1/controllers", q=words, fields="short_name")
    return [item["short_name"] for item in page["items"] if item["short_name"] is not None]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("INCIR", ["İncir"]),
        ("incir", ["İncir"]),
        ("i̇ncir", ["İncir"]),
        ("iğdır", ["IĞDIR"]),
        ("ığdır", ["IĞDIR"]),
        ("IHLAMUR", ["ıhlamur"]),
        ("İhlamur", ["ıhlamur"]),
        ("SEFTALI", ["şeftali"]),
        ("ŞEFTALİ", ["şeftali"]),
        ("cinar", ["Çınar"]),
        (unicodedata.normalize("NFD", "çınar"), ["Çınar"]),
        ("gul", ["gül"]),
        ("hal", ["hâl"]),
        ("HÂL", ["hâl"]),
        ("g harfi", ["Ğ harfi"]),
        ("  ğ   HARFİ ", ["Ğ harfi"]),
        ("ad%soyad", ["ad%soyad"]),
        ("d_s", ["ad_soyad"]),
        ("ad\\s", ["ad\\soyad"]),
        ("%", ["ad%soyad"]),
        ("_", ["ad_soyad"]),
        ("\\", ["ad\\soyad"]),
        ("yok böyle", []),
    ],
)
def test_the_search_box_forgives_case_and_marks_and_takes_signs_as_they_are(
    listed: TestClient, words: str, names: list[str]
) -> None:
    assert found(listed, words) == names


def test_names_sort_by_the_turkish_alphabet(listed: TestClient) -> None:
    page = read(listed, "/v1/controllers", sort="name", fields="short_name", limit=500)
    letters = [item["short_name"] for item in page["items"]]
    assert [name for name in letters if name[0] not in "aA"] == [
        "ciğer", "Çınar", "gül", "Ğ harfi", "hâl", "IĞDIR", "ıhlamur",
        "inci", "inci", "inci", "inci", "İncir", "ozan", "ÖZEL", "Sardalya", "şeftali", "uzay", "Ürün", "Zeytin",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_folding_does_not_care_for_case_composition_or_repetition(text: str) -> None:
    assert search_fold(search_fold(text)) == search_fold(text)
    assert search_fold(unicodedata.normalize("NFD", text)) == search_fold(text)
    assert search_fold(turkish_lower(text)) == search_fold(text)
    assert search_fold(text).isascii()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcçdefgğhıijklmnoöprsştuüvyz"), min_size=2, max_size=2))
def test_one_letter_sorts_before_another_as_in_the_alphabet(letters: list[str]) -> None:
    alphabet = "abcçdefgğhıijklmnoöprsştuüvyz"
    first, second = letters
    in_order = alphabet.index(first) <= alphabet.index(second)
    assert (sort_key(first) <= sort_key(second)) == in_order
    assert (sort_key(first + "a") <= sort_key(second + "a")) == in_order


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_a_pattern_keeps_every_sign_of_the_text_but_escapes_wildcards(before: str, text: str, after: str) -> None:
    literal = like_pattern(f"{text}%_\\")
    assert literal.endswith(r"\%\_\\%")
    assert like_pattern(text)[1:-1] in like_pattern(f"{before} {text} {after}")
