"""Groups of facts: counts that agree with the rows they stand for."""

from typing import Any, Final

import pytest

from app.deriving.tables import PairRow
from app.register import selecting
from tests.register.making import Json, Register
from tests.register.registers import DAY, fill

FACTS: Final = "/facts/transfers"
TERMS: Final = {
    "data_subject_category",
    "data_category",
    "data_item",
    "purpose",
    "legal_basis",
    "recipient_group",
    "mechanism",
    "collection_method",
    "audience",
}


def groups(register: Register, by: list[str] | str, **parameters: Any) -> list[Json]:  # noqa: ANN401 - any JSON
    """Return the groups of a question."""
    items: list[Json] = register.ask(FACTS, on=DAY, group_by=by, limit=500, **parameters)["items"]
    return items


def counts(register: Register, by: str, **parameters: Any) -> dict[str, tuple[int, int, int]]:  # noqa: ANN401
    """Return (stated, inferred, unknown) of each group of one dimension."""
    found = {one[by]["code"]: one for one in groups(register, by, **parameters)}
    for one in found.values():
        assert one["statements"] == one["stated"] + one["inferred"] + one["unknown"]
    return {code: (one["stated"], one["inferred"], one["unknown"]) for code, one in found.items()}


def dimensions(register: Register) -> list[str]:
    """Return every dimension that groups, as a refusal names them."""
    answer = register.client.get("/v1/facts/transfers", params={"group_by": "nothing"})
    return [str(name) for name in answer.json()["errors"][0]["allowed"]]


@pytest.mark.parametrize("level", ["official", "common", "controller", None])
def test_every_group_of_every_dimension_counts_the_rows_that_its_member_finds(
    acme: Register, level: str | None
) -> None:
    fill(acme)
    names = [name for name in dimensions(acme) if (name in TERMS) == (level is not None)]
    for name in names:
        for group in groups(acme, name, **({"level": level} if level else {})):
            rows = acme.keys(on=DAY, **{name: group[name]["code"]})
            assert group["statements"] == len(rows), (name, group)


def test_every_group_of_the_seeded_policy_counts_the_rows_that_its_member_finds(intense: Register) -> None:
    for name in dimensions(intense):
        found = groups(intense, name, level="official")
        for group in [*found[:4], *found[-4:]]:
            rows = intense.ask(FACTS, on=DAY, limit=1, count="true", fields="key", **{name: group[name]["code"]})
            assert group["statements"] == rows["total"], (name, group)


def test_stated_and_inferred_are_counted_apart(acme: Register) -> None:
    fill(acme)
    assert counts(acme, "data_category") == {"acme:kimlik": (1, 1, 0), "health": (1, 1, 0), "finance": (1, 2, 0)}
    assert counts(acme, "recipient") == {"branch": (1, 1, 0), "cloud": (1, 0, 0), "sgk": (1, 0, 0)}
    assert counts(acme, "mechanism") == {"old_explicit_consent": (0, 1, 0), "safeguard_standard_contract": (1, 0, 0)}
    assert counts(acme, "special") == {"yes": (1, 1, 0), "no": (2, 2, 0)}


def test_a_level_groups_own_terms_under_the_kind_that_is_asked_for(acme: Register) -> None:
    fill(acme)
    assert counts(acme, "data_category", level="official")["identity"] == (1, 1, 0)
    assert counts(acme, "data_category", level="controller") == {"acme:kimlik": (1, 1, 0)}
    assert set(counts(acme, "data_subject_category", level="common")) == {"member"}
    assert set(counts(acme, "data_subject_category", level="official")) == {"customer", "employee"}


def test_a_term_under_two_official_ones_counts_in_both(acme: Register) -> None:
    acme.term("purposes", "saklama", under=["storage_and_archiving", "information_security"])
    acme.activity(transfers=[{"key": "t", "purposes": ["acme:saklama"]}])
    assert counts(acme, "purpose", level="official") == {
        "storage_and_archiving": (1, 0, 0),
        "information_security": (1, 0, 0),
    }


def test_a_statement_is_as_sure_in_a_group_as_its_surest_link(acme: Register) -> None:
    acme.term("purposes", "saklama", under=["storage_and_archiving"])
    purposes = [{"code": "acme:saklama", "certainty": "inferred"}, "storage_and_archiving"]
    acme.activity(transfers=[{"key": "t", "purposes": purposes}])
    assert counts(acme, "purpose", level="official") == {"storage_and_archiving": (1, 0, 0)}


def test_a_filter_on_a_grouped_dimension_also_restricts_its_groups(acme: Register) -> None:
    fill(acme)
    assert set(counts(acme, "data_category", data_category="identity")) == {"acme:kimlik"}
    assert set(counts(acme, "data_category", special="yes")) == {"health"}
    assert set(counts(acme, "data_category", data_subject_category="employee", certainty="inferred")) == {"finance"}
    assert set(counts(acme, "legal_basis", legal_basis="contract")) == {"contract"}
    assert set(counts(acme, "legal_basis", country="US")) == {"explicit_consent", "contract"}
    assert set(counts(acme, "recipient", certainty="inferred")) == {"branch"}


