"""How far a statement reaches: which pairs of data subject and data it is about, and how certain that is.

Pure functions: what a source says is stated; what it is silent about is widened to
what the same document collects, and marked inferred; what is unreadable is not widened.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple

STATED: Final = 0
INFERRED: Final = 1
UNKNOWN: Final = 2
RANKS: Final = {"stated": STATED, "inferred": INFERRED, "unknown": UNKNOWN}
CERTAINTY_NAMES: Final = ("stated", "inferred", "unknown")

LISTED: Final = frozenset({"listed", "including"})
WIDENED: Final = frozenset({"not_stated", "all", "all_except"})


class Datum(NamedTuple):
    """A data category, a data item, or an item in a category, by keys."""

    category: int | None
    item: int | None
    certainty: int = STATED
    category_certainty: int = STATED


class Subject(NamedTuple):
    """A data-subject category, by key."""

    term: int
    certainty: int = STATED


class Pair(NamedTuple):
    """Data of a data subject; either side may be empty."""

    subject: int | None
    category: int | None
    item: int | None
    subject_certainty: int = STATED
    category_certainty: int = STATED
    item_certainty: int = STATED
    condition: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Reaching:
    """The two sides of a statement, and what limits it."""

    data_reach: str
    data: Sequence[Datum]
    subject_reach: str
    subjects: Sequence[Subject]
    condition: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Terms:
    """What stands under what (itself included), the home categories of items, and whose own terms are."""

    broader: dict[int, frozenset[int]]
    homes: dict[int, frozenset[int]]
    owners: dict[int, int] = field(default_factory=dict)

    @cached_property
    def narrower(self) -> Mapping[int | None, Mapping[int, Sequence[int]]]:
        """What stands under each term, itself included: of each controller, and under None what all share."""
        found: dict[int | None, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for key, ups in self.broader.items():
            for up in ups:
                found[self.owners.get(key)][up].append(key)
        return found

    def match(self, one: int | None, other: int | None) -> bool:
        """Tell whether two terms are equal, or one is narrower than the other."""
        if one is None or other is None:
            return False
        up = self.broader
        return one == other or other in up.get(one, ()) or one in up.get(other, ())

    def match_data(self, one: Datum, other: Datum) -> bool:
        """Tell whether two data match; a category without item matches all its items, both ways."""
        if one.item is not None and other.item is not None:
            return self.match(one.item, other.item)
        return self.match(one.category, other.category)

    def covers(self, broad: int | None, narrow: int | None) -> bool:
        """Tell whether a term is another one or stands above it."""
        return broad is not None and narrow is not None and (broad == narrow or broad in self.broader.get(narrow, ()))

    def covers_data(self, broad: Datum, narrow: Datum) -> bool:
        """Tell whether a datum takes in another one; an item takes in no whole category."""
        if broad.item is not None:
            return self.covers(broad.item, narrow.item)
        return self.covers(broad.category, narrow.category)


def around(terms: Terms, keys: Iterable[int | None], controller: int) -> set[int]:
    """Return terms with everything above and below them: all of a controller that may match one of them."""
    shared, own = terms.narrower.get(None, {}), terms.narrower.get(controller, {})
    found: set[int] = set()
    for key in {key for key in keys if key is not None}:
        found.add(key)
        found.update(terms.broader.get(key, ()), shared.get(key, ()), own.get(key, ()))
    return found


@dataclass(frozen=True)
class Scope:
    """What the collections of one scope hold together."""

    pairs: Sequence[Pair] = ()
    filed: dict[int, frozenset[int]] = field(default_factory=dict)
    data: Sequence[Datum] = ()
    subjects: Sequence[Subject] = ()


@dataclass(frozen=True)
class Widened:
    """The pairs of a statement. `is_shared`: the scope's own set serves, raised to the two floors."""

    pairs: Sequence[Pair] = ()
    is_shared: bool = False
    is_flat: bool = False
    data_floor: int = STATED
    subject_floor: int = STATED


def file_items(data: Iterable[Datum], terms: Terms, filed: dict[int, frozenset[int]]) -> list[Datum]:
    """Give items without category the category under which their scope files them, else their home."""
    result = []
    for datum in data:
        if datum.item is None or datum.category is not None:
            result.append(datum)
            continue
        categories = filed.get(datum.item) or terms.homes.get(datum.item) or frozenset()
        result += [datum._replace(category=key, category_certainty=INFERRED) for key in sorted(categories)]
        if not categories:
            result.append(datum)
    return result


