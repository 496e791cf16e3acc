"""Answers are packed where the caller can read it, and asked for again by their tag."""

from __future__ import annotations

import gzip
import json

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    "path", ["/api/v1/outlets/veteranstoday.com", "/api/v1/claims?limit=3", "/openapi.json"]
)
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert client.get(path, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_packed_answer_is_the_same_and_keeps_its_tag(client: FlaskClient) -> None:
    plain = client.get("/openapi.json")
    packed = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert len(packed.data) < len(plain.data) / 3
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_annotations_and_problems_are_not_kept(client: FlaskClient) -> None:
    for answer in (
        client.post("/api/v1/annotate", json={"text": "Hello."}),
        client.get("/api/v1/claims/none"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
