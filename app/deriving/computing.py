"""Computes what is derived for some documents: heads, pair sets and mechanisms, from what is stated. Writes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from typing import Any, Final

import orjson

from app.deriving.sources import Consents, Material, TermFacts, consent_mechanisms, gather
from app.deriving.widening import (
    INFERRED,
    Datum,
    Destination,
    Pair,
    Scope,
    Widened,
    collected,
    locate,
    scope_of,
    widen,
)
from app.platform.database import ReadSession

ScopeName = tuple[str, int, int | None]  # ("document", id, activity or None) or ("activity", id, None)
Scopes = dict[ScopeName, Scope]
# ("document", id, activity or None, digest of what is said or WHOLE) or ("statement", id, None, None)
SetName = tuple[str, int, int | None, str | None]
WHOLE: Final = ""


@dataclass(frozen=True)
class HeadFacts:
    """A head before it has a row."""

    statement_id: int
    kind: str
    place: str
    activity_id: int
    controller_id: int
    document_id: int
    polarity: str
    set_name: SetName | None
    data_floor: int
    subject_floor: int
    pairs_flat: bool
    recipient_id: int | None
    role: str | None
    location: str | None
    abroad: str | None
    pairing: str | None
    certainty: int
    on_consent: bool
    basis_gap: str | None
    uncovered: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class MechanismFacts:
    """A mechanism before it has a row."""

    statement_id: int
    position: int
    term_id: int
    certainty: int
    is_inferred: bool
    is_consent: bool
    is_judged: bool
    regime: str | None
    status: str
    begins: date | None
    ends: date | None
    transfer_ends: date | None
    law_from: date | None
    law_to: date | None
    occasional: str
    risk_information: str


@dataclass
class Derived:
    """All that is derived for some documents."""

    heads: dict[int, HeadFacts] = field(default_factory=dict)
    sets: dict[SetName, set[Pair]] = field(default_factory=lambda: defaultdict(set))
    mechanisms: set[MechanismFacts] = field(default_factory=set)


def compute(session: ReadSession, documents: Collection[int], at: int | None = None) -> Derived:
    """Derive everything for some documents from what is stated, writing nothing."""
    material = gather(session, documents, at)
    rows = [row for row in material.statements if row.document_id in documents]
    return derive_rows(session, material, rows, scopes_of(material))


def derive_rows(session: ReadSession, material: Material, rows: Sequence[Any], scopes: Scopes) -> Derived:
    """Derive some statements from what was loaded around them."""
    consents = consent_mechanisms(session, material.at)
    derived = Derived()
    reached: dict[int, Widened] = {}
    found: dict[SetName, Widened] = {}
    for row in rows:
        scope_name, scope = _scope_for(row, scopes)
        name = _set_name(material, row, scope_name)
        if name not in found:
            found[name] = _widened(material, row, scope)
        widened = reached[row.id] = found[name]
        set_name = None if not widened.pairs else (*scope_name, WHOLE) if widened.is_shared else name
        if set_name is not None:
            derived.sets[set_name] |= set(widened.pairs)
        _add_head(derived, material, consents, row, widened, set_name)
    for gap in basis_gaps(material, rows, reached):
        derived.heads[gap.statement_id] = replace(
            derived.heads[gap.statement_id], basis_gap=gap.state, uncovered=gap.uncovered
        )
    return derived


@dataclass(frozen=True)
class BasisGap:
    """A use that names no basis, and how far other uses of its document complete it."""

    statement_id: int
    state: str
    uncovered: str | None


def completes_others(row: Any, roles: Collection[str]) -> bool:  # noqa: ANN401 - a row of statement
    """Tell whether a use names a basis and no purpose, so that it completes uses that name no basis."""
    is_general = "purpose" not in roles and row.purpose_reach == "not_stated"
    return "legal_basis" in roles and is_general and row.polarity == "does"


def basis_gaps(material: Material, rows: Sequence[Any], reached: dict[int, Widened]) -> list[BasisGap]:
    """Complete uses without basis by uses of the same document, for the same data, that state no purpose."""
    uses = [row for row in rows if row.kind == "uses" and row.polarity == "does"]
    roles = {row.id: {link.role for link in material.stated[row.id].links} for row in uses}
    covering: dict[int, list[int]] = defaultdict(list)
    for row in uses:
        if completes_others(row, roles[row.id]):
            covering[row.document_id].append(row.id)
    gaps = []
    for row in uses:
        if "legal_basis" in roles[row.id]:
            continue
        data = {Datum(pair.category, pair.item) for pair in reached[row.id].pairs}
        others = [reached[key] for key in covering[row.document_id]]
        covered = {Datum(pair.category, pair.item) for other in others for pair in other.pairs}
        left = {one for one in data if not any(material.terms.match_data(one, other) for other in covered)}
        gaps.append(_gap(row.id, data, left, is_covered=bool(others)))
    return gaps


def _gap(statement_id: int, data: set[Datum], left: set[Datum], *, is_covered: bool) -> BasisGap:
    if not is_covered or (data and left == data):
        return BasisGap(statement_id, "none", None)
    if not left:
        return BasisGap(statement_id, "covered", None)
    named = sorted([datum.category or 0, datum.item or 0] for datum in left)
    return BasisGap(statement_id, "partly", orjson.dumps(named).decode())


SCOPED_BY: Final = ("document", "activity")


def scopes_of(material: Material, rows: Iterable[Any] | None = None, scoped_by: Collection[str] = SCOPED_BY) -> Scopes:
    """Return the scope of every document that has collections, and of every activity for the others."""
    groups: dict[ScopeName, list[Any]] = defaultdict(list)
    for row in material.statements if rows is None else rows:
        if row.kind == "collections" and row.polarity == "does":
            for name in scoped_by:
                groups[name, row.document_id if name == "document" else row.activity_id, None].append(row)
    return {name: scope_of([material.reaching(row) for row in found], material.terms) for name, found in groups.items()}


def _set_name(material: Material, row: Any, scope_name: ScopeName) -> SetName:  # noqa: ANN401 - a row of statement
    """Name the pairs of a statement by what they follow from: its scope, and what it says of data and subjects.

    Statements of a scope that say the same share one set; only collections, which make the scope, have their own, and
    measures have none.
    """
    if row.kind in {"collections", "measures"}:
        return "statement", row.id, None, None
    stated = material.stated[row.id]
    data, subjects = (sorted(repr(tuple(one)) for one in some) for some in (stated.data, stated.subjects))
    said = repr((row.data_reach, data, row.subject_reach, subjects))
    return *scope_name, blake2b(said.encode(), digest_size=16).hexdigest()


def _scope_for(row: Any, scopes: Scopes) -> tuple[ScopeName, Scope]:  # noqa: ANN401
    own: ScopeName = ("document", row.document_id, None)
    if own in scopes:
        return own, scopes[own]
    fallback = scopes.get(("activity", row.activity_id, None), Scope())
    return ("document", row.document_id, row.activity_id), fallback


def _widened(material: Material, row: Any, scope: Scope) -> Widened:  # noqa: ANN401
    if row.kind == "measures":
        return Widened()
    reaching = material.reaching(row)
    if row.kind == "collections":
        return collected(reaching, scope, material.terms)
    return widen(reaching, scope, material.terms)


def _add_head(
    derived: Derived,
    material: Material,
    consents: Consents,
    row: Any,  # noqa: ANN401 - a row of statement
    widened: Widened,
    set_name: SetName | None,
) -> None:
    dates = material.dates[row.document_id]
    begins = row.valid_from or dates.effective_from or dates.printed
    ends = row.valid_to or dates.effective_to
    stated = material.stated[row.id]
    recipient, role = stated.counterpart, stated.role
    if stated.transfer is not None:
        recipient, role = stated.transfer.recipient_id, stated.transfer.recipient_role
    location, abroad = (None, None) if row.kind != "transfers" else _located(material, row)
    mechanisms = _mechanisms(material, consents, row, abroad, (begins, ends))
    derived.mechanisms |= set(mechanisms)
    floors = (widened.data_floor, widened.subject_floor) if widened.is_shared else (0, 0)
    derived.heads[row.id] = HeadFacts(
        statement_id=row.id,
        kind=row.kind,
        place=f"{row.code} {row.key}",
        activity_id=row.activity_id,
        controller_id=row.controller_id,
        document_id=row.document_id,
        polarity=row.polarity,
        set_name=set_name,
        data_floor=floors[0],
        subject_floor=floors[1],
        pairs_flat=widened.is_flat,
        recipient_id=recipient,
        role=role,
        location=location,
        abroad=abroad,
        pairing=_pairing(material, row),
        certainty=_certainty(material, row, widened, mechanisms),
        on_consent=any(one.is_judged and one.is_consent for one in mechanisms),
        basis_gap=None,
        uncovered=None,
        valid_from=begins,
        valid_to=ends,
    )


def _located(material: Material, row: Any) -> tuple[str, str]:  # noqa: ANN401
    stated = material.stated[row.id]
    if stated.transfer is None:
        raise LookupError(f"transfer {row.id} has no detail")
    recipient, countries = stated.transfer.recipient_id, [country for country, _ in stated.places]
    if recipient is None:
        return locate(Destination(stated.transfer.location, countries))
    placed = material.destinations.get((row.document_id, recipient), [])
    elsewhere = [country for key, country in placed if key != row.id]
    return locate(Destination(stated.transfer.location, countries, material.seats.get(recipient, ()), elsewhere))


def _pairing(material: Material, row: Any) -> str | None:  # noqa: ANN401
    roles = [link.role for link in material.stated[row.id].links]
    purposes, bases = roles.count("purpose"), roles.count("legal_basis")
    if not purposes or not bases:
        return None
    if row.joined:
        return "joined"
    return "flat" if purposes > 1 and bases > 1 else "paired"


def _certainty(material: Material, row: Any, widened: Widened, mechanisms: list[MechanismFacts]) -> int:  # noqa: ANN401
    """A row is as certain as the least certain thing that it shows; filing an item in its home lowers nothing."""
    stated = material.stated[row.id]
    ranks = [0, *(link.certainty for link in stated.links), *(certainty for _, certainty in stated.places)]
    ranks += [mechanism.certainty for mechanism in mechanisms]
    if stated.transfer is not None:
        ranks.append(stated.transfer.certainty)
    for pair in widened.pairs:
        data = pair.item_certainty if pair.item is not None else pair.category_certainty
        ranks += [data, pair.subject_certainty if pair.subject is not None else 0]
    if widened.pairs or "unreadable" in {row.data_reach, row.subject_reach}:
        ranks += [widened.data_floor, widened.subject_floor]
    return max(ranks)


def _mechanisms(
    material: Material,
    consents: Consents,
    row: Any,  # noqa: ANN401 - a row of statement
    abroad: str | None,
    dates: tuple[date | None, date | None],
) -> list[MechanismFacts]:
    is_judged = row.polarity == "does" and abroad in {"yes", "possible"}
    begins, ends = dates
    found = []
    for record in material.stated[row.id].mechanisms:
        began = record.valid_from or record.signed_on or begins
        law = _law_on(consents, material.law[record.term_id], began)
        found.append(
            MechanismFacts(
                statement_id=row.id,
                position=record.position,
                term_id=record.term_id,
                certainty=record.certainty,
                is_inferred=False,
                is_consent=law.is_consent,
                is_judged=is_judged,
                regime=law.regime,
                status=record.status,
                begins=began,
                ends=record.valid_to,
                transfer_ends=ends,
                law_from=law.valid_from,
                law_to=law.valid_to,
                occasional=record.occasional,
                risk_information=record.risk_information,
            )
        )
    if found or not is_judged or not _names_consent(material, row):
        return found
    return [_inferred_mechanism(consents, row.id, begins, ends)]


def _names_consent(material: Material, row: Any) -> bool:  # noqa: ANN401
    return any(material.law[key].is_consent for key in material.stated[row.id].terms("legal_basis"))


def _inferred_mechanism(
    consents: Consents, statement_id: int, begins: date | None, ends: date | None
) -> MechanismFacts:
    """Read consent as ground for consent as mechanism: of the regime that its date falls in."""
    term, law = consents[_regime_on(consents, begins)]
    return MechanismFacts(
        statement_id=statement_id,
        position=0,
        term_id=term,
        certainty=INFERRED,
        is_inferred=True,
        is_consent=True,
        is_judged=True,
        regime=law.regime,
        status="not_stated",
        begins=begins,
        ends=None,
        transfer_ends=ends,
        law_from=law.valid_from,
        law_to=law.valid_to,
        occasional="not_stated",
        risk_information="not_stated",
    )


def _regime_on(consents: Consents, begins: date | None) -> str | None:
    """Return the regime of a consent by its date; unknown where nothing dates it."""
    if begins is None:
        return None
    last = consents["old"][1].valid_to
    return "old" if last is None or begins <= last else "new"


def _law_on(consents: Consents, law: TermFacts, begins: date | None) -> TermFacts:
    """Read a consent mechanism of unknown regime by its date, like one that is inferred."""
    if not law.is_consent or law.regime is not None:
        return law
    return consents[_regime_on(consents, begins)][1]
