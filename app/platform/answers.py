"""Idempotency-Key: the answer to a POST is kept with its effect, in one transaction, and given again.

A key belongs to a caller and to one request: method, address with query, and body. What is refused is not kept, so
that it can be corrected and sent again. Reasons: docs/decisions/0012-operation.md.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from fastapi import Request, Response
from sqlalchemy import LargeBinary, Text, and_, delete, insert, or_, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from app.platform.database import Base, WriteSession
from app.platform.http import ANSWER_KEY, BODY_KEY, Replay
from app.platform.instants import UtcTime
from app.platform.problems import AlreadyDone, Invalid, Item, KeyReused
from app.platform.tenancy import SERVICE, seen

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
PARAMETER: Final[dict[str, Any]] = {
    "name": HEADER.lower(),
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
    "description": "A text of your own, new for each request, such as a UUID, kept for a day. Sent again with the "
    "same body, the same answer comes again (`Idempotency-Replayed: true`) and nothing is done twice; another: 422",
}
# One write brings one row and clears away up to this many, so the table never grows for ever.
MOST_CLEARED: Final = 100


@seen(SERVICE)
class KeptAnswer(Base):
    """The answer to a POST that came with a key."""

    __tablename__ = "kept_answer"
    __table_args__ = ({"info": {"not_history": "an answer is kept for a day, for whoever asks the same again"}},)

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcTime(), index=True)
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(Text())
    body: Mapped[bytes | None] = mapped_column(LargeBinary())


@dataclass(frozen=True)
class Once:
    """A POST with a key, to be carried out once."""

    caller: str
    key: str
    request: str
    since: datetime

    def give_again(self, session: WriteSession) -> None:
        """Raise Replay where the answer is kept; refuse the key where it came with another request."""
        named = and_(KeptAnswer.caller == self.caller, KeptAnswer.key == self.key, KeptAnswer.at >= self.since)
        columns = (KeptAnswer.request, KeptAnswer.status, KeptAnswer.headers, KeptAnswer.body)
        with session.unscoped():
            kept = session.first(select(*columns).where(named))
        if kept is None:
            return
        if kept.request != self.request:
            raise KeyReused(Item("idempotency_key_reused", parameter=HEADER.lower()))
        if kept.body is None:
            raise AlreadyDone(Item("answer_not_kept", parameter=HEADER.lower()))
        response = Response(kept.body, kept.status)
        for name, value in [*orjson.loads(kept.headers), (REPLAYED, "true")]:
            response.headers[name] = value
        raise Replay(response)

    def keep(self, session: WriteSession, response: Response) -> None:
        """Keep the answer beside its effect; one that must not be stored leaves a mark that it was given."""
        self._clear(session)
        is_secret = "no-store" in response.headers.get("cache-control", "")
        headers = [pair for pair in response.headers.items() if pair[0] != "content-length"]
        session.execute(
            insert(KeptAnswer).values(
                caller=self.caller,
                key=self.key,
                request=self.request,
                at=datetime.now(UTC),
                status=response.status_code,
                headers=orjson.dumps([] if is_secret else headers).decode(),
                body=None if is_secret else bytes(response.body),
            )
        )

    def _clear(self, session: WriteSession) -> None:
        """Remove what is no longer kept: the oldest, and what this key said before."""
        pair = tuple_(KeptAnswer.caller, KeptAnswer.key)
        old = select(KeptAnswer.caller, KeptAnswer.key).where(KeptAnswer.at < self.since)
        own = and_(KeptAnswer.caller == self.caller, KeptAnswer.key == self.key)
        oldest = old.order_by(KeptAnswer.at).limit(MOST_CLEARED)
        session.execute(delete(KeptAnswer).where(or_(pair.in_(oldest), own)))


def once(request: Request, caller: str, hours: int) -> Once | None:
    """Read the key of a POST; None where the caller sent none."""
    given = request.headers.getlist(HEADER)
    if request.method != "POST" or not given:
        return None
    if len(given) > 1 or not KEY.fullmatch(given[0]):
        raise Invalid(Item("bad_idempotency_key", parameter=HEADER.lower()))
    return Once(caller, given[0], _digest(request), datetime.now(UTC) - timedelta(hours=hours))


def noted_answer(request: Request) -> Response | None:
    """Return the answer of a POST, so that it can be kept; a POST that does not note it is a defect, found at once."""
    answer: Response | None = request.scope.get(ANSWER_KEY)
    if answer is None and request.method == "POST":
        raise RuntimeError(f"{request.url.path} answers a POST without note_answer()")
    return answer


def _digest(request: Request) -> str:
    """Return what tells one request from another: method, address with query, body."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(asked + b"".join(request.scope.get(BODY_KEY, ()))).hexdigest()
