"""One caller cannot ask without end; others are not kept waiting for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from flask import Flask
from flask.testing import FlaskClient


@pytest.fixture
def limited(config: Config) -> Iterator[Flask]:
    app = create_app(replace(config, rate_limit="5 per minute"))
    yield app
    app.extensions[KEY].engine.dispose()


def ask(client: FlaskClient, address: str, **more: object) -> int:
    answer = client.get("/api/v1/claims?limit=1", environ_base={"REMOTE_ADDR": address}, **more)
    return answer.status_code


def test_beyond_the_limit_there_is_a_problem_that_says_when_to_come_again(limited: Flask) -> None:
    client = limited.test_client()
    assert [ask(client, "192.0.2.1") for _ in range(6)] == [200] * 5 + [429]
    answer = client.get("/api/v1/claims", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.content_type == "application/problem+json"
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert ask(client, "192.0.2.2") == 200


def test_an_address_cannot_be_made_up(limited: Flask) -> None:
    client = limited.test_client()
    outcomes = [
        ask(client, "192.0.2.1", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(9)
    ]
    assert outcomes[-1] == 429


def test_a_proxy_that_the_settings_know_is_believed_and_no_further(config: Config) -> None:
    app = create_app(replace(config, rate_limit="5 per minute", proxies=1))
    client = app.test_client()
    for n in range(9):
        forwarded = {"X-Forwarded-For": f"10.0.0.{n}, 192.0.2.7"}
        last = ask(client, "127.0.0.1", headers=forwarded)
    assert last == 429
    assert ask(client, "127.0.0.1", headers={"X-Forwarded-For": "192.0.2.8"}) == 200
    app.extensions[KEY].engine.dispose()


def test_a_large_question_counts_as_several(limited: Flask) -> None:
    client = limited.test_client()
    page = {"text": "A word. " * 30_000}
    assert client.post("/api/v1/annotate", json=page).status_code in (200, 413)
    assert client.get("/api/v1/claims?limit=1").headers["X-RateLimit-Remaining"] == "1"


def test_health_is_never_refused(limited: Flask) -> None:
    client = limited.test_client()
    assert {client.get("/healthz").status_code for _ in range(9)} == {200}


def test_flags_have_a_limit_of_their_own(config: Config) -> None:
    app = create_app(replace(config, rate_limit="1000 per minute"))
    client = app.test_client()
    outcomes = [client.post("/api/v1/flags", json={"reason": "x"}).status_code for _ in range(21)]
    assert outcomes == [201] * 20 + [429]
    app.extensions[KEY].engine.dispose()


def test_a_shared_storage_that_is_away_stops_nobody(config: Config) -> None:
    away = replace(config, rate_limit="5 per minute", rate_storage="redis://127.0.0.1:1/0")
    app = create_app(away)
    client = app.test_client()
    assert [ask(client, "192.0.2.1") for _ in range(6)] == [200] * 5 + [429]
    app.extensions[KEY].engine.dispose()
