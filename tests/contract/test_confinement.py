"""Who is of one controller finds nothing of another, by any operation of the OpenAPI document."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.activities.tables import Activity
from app.controllers.tables import Controller
from app.documents.tables import Document
from app.platform.settings import ROOT
from app.recipients.tables import Recipient
from app.vocabularies.tables import Term
from tests.auth.factories import add_key, code_of, holding, ledger_of
from tests.contract.test_access import EXAMPLES, OWN, query_of
from tests.contract.test_openapi import OPERATIONS
from tests.platform.calling import done
from tests.platform.registers import opened

BUNDLE: Final = Path(ROOT / "seed" / "bundles" / "900-ornek.yaml")
HIDDEN: Final = "sakligizli"
WORD: Final = "hiçgörülmez"
NEVER: Final = "yokboyle"
GETS: Final = {name.split()[1]: found for name, found in OPERATIONS.items() if name.startswith("GET")}
OF_ALL: Final = {"/v1/audit-events/head", "/v1/audit-events/verify"}  # for callers of all controllers only
# Changes of keys touch no resource: they are told to callers of all controllers only.
WHAT: Final[dict[str, dict[str, Any]]] = {
    path: {"resource": ["controller", "activity", "term"]} for path in ("/v1/audit-events", "/v1/audit-events/export")
}
NO_TEXT: Final = {"key", "kind", "form", "date", "language", "seat", "country", "group", "vocabulary", "format", "unit"}
NAMING: Final = {"controller", "controllers", "values", "activity", "document", "recipient", "source", "parent"}


def hidden_bundle() -> str:
    """Return the bundle of another controller, of whom every code and every text holds a word that no other has."""
    content = yaml.safe_load(BUNDLE.read_text(encoding="utf-8"))
    content["controllers"] = [one for one in content["controllers"] if one["code"] == "ornek"]
    return yaml.safe_dump(disguised(content), allow_unicode=True)


def disguised(value: Any, field: str = "") -> Any:  # noqa: ANN401 - any part of a bundle
    """Give every code the other controller's name, and every text its word."""
    if isinstance(value, dict):
        return {name: disguised(content, name) for name, content in value.items()}
    if isinstance(value, list):
        return [disguised(one, field) for one in value]
    if not isinstance(value, str) or field in NO_TEXT:
        return value
    if "ornek" in value or field == "code":
        return value.replace("ornek", HIDDEN).replace("deneme", f"{HIDDEN}-deneme")
    return f"{value} {WORD}" if " " in value or field in {"tr", "en", "title", "locator"} else value


@dataclass(frozen=True)
class Reader:
    """A caller of one controller, what must not be in any answer, and the ids of what is hidden."""

    client: TestClient
    forbidden: tuple[str, ...]
    hidden_ids: list[tuple[str, str]]
    hidden_key: str
    own_key: str
    made: dict[str, str]

    def key(self, controllers: str | list[str]) -> str:
        """Return a key for some controllers, made once."""
        return self.made.setdefault(str(controllers), "") or self._make(controllers)

    def _make(self, controllers: str | list[str]) -> str:
        self.made[str(controllers)] = add_key(self.client, "auditor", controllers)
        return self.made[str(controllers)]

    def ask(self, path: str, **query: Any) -> httpx2.Response:  # noqa: ANN401
        """Ask, and make sure that nothing hidden is in the answer, but for what was asked."""
        answer = self.client.get(path, params=query)
        asked = f"{path} {query}"
        for word in self.forbidden:
            if word not in asked:
                assert word.casefold() not in answer.text.casefold(), (path, query, word)
        return answer


def hidden_of(client: TestClient) -> list[tuple[str, str]]:
    """Return the codes and ids of the other controllers and of what they own."""
    with ledger_of(client).reading() as session:
        own = set(session.all(select(Controller.id).where(Controller.code.in_(OWN))))
        keys = {row.id for row in own}
        controllers = session.all(select(Controller.code, Controller.uid).where(Controller.id.not_in(keys)))
        found = [(row.code, str(row.uid)) for row in controllers]
        for table in (Activity, Document, Recipient, Term):
            rows = session.all(select(table.code, table.uid).where(table.controller_id.not_in(keys)))
            found += [(row.code, str(row.uid)) for row in rows]
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    """An administrator of one controller (who may read most), beside five real ones and one that is hidden."""
    with opened(request, "seeded") as client:
        admin = holding(client, add_key(client))
        headers = {"Content-Type": "application/yaml", "Envanter-Reason": "sakligizli"}
        done(admin.post("/v1/import", content=hidden_bundle().encode(), headers=headers))
        others = hidden_of(client)
        hidden_key = add_key(client, "reader", [HIDDEN], name=WORD)
        own_key = add_key(client, "admin", OWN)
        codes = [f"{code}:" for code in ("kivi", "pronet", "kent_konut", "intense", "octopus_chat")]
        forbidden = (HIDDEN, WORD, *codes, *(uid for _, uid in others), code_of(hidden_key))
        yield Reader(holding(client, own_key), forbidden, others, hidden_key, own_key, {})


