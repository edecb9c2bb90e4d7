"""The canonical form of rows and events, and their digests: the same from Python and from both databases.

`envanter-audit-1`: SHA-256 over JSON without spaces. A row is `[table, {column: value}]`, columns by name, without
those that are null and without `died`; dates are `YYYY-MM-DD`, instants RFC 3339, ids of the world dashed UUIDs. The
manifest of a change holds for each table one digest over the digests of its rows, in order of their bytes, and the
first 48 bits of each, which serve to name a row that differs. A column added later must be empty in old rows, or the
version of the encoding changes.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

VERSION: Final = "envanter-audit-1"
GENESIS: Final = "0" * 64
SHOWN_BITS: Final = 12  # hexadecimal digits


def row_digest(table: str, values: Mapping[str, Any]) -> str:
    """Return the digest of one row; the values come in order of the columns' names, without nulls."""
    return hashlib.sha256(orjson.dumps([table, values])).hexdigest()


def text_digest(text: str) -> str:
    """Return the digest of a stored document."""
    return hashlib.sha256(text.encode()).hexdigest()


def named(key: Iterable[Any]) -> str:
    """Write the primary key of a row as one word."""
    return "/".join(map(str, key))


def joint_digest(digests: Iterable[str]) -> str:
    """Return one digest over those of many rows, whatever their order."""
    return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()


@dataclass
class Manifest:
    """Every row that a change wrote, with its digest, and every row that it closed; by table and key."""

    wrote: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    closed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows were written or closed."""
        return sum(map(len, self.wrote.values())) + sum(map(len, self.closed.values()))

    def text(self) -> str:
        """Write the manifest as it is stored."""
        wrote = {
            table: {
                "digest": joint_digest(digest for _, digest in rows),
                "rows": {key: digest[:SHOWN_BITS] for key, digest in rows},
            }
            for table, rows in self.wrote.items()
        }
        content = {"wrote": wrote, "closed": {table: sorted(keys) for table, keys in self.closed.items()}}
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def instant_text(moment: Any) -> Any:  # noqa: ANN401 - what is no instant is not made one
    """Write an instant with its microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(moment, datetime) else moment


EVENT_FIELDS: Final = ("request_id", "search", "rows", "manifest")


def event_hash(
    change: Mapping[str, Any], event: Mapping[str, Any], subjects: Sequence[Mapping[str, Any]], previous: str | None
) -> str:
    """Return the hash of an event: over its change, everything that it says, what it touched, and the hash before."""
    content = {
        "version": event["version"],
        "previous": previous,
        "change": [change["id"], instant_text(change["at"]), change["author"], change["reason"]],
        "event": [event[name] for name in EVENT_FIELDS],
        "subjects": [dict(sorted(subject.items())) for subject in subjects],
    }
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=repr)).hexdigest()
