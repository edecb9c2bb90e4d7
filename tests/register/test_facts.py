"""Facts of transfers: filters, clocks and the shape of the list."""

from typing import Any, Final

from tests.register.making import Json, Register, pairs_of
from tests.register.registers import DAY, EVERY_ROW, fill

FILTERS: Final[dict[str, dict[str, list[str]]]] = {
    "controller": {"acme": EVERY_ROW},
    "activity": {"acme:genel": EVERY_ROW},
    "document": {"acme:sozlesme": ["sgk"], "acme:politika": ["bulut", "destek", "izin", "saglik"]},
    "channel": {"paper": ["sgk"], "website": ["bulut", "destek", "izin", "saglik"]},
    "audience": {"customer": ["bulut", "destek", "izin", "saglik"], "employee": []},
    "data_subject_category": {
        "employee": ["bulut", "destek", "izin", "sgk"],
        "customer": ["bulut"],
        "acme:uye": ["bulut"],
    },
    "data_category": {"identity": ["bulut", "sgk"], "acme:kimlik": ["bulut", "sgk"], "health": ["bulut", "saglik"]},
    "data_item": {"iban": ["bulut", "izin"], "name_surname": ["bulut"]},
    "special": {"yes": ["bulut", "saglik"], "no": ["bulut", "destek", "izin", "sgk"]},
    "purpose": {"storage_and_archiving": ["bulut", "izin"], "informing_authorised_bodies": ["sgk"]},
    "legal_basis": {"explicit_consent": ["bulut"], "contract": ["bulut", "izin"]},
    "recipient": {"branch": ["destek", "izin"], "sgk": ["sgk"]},
    "recipient_group": {"suppliers": ["bulut", "destek", "izin"], "data_storage_providers": ["bulut"]},
    "recipient_role": {"processor": ["bulut"], "not_stated": ["destek", "izin", "saglik"]},
    "location": {"domestic": ["sgk"], "abroad": ["bulut", "saglik"], "not_stated": ["izin"]},
    "abroad": {"yes": ["bulut", "saglik"], "possible": ["destek", "izin"], "no": ["sgk"]},
    "country": {"US": ["bulut"], "DE": []},
    "mechanism": {"old_explicit_consent": ["bulut"], "safeguard_standard_contract": ["destek"]},
    "mechanism_status": {"signed": ["destek"], "not_stated": ["bulut"]},
    "standing": {"lapsed_continuing": ["bulut"], "superseded": []},
    "collection_method": {"paper_form": ["sgk"], "camera": []},
    "key": {"sgk": ["sgk"], "yok": []},
    "conflict": {"polarity": ["bulut", "saglik"], "place": []},
    "polarity": {"does_not": ["saglik"], "does": ["bulut", "destek", "izin", "sgk"]},
    "form": {"table": ["bulut"], "list": ["sgk"], "prose": ["saglik"]},
    "certainty": {"stated": ["izin", "sgk"], "inferred": ["bulut", "destek"], "unknown": ["saglik"]},
    "pairing": {"flat": ["bulut"], "paired": ["sgk"], "joined": ["izin"]},
}


def parameters_of(acme: Register, path: str) -> dict[str, Json]:
    """Return the published parameters of an address by name."""
    operation = acme.client.get("/openapi.json").json()["paths"][path]["get"]
    return {parameter["name"]: parameter for parameter in operation["parameters"]}


def refused(acme: Register, **parameters: Any) -> Json:  # noqa: ANN401 - any JSON
    """Return the one error of a question that is refused."""
    answer = acme.client.get("/v1/facts/transfers", params=parameters)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    return dict(error)


def test_every_dimension_is_a_filter(acme: Register) -> None:
    fill(acme)
    found = {name: {value: acme.keys(on=DAY, **{name: value}) for value in values} for name, values in FILTERS.items()}
    assert found == FILTERS


