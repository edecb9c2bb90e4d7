"""Bundles are read as YAML 1.2, and what cannot be read is refused with its line."""

import json

import pytest

from app.exchange.bundles import parse_bundle
from app.exchange.in_yaml import read_yaml, write_yaml
from app.platform.problems import Invalid, Malformed, Problem

UNREADABLE = {
    "alias": ("a: &one [x]\nb: *one\n", "yaml_alias", "aliases", 1),
    "alias of a mapping": ("a:\n  b: &one {c: d}\n  e: *one\n", "yaml_alias", "aliases", 2),
    "undefined alias": ("a: 1\nb: *one\n", "yaml_invalid", "undefined alias", 2),
    "key twice": ("format: envanter/1\nterms: []\nterms: []\n", "yaml_key_twice", "“terms” stands twice", 3),
    "key twice inside": ("a:\n- b: 1\n  c: 2\n  b: 3\n", "yaml_key_twice", "“b” stands twice", 4),
    "tab": ("a:\n\tb: 1\n", "yaml_invalid", "cannot start any token", 2),
    "unclosed": ("a: 1\nb: [1, 2\n", "yaml_invalid", "expected ',' or ']'", 3),
    "two documents": ("a: 1\n---\nb: 1\n", "yaml_invalid", "single document", 2),
    "key that is no text": ("a: 1\n? [b]\n: c\n", "yaml_key_no_text", "A key is text", 2),
    "foreign tag": ("a: 1\nb: !!python/name:os.system\n", "yaml_tag", "is not taken here", 2),
    "number with a tag that lies": ("a: 1\nb: !!bool maybe\n", "yaml_tag", "does not fit its value", 2),
    "deep": ("a: 1\nb: " + "[" * 61 + "]" * 61, "too_deep", "nested deeper than 60", 2),
    "very deep": ("[" * 100_000, "yaml_invalid", "nesting depth", 1),
    "endless number": ("a: 1\nb: " + "9" * 5000, "yaml_invalid", "digits", 2),
}

MISREAD = [
    *("no", "on", "2024-05-27", "0899", "1e3", "+5", ".5", "1.", "0o17", "0x1F", "~", "null", "=", "<<", "'", '"'),
    *("!", "!a", "&a", "*a", "%a", "@a", "`a", "?", "|", ">", "{", "[", "a: b", "# a", "- a", "a\nb", "a\tb"),
    *("\u2028", "\ufeff", "\uffff", "\u200b", "😀"),
]


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_its_line(case: str) -> None:
    text, code, reason, line = UNREADABLE[case]
    with pytest.raises(Malformed) as refusal:
        read_yaml(text.encode())
    (item,) = refusal.value.items
    assert (item.code, item.line) == (code, line)
    assert reason in item.message("en")


@pytest.mark.parametrize("content", ["ş".encode("iso8859-9"), "a: ş".encode("utf-16"), b"a: \xc3\x28"])
def test_text_that_is_not_utf_8_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed, match="Unicode"):
        parse_bundle(content)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_yaml(b"\xef\xbb\xbfa: b\n").data == {"a": "b"}


@pytest.mark.parametrize(
    "text", ["no", "on", "yes", "off", "y", "NO", "2024-05-27", "12:30", "1_000", "0x1F", "=", "<<"]
)
def test_what_yaml_1_2_calls_text_is_text(text: str) -> None:
    assert read_yaml(f"a: {text}\n".encode()).data == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("null", None), ("~", None), ("", None), ("10", 10), ("010", 10), ("1e3", 1000.0)],
)
def test_what_yaml_1_2_calls_a_value_is_that_value(text: str, value: object) -> None:
    assert read_yaml(f"a: {text}\n".encode()).data == {"a": value}


@pytest.mark.parametrize("text", MISREAD)
def test_written_text_is_read_as_the_same_text(text: str) -> None:
    assert read_yaml(write_yaml({"a": [text]}).encode()).data == {"a": [text]}


@pytest.mark.parametrize("text", ["😀", "\\ud83d\\ude00", "\\😀", "a/b", "\x7f", "tab\t", "line\nline", "ş", "'"])
def test_json_is_read_with_all_its_escapes(text: str) -> None:
    for is_ascii in (True, False):
        content = json.dumps({"a": [text], "b": {}}, ensure_ascii=is_ascii, indent="\t").replace("\x7f", "\\u007f")
        assert read_yaml(content.encode()).data == {"a": [text], "b": {}}


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"[]", b"envanter/1", b"null", b"- format: envanter/1\n"])
def test_a_bundle_is_a_mapping(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_bundle(content)
    (item,) = refusal.value.items
    assert (item.code, item.line) == ("model_type", 1)


def test_a_bundle_names_its_format() -> None:
    with pytest.raises(Invalid) as refusal:
        parse_bundle(b"terms: []\nformat: envanter/2\n")
    (item,) = refusal.value.items
    assert (item.pointer, item.line, item.allowed) == ("/format", 2, ["envanter/1"])


def problems_of(text: str) -> list[tuple[str | None, str, int | None]]:
    with pytest.raises(Problem) as refusal:
        parse_bundle(text.encode())
    return [(item.pointer, item.code, item.line) for item in refusal.value.items]


def test_every_problem_of_shape_carries_line_and_path() -> None:
    text = (
        "format: envanter/1\n"
        "controllers:\n"
        "- code: acme\n"
        "  colour: red\n"
        "- code: Ünlü\n"
        "activities:\n"
        "- controller: acme\n"
        "  code: bordro\n"
        "  name: {tr: Bordro}\n"
        "  transfers:\n"
        "  - recipient: sgk\n"
        "    places: [XX]\n"
    )
    assert problems_of(text) == [
        ("/controllers/0/colour", "unknown_field", 4),
        ("/controllers/1/code", "string_pattern_mismatch", 5),
        ("/activities/0/name/en", "missing", 9),
        ("/activities/0/transfers/0/places/0", "unknown_country", 12),
    ]


def test_a_problem_inside_a_short_form_points_to_what_was_written() -> None:
    text = (
        "format: envanter/1\n"
        "activities:\n"
        "- {controller: acme, code: a, name: {tr: a, en: a}, uses: [\n"
        "    {purposes: [finance_and_accounting,\n"
        "       {code: Bad Code}]}]}\n"
    )
    assert problems_of(text) == [("/activities/0/uses/0/purposes/1/code", "string_pattern_mismatch", 5)]


def test_a_number_where_text_belongs_is_refused_not_guessed() -> None:
    text = "format: envanter/1\ncontrollers:\n- code: acme\n  phone: 0899\n"
    assert problems_of(text) == [("/controllers/0/phone", "string_type", 4)]


def test_at_most_a_hundred_problems_are_named() -> None:
    wrong = json.dumps({"format": "envanter/1", "controllers": [{"colour": "red"}] * 200})
    assert len(problems_of(wrong)) == 100
