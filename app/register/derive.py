"""Keeps derived rows true: whatever changes, the rows of the documents concerned are rebuilt in the same change.

`derive(documents)` computes heads, pair sets and mechanisms anew and writes only what differs; `affected`
names the documents that a change concerns.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, or_, select, union, update
from sqlalchemy.orm import aliased

from app.activities.tables import (
    CollectionSource,
    Mechanism,
    StatementData,
    StatementLink,
    StatementRow,
    TransferDetail,
)
from app.audit import ChangeSession
from app.platform.database import ReadSession
from app.platform.revisions import FOREVER, alive
from app.recipients.tables import RecipientRevision
from app.register.sources import Material, TermFacts, chunks, consent_mechanisms, gather
from app.register.tables import Head, MechanismRow, PairRow, PairSet
from app.register.widening import (
    INFERRED,
    RANKS,
    Destination,
    Pair,
    Scope,
    Widened,
    collected,
    locate,
    scope_of,
    widen,
)
from app.vocabularies.tables import TermBroader

Existing = dict[tuple[Any, ...], int]
SetName = tuple[str, int, int | None]  # ("document", id, activity or None) or ("statement", id, None)


@dataclass(frozen=True)
class HeadFacts:
    """A head before it has a row."""

    statement_id: int
    kind: str
    place: str
    activity_id: int
    controller_id: int
    document_id: int
    polarity: str
    set_name: SetName | None
    data_floor: int
    subject_floor: int
    pairs_flat: bool
    location: str | None
    abroad: str | None
    pairing: str | None
    certainty: int
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class MechanismFacts:
    """A mechanism before it has a row."""

    statement_id: int
    position: int
    term_id: int
    certainty: int
    is_inferred: bool
    is_consent: bool
    is_judged: bool
    regime: str | None
    status: str
    begins: date | None
    ends: date | None
    transfer_ends: date | None
    law_from: date | None
    law_to: date | None
    occasional: str
    risk_information: str


@dataclass
class Derived:
    """All that is derived for some documents."""

    heads: dict[int, HeadFacts] = field(default_factory=dict)
    sets: dict[SetName, set[Pair]] = field(default_factory=lambda: defaultdict(set))
    mechanisms: set[MechanismFacts] = field(default_factory=set)


Consents = dict[str | None, tuple[int, TermFacts]]


def compute(session: ReadSession, documents: Collection[int], at: int | None = None) -> Derived:
    """Derive everything for some documents from what is stated, writing nothing."""
    material = gather(session, documents, at)
    consents = consent_mechanisms(session, at)
    scopes = _scopes(material)
    derived = Derived()
    for row in material.statements:
        if row.document_id not in documents:
            continue
        scope_name, scope = _scope_for(row, scopes)
        widened = _widened(material, row, scope)
        set_name: SetName | None = None
        if widened is not None and widened.pairs:
            set_name = scope_name if widened.is_shared else ("statement", row.id, None)
            derived.sets[set_name] |= set(widened.pairs)
        _add_head(derived, material, consents, row, widened or Widened(), set_name)
    return derived


def _scopes(material: Material) -> dict[SetName, Scope]:
    """Return the scope of every document that has collections, and of every activity for the others."""
    by_document: dict[int, list[Any]] = defaultdict(list)
    by_activity: dict[int, list[Any]] = defaultdict(list)
    for row in material.statements:
        if row.kind == "collections" and row.polarity == "does":
            by_document[row.document_id].append(row)
            by_activity[row.activity_id].append(row)
    scopes: dict[SetName, Scope] = {}
    for name, groups in (("document", by_document), ("activity", by_activity)):
        for key, rows in groups.items():
            scopes[name, key, None] = scope_of([material.reaching(row) for row in rows], material.terms)
    return scopes


def _scope_for(row: Any, scopes: dict[SetName, Scope]) -> tuple[SetName, Scope]:  # noqa: ANN401
    own: SetName = ("document", row.document_id, None)
    if own in scopes:
        return own, scopes[own]
    fallback = scopes.get(("activity", row.activity_id, None), Scope())
    return ("document", row.document_id, row.activity_id), fallback


def _widened(material: Material, row: Any, scope: Scope) -> Widened | None:  # noqa: ANN401
    if row.kind == "measures":
        return None
    reaching = material.reaching(row)
    if row.kind == "collections":
        return collected(reaching, scope, material.terms)
    return widen(reaching, scope, material.terms)


def _add_head(
    derived: Derived,
    material: Material,
    consents: Consents,
    row: Any,  # noqa: ANN401 - a row of statement
    widened: Widened,
    set_name: SetName | None,
) -> None:
    dates = material.dates[row.document_id]
    begins = row.valid_from or dates.effective_from or dates.printed
    ends = row.valid_to or dates.effective_to
    location, abroad = (None, None) if row.kind != "transfers" else _located(material, row)
    mechanisms = _mechanisms(material, consents, row, abroad, (begins, ends))
    derived.mechanisms |= set(mechanisms)
    floors = (widened.data_floor, widened.subject_floor) if widened.is_shared else (0, 0)
    derived.heads[row.id] = HeadFacts(
        statement_id=row.id,
        kind=row.kind,
        place=f"{material.codes[row.activity_id]} {row.key}",
        activity_id=row.activity_id,
        controller_id=row.controller_id,
        document_id=row.document_id,
        polarity=row.polarity,
        set_name=set_name,
        data_floor=floors[0],
        subject_floor=floors[1],
        pairs_flat=widened.is_flat,
        location=location,
        abroad=abroad,
        pairing=_pairing(material, row),
        certainty=_certainty(material, row, widened, mechanisms),
        valid_from=begins,
        valid_to=ends,
    )


def _located(material: Material, row: Any) -> tuple[str, str]:  # noqa: ANN401
    detail = material.transfers[row.id]
    elsewhere: list[str | None] = []
    if detail.recipient_id is not None:
        for other in material.statements:
            known = material.transfers.get(other.id)
            same = known is not None and known.recipient_id == detail.recipient_id
            if same and other.id != row.id and other.document_id == row.document_id:
                elsewhere += [place.country for place in material.places.get(other.id, [])]
    destination = Destination(
        detail.location,
        [place.country for place in material.places.get(row.id, [])],
        material.seats.get(detail.recipient_id, ()),
        elsewhere,
    )
    return locate(destination)


def _pairing(material: Material, row: Any) -> str | None:  # noqa: ANN401
    roles = [link.role for link in material.links.get(row.id, [])]
    purposes, bases = roles.count("purpose"), roles.count("legal_basis")
    if not purposes or not bases:
        return None
    if row.joined:
        return "joined"
    return "flat" if purposes > 1 and bases > 1 else "paired"


def _certainty(material: Material, row: Any, widened: Widened, mechanisms: list[MechanismFacts]) -> int:  # noqa: ANN401
    """A row is as certain as the least certain thing that it shows; filing an item in its home lowers nothing."""
    ranks = [0, *(RANKS[link.certainty] for link in material.links.get(row.id, []))]
    ranks += [RANKS[place.certainty] for place in material.places.get(row.id, [])]
    ranks += [mechanism.certainty for mechanism in mechanisms]
    if row.id in material.transfers:
        ranks.append(RANKS[material.transfers[row.id].recipient_certainty])
    for pair in widened.pairs:
        data = pair.item_certainty if pair.item is not None else pair.category_certainty
        ranks += [data, pair.subject_certainty if pair.subject is not None else 0]
    if widened.pairs or "unreadable" in {row.data_reach, row.subject_reach}:
        ranks += [widened.data_floor, widened.subject_floor]
    return max(ranks)


def _mechanisms(
    material: Material,
    consents: Consents,
    row: Any,  # noqa: ANN401 - a row of statement
    abroad: str | None,
    dates: tuple[date | None, date | None],
) -> list[MechanismFacts]:
    is_judged = row.polarity == "does" and abroad in {"yes", "possible"}
    begins, ends = dates
    found = []
    for record in material.mechanisms.get(row.id, []):
        law = material.law[record.term_id]
        found.append(
            MechanismFacts(
                statement_id=row.id,
                position=record.position,
                term_id=record.term_id,
                certainty=RANKS[record.certainty],
                is_inferred=False,
                is_consent=law.is_consent,
                is_judged=is_judged,
                regime=law.regime,
                status=record.status,
                begins=record.valid_from or record.signed_on or begins,
                ends=record.valid_to,
                transfer_ends=ends,
                law_from=law.valid_from,
                law_to=law.valid_to,
                occasional=record.occasional,
                risk_information=record.risk_information,
            )
        )
    if found or not is_judged or not _names_consent(material, row):
        return found
    return [_inferred_mechanism(consents, row.id, begins, ends)]


def _names_consent(material: Material, row: Any) -> bool:  # noqa: ANN401
    bases = [link for link in material.links.get(row.id, []) if link.role == "legal_basis"]
    return any(material.law[link.term_id].is_consent for link in bases)


def _inferred_mechanism(
    consents: Consents, statement_id: int, begins: date | None, ends: date | None
) -> MechanismFacts:
    """Read consent as ground for consent as mechanism: of the regime that its date falls in."""
    old = consents["old"][1]
    regime = None
    if begins is not None:
        regime = "old" if old.valid_to is None or begins <= old.valid_to else "new"
    term, law = consents[regime]
    return MechanismFacts(
        statement_id=statement_id,
        position=0,
        term_id=term,
        certainty=INFERRED,
        is_inferred=True,
        is_consent=True,
        is_judged=True,
        regime=law.regime,
        status="not_stated",
        begins=begins,
        ends=None,
        transfer_ends=ends,
        law_from=law.valid_from,
        law_to=law.valid_to,
        occasional="not_stated",
        risk_information="not_stated",
    )


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
    documents = set(by_kind["document"])
    row = StatementRow
    for part in chunks(by_kind["activity"]):
        query = select(row.document_id).distinct().where(row.activity_id.in_(part), alive(row, None))
        documents |= {found.document_id for found in session.all(query)}
    for using in (*_using_terms(by_kind["term"]), *_using_recipients(by_kind["recipient"])):
        query = select(row.document_id).distinct().where(row.id.in_(using), alive(row, None))
        documents |= {found.document_id for found in session.all(query)}
    return documents


def _using_terms(terms: set[int]) -> Iterable[Any]:
    for part in chunks(terms):
        below = select(TermBroader.term_id).where(TermBroader.broader_id.in_(part), alive(TermBroader, None))
        wanted = union(below, select(TermBroader.term_id).where(TermBroader.term_id.in_(part))).subquery()
        ids = select(wanted.c[0])
        yield select(StatementLink.statement_id).where(
            StatementLink.term_id.in_(ids), StatementLink.role.in_(["data_subject", "legal_basis"])
        )
        yield select(StatementData.statement_id).where(
            or_(StatementData.category_id.in_(ids), StatementData.item_id.in_(ids))
        )
        yield select(Mechanism.statement_id).where(Mechanism.term_id.in_(ids))


def _using_recipients(recipients: set[int]) -> Iterable[Any]:
    for part in chunks(recipients):
        child = aliased(RecipientRevision)
        grandchild = aliased(RecipientRevision)
        children = select(child.owner_id).where(child.parent_id.in_(part), alive(child, None))
        further = select(grandchild.owner_id).where(grandchild.parent_id.in_(children), alive(grandchild, None))
        yield select(TransferDetail.statement_id).where(
            or_(
                TransferDetail.recipient_id.in_(part),
                TransferDetail.recipient_id.in_(children),
                TransferDetail.recipient_id.in_(further),
            )
        )
        yield select(CollectionSource.statement_id).where(CollectionSource.recipient_id.in_(part))


def derive(session: ChangeSession, documents: Collection[int]) -> None:
    """Bring the derived rows of documents to what is stated now, writing only what differs."""
    derived = compute(session, set(documents))
    known_sets = _known_sets(session, documents)
    set_ids = _sync_sets(session, derived, known_sets)
    _sync_heads(session, documents, derived, set_ids)
    _sync_mechanisms(session, documents, derived)


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


def _sync_sets(session: ChangeSession, derived: Derived, known: dict[SetName, int]) -> dict[SetName, int]:
    set_ids = dict(known)
    documents = {head.set_name: head.document_id for head in derived.heads.values()}
    for name in derived.sets:
        if name not in set_ids:
            kind, key, activity = name
            values = {"document_id": documents[name], "activity_id": activity}
            values["statement_id"] = key if kind == "statement" else None
            set_ids[name] = session.insert(insert(PairSet).values(**values))
    wanted = {(set_ids[name], *pair_values(pair)) for name, pairs in derived.sets.items() for pair in pairs}
    existing: Existing = {}
    columns = [getattr(PairRow, name) for name in PAIR_FIELDS]
    for part in chunks(set_ids.values()):
        query = select(PairRow.id, PairRow.set_id, *columns).where(PairRow.set_id.in_(part), alive(PairRow, None))
        existing |= {tuple(row[1:]): row.id for row in session.all(query)}
    _close(session, PairRow, [key for values, key in existing.items() if values not in wanted])
    fresh = [
        dict(zip(("set_id", *PAIR_FIELDS), values, strict=True), born=session.change, died=FOREVER)
        for values in sorted(wanted - existing.keys(), key=repr)
    ]
    if fresh:
        session.execute(insert(PairRow), fresh)
    return set_ids


HEAD_FIELDS = tuple(name for name in HeadFacts.__dataclass_fields__ if name != "set_name")
MECHANISM_FIELDS = tuple(MechanismFacts.__dataclass_fields__)


def _sync_heads(
    session: ChangeSession, documents: Collection[int], derived: Derived, set_ids: dict[SetName, int]
) -> None:
    columns = [getattr(Head, name) for name in (*HEAD_FIELDS, "set_id")]
    query = select(Head.id, *columns).where(Head.document_id.in_(documents), alive(Head, None))
    existing: Existing = {tuple(row[1:]): row.id for row in session.all(query)}
    wanted: dict[tuple[Any, ...], None] = {}
    for head in derived.heads.values():
        set_id = None if head.set_name is None else set_ids[head.set_name]
        values = tuple(getattr(head, name) for name in HEAD_FIELDS)
        wanted[*values, set_id] = None
    _close(session, Head, [key for values, key in existing.items() if values not in wanted])
    fresh = [
        dict(zip((*HEAD_FIELDS, "set_id"), values, strict=True), born=session.change, died=FOREVER)
        for values in wanted
        if values not in existing
    ]
    if fresh:
        session.execute(insert(Head), fresh)


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
        session.execute(insert(MechanismRow), fresh)


def _close(session: ChangeSession, table: type[Any], ids: list[int]) -> None:
    for part in chunks(ids):
        session.execute(update(table).where(table.id.in_(part), table.died == FOREVER).values(died=session.change))
