"""Register bundles: the whole content checked with line and path, then taken in one change or not at all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import Field, ValidationError

from app.activities.schemas import ActivityWrite
from app.activities.service import save_activity
from app.audit import ChangeSession
from app.controllers.queries import find_controller, owner_of
from app.controllers.schemas import ControllerWrite
from app.controllers.service import create_controller, replace_controller
from app.documents.schemas import DocumentWrite
from app.documents.service import save_document
from app.exchange.reading import Source, read_lines
from app.platform.http import validation_items
from app.platform.models import Model
from app.platform.pointers import existing_pointer
from app.platform.problems import Duplicate, Invalid, Item, NotFound, Problem, UnknownCode
from app.platform.revisions import State
from app.platform.schemas import ShortText, Wire
from app.recipients.schemas import RecipientWrite
from app.recipients.service import save_recipient
from app.vocabularies.queries import vocabulary_names
from app.vocabularies.schemas import ItemWrite, TermWrite
from app.vocabularies.service import save_term

FORMAT = "envanter/1"


class BundleTerm(ItemWrite):
    """A term in a bundle; `categories` is for data items."""

    read_only: ClassVar[frozenset[str]] = frozenset()

    vocabulary: ShortText = Field(description="Name of a vocabulary, such as `purposes`")


class Bundle(Wire):
    """A register, or a part of one, by codes."""

    format: Literal["envanter/1"]
    terms: list[BundleTerm] = Field(default=[], max_length=100_000)
    recipients: list[RecipientWrite] = Field(default=[], max_length=100_000)
    controllers: list[ControllerWrite] = Field(default=[], max_length=100_000)
    documents: list[DocumentWrite] = Field(default=[], max_length=100_000)
    activities: list[ActivityWrite] = Field(default=[], max_length=100_000)


class Tally(Model):
    """How many resources of a kind an import added, changed, or found as they are."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


class ImportResult(Model):
    """What an import did, or with `dry_run` would do."""

    dry_run: bool
    change: int | None = Field(description="Number of the change; null where nothing differed or nothing was kept")
    controllers: Tally
    terms: Tally
    recipients: Tally
    documents: Tally
    activities: Tally


@dataclass
class _Counts:
    tallies: dict[str, Tally] = field(default_factory=dict)

    def add(self, kind: str, state: State, change: int | None) -> None:
        tally = self.tallies.setdefault(kind, Tally())
        if change is None or state.born != change:
            tally.unchanged += 1
        elif state.number == 1:
            tally.created += 1
        else:
            tally.changed += 1


def parse_bundle(content: bytes, *, in_lines: bool = False) -> tuple[Bundle, Source]:
    """Read and check a bundle; every problem carries line and path."""
    source = read_lines(content) if in_lines else _in_yaml(content)
    try:
        return Bundle.model_validate(source.data), source
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        items = validation_items(found, body=source.data, model=Bundle)
        raise Invalid(*_with_lines(items[:100], source)) from None


def _in_yaml(content: bytes) -> Source:
    from app.exchange.in_yaml import read_yaml  # noqa: PLC0415 - for those who send YAML (docs/decisions/0014)

    return read_yaml(content)


def _with_lines(items: Iterable[Item], source: Source) -> list[Item]:
    return [replace(item, line=source.line_of(item.pointer or "")) for item in items]


def import_bundle(session: ChangeSession, bundle: Bundle, source: Source) -> ImportResult:
    """Bring the register to what a bundle says, by code; nothing that it does not name is touched."""
    _refuse_duplicates(bundle, source)
    counts = _Counts()
    kinds: tuple[tuple[str, Sequence[Any], Callable[[ChangeSession, Any], State]], ...] = (
        ("controllers", bundle.controllers, _save_controller),
        ("terms", bundle.terms, _save_term),
        ("recipients", bundle.recipients, save_recipient),
        ("documents", bundle.documents, save_document),
        ("activities", bundle.activities, save_activity),
    )
    for kind, contents, save in kinds:
        for index in _in_order(kind, contents):
            state = _saved(session, source, f"/{kind}/{index}", save, contents[index])
            counts.add(kind, state, session.change if session.has_changed else None)
    tallies = {kind: counts.tallies.get(kind, Tally()) for kind, _, _ in kinds}
    return ImportResult(dry_run=False, change=session.change if session.has_changed else None, **tallies)


