"""What is counted: routes and kinds, never what was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from contextlib_news import load_claims

ATTACK = "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."


def values(client: FlaskClient) -> dict[tuple[str, ...], float]:
    text = client.get("/metrics").text
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_stages_and_notes_are_counted(client: FlaskClient) -> None:
    client.post("/api/v1/annotate", json={"text": ATTACK})
    client.get("/api/v1/claims/none")
    found = values(client)
    asked = "contextlib_news_request_seconds_count"
    assert found[asked, "/api/v1/annotate", "200", "POST"] == 1
    assert found[asked, "/api/v1/claims/<path:id>", "404", "GET"] == 1
    for stage in ("parse", "match", "read", "compose"):
        assert found["contextlib_news_stage_seconds_count", stage] >= 1
    assert found["contextlib_news_notes_total", "claim"] >= 1
    assert found["contextlib_news_sentences_total", "matched"] == 1
    assert found["contextlib_news_index_claims",] == len(load_claims())
    assert found["contextlib_news_index_behind",] == 0


def test_what_was_asked_stays_out(client: FlaskClient) -> None:
    client.get("/swordfish?swordfish=1")
    client.get("/api/v1/claims/swordfish")
    assert "swordfish" not in client.get("/metrics").text


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.1", {}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.1"}, 403),
    ],
)
def test_only_this_machine_is_told(
    client: FlaskClient, address: str, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)
    assert answer.status_code == status


def test_behind_a_known_proxy_its_readers_are_not_this_machine(config: Config) -> None:
    app = create_app(replace(config, proxies=1))
    client = app.test_client()
    local = {"REMOTE_ADDR": "127.0.0.1"}
    outside = {"X-Forwarded-For": "192.0.2.1"}
    assert client.get("/metrics", environ_base=local, headers=outside).status_code == 403
    assert client.get("/metrics", environ_base=local).status_code == 200
    app.extensions[KEY].engine.dispose()
