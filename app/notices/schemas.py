"""The notice on the wire: its parameters, and the notice with where it comes from."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.documents.schemas import Channel
from app.notices.content import Notice
from app.platform.models import Model
from app.platform.schemas import Day, Instant

Language = Literal["tr", "en"]
Format = Literal["json", "html", "md"]


class NoticeQuery(Model):
    """Parameters of a notice."""

    audience: Annotated[
        str | None,
        Field(
            description="Whom the notice is for: code in `/v1/data-subject-categories`; what concerns narrower and "
            "broader categories is in it too. Everybody if left out",
            json_schema_extra={"example": "customer"},
        ),
    ] = None
    channel: Annotated[
        Channel | None,
        Field(description="Only documents for this channel, and those that name none; all if left out"),
    ] = None
    lang: Annotated[Language, Field(description="Language of the text")] = "tr"
    format: Annotated[
        Format, Field(description="`html` and `md` are the text to publish; also by Accept (text/html, text/markdown)")
    ] = "json"
    on: Annotated[Day | None, Field(description="Day whose facts and whose law are shown; today if left out")] = None
    as_of: Annotated[
        Instant | None,
        Field(description="What the register said at this instant (RFC 3339 with zone); now if left out"),
    ] = None
    strict: Annotated[bool, Field(description="Refuse (409) a notice that lacks anything; the errors are the gaps")] = (
        False
    )

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.on or datetime.now(UTC).date()


class NoticeLinks(Model):
    """Addresses around a notice."""

    html: str
    md: str
    controller: str


class NoticeRead(Notice):
    """A notice: everything with its certainty and evidence. The texts (`html`, `md`) print only what is stated."""

    lang: Language
    as_of: str | None
    links: NoticeLinks
