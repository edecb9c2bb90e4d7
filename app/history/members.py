"""Compares two lists by what their members are about; pure, without a database."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Final

# An object in a list is known by these (a step by how it follows); two that share them are one that changed.
KNOWN_BY: Final = (("code",), ("category", "item"), ("vocabulary", "term"), ("join",))


@dataclass(frozen=True)
class Compared:
    """What two lists have apart, and which members changed; nothing, where only their order differs."""

    added: list[Any] = field(default_factory=list)
    removed: list[Any] = field(default_factory=list)
    changed: list[tuple[Any, Any]] = field(default_factory=list)


def compared(before: list[Any], after: list[Any]) -> Compared:
    """Compare two lists: members that are equal on both sides are left out, those about the same thing changed."""
    gone = list(before)
    fresh = []
    for member in after:
        if member in gone:
            gone.remove(member)
        else:
            fresh.append(member)
    waiting: dict[Hashable, list[Any]] = defaultdict(list)
    for member in gone:
        waiting[_name(member)].append(member)
    result = Compared()
    for member in fresh:
        known = waiting[_name(member)] if _name(member) is not None else []
        if known:
            result.changed.append((known.pop(0), member))
        else:
            result.added.append(member)
    result.removed.extend(member for members in waiting.values() for member in members)
    return result


def _name(member: Any) -> Hashable | None:  # noqa: ANN401 - any stored member
    if isinstance(member, dict):
        for names in KNOWN_BY:
            if set(names) <= set(member):
                return tuple(member[name] for name in names)
    return None
