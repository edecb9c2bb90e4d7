"""Writes the rows of a notice: what a cell of each table says. Pure."""

from collections.abc import Iterable

from app.notices.blocks import Cell, Piece, Text, cell, note, plain
from app.notices.content import (
    Channel,
    CollectionRow,
    DataRow,
    MeasureRow,
    RetentionRow,
    RoleRow,
    Row,
    TransferRow,
    UseRow,
)
from app.notices.parts import DataSource, Datum, Ground, NoticeData, RetentionStep, Term, Terms
from app.notices.wording import Wording

EVERY = frozenset({"all", "all_except"})
OWN = frozenset({"listed", "including"})
PLACES = frozenset({"written", "in_person", "notary"})
LANGUAGE = "tr"


def _stated(terms: Iterable[Term]) -> list[Term]:
    return [term for term in terms if term.is_stated]


def is_printed_data(row: DataRow) -> bool:
    """Tell whether a row of data says anything."""
    return bool((row.category is not None and row.category.is_stated) or _stated(row.items))


def is_printed_use(row: UseRow) -> bool:
    """Tell whether a use says a purpose, a ground, or data of its own."""
    return bool((row.purposes.reach in OWN and row.purposes.stated) or _stated(row.legal_bases) or _own_data(row))


def _own_data(row: UseRow) -> bool:
    terms = [term for one in row.data.members for term in (one.category, *one.items) if term is not None]
    return row.data.reach in OWN and bool(_stated(terms))


def is_general(row: UseRow) -> bool:
    """Tell whether a use names grounds in general, for no purpose and no data of its own."""
    return not (row.purposes.reach in EVERY or row.purposes.stated or _own_data(row))


def is_printed_transfer(row: TransferRow) -> bool:
    """Tell whether a transfer is stated: its recipient does not merely follow from something else."""
    return not row.recipients or any(one.certainty == "stated" for one in row.recipients)


def is_printed_collection(row: CollectionRow) -> bool:
    """Tell whether a collection says a method, a source, or whether it is automatic."""
    has_source = any(source.certainty == "stated" for source in row.sources)
    return bool(_stated(row.methods) or has_source or row.automatic != "not_stated")


def data_row(row: DataRow, w: Wording) -> list[Cell]:
    """Write data of one category."""
    is_named = row.category is not None and row.category.is_stated
    name = w.label(row.category) if row.category is not None and is_named else w.say("what.no_category")
    items = [w.label(item) for item in _stated(row.items)]
    return [
        cell(plain(name), note(w.say("what.special") if row.is_special and is_named else None)),
        cell(
            plain(*items),
            note(None if items else w.say("what.no_items")),
            note(w.say("and_more") if row.is_open and items else None),
            *_limits(row, w),
        ),
        cell(_people(row.data_subjects, w)),
        cell(plain(w.words["what"]["obligations"].get(row.obligation))),
    ]


def _people(subjects: Terms, w: Wording, label: str | None = None) -> Piece:
    names = [w.label(term) for term in subjects.stated]
    if subjects.reach in EVERY and not (subjects.is_spelled_out and names):
        return plain(w.say("data.every_person"), label=label)
    return plain(*names, label=label) if subjects.reach in EVERY | OWN else plain()


def _limits(row: Row, w: Wording) -> list[Piece]:
    condition, until = w.phrase(row.condition), w.phrase(row.until)
    return [plain(condition, label=w.say("data.condition")), plain(until, label=w.say("data.until"))]


def purposes(terms: Terms, w: Wording) -> list[Piece]:
    """Write purposes, and how far they reach."""
    labels = [w.label(term) for term in terms.stated]
    if terms.reach == "all" and not (terms.is_spelled_out and labels):
        return [plain(w.say("why.every_purpose"))]
    if terms.reach == "all_except":
        return [plain(*labels, label=w.say("why.every_purpose_except"))]
    return [plain(*labels), note(w.say("and_more") if terms.reach == "including" and labels else None)]


def grounds(row: UseRow | TransferRow, w: Wording) -> list[Piece]:
    """Write grounds in plain words with their articles, how they relate, and where consent is asked for."""
    stated = [ground for ground in row.legal_bases if ground.is_stated]
    relation = w.words["why"]["relate"].get(row.bases_relate) if len(stated) > 1 else None
    return [plain(*(w.ground(ground) for ground in stated)), note(relation), *_consents(stated, w)]