def scope_of(collections: Sequence[Reaching], terms: Terms) -> Scope:
    """Return the pairs that the collections of a scope hold together."""
    filed: dict[int, frozenset[int]] = {}
    for collection in collections:
        for datum in collection.data:
            if collection.data_reach in LISTED and datum.item is not None and datum.category is not None:
                filed[datum.item] = filed.get(datum.item, frozenset()) | {datum.category}
    every_datum = [d for c in collections if c.data_reach in LISTED for d in file_items(c.data, terms, filed)]
    every_subject = [s for c in collections if c.subject_reach in LISTED for s in c.subjects]
    pairs: dict[Pair, None] = {}
    for collection in collections:
        data = _collected_data(collection, every_datum, terms, filed)
        subjects = _collected_subjects(collection, every_subject, terms)
        pairs |= dict.fromkeys(_cross(data, subjects, collection))
    return Scope(_best(pairs), filed, every_datum, every_subject)


def collected(collection: Reaching, scope: Scope, terms: Terms) -> Widened:
    """Return the pairs that a collection itself states; its silence is not widened."""
    data = _collected_data(collection, scope.data, terms, scope.filed)
    subjects = _collected_subjects(collection, scope.subjects, terms)
    if not data and subjects:
        return Widened(_best(Pair(s.term, None, None, s.certainty) for s in subjects))
    plain = replace(collection, condition=None, valid_from=None, valid_to=None)
    flat = len(data) > 1 and len(subjects) > 1
    return Widened(_best(_cross(data, subjects, plain)), is_flat=flat)


def widen(statement: Reaching, scope: Scope, terms: Terms) -> Widened:
    """Return the pairs that a statement is about."""
    data_listed, subjects_listed = statement.data_reach in LISTED, statement.subject_reach in LISTED
    data = file_items(statement.data, terms, scope.filed)
    if data_listed and subjects_listed:
        flat = len(data) > 1 and len(statement.subjects) > 1
        return Widened(_best(_cross(data, statement.subjects, Reaching("", (), "", ()))), is_flat=flat)
    if data_listed:
        return _floored(statement, _best(_with_subjects(statement, data, scope, terms)))
    if subjects_listed:
        return _floored(statement, _best(_with_data(statement, data, scope, terms)))
    return _neither_listed(statement, data, scope, terms)


def _floored(statement: Reaching, pairs: Sequence[Pair], *, is_shared: bool = False) -> Widened:
    floors = (_floor(statement.data_reach), _floor(statement.subject_reach))
    return Widened(pairs, is_shared=is_shared, data_floor=floors[0], subject_floor=floors[1])


def _neither_listed(statement: Reaching, data: list[Datum], scope: Scope, terms: Terms) -> Widened:
    reaches = {statement.data_reach, statement.subject_reach}
    if "unreadable" not in reaches and "all_except" not in reaches:
        return _floored(statement, scope.pairs, is_shared=True)
    pairs: list[Pair] = []
    for pair in scope.pairs:
        if _is_excepted(statement, data, pair, terms):
            continue
        raised = _raised(pair, _floor(statement.data_reach), _floor(statement.subject_reach))
        if statement.data_reach == "unreadable":
            raised = raised._replace(category=None, item=None)
        if statement.subject_reach == "unreadable":
            raised = raised._replace(subject=None)
        if (raised.subject, raised.category, raised.item) != (None, None, None):
            pairs.append(raised)
    return _floored(statement, _best(pairs))


def _is_excepted(statement: Reaching, data: Sequence[Datum], pair: Pair, terms: Terms) -> bool:
    if statement.data_reach == "all_except":
        datum = Datum(pair.category, pair.item)
        if any(terms.covers_data(exception, datum) for exception in data):
            return True
    if statement.subject_reach == "all_except":
        return any(terms.covers(exception.term, pair.subject) for exception in statement.subjects)
    return False


def _floor(reach: str) -> int:
    return INFERRED if reach == "not_stated" else UNKNOWN if reach == "unreadable" else STATED


def _raised(pair: Pair, data_floor: int, subject_floor: int) -> Pair:
    return pair._replace(
        subject_certainty=max(pair.subject_certainty, subject_floor),
        category_certainty=max(pair.category_certainty, data_floor),
        item_certainty=max(pair.item_certainty, data_floor),
    )


def _with_subjects(statement: Reaching, data: list[Datum], scope: Scope, terms: Terms) -> Iterable[Pair]:
    """Give each listed datum the data subjects of whom the scope collects it."""
    floor = _floor(statement.subject_reach)
    listed = replace(statement, data_reach="listed")
    for datum in data:
        own = Pair(None, datum.category, datum.item, STATED, _category_rank(datum), datum.certainty)
        found = False
        for pair in scope.pairs if statement.subject_reach in WIDENED else ():
            if pair.subject is None or not terms.match_data(datum, Datum(pair.category, pair.item)):
                continue
            if _is_excepted(listed, (), pair, terms):
                continue
            found = True
            yield Pair(
                pair.subject,
                datum.category,
                datum.item,
                max(pair.subject_certainty, floor),
                _category_rank(datum),
                datum.certainty,
                pair.condition,
                pair.valid_from,
                pair.valid_to,
            )
        if not found:
            yield own


