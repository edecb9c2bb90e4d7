"""Whatever the register said at an instant, it says again to the letter, after a hundred edits of everything.

Generated from the OpenAPI document: a new read is in here without being named.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

import orjson
import pytest
from fastapi.testclient import TestClient

from tests.contract.test_examples import example_of
from tests.contract.test_openapi import DOCUMENT, Operation
from tests.history.editing import Editor
from tests.platform.calling import read

EDITS: Final = 100
DAY: Final = "2026-11-22"
SEVERAL: Final = 1
# Parameters that are worth asking with beside the examples, wherever an operation has them.
VARIANTS: Final[dict[str, list[Any]]] = {
    "format": ["csv", "html", "md"],
    "group_by": ["controller"],
    "changed_since": ["0"],
    "count": ["true"],
    "q": ["e"],
}
ECHOES: Final = frozenset({"as_of", "links", "parameters"})
NAMES: Final = {"/v1/audit-events": "change", "/v1/keys": "id"}
READS: Final[dict[str, Operation]] = {
    path: methods["get"]
    for path, methods in DOCUMENT["paths"].items()
    if "as_of" in {one["name"] for one in methods.get("get", {}).get("parameters", [])}
}


def paths(client: TestClient, path: str, operation: Operation, chance: random.Random) -> Iterator[str]:
    """Fill the path with its example, and with some of the things that there are."""
    given = {one["name"]: example_of(one) for one in operation["parameters"] if one["in"] == "path"}
    yield path.format_map(given)
    if given:
        name, resource = next(iter(given)), path.split("/{", maxsplit=1)[0]
        named = NAMES.get(resource, "code")
        items = read(client, resource, limit=500, fields=named)["items"]
        for item in chance.sample(items, min(SEVERAL, len(items))):
            yield path.format_map({**given, name: item[named]})


def queries(operation: Operation) -> Iterator[str]:
    """Ask with the examples as they stand, and with each variant."""
    known = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
    given = {name: example_of(one) for name, one in known.items() if example_of(one) is not None}
    given |= {name: value for name, value in {"on": DAY, "limit": 500}.items() if name in known}
    yield urlencode(given, doseq=True)
    for name, values in VARIANTS.items():
        allowed = known.get(name, {}).get("schema", {}).get("enum", values)
        for value in values:
            if name in known and value in allowed:
                yield urlencode(given | {name: value}, doseq=True)


def addresses(client: TestClient, chance: random.Random) -> list[str]:
    """Return everything that is asked."""
    return [
        f"{path}?{query}"
        for template, operation in READS.items()
        for path in paths(client, template, operation, chance)
        for query in queries(operation)
    ]


def told(client: TestClient, asked: list[str], as_of: str | None = None) -> dict[str, tuple[int, bytes]]:
    """Ask everything, of now or of an instant; of what had ended by then, the answer is that it is not there."""
    clock = "" if as_of is None else f"&{urlencode({'as_of': as_of})}"
    answers = {address: client.get(address + clock) for address in asked}
    assert {answer.status_code for answer in answers.values()} <= {200, 404, 422}
    assert sum(answer.status_code == 200 for answer in answers.values()) > 0.9 * len(asked)
    return {address: (answer.status_code, answer.content) for address, answer in answers.items()}


def without_echo(answer: tuple[int, bytes]) -> Any:  # noqa: ANN401 - any JSON, or text
    """Leave out what an answer says of the question: the instant, the parameters and the addresses made of them."""
    try:
        document = orjson.loads(answer[1])
    except orjson.JSONDecodeError:
        return answer
    return {name: value for name, value in document.items() if name not in ECHOES}


@pytest.fixture
def chance() -> random.Random:
    """Chance with a seed that a failure prints."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # noqa: T201 - a failure can be repeated
    return random.Random(seed)  # noqa: S311 - a test


def test_every_answer_as_of_an_instant_stays_to_the_letter_after_a_hundred_edits(
    seeded: TestClient, chance: random.Random
) -> None:
    editor = Editor(seeded, chance)
    editor.edit(20)
    asked = addresses(seeded, chance)
    fresh = told(seeded, asked)
    instant = datetime.now(UTC).isoformat()
    then = told(seeded, asked, as_of=instant)
    editor.edit(EDITS)
    again = told(seeded, asked, as_of=instant)
    assert [address for address in asked if again[address] != then[address]] == []
    assert [one for one in asked if without_echo(fresh[one]) != without_echo(then[one])] == []
    now = told(seeded, [address for address in asked if "/v1/facts/" in address])
    assert any(answer != fresh[address] for address, answer in now.items())


def test_the_generated_reads_are_of_every_kind() -> None:
    for part in ("/facts/", "/questions/", "/compare", "/notice", "/export", "/revisions", "/diff", "/usage"):
        assert any(part in path for path in READS), part
    assert len(READS) > 100
