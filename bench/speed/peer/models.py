"""The plain tables as Django's models."""

import datetime as dt
from typing import Any

from django.db import models


class Plain(models.Model):
    """A table that is there already."""

    class Meta:
        """Django makes none of these tables."""

        abstract = True
        managed = False
        app_label = "peer"

    def __str__(self) -> str:
        """Name the row."""
        return f"{type(self).__name__} {self.pk}"


def _text() -> Any:  # noqa: ANN401 - Django has no types of its own
    return models.TextField(null=True)


class Named(Plain):
    """What has a code and a name."""

    code = models.TextField(unique=True)
    name = _text()

    class Meta(Plain.Meta):
        """Two tables have these columns."""

        abstract = True


class Controller(Named):
    """A controller."""

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "controller"


class Recipient(Named):
    """A recipient."""

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "recipient"


class Document(Plain):
    """A document."""

    code = models.TextField(unique=True)
    controller = models.ForeignKey(Controller, models.PROTECT)
    date = models.DateField(null=True)

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "document"


class Term(Plain):
    """A term of a vocabulary."""

    vocabulary = models.TextField()
    code = models.TextField()
    label_tr = models.TextField()
    label_en = models.TextField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "term"

    @property
    def in_force(self) -> bool:
        """Tell whether it is in force today."""
        today = dt.datetime.now(dt.UTC).date()
        return not ((self.valid_from and self.valid_from > today) or (self.valid_to and self.valid_to < today))


class Activity(Plain):
    """An activity."""

    uid = models.TextField(unique=True)
    code = models.TextField(unique=True)
    controller = models.ForeignKey(Controller, models.PROTECT)
    name_tr = models.TextField()
    name_en = models.TextField()
    scope = models.TextField()
    description = _text()
    sort = models.TextField()
    revision = models.IntegerField()

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "activity"

    def of(self, kind: str) -> list["Statement"]:
        """Return the statements of one kind, prefetched."""
        found = [one for one in self.statements.all() if one.kind == kind]
        return sorted(found, key=lambda one: one.position)


class Statement(Plain):
    """A statement of any kind."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="statements")
    kind = models.TextField()
    position = models.IntegerField()
    document = models.ForeignKey(Document, models.PROTECT)
    key = models.TextField()
    polarity = models.TextField()
    condition = _text()
    until = _text()
    note = _text()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    data_reach = _text()
    data_as_stated = _text()
    subject_reach = _text()
    subject_as_stated = _text()
    purpose_reach = _text()
    purpose_as_stated = _text()
    bases_relate = _text()
    automatic = _text()
    obligation = _text()
    declared_special = _text()
    role = _text()
    recipient_role = _text()
    location = _text()
    recipient = models.ForeignKey(Recipient, models.PROTECT, null=True)
    recipient_as_stated = _text()
    recipient_certainty = _text()
    retention_kind = _text()
    as_stated = _text()
    exception = _text()
    law_ref = _text()
    interval_value = models.IntegerField(null=True)
    interval_unit = _text()
    joined = models.BooleanField(null=True)
    only_special = models.BooleanField(null=True)

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "statement"

    def linked(self, role: str, step: int | None = None) -> list["Link"]:
        """Return the links in one role, prefetched."""
        found = self.links.all()
        return [one for one in found if one.role == role and step in {None, one.step}]


class Below(Plain):
    """A row below a statement."""

    position = models.IntegerField()
    inferred_from = None

    class Meta(Plain.Meta):
        """Every such table has its position."""

        abstract = True


def _statement(name: str) -> Any:  # noqa: ANN401
    return models.ForeignKey(Statement, models.PROTECT, related_name=name)


def _key() -> Any:  # noqa: ANN401
    return models.CompositePrimaryKey("statement_id", "position")


class Citation(Below):
    """Where a document says it."""

    pk = _key()
    statement = _statement("citations")
    locator = models.TextField()
    form = models.TextField()

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "citation"


class Datum(Below):
    """A data category, a data item, or both."""

    pk = _key()
    statement = _statement("data")
    category = models.ForeignKey(Term, models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey(Term, models.PROTECT, null=True, related_name="+")
    as_stated = _text()
    category_as_stated = _text()
    certainty = models.TextField()

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "datum"


class Link(Below):
    """A link to a term in one role."""

    pk = models.CompositePrimaryKey("statement_id", "role", "position")
    statement = _statement("links")
    role = models.TextField()
    step = models.IntegerField()
    term = models.ForeignKey(Term, models.PROTECT)
    as_stated = _text()
    cited_as = _text()
    law_ref = _text()
    certainty = models.TextField()
    document = None

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "link"


class Source(Below):
    """From whom data come."""

    pk = _key()
    statement = _statement("sources")
    kind = models.TextField()
    recipient = models.ForeignKey(Recipient, models.PROTECT, null=True)
    as_stated = _text()
    certainty = models.TextField()

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "source"


class Place(Below):
    """Where a transfer goes."""

    pk = _key()
    statement = _statement("places")
    country = _text()
    as_stated = _text()
    certainty = models.TextField()

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "place"


class Mechanism(Below):
    """What allows a transfer abroad."""

    pk = _key()
    statement = _statement("mechanisms")
    term = models.ForeignKey(Term, models.PROTECT)
    as_stated = _text()
    cited_as = _text()
    law_ref = _text()
    certainty = models.TextField()
    status = models.TextField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    signed_on = models.DateField(null=True)
    notified_on = models.DateField(null=True)
    contract_type = _text()
    occasional = models.TextField()
    risk_information = models.TextField()
    until = _text()
    document = None

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "mechanism"


class Step(Below):
    """One step of a retention."""

    pk = _key()
    statement = _statement("steps")
    join = _text()
    value = models.IntegerField(null=True)
    unit = _text()
    bound = models.TextField()
    start_relation = models.TextField()
    starts_at = models.TextField()
    condition = _text()
    medium = _text()

    class Meta(Plain.Meta):
        """Its table."""

        db_table = "step"
