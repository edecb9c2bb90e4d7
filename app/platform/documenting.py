"""Completes OpenAPI: every operation names the problems that it may answer, with the shape of a problem document."""

from typing import Any, Final

from fastapi import FastAPI

from app.platform.http import ProblemDocument, problems

METHODS: Final = ("get", "post", "put", "patch", "delete")
FRAMEWORK_SCHEMAS: Final = ("HTTPValidationError", "ValidationError")


def describe_problems(app: FastAPI) -> None:
    """Let the OpenAPI document of an application speak of problem documents only."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(original())
        return original()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs")
    schemas["ProblemDocument"] = schema
    for path in document["paths"].values():
        for method in METHODS:
            if method in path:
                _add_shared_problems(path[method])


def _add_shared_problems(operation: dict[str, Any]) -> None:
    """Add what any operation answers: unknown parameters, a database that is away, bodies and ETags that do not do."""
    statuses = {422, 503}
    if "requestBody" in operation:
        statuses |= {400, 413, 415}
    if any(parameter["name"] == "if-match" for parameter in operation.get("parameters", [])):
        statuses |= {412, 428}
    for status, shape in problems(*sorted(statuses)).items():
        known = operation["responses"].get(str(status), {})
        if "application/problem+json" not in known.get("content", {}):
            operation["responses"][str(status)] = shape
