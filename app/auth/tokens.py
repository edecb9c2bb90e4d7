"""Verifies OIDC access tokens: JWTs of one issuer for one audience (RFC 9068), by the issuer's public keys."""

import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError, PyJWTError

from app.auth.callers import ROLES, Role
from app.auth.keys import refused
from app.platform.problems import Busy, Forbidden, Item
from app.platform.settings import Settings

# Asymmetric ones only: a public key must never serve as an HMAC secret, and `none` signs nothing.
ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY: Final = 10
PATIENCE: Final = 3
KEPT: Final = 300
UNKNOWN_KEY_PAUSE: Final = 2
EVERY_CONTROLLER: Final = "*"
NAME_LENGTH: Final = 200


@dataclass(frozen=True)
class Claims:
    """What a token says of its holder."""

    name: str
    role: Role
    controllers: tuple[str, ...] | None
    expires_at: datetime


@dataclass
class Issuer:
    """The issuer whose tokens are taken; its discovery document and its keys are fetched once needed, and kept."""

    address: str
    audience: str
    role_claim: str
    controllers_claim: str
    _keys: jwt.PyJWKClient | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, settings: Settings) -> "Issuer | None":
        """Return the issuer of the settings, if there is one."""
        if settings.oidc_issuer is None or settings.oidc_audience is None:
            return None
        claims = (settings.oidc_role_claim, settings.oidc_controllers_claim)
        return cls(settings.oidc_issuer, settings.oidc_audience, *claims)

    def verify(self, token: str) -> Claims:
        """Return what a token says, or refuse it; an issuer that does not answer is no reason to refuse."""
        try:
            key = self._key_of(token)
            content = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self.audience,
                issuer=self.address,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except PyJWKClientConnectionError as error:
            raise _away() from error
        except PyJWKClientError as error:
            raise refused(Item("token_key_unknown")) from error
        except PyJWTError as error:
            raise refused(Item("token_refused", {"reason": str(error)})) from error
        return self._claims(content)

    def _key_of(self, token: str) -> jwt.PyJWK:
        """Return the key that a token names; one that names none is by the only key that there is (RFC 7515, 4.1.4)."""
        client = self._client()
        name = jwt.get_unverified_header(token).get("kid")
        if name is not None:
            return client.get_signing_key(str(name))
        keys = client.get_signing_keys()
        if len(keys) > 1:
            raise refused(Item("token_key_unnamed"))
        return keys[0]

    def _claims(self, content: Mapping[str, Any]) -> Claims:
        named = _strings(_claim(content, self.role_claim))
        roles = [role for role in ROLES if role in named]
        if not roles:
            values = {"claim": self.role_claim, "names": ", ".join(ROLES)}
            raise Forbidden(Item("token_without_role", values))
        controllers = _strings(_claim(content, self.controllers_claim))
        if not controllers:
            raise Forbidden(Item("token_without_controllers", {"claim": self.controllers_claim}))
        every = EVERY_CONTROLLER in controllers
        return Claims(
            f"{str(content['sub'])[:NAME_LENGTH]} (oidc)",
            roles[-1],
            None if every else tuple(controllers),
            datetime.fromtimestamp(content["exp"], UTC),
        )

    def _client(self) -> jwt.PyJWKClient:
        with self._lock:
            if self._keys is None:
                document = self._discovered()
                address = document["jwks_uri"]
                self._keys = jwt.PyJWKClient(
                    address, lifespan=KEPT, timeout=PATIENCE, cooldown_duration=UNKNOWN_KEY_PAUSE
                )
            return self._keys

    def _discovered(self) -> dict[str, Any]:
        """Fetch the discovery document (OpenID Connect Discovery 1.0, section 4)."""
        address = f"{self.address.rstrip('/')}/.well-known/openid-configuration"
        try:
            # The settings take https, and http on loopback, only.
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310
                document: dict[str, Any] = json.load(answer)
            if document["issuer"] != self.address or not isinstance(document["jwks_uri"], str):
                raise _away()
        except urllib.error.HTTPError as error:
            error.close()
            raise _away() from error
        except (OSError, http.client.error, ValueError, KeyError, TypeError) as error:
            raise _away() from error
        return document


def _away() -> Busy:
    return Busy(Item("issuer_away"), headers={"Retry-After": "5"})


def _claim(content: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - a claim may hold anything
    """Return a claim by its name, or by its path such as `realm_access.roles`."""
    if name in content:
        return content[name]
    here: Any = content
    for part in name.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here


def _strings(value: Any) -> list[str]:  # noqa: ANN401 - a claim may hold anything
    """Read a claim that is a list of words, or words with spaces between."""
    if isinstance(value, str):
        return value.split()
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
