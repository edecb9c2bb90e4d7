"""What a change of activities reaches in documents of which the scope stays as it was, or only grows.

Deriving a document whole costs what the document is large. Mostly a change reaches its own statements and few others:
where a transfer states places, others to its recipient, and where collections bring new pairs, statements that these
pairs match. Whatever is not plainly of this kind is derived whole; a test compares both after random writes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from app.activities.tables import Place, StatementData, StatementLink, StatementRow, TransferDetail
from app.audit import ChangeSession
from app.deriving.computing import ScopeName, Scopes, completes_others, scopes_of
from app.deriving.sources import (
    HIERARCHY,
    Material,
    collections_of,
    complete,
    load,
    statement_query,
)
from app.deriving.stated import stated_of
from app.deriving.widening import LISTED, Pair, Scope, Terms, around
from app.platform.database import Key, Query
from app.platform.prepared import chunks, probed, rows_of, within
from app.platform.revisions import FOREVER, alive

DECIDES_MORE: Final = ("term", "document", "recipient")
OPEN: Final = ("all", "all_except")
EXCEPTING: Final = ("all_except", "unreadable")
STANDS_OR_ENDED: Final = or_(alive(StatementRow, None), StatementRow.died == bindparam("change", type_=Key))


@dataclass(frozen=True)
class Narrow:
    """The statements of some documents that are derived anew, those that ended, and what scopes gained that grew."""

    documents: frozenset[int]
    statements: frozenset[int]
    ended: frozenset[int]
    grown: Mapping[ScopeName, Collection[Pair]]
    scopes: Scopes
    material: Material

    @property
    def rows(self) -> list[Any]:
        """Return the statements that are derived anew."""
        return [row for row in self.material.statements if row.id in self.statements]


@dataclass
class _Reached:
    """What was found so far: documents that must be derived whole, and statements of the others."""

    whole: set[int] = field(default_factory=set)
    statements: set[int] = field(default_factory=set)
    grown: dict[ScopeName, Collection[Pair]] = field(default_factory=dict)


def narrow(session: ChangeSession, documents: Collection[int]) -> Narrow | None:
    """Return what a change of activities reaches of these documents; None where all are derived whole."""
    book = None if session.has_written(*DECIDES_MORE) else session.book(HIERARCHY)
    activities = {key for resource, key in session.touched if resource == "activity"}
    if book is None or not activities:
        return None
    own = list(rows_of(session, _of_activities, activities, change=session.change))
    reached = _Reached(statements={row.id for row in _to_derive(session, own)})
    material = Material(terms=book.terms)
    written = (row for row in own if row.id in reached.statements)
    load(session, material, [*written, *_collections(session, documents)])
    scopes = _compare_scopes(session, material, documents, reached, book.terms)
    others = set(documents) - reached.whole
    changed = {row.id for row in own if row.kind == "transfers" and _is_changed(session, row)}
    # Transfers to the same recipients tell by their places where others go, though they are not derived anew.
    telling = {key for key, stated in stated_of(session, changed).items() if stated.places}
    reached.statements |= _to_same_recipients(session, _transfers_to, telling, others)
    telling = _to_same_recipients(session, _telling, reached.statements, others)
    _load_rest(session, material, reached.statements | telling)
    _find_unnamed_bases(session, material, reached, own)
    kept = frozenset(documents) - reached.whole
    rows = [row for row in material.statements if row.id in reached.statements and row.document_id in kept]
    falling_back = {row.activity_id for row in rows if ("document", row.document_id, None) not in scopes}
    if falling_back:
        load(session, material, collections_of(session, falling_back, None))
        fallbacks = (row for row in _standing(material) if row.activity_id in falling_back)
        scopes |= scopes_of(material, fallbacks, ["activity"])
    complete(session, material)
    return Narrow(
        documents=kept,
        statements=frozenset(row.id for row in rows),
        ended=frozenset(row.id for row in own if row.died != FOREVER and row.document_id in kept),
        grown={name: pairs for name, pairs in reached.grown.items() if name[1] in kept},
        scopes=scopes,
        material=material,
    )


def _to_derive(session: ChangeSession, own: Sequence[Any]) -> Iterable[Any]:
    """Yield the statements that the change wrote, and those that may rest on collections of theirs that it changed."""
    regathered = {row.activity_id for row in own if row.kind == "collections" and _is_changed(session, row)}
    for row in own:
        if row.died == FOREVER and (row.born == session.change or row.activity_id in regathered):
            yield row


@cache
def _of_activities(_: object) -> Query:
    return statement_query().where(within(StatementRow.activity_id), STANDS_OR_ENDED)


def _standing(material: Material) -> Iterable[Any]:
    return (row for row in material.statements if row.died == FOREVER)


def _load_rest(session: ChangeSession, material: Material, ids: Collection[int]) -> None:
    missing = set(ids) - {row.id for row in material.statements}
    load(session, material, rows_of(session, _standing_ones, missing))


@cache
def _standing_ones(_: object) -> Query:
    return statement_query().where(within(StatementRow.id), alive(StatementRow, None))


def _collections(session: ChangeSession, documents: Collection[int]) -> Iterable[Any]:
    """Yield the collections of documents, those that this change ended too."""
    return rows_of(session, _collections_of_documents, documents, change=session.change)


@cache
def _collections_of_documents(_: object) -> Query:
    row = StatementRow
    return statement_query().where(within(row.document_id), row.kind == "collections", STANDS_OR_ENDED)


def _compare_scopes(
    session: ChangeSession, material: Material, documents: Collection[int], reached: _Reached, terms: Terms
) -> Scopes:
    """Sort out documents of which the scope did not stay or grow, find what the growth of others reaches.

    Returns the scopes of documents as they are now.
    """
    now = scopes_of(material, _standing(material), ["document"])
    collections = [row for row in material.statements if row.kind == "collections"]
    changed = {row.document_id: row.controller_id for row in collections if _is_changed(session, row)}
    before = (row for row in material.statements if row.born < session.change and row.document_id in changed)
    was = scopes_of(material, before, ["document"])
    are_open = {row.document_id for row in collections if _is_open(row)}
    for document in changed.keys() & set(documents):
        name: ScopeName = ("document", document, None)
        old, new = was.get(name), now.get(name)
        if old is None and new is None:
            continue
        growth = None if old is None or new is None or document in are_open else _growth(old, new)
        if new is None or growth is None:
            reached.whole.add(document)
            continue
        pairs, items = growth
        named = {
            "subjects": around(terms, (pair.subject for pair in pairs), changed[document]),
            "categories": around(terms, (pair.category for pair in pairs), changed[document]),
            "named": around(terms, (pair.item for pair in pairs), changed[document]),
        }
        reached.statements |= _matched(session, document, items, named if pairs else None)
        if pairs:
            reached.grown[name] = pairs
    return now


def _is_changed(session: ChangeSession, row: Any) -> bool:  # noqa: ANN401 - a row of statement
    return session.change in {row.born, row.died}


def _is_open(row: Any) -> bool:  # noqa: ANN401 - a row of statement
    return row.data_reach in OPEN or row.subject_reach in OPEN


def _growth(old: Scope, new: Scope) -> tuple[set[Pair], set[int]] | None:
    """Return the pairs that a scope gained and the items that it files otherwise; None where it did not just grow."""
    lost, gained = set(old.pairs) - set(new.pairs), set(new.pairs) - set(old.pairs)
    items = {item for item in {*old.filed, *new.filed} if old.filed.get(item) != new.filed.get(item)}
    if lost or (gained and not old.pairs) or any(_is_unsure(pair) for pair in gained):
        return None
    return gained, items


def _is_unsure(pair: Pair) -> bool:
    """Tell whether a pair could lower the certainty of a statement that shows it."""
    data = pair.item_certainty if pair.item is not None else pair.category_certainty
    return max(data, pair.subject_certainty if pair.subject is not None else 0) > 0


def _matched(
    session: ChangeSession, document: int, items: Collection[int], named: Mapping[str, Collection[int]] | None
) -> set[int]:
    """Return the statements that new pairs may match, or whose items are filed otherwise; rather too many."""
    values = {"document": [document], "items": sorted(items)}
    if named is not None:
        values |= {name: sorted(keys) for name, keys in named.items()}
    return {found.id for found in session.all(_matching(has_pairs=named is not None), values)}


@cache
def _matching(*, has_pairs: bool) -> Query:
    row, datum, link = StatementRow, StatementData, StatementLink
    lists_data, lists_subjects = row.data_reach.in_(LISTED), row.subject_reach.in_(LISTED)
    unfiled = and_(datum.item_id.is_not(None), datum.category_id.is_(None))

    def about(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        return probed(row, datum, datum.statement_id == row.id, *conditions)

    reached: list[ColumnElement[bool]] = [about(unfiled, within(datum.item_id, "items"))]
    if has_pairs:
        of_subject = probed(
            row, link, link.statement_id == row.id, link.role == "data_subject", within(link.term_id, "subjects")
        )
        of_data = about(or_(unfiled, within(datum.category_id, "categories"), within(datum.item_id, "named")))
        excepts = or_(row.data_reach.in_(EXCEPTING), row.subject_reach.in_(EXCEPTING))
        silent = or_(
            and_(lists_data, ~lists_subjects, of_data),
            and_(lists_subjects, ~lists_data, of_subject),
            and_(~lists_data, ~lists_subjects, excepts),
        )
        reached.append(and_(row.kind != "collections", silent))
    return select(row.id).where(within(row.document_id, "document"), alive(row, None), or_(*reached))


def _to_same_recipients(
    session: ChangeSession, query: Callable[[object], Query], transfers: Collection[int], documents: Collection[int]
) -> set[int]:
    """Return transfers of documents to the recipients of some: their places tell of each other."""
    return {row.id for part in chunks(transfers) for row in rows_of(session, query, documents, transfers=part)}


@cache
def _transfers_to(_: object) -> Query:
    row, detail, other = StatementRow, TransferDetail, aliased(TransferDetail)
    recipients = select(other.recipient_id).where(within(other.statement_id, "transfers"))
    is_same = probed(row, detail, detail.statement_id == row.id, detail.recipient_id.in_(recipients))
    return select(row.id).where(within(row.document_id), alive(row, None), is_same)


@cache
def _telling(_: object) -> Query:
    return _transfers_to(None).where(probed(StatementRow, Place, Place.statement_id == StatementRow.id))


def _find_unnamed_bases(session: ChangeSession, material: Material, reached: _Reached, own: Iterable[Any]) -> None:
    """Sort out documents of which uses complete each other's bases: there every use may depend on every other."""
    ended = [row for row in own if row.kind == "uses" and row.died == session.change]
    stated = stated_of(session, [row.id for row in ended])
    for row in ended:
        if completes_others(row, {link.role for link in stated[row.id].links}):
            reached.whole.add(row.document_id)
    for row in _standing(material):
        if row.kind != "uses" or row.polarity != "does" or row.id not in reached.statements:
            continue
        named = {link.role for link in material.stated[row.id].links}
        if "legal_basis" not in named or completes_others(row, named):
            reached.whole.add(row.document_id)
