"""All resources that are created, read, changed and ended in the same way."""

import itertools
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
from fastapi.testclient import TestClient

from tests.activities.factories import activity
from tests.controllers.factories import controller
from tests.documents.factories import document
from tests.platform.calling import Json, make
from tests.recipients.factories import recipient
from tests.vocabularies.factories import VOCABULARIES, term

_numbers: Final = itertools.count(1)


@dataclass(frozen=True)
class Resource:
    """A resource: its address, a small body without code, and a text field that may be empty."""

    name: str
    body: Json
    text: str = "note"
    owner: str | None = None

    @property
    def path(self) -> str:
        """Address of the list."""
        return f"/v1/{self.name}"

    def example(self, code: str) -> Json:
        """Return a whole body."""
        return {**self.body, "code": code, self.text: "ilk hâli"}

    def add(self, client: TestClient) -> "Made":
        """Create one under a code that no other test uses."""
        code = f"deneme-{next(_numbers)}"
        answer = client.post(self.path, json=self.example(code))
        assert answer.status_code == 201, answer.text
        return Made(self, client, code, answer)


@dataclass
class Made:
    """A resource that a test has created, and how the test goes on with it."""

    resource: Resource
    client: TestClient
    bare: str
    answer: httpx2.Response
    path: str = field(init=False)

    def __post_init__(self) -> None:
        owner = self.resource.owner
        self.path = f"{self.resource.path}/{self.bare if owner is None else f'{owner}:{self.bare}'}"

    @property
    def first(self) -> Json:
        """What the creation answered."""
        body: Json = self.answer.json()
        return body

    def example(self, **fields: Any) -> Json:  # noqa: ANN401
        """Return the body that it was created with, and fields beside."""
        return self.resource.example(self.bare) | fields

    def get(self, **params: str) -> httpx2.Response:
        """Read it."""
        return self.client.get(self.path, params=params)

    def send(self, method: str, body: Json | None = None, etag: str | None = None) -> httpx2.Response:
        """Send a change, with the current ETag where none is named."""
        match = self.get().headers["etag"] if etag is None else etag
        return self.client.request(method, self.path, json=body, headers={"If-Match": match} if match else {})


RESOURCES: Final = (
    Resource("controllers", controller("x")),
    Resource("documents", document("x"), owner="acme"),
    Resource("recipients", recipient("x")),
    Resource(
        "activities",
        activity("x", uses=[{"purposes": ["finance_and_accounting"], "legal_bases": ["explicit_consent"]}]),
        text="description",
        owner="acme",
    ),
    *(Resource(name, term("x"), owner="acme") for name in VOCABULARIES),
)
LISTS: Final = tuple(resource.path for resource in RESOURCES)


def open_house(client: TestClient) -> None:
    """Add the controller that owns what tests create."""
    make(client, "/v1/controllers", controller("acme"))
