"""How far a statement reaches, row by row, without a database."""

from datetime import date
from itertools import product
from typing import Final

import pytest

from app.deriving.widening import (
    CERTAINTY_NAMES,
    Datum,
    Pair,
    Reaching,
    Scope,
    Subject,
    Terms,
    Widened,
    collected,
    scope_of,
    widen,
)

CUSTOMER, MEMBER, EMPLOYEE = 1, 2, 3
IDENTITY, OWN_IDENTITY, CONTACT, FINANCE = 10, 11, 12, 13
NAME, FIRST_NAME, PHONE, NOTE = 20, 21, 22, 23
NAMES: Final = {
    None: "-",
    CUSTOMER: "customer",
    MEMBER: "member",
    EMPLOYEE: "employee",
    IDENTITY: "identity",
    OWN_IDENTITY: "own_identity",
    CONTACT: "contact",
    FINANCE: "finance",
    NAME: "name",
    FIRST_NAME: "first_name",
    PHONE: "phone",
    NOTE: "note",
}
TERMS: Final = Terms(
    broader={
        MEMBER: frozenset({MEMBER, CUSTOMER}),
        OWN_IDENTITY: frozenset({OWN_IDENTITY, IDENTITY}),
        FIRST_NAME: frozenset({FIRST_NAME, NAME}),
    },
    homes={
        NAME: frozenset({IDENTITY}),
        FIRST_NAME: frozenset({IDENTITY}),
        PHONE: frozenset({CONTACT}),
    },
)
REACHES: Final = ("listed", "including", "all", "all_except", "not_stated", "unreadable")
MEMBERS_NEEDED: Final = {"listed", "including", "all_except"}
COMBINATIONS: Final = list(product(REACHES, REACHES))


def collection(data: list[Datum], *subjects: int, **limits: object) -> Reaching:
    """Make a collection that lists data and data subjects."""
    return Reaching("listed", data, "listed", [Subject(key) for key in subjects], **limits)  # type: ignore[arg-type]


def statement(
    data: list[Datum] | str = "not_stated", subjects: list[int] | str = "not_stated", **reaches: str
) -> Reaching:
    """Make a statement: a list means `listed`, a word is the reach itself."""
    data_reach, members = (data, []) if isinstance(data, str) else ("listed", data)
    subject_reach, keys = (subjects, []) if isinstance(subjects, str) else ("listed", subjects)
    return Reaching(
        reaches.get("data_reach", data_reach),
        members,
        reaches.get("subject_reach", subject_reach),
        [Subject(key) for key in keys],
    )


def marked(name: int | None, certainty: int) -> str:
    """Write a term; `?` after what is inferred, `!` after what is unknown."""
    return NAMES[name] + ("" if name is None else ("", "?", "!")[certainty])


def shown(widened: Widened) -> set[str]:
    """Write pairs as `subject category/item`, raised to the floors of a shared set."""
    data_floor, subject_floor = (widened.data_floor, widened.subject_floor) if widened.is_shared else (0, 0)
    return {
        marked(pair.subject, max(pair.subject_certainty, subject_floor))
        + " "
        + marked(pair.category, max(pair.category_certainty, data_floor))
        + "/"
        + marked(pair.item, max(pair.item_certainty, data_floor))
        for pair in widened.pairs
    }


SCOPE: Final = scope_of(
    [
        collection([Datum(IDENTITY, NAME), Datum(CONTACT, PHONE)], CUSTOMER),
        collection([Datum(IDENTITY, NAME)], EMPLOYEE),
    ],
    TERMS,
)

