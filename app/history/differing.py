"""How two states of a resource differ: by field, and for activities by the kind and key of a statement; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from app.history.wording import both, is_empty, words

Document = dict[str, Any]
ANSWER_ONLY: Final = frozenset({"id", "revision", "code", "key"})


@dataclass(frozen=True)
class Side:
    """One state: as answers show it, and as words name it; nothing at all before the first revision."""

    shown: Document = field(default_factory=dict)
    spoken: Document = field(default_factory=dict)

    def statements(self, kind: str) -> "dict[str, Side]":
        """Return the statements of a kind by key."""
        pairs = zip(self.shown.get(kind, []), self.spoken.get(kind, []), strict=True)
        return {spoken["key"]: Side(shown, spoken) for shown, spoken in pairs}


def differences(before: Side, after: Side, kinds: tuple[str, ...] = ()) -> list[Document]:
    """Return every difference, fields first, then statements in the order of the kinds and of the later state."""
    whole = dict.fromkeys(("field", "kind", "key", "action", "before", "after")) | {"fields": []}
    found = [whole | one for one in _fields(before, after, ANSWER_ONLY.union(kinds))]
    for kind in kinds:
        found += _statements(kind, before.statements(kind), after.statements(kind))
    return found


def summary(before: Document, after: Document, kinds: tuple[str, ...] = ()) -> dict[str, str]:
    """Say in a few words how two stored documents differ: counts of statements, names of fields."""
    counts = [(kind, _counted(before.get(kind, []), after.get(kind, []))) for kind in kinds]
    names = [
        name
        for name in {**before, **after}
        if name in words()["fields"] and name not in kinds and name not in ANSWER_ONLY
        if before.get(name) != after.get(name)
    ]

    def parts(speaker: Any) -> Iterator[str]:  # noqa: ANN401 - a speaker
        for kind, count in counts:
            said = [speaker.phrase(f"count_{action}", count=number) for action, number in count.items() if number]
            if said:
                yield f"{speaker.field(kind)}: {', '.join(said)}"
        if names and before:
            yield speaker.phrase("fields_changed", names=", ".join(map(speaker.field, names)))

    return both(lambda speaker: "; ".join(parts(speaker)))


def _counted(before: list[Document], after: list[Document]) -> dict[str, int]:
    old, new = ({one["key"]: one for one in side} for side in (before, after))
    return {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": sum(old[key] != new[key] for key in old.keys() & new.keys()),
    }


def _fields(before: Side, after: Side, others: frozenset[str]) -> list[Document]:
    found = []
    for name in {**after.spoken, **before.spoken}:
        old, new = before.spoken.get(name), after.spoken.get(name)
        is_first = not before.spoken and (is_empty(new) or new in (False, "not_stated"))
        if name in others or old == new or is_first:
            continue
        found.append(
            {
                "field": name,
                "action": "added" if is_empty(old) else "removed" if is_empty(new) else "changed",
                "before": before.shown.get(name),
                "after": after.shown.get(name),
                "words": _field_words(name, old, new),
            }
        )
    return found


def _field_words(name: str, old: Any, new: Any) -> dict[str, str]:  # noqa: ANN401 - any stored values
    return both(lambda speaker: f"{speaker.field(name)}: {speaker.change(name, old, new)}")


def _statements(kind: str, before: dict[str, Side], after: dict[str, Side]) -> Iterator[Document]:
    kept = [key for key in after if key in before]
    if kept != [key for key in before if key in after]:
        words = both(lambda speaker: speaker.phrase("statements_reordered", kinds=speaker.field(kind)))
        yield _statement(kind, None, "changed", list(before), list(after), words)
    for key, side in after.items():
        if key not in before:
            yield _statement(kind, key, "added", None, side.shown, _told("added", kind, key, side))
        elif fields := _fields(before[key], side, ANSWER_ONLY):
            words = _changed(kind, key, fields)
            yield _statement(kind, key, "changed", None, None, words) | {"fields": fields}
    for key, side in before.items():
        if key not in after:
            yield _statement(kind, key, "removed", side.shown, None, _told("removed", kind, key, side))


def _statement(
    kind: str,
    key: str | None,
    action: str,
    before: Any,  # noqa: ANN401 - a statement, or keys
    after: Any,  # noqa: ANN401
    words: dict[str, str],
) -> Document:
    place = {"field": None, "kind": kind, "key": key, "action": action}
    return {**place, "before": before, "after": after, "fields": [], "words": words}


def _told(action: str, kind: str, key: str, side: Side) -> dict[str, str]:
    content = {name: value for name, value in side.spoken.items() if name not in ANSWER_ONLY}
    return both(
        lambda speaker: speaker.phrase(
            f"statement_{action}", kind=speaker.kind(kind), key=key, what=speaker.content(content)
        )
    )


def _changed(kind: str, key: str, fields: list[Document]) -> dict[str, str]:
    return both(
        lambda speaker: speaker.phrase(
            "statement_changed",
            kind=speaker.kind(kind),
            key=key,
            what="; ".join(one["words"][speaker.language] for one in fields),
        )
    )