def test_dimensions_of_data_group_on_one_pair(acme: Register) -> None:
    fill(acme)
    found = groups(acme, ["data_subject_category", "data_category"], recipient="cloud")
    assert {(one["data_subject_category"]["code"], one["data_category"]["code"]) for one in found} == {
        ("acme:uye", "acme:kimlik"),
        ("acme:uye", "health"),
        ("employee", "finance"),
    }


def test_three_dimensions_group_and_a_fourth_is_refused(acme: Register) -> None:
    fill(acme)
    by = ["recipient_group", "country", "standing"]
    (group,) = groups(acme, by, level="official")
    assert [group[name]["code"] for name in by] == ["suppliers", "US", "lapsed_continuing"]
    assert groups(acme, ",".join(by), level="official") == [group]
    answer = acme.client.get("/v1/facts/transfers", params={"group_by": [*by, "form"]})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "group_by")


def test_count_of_counts_distinct_members_and_none_as_none(acme: Register) -> None:
    fill(acme)
    found = {one["location"]["code"]: one for one in groups(acme, "location", count_of=["recipient", "country"])}
    assert {name: one["distinct"] for name, one in found.items()} == {
        "abroad": {"recipient": 1, "country": 1},
        "domestic": {"recipient": 1, "country": 0},
        "domestic_or_abroad": {"recipient": 1, "country": 0},
        "not_stated": {"recipient": 1, "country": 0},
    }


def test_empty_also_shows_the_terms_that_no_statement_names(acme: Register) -> None:
    fill(acme)
    found = counts(acme, "data_category", level="official", empty="true")
    assert len(found) == 26
    assert found["genetic"] == (0, 0, 0)
    assert found["health"] == (1, 1, 0)


def test_groups_come_in_pages_and_know_their_total(acme: Register) -> None:
    fill(acme)
    page = acme.ask(FACTS, on=DAY, group_by="location", limit=3, count="true")
    rest = acme.ask(FACTS, on=DAY, group_by="location", limit=3, cursor=page["next"])
    assert (len(page["items"]), page["total"], len(rest["items"]), rest["next"]) == (3, 4, 1, None)


def test_what_goes_with_groups_is_refused_without_them(acme: Register) -> None:
    for parameter, value in (("count_of", "recipient"), ("level", "official"), ("empty", "true")):
        answer = acme.client.get("/v1/facts/transfers", params={parameter: value})
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, parameter)


def test_groups_without_any_link_are_as_sure_as_their_rows(acme: Register) -> None:
    fill(acme)
    assert counts(acme, "controller") == {"acme": (2, 2, 1)}
    assert counts(acme, "controller", certainty="inferred") == {"acme": (0, 2, 0)}


ABOUT_CATEGORIES: Final[tuple[Json, ...]] = (
    {"group_by": "data_category"},
    {"group_by": ["data_category", "country", "mechanism"]},
    {"group_by": "special"},
    {"group_by": ["data_category", "special"], "special": "no"},
    {"group_by": "data_category", "level": "official", "data_category": "identity"},
    {"group_by": "data_category", "certainty": "inferred"},
    {"group_by": "data_category", "count_of": "recipient", "ended": "include"},
    {"data_category": "health", "fields": "key", "limit": 500},
    {"special": "yes", "certainty": "stated", "fields": "key", "limit": 500},
)


def test_categories_once_per_set_answer_as_all_pairs_do(acme: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(acme)
    fast_as_plain(acme, monkeypatch)


def test_they_do_in_the_seeded_policy_too(intense: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    fast_as_plain(intense, monkeypatch)


def fast_as_plain(asked: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask everything about categories twice, the second time from all pairs."""
    questions = [
        (kind, parameters, day)
        for kind in ("collections", "uses", "transfers", "retentions")
        for parameters in ABOUT_CATEGORIES
        for day in (DAY, "2020-01-01")
        if kind == "transfers" or not ("country" in str(parameters) or "recipient" in str(parameters))
    ]

    def answers() -> list[Any]:
        return [asked.ask(f"/facts/{kind}", on=day, **parameters)["items"] for kind, parameters, day in questions]

    fast = answers()
    assert any(fast)
    used: list[str] = []

    def all_pairs(selected: selecting.Selection, _: Any) -> Any:  # noqa: ANN401 - a table
        used.append(selected.kind)
        return PairRow

    monkeypatch.setattr(selecting, "pairs_or_categories", all_pairs)
    assert answers() == fast
    assert set(used) == {kind for kind, _, _ in questions}
