"""The door: every request says who calls before anything else of it is read; handlers cannot forget it."""

import hashlib
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import anyio.to_thread
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.callers import CALLER, LOCAL, Caller
from app.auth.keys import Uses, exists_any, refused, verify
from app.auth.rules import is_local, is_open, needed_role
from app.auth.secrets import read_secret
from app.platform.database import Database, ReadSession
from app.platform.http import problem_response
from app.platform.problems import Item, Problem, Unauthenticated
from app.platform.settings import Settings
from app.platform.tracing import note_caller

KEPT: Final = 2.0
MOST_KEPT: Final = 10_000

if TYPE_CHECKING:
    from app.auth.tokens import Issuer

FindControllers = Callable[[ReadSession, Collection[str]], frozenset[int]]


@dataclass(frozen=True)
class _Known:
    caller: Caller
    until: float
    expires_at: datetime | None

    def holds(self) -> bool:
        return time.monotonic() < self.until and (self.expires_at is None or datetime.now(UTC) < self.expires_at)


class Authenticator:
    """Finds out who calls; what it found holds for two seconds, so that a busy caller costs no statement.

    So a key that is revoked opens nothing after two seconds, on every worker; on the worker that revokes, at once.
    """

    def __init__(self, database: Database, settings: Settings, find_controllers: FindControllers) -> None:
        self._database = database
        self._find_controllers = find_controllers
        self._issuer = _issuer_of(settings)
        self._is_required = settings.authentication == "required" or self._issuer is not None
        self._uses = Uses(database)
        self._known: dict[bytes, _Known] = {}
        self._open_until = 0.0
        self._lock = threading.Lock()

    @property
    def has_issuer(self) -> bool:
        """Tell whether tokens of an issuer are taken beside keys."""
        return self._issuer is not None

    def is_configured(self) -> bool:
        """Tell whether a key is needed: by the settings, or because there is one."""
        if not self._is_required:
            with self._database.reading() as session:
                self._is_required = exists_any(session)
        return self._is_required

    def known(self, credential: str | None) -> Caller | None:
        """Return the caller if it was found out a moment ago; this waits for nothing."""
        if credential is None:
            return LOCAL if not self._is_required and time.monotonic() < self._open_until else None
        found = self._known.get(_mark(credential))
        return found.caller if found is not None and found.holds() else None

    def find(self, credential: str | None) -> Caller:
        """Find out who calls, or refuse; this asks the database, and the issuer if need be."""
        if credential is None:
            if self.is_configured():
                raise _nobody()
            self._open_until = time.monotonic() + KEPT
            return LOCAL
        caller, expires_at = self._verified(credential)
        with self._lock:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            self._known[_mark(credential)] = _Known(caller, time.monotonic() + KEPT, expires_at)
        if caller.key_id is not None:
            self._uses.note(caller.key_id)
        return caller

    def forget(self) -> None:
        """Forget what was found out: a key was made or revoked here."""
        with self._lock:
            self._known.clear()
            self._open_until = 0.0

    def close(self) -> None:
        """Write what is still to be noted."""
        self._uses.close()

    def _verified(self, credential: str) -> tuple[Caller, datetime | None]:
        given = read_secret(credential)
        if given is not None:
            with self._database.reading() as session:
                return verify(session, given)
        if self._issuer is None:
            raise refused(Item("key_unknown"))
        claims = self._issuer.verify(credential)
        controllers = None
        if claims.controllers is not None:
            with self._database.reading() as session:
                controllers = self._find_controllers(session, claims.controllers)
        return Caller(claims.name, claims.role, controllers), claims.expires_at


class Door:
    """Lets requests through with their caller, refuses those without (401) and those of too low a role (403)."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self.app = app
        self.authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who calls; what was found a moment ago needs no thread."""
        if scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            scope[CALLER] = await self._caller(request)
            note_caller(request, scope[CALLER].name)
            scope[CALLER].require(needed_role(request.method, scope["path"]))
        except Problem as problem:
            await problem_response(request, problem)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _caller(self, request: Request) -> Caller:
        credential = _credential(request)
        caller = self.authenticator.known(credential)
        if caller is None:
            caller = await anyio.to_thread.run_sync(self.authenticator.find, credential)
        if caller is LOCAL and not is_local(request.client and request.client.host, request.headers.get("host", "")):
            raise _nobody()
        return caller


def authenticator_of(request: Request) -> Authenticator:
    """Return what the application finds out with who calls."""
    found: Authenticator = request.app.state.authenticator
    return found


def _credential(request: Request) -> str | None:
    """Return what stands after `Bearer` (RFC 6750, section 2.1); no other way to send it is taken."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, credential = header.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise _nobody()
    return credential.strip()


def _nobody() -> Unauthenticated:
    return Unauthenticated(Item("key_missing"), headers={"WWW-Authenticate": "Bearer"})


def _mark(credential: str) -> bytes:
    return hashlib.sha256(credential.encode()).digest()


def _issuer_of(settings: Settings) -> "Issuer | None":
    if settings.oidc_issuer is None:
        return None
    from app.auth.tokens import Issuer  # noqa: PLC0415 - cryptography, for those with an issuer (docs/decisions/0014)

    return Issuer.of(settings)
