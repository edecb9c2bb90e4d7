"""Every error that a caller can meet, as RFC 9457 problem documents.

Problem                     status, code and title; carries a list of items
├── Malformed               400  the request cannot be read
├── Unauthenticated         401  nobody said who calls, or it is not true
├── Forbidden               403  the caller is known and may not do this; names the role that may
├── NotFound                404  the address or the thing does not exist
├── MethodNotAllowed        405
├── InUse                   409  something else still needs it; names the users
├── Duplicate               409  the code is taken
├── Immutable               409  official terms, fixed codes
├── AlreadyDone             409  done before, and its answer is given once only
├── NoticeIncomplete        409  a strict notice that lacks something; the items are the gaps
├── NotRestorable           409  an old revision names what has ended since
├── Stale                   412  If-Match names an older revision
├── TooLarge                413
├── AddressTooLong          414
├── UnsupportedMediaType    415
├── Invalid                 422  the content breaks a rule
│   ├── UnknownParameter    422
│   ├── UnknownCode         422
│   └── KeyReused           422  an Idempotency-Key that came with another request
├── PreconditionRequired    428  a change without If-Match
├── TooManyRequests         429  the caller's rate is used up
├── Unexpected              500  a defect of the service; the log knows it by the request id
└── Busy                    503  the database does not answer; try again
    └── TooSlow             503  a statement took longer than it may
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from app.platform.messages import MESSAGES, TITLES


@dataclass(frozen=True)
class Item:
    """One thing wrong: a stable code, its parameters, and where it stands."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    pointer: str | None = None
    parameter: str | None = None
    allowed: Sequence[str] | None = None
    line: int | None = None
    text: dict[str, str] | None = None

    def message(self, language: str) -> str:
        """Say what is wrong in English or Turkish."""
        if self.text is not None:
            return self.text[language]
        return MESSAGES[self.code][language].format(**self.values)

    def at(self, prefix: str) -> "Item":
        """Return the same item below a JSON pointer."""
        return replace(self, pointer=f"{prefix}{self.pointer or ''}")

    def document(self, language: str) -> dict[str, Any]:
        """Return the wire shape: pointer or parameter, line, code, message, allowed."""
        message = self.message(language)
        if self.line is not None:
            place = {"line": self.line, "path": self.pointer or "/", "message": message}
            message = MESSAGES["line"][language].format(**place)
        shape = {
            "pointer": self.pointer,
            "parameter": self.parameter,
            "line": self.line,
            "code": self.code,
            "message": message,
            "allowed": None if self.allowed is None else list(self.allowed),
        }
        return {key: value for key, value in shape.items() if value is not None}


class Problem(Exception):
    """Anything that is answered with a problem document."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "error"

    def __init__(self, *items: Item, headers: dict[str, str] | None = None) -> None:
        super().__init__("; ".join(item.message("en") for item in items))
        self.items = items
        self.headers = headers or {}

    def document(self, language: str, instance: str) -> dict[str, Any]:
        """Return the RFC 9457 document in English or Turkish; the same thing is said once."""
        errors = [item.document(language) for item in self.items]
        return {
            "type": f"/problems/{self.code}",
            "title": TITLES[self.code][language],
            "status": self.status,
            "detail": " ".join(item.message(language) for item in self.items[:3]),
            "instance": instance,
            "errors": [error for place, error in enumerate(errors) if error not in errors[:place]],
        }


class Malformed(Problem):
    """The request cannot be read."""

    status, code = 400, "malformed"


class Unauthenticated(Problem):
    """Nobody said who calls, or what was said does not hold (RFC 6750)."""

    status, code = 401, "unauthenticated"


class Forbidden(Problem):
    """The caller is known and may not do this."""

    status, code = 403, "forbidden"


class NotFound(Problem):
    """The address or the thing does not exist."""

    status, code = 404, "not-found"


class MethodNotAllowed(Problem):
    """The address exists but does not know the method."""

    status, code = 405, "method-not-allowed"


class InUse(Problem):
    """Something else still needs the thing; the items name the users."""

    status, code = 409, "in-use"


class Duplicate(Problem):
    """The code is taken."""

    status, code = 409, "duplicate"


class Immutable(Problem):
    """Official terms and codes do not change through the API."""

    status, code = 409, "immutable"


class AlreadyDone(Problem):
    """The request was carried out before, and its answer is one that is given once only."""

    status, code = 409, "already-done"


class NoticeIncomplete(Problem):
    """A notice that must be complete lacks something; the items are the gaps."""

    status, code = 409, "notice-incomplete"


class NotRestorable(Problem):
    """An old revision cannot become the current one: what it names has ended, or a rule no longer allows it."""

    status, code = 409, "not-restorable"


class Stale(Problem):
    """If-Match names an older revision."""

    status, code = 412, "stale"


class TooLarge(Problem):
    """The body is larger than the service takes."""

    status, code = 413, "too-large"


class AddressTooLong(Problem):
    """The address with its query is longer than the service takes."""

    status, code = 414, "address-too-long"


class UnsupportedMediaType(Problem):
    """The body is of a kind that the operation does not read."""

    status, code = 415, "unsupported-media-type"


class Invalid(Problem):
    """The content breaks a rule."""

    status, code = 422, "invalid"


class UnknownParameter(Invalid):
    """A query parameter that the operation does not have."""

    code = "unknown-parameter"


class UnknownCode(Invalid):
    """A code that names nothing."""

    code = "unknown-code"


class KeyReused(Invalid):
    """An Idempotency-Key that came with another body or operation before."""

    code = "idempotency-key-reused"


class PreconditionRequired(Problem):
    """A change without If-Match."""

    status, code = 428, "precondition-required"


class TooManyRequests(Problem):
    """The caller made as many requests as it may in a while."""

    status, code = 429, "too-many-requests"


class Unexpected(Problem):
    """A defect of the service; its document says nothing of the inside but the id that the log knows it by."""

    status, code = 500, "unexpected"

    def document(self, language: str, instance: str) -> dict[str, Any]:
        """Return the problem document with the id of the request."""
        return {**super().document(language, instance), "request_id": self.items[0].values["request_id"]}


class Busy(Problem):
    """The database does not answer in time."""

    status, code = 503, "busy"


class TooSlow(Busy):
    """A statement took longer than the operator lets it."""

    code = "too-slow"


def not_found(where: str, name: str) -> NotFound:
    """Say that no such thing exists."""
    return NotFound(Item("not_found", {"where": where, "name": name}))
