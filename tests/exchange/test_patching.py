"""A patch is what RFC 7396 says: reading, applying it, and replacing the whole comes to the same register."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import BACKENDS
from tests.exchange.factories import activity, bundle, document, export, taken, term
from tests.exchange.test_round_trip import ACTIVITIES, DAYS, LABELS, TEXTS
from tests.platform.calling import change
from tests.platform.registers import opened

START: Final = bundle(
    controllers=[{"code": "acme", "legal_name": "Acme", "response_days": 30}],
    terms=[term("purposes", "acme:a"), term("purposes", "acme:b"), term("purposes", "ortak")],
    recipients=[
        {"code": "banka", "name": "Banka", "kind": "named"},
        {"controller": "acme", "code": "sube", "name": "Şube", "kind": "class"},
    ],
    documents=[document(prints={"address": {"value": "Ankara"}}), document("eski")],
    activities=[activity(uses=[{"purposes": ["acme:a"], "document": "politika"}])],
)
ROWS: Final = dict.fromkeys(("id", "revision"))


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return patches of some of these fields; null takes one away."""
    return st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in fields.items()})


PRINTED: Final = optional(value=TEXTS, locator=TEXTS, state=st.sampled_from(["stated", "unreadable"]))
PATCHES: Final = {
    "/v1/controllers/acme": optional(
        short_name=TEXTS,
        note=TEXTS,
        response_days=st.integers(-1, 40),
        practice=st.booleans(),
        application_channels=st.lists(optional(kind=st.just("kep"), value=TEXTS), max_size=2),
        code=st.just("acme"),
    ),
    "/v1/documents/acme:politika": optional(
        title=TEXTS, date=DAYS, note=TEXTS, prints=optional(address=PRINTED, email=PRINTED), version_of=st.just("eski")
    ),
    "/v1/purposes/acme:a": optional(label=LABELS | optional(tr=TEXTS), note=TEXTS, under=st.just(["ortak"])),
    "/v1/activities/acme:bordro": st.builds(
        lambda whole, some: {**{name: whole[name] for name in some if name in whole}, **some},
        ACTIVITIES,
        optional(description=TEXTS, name=LABELS, uses=st.just([]), transfers=st.just([]), scope=st.just("general")),
    ),
}


@pytest.fixture(scope="module", params=BACKENDS)
def twins(request: pytest.FixtureRequest) -> Iterator[tuple[TestClient, TestClient]]:
    """Two registers that say the same."""
    with opened(request) as one, opened(request) as other:
        taken(one, START)
        taken(other, START)
        yield one, other


def applied(target: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON
    """Apply a patch as section 2 of RFC 7396 puts it."""
    if not isinstance(patch, dict):
        return patch
    kept = target if isinstance(target, dict) else {}
    merged = {name: applied(kept.get(name), value) for name, value in patch.items() if value is not None}
    return {name: value for name, value in kept.items() if name not in patch} | merged


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("path", PATCHES)
@given(data=st.data())
def test_a_patch_is_a_put_of_what_rfc_7396_makes_of_what_was_read(
    twins: tuple[TestClient, TestClient], path: str, data: st.DataObject
) -> None:
    """It is refused where that would be, too, and the registers stay the same to the letter."""
    one, other = twins
    patch = data.draw(PATCHES[path])
    patched = change(one, "PATCH", path, patch)
    put = change(other, "PUT", path, applied(other.get(path).json(), patch))
    assert patched.status_code == put.status_code, (patched.text, put.text)
    assert patched.json() | ROWS == put.json() | ROWS
    assert export(one) == export(other)
