"""A merge patch does what RFC 7396 says."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.platform.http import merge_patch

NAMES = st.sampled_from("abc")
LEAVES = st.none() | st.booleans() | st.integers(0, 3) | st.text("xy", max_size=2)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=3)
quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_the_examples_of_the_rfc(target: Any, patch: Any, result: Any) -> None:  # noqa: ANN401
    assert merge_patch(target, patch) == result


@quick
@given(VALUES, VALUES)
def test_a_patch_applied_twice_is_a_patch_applied_once(target: Any, patch: Any) -> None:  # noqa: ANN401
    once = merge_patch(target, patch)
    assert merge_patch(once, patch) == once


@quick
@given(OBJECTS, VALUES)
def test_neither_the_target_nor_the_patch_is_touched(target: Any, patch: Any) -> None:  # noqa: ANN401
    before = copy.deepcopy((target, patch))
    merge_patch(target, patch)
    assert (target, patch) == before


@quick
@given(OBJECTS, OBJECTS)
def test_null_removes_a_value_replaces_and_silence_keeps(target: dict[str, Any], patch: dict[str, Any]) -> None:
    result = merge_patch(target, patch)
    assert set(result) == (set(target) | set(patch)) - {name for name, value in patch.items() if value is None}
    for name in result:
        expected = merge_patch(target.get(name), patch[name]) if name in patch else target[name]
        assert result[name] == expected


@quick
@given(OBJECTS)
def test_an_empty_patch_changes_no_object(target: dict[str, Any]) -> None:
    assert merge_patch(target, {}) == target
