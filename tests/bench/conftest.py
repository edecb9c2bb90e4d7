"""Two registers with the same two controllers: one made by the service alone, one multiplied inside the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.main import create_app
from app.platform.database import Base
from app.platform.settings import Settings
from bench.speed.content import FIRST, Json, holding, shared
from bench.speed.multiplying import Marks, copied_tables, multiply
from tests.conftest import Server

FEW = 12


def bring(caller: TestClient, bundle: Json) -> None:
    answer = caller.post("/v1/import", content=orjson.dumps(bundle), headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text


@contextmanager
def register(url: str, *copies: str) -> Iterator[TestClient]:
    """Make controllers by the service."""
    with TestClient(create_app(Settings(database_url=url))) as caller:
        bring(caller, shared())
        for copy in copies:
            bring(caller, holding("a", FEW, copy))
        yield caller


@pytest.fixture
def made(server: Server) -> Iterator[TestClient]:
    """A register whose second controller the service made."""
    with register(server.copy("vocabularies"), FIRST, "0001") as caller:
        yield caller


@pytest.fixture
def multiplied(server: Server) -> Iterator[TestClient]:
    """A register whose second controller is a copy of its first."""
    url = server.copy("vocabularies")
    engine = create_engine(url)
    with register(url) as caller:
        with engine.connect() as connection:
            marks = Marks.of(connection, copied_tables(Base.metadata))
        bring(caller, holding("a", FEW))
    multiply(engine, Base.metadata, marks, 1)
    engine.dispose()
    with TestClient(create_app(Settings(database_url=url))) as caller:  # a process knows only what it saw written
        yield caller
