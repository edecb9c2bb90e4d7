"""The seeded documents: everything with its evidence, nothing in another's words at length."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from app.activities.schemas import KINDS
from app.exchange.bundles import Bundle, parse_bundle
from app.exchange.in_yaml import read_yaml
from app.platform.settings import ROOT

PATHS: Final = sorted((ROOT / "seed" / "bundles").glob("*.yaml"))


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    """Each rule holds for every seeded bundle."""
    found: Path = request.param
    return found


def bundled(path: Path) -> Bundle:
    return parse_bundle(path.read_bytes())[0]


def labels(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a bundle
    """Return every label that is the source's own."""
    if isinstance(value, dict):
        yield from (text for name, text in value.items() if name.endswith("as_stated"))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from labels(part)


def test_there_is_something_to_seed() -> None:
    assert [path.stem for path in PATHS] == sorted({path.stem for path in PATHS})
    assert any("intense" in path.stem for path in PATHS)


def test_no_label_of_a_source_has_more_than_fifteen_words(path: Path) -> None:
    found = list(labels(read_yaml(path.read_bytes()).data))
    assert found
    assert [label for label in found if len(label.split()) > 15] == []


def test_every_statement_has_a_document_and_a_citation_with_locator(path: Path) -> None:
    codes = {document.code for document in bundled(path).documents}
    for activity in bundled(path).activities:
        for kind in KINDS:
            for statement in getattr(activity, kind):
                place = f"{activity.code} {kind}/{statement.key}"
                assert statement.document is not None, place
                assert statement.document.rpartition(":")[2] in codes, place
                assert statement.citations, place


def test_every_statement_has_a_key_of_its_own(path: Path) -> None:
    for activity in bundled(path).activities:
        for kind in KINDS:
            keys = [statement.key for statement in getattr(activity, kind)]
            assert None not in keys
            assert len(keys) == len(set(keys))


def test_what_is_inferred_says_why(path: Path) -> None:
    def silent(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any part of a bundle
        if isinstance(value, dict) and value.get("certainty") == "inferred" and not value.get("inferred_from"):
            yield value
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from silent(part)

    assert list(silent(read_yaml(path.read_bytes()).data)) == []


def test_own_terms_belong_to_the_controllers_of_the_bundle(path: Path) -> None:
    content = bundled(path)
    owners = {controller.code for controller in content.controllers}
    assert {term.controller for term in content.terms} <= owners
    assert {recipient.controller for recipient in content.recipients} <= owners | {None}
