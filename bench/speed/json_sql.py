"""One statement that gives an activity as JSON, in the SQL of either database: what the floor asks."""

from typing import Final

Fields = dict[str, str]
NULL: Final = "NULL"


class Writer:
    """Writes JSON expressions for one database."""

    def __init__(self, backend: str) -> None:
        self.is_sqlite = backend == "sqlite"
        self.mark = "?" if self.is_sqlite else "%s"
        self.today = "date('now')" if self.is_sqlite else "CURRENT_DATE"

    def object(self, fields: Fields) -> str:
        """Write one object."""
        if self.is_sqlite:
            return f"json_object({_pairs(fields)})"
        return f"(SELECT row_to_json(o) FROM (SELECT {_named(fields)}) o)"

    def array(self, fields: Fields, source: str, order: str) -> str:
        """Write the array of objects that a query gives; SQLite reads the order off the index of its source."""
        if self.is_sqlite:
            return f"(SELECT json_group_array(json_object({_pairs(fields)})) FROM {source})"
        rows = f"SELECT {_named(fields)} FROM {source} ORDER BY {order}"
        return f"coalesce((SELECT json_agg(o) FROM ({rows}) o), '[]')"

    def truth(self, condition: str) -> str:
        """Write true or false."""
        return f"json(CASE WHEN {condition} THEN 'true' ELSE 'false' END)" if self.is_sqlite else f"({condition})"

    def label(self, term: str) -> str:
        """Write the label of a joined term."""
        return self.object({"tr": f"{term}.label_tr", "en": f"{term}.label_en"})

    def optional_label(self, term: str) -> str:
        """Write the label of a term that may be missing."""
        return f"CASE WHEN {term}.id IS NOT NULL THEN {self.label(term)} END"

    def links(self, role: str, step: str = "") -> str:
        """Write the links of a statement in one role, with their labels."""
        in_force = f"coalesce(t.valid_from <= {self.today}, 1 = 1) AND coalesce(t.valid_to >= {self.today}, 1 = 1)"
        fields = {
            "code": "t.code",
            **{name: f"l.{name}" for name in ("as_stated", "cited_as", "law_ref", "certainty")},
            "inferred_from": NULL,
            "document": NULL,
            "label": self.label("t"),
            "in_force": self.truth(in_force),
        }
        joined = "CROSS JOIN term t" if self.is_sqlite else "JOIN term t ON t.id = l.term_id"
        where = "l.statement_id = s.id AND l.role = " + f"'{role}'" + step
        also = " AND t.id = l.term_id" if self.is_sqlite else ""
        return self.array(fields, f"link l {joined} WHERE {where}{also}", "l.position")

    def below(self, table: str, *names: str, **more: str) -> str:
        """Write the rows of a table below a statement."""
        fields = {name: f"b.{name}" for name in names} | more
        return self.array(fields, f"{table} b WHERE b.statement_id = s.id", "b.position")

    def data(self) -> str:
        """Write the data of a statement."""
        fields = {
            "category": "c.code",
            "item": "i.code",
            **{name: f"b.{name}" for name in ("as_stated", "category_as_stated", "certainty")},
            "inferred_from": NULL,
            "category_label": self.optional_label("c"),
            "item_label": self.optional_label("i"),
        }
        joins = "datum b LEFT JOIN term c ON c.id = b.category_id LEFT JOIN term i ON i.id = b.item_id"
        members = self.array(fields, f"{joins} WHERE b.statement_id = s.id", "b.position")
        return self.object({"reach": "s.data_reach", "as_stated": "s.data_as_stated", "members": members})

    def set(self, short: str) -> str:
        """Write a set of terms: how far it reaches, and its members."""
        reach = {"reach": f"s.{short}_reach", "as_stated": f"s.{short}_as_stated"}
        role = {"subject": "data_subject", "purpose": "purpose"}[short]
        return self.object({**reach, "members": self.links(role)})

    def recipient(self) -> str:
        """Write the recipient of a transfer, or the counterpart of a role."""
        fields = {
            "code": "r.code",
            "as_stated": "s.recipient_as_stated",
            "certainty": "s.recipient_certainty",
            "inferred_from": NULL,
            "name": "r.name",
        }
        return f"CASE WHEN r.id IS NOT NULL THEN {self.object(fields)} END"

    def kinds(self) -> dict[str, Fields]:
        """Return what each kind of statement has of its own."""
        about = {"data": self.data(), "data_subjects": self.set("subject")}
        bases = self.object({"relate": "s.bases_relate", "members": self.links("legal_basis")})
        methods = {"collection_methods": self.links("collection_method")}
        reasoned = {**about, "purposes": self.set("purpose"), "legal_bases": bases, **methods}
        reasoned["joined"] = self.truth("s.joined")
        return {
            "roles": {**about, "role": "s.role", "counterpart": self.recipient()},
            "collections": {**about, **methods, **self._collection()},
            "uses": reasoned,
            "transfers": {**reasoned, **self._transfer()},
            "retentions": {**about, "purposes": self.set("purpose"), **self._retention()},
            "measures": {"measures": self.links("measure"), "only_special": self.truth("s.only_special")},
        }

    def _collection(self) -> Fields:
        sources = self.below("source", "kind", "as_stated", "certainty", recipient=NULL, inferred_from=NULL)
        return {"sources": sources, **{name: f"s.{name}" for name in ("automatic", "obligation", "declared_special")}}

    def _transfer(self) -> Fields:
        days = ("valid_from", "valid_to", "signed_on", "notified_on")
        names = ("as_stated", "cited_as", "law_ref", "certainty", "status", *days, "contract_type")
        fields = {name: f"b.{name}" for name in (*names, "occasional", "risk_information", "until")}
        in_force = f"coalesce(t.valid_from <= {self.today}, 1 = 1) AND coalesce(t.valid_to >= {self.today}, 1 = 1)"
        fields |= {"code": "t.code", "inferred_from": NULL, "document": NULL, "label": self.label("t")}
        fields["in_force"] = self.truth(in_force)
        joined = "mechanism b JOIN term t ON t.id = b.term_id WHERE b.statement_id = s.id"
        return {
            "recipient": self.recipient(),
            "recipient_role": "s.recipient_role",
            "location": "s.location",
            "places": self.below("place", "country", "as_stated", "certainty", inferred_from=NULL),
            "mechanisms": self.array(fields, joined, "b.position"),
        }

    def _retention(self) -> Fields:
        step = " AND l.step = b.position"
        steps = self.below(
            "step",
            *("value", "unit", "bound", "start_relation", "starts_at", "condition", "medium"),
            join='b."join"',
            start_events=self.links("start_event", step),
            renewed_by=self.links("renewal", step),
            action=self.links("action", step),
        )
        interval = self.object({"value": "s.interval_value", "unit": "s.interval_unit"})
        return {
            "kind": "s.retention_kind",
            "steps": steps,
            "destruction_interval": f"CASE WHEN s.interval_value IS NOT NULL THEN {interval} END",
            "destruction_months": "json('[]')" if self.is_sqlite else "'[]'::json",
            **{name: f"s.{name}" for name in ("as_stated", "exception", "law_ref")},
        }

    def activity(self) -> str:
        """Write a whole activity, of the row `a` and its controller `o`."""
        names = ("polarity", "condition", "until", "valid_from", "valid_to", "note")
        common = {
            "key": "s.key",
            "document": "d.code",
            "citations": self.below("citation", "locator", "form"),
            **{name: f"s.{name}" for name in names},
        }
        source = "statement s JOIN document d ON d.id = s.document_id LEFT JOIN recipient r ON r.id = s.recipient_id"
        kinds = {
            kind: self.array(
                {**common, **own}, f"{source} WHERE s.activity_id = a.id AND s.kind = '{kind}'", "s.position"
            )
            for kind, own in self.kinds().items()
        }
        return self.object(
            {
                "id": "a.uid",
                "controller": self.object({"code": "o.code", "name": "o.name"}),
                "code": "a.code",
                "name": self.object({"tr": "a.name_tr", "en": "a.name_en"}),
                "scope": "a.scope",
                "description": "a.description",
                **kinds,
                "revision": "a.revision",
            }
        )


def _pairs(fields: Fields) -> str:
    return ", ".join(f"'{name}', {value}" for name, value in fields.items())


def _named(fields: Fields) -> str:
    return ", ".join(f'{value} AS "{name}"' for name, value in fields.items())
