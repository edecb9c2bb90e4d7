"""Activities as Django REST framework serves them: related rows prefetched, pages by key."""

import base64
import json
from typing import Any, Final

from django.db import transaction
from django.db.models import Prefetch, Q
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from uuid_utils.compat import uuid7

from app.platform.text import sort_key
from bench.speed import plain
from bench.speed.filling import Filling, Keys
from bench.speed.floor_writes import terms_of
from bench.speed.peer import models, serializers

PAGE: Final = 50
BELOW: Final[dict[Any, Any]] = {
    plain.CITATION: models.Citation,
    plain.DATUM: models.Datum,
    plain.LINK: models.Link,
    plain.SOURCE: models.Source,
    plain.PLACE: models.Place,
    plain.MECHANISM: models.Mechanism,
    plain.STEP: models.Step,
}


def activities() -> Any:  # noqa: ANN401 - a query set
    """Return whole activities, in one query for each table."""
    statements = models.Statement.objects.select_related("document", "recipient").prefetch_related(
        _below("citations", models.Citation),
        _below("data", models.Datum, "category", "item"),
        _below("links", models.Link, "term"),
        _below("sources", models.Source, "recipient"),
        _below("places", models.Place),
        _below("mechanisms", models.Mechanism, "term"),
        _below("steps", models.Step),
    )
    return models.Activity.objects.select_related("controller").prefetch_related(Prefetch("statements", statements))


def _below(name: str, model: Any, *joined: str) -> Any:  # noqa: ANN401
    """Fetch the rows below all statements at once, in their order, with what they name."""
    rows = model.objects.order_by("position")
    return Prefetch(name, rows.select_related(*joined) if joined else rows)


class ActivityView(RetrieveAPIView):
    """One whole activity."""

    lookup_field = "code"
    serializer_class = serializers.Activity

    def get_queryset(self) -> Any:  # noqa: ANN401
        """Choose from all."""
        return activities()


class ActivitiesView(APIView):
    """A page of whole activities in the order of their names."""

    def get(self, request: Request) -> Response:
        """Read one page."""
        asked = request.query_params
        found = activities().order_by("sort", "id")
        if "controller" in asked:
            found = found.filter(controller__code=asked["controller"], scope=asked["scope"])
        if "cursor" in asked:
            _, value, key = json.loads(base64.urlsafe_b64decode(asked["cursor"] + "=="))
            found = found.filter(Q(sort__gt=value) | Q(sort=value, id__gt=key))
        page = list(found[:PAGE])
        items = serializers.Activity(page, many=True).data
        following = _cursor(page[-1]) if len(page) == PAGE else None
        return Response({"items": items, "next": following, "total": None})

    def post(self, request: Request) -> Response:
        """Create one activity with bulk inserts, and answer with it; what was sent is not validated."""
        document: Any = request.data
        with transaction.atomic():
            _create(document)
            made = activities().get(code=document["code"])
            return Response(serializers.Activity(made).data, status=201)


def _create(document: Any) -> None:  # noqa: ANN401 - any JSON
    filling = Filling(_keys(document))
    fields = {"controller_id": filling.controllers[document["controller"]], "sort": sort_key(document["name"]["tr"])}
    names = {
        "name_tr": document["name"]["tr"],
        "name_en": document["name"]["en"],
        "description": document["description"],
    }
    same = {"uid": str(uuid7()), "code": document["code"], "scope": document["scope"], "revision": 1}
    made = models.Activity.objects.create(**fields, **names, **same)
    filling.activity(made.id, made.uid, document, made.sort, 1)
    statements = [
        models.Statement(**{name: value for name, value in row.items() if name != "id"})
        for row in filling.rows[plain.STATEMENT]
    ]
    ids = [one.id for one in models.Statement.objects.bulk_create(statements)]
    for table, model in BELOW.items():
        rows = filling.rows.get(table, [])
        model.objects.bulk_create(model(**{**row, "statement_id": ids[row["statement_id"] - 1]}) for row in rows)


def _keys(document: Any) -> Keys:  # noqa: ANN401 - any JSON
    statements = [one for value in document.values() if isinstance(value, list) for one in value]
    named = [one[name]["code"] for one in statements for name in ("recipient", "counterpart") if one.get(name)]
    codes = {code for one in statements for code in terms_of(one)}
    terms = models.Term.objects.filter(code__in=codes).values_list("vocabulary", "code", "id")
    documents = models.Document.objects.filter(code__in={one["document"] for one in statements})
    return Keys(
        {(vocabulary, code): key for vocabulary, code, key in terms},
        dict(models.Recipient.objects.filter(code__in=named).values_list("code", "id")),
        dict(documents.values_list("code", "id")),
        dict(models.Controller.objects.filter(code=document["controller"]).values_list("code", "id")),
    )


def _cursor(last: Any) -> str:  # noqa: ANN401
    text = json.dumps(["name", last.sort, last.id], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
