"""A backup holds every write that was acknowledged before it began, none by halves, and comes back to the letter."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.platform.settings import ROOT, Settings
from tests.activities.factories import activity
from tests.backup.running import TOOLS, command, copied, done, fresh, instant_of, manifest, refused
from tests.conftest import Server
from tests.durability.serving import environment
from tests.history.test_to_the_letter import READS, queries
from tests.platform.calling import make, read

STATEMENTS: Final[dict[str, Any]] = {
    "collections": [{"data": ["identity"], "data_subjects": ["employee"]}] * 2,
    "uses": [{"purposes": ["finance_and_accounting"], "legal_bases": ["explicit_consent"]}] * 3,
}
WHOLE: Final = {kind: len(statements) for kind, statements in STATEMENTS.items()}
WRITERS: Final = 2


class Writing:
    """Writers who add one activity after another until they are told to end."""

    def __init__(self, url: str) -> None:
        self.acknowledged: set[str] = set()
        self._grown = threading.Condition()
        self._is_over = threading.Event()
        # Made here, one by one: FastAPI sets the warnings aside while it is made, and threads share them.
        apps = [create_app(Settings(database_url=url)) for _ in range(WRITERS)]
        self._threads = [threading.Thread(target=self._write, args=(app, n)) for n, app in enumerate(apps)]

    def _write(self, app: FastAPI, writer: int) -> None:
        with TestClient(app) as client:
            number = 0
            while not self._is_over.is_set():
                code = f"w{writer}-{number}"
                make(client, "/v1/activities", activity(code, "ornek", **STATEMENTS))
                with self._grown:
                    self.acknowledged.add(f"ornek:{code}")
                    self._grown.notify_all()
                number += 1

    def wait(self, more: int) -> set[str]:
        """Return what was acknowledged, when so many more writes were."""
        with self._grown:
            wanted = len(self.acknowledged) + more
            assert self._grown.wait_for(lambda: len(self.acknowledged) >= wanted, timeout=60)
            return set(self.acknowledged)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Write until the block ends."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            for thread in self._threads:
                thread.join()


def written(client: TestClient) -> dict[str, dict[str, int]]:
    """Return the activities of the writers, with the number of statements of each kind."""
    found: dict[str, dict[str, int]] = {}
    cursor = None
    while True:
        page = read(client, "/v1/activities", controller="ornek", limit=200, **({"cursor": cursor} if cursor else {}))
        found |= {item["code"]: {kind: len(item[kind]) for kind in WHOLE} for item in page["items"]}
        cursor = page["next"]
        if cursor is None:
            return {code: counts for code, counts in found.items() if code.startswith("ornek:w")}


def lists(instant: str) -> list[str]:
    """Return every list, question, comparison and export, as of an instant."""
    asked = [f"{path}?{query}" for path, operation in READS.items() if "{" not in path for query in queries(operation)]
    return [f"{address}&as_of={instant.replace('+', '%2B')}" for address in asked]


def answers(client: TestClient, asked: list[str]) -> dict[str, tuple[int, bytes]]:
    """Ask everything."""
    found = {address: client.get(address) for address in asked}
    return {address: (answer.status_code, answer.content) for address, answer in found.items()}


def test_a_backup_while_others_write_is_one_moment_whole_and_comes_back_to_the_letter(
    server: Server, seeded_settings: Settings, tmp_path: Path
) -> None:
    url, restored = seeded_settings.database_url, fresh(server)
    writing = Writing(url)
    with writing.going_on():
        before = writing.wait(5)
        given = environment(url, 0, postgresql_tools=str(TOOLS))
        said = subprocess.check_output(command("backup", tmp_path / "backup"), cwd=ROOT, env=given, text=True)
        after = writing.wait(1)
    assert len(after) > len(before) + 2, "nobody wrote meanwhile"
    assert manifest(tmp_path / "backup")["state"]["head"] in said
    assert manifest(tmp_path / "backup")["state"]["head"] in done(restored, "restore", tmp_path / "backup")
    change = int(manifest(tmp_path / "backup")["state"]["head"].partition(":")[0])
    asked = lists(instant_of(url, change))
    with (
        TestClient(create_app(Settings(database_url=url))) as old,
        TestClient(create_app(Settings(database_url=restored))) as new,
    ):
        found = written(new)
        assert before <= found.keys() < written(old).keys()
        assert {code: counts for code, counts in found.items() if counts != WHOLE} == {}
        then, now = answers(old, asked), answers(new, asked)
        assert sum(status == 200 for status, _ in now.values()) > 0.9 * len(asked)
        assert [address for address in asked if then[address] != now[address]] == []


def test_what_was_restored_goes_on_where_the_register_was(
    server: Server, seeded_settings: Settings, tmp_path: Path
) -> None:
    url, restored = seeded_settings.database_url, fresh(server)
    done(url, "backup", tmp_path / "backup")
    done(restored, "restore", tmp_path / "backup")
    with TestClient(create_app(Settings(database_url=restored))) as client:
        change = read(client, "/readyz")["change"]
        make(client, "/v1/activities", activity("later", "ornek", **STATEMENTS))
        assert read(client, "/readyz")["change"] == change + 1
        assert read(client, "/v1/audit-events/verify")["whole"]
    assert done(restored, "check").startswith("whole: ")


def test_a_backup_is_readable_by_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    done(settings.database_url, "backup", tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    assert copied(tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_a_manifest_says_of_what_when_and_by_what(server: Server, settings: Settings, tmp_path: Path) -> None:
    done(settings.database_url, "backup", tmp_path / "backup")
    found = manifest(tmp_path / "backup")
    assert list(found) == ["format", "product", "at", "kind", "database", "state", "copied"]
    assert (found["format"], found["kind"], found["state"]["revision"]) == ("envanter-backup/1", server.backend, "0001")
    assert found["state"]["rows"]["change"] == 1
    assert found["copied"]["size"] == copied(tmp_path / "backup").stat().st_size


def test_a_directory_that_holds_something_is_refused_and_left_alone(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("kept")
    assert "is not empty" in refused(settings.database_url, "backup", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["note"]


def test_a_place_without_a_register_is_not_backed_up(server: Server, tmp_path: Path) -> None:
    place = fresh(server)
    assert "holds no register" in refused(place, "backup", tmp_path / "backup")
    assert "holds no register" in refused(place, "check")
    assert list(tmp_path.iterdir()) == []
