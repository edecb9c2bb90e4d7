"""A write as it was sent and answered, and the traces that it leaves if it happened."""

import json
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import httpx2

from bench.durability.bodies import WHOLE

TIMEOUT: Final = 60
ACCEPTED: Final = (HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT)


class Half(Exception):
    """Something is there, but not as it was written."""


@dataclass(frozen=True)
class Trace:
    """An address where a write shows: an activity with this description, or, of an end, none any more."""

    address: str
    description: str = ""
    is_end: bool = False

    def shows(self, client: httpx2.Client, answered: dict[str, Any] | None = None) -> bool:
        """Tell whether the write shows here; what is there must be whole, and as it was answered."""
        answer = client.get(self.address)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return self.is_end
        found = answer.raise_for_status().json()
        counts = {kind: len(found[kind]) for kind in WHOLE}
        if counts != WHOLE:
            raise Half(f"{self.address} has {counts}")
        if self.is_end or found["description"] != self.description:
            return False
        if answered is not None and found != answered:
            raise Half(f"{self.address} reads otherwise than it was answered")
        return True


@dataclass
class Write:
    """One request; `adds` is by how many activities the register grows if it happens."""

    kind: str
    method: str
    path: str
    body: dict[str, Any]
    traces: tuple[Trace, ...]
    adds: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    status: int | None = None
    content: bytes = b""
    etag: str = ""
    has_happened: bool = False

    def send(self, client: httpx2.Client) -> httpx2.Response:
        """Send it under a name of its own, by which its event is found; note the name only."""
        self.names.append(str(uuid.uuid4()))
        content = json.dumps(self.body) if self.body else b""
        kind = "application/merge-patch+json" if self.method == "PATCH" else "application/json"
        headers = {**self.headers, "X-Request-ID": self.names[-1], "Content-Type": kind}
        return client.request(self.method, self.path, content=content, headers=headers)

    def try_on(self, client: httpx2.Client) -> bool:
        """Send it and note what was answered; tell whether anything was."""
        try:
            answer = self.send(client)
        except httpx2.TransportError:
            return False
        self.status, self.content = answer.status_code, answer.content
        self.etag = answer.headers.get("etag", "")
        return not self.is_in_flight

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether the caller was told that it is done."""
        return self.status in ACCEPTED

    @property
    def is_in_flight(self) -> bool:
        """Tell whether the caller knows nothing: no answer, or that the database is away."""
        return self.status in (None, HTTPStatus.SERVICE_UNAVAILABLE)

    @property
    def is_refused(self) -> bool:
        """Tell whether somebody else was faster."""
        return self.status == HTTPStatus.PRECONDITION_FAILED

    def answered(self) -> dict[str, Any] | None:
        """Return the document that the caller was answered, if it was one activity."""
        if not self.is_acknowledged or self.kind == "import" or not self.content:
            return None
        found: dict[str, Any] = json.loads(self.content)
        return found

    def shown(self, client: httpx2.Client) -> set[bool]:
        """Return whether its traces show: one answer, or both if it is there by halves."""
        return {trace.shows(client, self.answered()) for trace in self.traces}
