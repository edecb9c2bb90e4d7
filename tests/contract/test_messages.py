"""Whatever a problem says, it says in Turkish and in English, with the same parameters."""

import ast
import string
from collections.abc import Iterator
from typing import Final

import pytest

from app.platform.messages import MESSAGES, TITLES, TURKISH_VALIDATION
from app.platform.problems import Problem
from app.platform.settings import ROOT

MODULES: Final = {path: ast.parse(path.read_text()) for path in sorted((ROOT / "app").rglob("*.py"))}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def calls(name: str) -> Iterator[ast.Call]:
    """Return every call of a name in the product."""
    for tree in MODULES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node


def literals(node: ast.expr) -> set[str]:
    """Return the texts that an expression may be."""
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_every_text_has_both_languages() -> None:
    for texts in (*MESSAGES.values(), *TITLES.values()):
        assert set(texts) == {"tr", "en"}
        assert all(text.strip() == text != "" for text in texts.values())


@pytest.mark.parametrize("code", MESSAGES)
def test_both_languages_take_the_same_parameters(code: str) -> None:
    assert placeholders(MESSAGES[code]["tr"]) == placeholders(MESSAGES[code]["en"])


def test_every_code_that_the_product_uses_has_a_text() -> None:
    used = {code for call in calls("Item") if isinstance(call.args[0], ast.Constant) for code in literals(call.args[0])}
    assert used
    assert used <= set(MESSAGES)


def test_every_text_is_used() -> None:
    every = {text for tree in MODULES.values() for node in ast.walk(tree) for text in strings(node)}
    assert [code for code in MESSAGES if code not in every] == []


def strings(node: ast.AST) -> Iterator[str]:
    """Return a text that stands as a value, not as a key of a catalogue."""
    if isinstance(node, ast.Call | ast.IfExp | ast.Assign | ast.Subscript):
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def test_every_message_is_given_the_parameters_that_it_takes() -> None:
    for call in calls("Item"):
        code = call.args[0]
        if isinstance(code, ast.Constant) and len(call.args) > 1 and isinstance(call.args[1], ast.Dict):
            given = {key.value for key in call.args[1].keys if isinstance(key, ast.Constant)}
            assert placeholders(MESSAGES[str(code.value)]["en"]) <= given, code.value


def test_every_rule_of_a_field_speaks_turkish() -> None:
    own = {text for call in calls("PydanticCustomError") for text in literals(call.args[0])}
    assert own
    assert own <= set(TURKISH_VALIDATION)


def test_every_kind_of_problem_has_a_title() -> None:
    def below(kind: type[Problem]) -> set[str]:
        return {kind.code}.union(*(below(child) for child in kind.__subclasses__()))

    assert below(Problem) == set(TITLES)
