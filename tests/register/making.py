"""A small register to ask: made through the API by codes, in few words."""

from dataclasses import dataclass
from typing import Any, Final, cast

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.audit import Ledger

Json = dict[str, Any]
OWNER: Final = "acme"
ADDRESSES: Final = {
    "data_categories": "data-categories",
    "data_items": "data-items",
    "data_subject_categories": "data-subject-categories",
    "purposes": "purposes",
    "legal_bases": "legal-bases",
    "recipient_groups": "recipient-groups",
    "transfer_mechanisms": "transfer-mechanisms",
}


def ledger_of(client: TestClient) -> Ledger:
    """Return the ledger behind a caller."""
    return cast("Ledger", cast("FastAPI", client.app).state.ledger)


@dataclass(frozen=True)
class Register:
    """A caller that writes and asks for one controller."""

    client: TestClient

    def ask(self, path: str, **parameters: Any) -> Json:  # noqa: ANN401 - any JSON
        """Read one address and return its JSON."""
        response = self.client.get(f"/v1{path}", params=parameters)
        assert response.status_code == 200, response.text
        return cast("Json", response.json())

    def add(self, path: str, **content: Any) -> Json:  # noqa: ANN401
        """Create one resource."""
        response = self.client.post(f"/v1{path}", json=content)
        assert response.status_code == 201, response.text
        return cast("Json", response.json())

    def send(self, method: str, path: str, content: Json | None = None) -> Response:
        """Change one resource with the ETag that it has now (of the activity, for a statement)."""
        resource = "/".join(path.split("/")[:3])
        etag = self.client.get(f"/v1{resource}").headers.get("ETag", '"0-0"')
        return self.client.request(method, f"/v1{path}", json=content, headers={"If-Match": etag})

    def change(self, path: str, **content: Any) -> Json:  # noqa: ANN401
        """Patch one resource."""
        response = self.send("PATCH", path, content)
        assert response.status_code == 200, response.text
        return cast("Json", response.json())

    def remove(self, path: str) -> None:
        """Delete one resource or statement."""
        response = self.send("DELETE", path)
        assert response.status_code in {200, 204}, response.text

    def controller(self) -> None:
        """Add the controller that owns everything else."""
        self.add("/controllers", code=OWNER, short_name="Acme")

    def document(self, code: str = "politika", **content: Any) -> None:  # noqa: ANN401
        """Add a document of the controller."""
        self.add("/documents", controller=OWNER, code=code, title=code, **{"kind": "policy", **content})

    def recipient(self, code: str, **content: Any) -> None:  # noqa: ANN401
        """Add a recipient that all share."""
        self.add("/recipients", code=code, **{"name": code, "kind": "named", **content})

    def term(self, vocabulary: str, code: str, **content: Any) -> None:  # noqa: ANN401
        """Add a term of the controller's own."""
        label = {"tr": code, "en": code}
        self.add(f"/{ADDRESSES[vocabulary]}", controller=OWNER, code=code, **{"label": label, **content})

    def activity(self, code: str = "genel", document: str | None = "politika", **statements: list[Json]) -> None:
        """Add an activity; its statements rest on one document unless they name another."""
        rest = {} if document is None else {"document": document}
        kinds = {kind: [{**rest, **statement} for statement in found] for kind, found in statements.items()}
        self.add("/activities", controller=OWNER, code=code, name={"tr": code, "en": code}, **kinds)

    def transfers(self, **parameters: Any) -> list[Json]:  # noqa: ANN401
        """Return the facts of transfers."""
        return cast("list[Json]", self.ask("/facts/transfers", **parameters)["items"])

    def keys(self, **parameters: Any) -> list[str]:  # noqa: ANN401
        """Return the keys of the transfers that a question finds."""
        return sorted(fact["key"] for fact in self.transfers(limit=500, **parameters))

    def transfer(self, key: str, **parameters: Any) -> Json:  # noqa: ANN401
        """Return the fact of one transfer."""
        (fact,) = [fact for fact in self.transfers(limit=500, **parameters) if fact["key"] == key]
        return fact


def pairs_of(fact: Json) -> set[tuple[str | None, str | None]]:
    """Return (data-subject category, data category) of a row, from its data categories."""
    found: set[tuple[str | None, str | None]] = set()
    for category in fact["data_categories"]:
        subjects = [subject["code"] for subject in category["data_subject_categories"]]
        found |= {(subject, category["code"]) for subject in subjects or [None]}
    return found
