"""What stands beside a row as evidence: what contradicts it, and when it last read otherwise."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import aliased

from app.activities.tables import Activity, StatementRow
from app.audit.tables import Change
from app.documents.tables import Document
from app.platform.database import Query, ReadSession
from app.platform.listing import instant
from app.platform.revisions import FOREVER, alive
from app.register.members import Moment, valid_on
from app.register.tables import ConflictRow, Head, MechanismRow, PairRow
from app.register.widening import CERTAINTY_NAMES


def conflicts_of(session: ReadSession, moment: Moment, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the contradictions of statements with others, where both are valid on the day."""
    conflict, own = ConflictRow, aliased(Head)
    query = (
        select(
            conflict.statement_id,
            conflict.dimension,
            conflict.certainty,
            StatementRow.kind,
            StatementRow.key,
            Activity.code.label("activity"),
            Document.code.label("document"),
        )
        .join(own, own.statement_id == conflict.statement_id)
        .join(Head, Head.statement_id == conflict.other_id)
        .join(StatementRow, StatementRow.id == conflict.other_id)
        .join(Activity, Activity.id == StatementRow.activity_id)
        .join(Document, Document.id == StatementRow.document_id)
        .where(conflict.statement_id.in_(ids), alive(conflict, moment.at))
        .where(alive(own, moment.at), alive(Head, moment.at))
        .where(*valid_on(own, moment.on), *valid_on(Head, moment.on))
        .order_by(conflict.statement_id, conflict.dimension, Activity.code, StatementRow.key)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in session.all(query):
        found[row.statement_id].append(
            {
                "dimension": row.dimension,
                "certainty": CERTAINTY_NAMES[row.certainty],
                "activity": row.activity,
                "key": row.key,
                "document": row.document,
            }
        )
    return found


def instants_before(session: ReadSession, ids: list[int]) -> dict[int, str]:
    """Return, for rows that read otherwise before, the last instant at which they did.

    A row reads otherwise where the statement, or what is derived from it, was otherwise.
    """
    turns = union_all(*_turns(ids, session.at)).subquery()
    last = select(turns.c.id, func.max(turns.c.turn).label("turn")).group_by(turns.c.id).subquery()
    query = select(last.c.id, Change.at).join(Change, Change.id == last.c.turn - 1)
    return {found.id: instant(found.at) for found in session.all(query)}


def _turns(ids: list[int], at: int | None) -> Iterator[Query]:
    """SELECTs of (id, turn): the changes at which rows turned from what they were."""
    row, older = StatementRow, aliased(StatementRow)
    same = (older.activity_id == row.activity_id) & (older.kind == row.kind) & (older.key == row.key)
    yield select(row.id, older.died.label("turn")).join(older, same & (older.died <= row.born)).where(row.id.in_(ids))
    pairs = select(Head.statement_id, PairRow.born, PairRow.died).join(PairRow, PairRow.set_id == Head.set_id)
    derived = [pairs.where(Head.statement_id.in_(ids), alive(Head, at)).subquery()]
    tables: tuple[Any, ...] = (Head, MechanismRow, ConflictRow)
    for table in tables:
        own = select(table.statement_id, table.born, table.died).where(table.statement_id.in_(ids))
        derived.append(own.subquery())
    now = FOREVER - 1 if at is None else at
    for part in derived:
        for turn in (part.c.born, part.c.died):
            joined = select(row.id, turn.label("turn")).join(part, part.c.statement_id == row.id)
            yield joined.where(turn > row.born, turn <= now)
