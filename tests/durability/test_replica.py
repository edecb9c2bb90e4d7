"""Reads of a streaming replica: nobody reads less than they must see, and a replica that fails costs nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text

from app.audit import ReadDep
from app.platform.settings import Settings
from app.platform.snapshots import Replica, ReplicaState
from app.platform.starting import CannotStart, wait_for_database
from tests.auth.factories import add_key, caller, code_of, holding
from tests.conftest import Server, migrated
from tests.controllers.factories import add_controller
from tests.durability.replicas import Pair, Standby, is_replica, standby_of, until
from tests.platform.calling import change, problem, read, refusal
from tests.platform.test_metrics import figures

PATH = "/v1/controllers"


@pytest.fixture(scope="module")
def standby(postgresql_server: Server) -> Iterator[Standby]:
    """A replica of the server."""
    with standby_of(postgresql_server) as found:
        yield found


@pytest.fixture
def pair(postgresql_server: Server, standby: Standby) -> Iterator[Pair]:
    """A register of vocabularies that the replica holds."""
    kept = len(postgresql_server.copies)
    postgresql_server.copy("vocabularies")
    standby.catch_up()
    yield Pair(postgresql_server, standby, postgresql_server.copies[-1])
    standby.catch_up()
    postgresql_server.drop_copies(kept)


def now() -> str:
    return datetime.now(UTC).isoformat()


def test_reads_are_the_replicas_and_the_service_says_how_far_it_is(pair: Pair) -> None:
    with pair.service() as client:
        add_controller(client)
        pair.standby.catch_up()
        assert is_replica(client)
        assert read(client, f"{PATH}/acme")["code"] == "acme"
        ready, found = read(client, "/readyz"), figures(client)
    assert ready["replica"] == {"state": "in_step", "change": ready["change"], "behind_seconds": 0}
    assert (found["envanter_replica_up"], found["envanter_replica_behind_seconds"]) == (1, 0)
    assert found['envanter_reads_total{given="replica"}'] == 2
    assert found['envanter_connections_most{pool="replica"}'] == 2 * Settings().threads


@pytest.mark.parametrize("lag", [0, 60])
def test_whoever_wrote_reads_it_though_the_replica_is_behind(pair: Pair, lag: float) -> None:
    with pair.service(lag) as client:
        pair.standby.pause()
        add_controller(client)
        assert read(client, f"{PATH}/acme")["code"] == "acme"
        assert not is_replica(client)
        ready, found = read(client, "/readyz"), figures(client)
        pair.standby.catch_up()
        assert is_replica(client)
    assert (ready["replica"]["state"], ready["replica"]["change"]) == ("behind", ready["change"] - 1)
    assert 0 < ready["replica"]["behind_seconds"] <= found["envanter_replica_behind_seconds"]
    assert found['envanter_reads_total{given="primary_behind"}'] == 2


def test_what_one_process_wrote_every_other_reads_at_once(pair: Pair) -> None:
    with pair.service() as one, pair.service() as other:
        pair.standby.pause()
        add_controller(one)
        tag = other.get(f"{PATH}/acme").headers["etag"]
        assert change(other, "PATCH", f"{PATH}/acme", {"note": "yeni"}).status_code == 200
        assert one.get(f"{PATH}/acme", headers={"If-None-Match": tag}).json()["note"] == "yeni"


def test_where_reads_may_lack_something_they_lack_what_others_wrote_only(pair: Pair) -> None:
    with pair.service(lag=60) as client:
        anna, berk = caller(client, name="anna"), caller(client, name="berk")
        pair.standby.catch_up()
        pair.standby.pause()
        add_controller(anna)
        assert anna.get(f"{PATH}/acme").status_code == 200
        assert (is_replica(berk), is_replica(anna)) == (True, False)
        assert berk.get(f"{PATH}/acme").status_code == 404
        assert refusal(berk.post(PATH, json={"code": "acme"}), 409)["code"] == "duplicate"
    with pair.service(lag=0.001) as client:
        assert holding(client, berk.headers["authorization"].split()[1]).get(f"{PATH}/acme").status_code == 200


def test_an_instant_that_the_replica_has_not_reached_is_read_in_the_primary(pair: Pair) -> None:
    """What it answers as of an instant is what the primary will say of it ever after."""
    with pair.service(lag=60) as client:
        anna, berk = caller(client, name="anna"), caller(client, name="berk")
        before = now()
        add_controller(anna, "eski")
        pair.standby.catch_up()
        pair.standby.pause()
        add_controller(anna, "yeni")
        after = now()
        assert is_replica(berk, as_of=before)
        assert not is_replica(berk, as_of=after)
        assert [one["code"] for one in read(berk, PATH, as_of=before)["items"]] == []
        assert [one["code"] for one in read(berk, PATH, as_of=after)["items"]] == ["eski", "yeni"]


def test_who_follows_goes_on_from_a_change_that_the_replica_has_not_reached(pair: Pair) -> None:
    with pair.service(lag=60) as client:
        anna, berk = caller(client, name="anna"), caller(client, name="berk")
        pair.standby.catch_up()
        pair.standby.pause()
        add_controller(anna)
        until_then = read(anna, PATH, changed_since=0)["until"]
        assert is_replica(berk)
        assert read(berk, PATH, changed_since=until_then)["until"] == until_then
        assert read(berk, PATH, changed_since=now())["items"] == []
        head = read(anna, "/v1/audit-events/head")["head"]
        assert read(berk, "/v1/audit-events/verify", head=head)["whole"]


def test_a_key_that_was_revoked_opens_nothing_though_the_replica_has_it_alive(pair: Pair) -> None:
    with pair.service(lag=60) as client:
        admin, secret = caller(client), add_key(client, "reader")
        reader = holding(client, secret)
        pair.standby.catch_up()
        pair.standby.pause()
        assert is_replica(reader)
        assert change(admin, "DELETE", f"/v1/keys/{code_of(secret)}").status_code == 204
        assert refusal(reader.get(PATH), 401)["code"] == "key_revoked"


def test_callers_of_some_controllers_see_no_others_in_the_replica_either(pair: Pair) -> None:
    with pair.service() as client:
        for code in ("acme", "gizli"):
            add_controller(client, code)
        reader = caller(client, "reader", ["acme"])
        pair.standby.catch_up()
        assert is_replica(reader)
        assert [one["code"] for one in read(reader, PATH)["items"]] == ["acme"]
        assert reader.get(f"{PATH}/gizli").status_code == 404
        assert [one["code"] for one in read(reader, PATH, as_of=now())["items"]] == ["acme"]


def test_a_replica_that_stops_leaves_reads_to_the_primary_and_is_read_again_when_it_is_back(pair: Pair) -> None:
    with pair.service() as client:
        add_controller(client)
        pair.standby.catch_up()
        assert is_replica(client)
        pair.standby.stop()
        try:
            for _ in range(3):
                assert read(client, f"{PATH}/acme")["code"] == "acme"
            assert read(client, "/readyz")["replica"] == {"state": "away"}
            found = figures(client)
        finally:
            pair.standby.start()
        until(lambda: is_replica(client))
    assert found["envanter_replica_up"] == 0
    assert found['envanter_reads_total{given="primary_away"}'] == 3


def test_a_read_that_the_replica_ends_halfway_is_answered_so_and_then_by_the_primary(pair: Pair) -> None:
    with pair.service() as client:
        app = client.app
        assert isinstance(app, FastAPI)

        @app.get("/cut")
        def cut(session: ReadDep) -> bool:
            backend = session.value(text("SELECT pg_backend_pid()"))
            pair.standby.ask(f"SELECT pg_terminate_backend({backend}, 5000)")
            return bool(session.value(text("SELECT pg_is_in_recovery()")))

        assert problem(client.get("/cut"), 503)["type"] == "/problems/busy"
        assert not is_replica(client)


def assert_not_read(pair: Pair, read_url: str) -> None:
    """Read the register, though what answers at an address is none of its replicas."""
    with pair.service(read_url=read_url) as client:
        add_controller(client)
        pair.standby.catch_up()
        assert not is_replica(client)
        assert [one["code"] for one in read(client, PATH)["items"]] == ["acme"]
        assert read(client, "/readyz")["replica"] == {"state": "no_replica"}
        assert figures(client)["envanter_replica_up"] == 0


def test_what_is_no_replica_or_has_no_register_is_not_read(pair: Pair) -> None:
    assert_not_read(pair, pair.primary.url(pair.name))
    with pair.service(read_url=pair.standby.url("postgres")) as client:
        assert not is_replica(client)
        assert read(client, "/readyz")["replica"] == {"state": "no_replica"}


def test_a_register_that_grew_apart_is_not_read_though_its_numbers_are_the_same(pair: Pair) -> None:
    """Two copies of one register that grew apart have the same numbers; the instants of their changes differ."""
    pair.primary.copy("vocabularies")
    other = Pair(pair.primary, pair.standby, pair.primary.copies[-1])
    with other.service() as client:
        add_controller(client, "baska")
    assert_not_read(pair, pair.standby.url(other.name))


def test_a_register_in_which_nothing_was_written_yet_is_read_in_the_primary(
    postgresql_server: Server, standby: Standby
) -> None:
    kept = len(postgresql_server.copies)
    name = f"empty_{postgresql_server.made}"
    postgresql_server.copies.append(name)
    migrated(postgresql_server.create(name))
    standby.catch_up()
    with Pair(postgresql_server, standby, name).service() as client:
        assert not is_replica(client)
        assert read(client, "/readyz")["replica"] == {"state": "in_step", "change": 0, "behind_seconds": 0}
    postgresql_server.drop_copies(kept)


def test_while_the_primary_is_away_nobody_can_say_how_far_the_replica_is(pair: Pair, tmp_path: Path) -> None:
    replica = create_engine(pair.standby.url(pair.name))
    nowhere = create_engine(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    assert Replica(replica, nowhere, 0).state() == ReplicaState("unknown")
    replica.dispose()


def test_a_replica_without_the_schema_is_not_read(pair: Pair) -> None:
    with psycopg.connect(pair.primary.url(pair.name).replace("+psycopg", "")) as connection:
        pair.standby.pause()
        connection.execute("UPDATE alembic_version SET version_num = 'newer'")
    with pair.service() as client:
        assert not is_replica(client)
        pair.standby.catch_up()
        assert is_replica(client)


@pytest.mark.parametrize(
    ("url", "read_url", "said"),
    [
        ("sqlite:///register.db", "postgresql://db/envanter", "ENVANTER_DATABASE_URL is none"),
        ("postgresql://db/envanter", "sqlite:///register.db", "ENVANTER_DATABASE_READ_URL must be postgresql+psycopg"),
        ("postgresql://db/envanter", "s3cret", "ENVANTER_DATABASE_READ_URL must be postgresql+psycopg"),
    ],
)
def test_an_address_that_can_be_no_replica_is_refused_at_the_start(url: str, read_url: str, said: str) -> None:
    with pytest.raises(CannotStart) as refused:
        wait_for_database(Settings(database_url=url, database_read_url=read_url))
    assert said in str(refused.value)
    assert "s3cret" not in str(refused.value)
