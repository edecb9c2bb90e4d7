"""How far statements reach, told a second time: naively, from what the API says of activities and terms."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.register.making import Json

Place = tuple[str, str, str]  # activity, kind, key
Ranks = tuple[int | None, int | None, int | None]  # of subject, category and item; None where there is none
Limits = tuple[str | None, str | None, str | None]  # condition, valid_from, valid_to
Named = tuple[str | None, str | None, str | None, Limits]  # subject, category, item
Pairs = dict[Named, Ranks]

LISTS: Final = {"listed", "including"}
RANKS: Final = {"stated": 0, "inferred": 1, "unknown": 2}
NOBODY: Final[list[tuple[str | None, int]]] = [(None, 0)]
NO_LIMITS: Final[Limits] = (None, None, None)


@dataclass(frozen=True)
class Datum:
    """Data as named, and how certain its category and its item are."""

    category: str | None
    item: str | None
    category_rank: int = 0
    item_rank: int = 0


@dataclass(frozen=True)
class World:
    """What the API says: whole activities, what terms stand under, where items are at home."""

    activities: list[Json]
    under: dict[str, list[str]]
    homes: dict[str, list[str]] = field(default_factory=dict)

    def above(self, code: str) -> set[str]:
        """A term and everything that it stands under."""
        return {code}.union(*(self.above(up) for up in self.under.get(code, [])))

    def at_home(self, item: str) -> set[str]:
        """The home categories of an item and of the items above it."""
        return {category for one in self.above(item) for category in self.homes.get(one, [])}

    def covers(self, broad: str | None, narrow: str | None) -> bool:
        """Tell whether one term is the other, or above it."""
        return broad is not None and narrow is not None and broad in self.above(narrow)

    def match(self, one: str | None, other: str | None) -> bool:
        """Tell whether two terms are equal, or one is narrower than the other."""
        return self.covers(one, other) or self.covers(other, one)

    def match_data(self, one: Datum, other: Datum) -> bool:
        """Tell whether items match, or categories where one side names no item."""
        if one.item and other.item:
            return self.match(one.item, other.item)
        return self.match(one.category, other.category)

    def covers_data(self, broad: Datum, narrow: Datum) -> bool:
        """Tell whether a datum, as an exception, takes another away."""
        if broad.item:
            return self.covers(broad.item, narrow.item)
        return self.covers(broad.category, narrow.category)

    def statements(self) -> Iterator[tuple[Place, Json]]:
        """Every statement that has a reach."""
        for activity in self.activities:
            for kind in ("roles", "collections", "uses", "transfers", "retentions"):
                for statement in activity[kind]:
                    yield (activity["code"], kind, statement["key"]), statement

    def scope(self, place: Place, statement: Json) -> list[Json]:
        """The collections of the same document, else of the same activity."""
        held = [
            (found[0], one)
            for found, one in self.statements()
            if found[1] == "collections" and one["polarity"] == "does"
        ]
        same = [one for _, one in held if one["document"] == statement["document"]]
        return same or [one for activity, one in held if activity == place[0]]


def expected_pairs(world: World) -> dict[Place, Pairs]:
    """Return the pairs that every statement of the register is about."""
    return {
        place: Reach(world, world.scope(place, statement)).pairs_of(place[1], statement)
        for place, statement in world.statements()
    }


@dataclass
class Reach:
    """One scope: the collections that a statement may be widened to."""

    world: World
    collections: list[Json]

    def data_of(self, statement: Json) -> list[Datum]:
        """The data that a statement names; an item alone is filed as its scope files it, else at home."""
        found = []
        for member in statement["data"]["members"]:
            category, item, rank = member["category"], member["item"], RANKS[member["certainty"]]
            if category is not None or item is None:
                found.append(Datum(category, item, rank if item is None else 0, rank))
                continue
            filed = {
                other["category"]
                for one in self.collections
                if one["data"]["reach"] in LISTS
                for other in one["data"]["members"]
                if other["item"] == item and other["category"] is not None
            }
            places = sorted(filed or self.world.at_home(item))
            found += [Datum(place, item, 1, rank) for place in places] or [Datum(None, item, 0, rank)]
        return found

    def subjects_of(self, statement: Json) -> list[tuple[str, int]]:
        """The data subjects that a statement names."""
        return [(link["code"], RANKS[link["certainty"]]) for link in statement["data_subjects"]["members"]]

    def collected(self, collection: Json) -> tuple[list[Datum], list[tuple[str, int]]]:
        """The two sides of a collection: lists, or all that the scope lists but for exceptions."""
        data, subjects = self.data_of(collection), self.subjects_of(collection)
        reaches = collection["data"]["reach"], collection["data_subjects"]["reach"]
        listing = [one for one in self.collections if one["data"]["reach"] in LISTS]
        naming = [one for one in self.collections if one["data_subjects"]["reach"] in LISTS]
        if reaches[0] not in LISTS:
            every = [d for one in listing for d in self.data_of(one)] if reaches[0].startswith("all") else []
            data = [d for d in every if not any(self.world.covers_data(no, d) for no in data)]
        if reaches[1] not in LISTS:
            everyone = [s for one in naming for s in self.subjects_of(one)] if reaches[1].startswith("all") else []
            subjects = [s for s in everyone if not any(self.world.covers(no, s[0]) for no, _ in subjects)]
        return data, subjects

    def held(self) -> Pairs:
        """The pairs that the collections of the scope hold together, with what limits them."""
        pairs: Pairs = {}
        for one in self.collections:
            data, subjects = self.collected(one)
            limits = (one["condition"], one["valid_from"], one["valid_to"])
            for datum in data:
                for subject, rank in subjects or NOBODY:
                    add(pairs, subject, rank, datum, limits)
        return pairs

    def pairs_of(self, kind: str, statement: Json) -> Pairs:
        """The pairs that a statement is about."""
        if kind == "collections":
            return cross(*self.collected(statement))
        data_reach, subject_reach = statement["data"]["reach"], statement["data_subjects"]["reach"]
        data, subjects = self.data_of(statement), self.subjects_of(statement)
        reaches = {data_reach, subject_reach}
        if reaches <= LISTS or (reaches & LISTS and "unreadable" in reaches):
            return cross(data, subjects)
        pairs: Pairs = {}
        met: set[Datum | str | None] = set()
        for (subject, category, item, limits), ranks in self.held().items():
            has = Datum(category, item, ranks[1] or 0, ranks[2] or 0)
            if self.excepts(statement, has, subject):
                continue
            for datum in self.sides(data_reach, data, has):
                for person, rank in self.people(subject_reach, subjects, subject, ranks[0] or 0):
                    if data_reach not in LISTS or person is not None:
                        add(pairs, person, rank, datum, limits)
                        met |= {datum, person}
        alone = [(None, 0, datum) for datum in data if data_reach in LISTS and datum not in met]
        lonely = [(one, rank, Datum(None, None)) for one, rank in subjects if subject_reach in LISTS and one not in met]
        for person, rank, datum in [*alone, *lonely]:
            add(pairs, person, rank, datum, NO_LIMITS)
        return pairs

    def excepts(self, statement: Json, datum: Datum, subject: str | None) -> bool:
        """Tell whether a statement says “all but” what a pair holds."""
        data = self.data_of(statement) if statement["data"]["reach"] == "all_except" else []
        subjects = self.subjects_of(statement) if statement["data_subjects"]["reach"] == "all_except" else []
        return any(self.world.covers_data(no, datum) for no in data) or any(
            self.world.covers(no, subject) for no, _ in subjects
        )

    def sides(self, reach: str, listed: list[Datum], held: Datum) -> list[Datum]:
        """What a statement's data are beside a pair that is held."""
        if reach in LISTS:
            return [datum for datum in listed if self.world.match_data(datum, held)]
        if reach == "unreadable":
            return [Datum(None, None)]
        floor = int(reach == "not_stated")
        return [Datum(held.category, held.item, max(held.category_rank, floor), max(held.item_rank, floor))]

    def people(
        self, reach: str, listed: list[tuple[str, int]], held: str | None, rank: int
    ) -> list[tuple[str | None, int]]:
        """Who a statement's data subjects are beside a pair that is held."""
        if reach in LISTS:
            return [(code, own) for code, own in listed if self.world.match(code, held)]
        if reach == "unreadable" or held is None:
            return [(None, 0)]
        return [(held, max(rank, int(reach == "not_stated")))]


def cross(data: list[Datum], subjects: list[tuple[str, int]]) -> Pairs:
    """Pair everything with everything; a side that is empty stays empty."""
    pairs: Pairs = {}
    for datum in data or [Datum(None, None)]:
        for subject, rank in subjects or NOBODY:
            add(pairs, subject, rank, datum, NO_LIMITS)
    return pairs


def add(pairs: Pairs, subject: str | None, rank: int, datum: Datum, limits: Limits) -> None:
    """Add a pair once, as certain as any of its occurrences; nothing on both sides is no pair."""
    if subject is None and datum.category is None and datum.item is None:
        return
    ranks = (
        None if subject is None else rank,
        None if datum.category is None else datum.category_rank,
        None if datum.item is None else datum.item_rank,
    )
    name = (subject, datum.category, datum.item, limits)
    known = pairs.get(name, ranks)
    subject_rank, category_rank, item_rank = (
        None if one is None or other is None else min(one, other) for one, other in zip(known, ranks, strict=True)
    )
    pairs[name] = (subject_rank, category_rank, item_rank)
