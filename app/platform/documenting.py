"""Completes OpenAPI: the problems of operations, what the guide says beside the code, one name for every schema."""

from typing import Any, Final

from fastapi import FastAPI

from app.platform.guide import Guide, Said
from app.platform.http import PROBLEM_TYPE, ProblemDocument, problems
from app.platform.problems import (
    Busy,
    InUse,
    Item,
    Malformed,
    PreconditionRequired,
    Problem,
    Stale,
    TooLarge,
    UnknownParameter,
    UnsupportedMediaType,
    not_found,
)

METHODS: Final = ("get", "post", "put", "patch", "delete")
FRAMEWORK_SCHEMAS: Final = ("HTTPValidationError", "ValidationError")
PROBLEMS_SHOWN: Final[tuple[Problem, ...]] = (
    Malformed(Item("json_invalid", {"reason": "Expecting ',' delimiter"})),
    not_found("controller", "acme"),
    InUse(
        Item("in_use", {"name": "acme", "count": 1, "shown": 50}),
        Item("used_by", {"where": "activity", "name": "acme:bordro"}),
    ),
    Stale(Item("stale", {"given": "1", "current": 2})),
    TooLarge(Item("too_large", {"limit": 8_000_000})),
    UnsupportedMediaType(Item("media_type", {"expected": "application/json"})),
    UnknownParameter(
        Item("unknown_parameter", {"name": "legal_bassis"}, parameter="legal_bassis", allowed=["legal_basis"])
    ),
    PreconditionRequired(Item("if_match_required")),
    Busy(Item("busy")),
)
SIDES: Final = {"-Input": "Input", "-Output": ""}
REFERENCE: Final = "#/components/schemas/"


def complete_openapi(app: FastAPI, guide: Guide) -> None:
    """Let the OpenAPI document of an application speak of problem documents only, and say what its guide says."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = original()
            _complete(document, guide)
            app.openapi_schema = _renamed(document, _plain_names(document["components"]["schemas"]))
        return original()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], guide: Guide) -> None:
    schemas = document["components"]["schemas"]
    for name in FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    schema = ProblemDocument.model_json_schema(ref_template=REFERENCE + "{model}")
    schemas |= schema.pop("$defs")
    schemas["ProblemDocument"] = schema
    document["tags"] = [{"name": name, "description": text} for name, text in guide.groups.items()]
    for path in document["paths"].values():
        for method in METHODS:
            if method in path:
                _add_shared_problems(path[method])
                _add_problem_examples(path[method])
                _add_guide(path[method], guide)


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
