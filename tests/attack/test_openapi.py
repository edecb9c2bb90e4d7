"""Nothing that can be sent to an operation of OpenAPI fails inside or is answered otherwise than it says."""

import os
import time
from collections.abc import Callable
from typing import Final

from app.platform.settings import Settings
from tests.attack.attacking import LONG, SHORT, attack
from tests.contract.test_openapi import OPERATIONS

DEPTH: Final = LONG if os.environ.get("ATTACK") == "long" else SHORT
MOST_SHOWN: Final = 20


def test_no_generated_request_fails_or_is_answered_otherwise_than_the_document_says(
    seeded_settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    """Every check of schemathesis holds for every case, and every operation is attacked."""
    began = time.monotonic()
    outcome = attack(seeded_settings, DEPTH)
    record_property("cases", f"{outcome.cases:,}".replace(",", " "))
    record_property("seconds", round(time.monotonic() - began))
    assert not outcome.failures, "\n".join([f"{len(outcome.failures)} failures", *outcome.failures[:MOST_SHOWN]])
    assert outcome.operations == set(OPERATIONS)
    assert {200, 201, 400, 401, 404, 412, 422, 428} <= set(outcome.answers)
