"""The OpenAPI document is current, complete, and says what the service really does."""

import re
from typing import Any, Final

import pytest

from app.__main__ import openapi
from app.main import GUIDE, create_app
from app.platform.guide import read_guide
from app.platform.settings import Settings

VERBS: Final = {
    "list",
    "get",
    "create",
    "replace",
    "patch",
    "delete",
    "put",
    "ask",
    "import",
    "export",
    "check",
    "compare",
    "diff",
    "restore",
    "verify",
}
METHODS: Final = ("get", "post", "put", "patch", "delete")
PROBLEM: Final = {"$ref": "#/components/schemas/ProblemDocument"}
Operation = dict[str, Any]


def document() -> dict[str, Any]:
    return create_app(Settings(database_url="sqlite:///openapi.db")).openapi()


DOCUMENT: Final = document()
OPERATIONS: Final[dict[str, Operation]] = {
    f"{method.upper()} {path}": methods[method]
    for path, methods in DOCUMENT["paths"].items()
    for method in METHODS
    if method in methods
}


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> Operation:
    """Each promise holds for every operation."""
    return OPERATIONS[request.param]


def test_the_written_document_is_current() -> None:
    assert openapi(check=True) == 0


def test_the_document_is_the_same_whenever_it_is_made() -> None:
    assert document() == DOCUMENT


def test_operation_ids_are_unique() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(names) == len(set(names))


def test_an_operation_id_is_a_verb_and_what_it_is_about(operation: Operation) -> None:
    name = operation["operationId"]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name)
    assert name.split("_")[0] in VERBS


def test_an_operation_says_what_it_promises_in_a_sentence(operation: Operation) -> None:
    assert operation["summary"]
    assert operation["description"].split("\n")[0].endswith((".", "?"))
    assert operation["tags"]


def test_an_operation_has_a_turkish_title_beside_the_english_one_and_says_when_to_use_it(operation: Operation) -> None:
    english, turkish = operation["summary"].split(" · ")
    assert english
    assert turkish
    assert "**When:**" in operation["description"] or operation["tags"] == ["questions"]


def test_groups_are_ordered_like_the_questions_and_every_operation_stands_in_one() -> None:
    groups = [tag["name"] for tag in DOCUMENT["tags"]]
    six = ["who", "what", "why", "to whom", "how long", "how protected"]
    assert [name for name in groups if name in six] == six
    assert {tag for operation in OPERATIONS.values() for tag in operation["tags"]} == set(groups)


def test_the_guide_speaks_of_nothing_that_does_not_exist() -> None:
    names = {operation["operationId"] for operation in OPERATIONS.values()}
    assert set(read_guide(GUIDE).operations) <= names


def test_every_parameter_is_described(operation: Operation) -> None:
    for parameter in operation.get("parameters", []):
        assert parameter.get("description"), parameter["name"]


def test_an_operation_documents_its_problems_as_problem_documents(operation: Operation) -> None:
    responses = operation["responses"]
    assert {"422", "503"} <= set(responses)
    for status, answer in responses.items():
        if int(status) >= 400:
            shown = answer["content"]["application/problem+json"]
            assert shown["schema"] == PROBLEM, status
            assert shown["example"]["status"] == int(status)
            assert answer["description"], status


def test_an_operation_with_a_body_documents_what_bodies_are_refused(operation: Operation) -> None:
    if "requestBody" in operation:
        assert {"400", "413", "415", "422"} <= set(operation["responses"])


def test_an_operation_on_one_thing_documents_that_it_may_not_exist(operation: Operation) -> None:
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
        assert "404" in operation["responses"]


def is_change_of_something_known(name: str) -> bool:
    return name.split(maxsplit=1)[0] in {"PUT", "PATCH", "DELETE"} or name.endswith("/restore")


@pytest.mark.parametrize("name", [name for name in OPERATIONS if is_change_of_something_known(name)])
def test_a_change_of_something_known_asks_for_if_match(name: str) -> None:
    operation = OPERATIONS[name]
    assert {"404", "412", "428"} <= set(operation["responses"])
    assert {"if-match", "envanter-reason"} <= {parameter["name"] for parameter in operation["parameters"]}


def test_every_list_takes_the_same_parameters() -> None:
    for name, operation in OPERATIONS.items():
        if operation["operationId"].startswith("list_") and "/facts/" not in name and name != "GET /v1/questions":
            known = {parameter["name"] for parameter in operation["parameters"]}
            assert {"limit", "cursor", "fields", "count", "as_of"} <= known, name
            if not name.endswith("/revisions"):  # which come newest first, and have no labels to look for words in
                assert {"sort", "q"} <= known, name
            if not name.endswith(("/revisions", "/audit-events", "/keys")):  # which only grow, or are no resources
                assert "changed_since" in known, name


def test_every_read_of_the_register_takes_as_of() -> None:
    """Not the list of the questions that there are, which is the product's, the chain's end, and how the service is."""
    without = {
        name
        for name, operation in OPERATIONS.items()
        if name.startswith("GET ") and "as_of" not in {one["name"] for one in operation.get("parameters", [])}
    }
    chain = {"GET /v1/audit-events/head", "GET /v1/audit-events/verify"}
    assert without == {"GET /v1/questions", "GET /healthz", "GET /readyz", *chain}


def test_the_documents_own_references_resolve() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/([^'\"]+)", str(DOCUMENT)))
    assert named <= set(schemas)
    assert "HTTPValidationError" not in schemas


def test_every_schema_has_a_title_of_its_own() -> None:
    titles = [schema["title"] for schema in DOCUMENT["components"]["schemas"].values()]
    assert sorted(titles) == sorted(set(titles))


def test_a_schema_has_the_same_plain_name_whether_it_is_taken_or_given() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert {"Transfer", "TransferInput"} <= set(schemas)
    assert not [name for name in schemas if "-" in name]


def test_the_document_says_that_it_is_no_legal_advice_and_holds_no_personal_data() -> None:
    description = " ".join(DOCUMENT["info"]["description"].split())
    assert "a tool, not legal advice" in description
    assert "no personal data of data subjects" in description
