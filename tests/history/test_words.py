"""Whatever may change has words in Turkish and English; differences are pure functions."""

import string
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

import app.vocabularies
from app.activities.schemas import KINDS, STATEMENTS, ActivityWrite
from app.controllers.schemas import ControllerWrite
from app.documents.schemas import DocumentRead, DocumentWrite
from app.history.differing import Side, differences, summary
from app.history.members import compared
from app.history.wording import SPEAKERS, Named, words
from app.recipients.schemas import RecipientWrite
from app.vocabularies.entries import Vocabulary

NEVER_DIFFER: Final = {"id", "revision", "category_label", "item_label", "in_force"}
TURKISH, ENGLISH = SPEAKERS


def vocabularies() -> Iterator[type[BaseModel]]:
    for found in iter_modules(app.vocabularies.__path__):
        vocabulary = getattr(import_module(f"app.vocabularies.{found.name}"), "VOCABULARY", None)
        if isinstance(vocabulary, Vocabulary):
            yield vocabulary.read


MODELS: Final = (
    *(ActivityWrite, ControllerWrite, DocumentWrite, DocumentRead, RecipientWrite),
    *STATEMENTS.values(),
    *vocabularies(),
)


def below(annotation: Any, name: str) -> Iterator[tuple[str, str | None]]:  # noqa: ANN401 - any annotation
    """Yield (field, value) for every field under an annotation, the value None for the field itself."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for field, info in annotation.model_fields.items():
            yield field, None
            yield from below(info.annotation, field)
    elif get_origin(annotation) is Literal:
        yield from ((name, value) for value in get_args(annotation))
    else:
        for part in get_args(annotation):
            yield from below(part, name)


WORDED: Final = {found for model in MODELS for found in below(model, "")}


def texts(node: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401 - any part of the file
    """Yield every pair of texts in the file of words."""
    if "tr" in node and isinstance(node["tr"], str):
        yield node
    else:
        for part in node.values():
            yield from texts(part)


def test_every_field_that_may_differ_has_a_name() -> None:
    assert {name for name, _ in WORDED} - NEVER_DIFFER <= set(words()["fields"])


def test_every_value_of_a_list_of_values_has_a_name() -> None:
    missing = [
        found for found in WORDED if found[1] is not None and found[1] not in words()["values"].get(found[0], {})
    ]
    assert missing == []


def test_every_kind_of_statement_has_a_name() -> None:
    assert set(words()["kinds"]) == set(KINDS)


def test_every_text_has_both_languages_with_the_same_parameters() -> None:
    for pair in texts(words()):
        assert set(pair) == {"tr", "en"}
        turkish, english = ({name for _, name, _, _ in string.Formatter().parse(pair[one])} for one in ("tr", "en"))
        assert turkish == english, pair


def term(code: str, name: str | None = None) -> Named:
    return Named(code, {"tr": f"{name or code} (tr)", "en": f"{name or code} (en)"})


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, "a", "was empty, now “a”"),
        ("a", None, "emptied, was “a”"),
        ("a", "b", "“a” → “b”"),
        (False, True, "no → yes"),
        (1, 2, "1 → 2"),
        ({"tr": "a", "en": "b"}, {"tr": "a", "en": "c"}, "English: “b” → “c”"),
        ([term("x")], [term("x"), term("y")], "added “y (en)”"),
        ([term("x"), term("y")], [term("y"), term("x")], "in another order"),
        ([{"code": term("x"), "as_stated": None}], [], "removed “x (en)”"),
        (
            [{"code": term("x"), "as_stated": None}],
            [{"code": term("x"), "as_stated": "so"}],
            "changed “x (en)” (as stated: was empty, now “so”)",
        ),
        (
            {"reach": "listed", "members": [{"code": term("x")}]},
            {"reach": "all", "members": []},
            "reach: exactly these → all; removed “x (en)”",
        ),
        (
            [{"join": None, "value": 10, "unit": "year", "bound": "exact"}],
            [{"join": None, "value": 5, "unit": "year", "bound": "exact"}],
            "changed 10 year(s) (value: 10 → 5)",
        ),
        ([], list(range(23)), f"added {', '.join(map(str, range(20)))}, and 3 more"),
        (None, "x" * 300, f"was empty, now “{'x' * 199}…”"),
    ],
)
def test_a_change_is_said_by_its_field(before: Any, after: Any, said: str) -> None:  # noqa: ANN401
    assert ENGLISH.change("note", before, after) == said


def test_the_same_code_is_the_same_thing_whatever_it_was_called() -> None:
    assert compared([term("x", "old")], [term("x", "new")]).added == []
    old, new = (Side({"under": ["x"]}, {"under": [term("x", name)]}) for name in ("old", "new"))
    assert differences(old, new) == []


def statement(key: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"key": key, "polarity": "does", "condition": None, **fields}


def activity(*uses: dict[str, Any], **fields: Any) -> Side:  # noqa: ANN401
    content = {"name": "a", "uses": list(uses), **fields}
    return Side(content, content)


def test_statements_are_compared_by_kind_and_key() -> None:
    before = activity(statement("kept"), statement("gone"), statement("other", condition="x"))
    after = activity(statement("kept"), statement("other", condition="y"), statement("new"))
    found = differences(before, after, ("uses",))
    assert [(one["kind"], one["key"], one["action"]) for one in found] == [
        ("uses", "other", "changed"),
        ("uses", "new", "added"),
        ("uses", "gone", "removed"),
    ]
    changed, added, removed = found
    [inner] = changed["fields"]
    assert (inner["field"], inner["action"], inner["before"], inner["after"]) == ("condition", "changed", "x", "y")
    assert changed["words"] == {
        "tr": "Kullanım beyanı “other” değişti: koşul: “x” → “y”",
        "en": "Use “other” changed: condition: “x” → “y”",
    }
    assert (added["before"], added["after"]["key"]) == (None, "new")
    assert (removed["before"]["key"], removed["after"]) == ("gone", None)


def test_statements_in_another_order_are_a_difference() -> None:
    a, b = statement("a"), statement("b")
    [found] = differences(activity(a, b), activity(b, a), ("uses",))
    assert (found["key"], found["before"], found["after"]) == (None, ["a", "b"], ["b", "a"])
    assert found["words"]["tr"] == "kullanım beyanları: beyanların sırası değişti"


def test_a_summary_counts_statements_and_names_fields() -> None:
    before = activity(statement("a"), statement("b"), name="a").shown
    after = activity(statement("a", condition="x"), statement("c"), name="b").shown
    assert summary(before, after, ("uses",)) == {
        "tr": "kullanım beyanları: 1 eklendi, 1 çıkarıldı, 1 değişti; değişen ad",
        "en": "uses: 1 added, 1 removed, 1 changed; changed name",
    }
