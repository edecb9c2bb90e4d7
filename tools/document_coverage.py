"""Shows, line by line, what a register bundle takes from a document, and what of it the document does not say.

    python tools/document_coverage.py TEXT BUNDLE.yaml [--only-empty]

Labels are the document's own words in the bundle: `as_stated`, `category_as_stated`, `cited_as`, printed values and
the title. They are looked for word by word, folded as the search folds; line ends do not part words, so a label
spread over two lines counts for both, and `…` inside a label stands for words left out. A label that stands nowhere
like that is looked for loosely: its ends may fall inside a word of the text, where that has another ending or lost a
space; such labels are listed. One that is found in no line even so is an error (exit code 1). Numbers are not looked
for: a text may spell them.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.exchange.in_yaml import read_yaml
from app.platform.text import search_fold

KINDS: Final = ("roles", "collections", "uses", "transfers", "retentions", "measures")
STATED: Final = frozenset({"as_stated", "category_as_stated", "cited_as"})
WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
GAP: Final = "…"
MOST_GAP_WORDS: Final = 40
MOST_SHOWN_WORDS: Final = 8


@dataclass(frozen=True)
class Label:
    """Words that the bundle says the document has, and where they stand in the bundle."""

    text: str
    place: str


@dataclass(frozen=True)
class Line:
    """A line of the document that has words; its number counts empty lines too."""

    number: int
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """What was found: the labels of each line, how many of its words they cover, and the labels without a line."""

    lines: tuple[Line, ...]
    taken: Mapping[int, tuple[Label, ...]]
    covered: Mapping[int, int]
    labels: tuple[Label, ...]
    loose: tuple[Label, ...]
    nowhere: tuple[Label, ...]

    @property
    def empty(self) -> tuple[Line, ...]:
        """Lines from which nothing was taken."""
        return tuple(line for line in self.lines if not self.taken[line.number])


def words_of(text: str) -> tuple[str, ...]:
    """Words of a text, folded; a hyphen joins, an apostrophe parts a name from its ending."""
    return tuple(WORD.findall(search_fold(text)))


def lines_of(text: str) -> tuple[Line, ...]:
    """Lines of a text that have words."""
    numbered = ((number, line, words_of(line)) for number, line in enumerate(text.split("\n"), start=1))
    return tuple(Line(number, line, words) for number, line, words in numbered if words)


def labels_of(bundle: Mapping[str, Any]) -> tuple[Label, ...]:
    """Labels of a bundle in its order, each once per place."""
    found: dict[Label, None] = {}
    for document in bundle.get("documents", []):
        found.update(dict.fromkeys(_labels_of_document(document)))
    for activity in bundle.get("activities", []):
        for kind in KINDS:
            for index, statement in enumerate(activity.get(kind, [])):
                place = f"{kind}/{statement.get('key', index)}"
                found.update(dict.fromkeys(_labels_within(statement, place, STATED)))
    return tuple(found)


def _labels_of_document(document: Mapping[str, Any]) -> Iterator[Label]:
    if document.get("title"):
        yield Label(document["title"], "title")
    for field, printed in document.get("prints", {}).items():
        yield from _labels_within(printed, f"prints/{field}", STATED | {"value"})
    for definition in document.get("defines", []):
        yield from _labels_within(definition, f"defines/{definition['term']}", STATED)


def _labels_within(node: Any, place: str, names: frozenset[str]) -> Iterator[Label]:  # noqa: ANN401 - any node
    if isinstance(node, list):
        for member in node:
            yield from _labels_within(member, place, names)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in names and isinstance(value, str):
                yield Label(value, place)
            else:
                yield from _labels_within(value, place, names)


def find_label(text: str, words: Sequence[str], *, loosely: bool = False) -> frozenset[int]:
    """Positions of the words of a label, of all its occurrences; after `…` the rest may follow a little later."""
    parts = [part for part in map(words_of, text.split(GAP)) if part]
    found: set[int] = set()
    for start in _starts(parts[0], words, range(len(words)), loosely=loosely) if parts else ():
        positions = set(range(start, start + len(parts[0])))
        for part in parts[1:]:
            begin = max(positions) + 1
            following = next(_starts(part, words, range(begin, begin + MOST_GAP_WORDS), loosely=loosely), None)
            if following is None:
                break
            positions.update(range(following, following + len(part)))
        else:
            found |= positions
    return frozenset(found)


def _starts(part: Sequence[str], words: Sequence[str], places: range, *, loosely: bool) -> Iterator[int]:
    for start in places:
        here = words[start : start + len(part)]
        if len(here) == len(part) and (_fits_loosely(part, here) if loosely else tuple(here) == tuple(part)):
            yield start


def _fits_loosely(part: Sequence[str], here: Sequence[str]) -> bool:
    """Say whether the text has these words, but for what is glued to the first and to the last of them."""
    if len(part) == 1:
        return here[0].startswith(part[0]) or here[0].endswith(part[0])
    inner = tuple(here[1:-1]) == tuple(part[1:-1])
    return inner and here[0].endswith(part[0]) and here[-1].startswith(part[-1])


def cover(text: str, bundle: Mapping[str, Any]) -> Coverage:
    """Look for every label of the bundle in the text."""
    lines, labels = lines_of(text), labels_of(bundle)
    words = [word for line in lines for word in line.words]
    owners = [line.number for line in lines for _ in line.words]
    texts = dict.fromkeys(label.text for label in labels)
    exact = {label: find_label(label, words) for label in texts}
    found = {label: exact[label] or find_label(label, words, loosely=True) for label in texts}
    taken: dict[int, dict[Label, None]] = {line.number: {} for line in lines}
    for label in labels:
        for position in found[label.text]:
            taken[owners[position]][label] = None
    covered = Counter(owners[position] for position in frozenset[int]().union(*found.values()))
    return Coverage(
        lines,
        {number: tuple(these) for number, these in taken.items()},
        covered,
        labels,
        loose=tuple(label for label in labels if found[label.text] and not exact[label.text]),
        nowhere=tuple(label for label in labels if not found[label.text]),
    )


def report(coverage: Coverage, *, only_empty: bool) -> str:
    """Render the lines with what was taken, then what is missing on either side, then the totals."""
    parts = [] if only_empty else [_line_report(coverage, line) for line in coverage.lines]
    parts.append(f"Labels found loosely: {len(coverage.loose)}")
    parts += [f"  {label.place}: {label.text}" for label in coverage.loose]
    parts.append(f"Labels found in no line: {len(coverage.nowhere)}")
    parts += [f"  {label.place}: {label.text}" for label in coverage.nowhere]
    parts.append(f"Lines from which nothing was taken: {len(coverage.empty)}")
    parts += [f"  {line.number}: {_first_words(line)}" for line in coverage.empty]
    total, empty = len(coverage.lines), len(coverage.empty)
    words, covered = sum(len(line.words) for line in coverage.lines), sum(coverage.covered.values())
    parts.append(
        f"Totals: {total} lines with words, {total - empty} with something taken; "
        f"{words} words, {covered} taken; "
        f"{len(coverage.labels)} labels, {len(coverage.loose)} found loosely, {len(coverage.nowhere)} in no line"
    )
    return "\n".join(parts) + "\n"


def _line_report(coverage: Coverage, line: Line) -> str:
    places: dict[str, list[str]] = {}
    for label in coverage.taken[line.number]:
        places.setdefault(label.text, []).append(label.place)
    head = f"{line.number} [{coverage.covered[line.number]}/{len(line.words)}] {_first_words(line)}"
    return "\n".join([head, *(f"    “{text}”: {', '.join(where)}" for text, where in places.items())])


def _first_words(line: Line) -> str:
    words = line.text.split()
    return " ".join(words[:MOST_SHOWN_WORDS]) + (f" {GAP}" if len(words) > MOST_SHOWN_WORDS else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where the document lacks a label of the bundle."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("text", type=Path, help="the document's text (UTF-8)")
    parser.add_argument("bundle", type=Path, help="the bundle that was made from it")
    parser.add_argument("--only-empty", action="store_true", help="leave out the list of all lines")
    chosen = parser.parse_args(arguments)
    bundle = read_yaml(chosen.bundle.read_bytes()).data
    coverage = cover(chosen.text.read_text(encoding="utf-8"), bundle)
    sys.stdout.write(report(coverage, only_empty=chosen.only_empty))
    return 1 if coverage.nowhere else 0


if __name__ == "__main__":
    sys.exit(main())
