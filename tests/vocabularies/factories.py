"""Terms for tests."""

from typing import Any, Final

from fastapi.testclient import TestClient

from tests.platform.calling import Json, make

VOCABULARIES: Final = (
    "data-categories",
    "data-items",
    "data-subject-categories",
    "purposes",
    "legal-bases",
    "recipient-groups",
    "transfer-mechanisms",
    "measures",
    "collection-methods",
    "retention-events",
    "disposal-methods",
    "data-subject-rights",
    "standard-contract-types",
)


def term(code: str, controller: str | None = "acme", **fields: Any) -> Json:  # noqa: ANN401
    """Return a term as a caller sends it: a controller's own, or a common one."""
    owner = {} if controller is None else {"controller": controller}
    return {"code": code, "label": {"tr": code, "en": code}, **owner, **fields}


def add_term(
    client: TestClient,
    vocabulary: str,
    code: str,
    controller: str | None = "acme",
    **fields: Any,  # noqa: ANN401
) -> Json:
    """Add a term to a vocabulary."""
    return make(client, f"/v1/{vocabulary}", term(code, controller, **fields))
