"""Keeps derived rows true: whatever changes, the rows of the documents concerned are rebuilt in the same change.

`derive(documents)` computes heads, pair sets and mechanisms anew and writes only what differs; `affected`
names the documents that a change concerns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, union, update
from sqlalchemy.orm import aliased

from app.activities.tables import (
    Mechanism,
    StatementData,
    StatementLink,
    StatementRow,
    TransferDetail,
)
from app.audit import ChangeSession
from app.platform.database import Query, ReadSession
from app.platform.revisions import FOREVER, alive
from app.recipients.tables import RecipientRevision
from app.register.computing import Derived, HeadFacts, MechanismFacts, SetName, compute
from app.register.conflicts import Conflict, conflicts_among, later_versions, stating
from app.register.sources import chunks
from app.register.tables import ConflictRow, Head, MechanismRow, PairRow, PairSet
from app.register.widening import Pair
from app.vocabularies.tables import ItemCategory, Term, TermBroader

Existing = dict[tuple[Any, ...], int]


def refresh(session: ChangeSession) -> None:
    """Rebuild the derived rows of every document that this change concerns."""
    documents = affected(session, session.touched)
    for part in chunks(documents):
        derive(session, part)


def affected(session: ReadSession, touched: Iterable[tuple[str, int]]) -> set[int]:
    """Name the documents whose derived rows a change may alter."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for resource, key in touched:
        by_kind[resource].add(key)
    documents = by_kind["document"] | later_versions(session, by_kind["document"])
    row = StatementRow
    for part in chunks(by_kind["activity"]):
        query = select(row.document_id).distinct().where(row.activity_id.in_(part), alive(row, None))
        documents |= {found.document_id for found in session.all(query)}
    using = [*_using_terms(by_kind["term"]), *_using_recipients(_with_members(session, by_kind["recipient"]))]
    for statements in using:
        query = select(row.document_id).distinct().where(_in_activities_of(statements), alive(row, None))
        documents |= {found.document_id for found in session.all(query)}
    return documents


def _in_activities_of(statements: Query) -> ColumnElement[bool]:
    """Condition that a statement stands in an activity of these: its collections may serve every document there."""
    using = aliased(StatementRow)
    return StatementRow.activity_id.in_(select(using.activity_id).where(using.id.in_(statements), alive(using, None)))


def _using_terms(terms: set[int]) -> Iterable[Query]:
    for part in chunks(terms):
        below = select(TermBroader.term_id).where(TermBroader.broader_id.in_(part), alive(TermBroader, None))
        wanted = union(below, select(TermBroader.term_id).where(TermBroader.term_id.in_(part))).subquery()
        ids = select(wanted.c[0])
        homed = select(ItemCategory.item_id).where(ItemCategory.category_id.in_(ids), alive(ItemCategory, None))
        filed = select(TermBroader.term_id).where(TermBroader.broader_id.in_(homed), alive(TermBroader, None))
        yield select(StatementLink.statement_id).where(
            StatementLink.term_id.in_(ids),
            StatementLink.role.in_(["data_subject", "purpose", "legal_basis", "measure"]),
        )
        yield select(StatementData.statement_id).where(
            or_(
                StatementData.category_id.in_(ids),
                StatementData.item_id.in_(ids),
                StatementData.item_id.in_(filed),
            )
        )
        yield select(Mechanism.statement_id).where(Mechanism.term_id.in_(ids))
        is_mechanism = exists().where(Term.id.in_(part), Term.vocabulary == "transfer_mechanisms")
        yield select(MechanismRow.statement_id).where(
            MechanismRow.is_inferred.is_(True), alive(MechanismRow, None), is_mechanism
        )


def _with_members(session: ReadSession, recipients: set[int]) -> set[int]:
    """Return recipients and all that belong to them, all steps down."""
    found, wanted = set[int](), recipients
    while wanted:
        found = found | wanted
        below: set[int] = set()
        for part in chunks(wanted):
            query = select(RecipientRevision.owner_id).where(
                RecipientRevision.parent_id.in_(part), alive(RecipientRevision, None)
            )
            below |= {row.owner_id for row in session.all(query)}
        wanted = below - found
    return found


def _using_recipients(recipients: set[int]) -> Iterable[Query]:
    for part in chunks(recipients):
        yield select(TransferDetail.statement_id).where(TransferDetail.recipient_id.in_(part))


def derive(session: ChangeSession, documents: Collection[int]) -> None:
    """Bring the derived rows of documents to what is stated now, writing only what differs."""
    derived = compute(session, set(documents))
    known_sets = _known_sets(session, documents)
    set_ids, rewritten = _sync_sets(session, derived, known_sets)
    changed = _sync_heads(session, documents, derived, set_ids)
    changed |= {head.statement_id for head in derived.heads.values() if head.set_name in rewritten}
    _sync_mechanisms(session, documents, derived)
    # Terms decide what matches, and documents what is compared at all.
    if session.has_written("term", "document"):
        changed |= set(derived.heads)
    _sync_conflicts(session, changed)


def _known_sets(session: ReadSession, documents: Collection[int]) -> dict[SetName, int]:
    known: dict[SetName, int] = {}
    query = select(PairSet.id, PairSet.document_id, PairSet.activity_id, PairSet.statement_id)
    for row in session.all(query.where(PairSet.document_id.in_(documents))):
        if row.statement_id is not None:
            known["statement", row.statement_id, None] = row.id
        else:
            known["document", row.document_id, row.activity_id] = row.id
    return known


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


