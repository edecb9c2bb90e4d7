"""What each role may do: one table of addresses, read before anything else of a request."""

import ipaddress
import re
from typing import Final

from app.auth.callers import Role

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN: Final = re.compile(
    r"/(healthz|readyz|metrics|openapi\.json|docs(/oauth2-redirect)?|static-offline-docs(/.*)?)"
)  # the metrics answer to the networks that the operator names, and are not found by others
HISTORY: Final = r"/v1/[^/]+/[^/]+/(revisions|diff)(/.*)?"

# The first that fits decides; what stands in none is read by readers and changed by editors.
RULES: Final[tuple[tuple[re.Pattern[str], Role], ...]] = (
    (re.compile(r"/v1/keys(/.*)?"), "admin"),
    (re.compile(r"/v1/audit-events(/.*)?"), "auditor"),
    (re.compile(HISTORY), "auditor"),
)


def is_open(path: str) -> bool:
    """Tell whether an address needs no key: whether the service lives, and what it offers."""
    return OPEN.fullmatch(path) is not None


def needed_role(method: str, path: str) -> Role:
    """Return the least role that a request needs."""
    named: Role = next((role for pattern, role in RULES if pattern.fullmatch(path)), "reader")
    if method in SAFE or named == "admin":
        return named
    return "editor"


def is_loopback(host: str) -> bool:
    """Tell whether a name or address to listen on is reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_local(peer: str | None, host: str) -> bool:
    """Tell whether a request comes from this machine and asks for it by a name of its own.

    A page of another site that lets its name lead to loopback sends that name (DNS rebinding); it has dots.
    """
    name = re.sub(r":\d+$", "", host)
    return (peer is None or _is_own(peer)) and _is_own(name)


def _is_own(name: str) -> bool:
    """Tell whether a name is of loopback, or one that no other machine's resolver gives out."""
    return is_loopback(name) or re.search(r"[.:]", name) is None
