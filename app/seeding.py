"""Brings the product's vocabularies into the database, by version, and real registers into an empty one."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from app.audit import ChangeSession, Ledger
from app.controllers.tables import ControllerRevision
from app.exchange.bundles import import_bundle, parse_bundle
from app.exchange.in_yaml import read_yaml
from app.platform.revisions import alive
from app.vocabularies.schemas import SeedTerm
from app.vocabularies.service import save_term
from app.vocabularies.tables import VocabularyRow

AUTHOR = "envanter"


def seed_vocabularies(ledger: Ledger, directory: Path) -> list[str]:
    """Bring official and common terms to the versions of the files; return the vocabularies that changed."""
    upgraded = []
    with ledger.changing(AUTHOR, "vocabularies of the product") as session:
        known = {row.name: row.version for row in session.all(select(VocabularyRow.name, VocabularyRow.version))}
        for name in _categories_first(path.stem for path in directory.glob("*.yaml")):
            content = read_yaml((directory / f"{name}.yaml").read_bytes()).data
            if known.get(name, 0) >= content["version"]:
                continue
            _note_version(session, name, content["version"], is_new=name not in known)
            for term in _broader_first([SeedTerm.model_validate(entry) for entry in content["terms"]]):
                save_term(session, name, term)
            upgraded.append(name)
    return upgraded


def _note_version(session: ChangeSession, name: str, version: int, *, is_new: bool) -> None:
    statement: Any = insert(VocabularyRow).values(name=name, version=version)
    if not is_new:
        statement = update(VocabularyRow).where(VocabularyRow.name == name).values(version=version)
    session.execute(statement)


def _categories_first(names: Iterable[str]) -> list[str]:
    """Data items are filed under data categories, so those come first."""
    return sorted(names, key=lambda name: (name != "data_categories", name))


def _broader_first(terms: list[SeedTerm]) -> list[SeedTerm]:
    by_code = {term.code: term for term in terms}
    ordered: dict[str, SeedTerm] = {}

    def visit(term: SeedTerm) -> None:
        for code in term.under:
            if code not in ordered:
                visit(by_code[code])
        ordered.setdefault(term.code, term)

    for term in terms:
        visit(term)
    return list(ordered.values())


def seed_register(ledger: Ledger, directory: Path) -> list[str]:
    """Import the bundles of a directory, all or none, into a register without controllers; return their names."""
    with ledger.reading() as session:
        if session.first(select(ControllerRevision.id).where(alive(ControllerRevision, None)).limit(1)):
            return []
    paths = sorted(directory.glob("*.yaml"))
    bundles = [parse_bundle(path.read_bytes()) for path in paths]
    with ledger.changing(AUTHOR, "the register that comes with the product") as session:
        for bundle, source in bundles:
            import_bundle(session, bundle, source)
    return [path.stem for path in paths]
