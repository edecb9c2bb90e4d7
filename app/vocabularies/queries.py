"""The SELECTs over terms: resolving codes, labels, what stands under what."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.audit import User
from app.controllers.queries import find_controller_ids
from app.history.wording import Named
from app.platform.database import Query, ReadSession
from app.platform.problems import Invalid, Item
from app.platform.revisions import alive, ended_since, matches, state_query, to_state
from app.platform.shelf import Book
from app.vocabularies.schemas import TermQuery
from app.vocabularies.tables import TERMS, ItemCategory, Term, TermBroader, TermRevision, VocabularyRow

MOST_ALLOWED = 120


@dataclass(frozen=True)
class TermLabel:
    """What answers say of a term."""

    id: int
    owner: int | None
    code: str
    label: dict[str, str]
    law_ref: str | None
    valid_from: date | None
    valid_to: date | None
    kind: str
    vocabulary: str

    @property
    def name(self) -> "TermName":
        """Return vocabulary and code."""
        return self.vocabulary, self.code

    def in_force(self, on: date) -> bool:
        """Tell whether the term is in force on a day (both ends inclusive)."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on <= self.valid_to)

    def reference(self) -> dict[str, Any]:
        """Return the short wire form."""
        return {"code": self.code, "label": self.label}


TermName = tuple[str, str]


@dataclass(frozen=True)
class Terms:
    """Every live term by key and by (vocabulary, code)."""

    by_id: dict[int, TermLabel]
    by_name: dict[TermName, TermLabel]


def _read_on(session: ReadSession, known: Terms | None, since: int) -> Terms:
    terms = Terms({}, {}) if known is None else Terms(dict(known.by_id), dict(known.by_name))
    for row in session.all(ended_since(TERMS, since)):
        gone = terms.by_id.pop(row.owner_id, None)
        if gone is not None:
            del terms.by_name[gone.name]
    for row in session.all(_label_query(session).where(TermRevision.born > since)):
        terms.by_id[row.id] = terms.by_name[row.vocabulary, row.code] = _label(row)
    return terms


TERM_BOOK: Final = Book("terms", _read_on)


def vocabulary_names(session: ReadSession) -> list[str]:
    """Return the names of all vocabularies, data categories before the items filed under them."""
    names = [row.name for row in session.all(select(VocabularyRow.name).order_by(VocabularyRow.name))]
    return sorted(names, key=lambda name: (name != "data_categories", name))


def labels(session: ReadSession, names: Collection[TermName]) -> dict[TermName, TermLabel]:
    """Return the labels of terms by (vocabulary, code)."""
    book = session.book(TERM_BOOK)
    if book is not None:
        return {name: book.by_name[name] for name in names if name in book.by_name}
    found: dict[TermName, TermLabel] = {}
    wanted = sorted(set(names))
    for start in range(0, len(wanted), 400):
        part = wanted[start : start + 400]
        query = _label_query(session).where(tuple_(Term.vocabulary, Term.code).in_(part))
        for row in session.all(query):
            found[row.vocabulary, row.code] = _label(row)
    return found


def named_terms(session: ReadSession, names: Collection[TermName]) -> dict[TermName, Named]:
    """Return terms as words name them, by (vocabulary, code)."""
    return {name: Named(term.code, term.label) for name, term in labels(session, names).items()}


def labels_by_id(session: ReadSession, ids: Iterable[int]) -> dict[int, TermLabel]:
    """Return the labels of terms by their integer keys."""
    book = session.book(TERM_BOOK)
    if book is not None:
        return {key: book.by_id[key] for key in sorted(set(ids)) if key in book.by_id}
    wanted = sorted(set(ids))
    found: dict[int, TermLabel] = {}
    for start in range(0, len(wanted), 800):
        query = _label_query(session).where(Term.id.in_(wanted[start : start + 800]))
        found |= {row.id: _label(row) for row in session.all(query)}
    return found


def _label_query(session: ReadSession) -> Query:
    revision = TermRevision
    return (
        select(
            Term.id,
            Term.vocabulary,
            Term.code,
            Term.kind,
            Term.controller_id,
            revision.label_tr,
            revision.label_en,
            revision.law_ref,
            revision.valid_from,
            revision.valid_to,
        )
        .join(revision, revision.owner_id == Term.id)
        .where(alive(revision, session.at))
    )


def _label(row: Any) -> TermLabel:  # noqa: ANN401 - a row of _label_query
    label = {"tr": row.label_tr, "en": row.label_en}
    owned = (row.id, row.controller_id, row.code)
    return TermLabel(*owned, label, row.law_ref, row.valid_from, row.valid_to, row.kind, row.vocabulary)


def resolve(session: ReadSession, names: Collection[TermName]) -> dict[TermName, tuple[int, int | None]]:
    """Return (key, owner) of live terms by (vocabulary, code); what is missing is not in the answer."""
    book = session.book(TERM_BOOK)
    if book is not None:
        known = ((name, book.by_name.get(name)) for name in names)
        return {name: (term.id, term.owner) for name, term in known if term and session.may_see(term.owner)}
    found: dict[TermName, tuple[int, int | None]] = {}
    wanted = sorted(set(names))
    for start in range(0, len(wanted), 400):
        query = (
            select(Term.vocabulary, Term.code, Term.id, Term.controller_id)
            .join(TermRevision, TermRevision.owner_id == Term.id)
            .where(
                alive(TermRevision, session.at),
                tuple_(Term.vocabulary, Term.code).in_(wanted[start : start + 400]),
            )
        )
        for row in session.all(query):
            found[row.vocabulary, row.code] = (row.id, row.controller_id)
    return found


