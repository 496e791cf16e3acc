"""Too many at once are turned away at once; a turn comes back however its request ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from contextlib_news_server import admission, create_app
from contextlib_news_server.admission import Turnstile
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from flask import Flask

BODY = {"url": "https://example.org/a", "text": "Drivers crossed the bridge in 1931."}


@pytest.fixture
def narrow(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application that works on one page at once and lets nobody wait."""
    monkeypatch.setattr(admission, "WAITING", 0)
    app = create_app(replace(config, max_at_once=1))
    yield app
    app.extensions[KEY].engine.dispose()


def test_the_one_beyond_is_refused_and_the_next_is_served(narrow: Flask) -> None:
    inside, free = threading.Event(), threading.Event()
    real = narrow.view_functions["annotate.annotate_page"]

    def held(*given: object, **named: object) -> object:
        inside.set()
        assert free.wait(300)
        return real(*given, **named)

    narrow.view_functions["annotate.annotate_page"] = held
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(narrow.test_client().post("/api/v1/annotate", json=BODY).status_code)

    first = threading.Thread(target=ask)
    first.start()
    assert inside.wait(300)
    refused = narrow.test_client().post("/api/v1/annotate", json=BODY)
    assert refused.status_code == 503
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert refused.json["type"] == "urn:contextlib-news:problem:service-unavailable"
    # What costs nothing is answered all the same.
    assert narrow.test_client().get("/healthz").status_code == 200
    assert narrow.test_client().get("/api/v1/outlets/reuters.com").status_code == 200
    free.set()
    first.join()
    ask()
    assert statuses == [200, 200]


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_a_turn_comes_back(narrow: Flask, accept: str) -> None:
    client = narrow.test_client()
    for body, status in ((BODY, 200), ({"url": 1}, 422), (BODY, 200), (BODY, 200)):
        answer = client.post("/api/v1/annotate", json=body, headers={"Accept": accept})
        assert answer.status_code == status
        assert answer.data


def test_a_turn_comes_back_after_a_fault(narrow: Flask) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RuntimeError

    real = narrow.view_functions["annotate.annotate_page"]
    narrow.view_functions["annotate.annotate_page"] = fault
    client = narrow.test_client()
    assert client.post("/api/v1/annotate", json=BODY).status_code == 500
    narrow.view_functions["annotate.annotate_page"] = real
    assert client.post("/api/v1/annotate", json=BODY).status_code == 200


def test_some_wait_and_are_let_in() -> None:
    turnstile = Turnstile(1, waiting=1, wait_seconds=60)
    assert turnstile.enter()
    let_in: list[bool] = []
    waiting = threading.Thread(target=lambda: let_in.append(turnstile.enter()))
    waiting.start()
    # The one seat is taken sooner or later, and from then on nobody else gets one.
    while turnstile._seats:
        pass
    assert not turnstile.enter()
    turnstile.leave()
    waiting.join()
    assert let_in == [True]
    turnstile.leave()
    assert turnstile.enter()


def test_waiting_ends() -> None:
    turnstile = Turnstile(1, waiting=1, wait_seconds=0.01)
    assert turnstile.enter()
    assert not turnstile.enter()
    turnstile.leave()
    assert turnstile.enter()
