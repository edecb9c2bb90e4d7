"""Only a whole backup comes back, only where there is no register, and only if it is the one that was made."""

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Final

import pytest

from app.backup.checking import require_known
from app.platform.settings import ROOT, Settings
from app.platform.starting import CannotStart
from tests.backup.running import TOOLS, command, copied, done, fresh, is_fresh, manifest, refused
from tests.conftest import Server
from tests.durability.serving import environment

PATIENCE: Final = 60


@pytest.fixture
def backup(settings: Settings, tmp_path: Path) -> Path:
    """A backup of a register."""
    done(settings.database_url, "backup", tmp_path / "backup")
    return tmp_path / "backup"


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_one_bit_that_differs_is_found(server: Server, backup: Path, place: float) -> None:
    content = bytearray(copied(backup).read_bytes())
    content[round(place * (len(content) - 1))] ^= 1
    copied(backup).write_bytes(content)
    target = fresh(server)
    assert "SHA-256 differs" in refused(target, "restore", backup)
    assert is_fresh(server, target)


def altered(document: dict[str, Any], path: list[str], value: object) -> dict[str, Any]:
    """Return a document with one value changed."""
    first, *rest = path
    return {**document, first: altered(document[first], rest, value) if rest else value}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["state", "rows", "purpose"], 1, "rows: purpose has "),
        (["state", "rows", "gone"], 5, "rows: gone has None instead of 5"),
        (["state", "head"], f"1:{'a' * 64}", "head: 1:"),
    ],
)
def test_a_copy_that_is_not_what_its_manifest_says_is_named(
    server: Server, backup: Path, path: list[str], value: object, said: str
) -> None:
    (backup / "manifest.json").write_text(json.dumps(altered(manifest(backup), path, value)))
    target = fresh(server)
    assert said in refused(target, "restore", backup)
    assert server.backend == "postgresql" or is_fresh(server, target)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (["state", "revision"], "9999", "has the schema 9999 of another version; the newest known here is 0001"),
        (["format"], "envanter-backup/2", "holds no backup that can be read"),
        (["copied", "name"], "../register.db", "holds no backup that can be read"),
    ],
)
def test_a_backup_that_this_version_does_not_know_is_refused(
    server: Server, backup: Path, path: list[str], value: object, said: str
) -> None:
    (backup / "manifest.json").write_text(json.dumps(altered(manifest(backup), path, value)))
    target = fresh(server)
    assert said in refused(target, "restore", backup)
    assert is_fresh(server, target)


def test_a_schema_that_this_version_knows_is_taken_even_if_older() -> None:
    require_known("0001", ["0002", "0001"], "it")
    with pytest.raises(CannotStart, match="it has the schema 0003 of another version; the newest known here is 0002"):
        require_known("0003", ["0002", "0001"], "it")


def test_a_register_that_is_there_is_refused_and_left_alone(server: Server, backup: Path) -> None:
    there = server.copy("seeded")
    before = done(there, "check")
    assert "nothing was changed" in refused(there, "restore", backup)
    assert done(there, "check") == before


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_the_log_of_another_file_is_never_read_into_the_register(
    sqlite_server: Server, tmp_path: Path, suffix: str
) -> None:
    done(sqlite_server.copy("vocabularies"), "backup", tmp_path / "backup")
    left = tmp_path / f"register.db{suffix}"
    left.write_bytes(b"left")
    assert f"{left} is there already" in refused(f"sqlite:///{tmp_path}/register.db", "restore", tmp_path / "backup")
    assert not (tmp_path / "register.db").exists()


def test_a_backup_of_one_kind_of_database_is_refused_by_the_other(
    sqlite_server: Server, postgresql_server: Server, tmp_path: Path
) -> None:
    done(sqlite_server.copy("vocabularies"), "backup", tmp_path / "backup")
    said = refused(fresh(postgresql_server), "restore", tmp_path / "backup")
    assert "is a backup of SQLite" in said


def wait_for(condition: Path, directory: Path, process: subprocess.Popen[bytes]) -> None:
    """Return when a file of a backup, or its predecessor, is there, or the command has ended."""
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        if any(directory.glob(condition.name)):
            return


@pytest.mark.parametrize("moment", ["*.partial", "register.d*"])
def test_a_backup_that_was_killed_is_never_taken_for_a_whole_one(
    server: Server, seeded_settings: Settings, tmp_path: Path, moment: str
) -> None:
    directory, target = tmp_path / "backup", fresh(server)
    given = environment(seeded_settings.database_url, 0, postgresql_tools=str(TOOLS))
    process = subprocess.Popen(command("backup", directory), cwd=ROOT, env=given)
    wait_for(Path(moment), directory, process)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert any(directory.iterdir())
    assert "holds no whole backup: manifest.json is not there" in refused(target, "restore", directory)
    assert is_fresh(server, target)


def test_what_is_no_backup_is_refused(server: Server, tmp_path: Path) -> None:
    assert "holds no whole backup" in refused(fresh(server), "restore", tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text("{}")
    assert "holds no backup that can be read" in refused(fresh(server), "restore", tmp_path)
