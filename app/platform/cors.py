"""Which pages of other origins may call the service: none, unless the operator names them."""

from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
SENT: Final = (
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Envanter-Reason",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-ID",
)
READ: Final = (
    "Content-Disposition",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
)


def allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Let pages of these origins send and read what the contract uses; cookies are never taken."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=SENT,
        expose_headers=READ,
        allow_credentials=False,
    )
