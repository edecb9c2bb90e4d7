"""The tables of floor and peer: activities, their statements and seven tables below, normalised, without history.

They are filled from the answers of the register itself, so that all three hold the same content, under the same ids.
"""

from typing import Any, Final

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint
from sqlalchemy.types import Boolean, Date

from app.platform.database import Bytewise, Key

plain = MetaData()
Json = dict[str, Any]


def _key(name: str, to: str, *, nullable: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, Key, ForeignKey(f"{to}.id"), nullable=nullable, index=index)


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Bytewise) for name in names]


def _dates(*names: str) -> list[Column[Any]]:
    return [Column(name, Date) for name in names]


def _below(name: str, *columns: Column[Any] | Index, key: tuple[str, ...] = ()) -> Table:
    owner = Column("statement_id", Key, ForeignKey("statement.id"), primary_key=True)
    keys = [Column(column, Bytewise, primary_key=True) for column in key]
    position = Column("position", Integer, primary_key=True)
    return Table(name, plain, owner, *keys, position, *columns)


CONTROLLER: Final = Table(
    "controller",
    plain,
    Column("id", Key, primary_key=True),
    Column("code", Bytewise, unique=True),
    Column("name", Bytewise),
)
TERM: Final = Table(
    "term",
    plain,
    Column("id", Key, primary_key=True),
    *_texts("vocabulary", "code", "label_tr", "label_en"),
    *_dates("valid_from", "valid_to"),
    UniqueConstraint("vocabulary", "code"),
)
RECIPIENT: Final = Table(
    "recipient",
    plain,
    Column("id", Key, primary_key=True),
    Column("code", Bytewise, unique=True),
    Column("name", Bytewise),
)
DOCUMENT: Final = Table(
    "document",
    plain,
    Column("id", Key, primary_key=True),
    Column("code", Bytewise, unique=True),
    _key("controller_id", "controller", index=True),
    *_dates("date"),
)
ACTIVITY: Final = Table(
    "activity",
    plain,
    Column("id", Key, primary_key=True),
    Column("uid", Bytewise, unique=True),
    Column("code", Bytewise, unique=True),
    _key("controller_id", "controller"),
    *_texts("name_tr", "name_en", "scope", "description", "sort"),
    Column("revision", Integer),
    Index("ix_activity_sort_id", "sort", "id"),
    Index("ix_activity_controller_id_sort_id", "controller_id", "sort", "id"),
)
STATEMENT: Final = Table(
    "statement",
    plain,
    Column("id", Key, primary_key=True),
    _key("activity_id", "activity"),
    Column("kind", Bytewise),
    Column("position", Integer),
    _key("document_id", "document", index=True),
    *_texts("key", "polarity", "condition", "until", "note"),
    *_dates("valid_from", "valid_to"),
    *_texts("data_reach", "data_as_stated", "subject_reach", "subject_as_stated", "purpose_reach", "purpose_as_stated"),
    *_texts("bases_relate", "automatic", "obligation", "declared_special", "role", "recipient_role", "location"),
    _key("recipient_id", "recipient", nullable=True, index=True),
    *_texts("recipient_as_stated", "recipient_certainty", "retention_kind", "as_stated", "exception", "law_ref"),
    Column("interval_value", Integer),
    Column("interval_unit", Bytewise),
    Column("joined", Boolean),
    Column("only_special", Boolean),
    Index("ix_statement_activity_id_kind_position", "activity_id", "kind", "position"),
    Index("ix_statement_kind_location", "kind", "location"),
)
CITATION: Final = _below("citation", *_texts("locator", "form"))
DATUM: Final = _below(
    "datum",
    _key("category_id", "term", nullable=True, index=True),
    _key("item_id", "term", nullable=True, index=True),
    *_texts("as_stated", "category_as_stated", "certainty"),
)
LINK: Final = _below(
    "link",
    Column("step", Integer),
    _key("term_id", "term"),
    *_texts("as_stated", "cited_as", "law_ref", "certainty"),
    Index("ix_link_term_id_role", "term_id", "role"),
    key=("role",),
)
SOURCE: Final = _below(
    "source",
    Column("kind", Bytewise),
    _key("recipient_id", "recipient", nullable=True),
    *_texts("as_stated", "certainty"),
)
PLACE: Final = _below("place", *_texts("country", "as_stated", "certainty"))
MECHANISM: Final = _below(
    "mechanism",
    _key("term_id", "term", index=True),
    *_texts("as_stated", "cited_as", "law_ref", "certainty", "status"),
    *_dates("valid_from", "valid_to", "signed_on", "notified_on"),
    *_texts("contract_type", "occasional", "risk_information", "until"),
)
STEP: Final = _below(
    "step",
    *_texts("join", "unit", "bound", "start_relation", "starts_at", "condition", "medium"),
    Column("value", Integer),
)
