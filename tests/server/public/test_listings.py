"""What machines read: sitemap, feed of changes, robots.txt."""

from __future__ import annotations

import urllib.robotparser
from xml.etree import ElementTree

import pytest
from contextlib_news_server.store import publications
from contextlib_news_server.store.tables import claims as table
from flask.testing import FlaskClient
from sqlalchemy import Engine

from contextlib_news.models import Claim
from tests.factories import make_claim
from tests.server.public.conftest import publish, retire

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


def addresses(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/xml; charset=utf-8"
    return [found.text or "" for found in ElementTree.fromstring(answer.data).iter(f"{MAP}loc")]


def test_the_sitemap_names_what_is_public_and_nothing_else(
    client: FlaskClient, store: Engine, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publications, "SITEMAP_PAGE", 10)
    publish(store, make_claim(id='a b/<&">ü'))
    publish(store, make_claim(id="gone"))
    retire(store, "gone", "a mistake")
    parts = addresses(client, "/sitemap.xml")
    assert len(parts) > 3
    found = [address for part in parts for address in addresses(client, part.split("localhost")[1])]
    assert len(found) == len(set(found))
    assert "http://localhost/claims/bridge" in found
    assert "http://localhost/claims/a%20b%2F%3C%26%22%3E%C3%BC" in found
    assert "http://localhost/claims/gone" not in found
    assert "http://localhost/outlets/reuters.com" in found
    for address in (found[0], found[-1], "http://localhost/claims/a%20b%2F%3C%26%22%3E%C3%BC"):
        assert client.get(address).status_code == 200
    assert client.get("/sitemap/claims-999999.xml").status_code == 404
    assert client.get("/sitemap/outlets-999999.xml").status_code == 404


def entries(client: FlaskClient, path: str) -> tuple[list[dict[str, str]], str | None]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    for name in ("id", "title", "updated"):
        assert feed.findtext(ATOM + name)
    following = [
        link.get("href") for link in feed.findall(ATOM + "link") if link.get("rel") == "next"
    ]
    found = [
        {child.tag.removeprefix(ATOM): child.text or "" for child in entry}
        for entry in feed.findall(ATOM + "entry")
    ]
    return found, following[0] if following else None


def test_the_feed_tells_of_changes_and_withdrawals(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    publish(store, make_claim(id="new", text="A <new> claim & more \x0b."), reason="found today")
    publish(store, make_claim(id="gone"))
    retire(store, "gone", "It was a mistake")
    found, _ = entries(client, "/changes.atom")
    assert [entry["title"].split(":")[0] for entry in found[:3]] == ["Withdrawn", "New", "Changed"]
    assert "It was a mistake." in found[0]["summary"]
    assert "A <new> claim & more \ufffd." in found[1]["title"]
    assert "found today." in found[1]["summary"]
    assert found[2]["id"].startswith("http://localhost/claims/bridge#revision-")
    assert "private" not in client.get("/changes.atom").text


def test_the_feed_is_paged_and_each_claim_stands_in_it_once(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    for number in range(60):
        publish(store, make_claim(id=f"claim-{number}"))
    seen: list[str] = []
    path: str | None = "/changes.atom"
    while path:
        found, path = entries(client, path)
        seen += [entry["id"] for entry in found]
    with store.connect() as connection:
        total = len(connection.execute(table.select().where(table.c.change > 0)).all())
    assert len(seen) == len(set(seen)) == total
    for bad in ("0", "-1", str(10**30)):
        assert client.get(f"/changes.atom?before={bad}").status_code == 404


def test_an_unchanged_feed_is_not_sent_again(client: FlaskClient, claim: Claim) -> None:
    tag = client.get("/changes.atom").headers["ETag"]
    assert client.get("/changes.atom", headers={"If-None-Match": tag}).status_code == 304


def test_search_engines_are_led_to_the_pages_and_away_from_the_rest(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(answer.text.splitlines())
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]
    for path in ("/claims/bridge", "/outlets/reuters.com", "/disputes", "/try"):
        assert rules.can_fetch("any", path)
    for path in ("/admin/", "/api/v1/claims", "/disputes/1", "/disputes/new"):
        assert not rules.can_fetch("any", path)