def term_documents(session: ReadSession, vocabulary: str) -> dict[str, dict[str, Any]]:
    """Return the stored documents of all live terms of a vocabulary by code, in the order of the codes."""
    query = state_query(TERMS, session.at).where(Term.vocabulary == vocabulary).order_by(Term.code)
    return {state.code: state.document for state in map(to_state, session.all(query))}


def allowed_codes(session: ReadSession, vocabulary: str, controller_id: int | None = None) -> list[str]:
    """Return the codes that a caller may use: official ones first, at most 120 of them."""
    mine: ColumnElement[bool] = Term.controller_id.is_(None)
    if controller_id is not None:
        mine = or_(mine, Term.controller_id == controller_id)
    query = (
        select(Term.code)
        .join(TermRevision, TermRevision.owner_id == Term.id)
        .where(alive(TermRevision, session.at), Term.vocabulary == vocabulary, mine)
        .order_by((Term.kind == "official").desc(), TermRevision.position, Term.code)
        .limit(MOST_ALLOWED)
    )
    return [row.code for row in session.all(query)]


def find_term_ids(session: ReadSession, vocabulary: str, references: Iterable[str], parameter: str) -> list[int]:
    """Return the keys of terms that a filter names by code or id, or refuse the first unknown one."""
    book = session.book(TERM_BOOK)
    found = []
    for reference in references:
        term = None if book is None else book.by_name.get((vocabulary, reference))
        if term is not None and session.may_see(term.owner):
            found.append(term.id)
            continue
        query = (
            select(Term.id)
            .join(TermRevision, TermRevision.owner_id == Term.id)
            .where(alive(TermRevision, session.at), Term.vocabulary == vocabulary, matches(Term, reference))
        )
        key = session.value(query)
        if key is None:
            values = {"name": reference, "where": vocabulary}
            allowed = allowed_codes(session, vocabulary)
            raise Invalid(Item("unknown_code", values, parameter=parameter, allowed=allowed))
        found.append(int(key))
    return found


def narrower(session: ReadSession, ids: Collection[int]) -> Query:
    """SELECT of the keys of these terms and of all that stand under them."""
    return select(TermBroader.term_id).where(TermBroader.broader_id.in_(ids), alive(TermBroader, session.at))


def term_conditions(session: ReadSession, vocabulary: str, query: TermQuery) -> list[ColumnElement[bool]]:
    """Translate the filters of a vocabulary."""
    conditions: list[ColumnElement[bool]] = [Term.vocabulary == vocabulary]
    if query.kind:
        conditions.append(Term.kind.in_(query.kind))
    if query.controller:
        conditions.append(Term.controller_id.in_(find_controller_ids(session, query.controller, "controller")))
    if query.under:
        ids = find_term_ids(session, vocabulary, query.under, "under")
        conditions.append(Term.id.in_(narrower(session, ids)))
    if query.in_force_on is not None:
        day, revision = query.in_force_on, TermRevision
        conditions += [
            or_(revision.valid_from.is_(None), revision.valid_from <= day),
            or_(revision.valid_to.is_(None), revision.valid_to >= day),
        ]
    return conditions


def closures(session: ReadSession, vocabulary: str) -> dict[int, dict[int, bool]]:
    """Return, for every live term of a vocabulary, the terms that it stands under; true where directly."""
    query = select(TermBroader.term_id, TermBroader.broader_id, TermBroader.is_direct).where(
        TermBroader.vocabulary == vocabulary, alive(TermBroader, session.at)
    )
    found: dict[int, dict[int, bool]] = {}
    for row in session.all(query):
        found.setdefault(row.term_id, {})[row.broader_id] = row.is_direct
    return found


def item_homes(session: ReadSession) -> dict[int, set[int]]:
    """Return the home categories of every data item, those of broader items included."""
    homes: dict[int, set[int]] = {}
    query = (
        select(TermBroader.term_id, ItemCategory.category_id)
        .join(ItemCategory, ItemCategory.item_id == TermBroader.broader_id)
        .where(alive(TermBroader, session.at), alive(ItemCategory, session.at))
    )
    for row in session.all(query):
        homes.setdefault(row.term_id, set()).add(row.category_id)
    return homes


def users_of_term(session: ReadSession, resource: str, key: int) -> list[User]:
    """Return the terms that stand under a term, and a controller's own terms."""
    narrow = aliased(Term)
    query: Query
    if resource == "term":
        query = (
            select(narrow.vocabulary, narrow.code)
            .join(TermBroader, TermBroader.term_id == narrow.id)
            .where(TermBroader.broader_id == key, narrow.id != key, alive(TermBroader, session.at))
        )
        filed = (
            select(narrow.vocabulary, narrow.code)
            .join(ItemCategory, ItemCategory.item_id == narrow.id)
            .where(ItemCategory.category_id == key, alive(ItemCategory, session.at))
        )
        rows = [*session.all(query), *session.all(filed)]
        found = sorted({(row.vocabulary, row.code) for row in rows})
        return [User("term", code, name) for name, code in found]
    if resource != "controller":
        return []
    is_live = exists().where(TermRevision.owner_id == narrow.id, alive(TermRevision, session.at))
    query = (
        select(narrow.vocabulary, narrow.code)
        .where(narrow.controller_id == key, is_live)
        .order_by(narrow.vocabulary, narrow.code)
    )
    return [User("term", row.code, row.vocabulary) for row in session.all(query)]