def _consents(stated: list[Ground], w: Wording) -> list[Piece]:
    """Say that consent is relied on but not asked for, and which separate text asks for it."""
    consents = [ground for ground in stated if ground.is_consent]
    if not consents:
        return []
    texts = [w.title(one.consent_text) for one in consents if one.consent_text is not None]
    where = texts or [Text(w.say("why.consent_missing"))]
    return [note(w.say("why.consent")), plain(*where, label=w.say("why.consent_text"))]


def _pairing(row: UseRow | TransferRow, w: Wording) -> Piece:
    """Say where the register knows no pairing of purposes and grounds."""
    are_several = len(row.purposes.stated) > 1 or row.purposes.reach in EVERY
    has_grounds = len(_stated(row.legal_bases)) > 1
    if row.pairing == "joined" and _stated(row.legal_bases) and row.purposes.stated:
        return note(w.say("why.joined"))
    return note(w.say("why.flat") if are_several and has_grounds else None)


def use(row: UseRow, number: int, w: Wording) -> list[Cell]:
    """Write a use."""
    return [
        cell(plain(str(number))),
        cell(_pairing(row, w), *purposes(row.purposes, w)),
        cell(*grounds(row, w)),
        about(row.data, row.data_subjects, row, w, row.methods),
    ]


def about(data: NoticeData, subjects: Terms, row: Row, w: Wording, methods: Iterable[Term] = ()) -> Cell:
    """Write which data, whose, and under which conditions."""
    named = [w.label(term) for term in _stated(methods)]
    return cell(
        *_data(data, w),
        _people(subjects, w, w.say("data.people")),
        plain(*named, label=w.say("data.methods")),
        *_limits(row, w),
    )


def _data(data: NoticeData, w: Wording) -> list[Piece]:
    labels = [label for datum in data.members for label in _datum(datum, w)]
    if data.reach == "all" and not (data.is_spelled_out and labels):
        return [plain(w.say("data.every"))]
    if data.reach == "all_except":
        left_out = [w.label(term) for term in _stated(data.exceptions)]
        return [plain(w.say("data.every_except")), plain(*left_out, label=w.say("data.except_list"))]
    if data.reach not in {"all", *OWN}:
        return []
    return [plain(*labels), note(w.say("and_more") if data.reach == "including" and labels else None)]


def _datum(datum: Datum, w: Wording) -> list[str]:
    """Name a category with its items, or the items alone where the category only follows from them."""
    items = [w.label(item) for item in _stated(datum.items)]
    if datum.category is None or not datum.category.is_stated:
        return items
    name = w.label(datum.category)
    return [f"{name}: {', '.join(items)}" if items else name]


def transfer(row: TransferRow, w: Wording) -> list[Cell]:
    """Write a transfer."""
    names = [w.recipient(one) for one in row.recipients if one.certainty == "stated"]
    nobody = w.say("to_whom.anyone" if row.polarity == "does_not" else "to_whom.no_recipient")
    return [
        cell(plain(*(names or [nobody]))),
        cell(_pairing(row, w), *purposes(row.purposes, w)),
        cell(*_place(row, w)),
        cell(*grounds(row, w)),
        about(row.data, row.data_subjects, row, w, row.methods),
    ]


def _place(row: TransferRow, w: Wording) -> list[Piece]:
    places = [place for place in row.places if place.certainty == "stated" and place.country]
    mechanisms = [w.with_article(w.label(one), one) for one in row.mechanisms if one.is_stated]
    return [
        plain(w.words["to_whom"]["locations"].get(row.location)),
        plain(*(w.country(place.country) for place in places if place.country), label=w.say("to_whom.country")),
        plain(*mechanisms, label=w.say("to_whom.mechanism")),
    ]


def collection(row: CollectionRow, w: Wording) -> list[Cell]:
    """Write how data are collected."""
    named = [source(one, w) for one in row.sources if one.certainty == "stated"]
    methods = [w.label(term) for term in _stated(row.methods)]
    return [
        cell(plain(*methods), note(None if methods else w.say("not_stated"))),
        cell(plain(w.words["how"]["kinds"].get(row.automatic))),
        cell(plain(*named)),
        about(row.data, row.data_subjects, row, w),
    ]


def source(one: DataSource, w: Wording) -> str:
    """Name a source."""
    if one.kind == "data_subject":
        return w.say("what.person")
    if one.name is None:
        return w.say("what.other_source")
    return w.pick(one.name) or w.say("unnamed_class")


def retention(row: RetentionRow, w: Wording) -> list[Cell]:
    """Write how long data are kept."""
    data = about(row.data, row.data_subjects, row.model_copy(update={"condition": None, "until": None}), w)
    reasons = plain(*(w.label(term) for term in row.purposes.stated), label=w.say("why.purposes"))
    return [
        data or cell(plain(w.say("how_long.every"))),
        cell(*_period(row, w)),
        cell(reasons, *_limits(row, w), *_disposal(row, w)),
    ]


