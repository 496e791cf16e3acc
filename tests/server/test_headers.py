"""Who may ask, by which name, and what every answer carries."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from flask.testing import FlaskClient

CHROMIUM = "chrome-extension://" + "abcdefghijklmnop" * 2
FIREFOX = "moz-extension://0f3c2a1e-9b7d-4c55-8a11-1234567890ab"


@pytest.mark.parametrize("origin", [CHROMIUM, FIREFOX])
def test_extensions_may_ask(client: FlaskClient, origin: str) -> None:
    answer = client.post("/api/v1/annotate", json={"text": "Hello."}, headers={"Origin": origin})
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers.getlist("Vary")


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "*",
        "https://evil.example",
        "http://localhost:8765",
        "https://chrome-extension." + "abcdefghijklmnop" * 2 + ".evil.example",
        CHROMIUM + ".evil.example",
        CHROMIUM + "\t",
        "https://evil.example/" + CHROMIUM,
        "evil-" + CHROMIUM,
        "chrome-extension://" + "z" * 32,
        "chrome-extension://abc",
        "moz-extension://evil.example",
        FIREFOX + "0",
    ],
)
def test_others_may_not(client: FlaskClient, origin: str) -> None:
    for headers in (
        {"Origin": origin},
        {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
            "Access-Control-Request-Private-Network": "true",
        },
    ):
        answer = client.options("/api/v1/annotate", headers=headers)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Private-Network" not in answer.headers


def test_a_preflight_of_an_extension_reaches_this_machine(client: FlaskClient) -> None:
    answer = client.options(
        "/api/v1/annotate",
        headers={
            "Origin": CHROMIUM,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
            "Access-Control-Request-Private-Network": "true",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == CHROMIUM
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "content-type" in answer.headers["Access-Control-Allow-Headers"].lower()


def test_a_problem_can_be_read_by_the_extension_too(client: FlaskClient) -> None:
    answer = client.post("/api/v1/annotate", json={}, headers={"Origin": CHROMIUM})
    assert answer.status_code == 422
    assert answer.headers["Access-Control-Allow-Origin"] == CHROMIUM


def test_configured_origins_take_the_place_of_the_pattern(config: Config) -> None:
    chosen = replace(config, extension_origins=(FIREFOX,), origins=("https://desk.example",))
    app = create_app(chosen)
    client = app.test_client()
    allowed = {
        origin: "Access-Control-Allow-Origin"
        in client.get("/api/v1/claims", headers={"Origin": origin}).headers
        for origin in (FIREFOX, "https://desk.example", CHROMIUM, "https://desk-example")
    }
    app.extensions[KEY].engine.dispose()
    assert list(allowed.values()) == [True, True, False, False]


@pytest.mark.parametrize("host", ["localhost", "localhost:8765", "127.0.0.1:1", "[::1]:8765"])
def test_this_machine_is_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "localhost:999999", "["],
)
def test_a_name_that_somebody_points_at_this_machine_is_not(client: FlaskClient, host: str) -> None:
    answer = client.get("/api/v1/claims", headers={"Host": host})
    assert answer.status_code in (400, 403)
    assert answer.content_type == "application/problem+json"


def test_the_configured_host_is_answered(config: Config) -> None:
    app = create_app(replace(config, host="192.0.2.7", allowed_hosts=("news.example",)))
    client = app.test_client()
    codes = [
        client.get("/healthz", headers={"Host": host}).status_code
        for host in ("192.0.2.7:8765", "news.example", "192.0.2.8")
    ]
    app.extensions[KEY].engine.dispose()
    assert codes == [200, 200, 403]


@pytest.mark.parametrize("path", ["/try", "/healthz", "/nowhere", "/claims/starter-01"])
def test_every_answer_is_locked_down(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers
