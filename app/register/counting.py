"""Counts of groups, kept in the process, and after a change counted again for the controllers that it concerned.

Grouping reads every statement that a question selects, and mostly counts what it counted a moment ago. A statement
belongs to one controller, so the counts of all are the sums of theirs; the audit trail says which controllers a change
concerned. A snapshot reads up to which change it sees, so no process gives counts that another has made wrong
(docs/decisions/0014).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import case, func, select

from app.audit.reading import concerned_since, newest
from app.deriving.tables import Head
from app.deriving.widening import CERTAINTY_NAMES
from app.platform.database import Query, ReadSession
from app.platform.shelf import Book
from app.register.parameters import FactsQuery
from app.register.selecting import Selection, grouped

COUNTS: Final = ("statements", *CERTAINTY_NAMES)
MOST_KEPT: Final = 150_000
AT_LEAST: Final = 500  # what keeping a question takes, however few its groups are
MOST_CONCERNED: Final = 50
SHOWN_ONLY: Final = frozenset(
    {"as_of", "count", "count_of", "cursor", "empty", "fields", "format", "limit", "on", "sort"}
)

Group = tuple[Any, ...]
Counts = tuple[int, ...]
Groups = Mapping[Group, Counts]


def counting(
    selected: Selection, query: FactsQuery, *, by_controller: bool = False, owners: Collection[int] | None = None
) -> Query:
    """SELECT of (m0 …, statements, stated, inferred, unknown) of every group; of each controller, or of some."""
    names = query.names("group_by")
    statement = grouped(selected, query, names, query.level)
    if by_controller:
        statement = statement.add_columns(Head.controller_id.label("owner")).group_by(Head.controller_id)
    if owners is not None:
        statement = statement.where(Head.controller_id.in_(sorted(owners)))
    inner = statement.subquery()
    members = [inner.c[f"m{index}"] for index in range(len(names))]
    counts = [
        func.sum(case((inner.c.certainty == rank, 1), else_=0)).label(name) for rank, name in enumerate(CERTAINTY_NAMES)
    ]
    columns: list[Any] = [*([inner.c.owner] if by_controller else []), *members]
    return select(*columns, func.count().label("statements"), *counts).group_by(*columns)


@dataclass(frozen=True)
class Counted:
    """Every group of a question, in the order of answers, and what each controller adds to it.

    Without `of`: these groups are too many to be kept.
    """

    groups: Groups
    of: Mapping[int, Groups] | None


TOO_MANY: Final = Counted({}, None)


def kept_groups(session: ReadSession, selected: Selection, query: FactsQuery) -> Groups | None:
    """Return every group in the order of answers, or None where they are not kept or the snapshot is of the past."""
    if session.at is not None:
        return None

    def read_on(_: object, known: Counted | None, since: int) -> Counted:
        return _read_on(session, selected, query, known, since)

    book: Book[Counted] = Book(_name_of(selected, query), read_on, _size_of)
    counted = session.counted(book, newest(session))
    return None if counted is None or counted.of is None else counted.groups


def _size_of(counted: Counted) -> int:
    """Return how much it takes to keep counts: one for each count of each controller."""
    return AT_LEAST + len(counted.groups) + sum(map(len, (counted.of or {}).values()))


def _name_of(selected: Selection, query: FactsQuery) -> str:
    """Name a question by everything that decides its counts."""
    asked = query.model_dump_json(exclude=set(SHOWN_ONLY), exclude_defaults=True)
    return f"groups of {selected.kind} on {selected.moment.on}: {asked}"


def _read_on(
    session: ReadSession, selected: Selection, query: FactsQuery, known: Counted | None, since: int
) -> Counted:
    """Count what changed since; everything where nothing is known, or something changed that all share."""
    if known is TOO_MANY:
        return TOO_MANY
    concerned = None if known is None else concerned_since(session, since)
    if known is None or known.of is None or concerned is None or len(concerned) > MOST_CONCERNED:
        return _summed(_count(session, selected, query, None))
    fresh = _count(session, selected, query, concerned)
    if not concerned or all(fresh.get(owner) == known.of.get(owner) for owner in concerned):
        return known
    rest = {owner: groups for owner, groups in known.of.items() if owner not in concerned}
    return _summed(rest | fresh)


def _count(
    session: ReadSession, selected: Selection, query: FactsQuery, owners: Collection[int] | None
) -> dict[int, Groups]:
    """Count the groups of every controller, or of some."""
    if owners is not None and not owners:
        return {}
    statement = counting(selected, query, by_controller=True, owners=owners)
    found: dict[int, dict[Group, Counts]] = defaultdict(dict)
    width = len(query.names("group_by"))
    known: dict[tuple[Any, ...], tuple[Any, ...]] = {}  # the same few values stand at every controller
    for row in session.all(statement.limit(MOST_KEPT + 1)):
        group, counts = tuple(row[1 : width + 1]), tuple(map(int, row[width + 1 :]))
        found[row.owner][known.setdefault(group, group)] = known.setdefault(counts, counts)
    return {**found}


def _summed(of: Mapping[int, Groups]) -> Counted:
    if sum(map(len, of.values())) > MOST_KEPT:
        return TOO_MANY
    totals: dict[Group, list[int]] = {}
    for groups in of.values():
        for group, counts in groups.items():
            known = totals.get(group)
            totals[group] = list(counts) if known is None else [a + b for a, b in zip(known, counts, strict=True)]
    ordered = sorted(totals, key=lambda group: (-totals[group][0], group))
    return Counted({group: tuple(totals[group]) for group in ordered}, of)
