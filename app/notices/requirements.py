"""The elements that a notice must state, as the rules' file lists them."""

from functools import lru_cache
from pathlib import Path

from pydantic import ConfigDict

from app.notices.content import EnterAt
from app.notices.parts import Words
from app.platform.models import Model
from app.platform.own_texts import read_texts

FILE = Path("rules") / "notice_requirements.yaml"


class Requirement(Model):
    """One required element: its article, what is said where it is missing, and where it would be entered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    section: str
    law_ref: str
    label: Words
    missing: Words | None = None
    missing_there: Words | None = None
    enter: EnterAt | None = None
    enter_there: EnterAt | None = None
    said_by: tuple[str, ...] = ()
    states: tuple[tuple[str, Words], ...] = ()


@lru_cache
def load_requirements(directory: Path) -> tuple[Requirement, ...]:
    """Read the list from a seed directory."""
    content = read_texts(directory / FILE)
    states = tuple((name, Words(**words)) for name, words in content["states"].items())
    return tuple(Requirement(**entry, states=states) for entry in content["requirements"])
