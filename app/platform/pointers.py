"""JSON pointers into what the caller wrote, where a short form stands for a longer one."""

from collections.abc import Sequence
from typing import Any, Final

GROUP: Final = "items"
# One duration and its start may be written beside the steps that they stand for.
SHORT_STEPS: Final = ((("steps", "0", "start_events"), "from"), (("steps", "0"), "period"))


def existing_pointer(document: Any, steps: Sequence[int | str]) -> str:  # noqa: ANN401
    """Return the JSON pointer of a path, leaving out steps that the caller's short form does not have."""
    names = [str(step) for step in steps]
    found: list[str] = names if document is None else []
    here = document
    while names and document is not None:
        names = _as_short(here, names)
        name = names.pop(0)
        if isinstance(here, dict) and name in here:
            here = here[name]
            found.append(name)
        elif isinstance(here, list) and name.isdecimal():
            for step in _place(here, int(name), names[0] if names else GROUP):
                here = here[step]
                found.append(str(step))
    return pointer_of(found)


def pointer_of(steps: Sequence[int | str]) -> str:
    """Return the JSON pointer of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def _as_short(here: Any, names: list[str]) -> list[str]:  # noqa: ANN401
    for long, short in SHORT_STEPS:
        if isinstance(here, dict) and tuple(names[: len(long)]) == long and long[0] not in here and short in here:
            return [short, *names[len(long) :]]
    return names


def _place(members: list[Any], index: int, following: str) -> list[Any]:
    """Return where a member is written; an object with `items` stands for one member per item."""
    for position, member in enumerate(members):
        group = member.get(GROUP) if isinstance(member, dict) else None
        size = len(group) if isinstance(group, list) and group else 1
        if index >= size:
            index -= size
            continue
        if not isinstance(group, list) or not group:
            return [position]
        own = group[index]
        is_own = following in {"item", GROUP} or (isinstance(own, dict) and following in own)
        return [position, GROUP, index] if is_own else [position]
    return []
