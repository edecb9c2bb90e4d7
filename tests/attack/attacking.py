"""Drives schemathesis over the whole OpenAPI document, inside the process, with every check that it has."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from schemathesis import Case
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.config._checks import NegativeDataRejectionConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import EngineEvent, FatalError, NonFatalError, ScenarioFinished
from schemathesis.engine.recorder import Interaction

from app.main import create_app
from app.platform.messages import TURKISH_VALIDATION
from app.platform.settings import Settings
from tests.auth.factories import add_key

SEED: Final = 6698
# What a schema can say, it says: a request that fits the schema is not refused for any of these.
OF_SCHEMAS: Final = {"control_character", "missing", "unknown_field", "finite_number"} | {
    name
    for name in TURKISH_VALIDATION
    if re.match(r"(string|int|bool|list|dict|model|too|greater|less|literal)_", name)
}
# A code that names nothing, a rule between two fields and a stale ETag are more than a schema can say.
REFUSED_RIGHTLY: Final = ("2xx", "3xx", "401", "403", "404", "409", "412", "422", "428")
REFUSES: Final = ("400", "401", "403", "404", "405", "406", "409", "412", "413", "414", "415", "422", "428")


@dataclass(frozen=True)
class Depth:
    """How long an attack is: which phases, and how many examples of each operation a phase makes up."""

    phases: frozenset[str]
    examples: int


SHORT: Final = Depth(frozenset({"examples", "fuzzing"}), 2)
LONG: Final = Depth(frozenset({"examples", "coverage", "fuzzing", "stateful"}), 12)


@dataclass
class Outcome:
    """What an attack came to: how many cases, what answers, and everything that a check found wrong."""

    cases: int = 0
    operations: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def take(self, event: EngineEvent) -> None:
        """Count what an event of the engine tells."""
        if isinstance(event, FatalError):
            self.failures.append(f"the attack itself broke off: {event.exception!r}")
        elif isinstance(event, NonFatalError):
            self.failures.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, ScenarioFinished):
            self._count(event)

    def _count(self, event: ScenarioFinished) -> None:
        recorder = event.recorder
        self.cases += len(recorder.cases)
        self.operations |= {node.value.operation.label for node in recorder.cases.values()}
        for key, interaction in recorder.interactions.items():
            found = [check for check in recorder.checks.get(key, ()) if check.failure_info is not None]
            if interaction.response is not None:
                self.answers[interaction.response.status_code] += 1
            case = recorder.cases[key].value
            self.failures += said_less(case, interaction)
            for check in found:
                assert check.failure_info is not None
                sent = interaction.request
                said = None if interaction.response is None else (interaction.response.content or b"")[:600]
                failure = check.failure_info.failure
                self.failures.append(
                    f"{check.name}: {failure.title} {failure.message}\n"
                    f"  {sent.method} {sent.uri}\n  {sent.body!r:.2000}\n  {said!r}"
                )


def is_open(case: Case[Any]) -> bool:
    """Tell whether the document takes any object here: patches, statements of several kinds, bundles."""
    bodies = case.operation.definition.raw.get("requestBody", {}).get("content", {}).values()
    return any(body["schema"].get("additionalProperties") is True for body in bodies)


def said_less(case: Case[Any], interaction: Interaction) -> list[str]:
    """Name what the document keeps silent about: it was refused, though the schema took it."""
    answer = interaction.response
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if answer is None or answer.status_code not in {400, 422} or not is_valid:
        return []
    errors = orjson.loads(answer.content or b"{}")["errors"]
    silent = {"fields"} if not is_open(case) else {"fields", None}
    found = [one for one in errors if one["code"] in OF_SCHEMAS and one.get("parameter") not in silent]
    return [
        f"the document does not say: {case.operation.label} {one}\n {interaction.request.body!r:.2000}" for one in found
    ]


def config(key: str, depth: Depth) -> SchemathesisConfig:
    """Return the configuration of an attack with a key: the same attack each time, nothing kept between two."""
    generation = GenerationConfig(
        max_examples=depth.examples, deterministic=True, no_shrink=True, database="none", with_security_parameters=False
    )
    phases = PhasesConfig(
        examples=ExamplesPhaseConfig(enabled="examples" in depth.phases),
        coverage=CoveragePhaseConfig(enabled="coverage" in depth.phases),
        fuzzing=FuzzingPhaseConfig(enabled="fuzzing" in depth.phases),
        stateful=StatefulPhaseConfig(enabled="stateful" in depth.phases),
    )
    checks = ChecksConfig(
        positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=REFUSED_RIGHTLY),
        negative_data_rejection=NegativeDataRejectionConfig(expected_statuses=REFUSES),
    )
    project = ProjectConfig(
        headers={"Authorization": f"Bearer {key}"},
        continue_on_failure=True,
        generation=generation,
        phases=phases,
        checks=checks,
    )
    return SchemathesisConfig(seed=SEED, projects=ProjectsConfig(default=project))


def attack(settings: Settings, depth: Depth) -> Outcome:
    """Attack every operation of a seeded register, as an administrator who holds a key."""
    outcome = Outcome()
    with _opened(settings) as (app, key):
        schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config(key, depth))
        for event in from_schema(schema).execute():
            outcome.take(event)
    return outcome


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[FastAPI, str]]:
    app = create_app(settings)
    yield app, add_key(TestClient(app))