def _period(row: RetentionRow, w: Wording) -> list[Piece]:
    if not row.steps:
        said = w.translated(row.as_stated, row.language) if row.as_stated else None
        return [plain(said or w.say("foreign_words"), label=w.say("how_long.criterion"))]
    is_timed = any(step.value is not None for step in row.steps)
    label = None if is_timed else w.say(f"how_long.{_event_label(row.kind)}")
    return [plain(*(_step(step, index, w) for index, step in enumerate(row.steps)), label=label)]


def _step(step: RetentionStep, index: int, w: Wording) -> str:
    """Write one step as labelled parts, so that no name needs an ending."""
    parts = [*_length(step, w), *_events(step, w)]
    renewed = ", ".join(w.label(term) for term in _stated(step.renewed_by))
    parts += [f"{w.say('how_long.renewed_by')}: {renewed}"] if renewed else []
    limits = []
    for label, phrase in ((w.say("data.condition"), step.condition), (w.say("how_long.medium"), step.medium)):
        said = w.phrase(phrase)
        limits += [f"{label}: {said.value}"] if said else []
    joined = w.words["how_long"]["joins"].get(step.join) if index else None
    said_so_far = f"{joined}: {'; '.join(parts)}" if joined else "; ".join(parts)
    return f"{said_so_far} ({'; '.join(limits)})".strip() if limits else said_so_far


def _length(step: RetentionStep, w: Wording) -> list[str]:
    if step.value is None or step.unit is None:
        return []
    return [f"{w.words['how_long']['bounds'][step.bound]} {w.duration(step.value, step.unit)}".strip()]


def _events(step: RetentionStep, w: Wording) -> list[str]:
    """Name the events from which a period runs, or which end the keeping."""
    words = w.words["how_long"]
    events = ", ".join(w.label(term) for term in _stated(step.start_events))
    if not events:
        return []
    label = words["from_event"] if step.value is not None else words["bounds_until"][step.bound]
    named = f"{label}: {events}" if label else events
    more = (words["relations"][step.start_relation], words["starts_at"][step.starts_at])
    return [" ".join([named, *filter(None, more)])]


def _event_label(kind: str) -> str:
    return "while_event" if kind == "while_event_lasts" else "criterion_event"


def _disposal(row: RetentionRow, w: Wording) -> list[Piece]:
    actions = [w.label(term) for step in row.steps for term in _stated(step.action)]
    interval = None if row.destruction_interval is None else w.duration(*row.destruction_interval)
    months = [w.words["months"][month - 1] for month in row.destruction_months]
    return [
        plain(*actions, label=w.say("how_long.action")),
        plain(interval, label=w.say("how_long.interval")),
        plain(*months, label=w.say("how_long.destruction_months")),
        plain(w.phrase(row.exception), label=w.say("how_long.exception")),
        plain(None if row.law_ref is None else w.law(row.law_ref), label=w.say("how_long.law_ref")),
    ]


def measures(row: MeasureRow, w: Wording) -> list[Piece]:
    """Write measures, each with its limits."""
    condition = w.phrase(row.condition)
    limits = [w.say("protection.only_special")] if row.only_special else []
    limits += [f"{w.say('data.condition')}: {condition.value}"] if condition else []
    behind = f" ({'; '.join(limits)})" if limits else ""
    return [plain(f"{w.label(term)}{behind}") for term in _stated(row.measures)]


def role(row: RoleRow, w: Wording) -> list[Cell]:
    """Write who is what, beside whom."""
    kind = "roles" if row.polarity == "does" else "not_roles"
    is_named = row.counterpart is not None and row.counterpart.certainty == "stated"
    return [
        cell(plain(w.say(f"who.{kind}.{row.role}"))),
        cell(plain(w.recipient(row.counterpart) if row.counterpart is not None and is_named else None)),
        about(row.data, row.data_subjects, row, w),
    ]


def channel(one: Channel, w: Wording) -> list[Cell]:
    """Write a way to apply."""
    name = w.say(f"application.kinds.{one.kind}")
    said = w.translated(one.as_stated.text, one.as_stated.language) if one.kind == "other" and one.as_stated else None
    is_place = one.kind in PLACES and w.language != LANGUAGE
    value = Text(one.value, LANGUAGE if is_place else None) if one.value else None
    return [
        cell(plain(f"{name} ({said})" if said else name)),
        cell(plain(value)),
        cell(plain(w.phrase(one.condition))),
    ]
