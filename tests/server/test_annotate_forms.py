"""One page in every form of answer: whole, as it is found, as Web Annotations; several pages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from flask import Flask
from flask.testing import FlaskClient

ATTACK = "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."


def lines(client: FlaskClient, page: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/api/v1/annotate", json=page, headers={"Accept": "application/x-ndjson"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_notes_of_a_stream_are_those_of_the_whole_answer(
    client: FlaskClient, article: str
) -> None:
    page = {"url": "https://veteranstoday.com/x", "text": article}
    whole = client.post("/api/v1/annotate", json=page).json
    found = lines(client, page)
    notes = [note for line in found[:-1] for note in line["notes"]]
    assert sorted(notes, key=lambda note: note["id"]) == sorted(
        whole["notes"], key=lambda note: note["id"]
    )
    assert found[-1] == {"document": whole["document"], "outlet": whole["outlet"]}


def test_publisher_and_fine_print_come_first(client: FlaskClient, article: str) -> None:
    first, *rest = lines(client, {"url": "https://veteranstoday.com/x", "text": article})
    assert {note["kind"] for note in first["notes"]} == {"outlet", "disclaimer"}
    later = {note["kind"] for line in rest[:-1] for note in line["notes"]}
    assert "claim" in later
    assert not later & {"outlet", "disclaimer"}


def test_a_page_that_cannot_be_read_has_a_status_before_the_stream(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/annotate", json={"text": 5}, headers={"Accept": "application/x-ndjson"}
    )
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_web_annotations(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/annotate", json={"text": ATTACK}, headers={"Accept": "application/ld+json"}
    )
    assert answer.mimetype == "application/ld+json"
    page = json.loads(answer.text)
    assert page["type"] == "AnnotationPage"
    assert any(item["target"]["selector"]["exact"] in ATTACK for item in page["items"])


def test_several_pages(client: FlaskClient) -> None:
    other = {"text": "The bakery on Elm Street sold 300 loaves on Monday."}
    answer = client.post("/api/v1/annotate/batch", json={"pages": [{"text": ATTACK}, other]})
    first, second = answer.json["results"]
    assert first == client.post("/api/v1/annotate", json={"text": ATTACK}).json
    assert second["document"]["matched"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "pages"),
        ({"pages": []}, "pages"),
        ({"pages": [{"text": "a"}] * 51}, "pages"),
        ({"pages": [{"text": "a"}, {"text": "a", "html": "b"}]}, "pages[1].blocks"),
        ({"pages": [{"text": 5}]}, "pages[0].text"),
    ],
)
def test_batches_that_are_none(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    answer = client.post("/api/v1/annotate/batch", json=body)
    assert answer.status_code == 422
    assert field in [error["field"] for error in answer.json["errors"]]


def test_the_limits_of_one_page_hold_for_a_batch(client: FlaskClient) -> None:
    pages = [{"text": f"{ATTACK}\n" * 1_600}] * 2
    assert client.post("/api/v1/annotate/batch", json={"pages": pages}).status_code == 413


@pytest.fixture
def hurried(config: Config) -> Flask:
    return create_app(replace(config, max_seconds=0.0))


def test_a_page_that_takes_too_long_is_given_up(hurried: Flask) -> None:
    client = hurried.test_client()
    answer = client.post("/api/v1/annotate", json={"text": ATTACK})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "longer than one request may" in answer.json["detail"]
    hurried.extensions[KEY].engine.dispose()


def test_a_packed_body_is_not_read(client: FlaskClient) -> None:
    import gzip

    answer = client.post(
        "/api/v1/annotate",
        data=gzip.compress(json.dumps({"text": ATTACK}).encode()),
        content_type="application/json",
        headers={"Content-Encoding": "gzip"},
    )
    assert answer.status_code == 415
