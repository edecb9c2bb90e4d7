"""Activities as Django REST framework serves them: related rows prefetched, pages by key."""

import base64
import json
from typing import Any, Final

from django.db.models import Prefetch, Q
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.speed.peer import models, serializers

PAGE: Final = 50


def activities() -> Any:  # noqa: ANN401 - a query set
    """Return whole activities, in one query for each table."""
    statements = models.Statement.objects.select_related("document", "recipient").prefetch_related(
        "citations",
        Prefetch("data", models.Datum.objects.select_related("category", "item")),
        Prefetch("links", models.Link.objects.select_related("term")),
        Prefetch("sources", models.Source.objects.select_related("recipient")),
        "places",
        Prefetch("mechanisms", models.Mechanism.objects.select_related("term")),
        "steps",
    )
    return models.Activity.objects.select_related("controller").prefetch_related(Prefetch("statements", statements))


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


def _cursor(last: Any) -> str:  # noqa: ANN401
    text = json.dumps(["name", last.sort, last.id], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