def test_every_published_dimension_has_its_promise_here(acme: Register) -> None:
    listing = {"as_of", "count", "count_of", "cursor", "empty", "ended", "fields", "group_by", "level", "limit"}
    listing |= {"format", "missing", "on", "present", "q", "sort"}
    assert set(parameters_of(acme, "/v1/facts/transfers")) - listing == set(FILTERS)


def test_repeated_values_mean_or_and_different_filters_mean_and(acme: Register) -> None:
    fill(acme)
    assert acme.keys(on=DAY, recipient=["sgk", "branch"]) == ["destek", "izin", "sgk"]
    assert acme.keys(on=DAY, recipient=["sgk", "branch"], location="domestic") == ["sgk"]
    assert acme.keys(on=DAY, purpose="storage_and_archiving", country="US") == ["bulut"]
    assert acme.keys(on=DAY, purpose="storage_and_archiving", country="DE") == []


def test_filters_on_data_special_and_data_subjects_hold_on_one_pair(acme: Register) -> None:
    fill(acme)
    assert acme.keys(on=DAY, data_category="health", data_subject_category="acme:uye") == ["bulut"]
    assert acme.keys(on=DAY, data_category="finance", data_subject_category="acme:uye") == []
    assert acme.keys(on=DAY, special="yes", data_subject_category="employee") == []
    assert acme.keys(on=DAY, special="yes", data_item="iban") == []


def test_filters_on_data_and_data_subjects_restrict_the_pairs_shown(acme: Register) -> None:
    fill(acme)
    whole = {("acme:uye", "acme:kimlik"), ("acme:uye", "health"), ("employee", "finance")}
    assert pairs_of(acme.transfer("bulut", on=DAY)) == whole
    for filters in ({"special": "yes"}, {"data_category": "health"}):
        assert pairs_of(acme.transfer("bulut", on=DAY, **filters)) == {("acme:uye", "health")}
    row = acme.transfer("bulut", on=DAY, data_subject_category="employee")
    assert pairs_of(row) == {("employee", "finance")}
    assert [subject["code"] for subject in row["data_subject_categories"]] == ["employee"]


def test_a_condition_of_the_collection_stands_beside_the_data_that_follow(acme: Register) -> None:
    acme.activity(
        collections=[{"data": ["identity"], "data_subjects": ["customer"], "condition": "only if invited"}],
        transfers=[{"key": "t"}],
    )
    (category,) = acme.transfer("t", on=DAY)["data_categories"]
    assert (category["code"], category["certainty"]) == ("identity", "inferred")
    assert category["conditions"] == ["only if invited"]


def test_data_follow_only_while_their_collection_is_valid(acme: Register) -> None:
    limits = {"valid_from": "2025-01-01", "valid_to": "2025-12-31"}
    acme.activity(collections=[{"data": ["identity"], **limits}], transfers=[{"key": "t"}])
    days = ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01")
    assert [len(acme.transfer("t", on=day)["data_categories"]) for day in days] == [0, 1, 1, 0]
    assert [len(acme.keys(on=day, data_category="identity")) for day in days] == [0, 1, 1, 0]


def test_certainty_concerns_the_links_of_the_filtered_dimensions(acme: Register) -> None:
    fill(acme)
    assert acme.keys(on=DAY, recipient="branch", certainty="stated") == ["izin"]
    assert acme.keys(on=DAY, recipient="branch", certainty="inferred") == ["destek"]
    assert acme.keys(on=DAY, data_category="identity", certainty="stated") == ["sgk"]
    assert acme.keys(on=DAY, data_category="identity", certainty="inferred") == ["bulut"]
    assert acme.keys(on=DAY, data_category="finance", data_subject_category="employee", certainty="stated") == ["izin"]
    assert acme.keys(on=DAY, mechanism="old_explicit_consent", certainty="stated") == []


