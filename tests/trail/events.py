"""What tests ask of events, and a register in which every table of history has rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import Settings
from app.trail.verifying import Report, verify
from tests.activities.factories import payroll
from tests.controllers.factories import add_controller
from tests.exchange.factories import taken
from tests.platform.calling import Json, change, done, make, read
from tests.register.making import ledger_of

EVERYTHING: dict[str, Any] = {
    "format": "envanter/1",
    "terms": [
        {"vocabulary": "data_categories", "code": "acme:kart", "label": {"tr": "Kart", "en": "Card"}},
        {
            "vocabulary": "data_items",
            "code": "acme:kart-no",
            "label": {"tr": "Kart no", "en": "Card number"},
            "categories": ["acme:kart"],
        },
    ],
    "documents": [
        {
            "code": "acme:politika",
            "controller": "acme",
            "kind": "policy",
            "title": "Politika",
            "date": "2024-05-27",
            "audience": ["employee"],
        },
        {
            "code": "acme:politika-2",
            "controller": "acme",
            "kind": "policy",
            "title": "Politika 2",
            "date": "2024-06-27",
            "supplements": "acme:politika",
            "prints": {
                "email": {"state": "stated", "value": "kvkk@acme.example"},
                "application_channels": {"state": "stated", "members": [{"kind": "email", "value": "a@b.example"}]},
            },
        },
    ],
    "activities": [
        {
            "code": "acme:hepsi",
            "controller": "acme",
            "name": {"tr": "Hepsi", "en": "All"},
            "roles": [{"role": "controller", "document": "acme:politika"}],
            "collections": [
                {
                    "document": "acme:politika",
                    "data": ["identity", {"category": "acme:kart", "item": "acme:kart-no"}],
                    "data_subjects": ["employee"],
                    "sources": [{"kind": "recipient", "recipient": "sgk"}],
                    "citations": [{"locator": "1", "form": "table"}],
                }
            ],
            "transfers": [
                {
                    "key": "bulut",
                    "document": "acme:politika",
                    "recipient": "sgk",
                    "recipient_role": "processor",
                    "places": ["US"],
                    "legal_bases": ["explicit_consent"],
                    "mechanisms": [{"code": "old_explicit_consent", "valid_from": "2024-01-01"}],
                },
                {
                    "key": "bulut-2",
                    "document": "acme:politika-2",
                    "recipient": "sgk",
                    "recipient_role": "controller",
                    "places": ["DE"],
                },
            ],
            "retentions": [
                {
                    "document": "acme:politika",
                    "period": {"value": 10, "unit": "year"},
                    "from": "end_of_employment",
                    "destruction_months": [1, 6],
                }
            ],
            "measures": [{"document": "acme:politika", "measures": ["key_management"]}],
        }
    ],
}


def fill(client: TestClient) -> None:
    """Write rows into every table of history, in several changes, and close some."""
    add_controller(client)
    make(client, "/v1/recipients", {"code": "sgk", "name": "SGK", "kind": "named", "group": "suppliers", "seat": "TR"})
    make(client, "/v1/activities", payroll())
    taken(client, EVERYTHING)
    done(change(client, "PATCH", "/v1/recipients/sgk", {"name": "Sosyal Güvenlik Kurumu"}))
    done(change(client, "PATCH", "/v1/activities/acme:hepsi", {"measures": []}))


def newest(client: TestClient) -> Json:
    """Return the newest event."""
    event: Json = read(client, "/v1/audit-events", limit=1)["items"][0]
    return event


def head(client: TestClient) -> str:
    """Return the head of the chain."""
    return str(read(client, "/v1/audit-events/head")["head"])


def proof(client: TestClient, **asked: Any) -> Report:  # noqa: ANN401
    """Verify the register of a caller."""
    with ledger_of(client).reading() as session:
        return verify(session, **asked)


@contextmanager
def calling(settings: Settings) -> Iterator[TestClient]:
    """Call the register of these settings."""
    with TestClient(create_app(settings)) as client:
        yield client
