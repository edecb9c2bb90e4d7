"""Where a caller is."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import Scope


def address_of(scope: Scope) -> IPv4Address | IPv6Address | None:
    """Return where the caller is; None where that is no address."""
    return _address((scope.get("client") or ("", 0))[0])


@lru_cache(maxsize=1000)
def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_loopback(scope: Scope) -> bool:
    """Tell whether the caller is on this machine; a Unix socket, which has no other end, is."""
    address = address_of(scope)
    return scope.get("client") is None if address is None else address.is_loopback
