"""Says in Turkish and English what changed, from templates and names in `words.yaml`; pure, without a database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.history.members import compared
from app.platform.own_texts import read_texts

LANGUAGES: Final = ("tr", "en")
MOST_SAID: Final = 20
LONGEST: Final = 200
# What goes without saying where a whole statement is told.
SILENT: Final = {
    "certainty": "stated",
    "polarity": "does",
    "reach": "listed",
    "bound": "exact",
    "start_relation": "any",
    "starts_at": "event",
    "state": "stated",
}


@cache
def words() -> dict[str, dict[str, Any]]:
    """Return the templates and names in both languages."""
    found: dict[str, dict[str, Any]] = read_texts(Path(__file__).with_name("words.yaml"))
    return found


@dataclass(frozen=True)
class Named:
    """A code with its name at the time; the same code is the same thing, whatever it was called."""

    code: str
    name: dict[str, str] = field(compare=False)


def both(say: Callable[["Speaker"], str]) -> dict[str, str]:
    """Say something in both languages."""
    return {speaker.language: say(speaker) for speaker in SPEAKERS}


def is_empty(value: Any) -> bool:  # noqa: ANN401 - any stored value
    """Tell a value that says nothing: none, an empty list, a set of which nothing is stated."""
    if isinstance(value, dict):
        return all(part == "not_stated" or is_empty(part) for part in value.values())
    return value is None or value in ("", [])


@dataclass(frozen=True)
class Speaker:
    """Speaks one language."""

    language: str

    def phrase(self, name: str, **values: object) -> str:
        """Return a template with its values filled in."""
        return str(words()["phrases"][name][self.language]).format(**values)

    def kind(self, name: str) -> str:
        """Name a kind of statement."""
        return str(words()["kinds"][name][self.language])

    def field(self, name: str) -> str:
        """Name a field; what stands inside a free object of the product's own terms has its key for a name."""
        known = words()["fields"].get(name)
        return name.replace("_", " ") if known is None else str(known[self.language])

    def value(self, name: str, value: Any) -> str:  # noqa: ANN401 - any stored value
        """Say the value of a field."""
        if is_empty(value) and not isinstance(value, str):
            return self.phrase("nothing")
        if isinstance(value, list):
            return self.listed(name, value)
        return self._object(value) if isinstance(value, dict) else self._word(name, value)

    def _word(self, name: str, value: Any) -> str:  # noqa: ANN401 - any single value
        if isinstance(value, bool):
            return self.phrase("yes" if value else "no")
        if isinstance(value, Named):
            return _quoted(value.name[self.language])
        known = words()["values"].get(name, {})
        if value in known:
            return str(known[value][self.language])
        return _quoted(value) if isinstance(value, str) else str(value)

    def listed(self, name: str, members: list[Any]) -> str:
        """Say the members of a list, the first twenty of them."""
        said = [self.value(name, member) for member in members[:MOST_SAID]]
        if len(members) > MOST_SAID:
            said.append(self.phrase("and_more", count=len(members) - MOST_SAID))
        return ", ".join(said)

    def content(self, values: dict[str, Any]) -> str:
        """Say everything that an object says, field by field."""
        return "; ".join(self._parts(values))

    def change(self, name: str, before: Any, after: Any) -> str:  # noqa: ANN401 - any stored values
        """Say how the value of a field changed."""
        if isinstance(before, list) or isinstance(after, list):
            return self._members(name, before or [], after or [])
        if isinstance(before, dict) and isinstance(after, dict):
            names = [one for one in {**before, **after} if before.get(one) != after.get(one)]
            return "; ".join(self._inner(one, before.get(one), after.get(one)) for one in names)
        if is_empty(before):
            return self.phrase("set", after=self.value(name, after))
        if is_empty(after):
            return self.phrase("emptied", before=self.value(name, before))
        return self.phrase("changed", before=self.value(name, before), after=self.value(name, after))

    def _inner(self, name: str, before: Any, after: Any) -> str:  # noqa: ANN401
        what = self.change(name, before, after)
        return what if name == "members" else f"{self.field(name)}: {what}"

    def _members(self, name: str, before: list[Any], after: list[Any]) -> str:
        found = compared(before, after)
        said = [
            self.phrase(f"members_{action}", members=self.listed(name, members))
            for action, members in (("added", found.added), ("removed", found.removed))
            if members
        ]
        changed = [f"{self._head(old)} ({self.change(name, old, new)})" for old, new in found.changed]
        if changed:
            said.append(self.phrase("members_changed", members=", ".join(changed)))
        return "; ".join(said) or self.phrase("reordered")

    def _object(self, value: dict[str, Any]) -> str:
        if _is_label(value):
            return _quoted(value[self.language])
        head = self._head(value)
        in_head = (*HEADS, *(LENGTH if value.get("unit") else ()))
        rest = "; ".join(self._parts({name: part for name, part in value.items() if name not in in_head}))
        if not head:
            return f"({rest})" if "; " in rest else rest
        return f"{head} ({rest})" if rest else head

    def _head(self, value: dict[str, Any]) -> str:
        """Name an object by what it is about: a code, a pair of category and item, a length of time."""
        if value.get("unit") is not None:
            return f"{value['value']} {self.value('unit', value['unit'])}"
        names = [value[name] for name in HEADS if value.get(name) is not None]
        return " / ".join(self.value("code", name) for name in names)

    def _parts(self, values: dict[str, Any]) -> Iterator[str]:
        for name, value in values.items():
            if is_empty(value) or value is False or value == SILENT.get(name, "not_stated"):
                continue
            said = self.value(name, value)
            yield said if name == "members" else f"{self.field(name)}: {said}"


HEADS: Final = ("code", "category", "item")
LENGTH: Final = ("value", "unit")
SPEAKERS: Final = tuple(Speaker(language) for language in LANGUAGES)


def _is_label(value: dict[str, Any]) -> bool:
    return set(value) == {"tr", "en"}


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'}”"
