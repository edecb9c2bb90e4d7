"""Bodies made from the OpenAPI document: every text that an operation takes, each in its place."""

import json
from collections.abc import Iterator
from typing import Any, Final

from tests.contract.test_openapi import DOCUMENT, OPERATIONS

Schema = dict[str, Any]
SCHEMAS: Final[dict[str, Schema]] = DOCUMENT["components"]["schemas"]
WRITES: Final = {name: one for name, one in OPERATIONS.items() if "requestBody" in one and name != "POST /v1/import"}


def schema_of(operation: Schema) -> Schema:
    """Return the schema of the JSON that an operation takes."""
    content: Schema = operation["requestBody"]["content"]["application/json"]["schema"]
    return resolved(content)


def resolved(schema: Schema) -> Schema:
    """Return a schema, or the one that it refers to."""
    return SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def filled(schema: Schema, text: str) -> list[Any]:
    """Return every form that a schema takes, each as full as can be, with one text wherever text is taken."""
    schema = resolved(schema)
    forms = [form for inner in schema.get("anyOf", ()) for form in filled(inner, text)]
    if "properties" in schema:
        shown = {name: filled(inner, text) for name, inner in schema["properties"].items()}
        forms.append({name: found[-1] for name, found in shown.items() if found})
    elif schema.get("type") == "array":
        members = filled(schema["items"], text)
        forms += [members] if members else []
    elif schema.get("type") == "string" and not {"enum", "const", "format"} & schema.keys():
        forms.append(text)
    return forms


def places(document: Any, text: str, place: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield the JSON pointer of every place where a text stands."""
    if document == text:
        yield place
    members = document.items() if isinstance(document, dict) else enumerate(document)
    for name, inner in members if isinstance(document, dict | list) else ():
        yield from places(inner, text, f"{place}/{name}")


def with_text(document: Any, text: str) -> Iterator[Any]:  # noqa: ANN401 - any JSON
    """Yield a document again and again, each time with the text in the place of another text."""
    if isinstance(document, str):
        yield text
    members = list(document.items() if isinstance(document, dict) else enumerate(document))
    for name, inner in members if isinstance(document, dict | list) else ():
        for changed in with_text(inner, text):
            copy: Any = json.loads(json.dumps(document))
            copy[name] = changed
            yield copy
