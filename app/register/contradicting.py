"""Finds what contradicts some statements: only those are loaded that may, and pairs only where all else does."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from app.platform.database import Query, ReadSession
from app.platform.revisions import alive
from app.register.candidates import NAMED, candidates, named_by
from app.register.conflicts import Conflict, Side, contradictions, suspects
from app.register.matching import Named, PairMatch
from app.register.prepared import probed, rows_of, within, within_words
from app.register.sides import Heads, heads_of, heads_query, pairs_of, sides_of, with_pairs
from app.register.sources import load_terms
from app.register.tables import Head, PairRow
from app.register.widening import Terms


def compute_conflicts(session: ReadSession, documents: Collection[int], at: int | None = None) -> list[Conflict]:
    """Return the contradictions that statements of some documents are part of, writing nothing."""
    own = [row.statement_id for row in rows_of(session, _of_documents, documents, at)]
    return conflicts_among(session, own, at)


@cache
def _of_documents(at: Any) -> Query:  # noqa: ANN401 - None or AT
    return select(Head.statement_id).where(within(Head.document_id), alive(Head, at))


def conflicts_among(session: ReadSession, statements: Collection[int], at: int | None) -> list[Conflict]:
    """Return the contradictions that some statements are part of, with all of their controllers."""
    own = heads_of(session, statements, at)
    if not own:
        return []
    terms = load_terms(session, None, at)
    sides = sides_of(session, own, at)
    heads = candidates(session, own, sides, terms, at) | own
    return list(_compared(session, own, heads, terms, at, sides))


def _compared(
    session: ReadSession, own: Heads, heads: Heads, terms: Terms, at: int | None, sides: dict[int, Side] | None = None
) -> Iterator[Conflict]:
    """Compare statements with others, and load the pairs of those that contradict each other in all else."""
    known = {} if sides is None else dict(sides)
    known |= sides_of(session, {key: head for key, head in heads.items() if key not in known}, at)
    chosen = [known[key] for key in own]
    involved = {key for one, other, _ in suspects(chosen, known.values(), terms) for key in _ids(one, other)}
    compared = with_pairs(session, known, heads, involved, at)
    return contradictions([side for side in compared if side.statement_id in own], compared, terms)


@dataclass(frozen=True)
class Growth:
    """A set that gained pairs and lost none: what contradicted before still does."""

    set_id: int
    gained: frozenset[Named]


def conflicts_by_growth(session: ReadSession, growths: Collection[Growth], changed: Collection[int]) -> set[Conflict]:
    """Return contradictions, new or surer, of statements whose shared sets grew, with others than those changed.

    Whether two statements are about matching data depends on their sets alone, so sets are compared first: of those
    that match no better than before nothing follows.
    """
    found: set[Conflict] = set()
    terms = load_terms(session, None, None)
    for growth in growths:
        of_set = rows_of(session, _heads_of_sets, [growth.set_id])
        users = [row for row in of_set if row.statement_id not in changed]
        for controller in sorted({row.controller_id for row in users}):
            own = {row.statement_id: row for row in users if row.controller_id == controller}
            kinds = sorted({row.kind for row in own.values()})
            nearer = _nearer(session, growth, growths, terms, (controller, kinds))
            theirs = rows_of(session, _heads_of_sets, nearer)
            of_kinds = (row for row in theirs if row.controller_id == controller and row.kind in kinds)
            heads = own | {row.statement_id: row for row in of_kinds if row.statement_id not in changed}
            if nearer:
                found |= set(_compared(session, own, heads, terms, None))
    return found


@cache
def _heads_of_sets(_: object) -> Query:
    return heads_query().where(within(Head.set_id), alive(Head, None))


def _nearer(
    session: ReadSession, growth: Growth, growths: Collection[Growth], terms: Terms, of: tuple[int, list[str]]
) -> set[int]:
    """Return the sets of a controller's statements of some kinds that match a set better since it grew."""
    controller, kinds = of
    values = {"controller": controller, "kinds": kinds, **named_by(growth.gained, terms)}
    ids = [row.set_id for row in session.all(_near_sets(), values)]
    now = pairs_of(session, [*ids, growth.set_id], None)
    match = PairMatch(terms)
    gained = {one.set_id: one.gained for one in growths}
    before = {key: now[key] - gained[key] if key in gained else now[key] for key in [*ids, growth.set_id]}

    def is_nearer(key: int) -> bool:
        if key not in gained and match(now[key], growth.gained) is None:
            return False
        return match(now[key], now[growth.set_id]) != match(before[key], before[growth.set_id])

    return {key for key in ids if is_nearer(key)}


@cache
def _near_sets() -> Query:
    used = (
        select(Head.set_id)
        .distinct()
        .where(
            Head.controller_id == bindparam("controller"),
            within_words(Head.kind, "kinds"),
            alive(Head, None),
            Head.set_id.is_not(None),
        )
    )
    sets = used.subquery()
    near = probed(sets, PairRow, PairRow.set_id == sets.c.set_id, alive(PairRow, None), NAMED)
    return select(sets.c.set_id).where(near)


def _ids(*sides: Side) -> Iterator[int]:
    return (side.statement_id for side in sides)
