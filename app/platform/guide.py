"""The guide: what Swagger UI says beside the code, read from a YAML file."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import ConfigDict

from app.platform.models import Model
from app.platform.own_texts import read_texts

# What an operation reads of one thing stands at the end of its name; it is spoken of like a verb.
ENDINGS: Final = ("usage", "revisions", "revision")
LOOKING: Final = frozenset({"get", "diff", *ENDINGS})


class _Strict(Model):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PathParameter(_Strict):
    """A path parameter: what it takes, and an example."""

    description: str
    example: str


class Noun(_Strict):
    """What operations are about, in Turkish; its English plural; a member of it to look at."""

    tr: str
    plural: str
    plural_tr: str
    example: str | None = None


class Said(_Strict):
    """What the guide says of an operation, or of all operations of a verb."""

    tr: str | None = None
    when: str | None = None
    parameters: dict[str, str] = {}
    bodies: dict[str, dict[str, Any]] = {}

    def over(self, general: "Said") -> "Said":
        """Return this, completed by what is generally said."""
        return Said.model_validate(general.model_dump(exclude_unset=True) | self.model_dump(exclude_unset=True))


class Guide(_Strict):
    """What Swagger UI says beside the code: groups, Turkish titles, when to use an operation, examples."""

    groups: dict[str, str]
    path_parameters: dict[str, PathParameter]
    header_parameters: dict[str, str]
    nouns: dict[str, Noun]
    verbs: dict[str, Said]
    operations: dict[str, Said]

    def said(self, name: str) -> Said:
        """Return what is said of an operation, from its own line, its verb and its noun."""
        own = self.operations.get(name, Said())
        verb, _, rest = name.partition("_")
        for ending in ENDINGS:
            if rest.endswith(f"_{ending}"):
                verb, rest = ending, rest.removesuffix(f"_{ending}")
        by_plural = {noun.plural: noun for noun in self.nouns.values()}
        noun, title = self.nouns.get(rest), None
        if noun is None and rest in by_plural:
            noun, title = by_plural[rest], by_plural[rest].plural_tr
        if noun is None or verb not in self.verbs:
            return own
        general = self.verbs[verb]
        said = {"tr": f"{title or noun.tr}: {general.tr}"}
        if noun.example is not None and verb in LOOKING:
            return own.over(Said(**said, when=general.when, parameters={"code": noun.example}))
        return own.over(Said(**said, when=general.when, bodies=general.bodies))


@cache
def read_guide(path: Path) -> Guide:
    """Read a guide from its YAML file, once in a process."""
    return Guide.model_validate(read_texts(path))