def test_certainty_concerns_the_whole_row_where_no_link_is_filtered(acme: Register) -> None:
    fill(acme)
    for filters in ({}, {"controller": "acme"}, {"polarity": "does"}, {"channel": ["website", "paper"]}):
        assert acme.keys(on=DAY, certainty="inferred", **filters) == ["bulut", "destek"]
    assert acme.keys(on=DAY, form="table", certainty="inferred") == ["bulut"]
    assert acme.keys(on=DAY, form="table", certainty="stated") == []


def test_missing_and_present_tell_what_the_source_is_silent_about(acme: Register) -> None:
    fill(acme)
    assert acme.keys(on=DAY, missing="data_category") == ["bulut"]
    assert acme.keys(on=DAY, present="data_category") == ["destek", "izin", "saglik", "sgk"]
    assert acme.keys(on=DAY, missing="data_item") == ["bulut", "destek", "saglik", "sgk"]
    assert acme.keys(on=DAY, present="data_item") == ["izin"]
    assert acme.keys(on=DAY, missing="data_subject_category") == ["bulut", "destek"]
    assert acme.keys(on=DAY, missing="legal_basis") == ["destek", "saglik"]
    assert acme.keys(on=DAY, missing="legal_basis,recipient") == ["saglik"]
    assert acme.keys(on=DAY, missing="recipient") == ["saglik"]
    assert acme.keys(on=DAY, missing="mechanism", present="standing") == ["bulut"]
    assert acme.keys(on=DAY, present="country") == ["bulut"]
    assert acme.keys(on=DAY, missing="form") == ["destek", "izin"]


def test_q_finds_labels_and_the_words_of_the_source_as_turkish_readers_write_them(acme: Register) -> None:
    fill(acme)
    assert acme.keys(on=DAY, q="ISLEM SAGLAYICISI") == ["bulut"]
    assert acme.keys(on=DAY, q="işlem sağlayıcısı") == ["bulut"]
    assert acme.keys(on=DAY, q="sosyal güvenlik") == ["sgk"]
    assert acme.keys(on=DAY, q="explicit consent of the data subject") == ["bulut"]
    assert acme.keys(on=DAY, q="no such words") == []


def test_on_keeps_a_row_unless_its_validity_is_known_and_excludes_the_day(acme: Register) -> None:
    fill(acme)
    assert acme.keys(on="2024-05-26") == []
    assert acme.keys(on="2024-05-27") == ["bulut", "destek", "izin", "saglik"]
    assert acme.keys(on="2024-10-01") == EVERY_ROW
    acme.change("/documents/acme:politika", date=None)
    assert acme.keys(on="1999-01-01") == ["bulut", "destek", "izin", "saglik"]
    assert acme.transfer("bulut", on="1999-01-01")["dated"] is False


def test_a_statement_and_its_document_say_when_a_row_holds(acme: Register) -> None:
    acme.change("/documents/acme:politika", effective_from="2024-06-10", effective_to="2025-06-30")
    acme.activity(transfers=[{"key": "own", "valid_from": "2024-07-01", "valid_to": "2024-12-31"}, {"key": "plain"}])
    days = ("2024-06-09", "2024-06-10", "2024-07-01", "2024-12-31", "2025-01-01", "2025-06-30", "2025-07-01")
    assert [acme.keys(on=day) for day in days] == [
        [],
        ["plain"],
        ["own", "plain"],
        ["own", "plain"],
        ["plain"],
        ["plain"],
        [],
    ]
    assert acme.keys(on="2025-07-01", ended="include") == ["own", "plain"]
    assert acme.keys(on="2024-06-09", ended="include") == []


def test_on_drops_no_row_because_its_term_is_no_longer_in_force(acme: Register) -> None:
    acme.activity(transfers=[{"key": "t", "places": ["US"], "mechanisms": ["old_written_undertaking"]}])
    in_force = [
        acme.transfer("t", on=day, mechanism="old_written_undertaking")["mechanisms"][0]["in_force"]
        for day in ("2024-05-31", "2024-06-01")
    ]
    assert in_force == [True, False]


