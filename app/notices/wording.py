"""The words of a notice in one language, read from the wording files beside the templates."""

import gettext
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pycountry

from app.notices.blocks import Text
from app.notices.parts import DocumentRef, Ground, Mechanism, Phrase, Recipient, Term, Words
from app.platform.own_texts import read_texts
from app.platform.text import search_fold

TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Wording:
    """The words of one language: by dotted names, and ways of writing terms, articles, days and countries."""

    language: str
    words: dict[str, Any]
    phrases: dict[str, str]

    def get(self, name: str) -> Any:  # noqa: ANN401 - a text, or a group of texts
        """Return what stands under a dotted name."""
        found: Any = self.words
        for step in name.split("."):
            found = found[step]
        return found

    def say(self, name: str, **values: object) -> str:
        """Return a text with its values filled in."""
        return str(self.get(name)).format(**values)

    def label(self, term: Term) -> str:
        """Return the label of a term."""
        return self.law(self.pick(term.label)) or term.label.tr

    def pick(self, words: Words) -> str:
        """Return words in this language."""
        return str(getattr(words, self.language))

    def law(self, reference: str) -> str:
        """Write a reference to the law as this language does."""
        for sought, written in self.words["law_refs"]:
            reference = re.sub(sought, written, reference)
        return reference

    def phrase(self, phrase: Phrase | None) -> Text | None:
        """Return words held in one language; what has no translation is said to be in the other one."""
        if phrase is None:
            return None
        if phrase.language.split("-")[0] == self.language:
            return Text(phrase.text)
        return Text(self.phrases.get(search_fold(phrase.text)) or self.say("foreign_words"))

    def translated(self, text: str, language: str) -> str | None:
        """Return a text of another language where it is known in this one."""
        if language.partition("-")[0] == self.language:
            return text
        return self.phrases.get(search_fold(text))

    def ground(self, ground: Ground) -> str:
        """Write a ground in plain words, with its article."""
        words = self.words["grounds"].get(ground.code) or self.label(ground)
        return self.with_article(words, ground)

    def with_article(self, words: str, term: Ground | Mechanism) -> str:
        """Put the article behind the words, and whether it is repealed."""
        article = None if term.law_ref is None else self.law(term.law_ref)
        if article is not None and article in words:
            article = None
        behind = [part for part in (article, None if term.in_force else self.say("repealed")) if part]
        return f"{words} ({'; '.join(behind)})" if behind else words

    def recipient(self, recipient: Recipient) -> str:
        """Name a recipient with its group, where the group says more than the name."""
        name = self.pick(recipient.name) or self.say("unnamed_class")
        more = []
        if recipient.group is not None and search_fold(self.label(recipient.group)) != search_fold(name):
            more.append(self.say("group", group=self.label(recipient.group)))
        if recipient.role in self.words["to_whom"]["roles"]:
            more.append(self.say(f"to_whom.roles.{recipient.role}"))
        return f"{name} ({'; '.join(more)})" if more else name

    def title(self, document: DocumentRef) -> Text:
        """Name a document by its own title, in its own language."""
        language = document.language.split("-")[0]
        return Text(document.title, None if language == self.language else language)

    def day(self, day: date) -> str:
        """Write a day."""
        return self.say("date", day=day.day, month=self.words["months"][day.month - 1], year=day.year)

    def country(self, code: str) -> str:
        """Name a country."""
        country = pycountry.countries.get(alpha_2=code)
        name = str(getattr(country, "common_name", None) or getattr(country, "name", code))
        return name if self.language == "en" else _countries(self.language).gettext(name)

    def duration(self, value: int, unit: str) -> str:
        """Write a length of time."""
        one, many = self.words["how_long"]["units"][unit]
        return f"{value} {one if value == 1 else many}"


@lru_cache
def _countries(language: str) -> gettext.NullTranslations:
    return gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)


@lru_cache
def load_wording(language: str) -> Wording:
    """Read the wording of a language, and the phrases that are known in it."""
    words = _read(f"wording.{language}.yaml")
    path = TEMPLATES / f"phrases.{language}.yaml"
    phrases = _read(path.name)["phrases"] if path.exists() else {}
    return Wording(language, words, {search_fold(source): target for source, target in phrases.items()})


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = read_texts(TEMPLATES / name)
    return content
