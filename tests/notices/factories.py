"""Small parts of a register, made without one."""

from datetime import date
from typing import Any, Final

from app.notices.composing import compose
from app.notices.content import Notice
from app.notices.parts import CitedAt, Datum, Ground, NoticeData, Recipient, Term, Terms, Words
from app.notices.requirements import load_requirements
from app.notices.snapshot import Controller, Document, PrintedField, Snapshot, Statement
from app.platform.settings import Settings

DAY: Final = date(2026, 11, 22)
REQUIREMENTS: Final = load_requirements(Settings().seed_directory)


def term(code: str, certainty: Any = "stated") -> Term:  # noqa: ANN401 - a literal
    return Term(code=code, label=Words(tr=f"{code} tr", en=f"{code} en"), certainty=certainty)


def terms(*codes: str, reach: str = "listed") -> Terms:
    return Terms(reach=reach, members=tuple(term(code) for code in codes))


def ground(code: str, **values: Any) -> Ground:  # noqa: ANN401 - fields of a ground
    return Ground(code=code, label=Words(tr=f"{code} tr", en=f"{code} en"), law_ref="KVKK m.5/2-c", **values)


def datum(category: Term | None, *items: Term, people: tuple[Term, ...] = ()) -> Datum:
    return Datum(category=category, items=items, data_subjects=people)


def listed(*data: Datum) -> NoticeData:
    return NoticeData(reach="listed", members=data)


def recipient(code: str, **values: Any) -> Recipient:  # noqa: ANN401 - fields of a recipient
    return Recipient(code=code, name=Words(tr=f"{code} tr", en=f"{code} en"), kind="class", **values)


def statement(kind: str, key: str, **values: Any) -> Statement:  # noqa: ANN401 - fields of a statement
    shared = {"activity": "acme:is", "document": "acme:metin", "citations": (CitedAt(locator="1", form="prose"),)}
    return Statement(kind=kind, key=key, **{**shared, **values})


def document(code: str = "acme:metin", *fields: PrintedField, **values: Any) -> Document:  # noqa: ANN401
    return Document(code=code, title=code, kind="notice", date=None, fields=fields, **values)


def printed(field: str, value: str | None, state: str = "stated") -> PrintedField:
    return PrintedField(field=field, state=state, value=value, locator="1")


def snapshot(*statements: Statement, **values: Any) -> Snapshot:  # noqa: ANN401 - fields of a snapshot
    shared: dict[str, Any] = {"controller": Controller(code="acme"), "on": DAY, "documents": (document(),)}
    return Snapshot(**{**shared, "statements": statements, **values})


def noticed(*statements: Statement, **values: Any) -> Notice:  # noqa: ANN401
    return compose(snapshot(*statements, **values), REQUIREMENTS)


def gap_codes(notice: Notice, key: str | None = None) -> list[str]:
    """Codes of the gaps of the whole notice, or of one statement."""
    return [gap.code for gap in notice.gaps if (gap.place.key if gap.place else None) == key]
