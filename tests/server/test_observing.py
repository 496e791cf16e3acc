"""The log tells what was answered without what readers read."""

from __future__ import annotations

import json
import logging

import pytest
from contextlib_news_server.observing import JsonFormatter
from flask import Flask
from flask.testing import FlaskClient

SECRET = "Swordfish fighters attacked the al-Sina'a prison in al-Hasakah."


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(JsonFormatter())
    return caplog


def test_a_line_says_what_was_answered_and_not_what_was_asked(
    client: FlaskClient, written: pytest.LogCaptureFixture
) -> None:
    page = {"text": SECRET, "url": "https://swordfish.example/story"}
    client.post("/api/v1/annotate?swordfish=1", json=page, environ_base={"REMOTE_ADDR": "10.9.8.7"})
    client.get("/api/v1/claims?query=swordfish")
    client.get("/api/v1/claims/swordfish")
    client.get("/swordfish")
    client.post("/api/v1/annotate", data=b'{"text": "swordfish"', content_type="application/json")
    answered = [json.loads(line) for line in written.text.splitlines() if "answered" in line]
    assert [line["status"] for line in answered] == [200, 200, 404, 404, 400]
    assert answered[0]["route"] == "/api/v1/annotate"
    assert answered[0]["milliseconds"] > 0
    assert answered[0]["request"]
    assert "swordfish" not in written.text.casefold()
    assert "10.9.8.7" not in written.text


def test_a_fault_is_told_by_its_places_not_by_its_words(
    app: Flask, written: pytest.LogCaptureFixture
) -> None:
    def fault() -> str:
        raise RuntimeError(SECRET)

    app.view_functions["health.live"] = fault
    app.test_client().get("/healthz")
    (line,) = [json.loads(x) for x in written.text.splitlines() if '"exception"' in x]
    assert line["exception"] == "RuntimeError"
    assert any(place.startswith("fault:") for place in line["stack"])
    assert "Swordfish" not in written.text


@pytest.mark.parametrize(
    ("given", "kept"), [("a-1.B_2", True), ("a b", False), ("x" * 65, False), ("", False)]
)
def test_the_name_of_a_request(client: FlaskClient, given: str, kept: bool) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is kept
    assert answer.headers["X-Request-Id"]


def test_a_log_line_cannot_be_forged() -> None:
    record = logging.LogRecord("a", logging.INFO, "", 0, 'x\n{"level": "%s"}', ("ERROR",), None)
    assert "\n" not in JsonFormatter().format(record)