# Data name contact (or all but contact), data subjects name employees (or all but employees).
REACHING: Final = {
    ("listed", "listed"): {"employee contact/-"},
    ("listed", "all"): {"customer contact/-"},
    ("listed", "all_except"): {"customer contact/-"},
    ("listed", "not_stated"): {"customer? contact/-"},
    ("listed", "unreadable"): {"- contact/-"},
    ("all", "listed"): {"employee identity/name"},
    ("all", "all"): {"customer identity/name", "customer contact/phone", "employee identity/name"},
    ("all", "all_except"): {"customer identity/name", "customer contact/phone"},
    ("all", "not_stated"): {"customer? identity/name", "customer? contact/phone", "employee? identity/name"},
    ("all", "unreadable"): {"- identity/name", "- contact/phone"},
    ("all_except", "listed"): {"employee identity/name"},
    ("all_except", "all"): {"customer identity/name", "employee identity/name"},
    ("all_except", "all_except"): {"customer identity/name"},
    ("all_except", "not_stated"): {"customer? identity/name", "employee? identity/name"},
    ("all_except", "unreadable"): {"- identity/name"},
    ("not_stated", "listed"): {"employee identity?/name?"},
    ("not_stated", "all"): {"customer identity?/name?", "customer contact?/phone?", "employee identity?/name?"},
    ("not_stated", "all_except"): {"customer identity?/name?", "customer contact?/phone?"},
    ("not_stated", "not_stated"): {
        "customer? identity?/name?",
        "customer? contact?/phone?",
        "employee? identity?/name?",
    },
    ("not_stated", "unreadable"): {"- identity?/name?", "- contact?/phone?"},
    ("unreadable", "listed"): {"employee -/-"},
    ("unreadable", "all"): {"customer -/-", "employee -/-"},
    ("unreadable", "all_except"): {"customer -/-"},
    ("unreadable", "not_stated"): {"customer? -/-", "employee? -/-"},
    ("unreadable", "unreadable"): set(),
}


@pytest.mark.parametrize(("data_reach", "subject_reach"), COMBINATIONS)
def test_every_combination_of_reaches_yields_what_the_source_says_and_no_more(
    data_reach: str, subject_reach: str
) -> None:
    asked = statement(
        [Datum(CONTACT, None)] if data_reach in MEMBERS_NEEDED else [],
        [EMPLOYEE] if subject_reach in MEMBERS_NEEDED else [],
        data_reach=data_reach,
        subject_reach=subject_reach,
    )
    open_list = {"including": "listed"}
    expected = REACHING[open_list.get(data_reach, data_reach), open_list.get(subject_reach, subject_reach)]
    assert shown(widen(asked, SCOPE, TERMS)) == expected


@pytest.mark.parametrize(("data_reach", "subject_reach"), COMBINATIONS)
def test_without_collections_the_statement_keeps_only_what_it_lists(data_reach: str, subject_reach: str) -> None:
    asked = statement(
        [Datum(CONTACT, None)] if data_reach in MEMBERS_NEEDED else [],
        [EMPLOYEE] if subject_reach in MEMBERS_NEEDED else [],
        data_reach=data_reach,
        subject_reach=subject_reach,
    )
    listed = {"listed", "including"}
    subject = "employee" if subject_reach in listed else "-"
    data = "contact/-" if data_reach in listed else "-/-"
    expected = set() if (subject, data) == ("-", "-/-") else {f"{subject} {data}"}
    assert shown(widen(asked, Scope(), TERMS)) == expected


@pytest.mark.parametrize("reach", ["all", "not_stated"])
@pytest.mark.parametrize("other", ["all", "not_stated"])
def test_statements_that_widen_both_sides_share_the_set_of_their_scope(reach: str, other: str) -> None:
    assert widen(statement(reach, other), SCOPE, TERMS).is_shared


def test_two_lists_make_a_cross_product_marked_flat() -> None:
    found = widen(statement([Datum(IDENTITY, NAME), Datum(CONTACT, None)], [MEMBER, EMPLOYEE]), SCOPE, TERMS)
    assert found.is_flat
    assert shown(found) == {
        "member identity/name",
        "member contact/-",
        "employee identity/name",
        "employee contact/-",
    }


