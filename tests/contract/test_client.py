"""A client generated from the OpenAPI document works against the running server, typed, problems included."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from app.platform.settings import ROOT
from tests.conftest import BACKENDS, Server
from tests.durability.serving import serving

PACKAGE: Final = "generated_client"
GENERATE: Final = [
    *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"),
    *("--path", str(ROOT / "openapi" / "openapi.json")),
    *("--config", str(Path(__file__).with_name("client.yaml"))),
]


@dataclass(frozen=True)
class Written:
    """The client as the generator wrote it, and what the generator said."""

    package: Path
    code: int
    output: str


@dataclass(frozen=True)
class Caller:
    """The generated client, connected to a server."""

    client: Any

    def call(self, operation: str, **arguments: Any) -> Any:  # noqa: ANN401 - the types are made by the run
        """Call an operation, `tag.operation_id`, and return what the client makes of the answer."""
        return self.answer(operation, **arguments).parsed

    def answer(self, operation: str, **arguments: Any) -> Any:  # noqa: ANN401
        """Call an operation and return the whole answer, headers included."""
        return import_module(f"{PACKAGE}.api.{operation}").sync_detailed(client=self.client, **arguments)


def model(name: str) -> Any:  # noqa: ANN401 - the types are made by the run
    return getattr(import_module(f"{PACKAGE}.models"), name)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """A client generated from the document that is published."""
    package = tmp_path_factory.mktemp("client") / PACKAGE
    done = subprocess.run(
        [*GENERATE, "--output-path", str(package)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    sys.path.insert(0, str(package.parent))
    yield Written(package, done.returncode, done.stdout)
    sys.path.remove(str(package.parent))


@contextmanager
def connected(address: str) -> Iterator[Caller]:
    """Connect the generated client; it raises on any answer that the document does not name."""
    with import_module(PACKAGE).Client(base_url=address, raise_on_unexpected_status=True) as client:
        yield Caller(client)


@pytest.fixture(scope="module", params=BACKENDS)
def caller(
    request: pytest.FixtureRequest, written: Written, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Caller]:
    """Whoever calls the seeded register, a process of its own, through the generated client."""
    assert written.code == 0, written.output
    server: Server = request.getfixturevalue(f"{request.param}_server")
    with (
        serving(server.copy("seeded"), tmp_path_factory.mktemp("log") / "log") as (_, address),
        connected(address) as connection,
    ):
        yield connection


def test_the_generator_has_nothing_to_say_about_the_document(written: Written) -> None:
    assert written.output.splitlines() == [f"Generating {written.package}"]


def test_the_client_lists_controllers(caller: Caller) -> None:
    page = caller.call("who.list_controllers", limit=2, count=True)
    assert [type(item) for item in page.items] == [model("ControllerRead")] * 2
    assert page.total > 2
    following = caller.call("who.list_controllers", limit=2, cursor=page.next_)
    assert page.items[0].code not in {item.code for item in following.items}


def test_the_client_reads_which_data_goes_abroad_under_explicit_consent(caller: Caller) -> None:
    certain = model("AskAbroadUnderExplicitConsentAbroadItem").YES
    answer = caller.call("questions.ask_abroad_under_explicit_consent", on=date(2026, 11, 22), abroad=[certain])
    [row] = answer.items
    assert isinstance(row, model("TransferFact"))
    assert row.recipient.name == "The Constant Company, LLC"
    assert row.countries == ["US"]
    assert row.standing == "lapsed_continuing"
    assert [basis.code for basis in row.legal_bases] == ["explicit_consent"]
    assert [category.certainty.value for category in row.data_categories] == ["inferred"] * len(row.data_categories)


def test_the_client_reads_counts_by_country(caller: Caller) -> None:
    answer = caller.call("questions.ask_abroad_under_explicit_consent", on=date(2026, 11, 22), group_by=["country"])
    [group] = answer.items
    assert isinstance(group, model("GroupFact"))
    assert (group["country"], group.statements) == ({"code": "US"}, 1)


def test_the_client_creates_a_controller_and_a_whole_activity(caller: Caller) -> None:
    controller = caller.call("who.create_controller", body=model("ControllerWrite")(code="yeni"))
    assert isinstance(controller, model("ControllerRead"))
    body = {
        "controller": "yeni",
        "code": "bordro",
        "name": {"tr": "Bordro", "en": "Payroll"},
        "uses": [{"purposes": ["finance_and_accounting"], "legal_bases": ["legal_obligation"]}],
    }
    activity = caller.call("activities.create_activity", body=model("ActivityWrite").from_dict(body))
    assert isinstance(activity, model("ActivityRead"))
    [use] = activity.uses
    assert isinstance(use, model("Use"))
    assert [link.code for link in use.legal_bases.members] == ["legal_obligation"]


def test_the_client_changes_what_it_read_and_nothing_newer(caller: Caller) -> None:
    made = caller.answer("who.create_controller", body=model("ControllerWrite")(code="degisen"))
    change = {
        "controller": "degisen",
        "body": model("PatchControllerPatch").from_dict({"website": "https://degisen.example"}),
        "if_match": made.headers["ETag"],
    }
    changed = caller.call("who.patch_controller", **change)
    assert (changed.website, changed.revision) == ("https://degisen.example", 2)
    stale = caller.call("who.patch_controller", **change)
    assert isinstance(stale, model("ProblemDocument"))
    assert stale.status == 412


def test_the_client_gets_a_refusal_as_a_problem_document(caller: Caller) -> None:
    problem = caller.call("who.create_controller", body=model("ControllerWrite")(code="Büyük Harf"))
    assert isinstance(problem, model("ProblemDocument"))
    assert (problem.status, problem.errors[0].pointer) == (422, "/code")
    missing = caller.call("who.get_controller", controller="yok")
    assert isinstance(missing, model("ProblemDocument"))
    assert missing.status == 404