def test_pages_follow_each_other_in_every_order_and_know_their_total(acme: Register) -> None:
    fill(acme)
    for sort in ("activity", "-activity", "revised", "-revised"):
        whole = [fact["key"] for fact in acme.transfers(on=DAY, sort=sort)]
        page = acme.ask("/facts/transfers", on=DAY, sort=sort, limit=2, count="true")
        paged = [fact["key"] for fact in page["items"]]
        while page["next"]:
            page = acme.ask("/facts/transfers", on=DAY, sort=sort, limit=2, cursor=page["next"], count="true")
            paged += [fact["key"] for fact in page["items"]]
            assert page["total"] == 5
        assert paged == whole
        assert sorted(paged) == EVERY_ROW


def test_the_default_order_is_that_of_activity_and_key(acme: Register) -> None:
    fill(acme)
    assert [fact["key"] for fact in acme.transfers(on=DAY)] == EVERY_ROW
    assert [fact["key"] for fact in acme.transfers(on=DAY, sort="-activity")] == EVERY_ROW[::-1]


def test_fields_choose_what_a_row_shows(acme: Register) -> None:
    fill(acme)
    (row,) = acme.transfers(on=DAY, recipient="sgk", fields="key,abroad")
    assert row == {"key": "sgk", "abroad": "no"}


def test_a_full_row_shows_what_openapi_says_and_no_more(acme: Register) -> None:
    fill(acme)
    schema = acme.client.get("/openapi.json").json()["components"]["schemas"]["TransferFact"]
    for row in acme.transfers(on=DAY):
        assert set(row) == set(schema["properties"])


def test_unknown_codes_and_values_are_refused_with_what_is_known(acme: Register) -> None:
    fill(acme)
    known = {
        "controller": "acme",
        "activity": "acme:genel",
        "document": "acme:politika",
        "channel": "website",
        "audience": "customer",
        "data_subject_category": "customer",
        "data_category": "identity",
        "data_item": "name_surname",
        "special": "yes",
        "purpose": "storage_and_archiving",
        "legal_basis": "explicit_consent",
        "recipient": "cloud",
        "recipient_group": "suppliers",
        "recipient_role": "processor",
        "location": "abroad",
        "abroad": "possible",
        "mechanism": "old_explicit_consent",
        "mechanism_status": "signed",
        "standing": "superseded",
        "collection_method": "cookies",
        "polarity": "does_not",
        "form": "table",
        "certainty": "inferred",
        "pairing": "flat",
        "conflict": "polarity",
    }
    assert set(known) == set(FILTERS) - {"country", "key"}
    for name, value in known.items():
        error = refused(acme, **{name: "explicit_consnt"})
        assert error["parameter"] == name
        assert value in error["allowed"]
    assert refused(acme, country="XX")["parameter"] == "country"


def test_a_misspelt_parameter_never_widens_an_answer(acme: Register) -> None:
    error = refused(acme, legal_bassis="explicit_consent")
    assert (error["parameter"], error["code"]) == ("legal_bassis", "unknown_parameter")
    assert "legal_basis" in error["allowed"]


def test_names_inside_parameters_are_refused_with_what_is_known(acme: Register) -> None:
    for parameter in ("missing", "present", "group_by"):
        error = refused(acme, **{parameter: "legal_bassis"})
        assert error["parameter"] == parameter
        assert "legal_basis" in error["allowed"]
    assert "activity" in refused(acme, sort="legal_basis")["allowed"]
    assert "legal_bases" in refused(acme, fields="legal_bassis")["allowed"]
    assert refused(acme, missing="retention_kind")["parameter"] == "missing"
    assert refused(acme, cursor="bm9uc2Vuc2U")["code"] == "bad_cursor"
    assert refused(acme, as_of="2999-01-01T00:00:00Z")["code"] == "as_of_future"
    assert refused(acme, limit="501")["parameter"] == "limit"
