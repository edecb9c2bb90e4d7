"""The parts of a written notice, before they become HTML or Markdown: sections of paragraphs, lists and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Text:
    """Words; `lang` where they are in another language than the notice."""

    value: str
    lang: str | None = None


@dataclass(frozen=True)
class Piece:
    """Part of a cell: a list of words, with a label before it, or a note beneath."""

    texts: tuple[Text, ...]
    label: str | None = None
    is_note: bool = False


Cell = tuple[Piece, ...]


def cell(*pieces: Piece | None) -> Cell:
    """Make a cell of the pieces that have words."""
    return tuple(piece for piece in pieces if piece is not None and piece.texts)


def plain(*texts: str | Text | None, label: str | None = None) -> Piece:
    """Make a piece of some words; empty ones are left out."""
    return Piece(_texts(texts), label)


def note(*texts: str | Text | None) -> Piece:
    """Make a note."""
    return Piece(_texts(texts), is_note=True)


def _texts(texts: Sequence[str | Text | None]) -> tuple[Text, ...]:
    found = [text if isinstance(text, Text) else Text(text) for text in texts if text]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Missing:
    """What the section lacks."""

    kind: ClassVar[str] = "missing"
    label: str
    text: str
    law_ref: str


@dataclass(frozen=True)
class Bullets:
    """A list."""

    kind: ClassVar[str] = "bullets"
    items: tuple[Piece, ...]


@dataclass(frozen=True)
class Letters:
    """A list with the letters of the law."""

    kind: ClassVar[str] = "letters"
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fields:
    """Names and values."""

    kind: ClassVar[str] = "fields"
    rows: tuple[tuple[str, Text], ...]


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row names it."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def is_short(self) -> bool:
        """Tell whether every cell is short enough for one line of a plain table."""
        return all(len(one) <= 1 and all(len(piece.texts) <= 1 for piece in one) for row in self.rows for one in row)


Block = Heading | Paragraph | Missing | Bullets | Letters | Fields | Table


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], blank: str) -> list[Block]:
    """Make a table without the columns that no row fills; nothing at all where there are no rows."""
    if not rows:
        return []
    kept = [index for index in range(len(columns)) if index == 0 or any(row[index] for row in rows)]
    filled = tuple(tuple(row[index] or (note(blank),) for index in kept) for row in rows)
    return [Table(caption, tuple(columns[index] for index in kept), filled)]


@dataclass(frozen=True)
class Section:
    """One question and its answer."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class GapPlace:
    """One gap as the list at the end shows it."""

    missing: str
    about: Text | None
    document: str | None
    where: str | None
    enter: str
    field: str


@dataclass(frozen=True)
class GapGroup:
    """The gaps of one requirement."""

    title: str
    law_ref: str
    places: tuple[GapPlace, ...]


@dataclass(frozen=True)
class Page:
    """A whole written notice."""

    language: str
    title: str
    facts: tuple[tuple[str, tuple[Text, ...]], ...]
    sections: tuple[Section, ...]
    gaps: tuple[GapGroup, ...] = field(default=())
    gap_count: int = 0
