"""The routes under /api/v1 answer as the contract says."""

from __future__ import annotations

from typing import Any

import pytest
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims as claim_store
from contextlib_news_server.store import flags
from contextlib_news_server.store.database import read
from flask import Flask
from flask.testing import FlaskClient

from contextlib_news.formats.claims import load_claims

ATTACK = "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."


def annotate(client: FlaskClient, **page: Any) -> dict[str, Any]:
    answer = client.post("/api/v1/annotate", json=page)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(answer.json)


def claim_notes(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [note for note in answer["notes"] if note["kind"] == "claim"]


@pytest.mark.parametrize(
    "content",
    [
        {"text": ATTACK},
        {"html": f"<article><p>{ATTACK}</p></article>"},
        {"blocks": [{"id": "b1", "text": ATTACK, "role": "paragraph"}]},
    ],
    ids=["text", "html", "blocks"],
)
def test_a_page_gets_its_notes_whatever_form_it_comes_in(
    client: FlaskClient, content: dict[str, Any]
) -> None:
    (note, *_) = claim_notes(annotate(client, url="https://example.org/story", **content))
    assert note["target"]["exact"] in ATTACK
    assert note["claim"]["url"] == f"http://localhost/claims/{note['claim']['id']}"
    assert note["target"].get("block") == ("b1" if "blocks" in content else None)


def test_the_public_address_of_a_claim_can_be_opened(client: FlaskClient) -> None:
    (note, *_) = claim_notes(annotate(client, text=ATTACK))
    page = client.get(note["claim"]["url"])
    assert page.status_code == 200
    assert note["claim"]["text"].split()[0] in page.text
    assert "application/ld+json" in page.text


def test_a_page_on_another_subject_gets_no_claim_note(client: FlaskClient) -> None:
    text = "The bakery on Elm Street sold 300 loaves on Monday. Its owner hired two apprentices."
    assert claim_notes(annotate(client, text=text)) == []


def test_there_is_no_outlet_without_an_address(client: FlaskClient) -> None:
    assert annotate(client, text=ATTACK)["outlet"] is None


def test_the_reference_article_as_blocks(client: FlaskClient, article: str) -> None:
    blocks = [{"id": f"b{n}", "text": t} for n, t in enumerate(article.split("\n")) if t.strip()]
    answer = annotate(client, url="https://veteranstoday.com/x", blocks=blocks)
    text_of = {block["id"]: block["text"] for block in blocks}
    quotes = [note["target"] for note in answer["notes"] if note["target"].get("exact")]
    assert all(quote["exact"] in text_of[quote["block"]] for quote in quotes)
    assert len({note["claim"]["id"] for note in claim_notes(answer)}) >= 15
    assert len(answer["outlet"]["ratings"]) >= 3


def test_one_outlet(client: FlaskClient) -> None:
    answer = client.get("/api/v1/outlets/www.veteranstoday.com")
    assert answer.json["domain"] == "veteranstoday.com"
    assert all(rating["source"] for rating in answer.json["ratings"])
    assert client.get("/api/v1/outlets/nobody-rates-this.example").status_code == 404


def test_many_outlets(client: FlaskClient) -> None:
    domains = ["reuters.com", "nobody-rates-this.example", "", "\ud800", "http://[::1"]
    answer = client.post("/api/v1/outlets", json={"domains": domains}).json["outlets"]
    assert set(answer) == set(domains)
    assert answer["reuters.com"]["domain"] == "reuters.com"
    assert answer["nobody-rates-this.example"] is None


@pytest.mark.parametrize("domains", ["reuters.com", [5], None, ["a.org"] * 501])
def test_lists_of_domains_that_are_none(client: FlaskClient, domains: object) -> None:
    answer = client.post("/api/v1/outlets", json={"domains": domains})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].startswith("domains")


def test_claims_are_paged_by_key_without_loss(client: FlaskClient) -> None:
    found: list[str] = []
    after = ""
    while after is not None:
        page = client.get("/api/v1/claims", query_string={"after": after, "limit": 10}).json
        found += [claim["id"] for claim in page["claims"]]
        after = page["next"]
    assert found == sorted(claim.id for claim in load_claims())


def test_claims_are_ranked_for_a_query(client: FlaskClient) -> None:
    answer = client.get("/api/v1/claims", query_string={"query": ATTACK, "limit": 3}).json
    scores = [claim["score"] for claim in answer["claims"]]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > answer["threshold"] > scores[-1]


def test_one_claim_is_given_whole(client: FlaskClient) -> None:
    claim = next(iter(load_claims()))
    answer = client.get(f"/api/v1/claims/{claim.id}").json
    assert answer["text"] == claim.text
    assert len(answer["reports"]) == len(claim.reports)
    assert client.get("/api/v1/claims/none").status_code == 404


def test_a_flag_is_kept(app: Flask, client: FlaskClient) -> None:
    flag = {"note_id": "n", "claim_id": "c", "url": "https://a.example/", "reason": "not so"}
    answer = client.post("/api/v1/flags", json=flag)
    assert answer.status_code == 201
    with read(app.extensions[KEY].engine) as connection:
        assert flags.count(connection) == 1


@pytest.mark.parametrize(
    "flag", [{}, {"reason": " "}, {"reason": 5}, {"reason": "a\x00"}, {"reason": "\ud800"}]
)
def test_a_flag_that_says_nothing_or_cannot_be_kept(
    client: FlaskClient, flag: dict[str, Any]
) -> None:
    answer = client.post("/api/v1/flags", json=flag)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json["errors"]} == {"reason"}


def test_a_published_change_is_found_at_once(app: Flask, client: FlaskClient) -> None:
    text = "The lighthouse at Cape Orlow burned down in 1911."
    assert claim_notes(annotate(client, text=text)) == []
    claim = next(iter(load_claims()))
    from dataclasses import replace

    new = replace(claim, id="lighthouse", text=text, reports=(), quotations=())
    with app.extensions[KEY].engine.begin() as connection:
        claim_store.save(connection, new, made_by="a test", reason="new")
    (note,) = claim_notes(annotate(client, text=text))
    assert note["claim"]["id"] == "lighthouse"


def test_health_and_readiness(client: FlaskClient) -> None:
    assert client.get("/healthz").json["status"] == "alive"
    ready = client.get("/readyz").json
    assert ready["status"] == "ready"
    assert ready["claims"] == len(load_claims())
    assert ready["behind"] == 0


def test_the_description_names_every_route_of_the_api(app: Flask, client: FlaskClient) -> None:
    described = client.get("/openapi.json").json
    assert described["openapi"].startswith("3.1")
    routes = {
        rule.rule.replace("<path:", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert routes <= set(described["paths"])


def test_the_start_page_leads_to_the_trial(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/try"
