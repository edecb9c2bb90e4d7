"""What the run of README.md reads as commands, what it lets differ, and what it refuses."""

import os
import socket
from pathlib import Path

import pytest

from tools.readme import (
    NAME,
    NEEDED,
    ROOT,
    Block,
    Refused,
    check_machine,
    difference,
    run_steps,
    steps_of,
    with_port,
)

DOCUMENT = """\
# A page of 127.0.0.1:8000

```sh run=server
make run
```

```sh run=never why="it takes minutes"
make test
```

```sh
name=value
```

Words between.

```sh
echo "$name"
```

```text
value
```

```
a tree, in no language
```
"""


def commands(text: str) -> str:
    return f"```sh\n{text}\n```\n"


def shown(text: str, language: str = "text") -> Block:
    return Block(7, language, text)


def test_every_shell_block_is_a_step_with_the_block_that_shows_what_it_prints() -> None:
    steps = steps_of(DOCUMENT)
    assert [(step.commands.text, step.commands.options.get("run")) for step in steps] == [
        ("make run\n", "server"),
        ("make test\n", "never"),
        ("name=value\n", None),
        ('echo "$name"\n', None),
    ]
    assert [step.shown for step in steps] == [None, None, None, Block(22, "text", "value\n")]


def test_a_block_that_never_runs_has_to_say_why() -> None:
    with pytest.raises(Refused, match=r"README.md:2: a block that never runs says why"):
        steps_of("```sh run=never\nmake test\n```\n")


def test_an_unknown_word_in_the_opening_line_is_refused() -> None:
    with pytest.raises(Refused, match=r"README.md:2: a block takes run=server or run=never"):
        steps_of("```sh run=sometimes\nmake test\n```\n")


def test_the_blocks_share_one_shell(tmp_path: Path) -> None:
    steps = steps_of(commands("name=value") + commands('echo "$name"'))
    assert run_steps(steps, tmp_path, os.environ) == ["", "value\n"]


def test_what_goes_to_the_error_output_is_printed_too(tmp_path: Path) -> None:
    assert run_steps(steps_of(commands("echo wrong >&2")), tmp_path, os.environ) == ["wrong\n"]


def test_commands_that_fail_are_named_by_their_line(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"README.md:5: the commands ended with 3:\nso far"):
        run_steps(steps_of(commands("true") + commands("echo so far; (exit 3)")), tmp_path, os.environ)


def test_ids_etags_and_times_may_differ() -> None:
    before = 'id 01a21025-3f0f-74b6-a3e2-2c6556f4225f, etag: "1-367ae28d3dbfa3b8", at 2026-11-25T00:36:26.115620Z'
    after = 'id 01a21025-3f91-75da-9c47-60d9b456e45c, etag: "2-a85d79d51163a082", at 2027-01-02T03:04:05+03:00'
    assert difference(shown(before), after) is None


def test_an_abbreviation_stands_for_any_text() -> None:
    assert difference(shown("first\n…\nlast\n"), "first\nsecond\nthird\nlast\n") is None
    assert difference(shown("fir…st\n"), "first\n") is None
    assert difference(shown("…"), "") is None


@pytest.mark.parametrize("printed", ["first\nlast\nmore\n", "zeroth\nfirst\nlast\n", "first\n", "last\nfirst\n"])
def test_what_is_shown_around_an_abbreviation_has_to_be_printed_there(printed: str) -> None:
    assert difference(shown("first…last\n"), printed) is not None


def test_the_layout_of_json_may_differ_and_that_of_its_texts_may_not() -> None:
    assert difference(shown('{"a": [1,\n  2],\n "b": "x y"}\n', "json"), '{"a":[1,2],"b":"x y"}') is None
    assert difference(shown('{"b": "x  y"}', "json"), '{"b":"x y"}') is not None


def test_json_is_shown_with_members_left_out() -> None:
    printed = '{"id":"1","items":[{"code":"acme","name":null},{"code":"kivi","name":"Kivi"}],"next":null}'
    assert difference(shown('{… "items": [{"code": "acme", …}, {"code": "kivi", …}], …}', "json"), printed) is None
    assert difference(shown('{… "items": [{"code": "acme", …}], "total": 1}', "json"), printed) is not None


def test_a_difference_is_a_diff_that_names_the_line_of_the_document() -> None:
    found = difference(shown('{"code": "acme", "status": 412, …}', "json"), '{"code":"acme","status":409,"title":""}')
    assert found is not None
    assert found.splitlines()[:2] == [f"--- {NAME}:7", "+++ printed"]
    assert '-"status":412,' in found
    assert '+"status":409,' in found
    assert found.endswith("""not printed where it is shown: '{"code":"acme","status":412,'""")


def test_the_address_is_that_of_the_document_or_has_another_port() -> None:
    assert with_port(DOCUMENT, None) == (DOCUMENT, 8000)
    document, port = with_port(DOCUMENT, "8123")
    assert document.startswith("# A page of 127.0.0.1:8123\n")
    assert port == 8123


def test_a_taken_port_is_refused_before_anything_is_made() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Refused, match=f"port {port} is taken; set ENVANTER_PORT to a free one"):
            check_machine(port)


def test_the_readme_serves_once_and_shows_what_every_request_prints() -> None:
    steps = steps_of((ROOT / NAME).read_text(encoding="utf-8"))
    assert [step.commands.options.get("run") for step in steps].count("server") == 1
    asked = [step for step in steps if "curl" in step.commands.text and "run" not in step.commands.options]
    assert len(asked) > 5
    assert all(step.shown is not None for step in asked)
    assert "curl" in NEEDED
