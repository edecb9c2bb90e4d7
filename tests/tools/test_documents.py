"""What the documents point to is there: each other, the rooms, and the tests of each promise."""

import re
from pathlib import Path
from typing import Final

import pytest

from app.platform.settings import ROOT

DOCUMENTS: Final = [path.relative_to(ROOT) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))]
LINK: Final = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)")
TEST: Final = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROOM: Final = re.compile(r"`(app/[\w/.]+)`")


def pointing(pattern: re.Pattern[str]) -> list[tuple[Path, re.Match[str]]]:
    return [(path, found) for path in DOCUMENTS for found in pattern.finditer((ROOT / path).read_text("utf-8"))]


@pytest.mark.parametrize(("path", "found"), pointing(LINK), ids=str)
def test_every_link_leads_somewhere(path: Path, found: re.Match[str]) -> None:
    assert (ROOT / path.parent / found[1]).exists(), f"{path}: {found[0]}"


def test_every_test_that_a_promise_names_exists() -> None:
    named = pointing(TEST)
    assert len(named) > 30
    missing = [found[0] for _, found in named if f"def {found[2]}(" not in (ROOT / found[1]).read_text("utf-8")]
    assert missing == []


def test_every_room_that_a_document_names_exists() -> None:
    named = pointing(ROOM)
    assert [f"{path}: {found[0]}" for path, found in named if not (ROOT / found[1]).exists()] == []
