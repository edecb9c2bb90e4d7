"""Random writes to every kind of resource of a small register, through the API."""

import json
import random
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import select

from app.deriving.tables import Head, PairRow
from app.platform.revisions import alive
from app.register.members import pair_rank
from app.vocabularies.tables import Term
from tests.deriving.oracle import Pairs, Place, World
from tests.register.making import ADDRESSES, OWNER, Json, Register, ledger_of

KINDS: Final = ("roles", "collections", "uses", "transfers", "retentions", "measures")
REACHES: Final = ("listed", "listed", "including", "all", "all_except", "not_stated", "not_stated", "unreadable")
DAYS: Final = (None, None, "2023-03-01", "2024-05-27", "2024-08-31", "2024-09-01", "2025-02-01")
OFFICIAL: Final = {
    "data_categories": "identity",
    "data_items": "name_surname",
    "data_subject_categories": "customer",
    "legal_bases": "explicit_consent",
    "transfer_mechanisms": "old_explicit_consent",
}
CONSENTS: Final = ("old_explicit_consent", "derogation_explicit_consent", "consent_mechanism_regime_unknown")
MECHANISMS: Final = (*CONSENTS, "safeguard_standard_contract", "foreign_instrument")


class Writer:
    """Writes something at random; the same seed writes the same."""

    def __init__(self, register: Register, chance: random.Random) -> None:
        self.register = register
        self.chance = chance
        self.last = ""
        self.deck: list[str] = []
        self.writes: dict[str, Callable[[], tuple[str, str, Json | None]]] = {
            "statement": self.put_statement,
            "fewer_statements": self.delete_statement,
            "whole_activity": self.put_activity,
            "patched_activity": self.patch_activity,
            "gone_activity": self.delete_activity,
            "document": self.patch_document,
            "recipient": self.patch_recipient,
            "term": self.patch_term,
            "item": self.patch_item,
            "consent_term": self.patch_consent,
            "common_term": self.patch_common,
            "controller": self.patch_controller,
            "bundle": self.import_bundle,
        }

    def prepare(self) -> None:
        """Make a controller, two documents, recipients and terms in chains, and two activities."""
        register = self.register
        register.controller()
        register.document("d1", date="2024-05-27")
        register.document("d2")
        for number in range(1, 6):
            parent = {"parent": f"r{number - 1}"} if number > 1 else {}
            register.recipient(f"r{number}", group="suppliers", **parent)
        for vocabulary, official in OFFICIAL.items():
            register.term(vocabulary, "t1", under=[official])
            register.term(vocabulary, "t2")
            register.term(vocabulary, "t3", under=["acme:t2"])
        for name in ("a", "b"):
            register.add("/activities", **self.activity(name))

    def write(self) -> None:
        """Write one thing; every kind of write has its turn, and statements and terms have more."""
        if not self.deck:
            self.deck = [*self.writes, "statement", "statement", "term", "item", "recipient"]
            self.chance.shuffle(self.deck)
        method, path, content = self.writes[self.deck.pop()]()
        if method == "IMPORT":
            answer = self.register.client.post(
                path, content=json.dumps(content), headers={"Content-Type": "application/yaml"}
            )
        else:
            answer = self.register.send(method, path, content)
        self.last = f"{method} {path} {json.dumps(content)} -> {answer.status_code}"
        assert answer.status_code in {200, 201, 204}, f"{self.last} {answer.text}"

    def world(self) -> World:
        """Return what the API says of activities and of the terms around them."""
        ask = self.register.ask
        terms = {
            vocabulary: ask(f"/{ADDRESSES[vocabulary]}", controller=OWNER)["items"]
            for vocabulary in ("data_categories", "data_items", "data_subject_categories")
        }
        under = {
            f"{vocabulary}/{term['code']}": [f"{vocabulary}/{up['code']}" for up in term["under"]]
            for vocabulary, found in terms.items()
            for term in found
        }
        homes = {
            f"data_items/{term['code']}": [f"data_categories/{home['code']}" for home in term["categories"]]
            for term in [*terms["data_items"], ask("/data-items/name_surname")]
        }
        return World([qualified(one) for one in ask("/activities", limit=500)["items"]], under, homes)

    def derived(self) -> dict[Place, Pairs]:
        """Return the pairs that the derived rows give every statement, in codes and raised to their heads' floors."""
        ranks = (pair_rank("subject").label("s"), pair_rank("category").label("c"), pair_rank("item").label("i"))
        with ledger_of(self.register.client).reading() as session:
            terms = session.all(select(Term.id, Term.vocabulary, Term.code))
            codes: dict[int | None, str | None] = {row.id: f"{row.vocabulary}/{row.code}" for row in terms}
            heads = session.all(select(Head.place, Head.kind).where(alive(Head, None), Head.kind != "measures"))
            rows = session.all(
                select(Head.place, Head.kind, PairRow, *ranks)
                .join(PairRow, PairRow.set_id == Head.set_id)
                .where(alive(Head, None), alive(PairRow, None))
            )
        found: dict[Place, Pairs] = {place_of(head): {} for head in heads}
        for row in rows:
            limits = (row.condition, *(day and day.isoformat() for day in (row.valid_from, row.valid_to)))
            names = [codes.get(key) for key in (row.subject_id, row.category_id, row.item_id)]
            known = [None if name is None else rank for name, rank in zip(names, (row.s, row.c, row.i), strict=True)]
            found[place_of(row)][names[0], names[1], names[2], limits] = (known[0], known[1], known[2])
        return found

    # What is written

    def activity(self, name: str) -> Json:
        """Make a whole activity."""
        lists = {kind: [self.statement(kind, f"k{n}") for n in range(self.chance.randint(0, 2))] for kind in KINDS}
        return {"controller": OWNER, "code": name, "name": {"tr": name, "en": name}, **lists}

    def statement(self, kind: str, key: str) -> Json:
        """Make a statement of a kind."""
        pick = self.chance.choice
        content: Json = {"key": key, "document": pick(["acme:d1", "acme:d1", "acme:d2"])}
        content |= {"polarity": pick(["does", "does", "does", "does_not"]), "condition": pick([None, None, "if asked"])}
        content |= {"valid_from": pick([None, "2023-01-01"]), "valid_to": pick([None, None, "2025-12-31"])}
        if kind == "measures":
            return {**content, "measures": ["key_management"]}
        content |= {"data": self.data(), "data_subjects": self.subjects()}
        parts: dict[str, Callable[[], Json]] = {"transfers": self.transfer, "roles": lambda: {"role": "processor"}}
        return content | (parts[kind]() if kind in parts else {})

    def data(self) -> Json:
        """Make the data of a statement."""
        reach = self.chance.choice(REACHES)
        if reach not in {"listed", "including", "all_except"}:
            return {"reach": reach}
        category, item = self.term_of("data_categories"), self.term_of("data_items")
        certainty = self.chance.choice(["stated", "stated", "inferred", "unknown"])
        shapes = [{"category": category, "certainty": certainty}, {"item": item}, {"category": category, "item": item}]
        members = self.chance.sample(shapes, self.chance.randint(1, 2))
        return {"reach": reach, "members": members}

    def subjects(self) -> Json:
        """Make the data subjects of a statement."""
        reach = self.chance.choice(REACHES)
        if reach not in {"listed", "including", "all_except"}:
            return {"reach": reach}
        codes = {self.term_of("data_subject_categories") for _ in range(2)}
        certainty = self.chance.choice(["stated", "stated", "inferred"])
        return {"reach": reach, "members": [{"code": code, "certainty": certainty} for code in sorted(codes)]}

    def transfer(self) -> Json:
        """Make what only a transfer has."""
        pick = self.chance.choice
        content: Json = {"recipient": pick([None, "r1", "r2", "r3", "r4", "r5"])}
        content["location"] = pick([None, None, "abroad", "domestic", "domestic_or_abroad", "not_stated"])
        content["places"] = pick([[], [], ["US"], ["TR"], ["TR", "DE"], [{"as_stated": "servers"}]])
        content["legal_bases"] = pick([[], ["contract"], [self.term_of("legal_bases")]])
        content["mechanisms"] = pick([[], [], [self.mechanism()], [self.mechanism(), self.mechanism()]])
        return content

    def mechanism(self) -> Json:
        """Make a mechanism record."""
        pick = self.chance.choice
        code = pick([*MECHANISMS, self.term_of("transfer_mechanisms")])
        dates = {"valid_from": pick(DAYS), "signed_on": pick(DAYS)}
        return {
            "code": code,
            "status": pick(["in_force", "planned", "ended"]),
            "occasional": pick(["yes", "no"]),
            **dates,
        }

    def term_of(self, vocabulary: str) -> str:
        """Choose a term: the official one or one of the controller's own."""
        return self.chance.choice([OFFICIAL[vocabulary], "acme:t1", "acme:t2", "acme:t3"])

    # How it is written

    def put_statement(self) -> tuple[str, str, Json | None]:
        """Add or replace a statement."""
        kind, key = self.chance.choice([*KINDS, "collections", "transfers"]), f"k{self.chance.randint(0, 2)}"
        name = self.existing()
        return "PUT", f"/activities/acme:{name}/{kind}/{key}", self.statement(kind, key)

    def delete_statement(self) -> tuple[str, str, Json | None]:
        """End a statement, where there is one."""
        whole = self.register.ask(f"/activities/acme:{self.existing()}")
        found = [f"{kind}/{one['key']}" for kind in KINDS for one in whole[kind]]
        if not found:
            return self.put_statement()
        return "DELETE", f"/activities/{whole['code']}/{self.chance.choice(found)}", None

    def put_activity(self) -> tuple[str, str, Json | None]:
        """Replace a whole activity."""
        name = self.existing()
        return "PUT", f"/activities/acme:{name}", self.activity(name)

    def patch_activity(self) -> tuple[str, str, Json | None]:
        """Replace one list of an activity."""
        kind = self.chance.choice(KINDS)
        return "PATCH", f"/activities/acme:{self.existing()}", {kind: [self.statement(kind, "patched")]}

    def delete_activity(self) -> tuple[str, str, Json | None]:
        """End an activity, or bring it back."""
        codes = [one["code"] for one in self.register.ask("/activities", fields="code")["items"]]
        if len(codes) == 2:
            return "DELETE", f"/activities/{self.chance.choice(codes)}", None
        return "POST", "/activities", self.activity("b" if codes == ["acme:a"] else "a")

    def existing(self) -> str:
        """Choose an activity that there is."""
        found = self.register.ask("/activities", fields="code")["items"]
        return str(self.chance.choice(found)["code"]).removeprefix("acme:")

    def patch_document(self) -> tuple[str, str, Json | None]:
        """Change the dates of a document."""
        dates = {"date": self.chance.choice(DAYS), "effective_from": self.chance.choice(DAYS)}
        end = {"effective_to": self.chance.choice([None, "2025-12-31"])}
        return "PATCH", f"/documents/acme:{self.chance.choice(['d1', 'd2'])}", dates | end

    def patch_recipient(self) -> tuple[str, str, Json | None]:
        """Change seat, parent or group of a recipient; the far end of the chain as well."""
        pick, number = self.chance.choice, self.chance.randint(1, 5)
        changes: list[Json] = [{"seat": pick([None, "US", "TR"])}, {"group": pick([None, "suppliers", "banks"])}]
        if number > 1:
            changes.append({"parent": pick([None, f"r{number - 1}"])})
        return "PATCH", f"/recipients/r{number}", pick(changes)

    def patch_term(self) -> tuple[str, str, Json | None]:
        """Move a category or data-subject term under other ones."""
        vocabulary = self.chance.choice(["data_categories", "data_subject_categories"])
        return self.moved(vocabulary)

    def patch_consent(self) -> tuple[str, str, Json | None]:
        """Let an own basis or mechanism mean consent, or no longer."""
        return self.moved(self.chance.choice(["legal_bases", "transfer_mechanisms"]))

    def moved(self, vocabulary: str) -> tuple[str, str, Json | None]:
        """Put a term under terms before it."""
        number = self.chance.randint(1, 3)
        before = [OFFICIAL[vocabulary], *(f"acme:t{n}" for n in range(1, number))]
        under = self.chance.sample(before, self.chance.randint(0, min(2, len(before))))
        return "PATCH", f"/{ADDRESSES[vocabulary]}/acme:t{number}", {"under": under}

    def patch_item(self) -> tuple[str, str, Json | None]:
        """File an item under other home categories, or put it under another item."""
        if self.chance.random() < 0.5:
            return self.moved("data_items")
        homes = self.chance.sample(["identity", "acme:t1", "acme:t2", "acme:t3"], self.chance.randint(0, 2))
        return "PATCH", f"/data-items/acme:t{self.chance.randint(1, 3)}", {"categories": homes}

    def patch_common(self) -> tuple[str, str, Json | None]:
        """Change the dates of a common consent mechanism."""
        path = "/transfer-mechanisms/consent_mechanism_regime_unknown"
        return "PATCH", path, {"valid_from": self.chance.choice([None, "2016-10-07", "2020-01-01"])}

    def patch_controller(self) -> tuple[str, str, Json | None]:
        """Rename the controller."""
        return "PATCH", f"/controllers/{OWNER}", {"short_name": f"Acme {self.chance.randint(1, 9)}"}

    def import_bundle(self) -> tuple[str, str, Json | None]:
        """Write a document and an activity by a bundle."""
        document = {
            "controller": OWNER,
            "code": "d1",
            "title": "d1",
            "kind": "policy",
            "date": self.chance.choice(DAYS),
        }
        content = {"format": "envanter/1", "documents": [document], "activities": [self.activity(self.existing())]}
        return "IMPORT", "/v1/import", content


def place_of(row: Any) -> Place:  # noqa: ANN401 - a row with place and kind
    """Return where a head's statement stands."""
    activity, key = row.place.split(" ")
    return activity, row.kind, key


def qualified(activity: Json) -> Json:
    """Put the vocabulary before every code, so that one name means one term."""
    for kind in KINDS[:-1]:
        for statement in activity[kind]:
            for member in statement["data"]["members"]:
                for name, vocabulary in (("category", "data_categories"), ("item", "data_items")):
                    member[name] = member[name] and f"{vocabulary}/{member[name]}"
            for link in statement["data_subjects"]["members"]:
                link["code"] = f"data_subject_categories/{link['code']}"
    return activity
