"""Shows the pairs of a row: data categories with their items and data subjects, each with its certainty."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote

from app.deriving.widening import CERTAINTY_NAMES
from app.vocabularies.queries import TermLabel

Fact = dict[str, Any]
Terms = dict[int, TermLabel]
# Data subject, category and item; how certain each is; the condition.
PairShown = tuple[Any, ...]
NONE_YET: Final = 9


@lru_cache(maxsize=50_000)
def quoted(text: str) -> str:
    """Write a text as part of an address; the same few codes stand in thousands of addresses."""
    return quote(text)


@lru_cache(maxsize=50_000)
def href(vocabulary: str, code: str) -> str:
    """Return the address of a term."""
    return f"/v1/{vocabulary.replace('_', '-')}/{quote(code)}"


@dataclass
class _Category:
    """What the pairs of one category say together."""

    rank: int = NONE_YET
    items: dict[int, int] = field(default_factory=dict)
    subjects: dict[int, int] = field(default_factory=dict)
    conditions: dict[str, None] = field(default_factory=dict)


def data_categories(terms: Terms, statement: Fact, pairs: list[PairShown]) -> list[Fact]:
    """Group pairs by category, with the items and the data subjects of each."""
    words = {(m["category"], m["item"]): m for m in statement["data"]["members"]}
    found: dict[int | None, _Category] = {}
    for subject, category, item, subject_rank, category_rank, item_rank, condition in pairs:
        if category is None and item is None:
            continue
        entry = found.get(category)
        if entry is None:
            entry = found[category] = _Category()
        entry.rank = min(entry.rank, category_rank)
        if item is not None and item_rank < entry.items.get(item, NONE_YET):
            entry.items[item] = item_rank
        if subject is not None and subject_rank < entry.subjects.get(subject, NONE_YET):
            entry.subjects[subject] = subject_rank
        if condition is not None:
            entry.conditions[condition] = None
    return [_data_category(terms, words, category, entry) for category, entry in found.items()]


def _data_category(
    terms: Terms, words: dict[tuple[str | None, str | None], Fact], category: int | None, entry: _Category
) -> Fact:
    term = None if category is None else terms[category]
    code = None if term is None else term.code
    items = []
    for key, rank in entry.items.items():
        item = terms[key]
        said = words.get((code, item.code)) or words.get((None, item.code))
        as_stated = said["as_stated"] if said else None
        items.append(
            {
                **item.reference(),
                "href": href("data_items", item.code),
                "certainty": CERTAINTY_NAMES[rank],
                "as_stated": as_stated,
            }
        )
    said = words.get((code, None)) or next((m for (c, _), m in words.items() if c == code and c), None)
    as_stated = (said["category_as_stated"] or (said["as_stated"] if said["item"] is None else None)) if said else None
    return {
        "code": code,
        "label": None if term is None else term.label,
        "href": None if code is None else href("data_categories", code),
        "certainty": CERTAINTY_NAMES[entry.rank],
        "as_stated": as_stated,
        "items": sorted(items, key=lambda item: str(item["code"])),
        "data_subject_categories": [
            {"code": terms[key].code, "certainty": CERTAINTY_NAMES[rank]} for key, rank in entry.subjects.items()
        ],
        "conditions": list(entry.conditions),
    }


def data_subjects(terms: Terms, statement: Fact, pairs: list[PairShown]) -> list[Fact]:
    """Return the data subjects of a row, as certain as their surest pair."""
    words = {member["code"]: member["as_stated"] for member in statement["data_subjects"]["members"]}
    best: dict[int, int] = {}
    for subject, _, _, rank, *_ in pairs:
        if subject is not None and rank < best.get(subject, NONE_YET):
            best[subject] = rank
    return [
        {
            **terms[key].reference(),
            "href": href("data_subject_categories", terms[key].code),
            "certainty": CERTAINTY_NAMES[rank],
            "as_stated": words.get(terms[key].code),
        }
        for key, rank in best.items()
    ]
