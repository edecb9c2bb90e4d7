"""Renders a written notice as one HTML page or as Markdown; every value is escaped unless a template wrote it."""

import base64
import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from app.notices.content import Notice
from app.notices.phrasing import write
from app.notices.wording import TEMPLATES, load_wording

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE: Final = (TEMPLATES / "notice.css").read_text(encoding="utf-8")
STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
SPECIAL: Final = re.compile(r"([\\`*_\[\]|~])")
LEADING: Final = re.compile(r"^(?=[-+#=])|(?<=^\d)(?=[.)](?:\s|$))|(?<=^\d\d)(?=[.)](?:\s|$))")


def to_html(notice: Notice, language: str) -> str:
    """Render one self-contained page."""
    return _render(_html(), "notice.html.j2", notice, language, style=Markup(STYLE))  # noqa: S704 - our own file


def to_markdown(notice: Notice, language: str) -> str:
    """Render Markdown that CommonMark and GitHub read alike."""
    text = _render(_markdown(), "notice.md.j2", notice, language)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _render(environment: "Environment", template: str, notice: Notice, language: str, **values: Any) -> str:  # noqa: ANN401
    wording = load_wording(language)
    return environment.get_template(template).render(page=write(notice, wording), w=wording.words, **values)


@lru_cache
def _html() -> "Environment":
    return _environment()


@lru_cache
def _markdown() -> "Environment":
    environment = _environment(finalize=_finalized)
    environment.filters["code"] = code_span
    return environment


def _environment(**options: Any) -> "Environment":  # noqa: ANN401 - as Jinja takes them
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only for pages and Markdown

    options |= {"loader": FileSystemLoader(TEMPLATES), "undefined": StrictUndefined}
    return Environment(autoescape=True, auto_reload=False, **options)


def _finalized(value: object) -> object:
    """Escape a value for Markdown instead of HTML; what a macro has written is escaped already."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return Markup(escape_markdown(value))  # noqa: S704 - escaped just here


def escape_markdown(text: str) -> str:
    """Escape what Markdown or HTML would read as markup; line breaks become spaces."""
    flat = " ".join(text.split())
    plain = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return LEADING.sub(r"\\", SPECIAL.sub(r"\\\1", plain))


def code_span(text: str) -> Markup:
    """Write a value as code, which nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return Markup(f"{fence}{pad}{' '.join(text.split())}{pad}{fence}")  # noqa: S704 - a fence nothing in it ends