def test_a_listed_subject_finds_the_data_of_broader_subjects_and_keeps_its_own_name() -> None:
    assert shown(widen(statement(subjects=[MEMBER]), SCOPE, TERMS)) == {
        "member identity?/name?",
        "member contact?/phone?",
    }


def test_a_listed_subject_finds_the_data_of_narrower_subjects() -> None:
    scope = scope_of([collection([Datum(IDENTITY, NAME)], MEMBER)], TERMS)
    assert shown(widen(statement(subjects=[CUSTOMER]), scope, TERMS)) == {"customer identity?/name?"}


@pytest.mark.parametrize(
    ("said", "collects", "expected"),
    [
        (Datum(IDENTITY, None), Datum(IDENTITY, NAME), "customer? identity/-"),
        (Datum(IDENTITY, NAME), Datum(IDENTITY, None), "customer? identity/name"),
        (Datum(IDENTITY, None), Datum(OWN_IDENTITY, NAME), "customer? identity/-"),
        (Datum(OWN_IDENTITY, None), Datum(IDENTITY, NAME), "customer? own_identity/-"),
        (Datum(OWN_IDENTITY, NAME), Datum(IDENTITY, None), "customer? own_identity/name"),
        (Datum(IDENTITY, FIRST_NAME), Datum(IDENTITY, NAME), "customer? identity/first_name"),
        (Datum(IDENTITY, NAME), Datum(IDENTITY, FIRST_NAME), "customer? identity/name"),
        (Datum(IDENTITY, NAME), Datum(OWN_IDENTITY, NAME), "customer? identity/name"),
        (Datum(IDENTITY, NAME), Datum(IDENTITY, PHONE), "- identity/name"),
        (Datum(FINANCE, None), Datum(IDENTITY, NAME), "- finance/-"),
        (Datum(None, NOTE), Datum(None, NOTE), "customer? -/note"),
        (Datum(None, NOTE), Datum(IDENTITY, None), "- -/note"),
    ],
)
def test_data_match_if_equal_or_narrower_and_a_category_matches_its_items_both_ways(
    said: Datum, collects: Datum, expected: str
) -> None:
    scope = scope_of([collection([collects], CUSTOMER)], TERMS)
    assert shown(widen(statement([said]), scope, TERMS)) == {expected}


def test_only_pairs_that_a_collection_holds_together_follow() -> None:
    assert shown(widen(statement([Datum(CONTACT, PHONE)]), SCOPE, TERMS)) == {"customer? contact/phone"}


def test_a_listed_side_without_any_match_stays_with_the_other_side_empty() -> None:
    found = widen(statement([Datum(FINANCE, None), Datum(CONTACT, None)]), SCOPE, TERMS)
    assert shown(found) == {"- finance/-", "customer? contact/-"}
    assert shown(widen(statement("all", [MEMBER]), Scope(), TERMS)) == {"member -/-"}


def test_an_item_alone_takes_the_category_under_which_its_scope_files_it() -> None:
    scope = scope_of([collection([Datum(FINANCE, PHONE)], CUSTOMER)], TERMS)
    assert shown(widen(statement([Datum(None, PHONE)], [EMPLOYEE]), scope, TERMS)) == {"employee finance?/phone"}


def test_an_item_alone_else_takes_its_home_category() -> None:
    assert shown(widen(statement([Datum(None, PHONE)], [EMPLOYEE]), Scope(), TERMS)) == {"employee contact?/phone"}


def test_an_item_filed_under_two_categories_stands_under_both() -> None:
    scope = scope_of([collection([Datum(FINANCE, PHONE), Datum(CONTACT, PHONE)], CUSTOMER)], TERMS)
    assert shown(widen(statement([Datum(None, PHONE)], [EMPLOYEE]), scope, TERMS)) == {
        "employee finance?/phone",
        "employee contact?/phone",
    }


def test_an_item_without_any_category_stays_alone() -> None:
    assert shown(widen(statement([Datum(None, NOTE)], [EMPLOYEE]), SCOPE, TERMS)) == {"employee -/note"}


