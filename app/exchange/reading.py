"""Reads JSON lines, and knows the line of every path in them."""

import codecs
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Final

import orjson

from app.platform.bounds import is_deeper
from app.platform.problems import Item, Malformed

MOST_DEPTH: Final = 60


@dataclass(frozen=True)
class Source(ABC):
    """A read document."""

    data: Any

    @abstractmethod
    def line_of(self, pointer: str) -> int:
        """Return the line (from 1) of a JSON pointer, or of the nearest thing above it that exists."""


@dataclass(frozen=True)
class Lines(Source):
    """A document put together from lines, and the line of each member of its lists."""

    places: dict[str, list[int]]

    def line_of(self, pointer: str) -> int:
        """Return the line of the resource that a JSON pointer leads into, or the first of its list, or of all."""
        _, name, place, *_ = [*pointer.split("/"), "", ""]
        known = self.places.get(name, [1])
        return known[int(place)] if place.isdecimal() and int(place) < len(known) else known[0]


def read_lines(content: bytes) -> Source:
    """Read a bundle in lines: one JSON object with one member each; the last gives the count of resources."""
    data: dict[str, Any] = {}
    places: dict[str, list[int]] = {}
    end: Any = None
    number = 0
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if not line.strip():
            continue
        name, value = _member_of(line, number)
        if end is not None:
            raise Malformed(Item("line_after_end", line=number))
        if name == "end":
            end = value
        elif name == "format":
            if name in data:
                raise Malformed(Item("line_invalid", line=number))
            data[name] = value
        else:
            data.setdefault(name, []).append(value)
            places.setdefault(name, []).append(number)
    found = sum(len(lines) for lines in places.values())
    if type(end) is not int or end != found:
        raise Malformed(Item("lines_missing", {"found": found}, line=number))
    return Lines(data, places)


def _member_of(line: bytes, number: int) -> tuple[str, Any]:
    """Return the one member of the object on a line; a key that stands twice anywhere in it is refused."""
    if is_deeper(line, MOST_DEPTH):
        raise Malformed(Item("too_deep", {"limit": MOST_DEPTH}, line=number))
    try:
        value = orjson.loads(line)
        json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise Malformed(Item("line_invalid", line=number)) from None
    if not isinstance(value, dict) or len(value) != 1:
        raise Malformed(Item("line_invalid", line=number))
    ((name, member),) = value.items()
    return str(name), member


def _once(members: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in members}) < len(members):
        raise ValueError("a key stands twice")
