"""How questions are answered: by rows of one kind of facts, or by sections of several kinds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from app.platform.database import ReadSession
from app.platform.listing import decode_cursor, encode_cursor
from app.platform.problems import Invalid, Item
from app.platform.revisions import alive
from app.register.dimensions import Dimension, dimensions_of
from app.register.facts import Answer, list_facts
from app.register.members import Moment, sources
from app.register.parameters import FactsQuery
from app.register.selecting import source_members
from app.vocabularies.queries import find_term_ids, narrower
from app.vocabularies.tables import Term, TermRevision

Fixed = Mapping[str, list[str]]
CONSENT = "@consent"
ENDED = "@ended"
THIRD_PARTIES = "@third-parties"


@dataclass(frozen=True)
class Asked:
    """A question as it is asked: the snapshot, and the parameters of the caller."""

    session: ReadSession
    query: FactsQuery


Ask = Callable[[Asked], Answer]


@dataclass(frozen=True)
class Rows:
    """Answers with the rows of one kind, some filters fixed; `needs` names parameters of which one is required."""

    kind: str
    fixed: Fixed
    needs: tuple[str, ...] = ()
    group_by: str | None = None

    def __call__(self, asked: Asked) -> Answer:
        """Answer one page."""
        _require_one(asked.query, self.needs)
        narrowed = narrow(asked.session, self.kind, asked.query, self.fixed)
        return Answer([], None, 0) if narrowed is None else list_facts(asked.session, self.kind, narrowed)


@dataclass(frozen=True)
class Sections:
    """Answers with one section per part: the rows of its kind, and where the rest of them is.

    `own` adds a section of another name, answered by a function, with the address of the question that it is from.
    """

    parts: tuple[tuple[str, Fixed], ...]
    needs: tuple[str, ...] = ()
    own: tuple[tuple[str, Ask, str], ...] = ()

    def __call__(self, asked: Asked) -> Answer:
        """Answer with all sections."""
        _require_one(asked.query, self.needs)
        items = [
            _section(kind, fixed, lacking(asked.query, kind), _found(asked, kind, fixed), f"/v1/facts/{kind}")
            for kind, fixed in self.parts
        ]
        items += [_section(name, {}, [], ask(asked), address) for name, ask, address in self.own]
        return Answer(items, None, None)

    def flat(self, asked: Asked) -> Answer:
        """Answer one page of the rows of all sections, each with its kind, for tables."""
        _require_one(asked.query, self.needs)
        part, inner = (0, None) if asked.query.cursor is None else decode_cursor(asked.query.cursor, "sections")[::-1]
        again = Asked(asked.session, asked.query.model_copy(update={"cursor": inner or None}))
        asks = [(kind, partial(_found, kind=kind, fixed=fixed)) for kind, fixed in self.parts]
        asks += [(name, partial(ask)) for name, ask, _ in self.own]
        name, ask = asks[part]
        found = ask(again)
        following = None
        if found.next is not None:
            following = encode_cursor("sections", found.next, part)
        elif part + 1 < len(asks):
            following = encode_cursor("sections", "", part + 1)
        return Answer([{"kind": name, **row} for row in found.items], following, None)


def rows(kind: str, needs: tuple[str, ...] = (), group_by: str | None = None, **fixed: list[str]) -> Rows:
    """Answer with the rows of one kind."""
    return Rows(kind, fixed, needs, group_by)


def sections(
    *parts: tuple[str, Fixed], needs: tuple[str, ...] = (), own: tuple[tuple[str, Ask, str], ...] = ()
) -> Sections:
    """Answer with sections."""
    return Sections(parts, needs, own)


def completed(ask: Ask, query: FactsQuery) -> FactsQuery:
    """Return the parameters with the grouping that a question has of its own, where the caller gives none."""
    if not isinstance(ask, Rows) or ask.group_by is None or query.names("group_by"):
        return query
    return query.model_copy(update={"group_by": [ask.group_by]})


def _section(kind: str, fixed: Fixed, lacks: list[str], found: Answer, address: str) -> dict[str, Any]:
    """Show the rows of one kind; a kind that lacks a dimension asked about has none, and says so."""
    return {
        "kind": kind,
        "filters": dict(fixed),
        "lacks": lacks,
        "rows": found.items,
        "has_more": found.next is not None,
        "address": address,
    }


def lacking(query: FactsQuery, kind: str) -> list[str]:
    """Name the dimensions asked about that a kind does not have; it is skipped, so that no answer widens."""
    return [one.name for one in query.filtered("all") if one.name not in dimensions_of(kind)]


def _found(asked: Asked, kind: str, fixed: Fixed) -> Answer:
    if lacking(asked.query, kind):
        return Answer([], None, 0)
    narrowed = narrow(asked.session, kind, asked.query, fixed)
    return Answer([], None, 0) if narrowed is None else list_facts(asked.session, kind, narrowed)


def _require_one(query: FactsQuery, names: tuple[str, ...]) -> None:
    if names and not any(query.given(name) for name in names):
        raise Invalid(*(Item("needs_one_of", {"names": ", ".join(names)}, parameter=name) for name in names[:1]))


def narrow(session: ReadSession, kind: str, query: FactsQuery, fixed: Fixed) -> FactsQuery | None:
    """Fix some filters beside the caller's own; None where the two, or what a name stands for, leave nothing."""
    update: dict[str, list[str]] = {}
    known = dimensions_of(kind)
    for name, values in fixed.items():
        if name not in known:
            update[name] = [*getattr(query, name), *values]
            continue
        given = query.given(name)
        wanted = [one for value in values for one in _stands_for(session, query, known[name].space, value)]
        update[name] = _both(session, known[name], given, wanted) if given else wanted
        if not update[name]:
            return None
    return query.model_copy(update=update)


def _both(session: ReadSession, dimension: Dimension, given: list[str], wanted: list[str]) -> list[str]:
    """Return what two filters on one dimension both find; of terms, the narrower ones too."""
    if dimension.space == "sources":
        given = source_members(session, given, dimension.name)
    if not dimension.is_term:
        return [value for value in wanted if value in given]
    sides = (find_term_ids(session, str(dimension.space), values, dimension.name) for values in (given, wanted))
    query = select(Term.code).where(*(Term.id.in_(narrower(session, ids)) for ids in sides)).order_by(Term.code)
    return [row.code for row in session.all(query)]


def _stands_for(session: ReadSession, query: FactsQuery, space: str | None, value: str) -> list[str]:
    if value == CONSENT:
        return _terms(session, space, TermRevision.is_consent.is_(True))
    if value == ENDED:
        return _terms(session, space, TermRevision.valid_to < query.day)
    if value == THIRD_PARTIES:
        found = sources(Moment(query.day, session.at)).subquery()
        members = session.all(select(found.c.member).distinct().where(found.c.member != "data_subject"))
        return [row.member for row in members]
    return [value]


def _terms(session: ReadSession, space: str | None, condition: Any) -> list[str]:  # noqa: ANN401 - a SQL condition
    query = (
        select(Term.code)
        .join(TermRevision, TermRevision.owner_id == Term.id)
        .where(Term.vocabulary == space, alive(TermRevision, session.at), condition)
        .order_by(Term.code)
    )
    return [row.code for row in session.all(query)]
