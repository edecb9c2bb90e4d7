"""Reads the pairs of sets as far as they are compared: all of them, or those near to some, rather too many."""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any, Final

from sqlalchemy import Boolean, and_, bindparam, case, or_, select

from app.deriving.matching import Named
from app.deriving.tables import PairRow
from app.deriving.widening import Terms, around
from app.platform.database import Query, ReadSession
from app.platform.prepared import rows_of, within
from app.platform.revisions import alive

# A pair without data subjects is about anyone's.
NEAR: Final = and_(
    or_(within(PairRow.category_id, "categories"), within(PairRow.item_id, "items")),
    or_(bindparam("of_anyone", type_=Boolean()), PairRow.subject_id.is_(None), within(PairRow.subject_id, "subjects")),
)
RANK: Final = case((PairRow.item_id.is_(None), PairRow.category_certainty), else_=PairRow.item_certainty)


def near_to(pairs: Collection[Named], terms: Terms, controller: int) -> dict[str, Any]:
    """Return what NEAR binds, so that it holds for every pair of a controller that may match some."""
    return {
        "categories": sorted(around(terms, (pair.category for pair in pairs), controller)),
        "items": sorted(around(terms, (pair.item for pair in pairs), controller)),
        "subjects": sorted(around(terms, (pair.subject for pair in pairs), controller)),
        "of_anyone": any(pair.subject is None for pair in pairs),
    }


def pairs_of(session: ReadSession, sets: Iterable[int], at: int | None = None) -> dict[int, frozenset[Named]]:
    """Return what each of some sets holds."""
    return _read(session, _of_sets, sets, at)


def near_pairs_of(session: ReadSession, sets: Iterable[int], near: dict[str, Any]) -> dict[int, frozenset[Named]]:
    """Return what each of some sets holds that is near to what `near_to` was given."""
    return _read(session, _near_of_sets, sets, None, near)


def _read(
    session: ReadSession,
    query: Callable[[Any], Query],
    sets: Iterable[int],
    at: int | None,
    values: dict[str, Any] | None = None,
) -> dict[int, frozenset[Named]]:
    found: dict[int, set[Named]] = {key: set() for key in sets}
    for row in rows_of(session, query, found, at, **(values or {})):
        found[row[0]].add(Named(*row[1:]))
    return {key: frozenset(pairs) for key, pairs in found.items()}


@cache
def _of_sets(at: Any) -> Query:  # noqa: ANN401 - None or AT
    columns = (PairRow.set_id, PairRow.subject_id, PairRow.category_id, PairRow.item_id, RANK)
    return select(*columns).where(within(PairRow.set_id), alive(PairRow, at))


@cache
def _near_of_sets(at: Any) -> Query:  # noqa: ANN401 - None or AT
    return _of_sets(at).where(NEAR)
