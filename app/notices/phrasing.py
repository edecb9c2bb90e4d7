"""Writes a notice in one language: what is stated, section by section, as paragraphs, lists and tables. Pure.

Inferred and unreadable content ends here: every function takes the stated members only.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from app.notices import phrasing_rows as rows
from app.notices.blocks import (
    Block,
    Bullets,
    Fields,
    GapGroup,
    GapPlace,
    Heading,
    Letters,
    Missing,
    Page,
    Paragraph,
    Piece,
    Section,
    Text,
    plain,
    table,
)
from app.notices.content import Gap, Notice, Printed
from app.notices.parts import DataSource, Ground
from app.notices.wording import Wording
from app.platform.text import sort_key

PROPER: Final = frozenset({"legal_name", "trade_name", "address", "contact_person", "representative"})


def write(notice: Notice, w: Wording) -> Page:
    """Return the written notice."""
    sections = [
        ("who", _who(notice, w)),
        ("what", _what(notice, w)),
        ("why", _why(notice, w)),
        ("to_whom", _to_whom(notice, w)),
        ("how", _how(notice, w)),
        ("how_long", _how_long(notice, w)),
        ("protection", _protection(notice, w)),
        ("rights", _rights(notice, w)),
        ("application", _application(notice, w)),
    ]
    return Page(
        language=w.language,
        title=w.say("title"),
        facts=tuple(_facts(notice, w)),
        sections=tuple(
            Section(name.replace("_", "-"), w.say(f"{name}.title"), tuple(blocks))
            for name, blocks in sections
            if blocks
        ),
        gaps=tuple(_gap_groups(notice, w)),
        gap_count=len(notice.gaps),
    )


def _facts(notice: Notice, w: Wording) -> Iterable[tuple[str, tuple[Text, ...]]]:
    name = next((field for field in notice.who.identity if field.field == "legal_name"), None)
    is_named = name is not None and name.state == "stated"
    yield (w.say("controller"), (_value(name, w) if name and is_named else Text(w.say("unnamed_controller")),))
    audience = [notice.audience] if notice.audience else [term for one in notice.documents for term in one.audience]
    people = dict.fromkeys(w.label(term) for term in audience)
    if people:
        yield w.say("for_whom"), tuple(Text(label) for label in people)
    channels = [notice.channel] if notice.channel else [one.channel for one in notice.documents]
    labels = dict.fromkeys(w.say(f"channels.{channel}") for channel in channels if channel)
    if labels:
        yield w.say("channel"), tuple(Text(label) for label in labels)
    yield w.say("as_at"), (Text(w.day(notice.on)),)


def _value(field: Printed, w: Wording) -> Text:
    is_foreign = field.field in PROPER and field.language != w.language
    return Text(field.value or "", field.language if is_foreign else None)


def _missing(notice: Notice, w: Wording, section: str) -> list[Block]:
    return [
        Missing(w.say("draft.missing_here"), w.pick(gap.missing), w.law(gap.law_ref))
        for gap in notice.gaps
        if gap.section == section and gap.place is None
    ]


def _or_nothing(blocks: list[Block], w: Wording, section: str) -> list[Block]:
    """Say that a section has nothing, unless something else is said there already."""
    return blocks or [Paragraph(w.say(f"{section}.nothing"))]


def _who(notice: Notice, w: Wording) -> list[Block]:
    stated = [field for field in notice.who.identity if field.state == "stated"]
    if any(field.field in {"legal_name", "trade_name"} for field in stated):
        stated = [field for field in stated if field.field != "short_name"]
    blocks = _missing(notice, w, "who")
    if stated:
        blocks.append(Fields(tuple((w.say(f"who.fields.{field.field}"), _value(field, w)) for field in stated)))
    shared = [row for row in notice.who.roles if row.counterpart or row.role != "controller" or row.polarity != "does"]
    if shared:
        columns = [w.say("who.role_column"), w.say("who.counterpart_column"), w.say("why.data")]
        made = table(w.say("who.roles_caption"), columns, [rows.role(row, w) for row in shared], w.say("not_stated"))
        blocks += [Heading(w.say("who.roles_title")), *made]
    return _or_nothing(blocks, w, "who")


def _what(notice: Notice, w: Wording) -> list[Block]:
    columns = [w.say(f"what.{name}") for name in ("category", "items", "people", "obligation")]
    stated = [row for row in notice.what if rows.is_printed_data(row)]
    done = [rows.data_row(row, w) for row in stated if row.polarity == "does"]
    denied = [rows.data_row(row, w) for row in stated if row.polarity == "does_not"]
    blocks = [*_missing(notice, w, "what"), *table(w.say("what.caption"), columns, done, w.say("not_stated"))]
    blocks = _or_nothing(blocks, w, "what")
    sources = dict.fromkeys(_source(one, w) for row in notice.how if row.polarity == "does" for one in row.sources)
    named = tuple(plain(source) for source in sources if source)
    if named:
        blocks += [Heading(w.say("what.sources")), Paragraph(w.say("what.sources_lead")), Bullets(named)]
    if denied:
        blocks += [Heading(w.say("what.denied")), *table(w.say("what.denied"), columns, denied, w.say("not_stated"))]
    return blocks


def _source(source: DataSource, w: Wording) -> str | None:
    return rows.source(source, w) if source.certainty == "stated" else None


def _why(notice: Notice, w: Wording) -> list[Block]:
    stated = [row for row in notice.why if rows.is_printed_use(row)]
    done = [row for row in stated if row.polarity == "does"]
    denied = [row for row in stated if row.polarity == "does_not"]
    columns = [w.say(f"why.{name}") for name in ("number", "purposes", "grounds", "data")]
    blocks = _missing(notice, w, "why")
    paired = [row for row in done if not rows.is_general(row)]
    if paired:
        made = [rows.use(row, number, w) for number, row in enumerate(paired, 1)]
        blocks += [Paragraph(w.say("why.lead")), *table(w.say("why.caption"), columns, made, w.say("not_stated"))]
    general = [row for row in done if rows.is_general(row)]
    if general:
        made = [rows.use(row, number, w) for number, row in enumerate(general, len(paired) + 1)]
        said = [[row[0], *row[2:]] for row in made]
        of_general = table(w.say("why.general"), [columns[0], *columns[2:]], said, w.say("not_stated"))
        blocks += [Heading(w.say("why.general")), Paragraph(w.say("why.general_lead")), *of_general]
    blocks = _or_nothing(blocks, w, "why")
    if denied:
        made = [rows.use(row, number, w) for number, row in enumerate(denied, 1)]
        blocks += [Heading(w.say("why.denied")), *table(w.say("why.denied"), columns, made, w.say("not_stated"))]
    return blocks + _glossary(notice, w)


def _glossary(notice: Notice, w: Wording) -> list[Block]:
    """List the grounds relied on, by article, in the words of the law and in plain words."""
    named = [row.legal_bases for row in notice.why] + [row.legal_bases for row in notice.to_whom]
    used = [
        ground
        for legal_bases in named
        for ground in legal_bases
        if ground.is_stated and ground.names_condition and ground.law_ref
    ]
    grounds = {ground.code: ground for ground in used}
    if not grounds:
        return []
    columns = [w.say(f"why.{name}") for name in ("article", "law_words", "plain_words")]
    made = [_ground_row(ground, w) for ground in sorted(grounds.values(), key=lambda one: sort_key(one.law_ref or ""))]
    return [
        Heading(w.say("why.glossary")),
        *table(w.say("why.glossary_caption"), columns, made, w.say("not_stated")),
    ]


def _ground_row(ground: Ground, w: Wording) -> list[tuple[Piece, ...]]:
    words = w.words["grounds"].get(ground.code)
    return [(plain(w.law(ground.law_ref or "")),), (plain(w.label(ground)),), (plain(words),) if words else ()]


def _to_whom(notice: Notice, w: Wording) -> list[Block]:
    stated = [row for row in notice.to_whom if rows.is_printed_transfer(row)]
    done = [rows.transfer(row, w) for row in stated if row.polarity == "does"]
    denied = [rows.transfer(row, w) for row in stated if row.polarity == "does_not"]
    names = ("recipient", "purpose", "place", "ground", "data")
    columns = [w.say(f"to_whom.{name}") for name in names]
    blocks = [*_missing(notice, w, "to_whom"), *table(w.say("to_whom.caption"), columns, done, w.say("not_stated"))]
    blocks = blocks if denied else _or_nothing(blocks, w, "to_whom")
    if denied:
        renamed = [w.say("to_whom.denied_recipient"), *columns[1:-1], w.say("to_whom.denied_data")]
        made = table(w.say("to_whom.denied"), renamed, denied, w.say("not_stated"))
        blocks += [Heading(w.say("to_whom.denied")), Paragraph(w.say("to_whom.denied_lead")), *made]
    return blocks


def _how(notice: Notice, w: Wording) -> list[Block]:
    stated = [row for row in notice.how if rows.is_printed_collection(row)]
    columns = [w.say(f"how.{name}") for name in ("methods", "automatic", "source", "data")]
    done = [rows.collection(row, w) for row in stated if row.polarity == "does"]
    denied = [rows.collection(row, w) for row in stated if row.polarity == "does_not"]
    blocks = [*_missing(notice, w, "how"), *table(w.say("how.caption"), columns, done, w.say("not_stated"))]
    blocks = _or_nothing(blocks, w, "how")
    if denied:
        blocks += [Heading(w.say("how.denied")), *table(w.say("how.denied"), columns, denied, w.say("not_stated"))]
    return blocks


def _how_long(notice: Notice, w: Wording) -> list[Block]:
    stated = [row for row in notice.how_long if row.kind not in {"not_stated", "unreadable"}]
    columns = [w.say(f"how_long.{name}") for name in ("data", "period", "what_then")]
    done = [rows.retention(row, w) for row in stated if row.polarity == "does"]
    denied = [rows.retention(row, w) for row in stated if row.polarity == "does_not"]
    blocks = _or_nothing(table(w.say("how_long.caption"), columns, done, w.say("not_stated")), w, "how_long")
    if denied:
        made = table(w.say("how_long.denied"), columns, denied, w.say("not_stated"))
        blocks += [Heading(w.say("how_long.denied")), *made]
    return blocks


def _protection(notice: Notice, w: Wording) -> list[Block]:
    blocks: list[Block] = []
    for polarity, name in (("does", "protection.measures"), ("does_not", "protection.denied")):
        found = [piece for row in notice.protection if row.polarity == polarity for piece in rows.measures(row, w)]
        if found:
            blocks += [Heading(w.say(name)), Bullets(tuple(dict.fromkeys(found)))]
    return blocks


def _rights(notice: Notice, w: Wording) -> list[Block]:
    letters = tuple((right.letter, w.law(w.pick(right.label))) for right in notice.rights)
    return [Paragraph(w.say("rights.lead")), Letters(letters)]


def _application(notice: Notice, w: Wording) -> list[Block]:
    found = notice.application
    columns = [w.say(f"application.{name}") for name in ("way", "address", "condition")]
    made = [rows.channel(channel, w) for channel in found.channels.members]
    blocks = [
        *_missing(notice, w, "application"),
        *table(w.say("application.caption"), columns, made, w.say("not_stated")),
    ]
    fields: list[tuple[str, Text]] = []
    if found.response_days.value is not None:
        fields.append(
            (w.say("application.days"), Text(w.say("application.days_value", count=found.response_days.value)))
        )
    if found.fee.value is not None:
        fee = w.translated(found.fee.value, found.fee.language) or w.say("foreign_words")
        fields.append((w.say("application.fee"), Text(fee)))
    return [*blocks, Fields(tuple(fields))] if fields else blocks


def _gap_groups(notice: Notice, w: Wording) -> Iterable[GapGroup]:
    for code, gaps in groupby(notice.gaps, key=lambda gap: gap.code):
        found = list(gaps)
        first = next(gap for gap in found if gap.code == code)
        yield GapGroup(w.pick(first.requirement), w.law(first.law_ref), tuple(_gap_place(gap, w) for gap in found))


def _gap_place(gap: Gap, w: Wording) -> GapPlace:
    return GapPlace(
        missing=w.pick(gap.missing),
        about=None if gap.about is None else Text(w.pick(gap.about)),
        document=gap.where[0].document if gap.where else None,
        where=_where(gap, w),
        enter=gap.enter_at.path,
        field=gap.enter_at.field,
    )


def _where(gap: Gap, w: Wording) -> str | None:
    """Say where a document can be checked; places are written in the language of the register, which is Turkish."""
    places: Sequence[str] = [one.locator for one in gap.where if one.locator] if w.language == "tr" else []
    return "; ".join(places) or None
