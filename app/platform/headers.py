"""Headers that every answer carries: what browsers may do with it, and that it is not to be stored."""

from collections.abc import Iterable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header = tuple[bytes, bytes]

NOTHING: Final = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
FEATURES: Final = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
ALWAYS: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in FEATURES).encode()),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# An answer that says nothing else about itself shows nothing and is stored nowhere.
UNLESS_SAID: Final[tuple[Header, ...]] = (
    (b"content-security-policy", NOTHING),
    (b"cache-control", b"no-store"),
)


class SecurityHeaders:
    """Add the headers; Strict-Transport-Security only where the caller came by https and the operator wants it."""

    def __init__(self, app: ASGIApp, hsts_seconds: int, storable: str) -> None:
        self.app = app
        self.secure = [*ALWAYS]
        if hsts_seconds:
            self.secure.append((b"strict-transport-security", f"max-age={hsts_seconds}".encode()))
        self.storable = storable

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        always = self.secure if scope.get("scheme") == "https" else ALWAYS

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *always, *self._unsaid(scope, message)]
            await send(message)

        await self.app(scope, receive, secured)

    def _unsaid(self, scope: Scope, message: Message) -> Iterable[Header]:
        said = {name.lower() for name, _ in message.get("headers", ())}
        if scope["path"].startswith(self.storable):
            said.add(b"cache-control")
        return [header for header in UNLESS_SAID if header[0] not in said]