def test_the_condition_and_validity_of_a_collection_pass_to_its_pairs() -> None:
    limits = {"condition": "only if invited", "valid_from": date(2024, 1, 1), "valid_to": date(2024, 6, 30)}
    scope = scope_of([collection([Datum(IDENTITY, NAME)], CUSTOMER, **limits)], TERMS)
    for asked in (statement(), statement([Datum(IDENTITY, None)]), statement(subjects=[CUSTOMER])):
        (pair,) = widen(asked, scope, TERMS).pairs
        assert (pair.condition, pair.valid_from, pair.valid_to) == tuple(limits.values())


def test_what_a_collection_itself_says_is_not_limited_by_its_own_condition() -> None:
    said = collection([Datum(IDENTITY, NAME)], CUSTOMER, condition="only if invited")
    assert collected(said, scope_of([said], TERMS), TERMS).pairs == (Pair(CUSTOMER, IDENTITY, NAME),)


def test_a_pair_that_two_collections_hold_is_as_certain_as_the_surer_of_them() -> None:
    guessed = Reaching("listed", [Datum(IDENTITY, None)], "listed", [Subject(CUSTOMER, 1)])
    scope = scope_of([guessed, collection([Datum(IDENTITY, None)], CUSTOMER)], TERMS)
    assert scope.pairs == (Pair(CUSTOMER, IDENTITY, None),)


def test_an_inferred_collection_stays_inferred_where_the_source_says_all() -> None:
    guessed = Reaching("listed", [Datum(IDENTITY, None, 1)], "listed", [Subject(CUSTOMER, 2)])
    assert shown(widen(statement("all", "all"), scope_of([guessed], TERMS), TERMS)) == {"customer! identity?/-"}


def test_a_collection_of_all_data_holds_what_the_others_of_its_scope_list() -> None:
    everything = Reaching("all", [], "listed", [Subject(EMPLOYEE)])
    scope = scope_of([collection([Datum(CONTACT, PHONE)], CUSTOMER), everything], TERMS)
    assert shown(collected(everything, scope, TERMS)) == {"employee contact/phone"}
    assert shown(widen(statement("all", "all"), scope, TERMS)) == {"customer contact/phone", "employee contact/phone"}


def test_the_silence_of_a_collection_is_not_widened() -> None:
    silent = Reaching("not_stated", [], "listed", [Subject(EMPLOYEE)])
    scope = scope_of([collection([Datum(CONTACT, PHONE)], CUSTOMER), silent], TERMS)
    assert shown(collected(silent, scope, TERMS)) == {"employee -/-"}


@pytest.mark.parametrize(
    ("exception", "left"),
    [
        (Datum(IDENTITY, None), {"customer contact/-"}),
        (Datum(IDENTITY, NAME), {"customer contact/-", "customer own_identity/-"}),
        (Datum(None, NAME), {"customer contact/-", "customer own_identity/-"}),
        (Datum(FINANCE, None), {"customer contact/-", "customer own_identity/-", "customer identity/first_name"}),
    ],
)
def test_an_exception_takes_away_what_it_covers_and_not_what_is_broader(exception: Datum, left: set[str]) -> None:
    held = [Datum(OWN_IDENTITY, None), Datum(IDENTITY, FIRST_NAME), Datum(CONTACT, None)]
    scope = scope_of([collection(held, CUSTOMER)], TERMS)
    asked = statement([exception], "all", data_reach="all_except")
    assert shown(widen(asked, scope, TERMS)) == left


def test_all_data_subjects_but_a_narrower_one_still_means_the_broader_one() -> None:
    asked = statement("all", [MEMBER], subject_reach="all_except")
    scope = scope_of([collection([Datum(CONTACT, None)], CUSTOMER, MEMBER)], TERMS)
    assert shown(widen(asked, scope, TERMS)) == {"customer contact/-"}


def test_certainties_have_the_names_that_answers_show() -> None:
    assert CERTAINTY_NAMES == ("stated", "inferred", "unknown")
