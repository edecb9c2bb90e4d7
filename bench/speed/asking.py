"""The hot requests, and how each contender is asked for the same."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

import orjson

from app.activities.schemas import ActivityWrite
from app.platform.schemas import plain
from bench.speed.contenders import Answer, Call
from bench.speed.content import FAMILY, PER_DOCUMENT, SIZES, activity, holding

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
JSON: Final = {"Content-Type": "application/json"}
MANY: Final = 50

Turns = Callable[[Answer | None], Call]
Script = Callable[[], Turns]


@dataclass(frozen=True)
class Ask:
    """One hot request: what is sent to whom, in turn; `told` is what of an answer must be the same everywhere."""

    name: str
    title: str
    scripts: Mapping[str, Script] = field(default_factory=dict)
    told: Callable[[Any], Any] = lambda answer: answer


@dataclass(frozen=True)
class Place:
    """What the requests name of a register."""

    copies: int
    cursor: str
    moment: str
    sizes: Mapping[str, int] = field(default_factory=lambda: SIZES)

    def controller(self, letter: str, turn: int = 1) -> str:
        """Code of a controller, of one copy or another."""
        known = letter if letter in self.sizes else "a"
        return f"{FAMILY}{turn % self.copies:04}{known}"

    def activities(self, count: int) -> list[str]:
        """Codes of activities from all over the register."""
        chance = random.Random(count)  # noqa: S311 - no secret
        found = []
        for _ in range(count):
            letter = chance.choice("".join(self.sizes))
            number = chance.randrange(self.sizes[letter])
            found.append(f"{self.controller(letter, chance.randrange(self.copies))}:faaliyet-{number:04}")
        return found


def _turns(*paths: str) -> Script:
    """Ask for one address after the other."""

    def begin() -> Turns:
        state = {"turn": -1}

        def turn(_: Answer | None) -> Call:
            state["turn"] += 1
            return Call(paths[state["turn"] % len(paths)])

        return turn

    return begin


def _anew() -> Turns:
    """Ask for groups of another day each time, so that nothing is kept of them."""
    days = count()

    def turn(_: Answer | None) -> Call:
        day = date(2027, 1, 1) + timedelta(days=next(days))
        return Call(f"{CONSENT.replace(DAY, day.isoformat())}&{GROUPS}&limit=500")

    return turn


def _same(*paths: str) -> dict[str, Script]:
    """Ask all contenders for the same."""
    bare = _turns(*paths)
    return {"envanter": _turns(*(f"/v1{path}" for path in paths)), "floor": bare, "peer": bare}


def compared(place: Place) -> list[Ask]:
    """Return the reads for which there is a floor."""
    codes = place.activities(100)
    own = place.controller("a")
    filtered = f"/activities?controller={own}&scope=process&sort=name&limit={PAGE}"
    first = f"/activities?sort=name&limit={PAGE}"
    notice = f"/controllers/{place.controller('d')}/notice"
    groups = {"envanter": _turns(f"{CONSENT}&{GROUPS}&limit=500"), "floor": _turns("/consent/groups")}
    notices = {"envanter": _turns(f"/v1{notice}?format=json"), "floor": _turns(notice)}
    return [
        Ask("one", "one activity, whole", _same(*(f"/activities/{code}" for code in codes))),
        Ask("page", "page of 50, two filters, sorted", _same(filtered)),
        Ask("first_page", "first page of 50 of all", _same(first)),
        Ask("deep_page", "page of 50 at nine tenths of all", _same(f"{first}&cursor={place.cursor}")),
        Ask("auditor_groups", "consent abroad by country × category × mechanism", groups, _groups),
        Ask("notice", "notice of a controller with 50 activities", notices, lambda _: None),
    ]


def own(place: Place) -> list[Ask]:
    """Return the reads that only Envanter answers."""
    page = Ask("auditor_page", "consent abroad, first page of 50", {"envanter": _turns(f"{CONSENT}&limit={PAGE}")})
    anew = Ask("auditor_groups_anew", "consent abroad in groups, counted anew", {"envanter": _anew})
    return [page, anew, *_facts(place), *_past(place)]


def _facts(place: Place) -> list[Ask]:
    found = []
    controller = place.controller("c")
    for kind, by in KINDS.items():
        path = f"/v1/facts/{kind}"
        for name, title, address in (
            ("facts", f"{kind} of a controller, page of 50", f"{path}?controller={controller}&limit={PAGE}"),
            ("groups", f"{kind} of a controller by {by}", f"{path}?controller={controller}&group_by={by}"),
            ("all", f"{kind} of all, page of 50", f"{path}?limit={PAGE}"),
            ("all_groups", f"{kind} of all by {by}", f"{path}?group_by={by}"),
        ):
            found.append(Ask(f"{name}_{kind}", title, {"envanter": _turns(address)}))
    return found


def _past(place: Place) -> list[Ask]:
    then = f"as_of={place.moment}"
    controller = place.controller("c")
    one = [f"/v1/activities/{code}?{then}" for code in place.activities(100)]
    page = f"/v1/activities?controller={controller}&sort=name&limit={PAGE}&{then}"
    facts = f"/v1/facts/transfers?controller={controller}&limit={PAGE}&{then}"
    return [
        Ask("one_then", "one activity as of an instant", {"envanter": _turns(*one)}),
        Ask("page_then", "page of 50 of a controller as of an instant", {"envanter": _turns(page)}),
        Ask("facts_then", "transfers of a controller as of an instant", {"envanter": _turns(facts)}),
    ]


def writes(place: Place) -> list[Ask]:
    """Return the writes: the first has a floor."""
    return [
        Ask(
            "create",
            "create, 37 rows",
            {
                "envanter": creating(place, "e", "/v1/activities"),
                "floor": creating(place, "f", "/activities"),
                "peer": creating(place, "p", "/activities"),
            },
            _created,
        ),
        Ask("patch", "change of one of 200 statements", {"envanter": _patching(place)}),
        Ask("import", "import of 25 activities", {"envanter": _importing()}),
    ]


def everything(place: Place) -> list[Ask]:
    """Return every request."""
    return [*compared(place), *own(place), *writes(place)]


def names() -> list[str]:
    """Return the names of all requests."""
    return [ask.name for ask in everything(Place(1, "", ""))]


def creating(place: Place, mark: str, path: str) -> Script:
    """Create activities of the same shape under new codes, over all documents in turn."""
    attempts = count()

    def begin() -> Turns:
        attempt = f"{mark}-{next(attempts)}"
        chance = random.Random(0)  # noqa: S311 - no secret
        state = {"turn": 0}

        def turn(_: Answer | None) -> Call:
            number = state["turn"] = state["turn"] + 1
            return Call(path, "POST", _body(place, attempt, number, chance), JSON)

        return turn

    return begin


def _body(place: Place, mark: str, number: int, chance: random.Random) -> bytes:
    letter = "".join(place.sizes)[number % len(place.sizes)]
    controller = place.controller(letter, number * 7)
    content = activity(controller, (number * PER_DOCUMENT + number) % place.sizes[letter], chance)
    content["code"] = f"{controller}:yeni-{mark}-{number}"
    return orjson.dumps(plain(ActivityWrite.model_validate(content)))


def _patching(place: Place) -> Script:
    """Make an activity of 200 statements, then change one of them again and again."""
    attempts = count()

    def begin() -> Turns:
        name = f"genis-{next(attempts)}"
        controller = place.controller("b")
        content = activity(controller, 0, random.Random(0))  # noqa: S311 - no secret
        content["code"] = f"{controller}:{name}"
        kinds = ("collections", "uses", "transfers", "retentions")
        for kind in kinds:
            content[kind] = [{**content[kind][0], "key": f"k-{number}"} for number in range(MANY)]
        state = {"turn": 0}

        def turn(last: Answer | None) -> Call:
            if last is None:
                return Call("/v1/activities", "POST", orjson.dumps(content), JSON)
            state["turn"] += 1
            content["retentions"][state["turn"] % MANY]["note"] = f"değişti: {state['turn']}"
            headers = {"Content-Type": "application/merge-patch+json", "If-Match": last.headers["etag"]}
            body = orjson.dumps({"retentions": content["retentions"]})
            return Call(f"/v1/activities/{controller}:{name}", "PATCH", body, headers)

        return turn

    return begin


def _importing() -> Script:
    """Bring in a controller of 25 activities, each time another one."""
    numbers = count(9000)

    def turn(_: Answer | None) -> Call:
        return Call("/v1/import", "POST", orjson.dumps(holding("e", 25, f"{next(numbers)}")), JSON)

    return lambda: turn


def _created(answer: Any) -> Any:  # noqa: ANN401 - any JSON
    """What was created, but for its id and its code."""
    return {name: value for name, value in answer.items() if name not in {"id", "code"}}


def _groups(answer: Any) -> list[str]:  # noqa: ANN401 - any JSON
    """Groups in any order: Envanter also orders equal counts, by the places of the terms."""
    return sorted(orjson.dumps(item, option=orjson.OPT_SORT_KEYS).decode() for item in answer["items"])


def alike(ask: Ask, first: bytes, second: bytes) -> bool:
    """Tell whether two answers say the same; a label that one leaves out and the other calls null is the same."""
    return bool(_bare(ask.told(orjson.loads(first))) == _bare(ask.told(orjson.loads(second))))


def _bare(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        optional = ("item_label", "category_label")
        return {name: _bare(one) for name, one in value.items() if not (name in optional and one is None)}
    return [_bare(one) for one in value] if isinstance(value, list) else value
