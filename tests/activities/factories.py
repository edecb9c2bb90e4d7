"""Activities for tests."""

from typing import Any

from fastapi.testclient import TestClient

from tests.platform.calling import Json, make


def activity(code: str = "bordro", controller: str = "acme", /, **fields: Any) -> Json:  # noqa: ANN401
    """Return an activity as a caller sends it, with lists of statements by kind."""
    return {"controller": controller, "code": code, "name": {"tr": "Bordro", "en": "Payroll"}, **fields}


def add_activity(client: TestClient, code: str = "bordro", controller: str = "acme", /, **fields: Any) -> Json:  # noqa: ANN401
    """Add an activity."""
    return make(client, "/v1/activities", activity(code, controller, **fields))


def payroll() -> Json:
    """Return a first activity in its short form; it needs the controller acme and the recipient sgk."""
    return {
        "controller": "acme",
        "code": "bordro",
        "name": {"tr": "Bordro", "en": "Payroll"},
        "collections": [{"data": ["identity", "finance", {"item": "iban"}], "data_subjects": ["employee"]}],
        "uses": [{"purposes": ["finance_and_accounting"], "legal_bases": ["legal_obligation"]}],
        "transfers": [
            {
                "recipient": "sgk",
                "location": "domestic",
                "purposes": ["informing_authorised_bodies"],
                "legal_bases": ["legal_obligation"],
            }
        ],
        "retentions": [{"period": {"value": 10, "unit": "year"}, "from": "end_of_employment"}],
    }
