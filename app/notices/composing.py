"""Makes a notice of a snapshot: groups what belongs together and keeps the evidence of each row. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from app.notices.content import (
    CollectionRow,
    DataRow,
    MeasureRow,
    Notice,
    RetentionRow,
    RoleRow,
    Row,
    Subject,
    TransferRow,
    UsedDocument,
    UseRow,
    Who,
)
from app.notices.gaps import find_gaps
from app.notices.identity import application, identity
from app.notices.parts import Datum, Evidence, NoticeData, Term
from app.notices.requirements import Requirement
from app.notices.selecting import narrowed, spelled_out
from app.notices.snapshot import Snapshot, Statement

R = TypeVar("R", bound=Row)
OWN: Final = frozenset({"listed", "including"})


def compose(snapshot: Snapshot, requirements: Sequence[Requirement]) -> Notice:
    """Return the notice of a snapshot, with its gaps."""
    part = spelled_out(narrowed(snapshot))
    used = {one.document for one in part.statements}
    gaps = find_gaps(part, requirements)
    return Notice(
        controller=Subject(
            code=part.controller.code, name=part.controller.value("legal_name") or part.controller.value("short_name")
        ),
        on=part.on,
        audience=None if part.audience is None else part.audience.term,
        channel=part.channel,
        status="draft" if gaps else "complete",
        documents=tuple(_document(one) for one in part.documents if one.code in used or one.fields),
        who=Who(identity=identity(part), roles=_merged(_role(one) for one in part.of("roles"))),
        what=tuple(_data_rows(part)),
        why=_merged(_use(one) for one in part.of("uses")),
        to_whom=_transfers(part.of("transfers")),
        how=_collections(part.of("collections")),
        how_long=_merged(_retention(one) for one in part.of("retentions")),
        protection=_measures(part.of("measures")),
        rights=part.rights,
        application=application(part),
        gaps=gaps,
    )


def _document(document: Any) -> UsedDocument:  # noqa: ANN401 - a snapshot's document
    return UsedDocument(**{name: getattr(document, name) for name in UsedDocument.model_fields})


def _shared(statement: Statement) -> dict[str, Any]:
    """Return what every row takes from its statement."""
    return {
        "polarity": statement.polarity,
        "condition": statement.condition,
        "until": statement.until,
        "evidence": (statement.evidence,),
    }


def _about(statement: Statement) -> dict[str, Any]:
    return {"data": statement.data, "data_subjects": statement.data_subjects}


def _role(statement: Statement) -> RoleRow:
    return RoleRow(**_shared(statement), **_about(statement), role=statement.role, counterpart=statement.recipient)


def _use(statement: Statement) -> UseRow:
    return UseRow(
        **_shared(statement),
        **_about(statement),
        purposes=statement.purposes,
        legal_bases=statement.legal_bases,
        bases_relate=statement.bases_relate,
        pairing=statement.pairing,
        completed_by_others=statement.basis_gap in {"covered", "partly"},
        methods=statement.methods,
    )


def _transfer(statement: Statement) -> TransferRow:
    names = ("purposes", "legal_bases", "bases_relate", "pairing", "location", "abroad", "places", "mechanisms")
    return TransferRow(
        **_shared(statement),
        **_about(statement),
        **{name: getattr(statement, name) for name in names},
        methods=statement.methods,
        recipients=() if statement.recipient is None else (statement.recipient,),
    )


def _retention(statement: Statement) -> RetentionRow:
    names = ("steps", "as_stated", "language", "destruction_interval", "destruction_months", "exception", "law_ref")
    return RetentionRow(
        **_shared(statement),
        **_about(statement),
        **{name: getattr(statement, name) for name in names},
        kind=statement.retention_kind,
        purposes=statement.purposes,
    )


def _gathered(rows: Iterable[R], join: Callable[[R, R], R], *apart: str) -> tuple[R, ...]:
    """Bring together rows that say the same but for some fields, in the order of the first of each."""
    found: dict[R, R] = {}
    empty = {name: type(value)() for name, value in _empty(apart).items()}
    for row in rows:
        key = row.model_copy(update=empty)
        found[key] = join(found[key], row) if key in found else row
    return tuple(found.values())


def _empty(names: Sequence[str]) -> dict[str, Any]:
    return {name: NoticeData() if name == "data" else () for name in ("evidence", *names)}


def _merged(rows: Iterable[R]) -> tuple[R, ...]:
    """Bring together rows that say the same at several places."""
    return _gathered(rows, _with)


def _with(one: R, other: R, **update: Any) -> R:  # noqa: ANN401 - fields of a row
    evidence = (*one.evidence, *other.evidence)
    return one.model_copy(update={"evidence": evidence, **update})


def _transfers(statements: Sequence[Statement]) -> tuple[TransferRow, ...]:
    """Bring together recipients for whom the same is said; rows that name nobody stay apart."""

    def join(one: TransferRow, other: TransferRow) -> TransferRow:
        new = [recipient for recipient in other.recipients if recipient not in one.recipients]
        return _with(one, other, recipients=(*one.recipients, *new))

    rows = [_transfer(one) for one in statements]
    named = _gathered((row for row in rows if row.recipients), join, "recipients")
    together = [*named, *_merged(row for row in rows if not row.recipients)]
    return tuple(sorted(together, key=lambda row: _first_place(row, statements)))


def _first_place(row: Row, statements: Sequence[Statement]) -> int:
    first: Evidence = row.evidence[0]
    return next(index for index, one in enumerate(statements) if (one.activity, one.key) == (first.activity, first.key))


def _collections(statements: Sequence[Statement]) -> tuple[CollectionRow, ...]:
    """Show methods, channels and sources, together with the data that are got in the same way."""
    rows = [
        CollectionRow(
            **_shared(one),
            **_about(one),
            methods=one.methods,
            automatic=one.automatic,
            sources=one.sources,
        )
        for one in statements
        if one.methods or one.sources or one.automatic != "not_stated"
    ]
    listed = [row for row in rows if row.data.reach in OWN]
    others = [row for row in rows if row.data.reach not in OWN]

    def join(one: CollectionRow, other: CollectionRow) -> CollectionRow:
        members = (*one.data.members, *other.data.members)
        return _with(one, other, data=one.data.model_copy(update={"members": members}))

    together = [*_gathered(listed, join, "data"), *_merged(others)]
    return tuple(sorted(together, key=lambda row: _first_place(row, statements)))


def _data_rows(snapshot: Snapshot) -> list[DataRow]:
    """Show data by category; items whose source names no category stand together."""
    rows: list[DataRow] = []
    for statement in snapshot.of("collections"):
        rows += _rows_of(statement, snapshot.special_categories)

    def join(one: DataRow, other: DataRow) -> DataRow:
        new = [item for item in other.items if item not in one.items]
        return _with(one, other, items=(*one.items, *new))

    return list(_gathered(rows, join, "items"))


def _rows_of(statement: Statement, special: frozenset[str]) -> list[DataRow]:
    rows = []
    for is_named in (True, False):
        part = [one for one in statement.data.members if _names_category(one) is is_named]
        groups = [[one] for one in part] if is_named else [part]
        rows += [_data_row(statement, group, special, is_named=is_named) for group in groups if group]
    return rows


def _names_category(datum: Datum) -> bool:
    """Tell whether the source names the category, or where it gives items, nothing but the category follows."""
    return datum.category is not None and (datum.category.is_stated or not datum.items)


def _data_row(statement: Statement, data: Sequence[Datum], special: frozenset[str], *, is_named: bool) -> DataRow:
    items: dict[str, Term] = {}
    for datum in data:
        for item in datum.items:
            items.setdefault(item.code, item)
    people = {term.code: term for datum in data for term in datum.data_subjects}
    members = tuple(people.values()) or statement.data_subjects.members
    return DataRow(
        **_shared(statement),
        category=data[0].category if is_named else None,
        is_special=any(one.category is not None and one.category.code in special for one in data),
        is_open=statement.data.reach == "including",
        items=tuple(items.values()),
        data_subjects=statement.data_subjects.model_copy(update={"members": _plain(members)}),
        obligation=statement.obligation,
        stated_special=statement.declared_special,
    )


def _plain(members: Iterable[Term]) -> tuple[Term, ...]:
    """Leave the wording out, so that the same people in other words make no second row."""
    return tuple(term.model_copy(update={"as_stated": None, "inferred_from": None}) for term in members)


def _measures(statements: Sequence[Statement]) -> tuple[MeasureRow, ...]:
    rows = [MeasureRow(**_shared(one), measures=one.measures, only_special=one.only_special) for one in statements]
    return _merged(rows)
