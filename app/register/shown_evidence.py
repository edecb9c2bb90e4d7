"""What stands beside a row as evidence: what contradicts it, and when it last read otherwise."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from sqlalchemy import BindParameter, and_, bindparam, case, func, select, union_all
from sqlalchemy.orm import aliased

from app.activities.tables import Activity, StatementRow
from app.audit.tables import Change
from app.deriving.tables import ConflictRow, Head, MechanismRow, PairRow
from app.deriving.widening import CERTAINTY_NAMES
from app.documents.tables import Document
from app.platform.database import Key, Query, ReadSession
from app.platform.listing import instant
from app.platform.prepared import ON, rows_of, within
from app.platform.revisions import FOREVER, alive
from app.register.members import Moment, valid_on

NOW: Final[BindParameter[Any]] = bindparam("now", type_=Key)


def conflicts_of(session: ReadSession, moment: Moment, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the contradictions of statements with others, where both are valid on the day."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows_of(session, _conflicts_query, ids, moment.at, on=moment.on):
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


@cache
def _conflicts_query(at: Any) -> Query:  # noqa: ANN401 - None or AT
    conflict, own = ConflictRow, aliased(Head)
    return (
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
        .where(within(conflict.statement_id), alive(conflict, at))
        .where(alive(own, at), alive(Head, at))
        .where(*valid_on(own, ON), *valid_on(Head, ON))
        .order_by(conflict.statement_id, conflict.dimension, Activity.code, StatementRow.key)
    )


def instants_before(session: ReadSession, ids: list[int]) -> dict[int, str]:
    """Return, for rows that read otherwise before, the last instant at which they did.

    A row reads otherwise where the statement, or what is derived from it, was otherwise.
    """
    now = FOREVER - 1 if session.at is None else session.at
    found = rows_of(session, _last_turns, ids, session.at, now=now)
    return {row.id: instant(row.at) for row in found}


@cache
def _last_turns(at: Any) -> Query:  # noqa: ANN401 - None or AT
    turns = union_all(*_turns(at)).subquery()
    last = select(turns.c.id, func.max(turns.c.turn).label("turn")).group_by(turns.c.id).subquery()
    return select(last.c.id, Change.at).join(Change, Change.id == last.c.turn - 1)


def _turns(at: Any) -> Iterator[Query]:  # noqa: ANN401 - None or AT
    """SELECTs of (id, turn): the latest changes at which rows turned from what they were.

    Each begins with the keys themselves: a planner that takes a table for small reads it whole to join a list of them.
    """
    row, older = StatementRow, aliased(StatementRow)
    same = and_(older.activity_id == row.activity_id, older.kind == row.kind, older.key == row.key)
    yield select(row.id, older.died.label("turn")).join(older, same & (older.died <= row.born)).where(within(row.id))
    tables: tuple[Any, ...] = (Head, MechanismRow, ConflictRow)
    for table in tables:
        turn = _latest(table)
        joined = select(row.id, turn.label("turn")).join(table, table.statement_id == row.id)
        yield joined.where(within(table.statement_id), turn > row.born, turn <= NOW)
    # Hundreds of rows share a set of hundreds of pairs: what counts is when the set last turned, found once for each
    # set by its key; of a join PostgreSQL would read the pairs of all sets.
    is_shown = and_(within(Head.statement_id), alive(Head, at))
    shown = select(Head.set_id).where(is_shown, Head.set_id.is_not(None)).distinct().subquery()
    last = select(func.max(_latest(PairRow))).where(PairRow.set_id == shown.c.set_id, PairRow.born <= NOW)
    turned = select(shown.c.set_id, last.correlate(shown).scalar_subquery().label("turn")).subquery()
    own = select(row.id, turned.c.turn).join(Head, Head.statement_id == row.id).where(is_shown)
    yield own.join(turned, turned.c.set_id == Head.set_id).where(turned.c.turn > row.born)


def _latest(row: Any) -> Any:  # noqa: ANN401 - any table with an interval
    return case((row.died <= NOW, row.died), else_=row.born)
