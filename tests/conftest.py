"""Fixtures that every room uses: real data, both engines, the app, a client that checks pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fieldapp.config import Settings, load_settings
from fieldapp.db import geo
from fieldapp.db.base import Base
from fieldapp.db.engine import make_engine, make_session_factory
from fieldapp.db.migrate import upgrade
from tests.support.client import CheckingClient
from tests.support.postgres import Cluster, PostgresMissing, postgres_cluster

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("sqlite", "postgis")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real Dutch data beside the project; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("FIELDAPP_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"real data not found in {folder}; set FIELDAPP_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A private PostGIS server for this session."""
    try:
        with postgres_cluster() as cluster:
            yield cluster
    except PostgresMissing as missing:
        pytest.skip(f"no PostgreSQL with PostGIS: {missing}")


@dataclass(frozen=True)
class TestDatabase:
    """An empty database at head."""

    __test__ = False
    kind: str
    url: str


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at head, copied for each test."""
    path = tmp_path_factory.mktemp("template") / "head.sqlite"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.execute(text("pragma wal_checkpoint(truncate)"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgis_url(postgres: Cluster) -> str:
    """A PostGIS database at head, emptied before each test."""
    url = postgres.url(postgres.create_database())
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


def empty(url: str) -> None:
    """Remove every row, so that a test begins with nothing."""
    engine = make_engine(url)
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        # On a busy machine a vacuum, or the end of an earlier connection, takes its time.
        connection.execute(text("set local lock_timeout = '60s'"))
        connection.execute(text(f"truncate {names} restart identity cascade"))
    engine.dispose()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> TestDatabase:
    """An empty database at head; every test that asks for it runs on both engines."""
    geo.forget_indexes()  # a database emptied between tests counts its revisions from 1 again
    if request.param == "sqlite":
        path = tmp_path / "fieldapp.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return TestDatabase("sqlite", f"sqlite:///{path}")
    url = request.getfixturevalue("postgis_url")
    empty(url)
    return TestDatabase("postgis", url)


@pytest.fixture
def settings(database: TestDatabase, tmp_path: Path) -> Settings:
    """Settings of an app on that database."""
    return load_settings(
        {
            "FIELDAPP_ENV": "test",
            "FIELDAPP_DATABASE_URL": database.url,
            "FIELDAPP_DATA_DIR": str(tmp_path / "data"),
            "FIELDAPP_SECRET_KEY": "only-for-tests-" + "x" * 32,
        }
    )


@pytest.fixture
def engine(database: TestDatabase) -> Iterator[Engine]:
    """The engine behind the database of this test."""
    engine = make_engine(database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that sees and makes real commits."""
    with make_session_factory(engine)() as session:
        yield session


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app; CSRF stays on."""
    from fieldapp.app import create_app

    app = create_app(settings)
    app.test_client_class = CheckingClient
    yield app
    app.extensions["fieldapp"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    """A browser without scripts; each page it fetches is checked (tests/support/client.py)."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client
