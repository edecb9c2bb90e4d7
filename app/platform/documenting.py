"""Completes OpenAPI: the problems of operations, what the guide says beside the code, one name for every schema."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI

from app.platform.answers import PARAMETER, REPLAYED
from app.platform.guide import Guide, Said
from app.platform.http import PROBLEM_TYPE, ProblemDocument, problems
from app.platform.problems import (
    AddressTooLong,
    Busy,
    Forbidden,
    InUse,
    Item,
    Malformed,
    PreconditionRequired,
    Problem,
    Stale,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unexpected,
    UnknownParameter,
    UnsupportedMediaType,
    not_found,
)

METHODS: Final = ("get", "post", "put", "patch", "delete")
FRAMEWORK_SCHEMAS: Final = ("HTTPValidationError", "ValidationError")
PROBLEMS_SHOWN: Final[tuple[Problem, ...]] = (
    Malformed(Item("json_invalid", {"reason": "Expecting ',' delimiter"})),
    Unauthenticated(Item("key_missing")),
    Forbidden(Item("needs_role", {"needed": "editor", "role": "reader"})),
    not_found("controller", "acme"),
    InUse(
        Item("in_use", {"name": "acme", "count": 1, "shown": 50}),
        Item("used_by", {"where": "activity", "name": "acme:bordro"}),
    ),
    Stale(Item("stale", {"given": "1", "current": 2})),
    TooLarge(Item("too_large", {"limit": 8_000_000})),
    AddressTooLong(Item("address_too_long", {"limit": 16_384})),
    UnsupportedMediaType(Item("media_type", {"expected": "application/json"})),
    UnknownParameter(
        Item("unknown_parameter", {"name": "legal_bassis"}, parameter="legal_bassis", allowed=["legal_basis"])
    ),
    PreconditionRequired(Item("if_match_required")),
    TooManyRequests(Item("too_many_requests", {"limit": 600, "seconds": 60, "wait": 3})),
    Unexpected(Item("unexpected", {"request_id": "0193a1c4-7d3e-7c5a-9f10-2b8e64d1a7c3"})),
    Busy(Item("busy")),
)
RETRY: Final = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
REPLAY: Final = {
    REPLAYED: {"description": "`true` where the answer was given before", "schema": {"const": "true", "type": "string"}}
}
SIDES: Final = {"-Input": "Input", "-Output": ""}
SCHEME: Final = "key"
BEARER: Final = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "env_<id>_<secret>, or a JWT of the issuer",
    "description": "An API key, or an access token where an OIDC issuer is set. "
    "On loopback none is needed until there is a key.",
}
REFERENCE: Final = "#/components/schemas/"


def complete_openapi(app: FastAPI, guide: Guide, is_open: Callable[[str], bool]) -> None:
    """Let the OpenAPI document of an application speak of problem documents only, and say what its guide says.

    Every address but the open ones needs a key.
    """
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = original()
            _complete(document, guide, is_open)
            app.openapi_schema = _renamed(document, _plain_names(document["components"]["schemas"]))
        return original()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], guide: Guide, is_open: Callable[[str], bool]) -> None:
    schemas = document["components"]["schemas"]
    document["components"]["securitySchemes"] = {SCHEME: BEARER}
    for name in FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    schema = ProblemDocument.model_json_schema(ref_template=REFERENCE + "{model}")
    schemas |= schema.pop("$defs")
    schemas["ProblemDocument"] = schema
    document["tags"] = [{"name": name, "description": text} for name, text in guide.groups.items()]
    for address, path in document["paths"].items():
        for method in METHODS:
            if method in path:
                if not is_open(address):
                    path[method]["security"] = [{SCHEME: []}]
                if method == "post":
                    _add_idempotency(path[method])
                _add_shared_problems(path[method])
                _add_problem_examples(path[method])
                _add_guide(path[method], guide)


def _add_idempotency(operation: dict[str, Any]) -> None:
    """Add the key that every POST takes, and what tells an answer that was given before."""
    operation.setdefault("parameters", []).append(PARAMETER)
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            answer["headers"] = {**answer.get("headers", {}), **REPLAY}


def _add_shared_problems(operation: dict[str, Any]) -> None:
    """Add what any operation answers: refusals before it is read, a database that is away, bodies that do not do."""
    statuses = {414, 422, 429, 500, 503} | ({401, 403} if "security" in operation else set())
    if "requestBody" in operation:
        statuses |= {400, 413, 415}
    if any(parameter["name"] == "if-match" for parameter in operation.get("parameters", [])):
        statuses |= {412, 428}
    for status, shape in problems(*sorted(statuses)).items():
        known = operation["responses"].get(str(status), {})
        if "application/problem+json" not in known.get("content", {}):
            operation["responses"][str(status)] = shape
        if status in {429, 503}:
            operation["responses"][str(status)] = {**operation["responses"][str(status)], "headers": RETRY}


def _add_problem_examples(operation: dict[str, Any]) -> None:
    for problem in PROBLEMS_SHOWN:
        content = operation["responses"].get(str(problem.status), {}).get("content", {})
        if PROBLEM_TYPE in content:
            example = problem.document("en", "/v1/…")
            operation["responses"][str(problem.status)]["content"] = {
                **content,
                PROBLEM_TYPE: {**content[PROBLEM_TYPE], "example": example},
            }


def _add_guide(operation: dict[str, Any], guide: Guide) -> None:
    said = guide.said(operation["operationId"])
    if said.tr is not None:
        operation["summary"] = f"{operation['summary'].capitalize()} · {said.tr}"
    if said.when is not None:
        operation["description"] += f"\n\n**When:** {said.when}"
    for parameter in operation.get("parameters", []):
        _add_example(parameter, said, guide)
    if said.bodies:
        examples = {name: {"summary": name.capitalize(), "value": value} for name, value in said.bodies.items()}
        for content in operation["requestBody"]["content"].values():
            content["examples"] = examples


def _add_example(parameter: dict[str, Any], said: Said, guide: Guide) -> None:
    name = parameter["name"]
    if parameter["in"] == "path":
        parameter["description"] = guide.path_parameters[name].description
        parameter["example"] = said.parameters.get(name, guide.path_parameters[name].example)
    elif parameter["in"] == "header" and name in guide.header_parameters:
        parameter["example"] = guide.header_parameters[name]


def _plain_names(schemas: dict[str, Any]) -> dict[str, str]:
    """Return what to call each schema: the short form that is taken is the input, the long form has the plain name."""
    names = {name: name for name in schemas}
    for side, ending in SIDES.items():
        names |= {name: name.removesuffix(side) + ending for name in schemas if name.endswith(side)}
    return names


def _renamed(document: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Name the schemas, in their titles too: generated clients name their classes by title, and each needs its own."""
    schemas = document["components"]["schemas"]
    for name, plain in names.items():
        if name != plain:
            schemas[name]["title"] = plain
    document["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    renamed: dict[str, Any] = _referring(document, {REFERENCE + name: REFERENCE + names[name] for name in names})
    return renamed


def _referring(node: Any, references: dict[str, str]) -> Any:  # noqa: ANN401 - any part of a JSON document
    if isinstance(node, dict):
        return {
            name: references.get(value, value) if name == "$ref" else _referring(value, references)
            for name, value in node.items()
        }
    if isinstance(node, list):
        return [_referring(member, references) for member in node]
    return node
