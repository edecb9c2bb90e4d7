"""Text in addresses is composed (NFC) like what is stored, so that it finds it however it was typed.

What is no UTF-8 is refused: read leniently it would be another text, which finds nothing or something else.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.platform.http import problem_response
from app.platform.problems import Item, Malformed

BEYOND_ASCII: Final = re.compile(rb"[\x80-\xff]|%[89A-Fa-f][0-9A-Fa-f]")


class Composing:
    """Compose path and query; an address of ASCII alone, as nearly all are, is only looked at."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            try:
                compose_address(scope)
            except UnicodeDecodeError:
                problem = Malformed(Item("bad_address"))
                await problem_response(Request(scope), problem)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def compose_address(scope: Scope) -> None:
    """Compose the path and each name and value of the query; raise UnicodeDecodeError for what is no UTF-8."""
    if BEYOND_ASCII.search(scope.get("raw_path") or b""):
        unquote_to_bytes(scope["raw_path"]).decode()
    if not scope["path"].isascii():
        scope["path"] = unicodedata.normalize("NFC", scope["path"])
    query: bytes = scope["query_string"]
    if BEYOND_ASCII.search(query):
        unquote_to_bytes(query).decode()
        pairs = parse_qsl(query.decode(), keep_blank_values=True)
        scope["query_string"] = urlencode([(_composed(name), _composed(value)) for name, value in pairs]).encode()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
