"""Where a transfer abroad on explicit consent stands on a day (KVKK m.9, before and after Law 7499).

The dates of the old and the new ground come with the terms; the order of the standings is the order of
`STANDINGS`, worst first. Defined once, in SQL, because it depends on the day asked about and is filtered on.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, and_, case, func, literal, or_, select

from app.deriving.tables import Head, MechanismRow
from app.platform.database import Query
from app.platform.revisions import alive

STANDINGS: Final = (
    "lapsed_continuing",
    "occasional_unproven",
    "undetermined",
    "not_in_force",
    "occasional_valid",
    "valid_before_repeal",
    "superseded",
)


def rank_of(standing: str) -> int:
    """Return the rank of a standing; the worst has the highest."""
    return len(STANDINGS) - STANDINGS.index(standing)


def standing_of(rank: int | None) -> str | None:
    """Return the standing of a rank, or None where there is none."""
    return None if not rank else STANDINGS[len(STANDINGS) - rank]


def judged_mechanisms(on: Any, at: Any) -> Query:  # noqa: ANN401 - a day and a change, or what binds them
    """SELECT of (statement_id, position, term_id, certainty, status, rank): the standing of each mechanism."""
    m = MechanismRow
    day = literal(on, Date()) if isinstance(on, date) else on
    judged = case((and_(m.transfer_ends.is_not(None), m.transfer_ends < day), m.transfer_ends), else_=day)
    replacement = case((_replaces_consent(judged), 1), else_=0)
    is_replaced = func.max(replacement).over(partition_by=m.statement_id) == 1
    begins_later = or_(m.law_from > judged, m.begins > judged)
    is_proven = and_(m.occasional == "yes", m.risk_information == "yes")
    rank = case(
        (or_(m.is_judged.is_(False), m.is_consent.is_(False)), literal(0)),
        (is_replaced, rank_of("superseded")),
        (m.regime.is_(None), rank_of("undetermined")),
        (begins_later, rank_of("not_in_force")),
        (and_(m.law_to.is_not(None), m.law_to < judged), rank_of("lapsed_continuing")),
        (m.law_to.is_not(None), rank_of("valid_before_repeal")),
        (is_proven, rank_of("occasional_valid")),
        else_=rank_of("occasional_unproven"),
    )
    columns = (m.statement_id, m.position, m.term_id, m.certainty, m.is_inferred, m.status)
    return select(*columns, rank.label("rank")).where(alive(m, at))


def _replaces_consent(day: ColumnElement[date]) -> ColumnElement[bool]:
    """Condition that a mechanism other than consent is in force on a day."""
    m = MechanismRow
    return and_(
        m.is_consent.is_(False),
        m.regime.is_not(None),
        m.status.not_in(["planned", "ended"]),
        or_(m.begins.is_(None), m.begins <= day),
        or_(m.ends.is_(None), m.ends >= day),
        or_(m.law_from.is_(None), m.law_from <= day),
        or_(m.law_to.is_(None), m.law_to >= day),
    )


def standings(on: date, at: int | None) -> Query:
    """SELECT of (statement_id, rank): the worst standing of each transfer that has one."""
    transfers = select(Head.statement_id).where(Head.kind == "transfers", Head.on_consent.is_(True), alive(Head, at))
    judged = judged_mechanisms(on, at).where(MechanismRow.statement_id.in_(transfers)).subquery()
    worst = func.max(judged.c.rank)
    return select(judged.c.statement_id, worst.label("rank")).group_by(judged.c.statement_id).having(worst > 0)
