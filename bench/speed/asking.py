"""The hot requests, and how each contender is asked for the same."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from bench.speed.contenders import Call
from bench.speed.content import COPIED, FAMILY, SIZES

DAY: Final = "2026-11-22"
PAGE: Final = 50
KINDS: Final = {
    "roles": "role",
    "collections": "data_category",
    "uses": "purpose,legal_basis",
    "transfers": "recipient,data_category",
    "retentions": "data_category",
    "measures": "measure",
}
CONSENT: Final = f"/v1/questions/abroad-under-explicit-consent?on={DAY}"
GROUPS: Final = "group_by=country,data_category,mechanism"


@dataclass(frozen=True)
class Ask:
    """One hot request: what is sent to whom, in turn."""

    name: str
    title: str
    calls: Mapping[str, list[Call]] = field(default_factory=dict)
    told: Callable[[Any], Any] = lambda answer: answer

    def of(self, kind: str) -> list[Call] | None:
        """Return what a kind of contender is sent, or None if it has no such request."""
        return self.calls.get(kind)


@dataclass(frozen=True)
class Place:
    """What the requests name of a register of one size."""

    size: int
    sort: str
    key: int
    moment: str

    @property
    def copies(self) -> int:
        """Number of holdings in the register."""
        return self.size // COPIED

    def controller(self, letter: str, turn: int = 1) -> str:
        """Code of a controller, of one copy or another."""
        return f"{FAMILY}{turn % self.copies:04}{letter}"

    def activities(self, count: int, seed: int = 1) -> list[str]:
        """Codes of activities from all over the register."""
        chance = random.Random(seed)  # noqa: S311 - no secret
        found = []
        for _ in range(count):
            letter = chance.choice("abcd")
            number = chance.randrange(SIZES[letter])
            found.append(f"{self.controller(letter, chance.randrange(self.copies))}:faaliyet-{number:04}")
        return found


def _all(*paths: str) -> list[Call]:
    return [Call(path) for path in paths]


def reads(place: Place, cursor: str) -> list[Ask]:
    """Return every read that is measured."""
    codes = place.activities(100)
    own = place.controller("a")
    page = f"controller={own}&scope=process&sort=name&limit={PAGE}"
    deep = f"sort=name&limit={PAGE}&cursor={cursor}"
    asks = [
        Ask("one", "one activity, whole", _same([f"/activities/{code}" for code in codes])),
        Ask("page", "page of 50, two filters, sorted", _same([f"/activities?{page}"])),
        Ask("first_page", "first page of 50 of all", _same([f"/activities?sort=name&limit={PAGE}"])),
        Ask("deep_page", "page of 50 at 90 % of all", _same([f"/activities?{deep}"])),
        Ask("auditor_page", "auditor's question, first page", {"envanter": _all(f"{CONSENT}&limit={PAGE}")}),
        Ask(
            "auditor_groups",
            "auditor's question by country × category × mechanism",
            {"envanter": _all(f"{CONSENT}&{GROUPS}&limit=500"), "floor": _all(f"/consent/groups?on={DAY}")},
            _groups,
        ),
        Ask(
            "notice",
            "notice of a controller with 50 activities",
            {"envanter": _all(f"/v1/controllers/{place.controller('d')}/notice?format=json")},
        ),
    ]
    return [*asks, *_facts(place), *_past(place, codes)]


def _same(paths: list[str]) -> dict[str, list[Call]]:
    """Ask all contenders for the same."""
    return {"envanter": _all(*(f"/v1{path}" for path in paths)), "floor": _all(*paths), "peer": _all(*paths)}


def _facts(place: Place) -> list[Ask]:
    found = []
    own = place.controller("c")
    for kind, by in KINDS.items():
        path = f"/v1/facts/{kind}"
        listed = f"{path}?controller={own}&limit={PAGE}"
        found.append(Ask(f"facts_{kind}", f"{kind} of a controller, page of 50", {"envanter": _all(listed)}))
        grouped = f"{path}?controller={own}&group_by={by}"
        found.append(Ask(f"groups_{kind}", f"{kind} of a controller by {by}", {"envanter": _all(grouped)}))
        whole = f"{path}?limit={PAGE}"
        found.append(Ask(f"all_{kind}", f"{kind} of all, page of 50", {"envanter": _all(whole)}))
        everything = f"{path}?group_by={by}"
        found.append(Ask(f"all_groups_{kind}", f"{kind} of all by {by}", {"envanter": _all(everything)}))
    return found


def _past(place: Place, codes: list[str]) -> list[Ask]:
    then = f"as_of={place.moment}"
    own = place.controller("c")
    one = [f"/v1/activities/{code}?{then}" for code in codes]
    page = f"/v1/activities?controller={own}&sort=name&limit={PAGE}&{then}"
    facts = f"/v1/facts/transfers?controller={own}&limit={PAGE}&{then}"
    return [
        Ask("one_then", "one activity as of an instant", {"envanter": _all(*one)}),
        Ask("page_then", "page of 50 of a controller as of an instant", {"envanter": _all(page)}),
        Ask("facts_then", "transfers of a controller as of an instant", {"envanter": _all(facts)}),
    ]


def select(asks: list[Ask], only: list[str] | None) -> list[Ask]:
    """Return the requests that were asked for by name, all if none was."""
    if only is None:
        return asks
    unknown = set(only) - {ask.name for ask in asks}
    if unknown:
        raise SystemExit(f"no such request: {', '.join(sorted(unknown))}; there are {', '.join(a.name for a in asks)}")
    return [ask for ask in asks if ask.name in only]


def _groups(answer: Any) -> list[str]:  # noqa: ANN401 - any JSON
    """Groups in any order: Envanter also orders equal counts, by the places of the terms."""
    return sorted(orjson.dumps(item, option=orjson.OPT_SORT_KEYS).decode() for item in answer["items"])


def alike(ask: Ask, first: bytes, second: bytes) -> bool:
    """Tell whether two answers say the same; a label that one leaves out and the other calls null is the same."""
    return bool(_plain(ask.told(orjson.loads(first))) == _plain(ask.told(orjson.loads(second))))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        optional = ("item_label", "category_label")
        return {name: _plain(one) for name, one in value.items() if not (name in optional and one is None)}
    return [_plain(one) for one in value] if isinstance(value, list) else value
