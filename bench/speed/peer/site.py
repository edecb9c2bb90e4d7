"""The peer as gunicorn runs it."""

import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings


def _database() -> dict[str, Any]:
    address = os.environ["PEER_DATABASE"]
    if os.environ["PEER_BACKEND"] == "sqlite":
        init = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"transaction_mode": "IMMEDIATE", "init_command": init}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": address, "OPTIONS": options}
    parts = urlsplit(address)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    named = {"NAME": parts.path.strip("/"), "USER": parts.username, "PASSWORD": parts.password or "", "HOST": host}
    return {"ENGINE": "django.db.backends.postgresql", **named, "PORT": str(parts.port or "")}


settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {**_database(), "CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[],
    ROOT_URLCONF="bench.speed.peer.urls",
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django is set up first

application = get_wsgi_application()
