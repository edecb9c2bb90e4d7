"""Finds the required elements for which the register has nothing that a notice may print. Pure.

A rule yields what is missing: at no place, or at one statement. Inferred and unreadable content does not fill a gap,
because the text does not print it; the gap then says so.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.notices.content import Channels, EnterAt, Gap, Printed
from app.notices.identity import channels, printed
from app.notices.parts import Ground, State, Term, Terms, Where, Words
from app.notices.requirements import Requirement
from app.notices.snapshot import Snapshot, Statement

HOME: Final = "TR"
EVERY: Final = frozenset({"all", "all_except"})
OWN: Final = frozenset({"listed", "including", "all_except"})


@dataclass(frozen=True)
class Missing:
    """What a rule finds: why nothing can be printed, and the statement concerned, if it is one."""

    state: State = "not_stated"
    statement: Statement | None = None
    where: Where | None = None


Rule = Callable[[Snapshot, Requirement], Iterable[Missing]]
RULES: Final[dict[str, Rule]] = {}


def rule(code: str) -> Callable[[Rule], Rule]:
    """Register the rule of a requirement; a requirement has one."""

    def register(function: Rule) -> Rule:
        if code in RULES:
            raise ValueError(code)
        RULES[code] = function
        return function

    return register


def find_gaps(snapshot: Snapshot, requirements: Sequence[Requirement]) -> tuple[Gap, ...]:
    """Return the gaps in the order of the requirements."""
    return tuple(
        _gap(snapshot, requirement, missing)
        for requirement in requirements
        for missing in RULES[requirement.code](snapshot, requirement)
    )


def _gap(snapshot: Snapshot, requirement: Requirement, missing: Missing) -> Gap:
    statement = missing.statement
    words = requirement.missing if statement is None else requirement.missing_there
    enter = requirement.enter if statement is None else requirement.enter_there
    if words is None or enter is None:
        raise ValueError(requirement.code)
    return Gap(
        code=requirement.code,
        law_ref=requirement.law_ref,
        requirement=requirement.label,
        missing=_said(words, dict(requirement.states).get(missing.state)),
        state=missing.state,
        section=requirement.section,
        about=None if statement is None else _about(statement),
        place=None if statement is None else statement.evidence.model_copy(update={"conflicts_with": ()}),
        where=_where(missing),
        enter_at=EnterAt(path=_path(enter.path, snapshot, statement), field=enter.field),
    )


def _where(missing: Missing) -> tuple[Where, ...]:
    if missing.where is not None:
        return (missing.where,)
    if missing.statement is None:
        return ()
    document = missing.statement.document
    return tuple(Where(document=document, locator=one.locator) for one in missing.statement.citations)


def _said(words: Words, more: Words | None) -> Words:
    return words if more is None else Words(tr=f"{words.tr} {more.tr}", en=f"{words.en} {more.en}")


def _about(statement: Statement) -> Words | None:
    """Name what a statement is about: the recipient of a transfer, else its first stated purpose, else its data."""
    if statement.recipient is not None:
        return statement.recipient.name
    own = statement.data.members if statement.data.reach in OWN else ()
    named = [one.category for one in own if one.category is not None]
    items = [item for one in own for item in one.items]
    stated = [term for term in (*statement.purposes.members, *named, *items) if term.is_stated]
    return stated[0].label if stated else None


def _path(template: str, snapshot: Snapshot, statement: Statement | None) -> str:
    controller = snapshot.controller
    if statement is not None:
        return template.format(activity=statement.activity, kind=statement.kind, key=statement.key)
    path = template.format(controller=controller.code)
    is_general = path == "/v1/activities" and len(controller.activities) == 1
    return f"{path}/{controller.activities[0]}" if is_general else path


def _stated_uses(snapshot: Snapshot) -> tuple[Statement, ...]:
    return snapshot.of("uses", "does")


def _stated_transfers(snapshot: Snapshot) -> tuple[Statement, ...]:
    """Return the transfers that are said to happen, but for those whose recipient only follows from something else."""
    return tuple(
        one for one in snapshot.of("transfers", "does") if one.recipient is None or one.recipient.certainty == "stated"
    )


def _is_said(terms: Terms) -> bool:
    return bool(terms.stated) or terms.reach in EVERY


def _why_not(members: Sequence[Term], reach: str = "not_stated") -> State:
    """Say why nothing is printed: unreadable, unclear, only inferred, or not stated."""
    if reach == "unreadable":
        return "unreadable"
    certainties = {member.certainty for member in members}
    return "unknown" if "unknown" in certainties else "inferred" if "inferred" in certainties else "not_stated"


def _not_printed(found: Printed | Channels) -> Missing:
    """Say why a field of the controller cannot be printed, and where a document has an unreadable one."""
    where = None if found.document is None else Where(document=found.document, locator=found.locator)
    return Missing(found.state, where=where)


@rule("controller_identity")
def _identity(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    name = printed(snapshot, "legal_name")
    if name.state != "stated":
        yield _not_printed(name)


@rule("representative_identity")
def _representative(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    found = printed(snapshot, "representative")
    if snapshot.controller.country not in {None, HOME} and found.state != "stated":
        yield _not_printed(found)


@rule("purposes_stated")
def _purposes(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    """Look for purposes anywhere; then for uses whose list is unreadable, or which list data but no purpose."""
    uses = _stated_uses(snapshot)
    if not any(_is_said(one.purposes) for one in uses):
        yield Missing()
        return
    for one in uses:
        is_about_own_data = one.data.reach in OWN
        if one.purposes.reach == "unreadable" or (is_about_own_data and not _is_said(one.purposes)):
            yield Missing(_why_not(one.purposes.members, one.purposes.reach), one)


@rule("legal_basis_stated")
def _grounds(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    """Look for grounds anywhere; then for uses with none, which no general ground of their document completes."""
    uses = _stated_uses(snapshot)
    if not any(_printed_grounds(one) for one in uses):
        yield Missing()
        return
    for one in uses:
        if not _printed_grounds(one) and (one.legal_bases or one.basis_gap in {"none", "partly"}):
            yield Missing(_why_not(one.legal_bases), one)


def _printed_grounds(statement: Statement) -> tuple[Ground, ...]:
    return tuple(one for one in statement.legal_bases if one.is_stated)


@rule("legal_basis_is_m5_or_m6_condition")
def _conditions(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    """Look for uses whose grounds name no condition; a general sentence may leave that to others of its document."""
    uses = _stated_uses(snapshot)
    specific = {one.document for one in uses if any(ground.names_condition for ground in _printed_grounds(one))}
    for one in uses:
        grounds = _printed_grounds(one)
        is_general = one.data.reach not in OWN and one.purposes.reach not in OWN
        is_left_to_others = is_general and one.document in specific
        if grounds and not any(ground.names_condition for ground in grounds) and not is_left_to_others:
            yield Missing(statement=one)


@rule("basis_valid_on_date")
def _grounds_in_force(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    for one in _stated_uses(snapshot):
        grounds = _printed_grounds(one)
        if grounds and not any(ground.in_force for ground in grounds):
            yield Missing(statement=one)


@rule("consent_separate_from_notice")
def _consent_texts(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    for one in (*_stated_uses(snapshot), *_stated_transfers(snapshot)):
        consents = [ground for ground in _printed_grounds(one) if ground.is_consent]
        if any(ground.consent_text is None for ground in consents):
            yield Missing(statement=one)


@rule("recipients_stated")
def _recipients(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    """Look for recipients anywhere, or for the statement that nothing is transferred; then for unnamed ones."""
    transfers = snapshot.of("transfers", "does")
    denied = any(one.recipient is None for one in snapshot.of("transfers", "does_not"))
    named = [one for one in transfers if one.recipient is not None and one.recipient.certainty == "stated"]
    if not named and not denied:
        yield Missing("inferred" if any(one.recipient for one in transfers) else "not_stated")
        return
    for one in transfers:
        if one.recipient is None:
            yield Missing(statement=one)


@rule("transfer_purpose_stated")
def _transfer_purposes(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    transfers = _stated_transfers(snapshot)
    if not transfers and snapshot.of("transfers", "does_not"):
        return
    if not any(_is_said(one.purposes) for one in transfers):
        yield Missing()
        return
    for one in transfers:
        if not _is_said(one.purposes):
            yield Missing(_why_not(one.purposes.members, one.purposes.reach), one)


@rule("country_abroad_stated")
def _countries(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    for one in _stated_transfers(snapshot):
        is_named = any(place.country and place.certainty == "stated" for place in one.places)
        if one.abroad == "yes" and not is_named:
            yield Missing(statement=one)


@rule("mechanism_abroad_stated")
def _mechanisms(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    for one in _stated_transfers(snapshot):
        named = [mechanism for mechanism in one.mechanisms if mechanism.names_mechanism and mechanism.is_stated]
        if one.abroad == "yes" and not named:
            official = [mechanism for mechanism in one.mechanisms if mechanism.names_mechanism]
            yield Missing(_why_not(official), one)


@rule("collection_method_stated")
def _methods(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    methods = [term for one in _gathering(snapshot) for term in one.methods]
    if not any(term.is_stated for term in methods):
        yield Missing(_why_not(methods))


@rule("collection_automatic_or_not")
def _automatic(snapshot: Snapshot, requirement: Requirement) -> Iterator[Missing]:
    collections = snapshot.of("collections", "does")
    is_said = any(one.automatic != "not_stated" for one in collections)
    methods = {term.code for one in _gathering(snapshot) for term in one.methods if term.is_stated}
    if not is_said and methods.isdisjoint(requirement.said_by):
        yield Missing()


def _gathering(snapshot: Snapshot) -> tuple[Statement, ...]:
    """Return the statements that may name a way of collecting."""
    return (*snapshot.of("collections", "does"), *_stated_uses(snapshot))


@rule("how_to_apply_stated")
def _how_to_apply(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    found = channels(snapshot)
    if found.state != "stated":
        yield _not_printed(found)


@rule("response_time_stated")
def _response_time(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    found = printed(snapshot, "response_days")
    if found.state != "stated":
        yield _not_printed(found)


@rule("cost_stated")
def _cost(snapshot: Snapshot, _: Requirement) -> Iterator[Missing]:
    found = printed(snapshot, "fee")
    if found.state != "stated":
        yield _not_printed(found)
