"""API keys as callers hold them: `env_<id>_<secret>`; the register keeps a digest of the secret."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

WRITTEN: Final = re.compile(r"env_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Secret:
    """A key as it is written."""

    code: str
    secret: str

    def __str__(self) -> str:
        """Write the key as callers send it."""
        return f"env_{self.code}_{self.secret}"

    @property
    def digest(self) -> str:
        """Return what the register keeps; 256 random bits need no slow hash."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


def new_secret() -> Secret:
    """Make a key that nobody has."""
    return Secret(secrets.token_hex(6), secrets.token_urlsafe(32))


def read_secret(text: str) -> Secret | None:
    """Read a key as a caller sends it, or None if it is not written as one."""
    found = WRITTEN.fullmatch(text)
    return None if found is None else Secret(found[1], found[2])
