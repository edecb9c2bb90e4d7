"""A small OIDC issuer: a process of its own with discovery, keys that rotate, and tokens of any content.

`python -m tests.auth.issuer PORT` serves it. POST /token signs the claims of the body by the newest key, POST
/rotate makes a new key, POST /away lets the keys be unavailable, and GET /asked says how often they were fetched.
"""

import json
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm


class Issuer:
    """The keys of the issuer, newest last."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.keys: list[tuple[str, str, Any]] = []
        self.is_away = False
        self.asked = 0
        self.rotate("RS256")

    def rotate(self, algorithm: str) -> None:
        """Make a new key; the one before stays known."""
        key: Any = (
            rsa.generate_private_key(65537, 2048) if algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())
        )
        self.keys = [*self.keys[-1:], (uuid.uuid4().hex, algorithm, key)]

    def public(self) -> dict[str, Any]:
        """Return the key set (RFC 7517)."""
        self.asked += 1
        return {
            "keys": [
                {**_public(algorithm, key), "kid": kid, "use": "sig", "alg": algorithm}
                for kid, algorithm, key in self.keys
            ]
        }

    def token(self, claims: dict[str, Any]) -> str:
        """Sign claims as an access token (RFC 9068); what is given wins."""
        now = int(time.time())
        known = {"iss": self.address, "aud": "envanter", "sub": "ayşe", "iat": now, "exp": now + 300, **claims}
        kid, algorithm, key = self.keys[-1]
        present = {name: value for name, value in known.items() if value is not None}
        return jwt.encode(present, key, algorithm=algorithm, headers={"kid": kid, "typ": "at+jwt"})


def _public(algorithm: str, key: Any) -> dict[str, Any]:  # noqa: ANN401 - RSA or EC
    kind = RSAAlgorithm if algorithm == "RS256" else ECAlgorithm
    document: dict[str, Any] = kind.to_jwk(key.public_key(), as_dict=True)
    return document


class Handler(BaseHTTPRequestHandler):
    """Answers for the issuer."""

    issuer: Issuer

    def do_GET(self) -> None:
        """Answer discovery and keys."""
        if self.path == "/asked":
            self._answer({"asked": self.issuer.asked})
        elif self.issuer.is_away:
            self.send_error(503)
        elif self.path == "/.well-known/openid-configuration":
            self._answer({"issuer": self.issuer.address, "jwks_uri": f"{self.issuer.address}/keys"})
        elif self.path == "/keys":
            self._answer(self.issuer.public())
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Do what the test asks for."""
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))) or b"{}")
        if self.path == "/token":
            self._answer({"token": self.issuer.token(body)})
            return
        if self.path == "/rotate":
            self.issuer.rotate(body.get("algorithm", "RS256"))
        else:
            self.issuer.is_away = body["away"]
        self._answer({})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    Handler.issuer = Issuer(f"http://127.0.0.1:{sys.argv[1]}")
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
