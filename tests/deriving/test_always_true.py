"""Whatever is written, the derived rows are what the statements say, now and at every past change, and as sealed."""

import random
from collections.abc import Sequence
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.audit.tables import Change
from app.deriving.computing import HeadFacts, MechanismFacts, compute
from app.deriving.derive import CATEGORY_FIELDS, PAIR_FIELDS, category_values
from app.deriving.tables import Head, MechanismRow, PairRow, SetCategoryRow
from app.documents.tables import Document
from app.platform.database import ReadSession
from app.platform.revisions import alive
from app.trail.verifying import verify
from tests.deriving.oracle import expected_pairs
from tests.deriving.writing import Writer
from tests.register.making import Register, ledger_of

STEPS: Final = 60
HEAD_FIELDS: Final = [name for name in HeadFacts.__dataclass_fields__ if name != "set_name"]
MECHANISM_FIELDS: Final = list(MechanismFacts.__dataclass_fields__)
Members = dict[int, set[tuple[Any, ...]]]
Derivation = tuple[dict[int, tuple[Any, ...]], set[tuple[Any, ...]]]


def members(session: ReadSession, table: type[Any], fields: Sequence[str], at: int | None) -> Members:
    """Return what each set holds at a change; nothing may stand twice."""
    found: Members = {}
    columns = [getattr(table, name) for name in fields]
    for row in session.all(select(table.set_id, *columns).where(alive(table, at))):
        assert tuple(row[1:]) not in found.setdefault(row.set_id, set())
        found[row.set_id].add(tuple(row[1:]))
    return found


def stored(session: ReadSession, at: int | None) -> Derivation:
    """Return the derived rows at a change: heads with their pairs and categories, and mechanisms; none stands twice."""
    pairs = members(session, PairRow, PAIR_FIELDS, at)
    categories = members(session, SetCategoryRow, CATEGORY_FIELDS, at)
    assert categories.keys() <= pairs.keys()
    heads = session.all(select(Head.set_id, *(getattr(Head, name) for name in HEAD_FIELDS)).where(alive(Head, at)))
    assert len({row.statement_id for row in heads}) == len(heads)
    assert pairs.keys() <= {row.set_id for row in heads}
    records = session.all(select(*(getattr(MechanismRow, n) for n in MECHANISM_FIELDS)).where(alive(MechanismRow, at)))
    assert len(set(records)) == len(records)
    return {
        row.statement_id: (*row[1:], pairs.get(row.set_id, set()), categories.get(row.set_id, set())) for row in heads
    }, {tuple(record) for record in records}


def computed(session: ReadSession, at: int | None) -> Derivation:
    """Return what follows from the statements of all documents at a change."""
    derived = compute(session, {row.id for row in session.all(select(Document.id))}, at)
    heads = {}
    for key, head in derived.heads.items():
        pairs = set() if head.set_name is None else derived.sets[head.set_name]
        categories = {category_values(pair) for pair in pairs if pair.category is not None}
        heads[key] = (*(getattr(head, n) for n in HEAD_FIELDS), {tuple(pair) for pair in pairs}, categories)
    return heads, {tuple(getattr(record, n) for n in MECHANISM_FIELDS) for record in derived.mechanisms}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_every_write_the_derived_rows_are_what_the_statements_say(client: TestClient, seed: int) -> None:
    writer = Writer(Register(client), random.Random(seed))  # noqa: S311 - chance, no secret
    writer.prepare()
    for _ in range(STEPS):
        writer.write()
        with ledger_of(client).reading() as session:
            assert stored(session, None) == computed(session, None), writer.last
        assert writer.derived() == expected_pairs(writer.world()), writer.last
    with ledger_of(client).reading() as session:
        for at in writer.chance.sample(range(1, session.value(select(func.max(Change.id))) + 1), 10):
            assert stored(session, at) == computed(session, at)
        assert verify(session).is_whole
