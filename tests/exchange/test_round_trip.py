"""Whatever a small register holds, importing its export makes the same register."""

import json
import unicodedata
from typing import Any, Final

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import Server
from tests.exchange.factories import Bundle, activity, bundle, document, export, register, taken, term

LETTERS: Final = st.characters(exclude_categories=("Cc", "Cs"))
TEXTS: Final = st.one_of(
    st.sampled_from(
        ["no", "0899", "1e3", "2024-05-27", "~", "a: b", "- a", "#", "İIıi", "x\u2028y", "a\nb", "{x", "null"]
    ),
    st.text(LETTERS, min_size=1, max_size=20).filter(lambda text: bool(unicodedata.normalize("NFC", text).strip())),
)
LABELS: Final = st.fixed_dictionaries({"tr": TEXTS, "en": TEXTS})
DAYS: Final = st.dates().map(lambda day: day.isoformat())
CERTAINTIES: Final = st.sampled_from(["stated", "inferred", "unknown"])
OWN_PURPOSES: Final = ("acme:a", "acme:b", "ortak")


def objects(needed: dict[str, Any], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(needed, optional=optional)


def links(*codes: str) -> st.SearchStrategy[list[Any]]:
    long = objects(
        {"code": st.sampled_from(codes)}, as_stated=TEXTS, cited_as=TEXTS, law_ref=TEXTS, certainty=CERTAINTIES
    )
    return st.lists(st.sampled_from(codes) | long, min_size=1, max_size=3)


def reaching(members: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[Any]:
    listed = st.sampled_from(["listed", "including", "all_except"])
    silent = st.sampled_from(["all", "not_stated", "unreadable"])
    long = objects({"reach": listed, "members": members}, as_stated=TEXTS)
    return members | long | objects({"reach": silent}, as_stated=TEXTS)


def statements(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    citations = st.lists(objects({"locator": TEXTS}, form=st.sampled_from(["table", "list"])), max_size=2)
    polarity = st.sampled_from(["does", "does_not"])
    common = {"document": st.sampled_from(["politika", "acme:eski"]), "citations": citations, "polarity": polarity}
    return st.lists(objects({}, **common, condition=TEXTS, note=TEXTS, valid_from=DAYS, **fields), max_size=2)


PAIRS: Final = st.lists(
    st.sampled_from(["identity", "contact", {"item": "iban"}])
    | objects(
        {"category": st.just("identity"), "item": st.just("name_surname")}, as_stated=TEXTS, certainty=CERTAINTIES
    )
    | objects({"category": st.just("contact"), "items": links("email_address", "phone_number")}).map(
        lambda group: {**group, "items": [code for code in group["items"] if isinstance(code, str)]}
    ),
    min_size=1,
    max_size=3,
)
ABOUT: Final = {"data": reaching(PAIRS), "data_subjects": reaching(links("employee", "customer"))}
WHY: Final = {
    "purposes": reaching(links("finance_and_accounting", *OWN_PURPOSES)),
    "legal_bases": links("explicit_consent", "legal_obligation"),
}
PLACES: Final = st.lists(
    st.sampled_from(["NO", "TR", "US"]) | objects({"as_stated": TEXTS}, country=st.just("DE"), certainty=CERTAINTIES),
    max_size=2,
)
STEPS: Final = st.lists(
    st.sampled_from([{}, {"value": 10, "unit": "year"}, {"join": "or", "starts_at": "end_of_month"}])
    | objects({"start_events": links("end_of_employment")}, action=links("erasure"), medium=TEXTS),
    max_size=3,
)
ACTIVITIES: Final = st.fixed_dictionaries(
    {
        "collections": statements(**ABOUT, sources=st.just(["data_subject"]), automatic=st.just("both")),
        "uses": statements(**ABOUT, **WHY, joined=st.booleans()),
        "transfers": statements(
            **ABOUT,
            **WHY,
            recipient=st.sampled_from(["banka", None, {"code": "acme:sube", "as_stated": "no"}]),
            places=PLACES,
            mechanisms=links("old_explicit_consent", "safeguard_standard_contract"),
        ),
        "retentions": statements(**ABOUT, kind=st.sampled_from(["period", "criterion"]), steps=STEPS),
    }
)


@st.composite
def registers(draw: st.DrawFn) -> Bundle:
    """Return a bundle of one small register, with text of every kind in it."""
    texts = {name: draw(TEXTS) for name in ("legal_name", "phone", "note")}
    printed = {"address": {"value": draw(TEXTS)}, "email": {"state": "unreadable"}}
    return bundle(
        controllers=[{"code": "acme", **texts}, {"code": "boş"}],
        terms=[
            {**term("purposes", "acme:a", under=["acme:b", "ortak"]), "label": draw(LABELS)},
            {**term("purposes", "acme:b"), "label": draw(LABELS), "note": draw(TEXTS)},
            {**term("purposes", "ortak"), "label": draw(LABELS)},
        ],
        recipients=[
            {"code": "banka", "name": draw(TEXTS), "kind": "named", "seat": "NO"},
            {"controller": "acme", "code": "sube", "name": draw(TEXTS), "kind": "class", "parent": "banka"},
        ],
        documents=[
            document(title=draw(TEXTS), version_of="eski", date=draw(DAYS), prints=printed),
            document("eski", title=draw(TEXTS), audience=["employee"]),
        ],
        activities=[
            activity(code, description=draw(TEXTS)) | draw(ACTIVITIES)
            for code in draw(st.sampled_from(["", "ab", "bşı"]))
        ],
    )


def stays_the_same(client: TestClient, server: Server, content: Bundle) -> None:
    taken(client, json.dumps(content))
    written = export(client)
    assert taken(client, written)["change"] is None
    assert export(client) == written
    with register(server.copy("vocabularies")) as fresh:
        taken(fresh, written)
        assert export(fresh) == written
        assert export(fresh, controller="acme") == export(client, controller="acme")


@example(content=bundle(controllers=[{"code": "acme", "phone": "0899", "note": "1e3"}]))
@given(content=registers())
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_importing_an_export_is_identity(server: Server, content: Bundle) -> None:
    with register(server.copy("vocabularies")) as client:
        stays_the_same(client, server, content)
