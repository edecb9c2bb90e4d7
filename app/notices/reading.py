"""Reads facts, as the register assembles them, into the statements of a snapshot. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.notices.parts import (
    CitedAt,
    Conflict,
    DataSource,
    Datum,
    DocumentRef,
    Ground,
    Mechanism,
    NoticeData,
    Phrase,
    Place,
    Recipient,
    RetentionStep,
    Term,
    Terms,
    Words,
)
from app.notices.snapshot import Statement

Fact = dict[str, Any]
SHOWN: Final = frozenset({"listed", "including", "all", "all_except"})
LANGUAGE: Final = "tr"


@dataclass(frozen=True)
class Known:
    """What is known around the facts: terms, documents, recipients, and the statements as they were written."""

    grounds: Mapping[str, Fact]
    mechanisms: Mapping[str, Fact]
    titles: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str | None] = field(default_factory=dict)
    recipients: Mapping[str, Fact] = field(default_factory=dict)
    written: Mapping[tuple[str, str, str], Fact] = field(default_factory=dict)
    labels: Mapping[tuple[str, str], Words] = field(default_factory=dict)

    def ref(self, code: str | None) -> DocumentRef | None:
        """Return a document by its code."""
        if code is None:
            return None
        return DocumentRef(code=code, title=self.titles.get(code, code), language=self.language(code))

    def language(self, document: str) -> str:
        """Return the language of a document; Turkish where it does not say."""
        return self.languages.get(document) or LANGUAGE


def lineage(terms: Mapping[str, Fact], code: str) -> frozenset[str]:
    """Return a term and every term above it."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += terms[here]["under"] if here in terms else []
    return frozenset(found)


def is_official(terms: Mapping[str, Fact], code: str) -> bool:
    """Tell whether a term is the law's own, or stands under one that is."""
    return any(terms[one]["kind"] == "official" for one in lineage(terms, code) if one in terms)


def read_statement(kind: str, fact: Fact, known: Known) -> Statement:
    """Read one fact."""
    document = fact["citation"]["document"]
    language = known.language(document)
    written = known.written.get((fact["activity"]["code"], kind, fact["key"]), {})
    return Statement(
        kind=kind,
        activity=fact["activity"]["code"],
        key=fact["key"],
        document=document,
        polarity=fact["polarity"],
        citations=_citations(fact),
        conflicts=tuple(Conflict(**one) for one in fact["conflicts_with"]),
        condition=_phrase(fact["condition"], language),
        until=_phrase(fact["until"], language),
        language=language,
        **_about(fact, written, known),
        **_reasons(fact, known),
        **READERS[kind](fact, known, language),
    )


def _citations(fact: Fact) -> tuple[CitedAt, ...]:
    return tuple(
        CitedAt(locator=one["locator"], form=one["form"]) for one in fact["citations"] if one["locator"] is not None
    )


def _phrase(text: str | None, language: str) -> Phrase | None:
    return None if text is None else Phrase(text=text, language=language)


def _term(link: Fact) -> Term:
    return Term(**_linked(link))


def _linked(link: Fact) -> Fact:
    names = ("certainty", "as_stated", "inferred_from")
    return {"code": link["code"], "label": Words(**link["label"])} | {
        name: link[name] for name in names if name in link
    }


def _terms(links: Iterable[Fact]) -> tuple[Term, ...]:
    return tuple(_term(link) for link in links)


def _about(fact: Fact, written: Fact, known: Known) -> Fact:
    if "data_reach" not in fact:
        return {}
    subjects = Terms(reach=fact["data_subject_reach"], members=_terms(fact["data_subject_categories"]))
    return {"data": _data(fact, written, known), "data_subjects": subjects}


def _data(fact: Fact, written: Fact, known: Known) -> NoticeData:
    """Read the data of a fact; items only where the statement itself says how far its data reach."""
    members = written.get("data", {}).get("members", [])
    order = _places(member["category"] for member in members)
    items = _places(member["item"] for member in members)
    labels = {one["code"]: one for one in fact["data_subject_categories"]}
    reach = fact["data_reach"]
    sure = _surest(members)
    found = [
        Datum(
            category=None if one["code"] is None else _category(one, sure),
            items=_terms(_sorted(one["items"], items)) if reach in SHOWN else (),
            data_subjects=tuple(
                _term({**labels[subject["code"]], "certainty": subject["certainty"]})
                for subject in one["data_subject_categories"]
                if subject["code"] in labels
            ),
        )
        for one in _sorted(fact["data_categories"], order)
    ]
    exceptions = tuple(_exception(member, known) for member in members) if reach == "all_except" else ()
    return NoticeData(reach=reach, members=tuple(found), exceptions=exceptions)


def _surest(members: Sequence[Fact]) -> dict[str, str]:
    """Return how certain a statement is of each category it names: as certain as its surest member."""
    ranks = ("stated", "inferred", "unknown")
    found: dict[str, str] = {}
    for member in members:
        if member["category"] is not None:
            known = found.get(member["category"], member["certainty"])
            found[member["category"]] = min(known, member["certainty"], key=ranks.index)
    return found


def _category(entry: Fact, sure: Mapping[str, str]) -> Term:
    """Read a category; one that is named with inferred items only is inferred too."""
    is_unsure = entry["certainty"] == "stated" and sure.get(entry["code"], "stated") != "stated"
    return _term({**entry, "certainty": sure[entry["code"]]} if is_unsure else entry)


def _exception(member: Fact, known: Known) -> Term:
    vocabulary, code = ("data_items", member["item"]) if member["item"] else ("data_categories", member["category"])
    label = known.labels.get((vocabulary, code), Words(tr=code, en=code))
    return Term(code=code, label=label, certainty=member["certainty"], as_stated=member["as_stated"])


