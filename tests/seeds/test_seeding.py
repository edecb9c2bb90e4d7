"""Seeding brings the product's files in once, upgrades by version, and leaves a register in use alone."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.audit import Ledger
from app.ledger import create_ledger
from app.main import create_app
from app.platform.settings import ROOT, Settings
from app.seeding import seed_register, seed_vocabularies
from tests.exchange.factories import export, taken, whole_state

SEED = ROOT / "seed"


@pytest.fixture
def ledger(settings: Settings) -> Iterator[Ledger]:
    """The ledger of a register with vocabularies only."""
    opened = create_ledger(settings)
    yield opened
    opened.database.close()


@pytest.fixture
def caller(settings: Settings, ledger: Ledger) -> TestClient:
    """A caller of the same register."""
    return TestClient(create_app(settings, ledger))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the product's vocabularies that a test may change."""
    return Path(shutil.copytree(SEED / "vocabularies", tmp_path / "vocabularies"))


def upgraded(directory: Path, name: str, old: str, new: str) -> None:
    """Write the next version of a vocabulary's file, with one text in it changed."""
    path = directory / f"{name}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace("version: 1", "version: 2").replace(old, new))


def term(caller: TestClient, address: str, **params: str) -> dict[str, Any]:
    found: dict[str, Any] = caller.get(f"/v1/{address}", params=params).json()
    return found


def test_seeding_twice_changes_nothing(ledger: Ledger, caller: TestClient) -> None:
    assert seed_register(ledger, SEED / "bundles") != []
    before = whole_state(caller)
    assert seed_vocabularies(ledger, SEED / "vocabularies") == []
    assert seed_register(ledger, SEED / "bundles") == []
    assert whole_state(caller) == before


def test_a_register_with_a_controller_is_left_alone(ledger: Ledger, caller: TestClient) -> None:
    taken(caller, {"format": "envanter/1", "controllers": [{"code": "acme"}]})
    before = whole_state(caller)
    assert seed_register(ledger, SEED / "bundles") == []
    assert whole_state(caller) == before


def test_a_register_whose_only_controller_was_deleted_is_seeded_again(ledger: Ledger, caller: TestClient) -> None:
    taken(caller, {"format": "envanter/1", "controllers": [{"code": "acme"}]})
    etag = caller.get("/v1/controllers/acme").headers["etag"]
    caller.delete("/v1/controllers/acme", headers={"If-Match": etag})
    assert seed_register(ledger, SEED / "bundles") != []


def test_a_higher_version_upgrades_official_terms_and_history_keeps_the_old_label(
    ledger: Ledger, caller: TestClient, copied: Path
) -> None:
    before = datetime.now(UTC).isoformat()
    upgraded(copied, "purposes", "Eğitim Faaliyetlerinin Yürütülmesi", "Eğitim Faaliyetleri")
    assert seed_vocabularies(ledger, copied) == ["purposes"]
    assert term(caller, "purposes/training")["label"]["tr"] == "Eğitim Faaliyetleri"
    assert term(caller, "purposes/training")["revision"] == 2
    assert term(caller, "purposes/training", as_of=before)["label"]["tr"] == "Eğitim Faaliyetlerinin Yürütülmesi"
    assert term(caller, "purposes/audit_and_ethics")["revision"] == 1


def test_the_same_version_changes_nothing_even_if_the_file_differs(
    ledger: Ledger, caller: TestClient, copied: Path
) -> None:
    path = copied / "purposes.yaml"
    path.write_text(path.read_text().replace("Eğitim Faaliyetlerinin Yürütülmesi", "Eğitim Faaliyetleri"))
    assert seed_vocabularies(ledger, copied) == []
    assert term(caller, "purposes/training")["label"]["tr"] == "Eğitim Faaliyetlerinin Yürütülmesi"


def test_a_new_version_may_bring_a_new_term_under_a_known_one(ledger: Ledger, caller: TestClient, copied: Path) -> None:
    new = '\n  - {code: brand_new, kind: common, label: {tr: "Yeni", en: "New"}, under: [training], order: 900}\n'
    path = copied / "purposes.yaml"
    path.write_text(path.read_text().replace("version: 1", "version: 2") + new)
    seed_vocabularies(ledger, copied)
    below = caller.get("/v1/purposes", params={"under": "training"}).json()["items"]
    assert [found["code"] for found in below] == ["training", "brand_new"]


def test_an_upgrade_keeps_what_was_edited_here(ledger: Ledger, caller: TestClient, copied: Path) -> None:
    etag = caller.get("/v1/purposes/backup").headers["etag"]
    edit = {"label": {"tr": "Yedek alma", "en": "Taking backups"}}
    caller.patch("/v1/purposes/backup", json=edit, headers={"If-Match": etag})
    upgraded(copied, "purposes", "Eğitim Faaliyetlerinin Yürütülmesi", "Eğitim Faaliyetleri")
    seed_vocabularies(ledger, copied)
    assert term(caller, "purposes/backup")["label"] == edit["label"]
    assert term(caller, "purposes/training")["label"]["tr"] == "Eğitim Faaliyetleri"


def test_a_wrong_file_changes_nothing(ledger: Ledger, caller: TestClient, copied: Path) -> None:
    upgraded(copied, "data_categories", 'tr: "Kimlik"', 'tr: "Kimlik bilgisi"')
    (copied / "purposes.yaml").write_text("vocabulary: purposes\nversion: 2\nterms:\n- {code: half}\n")
    before = whole_state(caller)
    with pytest.raises(ValueError, match="validation error"):
        seed_vocabularies(ledger, copied)
    assert whole_state(caller) == before
    assert term(caller, "data-categories/identity")["label"]["tr"] == "Kimlik"


def test_the_seeded_register_is_what_the_bundles_say(ledger: Ledger, caller: TestClient) -> None:
    seed_register(ledger, SEED / "bundles")
    content = export(caller)
    for path in sorted((SEED / "bundles").glob("*.yaml")):
        assert taken(caller, path.read_bytes())["change"] is None
    assert export(caller) == content