C = TypeVar("C")


def _saved(
    session: ChangeSession, source: Source, prefix: str, save: Callable[[ChangeSession, C], State], content: C
) -> State:
    with _placed(source, prefix):
        return save(session, content)


@contextmanager
def _placed(source: Source, prefix: str) -> Iterator[None]:
    """Give the problems of one resource their line, and their path as the bundle writes it."""
    try:
        yield
    except Problem as problem:
        placed = [item.at(prefix) for item in problem.items]
        steps = [(item.pointer or "").split("/")[1:] for item in placed]
        written = [existing_pointer(source.data, path) or prefix for path in steps]
        items = [replace(item, pointer=path) for item, path in zip(placed, written, strict=True)]
        raise type(problem)(*_with_lines(items, source)) from None


def _save_controller(session: ChangeSession, content: ControllerWrite) -> State:
    try:
        state = find_controller(session, content.code)
    except NotFound:
        return create_controller(session, content)
    return replace_controller(session, state, content)


def _save_term(session: ChangeSession, content: BundleTerm) -> State:
    model: type[TermWrite] = ItemWrite if content.vocabulary == "data_items" else TermWrite
    if content.categories and content.vocabulary != "data_items":
        raise Invalid(Item("unknown_field", {"name": "categories"}, pointer="/categories"))
    known = vocabulary_names(session)
    if content.vocabulary not in known:
        values = {"name": content.vocabulary, "where": "vocabularies"}
        raise UnknownCode(Item("unknown_code", values, pointer="/vocabulary", allowed=known))
    plain = model.model_validate(content.model_dump(include=set(model.model_fields)))
    return save_term(session, content.vocabulary, plain)[0]


def _code_of(content: Any) -> str:  # noqa: ANN401 - any resource of a bundle
    code, _ = owner_of(content.code, getattr(content, "controller", None))
    vocabulary = getattr(content, "vocabulary", None)
    return code if vocabulary is None else f"{vocabulary}/{code}"


def _refuse_duplicates(bundle: Bundle, source: Source) -> None:
    for kind in ("controllers", "terms", "recipients", "documents", "activities"):
        codes = []
        for index, content in enumerate(getattr(bundle, kind)):
            with _placed(source, f"/{kind}/{index}"):
                codes.append(_code_of(content))
        twice = {code for code, count in Counter(codes).items() if count > 1}
        if twice:
            index = next(i for i, code in reversed(list(enumerate(codes))) if code in twice)
            item = Item("ambiguous_code", {"name": codes[index]}, pointer=f"/{kind}/{index}/code")
            raise Duplicate(*_with_lines([item], source))


def _in_order(kind: str, contents: Sequence[Any]) -> list[int]:
    """Put resources after those of the bundle that they stand under."""
    places = {_code_of(content): index for index, content in enumerate(contents)}
    ordered: dict[int, None] = {}

    def visit(index: int, above: frozenset[int]) -> None:
        if index in ordered or index in above:
            return
        for code in _needs(kind, contents[index]):
            if code in places:
                visit(places[code], above | {index})
        ordered[index] = None

    for index in range(len(contents)):
        visit(index, frozenset())
    return list(ordered)


def _needs(kind: str, content: Any) -> list[str]:  # noqa: ANN401 - any resource of a bundle
    if kind == "terms":
        homes = [f"data_categories/{code}" for code in content.categories]
        return [f"{content.vocabulary}/{code}" for code in content.under] + homes
    if kind == "recipients":
        return [content.parent] if content.parent else []
    if kind == "documents":
        related = (content.version_of, content.language_version_of, content.supplements)
        return [code if ":" in code else f"{content.controller}:{code}" for code in related if code]
    return []
