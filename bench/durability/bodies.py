"""What the writers send: activities with statements of several kinds, alone or many in a bundle."""

from typing import Any, Final

CONTROLLER: Final = "bench"
SHARED: Final = f"{CONTROLLER}:shared"
STATEMENTS: Final[dict[str, Any]] = {
    "collections": [{"data": ["identity", {"item": "iban"}], "data_subjects": ["employee"]}] * 3,
    "uses": [{"purposes": ["finance_and_accounting"], "legal_bases": ["explicit_consent"]}] * 2,
    "transfers": [{"places": ["US"], "legal_bases": ["explicit_consent"]}] * 2,
    "retentions": [{"period": {"value": 10, "unit": "year"}, "from": "end_of_employment"}],
}
WHOLE: Final = {kind: len(statements) for kind, statements in STATEMENTS.items()}


def activity(code: str, description: str) -> dict[str, Any]:
    """Return a whole activity."""
    names = {"name": {"tr": code, "en": code}, "description": description}
    return {"controller": CONTROLLER, "code": code, **names, **STATEMENTS}


def bundle(codes: list[str], description: str) -> dict[str, Any]:
    """Return a bundle of whole activities."""
    return {"format": "envanter/1", "activities": [activity(code, description) for code in codes]}
