"""Reads and writes YAML (1.2: `no`, `on` and dates are text), and knows the line of every path in it."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

import orjson
import yaml

from app.exchange.reading import MOST_DEPTH, Source
from app.platform.problems import Item, Malformed


class BundleLoader(yaml.CSafeLoader):
    """The C loader with the scalars of YAML 1.2."""


class BundleDumper(yaml.CSafeDumper):
    """The C dumper; text that an older reader would take for something else is quoted."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401 - any node
        """Write everything out; a bundle has no anchors."""
        del data
        return True


SCALARS: Final = {
    "tag:yaml.org,2002:bool": (re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    "tag:yaml.org,2002:null": (re.compile(r"^(?:~|null|Null|NULL|)$"), "~nN"),
    "tag:yaml.org,2002:int": (re.compile(r"^[-+]?[0-9]+$"), "-+0123456789"),
    "tag:yaml.org,2002:float": (
        re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
        "-+.0123456789",
    ),
}
SURROGATES: Final = re.compile(r"\\\\|(?P<high>\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}")
PLAIN_TAGS: Final = {f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")}
Resolvers = dict[str, list[tuple[str, re.Pattern[str]]]]


def _resolvers() -> Resolvers:
    empty = "tag:yaml.org,2002:null"
    resolvers: Resolvers = {"": [(empty, SCALARS[empty][0])]}
    for tag, (pattern, first) in SCALARS.items():
        for letter in first:
            resolvers.setdefault(letter, []).append((tag, pattern))
    return resolvers


def _quoted_resolvers() -> Resolvers:
    """What must be quoted to stay text for this reader and for readers of YAML 1.1; dates need it nowhere."""
    resolvers = _resolvers()
    for letter, known in yaml.CSafeDumper.yaml_implicit_resolvers.items():
        older = [(tag, pattern) for tag, pattern in known if not tag.endswith("timestamp")]
        resolvers[letter] = [*resolvers.get(letter, []), *older]
    return resolvers


def _whole_number(_: BundleLoader, node: yaml.ScalarNode) -> int:
    """Read decimal digits; a leading zero means nothing in YAML 1.2."""
    try:
        return int(node.value)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from None


BundleLoader.yaml_implicit_resolvers = _resolvers()
BundleLoader.add_constructor("tag:yaml.org,2002:int", _whole_number)
BundleDumper.yaml_implicit_resolvers = _quoted_resolvers()


@dataclass(frozen=True)
class Nodes(Source):
    """A document and the node tree that it was made of."""

    root: yaml.Node | None

    def line_of(self, pointer: str) -> int:
        """Return the line of the node that a JSON pointer leads to."""
        node, line = self.root, 1
        for step in pointer.split("/")[1:]:
            following = _child(node, step.replace("~1", "/").replace("~0", "~"))
            if following is None:
                continue
            node, line = following
        return line


def _child(node: yaml.Node | None, step: str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        child = node.value[int(step)]
        return child, child.start_mark.line + 1
    return None


def read_yaml(content: bytes) -> Source:
    """Read one YAML or JSON document; refuse what is malformed, too deep, aliased or has a key twice."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed(Item("bad_text")) from None
    loader = BundleLoader(_with_whole_letters(text))
    try:
        root = loader.get_single_node()
        if root is not None:
            _check(root, 0, set())
        data = None if root is None else loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else error.problem_mark.line + 1
        reason = " ".join(filter(None, (error.context, error.problem)))
        raise Malformed(Item("yaml_invalid", {"reason": reason}, line=line)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Malformed(Item("yaml_invalid", {"reason": reason})) from None
    finally:
        loader.dispose()
    return Nodes(data, root)


def _with_whole_letters(text: str) -> str:
    """JSON may write a letter beyond the first plane, such as 😀, as two escapes; YAML does not know that."""
    if SURROGATES.search(text) is None:
        return text
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return SURROGATES.sub(lambda found: json.loads(f'"{found[0]}"') if found["high"] else found[0], text)


def _check(node: yaml.Node, depth: int, above: set[int]) -> None:
    """Refuse aliases (a small document could stand for a huge one), depth and repeated keys."""
    if depth > MOST_DEPTH:
        _refuse(node, "too_deep", limit=MOST_DEPTH)
    if id(node) in above:
        _refuse(node, "yaml_alias")
    above.add(id(node))
    _check_tag(node)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                _refuse(key, "yaml_key_no_text")
            _check_tag(key)
            if key.value in seen:
                _refuse(key, "yaml_key_twice", name=key.value)
            seen.add(key.value)
            _check(value, depth + 1, above)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _check(value, depth + 1, above)


def _check_tag(node: yaml.Node) -> None:
    """Refuse tags that a bundle has no use for, and those that do not fit their value."""
    is_number = isinstance(node, yaml.ScalarNode) and node.tag in SCALARS
    if node.tag not in PLAIN_TAGS and not (is_number and SCALARS[node.tag][0].match(node.value)):
        _refuse(node, "yaml_tag", name=node.tag)


def _refuse(node: yaml.Node, code: str, **values: str | int) -> None:
    raise Malformed(Item(code, values, line=node.start_mark.line + 1))


def write_yaml(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write a value as block YAML, in the order that it has."""
    return yaml.dump(
        value, Dumper=BundleDumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False
    )