def _with_data(statement: Reaching, data: list[Datum], scope: Scope, terms: Terms) -> Iterable[Pair]:
    """Give each listed data subject the data that the scope collects of them."""
    floor = _floor(statement.data_reach)
    listed = replace(statement, subject_reach="listed")
    for subject in statement.subjects:
        found = False
        for pair in scope.pairs if statement.data_reach in WIDENED else ():
            if not terms.match(subject.term, pair.subject):
                continue
            if _is_excepted(listed, data, pair, terms):
                continue
            found = True
            yield Pair(
                subject.term,
                pair.category,
                pair.item,
                subject.certainty,
                max(pair.category_certainty, floor),
                max(pair.item_certainty, floor),
                pair.condition,
                pair.valid_from,
                pair.valid_to,
            )
        if not found:
            yield Pair(subject.term, None, None, subject.certainty)


def _category_rank(datum: Datum) -> int:
    return max(datum.category_certainty, datum.certainty if datum.item is None else STATED)


def _collected_data(
    collection: Reaching, everything: Sequence[Datum], terms: Terms, filed: dict[int, frozenset[int]]
) -> list[Datum]:
    data = file_items(collection.data, terms, filed)
    if collection.data_reach in LISTED:
        return data
    if collection.data_reach not in {"all", "all_except"}:
        return []
    return [datum for datum in everything if not any(terms.covers_data(no, datum) for no in data)]


def _collected_subjects(collection: Reaching, everything: Sequence[Subject], terms: Terms) -> list[Subject]:
    if collection.subject_reach in LISTED:
        return list(collection.subjects)
    if collection.subject_reach not in {"all", "all_except"}:
        return []
    return [s for s in everything if not any(terms.covers(no.term, s.term) for no in collection.subjects)]


def _cross(data: Iterable[Datum], subjects: Sequence[Subject], limits: Reaching) -> Iterable[Pair]:
    known: list[tuple[int | None, int]] = [(subject.term, subject.certainty) for subject in subjects]
    for datum in data:
        for key, certainty in known or [(None, STATED)]:
            yield Pair(
                key,
                datum.category,
                datum.item,
                certainty,
                _category_rank(datum),
                datum.certainty,
                limits.condition,
                limits.valid_from,
                limits.valid_to,
            )


def _best(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Keep each pair once, as certain as any of its occurrences."""
    best: dict[tuple[object, ...], Pair] = {}
    for pair in pairs:
        name = (pair.subject, pair.category, pair.item, pair.condition, pair.valid_from, pair.valid_to)
        known = best.get(name)
        if known is None:
            best[name] = pair
            continue
        if known == pair:
            continue
        best[name] = pair._replace(
            subject_certainty=min(pair.subject_certainty, known.subject_certainty),
            category_certainty=min(pair.category_certainty, known.category_certainty),
            item_certainty=min(pair.item_certainty, known.item_certainty),
        )
    return tuple(best.values())


@dataclass(frozen=True)
class Destination:
    """Where a transfer goes, as its own row and the register tell."""

    location: str | None
    countries: Sequence[str | None]
    seats: Sequence[str | None] = ()
    places_elsewhere: Sequence[str | None] = ()


HOME: Final = "TR"


def is_foreign(country: str | None) -> bool:
    """Tell whether a country is known and not Türkiye."""
    return country is not None and country != HOME


def locate(destination: Destination) -> tuple[str, str]:
    """Return (location, abroad): what is stated or follows from the places, and whether data leave Türkiye."""
    location = destination.location or _location_of(destination.countries)
    if any(is_foreign(country) for country in destination.countries) or location == "abroad":
        return location, "yes"
    if location == "domestic":
        return location, "no"
    if location == "domestic_or_abroad":
        return location, "possible"
    hints = (*destination.seats, *destination.places_elsewhere)
    return location, "possible" if any(is_foreign(hint) for hint in hints) else "not_stated"


def _location_of(countries: Sequence[str | None]) -> str:
    named = [country for country in countries if country is not None]
    if not named:
        return "not_stated"
    foreign = [country for country in named if is_foreign(country)]
    if not foreign:
        return "domestic"
    return "abroad" if len(foreign) == len(named) else "domestic_or_abroad"