def _places(codes: Iterable[str | None]) -> dict[str | None, int]:
    places: dict[str | None, int] = {}
    for code in codes:
        places.setdefault(code, len(places))
    return places


def _sorted(entries: Sequence[Fact], places: Mapping[str | None, int]) -> list[Fact]:
    """Put entries in the order in which the statement names them; the others follow as they come."""
    return sorted(entries, key=lambda one: places.get(one["code"], len(places)))


def _reasons(fact: Fact, known: Known) -> Fact:
    parts: Fact = {}
    if "purposes" in fact:
        parts["purposes"] = Terms(reach=fact["purpose_reach"], members=_terms(fact["purposes"]))
    if "legal_bases" in fact:
        parts["legal_bases"] = tuple(_ground(link, known) for link in fact["legal_bases"])
        parts["bases_relate"] = fact["bases_relate"]
        parts["pairing"] = fact["pairing"]
    if "collection_methods" in fact:
        parts["methods"] = _terms(fact["collection_methods"])
    return parts


def _ground(link: Fact, known: Known) -> Ground:
    """Read a ground; its article is that of the term, and for heads the one cited."""
    term = known.grounds.get(link["code"], {})
    return Ground(
        **_linked(link),
        law_ref=term.get("law_ref") or link["law_ref"],
        cited_as=link["cited_as"],
        in_force=link["in_force"],
        is_consent=bool(term.get("is_consent")),
        names_condition=is_official(known.grounds, link["code"]),
        consent_text=known.ref(link["document"]),
    )


def _mechanism(link: Fact, known: Known) -> Mechanism:
    term = known.mechanisms.get(link["code"], {})
    return Mechanism(
        **_linked(link),
        law_ref=term.get("law_ref") or link["law_ref"],
        cited_as=link.get("cited_as"),
        in_force=link["in_force"],
        status=link.get("status", "not_stated"),
        standing=link["standing"],
        names_mechanism=is_official(known.mechanisms, link["code"]),
        document=known.ref(link.get("document")),
    )


def _recipient(link: Fact | None, known: Known) -> Recipient | None:
    if link is None:
        return None
    group = link["group"]
    return Recipient(
        code=link["code"],
        name=_name(link, known),
        kind=link["kind"],
        group=None if group is None else Term(code=group["code"], label=Words(**group["label"])),
        role=link["role"],
        as_stated=link["as_stated"],
        certainty=link["certainty"],
    )


def _name(link: Fact, known: Known) -> Words:
    """Return a recipient's name; in English a proper name stays, a class without an English name has none."""
    written = known.recipients.get(link["code"], {})
    proper = link["name"] if written.get("kind") == "named" else ""
    return Words(tr=link["name"], en=written.get("name_en") or proper)


def _transfer_part(fact: Fact, known: Known, language: str) -> Fact:  # noqa: ARG001 - every kind reads alike
    return {
        "recipient": _recipient(fact["recipient"], known),
        "location": fact["location"],
        "abroad": fact["abroad"],
        "places": tuple(
            Place(country=one["country"], as_stated=one["as_stated"], certainty=one["certainty"])
            for one in fact["places"]
        ),
        "mechanisms": tuple(_mechanism(link, known) for link in fact["mechanisms"]),
    }


def _collection_part(fact: Fact, known: Known, language: str) -> Fact:  # noqa: ARG001
    sources = []
    for one in fact["sources"]:
        named = one["recipient"]
        code = named["code"] if named else None
        name = _name(named, known) if named else None
        sources.append(
            DataSource(kind=one["kind"], code=code, name=name, as_stated=one["as_stated"], certainty=one["certainty"])
        )
    names = ("automatic", "obligation", "declared_special")
    return {"sources": tuple(sources), **{name: fact[name] for name in names}}


def _use_part(fact: Fact, known: Known, language: str) -> Fact:  # noqa: ARG001
    return {"basis_gap": fact["basis_gap"]}


def _retention_part(fact: Fact, known: Known, language: str) -> Fact:  # noqa: ARG001
    interval = fact["destruction_interval"]
    return {
        "retention_kind": fact["retention_kind"],
        "steps": tuple(_step(step, language) for step in fact["steps"]),
        "as_stated": fact["as_stated"],
        "destruction_interval": None if interval is None else (interval["value"], interval["unit"]),
        "destruction_months": tuple(fact["destruction_months"]),
        "exception": _phrase(fact["exception"], language),
        "law_ref": fact["law_ref"],
    }


def _step(step: Fact, language: str) -> RetentionStep:
    plain = ("join", "value", "unit", "bound", "start_relation", "starts_at")
    terms = ("start_events", "renewed_by", "action")
    return RetentionStep(
        **{name: step[name] for name in plain},
        **{name: _terms(step[name]) for name in terms},
        condition=_phrase(step["condition"], language),
        medium=_phrase(step["medium"], language),
    )


def _measure_part(fact: Fact, known: Known, language: str) -> Fact:  # noqa: ARG001
    return {"measures": _terms(fact["measures"]), "only_special": fact["only_special"]}


def _role_part(fact: Fact, known: Known, language: str) -> Fact:  # noqa: ARG001
    return {"role": fact["role"], "recipient": _recipient(fact["counterpart"], known)}


READERS: Final = {
    "roles": _role_part,
    "collections": _collection_part,
    "uses": _use_part,
    "transfers": _transfer_part,
    "retentions": _retention_part,
    "measures": _measure_part,
}
