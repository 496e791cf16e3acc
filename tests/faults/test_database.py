"""The database stops, freezes, takes no writes, is full: right answers or clear errors, no hang."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server import create_app, matcher
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store.database import bound_waiting, open_database, read
from contextlib_news_server.store.tables import flags
from contextlib_news_server.wsgi import get_ready
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.faults.machines import Postgresql, claims_told, until

pytestmark = pytest.mark.slow

SENTENCE = "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."
PAGE = {"url": "https://example.org/story", "text": SENTENCE}


@pytest.fixture
def database() -> Iterator[Postgresql]:
    server = Postgresql()
    yield server
    server.start()
    server.remove()


@pytest.fixture
def app(database: Postgresql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    # However long a test takes on a busy machine, notes go on until it says otherwise.
    monkeypatch.setattr(matcher, "STALE_SECONDS", 3600.0)
    plain = Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path / "data")})
    app = create_app(replace(plain, database=database.address, rate_limit="", poll_seconds=0.0))
    get_ready(app)
    yield app
    app.extensions[KEY].engine.dispose()


def annotate(client: FlaskClient) -> TestResponse:
    return client.post("/api/v1/annotate", json=PAGE)


def flag(client: FlaskClient, reason: str = "r") -> TestResponse:
    return client.post("/api/v1/flags", json={"reason": reason})


def is_right(answer: TestResponse) -> bool:
    return answer.status_code == 200 and bool(claims_told(answer.json))


def is_refusal(answer: TestResponse) -> bool:
    """Say whether it is an error that is clear and says when to come back."""
    return (
        answer.status_code == 503
        and int(answer.headers["Retry-After"]) >= 1
        and answer.json["type"] == "urn:contextlib-news:problem:service-unavailable"
    )


def count_flags(engine: Engine) -> int:
    with read(engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(flags)) or 0)


def test_a_database_that_stops_and_comes_back(
    app: Flask, database: Postgresql, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    assert is_right(annotate(client))
    assert flag(client).status_code == 201
    database.stop()
    # Notes go on for a while; what needs the database says so.
    assert is_right(annotate(client))
    assert is_refusal(flag(client))
    assert is_refusal(client.get("/api/v1/claims"))
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(matcher, "STALE_SECONDS", 0.0)
    assert is_refusal(annotate(client))
    database.start()
    # Not one request pays for the connections of before.
    assert flag(client).status_code == 201
    assert is_right(annotate(client))
    assert client.get("/readyz").status_code == 200
    assert count_flags(app.extensions[KEY].engine) == 2


def test_a_database_that_is_killed_loses_no_write(app: Flask, database: Postgresql) -> None:
    client = app.test_client()
    written = [flag(client, f"flag {n}").json["id"] for n in range(20)]
    database.kill()
    database.start()
    assert is_right(annotate(client))
    with read(app.extensions[KEY].engine) as connection:
        assert set(written) <= set(connection.scalars(select(flags.c.number)))


def test_a_database_that_takes_no_writes(app: Flask) -> None:
    client = app.test_client()
    engine = app.extensions[KEY].engine
    with engine.connect() as connection:
        name = connection.scalar(select(func.current_database()))
    set_default(engine, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    engine.dispose()
    assert is_right(annotate(client))
    assert is_refusal(flag(client))
    assert client.get("/api/v1/claims").status_code == 200
    set_default(engine, f'ALTER DATABASE "{name}" SET default_transaction_read_only = off')
    engine.dispose()
    assert flag(client).status_code == 201
    assert count_flags(engine) == 1


def set_default(engine: Engine, statement: str) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("SET transaction_read_only = off")
        connection.exec_driver_sql("SET default_transaction_read_only = off")
        connection.exec_driver_sql(statement)


def test_a_statement_that_waits_is_given_up(app: Flask) -> None:
    client = app.test_client()
    engine = app.extensions[KEY].engine
    bound_waiting(engine, 1.0)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("LOCK TABLE flags IN ACCESS EXCLUSIVE MODE")
        assert is_refusal(flag(client))
        assert is_right(annotate(client))
        connection.rollback()
    assert flag(client).status_code == 201
    assert count_flags(engine) == 1


def test_too_few_connections(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = app.test_client()
    engine = app.extensions[KEY].engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.1)
    taken = [engine.connect() for _ in range(12)]
    assert is_refusal(flag(client))
    assert is_right(annotate(client))
    for connection in taken:
        connection.close()
    assert flag(client).status_code == 201


def test_a_database_that_freezes_holds_up_one_request_alone(
    app: Flask, database: Postgresql, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    assert is_right(annotate(client))
    database.freeze()
    try:
        # This one looks for changes and waits; all others go on with what there is.
        answers: list[TestResponse] = []
        first = threading.Thread(target=lambda: answers.append(annotate(app.test_client())))
        first.start()
        held = app.extensions[KEY].matcher
        until(lambda: held._lock.locked() or not first.is_alive(), "the one that looks")
        for _ in range(20):
            assert is_right(annotate(client))
        monkeypatch.setattr(matcher, "STALE_SECONDS", 0.0)
        assert is_refusal(annotate(client))
        first.join()
        assert is_right(answers[0]) or is_refusal(answers[0])
    finally:
        database.thaw()
    monkeypatch.undo()
    until(lambda: is_right(annotate(client)), "notes")


def test_a_database_that_freezes_is_given_up(app: Flask, database: Postgresql) -> None:
    client = app.test_client()
    assert flag(client).status_code == 201
    database.freeze()
    try:
        # None of these comes back before the database goes on, but for limits of this side.
        assert is_refusal(client.get("/api/v1/claims"))
        assert is_refusal(flag(client, "not written"))
        assert client.get("/readyz").status_code == 503
    finally:
        database.thaw()
    until(lambda: client.get("/readyz").status_code == 200, "the database")
    assert flag(client).status_code == 201
    assert count_flags(app.extensions[KEY].engine) == 2


def test_a_database_that_freezes_in_a_statement_is_given_up(
    app: Flask, database: Postgresql
) -> None:
    engine = app.extensions[KEY].engine
    engine.dispose()
    bound_waiting(engine, 1.0)
    connection = engine.connect()
    connection.exec_driver_sql("SELECT 1")
    database.freeze()
    try:
        with pytest.raises(OperationalError, match="does not answer"):
            connection.exec_driver_sql("SELECT 1")
    finally:
        database.thaw()
    connection.close()
    until(lambda: flag(app.test_client()).status_code == 201, "a write")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB of its own; skipped where one may not be made."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount a small file system")
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_refuses_writes_and_loses_none(small_disk: Path) -> None:
    plain = Config.from_env(
        {"CONTEXTLIB_NEWS_DATA_FOLDER": str(small_disk), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
    )
    app = create_app(replace(plain, rate_limit="", poll_seconds=0.0))
    client = app.test_client()
    engine = app.extensions[KEY].engine
    assert is_right(annotate(client))
    written = [flag(client).json["id"]]
    ballast = small_disk / "ballast"
    fill(ballast)
    refused = 0
    for _ in range(200):
        answer = flag(client, "r" * 2_000)
        if answer.status_code == 201:
            written.append(answer.json["id"])
        else:
            assert is_refusal(answer)
            refused += 1
        fill(ballast)
    assert refused
    assert is_right(annotate(client))
    assert client.get("/api/v1/claims").status_code == 200
    ballast.unlink()
    written.append(flag(client).json["id"])
    with read(engine) as connection:
        assert set(connection.scalars(select(flags.c.number))) == set(written)
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()
    # A start from what is there now finds all of it.
    again = open_database(plain.database)
    assert count_flags(again) == len(written)
    again.dispose()


def fill(path: Path) -> None:
    """Write until there is no room."""
    try:
        with path.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))
    except OSError:
        return


def test_a_read_only_sqlite_file(tmp_path: Path) -> None:
    plain = Config.from_env(
        {
            "CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path / "data"),
            "CONTEXTLIB_NEWS_MAX_SECONDS": "600",
        }
    )
    app = create_app(replace(plain, rate_limit="", poll_seconds=0.0))
    client = app.test_client()
    engine = app.extensions[KEY].engine
    assert is_right(annotate(client))
    engine.dispose()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    assert is_refusal(flag(client))
    assert is_right(annotate(client))
    engine.dispose()
    assert flag(client).status_code == 201
    engine.dispose()


@pytest.mark.parametrize("jump", [-10 * 365 * 86_400, -3_600, 3_600, 10 * 365 * 86_400])
def test_a_clock_that_jumps_changes_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    plain = Config.from_env(
        {
            "CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path / "data"),
            "CONTEXTLIB_NEWS_MAX_SECONDS": "600",
        }
    )
    app = create_app(replace(plain, rate_limit="1000 per minute", poll_seconds=0.0))
    client = app.test_client()
    before = annotate(client)
    assert is_right(before)
    first = flag(client).json["id"]
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + jump)
    assert annotate(client).json == before.json
    second = flag(client).json["id"]
    assert second > first
    monkeypatch.undo()
    assert annotate(client).json == before.json
    assert flag(client).json["id"] > second
    app.extensions[KEY].engine.dispose()
