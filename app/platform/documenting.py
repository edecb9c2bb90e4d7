"""Completes OpenAPI: the problems that an operation may answer, and what the guide says beside the code."""

from pathlib import Path
from typing import Any, Final

import yaml
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PathParameter(_Strict):
    """A path parameter: what it takes, and an example."""

    description: str
    example: str


class Noun(_Strict):
    """What operations are about, in Turkish; its English plural; a member of it to look at."""

    tr: str
    plural: str
    plural_tr: str
    example: str | None = None


class Said(_Strict):
    """What the guide says of an operation, or of all operations of a verb."""

    tr: str | None = None
    when: str | None = None
    parameters: dict[str, str] = {}
    bodies: dict[str, dict[str, Any]] = {}

    def over(self, general: "Said") -> "Said":
        """Return this, completed by what is generally said."""
        return Said.model_validate(general.model_dump(exclude_unset=True) | self.model_dump(exclude_unset=True))


class Guide(_Strict):
    """What Swagger UI says beside the code: groups, Turkish titles, when to use an operation, examples."""

    groups: dict[str, str]
    path_parameters: dict[str, PathParameter]
    header_parameters: dict[str, str]
    nouns: dict[str, Noun]
    verbs: dict[str, Said]
    operations: dict[str, Said]

    def said(self, name: str) -> Said:
        """Return what is said of an operation, from its own line, its verb and its noun."""
        own = self.operations.get(name, Said())
        verb, _, rest = name.partition("_")
        if rest.endswith("_usage"):
            verb, rest = "usage", rest.removesuffix("_usage")
        by_plural = {noun.plural: noun for noun in self.nouns.values()}
        noun, title = self.nouns.get(rest), None
        if noun is None and rest in by_plural:
            noun, title = by_plural[rest], by_plural[rest].plural_tr
        if noun is None or verb not in self.verbs:
            return own
        general = self.verbs[verb]
        said = {"tr": f"{title or noun.tr}: {general.tr}"}
        if noun.example is not None and verb in {"get", "usage"}:
            return own.over(Said(**said, when=general.when, parameters={"code": noun.example}))
        return own.over(Said(**said, when=general.when, bodies=general.bodies))


def read_guide(path: Path) -> Guide:
    """Read a guide from its YAML file."""
    return Guide.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def complete_openapi(app: FastAPI, guide: Guide) -> None:
    """Let the OpenAPI document of an application speak of problem documents only, and say what its guide says."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(original(), guide)
        return original()

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any], guide: Guide) -> None:
    schemas = document["components"]["schemas"]
    for name in FRAMEWORK_SCHEMAS:
        schemas.pop(name, None)
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
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
