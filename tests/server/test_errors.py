"""Whatever is sent, the answer is a normal one or a clear problem document, within seconds."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store.drafts import StateError
from contextlib_news_server.store.merge import ConflictError
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

SENTENCE = "The army killed 12 men in Hasakah on Monday."
SECONDS = 15.0  # of a processor; six times what the slowest takes


def is_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text[:500]
    assert answer.content_type == "application/problem+json"
    body = dict(answer.json)
    assert body["status"] == status
    assert body["type"].startswith("urn:contextlib-news:problem:")
    assert body["title"]
    assert body["detail"].strip()
    assert "Traceback" not in answer.text
    return body


def post(client: FlaskClient, data: bytes, kind: str | None = "application/json") -> TestResponse:
    return client.post("/api/v1/annotate", data=data, content_type=kind)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"text": NaN}', 400),
        (b'{"text": "\xff\xfe"}', 400),
        (b"\xef\xbb\xbf\xff", 400),
        (b"[" * 200_000, 400),
        (b'{"text":' * 100_000, 400),
        (b'{"text": ' + b"9" * 10_000 + b"}", 400),
        (b"{}", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else str(value),
)
def test_bodies_that_are_no_page(client: FlaskClient, data: bytes, status: int) -> None:
    is_problem(post(client, data), status)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"]
)
def test_what_a_form_of_another_site_can_send_is_refused(client: FlaskClient, kind: str) -> None:
    is_problem(post(client, json.dumps({"text": SENTENCE}).encode(), kind), 415)


def test_a_body_without_a_kind(client: FlaskClient) -> None:
    is_problem(post(client, b"", None), 400)


@pytest.mark.parametrize(
    ("page", "field"),
    [
        ({"text": 5}, "text"),
        ({"html": ["<p>"]}, "html"),
        ({"text": "a", "html": "b"}, "blocks"),
        ({"url": "https://a.example/"}, "blocks"),
        ({"text": "a", "title": {}}, "title"),
        ({"text": "a", "url": "h" * 5_000}, "url"),
        ({"text": "a", "colour": "red"}, "colour"),
        ({"blocks": [None]}, "blocks[0]"),
        ({"blocks": [{"text": "a"}, {"text": 5}]}, "blocks[1].text"),
        ({"blocks": [{"text": "a", "role": "table"}]}, "blocks[0].role"),
        ({"blocks": {"text": "a"}}, "blocks"),
        ({"text": "a", "links": [{"text": "b"}]}, "links[0].href"),
        ({"text": "a", "links": "b"}, "links"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_wrong_field_is_named(client: FlaskClient, page: dict[str, Any], field: str) -> None:
    body = is_problem(client.post("/api/v1/annotate", json=page), 422)
    assert field in [error["field"] for error in body["errors"]]


def test_every_wrong_field_is_named_at_once(client: FlaskClient) -> None:
    page = {"text": 1, "title": 2, "language": 3}
    body = is_problem(client.post("/api/v1/annotate", json=page), 422)
    assert {"text", "title", "language"} <= {error["field"] for error in body["errors"]}


@pytest.mark.parametrize(
    ("page", "allowed"),
    [
        ({"text": "word " * 2_000_000}, {413}),
        ({"text": "word " * 200_000}, {413}),
        ({"blocks": [{"text": "word " * 200_000}]}, {413}),
        ({"blocks": [{"text": SENTENCE}] * 4_000}, {413}),
        ({"text": (SENTENCE + "\n") * 50_000}, {413}),
        ({"html": "<div>" * 100_000 + "x"}, {200}),
        ({"html": "<div>" * 700_000}, {413}),
        ({"html": f"<p>{SENTENCE}</p>" * 11_000}, {413}),
        ({"html": "<p>" + "word " * 700_000}, {413}),
        ({"html": ""}, {200, 422}),
        ({"text": "\x00\x00"}, {200, 422}),
        ({"text": "a \x00 b. \u202e\ud800 مرحبا بالعالم. 你好世界。"}, {200}),
        ({"text": SENTENCE, "url": "javascript:alert(1)"}, {200, 422}),
        ({"text": SENTENCE, "url": "http://[::1"}, {200, 422}),
        ({"text": SENTENCE, "title": "\ud800", "language": "\x00"}, {200, 422}),
        ({"text": SENTENCE, "links": [{"href": "http://["}] * 2_000}, {200, 422}),
    ],
    ids=range(16),
)
def test_hostile_pages(config: Config, page: dict[str, Any], allowed: set[int]) -> None:
    # Processor time, as other work on the machine is not the page's fault; nothing is cut off.
    app = create_app(replace(config, max_seconds=3_600.0))
    began = time.process_time()
    answer = app.test_client().post("/api/v1/annotate", json=page)
    assert time.process_time() - began < SECONDS
    app.extensions[KEY].engine.dispose()
    assert answer.status_code in allowed, answer.text[:300]
    if answer.status_code != 200:
        is_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/api/v1/nowhere",
        "/api/v1/claims/%00%ff",
        "/api/v1/outlets/%00%ff..",
        "/claims/%00%ff",
        "/outlets/%00",
        "/static/../config.py",
        "/try/content/../../config.py",
        "/try/content/%2e%2e/%2e%2e/config.py",
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    is_problem(client.get(path), 404)


def test_a_wrong_method_names_the_right_one(client: FlaskClient) -> None:
    answer = client.get("/api/v1/annotate")
    is_problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


def test_odd_questions_about_claims_get_answers(client: FlaskClient) -> None:
    for question in ("query=%00%ff", "query=", "after=%ff", "colour=red"):
        assert client.get(f"/api/v1/claims?{question}").status_code == 200
    for question in ("limit=abc", "limit=-5", f"limit={'9' * 40}", "after=%00"):
        is_problem(client.get(f"/api/v1/claims?{question}"), 422)


def test_a_fault_of_ours_shows_no_details(app: Flask) -> None:
    def fault() -> str:
        raise RuntimeError("the password is swordfish")

    app.view_functions["health.live"] = fault
    app.view_functions["try.show"] = fault
    answer = app.test_client().get("/healthz")
    is_problem(answer, 500)
    assert "swordfish" not in answer.text
    page = app.test_client().get("/try", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert page.content_type == "text/html; charset=utf-8"
    assert "The fault is on this side" in page.text
    assert "swordfish" not in page.text


def test_a_database_that_is_away_for_a_moment(app: Flask) -> None:
    def locked() -> str:
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    app.view_functions["health.live"] = locked
    answer = app.test_client().get("/healthz")
    is_problem(answer, 503)
    assert answer.headers["Retry-After"]
    assert "SELECT" not in answer.text


@pytest.mark.parametrize(
    "error",
    [
        ConflictError(mine={"text": "Mine."}, theirs={"text": "Theirs."}, base=None, revision=2),
        StateError("the newest version is draft, not in_review"),
    ],
)
def test_what_somebody_else_changed_meanwhile(app: Flask, error: Exception) -> None:
    def changed() -> str:
        raise error

    # In the place of a view that anyone may ask: a new one would be closed.
    app.view_functions["health.live"] = changed
    body = is_problem(app.test_client().get("/healthz"), 409)
    assert str(error)[1:] in body["detail"]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
NAMES = st.sampled_from(["url", "title", "text", "html", "blocks", "links", "language", "domains"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.dictionaries(NAMES, JSON_VALUES, max_size=4) | JSON_VALUES)
def test_no_json_is_answered_with_a_fault(client: FlaskClient, body: object) -> None:
    for path in ("/api/v1/annotate", "/api/v1/outlets", "/api/v1/flags"):
        answer = client.post(path, data=json.dumps(body), content_type="application/json")
        assert answer.status_code in (200, 201, 400, 413, 422), answer.text[:300]
