"""A fresh, seeded application for each test, on a database file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings that touch nothing but the test's own folder and never wait for a poll."""
    plain = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path / "data")})
    return replace(plain, poll_seconds=0.0)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    app.extensions[KEY].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
