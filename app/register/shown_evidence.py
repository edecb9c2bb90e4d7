"""What stands beside a row as evidence: what contradicts it, and when it last read otherwise."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, case, func, select, union_all
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
    """SELECTs of (id, turn): the latest changes at which rows turned from what they were.

    Each begins with the keys themselves: a planner that takes a table for small reads it whole to join a list of them.
    """
    row, older = StatementRow, aliased(StatementRow)
    same = and_(older.activity_id == row.activity_id, older.kind == row.kind, older.key == row.key)
    yield select(row.id, older.died.label("turn")).join(older, same & (older.died <= row.born)).where(row.id.in_(ids))
    now = FOREVER - 1 if at is None else at
    tables: tuple[Any, ...] = (Head, MechanismRow, ConflictRow)
    for table in tables:
        turn = _latest(table, now)
        joined = select(row.id, turn.label("turn")).join(table, table.statement_id == row.id)
        yield joined.where(table.statement_id.in_(ids), turn > row.born, turn <= now)
    # Hundreds of rows share a set of hundreds of pairs: what counts is when the set last turned, found once for each
    # set by its key; of a join PostgreSQL would read the pairs of all sets.
    is_shown = and_(Head.statement_id.in_(ids), alive(Head, at))
    shown = select(Head.set_id).where(is_shown, Head.set_id.is_not(None)).distinct().subquery()
    last = select(func.max(_latest(PairRow, now))).where(PairRow.set_id == shown.c.set_id, PairRow.born <= now)
    turned = select(shown.c.set_id, last.correlate(shown).scalar_subquery().label("turn")).subquery()
    own = select(row.id, turned.c.turn).join(Head, Head.statement_id == row.id).where(is_shown)
    yield own.join(turned, turned.c.set_id == Head.set_id).where(turned.c.turn > row.born)


def _latest(row: Any, now: int) -> Any:  # noqa: ANN401 - any table with an interval
    return case((row.died <= now, row.died), else_=row.born)
