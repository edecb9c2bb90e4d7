"""Shows the pairs of a row: data categories with their items and data subjects, each with its certainty."""

from typing import Any
from urllib.parse import quote

from app.register.widening import CERTAINTY_NAMES
from app.vocabularies.queries import TermLabel

Fact = dict[str, Any]
Terms = dict[int, TermLabel]


def href(vocabulary: str, code: str) -> str:
    """Return the address of a term."""
    return f"/v1/{vocabulary.replace('_', '-')}/{quote(code)}"


def data_categories(terms: Terms, statement: Fact, pairs: list[Any]) -> list[Fact]:
    """Group pairs by category, with the items and the data subjects of each."""
    words = {(m["category"], m["item"]): m for m in statement["data"]["members"]}
    found: dict[int | None, Fact] = {}
    for pair in pairs:
        if pair["category"] is None and pair["item"] is None:
            continue
        entry = found.setdefault(pair["category"], {"rank": 9, "items": {}, "subjects": {}, "conditions": {}})
        entry["rank"] = min(entry["rank"], pair["category_rank"])
        if pair["item"] is not None:
            entry["items"][pair["item"]] = min(entry["items"].get(pair["item"], 9), pair["item_rank"])
        if pair["subject"] is not None:
            known = entry["subjects"].get(pair["subject"], 9)
            entry["subjects"][pair["subject"]] = min(known, pair["subject_rank"])
        if pair["condition"] is not None:
            entry["conditions"][pair["condition"]] = None
    return [_data_category(terms, words, category, entry) for category, entry in found.items()]


def _data_category(
    terms: Terms, words: dict[tuple[str | None, str | None], Fact], category: int | None, entry: Fact
) -> Fact:
    term = None if category is None else terms[category]
    code = None if term is None else term.code
    items = []
    for key, rank in entry["items"].items():
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
        "certainty": CERTAINTY_NAMES[entry["rank"]],
        "as_stated": as_stated,
        "items": sorted(items, key=lambda item: str(item["code"])),
        "data_subject_categories": [
            {"code": terms[key].code, "certainty": CERTAINTY_NAMES[rank]} for key, rank in entry["subjects"].items()
        ],
        "conditions": list(entry["conditions"]),
    }


def data_subjects(terms: Terms, statement: Fact, pairs: list[Any]) -> list[Fact]:
    """Return the data subjects of a row, as certain as their surest pair."""
    words = {member["code"]: member["as_stated"] for member in statement["data_subjects"]["members"]}
    best: dict[int, int] = {}
    for pair in pairs:
        if pair["subject"] is not None:
            best[pair["subject"]] = min(best.get(pair["subject"], 9), pair["subject_rank"])
    return [
        {
            **terms[key].reference(),
            "href": href("data_subject_categories", terms[key].code),
            "certainty": CERTAINTY_NAMES[rank],
            "as_stated": words.get(terms[key].code),
        }
        for key, rank in best.items()
    ]
