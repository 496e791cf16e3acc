"""A fresh, seeded application for each test, on a database file of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store.database import open_database
from flask import Flask
from flask.testing import FlaskClient


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
    return replace(plain, poll_seconds=0.0)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    app.extensions[KEY].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