def pair_values(pair: Pair) -> tuple[Any, ...]:
    """Return a pair in the order of PAIR_FIELDS."""
    return (
        pair.subject,
        pair.category,
        pair.item,
        pair.subject_certainty,
        pair.category_certainty,
        pair.item_certainty,
        pair.condition,
        pair.valid_from,
        pair.valid_to,
    )


def _sync_sets(
    session: ChangeSession, derived: Derived, known: dict[SetName, int]
) -> tuple[dict[SetName, int], set[SetName]]:
    """Return the keys of all sets, and the names of those whose pairs changed."""
    set_ids = dict(known)
    documents = {head.set_name: head.document_id for head in derived.heads.values()}
    new = [name for name in derived.sets if name not in set_ids]
    rows = [
        {
            "document_id": documents[kind, key, activity],
            "activity_id": activity,
            "statement_id": key if kind == "statement" else None,
            "born": session.change,
        }
        for kind, key, activity in new
    ]
    if rows:
        set_ids |= dict(zip(new, session.insert_keyed(PairSet, rows), strict=True))
    wanted = {(set_ids[name], *pair_values(pair)) for name, pairs in derived.sets.items() for pair in pairs}
    existing: Existing = {}
    columns = [getattr(PairRow, name) for name in PAIR_FIELDS]
    for part in chunks(known.values()):
        query = select(PairRow.id, PairRow.set_id, *columns).where(PairRow.set_id.in_(part), alive(PairRow, None))
        existing |= {tuple(row[1:]): row.id for row in session.all(query)}
    gone = {values: key for values, key in existing.items() if values not in wanted}
    _close(session, PairRow, list(gone.values()))
    fresh = [
        dict(zip(("set_id", *PAIR_FIELDS), values, strict=True), born=session.change, died=FOREVER)
        for values in sorted(wanted - existing.keys(), key=repr)
    ]
    if fresh:
        session.insert_rows(PairRow, fresh)
    rewritten = {values[0] for values in gone} | {row["set_id"] for row in fresh}
    return set_ids, {name for name, key in set_ids.items() if key in rewritten}


HEAD_FIELDS = tuple(name for name in HeadFacts.__dataclass_fields__ if name != "set_name")
MECHANISM_FIELDS = tuple(MechanismFacts.__dataclass_fields__)


def _sync_heads(
    session: ChangeSession, documents: Collection[int], derived: Derived, set_ids: dict[SetName, int]
) -> set[int]:
    """Return the statements whose heads changed, began or ended."""
    columns = [getattr(Head, name) for name in (*HEAD_FIELDS, "set_id")]
    query = select(Head.id, *columns).where(Head.document_id.in_(documents), alive(Head, None))
    existing: Existing = {tuple(row[1:]): row.id for row in session.all(query)}
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
    if fresh:
        session.insert_rows(Head, fresh)
    place = HEAD_FIELDS.index("statement_id")
    return {values[place] for values in gone} | {row["statement_id"] for row in fresh}


def _sync_mechanisms(session: ChangeSession, documents: Collection[int], derived: Derived) -> None:
    columns = [getattr(MechanismRow, name) for name in MECHANISM_FIELDS]
    query = (
        select(MechanismRow.id, *columns)
        .join(StatementRow, StatementRow.id == MechanismRow.statement_id)
        .where(StatementRow.document_id.in_(documents), alive(MechanismRow, None))
    )
    existing: Existing = {tuple(row[1:]): row.id for row in session.all(query)}
    wanted = {tuple(getattr(m, name) for name in MECHANISM_FIELDS): None for m in derived.mechanisms}
    _close(session, MechanismRow, [key for values, key in existing.items() if values not in wanted])
    fresh = [
        dict(zip(MECHANISM_FIELDS, values, strict=True), born=session.change, died=FOREVER)
        for values in wanted
        if values not in existing
    ]
    if fresh:
        session.insert_rows(MechanismRow, fresh)


def _sync_conflicts(session: ChangeSession, changed: set[int]) -> None:
    """Bring the contradictions of statements that changed, began or ended up to date, writing only what differs."""
    if not changed:
        return
    live = [
        row
        for part in chunks(changed)
        for row in session.all(stating().where(Head.statement_id.in_(part), alive(Head, None)))
    ]
    wanted = set(conflicts_among(session, live, None))
    existing = _known_conflicts(session, changed)
    _close(session, ConflictRow, [key for conflict, key in existing.items() if conflict not in wanted])
    fresh = [
        {**asdict(conflict), "born": session.change, "died": FOREVER}
        for conflict in sorted(wanted - existing.keys(), key=lambda c: (c.statement_id, c.other_id, c.dimension))
    ]
    if fresh:
        session.insert_rows(ConflictRow, fresh)


def _known_conflicts(session: ReadSession, statements: set[int]) -> dict[Conflict, int]:
    columns = (ConflictRow.statement_id, ConflictRow.other_id, ConflictRow.dimension, ConflictRow.certainty)
    known = {}
    for part in chunks(statements):
        is_part = or_(ConflictRow.statement_id.in_(part), ConflictRow.other_id.in_(part))
        for row in session.all(select(ConflictRow.id, *columns).where(is_part, alive(ConflictRow, None))):
            known[Conflict(row.statement_id, row.other_id, row.dimension, row.certainty)] = row.id
    return known


def _close(session: ChangeSession, table: type[Any], ids: list[int]) -> None:
    for part in chunks(ids):
        session.execute(update(table).where(table.id.in_(part), table.died == FOREVER).values(died=session.change))
