"""Keeps derived rows true: whatever changes, the rows of the documents concerned are rebuilt in the same change.

`derive(documents)` computes heads, pair sets and mechanisms anew and writes only what differs; `affected`
names the documents that a change concerns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import Table, and_, func, or_, select, update

from app.audit import ChangeSession
from app.deriving.affecting import affected
from app.deriving.computing import WHOLE, Derived, HeadFacts, MechanismFacts, SetName, compute, derive_rows
from app.deriving.conflicts import Conflict
from app.deriving.contradicting import conflicts_among, conflicts_by_growth
from app.deriving.matching import Named, named
from app.deriving.narrowing import Narrow, narrow
from app.deriving.tables import ConflictRow, Head, MechanismRow, PairRow, PairSet, SetCategoryRow
from app.deriving.widening import Pair
from app.platform.database import Query, ReadSession
from app.platform.prepared import chunks, rows_of, within, within_words
from app.platform.revisions import FOREVER, alive

Existing = dict[tuple[Any, ...], int]
Known = dict[SetName, int]


def refresh(session: ChangeSession) -> None:
    """Rebuild the derived rows of every document that this change concerns."""
    documents = affected(session, session.touched)
    reach = narrow(session, documents)
    differences = Differences()
    for part in chunks(documents if reach is None else documents - reach.documents):
        derive(session, part, differences)
    if reach is not None and reach.documents:
        derive_narrow(session, reach, differences)
    _sync_conflicts(session, differences)


@dataclass
class Differences:
    """What was derived otherwise than before: statements that changed, began or ended, and sets that only grew.

    Of the statements those that are fresh were not there before: nothing derived can be known of them.
    """

    statements: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)
    grown: dict[int, frozenset[Named]] = field(default_factory=dict)


def derive(session: ChangeSession, documents: Collection[int], differences: Differences) -> None:
    """Bring the derived rows of documents to what is stated now, writing only what differs."""
    derived = compute(session, set(documents))
    known = _known_sets(rows_of(session, _sets_of_documents, documents))
    heads = _known_heads(rows_of(session, _heads_of_documents, documents))
    _write(session, derived, known, heads, differences)


def derive_narrow(session: ChangeSession, reach: Narrow, differences: Differences) -> None:
    """Do the same for a few statements of documents."""
    derived = derive_rows(session, reach.material, reach.rows, reach.scopes)
    fresh = {row.id for row in reach.rows if row.born == session.change}
    differences.fresh |= fresh
    heads = _known_heads(rows_of(session, _heads_of_statements, (reach.statements | reach.ended) - fresh))
    own = _known_sets(rows_of(session, _sets_of_statements, _statements_of(heads)))
    shared = _shared_sets(session, reach.documents, derived, heads)
    by_others = _used_by_others(session, shared, heads)
    growing: set[int] = set()
    for name, key in shared.items():
        if key in by_others and name[3] == WHOLE:
            # Others use it, so it holds what its scope held before, and lacks what that gained.
            derived.sets[name] = set(reach.grown.get(name[:3], ()))
            growing.add(key)
        if key not in by_others or name in derived.sets:
            own[name] = key
    _write(session, derived, own, heads, differences, growing)


def _shared_sets(session: ReadSession, documents: Collection[int], derived: Derived, heads: Existing) -> Known:
    """Return the sets of whole scopes, and those that statements derived anew share, or shared before."""
    said = {WHOLE, *(name[3] for name in derived.sets if name[3] is not None)}
    used = {values[-1] for values in heads} - {None}
    rows = rows_of(session, _shared_sets_of_documents, documents, said=sorted(said), used=sorted(used))
    return _known_sets(row for row in rows if row.statement_id is None)


def _used_by_others(session: ReadSession, shared: Known, heads: Existing) -> set[int]:
    """Return the shared sets that other statements than those with these heads use."""
    uses = {row.set_id: row.count for row in rows_of(session, _uses_of_sets, shared.values())}
    for values in heads:
        if values[-1] in uses:
            uses[values[-1]] -= 1
    return {key for key, count in uses.items() if count}


@cache
def _uses_of_sets(_: object) -> Query:
    query = select(Head.set_id, func.count().label("count")).where(within(Head.set_id), alive(Head, None))
    return query.group_by(Head.set_id)


def _write(
    session: ChangeSession,
    derived: Derived,
    known: Known,
    heads: Existing,
    differences: Differences,
    growing: Collection[int] = (),
) -> None:
    """Write what was derived where it differs from what is known; sets that are growing keep what they hold."""
    mechanisms = _known_mechanisms(session, _statements_of(heads))
    set_ids, lost, gained = _sync_sets(session, derived, known, growing)
    changed = _sync_heads(session, derived, set_ids, heads)
    _sync_mechanisms(session, derived, mechanisms)
    only_grew = gained.keys() & set(known.values()) - lost
    differences.grown |= {key: gained[key] for key in only_grew}
    changed |= {row.statement_id for row in rows_of(session, _statements_using_sets, lost)}
    # Terms decide what matches, and documents what is compared at all.
    if session.has_written("term", "document"):
        changed |= set(derived.heads)
    differences.statements |= changed


@cache
def _statements_using_sets(_: object) -> Query:
    return select(Head.statement_id).where(within(Head.set_id), alive(Head, None))


def _known_sets(rows: Iterable[Any]) -> Known:
    """Return sets by name."""
    known: Known = {}
    for row in rows:
        if row.statement_id is not None:
            known["statement", row.statement_id, None, None] = row.id
        else:
            known["document", row.document_id, row.activity_id, row.said] = row.id
    return known


SET_COLUMNS: Final = (PairSet.id, PairSet.document_id, PairSet.activity_id, PairSet.statement_id, PairSet.said)


@cache
def _sets_of_documents(_: object) -> Query:
    return select(*SET_COLUMNS).where(within(PairSet.document_id))


@cache
def _shared_sets_of_documents(_: object) -> Query:
    named = and_(within(PairSet.document_id), within_words(PairSet.said, "said"))
    return select(*SET_COLUMNS).where(or_(named, within(PairSet.id, "used")))


@cache
def _sets_of_statements(_: object) -> Query:
    return select(*SET_COLUMNS).where(within(PairSet.statement_id))


PAIR_FIELDS = (
    "subject_id",
    "category_id",
    "item_id",
    "subject_certainty",
    "category_certainty",
    "item_certainty",
    "condition",
    "valid_from",
    "valid_to",
)
CATEGORY_FIELDS = ("category_id", "category_certainty", "valid_from", "valid_to")


def category_values(pair: Pair) -> tuple[Any, ...]:
    """Return the category of a pair in the order of CATEGORY_FIELDS."""
    return pair.category, pair.category_certainty, pair.valid_from, pair.valid_to


def _sync_sets(
    session: ChangeSession, derived: Derived, known: Known, growing: Collection[int]
) -> tuple[Known, set[int], dict[int, frozenset[Named]]]:
    """Return the keys of all sets, of those that lost pairs, and what others gained, as far as it is compared."""
    whole = set(known.values()) - set(growing)
    pairs_there = _members(session, PairRow, PAIR_FIELDS, whole)
    # A category may stand there already, with other items or data subjects.
    gaining = {known[name] for name, every in derived.sets.items() if known.get(name) in growing and any(every)}
    categories_there = _members(session, SetCategoryRow, CATEGORY_FIELDS, whole | gaining)
    set_ids = known | _insert_sets(session, derived, [name for name in derived.sets if name not in known])
    pairs = {(set_ids[name], *pair) for name, every in derived.sets.items() for pair in every}
    categories = {
        (set_ids[name], *category_values(pair))
        for name, every in derived.sets.items()
        for pair in every
        if pair.category is not None
    }
    gone, fresh = _sync_members(session, PairRow, PAIR_FIELDS, pairs, pairs_there)
    _sync_members(session, SetCategoryRow, CATEGORY_FIELDS, categories, categories_there, gaining)
    gained: dict[int, set[Named]] = defaultdict(set)
    for key, *pair in fresh:
        gained[key].add(named(*pair[:3], *pair[4:6]))
    return set_ids, {values[0] for values in gone}, {key: frozenset(found) for key, found in gained.items()}


def _insert_sets(session: ChangeSession, derived: Derived, names: Sequence[SetName]) -> Known:
    documents = {head.set_name: head.document_id for head in derived.heads.values() if head.set_name is not None}
    rows = [
        {
            "document_id": documents[name],
            "activity_id": name[2],
            "statement_id": name[1] if name[0] == "statement" else None,
            "said": name[3],
            "born": session.change,
        }
        for name in names
    ]
    return dict(zip(names, session.insert_rows(PairSet, rows), strict=True))


def _members(session: ChangeSession, table: type[Any], fields: Sequence[str], sets: Iterable[int]) -> Existing:
    """Return what sets hold, (set, *fields) each."""
    query = _members_of_sets(table.__table__, tuple(fields))
    return {tuple(row[1:]): row.id for row in rows_of(session, lambda _: query, sets)}


def _sync_members(
    session: ChangeSession,
    table: type[Any],
    fields: Sequence[str],
    wanted: set[tuple[Any, ...]],
    existing: Existing,
    growing: Collection[int] = (),
) -> tuple[Collection[tuple[Any, ...]], Collection[tuple[Any, ...]]]:
    """Bring what sets hold to what is wanted; return what ended and what is new."""
    gone = {values: key for values, key in existing.items() if values not in wanted and values[0] not in growing}
    _close(session, table, list(gone.values()))
    fresh = sorted(wanted - existing.keys(), key=repr)
    names = ("set_id", *fields)
    # The number of the change is not asked for where nothing is written: there may be no change then.
    rows = [dict(zip(names, values, strict=True), born=session.change, died=FOREVER) for values in fresh]
    session.insert_rows(table, rows)
    return gone, fresh


@cache
def _members_of_sets(table: Table, fields: tuple[str, ...]) -> Query:
    columns = (table.c[name] for name in ("id", "set_id", *fields))
    return select(*columns).where(within(table.c.set_id), table.c.died == FOREVER)


HEAD_FIELDS = tuple(name for name in HeadFacts.__dataclass_fields__ if name != "set_name")
MECHANISM_FIELDS = tuple(MechanismFacts.__dataclass_fields__)


def _known_heads(rows: Iterable[Any]) -> Existing:
    """Return heads by their values in the order of HEAD_FIELDS, and their set."""
    return {tuple(row[1:]): row.id for row in rows}


def _live_heads() -> Query:
    return select(Head.id, *(getattr(Head, name) for name in (*HEAD_FIELDS, "set_id"))).where(alive(Head, None))


@cache
def _heads_of_documents(_: object) -> Query:
    return _live_heads().where(within(Head.document_id))


@cache
def _heads_of_statements(_: object) -> Query:
    return _live_heads().where(within(Head.statement_id))


STATEMENT_PLACE = HEAD_FIELDS.index("statement_id")


def _statements_of(heads: Existing) -> set[int]:
    return {values[STATEMENT_PLACE] for values in heads}


def _sync_heads(session: ChangeSession, derived: Derived, set_ids: dict[SetName, int], existing: Existing) -> set[int]:
    """Return the statements whose heads changed, began or ended."""
    wanted: dict[tuple[Any, ...], None] = {}
    for head in derived.heads.values():
        set_id = None if head.set_name is None else set_ids[head.set_name]
        values = tuple(getattr(head, name) for name in HEAD_FIELDS)
        wanted[*values, set_id] = None
    gone = {values: key for values, key in existing.items() if values not in wanted}
    _close(session, Head, list(gone.values()))
    fresh = [
        dict(zip((*HEAD_FIELDS, "set_id"), values, strict=True), born=session.change, died=FOREVER)
        for values in wanted
        if values not in existing
    ]
    session.insert_rows(Head, fresh)
    return {values[STATEMENT_PLACE] for values in gone} | {row["statement_id"] for row in fresh}


def _known_mechanisms(session: ChangeSession, statements: set[int]) -> Existing:
    return {tuple(row[1:]): row.id for row in rows_of(session, _mechanisms_of, statements)}


def _sync_mechanisms(session: ChangeSession, derived: Derived, existing: Existing) -> None:
    wanted = {tuple(getattr(m, name) for name in MECHANISM_FIELDS): None for m in derived.mechanisms}
    _close(session, MechanismRow, [key for values, key in existing.items() if values not in wanted])
    fresh = [
        dict(zip(MECHANISM_FIELDS, values, strict=True), born=session.change, died=FOREVER)
        for values in wanted
        if values not in existing
    ]
    session.insert_rows(MechanismRow, fresh)


@cache
def _mechanisms_of(_: object) -> Query:
    row = MechanismRow
    columns = [getattr(row, name) for name in MECHANISM_FIELDS]
    return select(row.id, *columns).where(within(row.statement_id), alive(row, None))


def _sync_conflicts(session: ChangeSession, differences: Differences) -> None:
    """Bring the contradictions of what differs up to date, writing only what differs."""
    changed = differences.statements
    wanted = set(conflicts_among(session, changed, None))
    existing = _known_conflicts(session, changed - differences.fresh)
    gone = [key for conflict, key in existing.items() if conflict not in wanted]
    if differences.grown:
        more = conflicts_by_growth(session, differences.grown, changed)
        known = _known_conflicts(session, {one.statement_id for one in more})
        surer = {(one.statement_id, one.other_id, one.dimension) for one in more - known.keys()}
        gone += [key for one, key in known.items() if (one.statement_id, one.other_id, one.dimension) in surer]
        wanted, existing = wanted | more, existing | known
    _close(session, ConflictRow, gone)
    fresh = [
        {**asdict(conflict), "born": session.change, "died": FOREVER}
        for conflict in sorted(wanted - existing.keys(), key=lambda c: (c.statement_id, c.other_id, c.dimension))
    ]
    session.insert_rows(ConflictRow, fresh)


def _known_conflicts(session: ReadSession, statements: set[int]) -> dict[Conflict, int]:
    found = rows_of(session, _conflicts_of, statements)
    return {Conflict(row.statement_id, row.other_id, row.dimension, row.certainty): row.id for row in found}


@cache
def _conflicts_of(_: object) -> Query:
    row = ConflictRow
    columns = (row.id, row.statement_id, row.other_id, row.dimension, row.certainty)
    return select(*columns).where(or_(within(row.statement_id), within(row.other_id)), alive(row, None))


def _close(session: ChangeSession, table: type[Any], ids: list[int]) -> None:
    for part in chunks(ids):
        session.execute(update(table).where(table.id.in_(part), table.died == FOREVER).values(died=session.change))
