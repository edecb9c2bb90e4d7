"""API keys on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.auth.callers import Role
from app.platform.listing import ListQuery
from app.platform.models import Model
from app.platform.schemas import Instant, Reference, ShortText, Wire

Controllers = Literal["all"] | Annotated[list[Reference], Field(min_length=1, max_length=500)]


class KeyWrite(Wire):
    """A key to be made."""

    name: ShortText = Field(description="What or who uses it; stands beside everything that is written with it")
    role: Role = Field(description="Each may do what those before it may: reader, auditor, editor, admin")
    controllers: Controllers = Field(description="`all`, or the codes of the controllers that it is for")
    expires_at: Instant | None = Field(
        default=None, description="After this instant it opens nothing; never if left out"
    )


class KeyRead(Model):
    """A key, without its secret."""

    id: str = Field(description="The second part of the key, `env_<id>_…`")
    name: str
    role: Role
    controllers: Literal["all"] | list[str]
    created_at: str
    created_by: str
    expires_at: str | None
    revoked_at: str | None
    last_used_on: date | None = Field(description="Day (UTC) of the last use")


class KeyMade(KeyRead):
    """A key just made."""

    key: str = Field(description="What callers send as `Authorization: Bearer …`; shown this once")


class KeyQuery(ListQuery):
    """Filters of keys."""

    role: Annotated[list[Role], Field(description="Role")] = []
    controller: Annotated[list[str], Field(description="A controller that it is for (code or id)")] = []
    revoked: Annotated[bool | None, Field(description="Only revoked ones, or only those that are not")] = None
