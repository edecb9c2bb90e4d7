"""Random edits, deletions, renamings and returns of everything in a seeded register, through the API."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import httpx2
from fastapi.testclient import TestClient

from tests.contract.resources import RESOURCES
from tests.platform.calling import Json, read

NAMES: Final = {"controllers": "short_name", "documents": "title", "recipients": "name", "activities": "name"}
OFFICIAL: Final = {
    "purposes": ("finance_and_accounting", "storage_and_archiving", "informing_authorised_bodies"),
    "legal_bases": ("explicit_consent", "legal_obligation", "contract"),
    "data": ("identity", "contact", "finance"),
    "data_subjects": ("employee", "customer"),
}
WRITTEN: Final = frozenset({200, 201, 204})
REFUSED: Final = frozenset({404, 409, 422})

Edit = Callable[[], httpx2.Response]


class Editor:
    """Edits at random; the same seed edits the same register in the same way."""

    def __init__(self, client: TestClient, chance: random.Random) -> None:
        self.client = client
        self.chance = chance
        self.done: Counter[str] = Counter()
        self.codes = {one.name: self._codes(one.name) for one in RESOURCES}
        self.edits: dict[str, Edit] = {
            "rename": self.rename,
            "end": self.end,
            "end_activity": self.end_activity,
            "add": self.add,
            "restore": self.restore,
            "state": self.state,
            "deny": self.deny,
            "move_recipient": self.move_recipient,
            "date_document": self.date_document,
            "move_term": self.move_term,
            "address_controller": self.address_controller,
        }

    def edit(self, times: int) -> None:
        """Change something so many times, in every way once; what is refused for a good reason does not count.

        Few whole activities end, so that there is something left to edit.
        """
        names = [*(name for name in self.edits if name != "end_activity"), "rename", "rename", "state", "state"]
        turns = [*self.edits, *self.chance.choices(names, k=times - len(self.edits))]
        for name in turns:
            self._until_written(name)

    def _until_written(self, name: str) -> None:
        for _ in range(200):
            answer = self.edits[name]()
            assert answer.status_code in WRITTEN | REFUSED, answer.text
            if answer.status_code in WRITTEN:
                self.done[name] += 1
                return
        raise AssertionError(f"{name} is always refused")

    def _codes(self, resource: str) -> list[str]:
        return [item["code"] for item in read(self.client, f"/v1/{resource}", limit=500, fields="code")["items"]]

    def _any(self, resource: str) -> str:
        return f"/v1/{resource}/{self.chance.choice(self.codes[resource])}"

    def _send(self, method: str, path: str, body: Json | None = None) -> httpx2.Response:
        resource = "/".join(path.split("/")[:4])
        etag = self.client.get(resource).headers.get("etag", '"1-0"')
        return self.client.request(method, path, json=body, headers={"If-Match": etag})

    def _text(self) -> str:
        return f"Yeni ad {self.chance.randrange(10**6)}"

    def _resource(self) -> str:
        return self.chance.choice(RESOURCES).name

    # What is written

    def rename(self) -> httpx2.Response:
        """Give a thing another name."""
        resource = self._resource()
        field = NAMES.get(resource, "label")
        text: Any = self._text()
        if field == "label" or resource == "activities":
            text = {"tr": text, "en": text}
        return self._send("PATCH", self._any(resource), {field: text})

    def end(self) -> httpx2.Response:
        """End anything but an activity, where nothing uses it."""
        resource = self.chance.choice([one.name for one in RESOURCES if one.name != "activities"])
        return self._send("DELETE", self._any(resource))

    def end_activity(self) -> httpx2.Response:
        """End an activity with all its statements."""
        return self._send("DELETE", self._any("activities"))

    def add(self) -> httpx2.Response:
        """Add a thing of the practice controller."""
        resource = self.chance.choice([one for one in RESOURCES if one.name != "controllers"])
        body: Json = {**resource.body, "code": f"yeni-{self.chance.randrange(10**6)}", "controller": "ornek"}
        answer = self.client.post(resource.path, json=body)
        self.codes[resource.name].append(str(answer.json()["code"]))
        return answer

    def restore(self) -> httpx2.Response:
        """Bring back any revision of a thing that has had several, or has ended."""
        resource = self._resource()
        items = read(self.client, f"/v1/{resource}", changed_since=2, limit=500, fields="code,revision")["items"]
        if not items:
            return self.client.get("/v1/controllers/nobody")
        chosen = self.chance.choice(items)
        number = self.chance.randint(1, chosen["revision"])
        path = f"/v1/{resource}/{chosen['code']}/revisions/{number}/restore"
        return self.client.post(path, headers={"If-Match": f'"{chosen["revision"]}-0"'})

    def state(self) -> httpx2.Response:
        """Add or replace a statement."""
        pick = self.chance.choice
        kind, key = pick(["uses", "collections", "transfers", "retentions"]), f"k{self.chance.randrange(3)}"
        body: Json = {"data": [pick(OFFICIAL["data"])], "data_subjects": [pick(OFFICIAL["data_subjects"])]}
        if kind in {"uses", "transfers"}:
            body |= {name: [pick(OFFICIAL[name])] for name in ("purposes", "legal_bases")}
        if kind == "transfers":
            body |= {"places": [pick(["US", "DE", "TR"])], "recipient": pick(self.codes["recipients"])}
        return self._send("PUT", f"{self._any('activities')}/{kind}/{key}", body)

    def deny(self) -> httpx2.Response:
        """End a statement."""
        path = self._any("activities")
        answer = self.client.get(path)
        if answer.status_code not in WRITTEN:
            return answer
        whole = answer.json()
        places = [f"{kind}/{one['key']}" for kind in ("uses", "collections", "transfers") for one in whole[kind]]
        return self._send("DELETE", f"{path}/{self.chance.choice(places or ['uses/none'])}")

    def move_recipient(self) -> httpx2.Response:
        """Give a recipient another seat or group."""
        pick = self.chance.choice
        return self._send("PATCH", self._any("recipients"), pick([{"seat": pick(["US", "TR"])}, {"group": "banks"}]))

    def date_document(self) -> httpx2.Response:
        """Date a document anew, or withdraw it."""
        pick = self.chance.choice
        changes: list[Json] = [{"date": "2023-03-01"}, {"status": "withdrawn"}, {"effective_to": "2025-12-31"}]
        return self._send("PATCH", self._any("documents"), pick(changes))

    def move_term(self) -> httpx2.Response:
        """Put a term of a controller under another one, or under none."""
        resource = self.chance.choice(["purposes", "data-categories", "recipient-groups", "legal-bases"])
        broader = self.chance.choice(self.codes[resource])
        return self._send("PATCH", self._any(resource), {"under": self.chance.choice([[], [broader]])})

    def address_controller(self) -> httpx2.Response:
        """Change how to reach a controller."""
        return self._send("PATCH", self._any("controllers"), {"email": f"k{self.chance.randrange(99)}@x.example"})