def addresses(path: str, **given: str) -> str:
    """Return the address of an operation."""
    return path.format_map({**EXAMPLES, **given})


def names_of(path: str) -> list[str]:
    """Return the query parameters of an operation that take text."""
    found = [p for p in GETS[path].get("parameters", []) if p["in"] == "query"]
    return [p["name"] for p in found if "string" in str(p["schema"])]


def test_the_hidden_controller_is_there_and_every_text_of_it_can_be_told(reader: Reader) -> None:
    assert len([code for code, _ in reader.hidden_ids if HIDDEN in code]) > 15
    assert len(reader.hidden_ids) > 250


@pytest.mark.parametrize("path", GETS)
def test_no_answer_holds_anything_of_another_controller(reader: Reader, path: str) -> None:
    own = addresses(path, api_key=code_of(reader.own_key))
    query = query_of(GETS[path])
    known = {p["name"] for p in GETS[path].get("parameters", [])}
    more = {"limit": "500", "count": "true", "ended": "include"}
    answer = reader.ask(own, **query, **{name: more[name] for name in more if name in known})
    assert answer.is_success or path in OF_ALL, answer.text
    if "format" in known:
        for name in ("csv", "html", "md"):
            reader.ask(own, **query, format=name)


@pytest.mark.parametrize("path", [path for path in GETS if "/facts/" in path])
def test_no_group_counts_anything_of_another_controller(reader: Reader, path: str) -> None:
    allowed = reader.ask(path, group_by="?").json()["errors"][0]["allowed"]
    for name in allowed:
        reader.ask(path, group_by=name, count_of="controller", limit=500, count=True)
        reader.ask(path, group_by=name, empty="true", limit=500)
    groups = reader.ask(path, group_by="controller").json()["items"]
    assert {group["controller"]["code"] for group in groups} <= set(OWN)


def alike(one: httpx2.Response, two: httpx2.Response, names: tuple[str, str]) -> bool:
    """Tell whether two answers say the same but for the names that were asked about."""
    texts = [
        re.sub(rf'{re.escape(name)}|"as_of":"[^"]+"', "—", answer.text)
        for answer, name in zip((one, two), names, strict=True)
    ]
    return one.status_code == two.status_code and texts[0] == texts[1]


@pytest.mark.parametrize("path", [path for path in GETS if "{" in path])
def test_what_is_hidden_answers_as_what_is_not_there(reader: Reader, path: str) -> None:
    name = re.findall(r"{(\w+)}", path)[0]
    if name == "api_key":
        pairs = [(code_of(reader.hidden_key), "0" * 12)]
    else:
        hidden = HIDDEN if name == "controller" else f"{HIDDEN}:{HIDDEN}-deneme"
        ids = [uid for code, uid in reader.hidden_ids if code == hidden]
        pairs = [(hidden, hidden.replace(HIDDEN, NEVER)), *((uid, str(uuid.uuid4())) for uid in ids)]
    for hidden, never in pairs:
        answers = [reader.client.get(addresses(path, **{name: code})) for code in (hidden, never)]
        assert answers[0].status_code == 404
        assert alike(answers[0], answers[1], (hidden, never)), answers[0].text


@pytest.mark.parametrize("path", GETS)
def test_a_filter_by_what_is_hidden_answers_as_one_by_what_is_not_there(reader: Reader, path: str) -> None:
    own = addresses(path, api_key=code_of(reader.own_key))
    query = query_of(GETS[path])
    is_question = "/questions/" in path
    for name in names_of(path):
        if is_question and name not in NAMING:
            continue
        hidden = HIDDEN if name.startswith("controller") else f"{HIDDEN}:{HIDDEN}-deneme"
        never = hidden.replace(HIDDEN, NEVER)
        answers = [reader.ask(own, **{**query, name: value}) for value in (hidden, never)]
        assert alike(answers[0], answers[1], (hidden, never)), (name, answers[0].text, answers[1].text)


def test_words_of_what_is_hidden_find_nothing(reader: Reader) -> None:
    for path in GETS:
        if "q" in names_of(path) and "{" not in path:
            answer = reader.ask(path, q=WORD, **query_of(GETS[path]))
            assert answer.status_code == 200, answer.text
            assert not [row for row in answer.json().get("items", []) if row.get("rows") != []], path


@pytest.mark.parametrize("path", [path for path in GETS if "/keys" not in path and path not in OF_ALL])
def test_who_may_see_all_controllers_by_name_gets_what_one_of_all_gets(reader: Reader, path: str) -> None:
    codes = [code for code, _ in reader.hidden_ids if ":" not in code]
    answers = []
    for secret in (reader.key("all"), reader.key([*codes, *OWN])):
        answer = holding(reader.client, secret).get(addresses(path), params=query_of(GETS[path]) | WHAT.get(path, {}))
        answers.append(re.sub(r'"as_of":"[^"]+"', "", answer.text))
    assert answers[0] == answers[1]
