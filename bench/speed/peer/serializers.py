"""Activities and their statements as Django REST framework writes them."""

from typing import Any

from rest_framework import serializers


def _fields(*names: str) -> dict[str, Any]:
    return {name: serializers.ReadOnlyField() for name in names}


def _serializer(name: str, /, *same: str, **fields: Any) -> Any:  # noqa: ANN401 - any field
    """Declare a serializer of some fields under their own names, and of others."""
    return type(name, (serializers.Serializer,), {**_fields(*same), **fields})


def _code(source: str) -> Any:  # noqa: ANN401
    return serializers.CharField(source=source, allow_null=True, read_only=True)


class Linked(serializers.Field):
    """The links of a statement in one role."""

    def __init__(self, role: str) -> None:
        super().__init__(read_only=True, source="*")
        self.role = role
        self.one = LinkSerializer()

    def to_representation(self, value: Any) -> list[Any]:  # noqa: ANN401 - a statement, or a step of one
        """Write every link."""
        if hasattr(value, "linked"):
            found = value.linked(self.role)
        else:
            found = value.statement.linked(self.role, value.position)
        return [self.one.to_representation(link) for link in found]


class Kind(serializers.Field):
    """The statements of an activity of one kind."""

    def __init__(self, kind: str, serializer: Any) -> None:  # noqa: ANN401
        super().__init__(read_only=True, source="*")
        self.kind = kind
        self.one = serializer()

    def to_representation(self, value: Any) -> list[Any]:  # noqa: ANN401 - an activity
        """Write every statement."""
        return [self.one.to_representation(statement) for statement in value.of(self.kind)]


Label = _serializer("Label", tr=_code("label_tr"), en=_code("label_en"))
LinkSerializer = _serializer(
    "Link",
    *("as_stated", "cited_as", "law_ref", "certainty", "inferred_from", "document"),
    code=_code("term.code"),
    label=Label(source="term"),
    in_force=serializers.BooleanField(source="term.in_force"),
)
Datum = _serializer(
    "Datum",
    *("as_stated", "category_as_stated", "certainty", "inferred_from"),
    category=_code("category.code"),
    item=_code("item.code"),
    category_label=Label(source="category", allow_null=True),
    item_label=Label(source="item", allow_null=True),
)
Data = _serializer(
    "Data", reach=_code("data_reach"), as_stated=_code("data_as_stated"), members=Datum(source="data", many=True)
)
Subjects = _serializer(
    "Subjects",
    reach=_code("subject_reach"),
    as_stated=_code("subject_as_stated"),
    members=Linked("data_subject"),
)
Purposes = _serializer(
    "Purposes", reach=_code("purpose_reach"), as_stated=_code("purpose_as_stated"), members=Linked("purpose")
)
Bases = _serializer("Bases", relate=_code("bases_relate"), members=Linked("legal_basis"))
Recipient = _serializer(
    "Recipient",
    code=_code("recipient.code"),
    as_stated=_code("recipient_as_stated"),
    certainty=_code("recipient_certainty"),
    name=_code("recipient.name"),
    inferred_from=serializers.SerializerMethodField(),
    get_inferred_from=lambda *_: None,
)
Source = _serializer("Source", "kind", "as_stated", "certainty", "inferred_from", recipient=_code("recipient.code"))
Place = _serializer("Place", "country", "as_stated", "certainty", "inferred_from")
Mechanism = _serializer(
    "Mechanism",
    *("as_stated", "cited_as", "law_ref", "certainty", "inferred_from", "document", "status"),
    *("valid_from", "valid_to", "signed_on", "notified_on"),
    *("contract_type", "occasional", "risk_information", "until"),
    code=_code("term.code"),
    label=Label(source="term"),
    in_force=serializers.BooleanField(source="term.in_force"),
)
Step = _serializer(
    "Step",
    *("join", "value", "unit", "bound", "start_relation", "starts_at", "condition", "medium"),
    start_events=Linked("start_event"),
    renewed_by=Linked("renewal"),
    action=Linked("action"),
)
Interval = _serializer("Interval", value=_code("interval_value"), unit=_code("interval_unit"))


class Optional(serializers.Field):
    """An object that is null where a field is."""

    def __init__(self, serializer: Any, by: str) -> None:  # noqa: ANN401
        super().__init__(read_only=True, source="*")
        self.one = serializer()
        self.by = by

    def to_representation(self, value: Any) -> Any:  # noqa: ANN401 - a statement
        """Write it, or null."""
        return None if getattr(value, self.by) is None else self.one.to_representation(value)


Citation = _serializer("Citation", "locator", "form")


def _common() -> dict[str, Any]:
    names = ("key", "polarity", "condition", "until", "valid_from", "valid_to", "note")
    return {**_fields(*names), "document": _code("document.code"), "citations": Citation(many=True)}


def _about() -> dict[str, Any]:
    return {**_common(), "data": Data(source="*"), "data_subjects": Subjects(source="*")}


def _reasoned() -> dict[str, Any]:
    sets = {"purposes": Purposes(source="*"), "legal_bases": Bases(source="*")}
    return {**_about(), **sets, "collection_methods": Linked("collection_method"), **_fields("joined")}


Role = _serializer("Role", "role", **_about(), counterpart=Optional(Recipient, "recipient"))
Collection = _serializer(
    "Collection",
    *("automatic", "obligation", "declared_special"),
    **_about(),
    collection_methods=Linked("collection_method"),
    sources=Source(many=True),
)
Use = _serializer("Use", **_reasoned())
Transfer = _serializer(
    "Transfer",
    *("recipient_role", "location"),
    **_reasoned(),
    recipient=Optional(Recipient, "recipient"),
    places=Place(many=True),
    mechanisms=Mechanism(many=True),
)
Retention = _serializer(
    "Retention",
    *("as_stated", "exception", "law_ref"),
    **_about(),
    purposes=Purposes(source="*"),
    kind=_code("retention_kind"),
    steps=Step(many=True),
    destruction_interval=Optional(Interval, "interval_value"),
    destruction_months=serializers.SerializerMethodField(),
    get_destruction_months=lambda *_: [],
)
Measure = _serializer("Measure", "only_special", **_common(), measures=Linked("measure"))
Controller = _serializer("Controller", "code", "name")
Name = _serializer("Name", tr=_code("name_tr"), en=_code("name_en"))
Activity = _serializer(
    "Activity",
    *("code", "scope", "description", "revision"),
    id=_code("uid"),
    controller=Controller(),
    name=Name(source="*"),
    roles=Kind("roles", Role),
    collections=Kind("collections", Collection),
    uses=Kind("uses", Use),
    transfers=Kind("transfers", Transfer),
    retentions=Kind("retentions", Retention),
    measures=Kind("measures", Measure),
)
