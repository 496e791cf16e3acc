"""Feeds at the desk: followed when their host is allowed, asked now, and ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from contextlib_news_server.desk import subscriptions as desk_subscriptions
from contextlib_news_server.services import KEY
from contextlib_news_server.store import subscriptions
from contextlib_news_server.store.users import Role
from flask import Flask
from sqlalchemy import Engine

from tests.factories import TEMPLATE
from tests.server.desk.conftest import EVIL, Browse, send

PATH = "/admin/subscriptions"
FEED = {"action": "add", "name": "Checks", "address": "https://feeds.example/all.json"}


@pytest.fixture
def allowed(staff: Flask) -> Flask:
    """The application of an administrator who allows one host."""
    found = staff.extensions[KEY]
    staff.extensions[KEY] = replace(
        found, config=replace(found.config, fetch_hosts=("feeds.example",))
    )
    return staff


def test_a_feed_is_followed_and_ended(allowed: Flask, engine: Engine, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    assert send(client, PATH, **FEED, hours="6", licence="CC0").status_code == 302
    with engine.connect() as connection:
        held = subscriptions.get(connection, "Checks")
    assert held is not None
    assert (held.every_seconds, held.publish, held.licence) == (6 * 3600, False, "CC0")
    text = client.get(PATH).text
    assert "every 6 h" in text
    assert "feeds.example" in text
    assert send(client, PATH, **FEED).status_code == 422
    assert send(client, PATH, action="end", name="Checks").status_code == 302
    assert "ended" in client.get(PATH).text
    assert send(client, PATH, action="end", name="Checks").status_code == 422
    assert send(client, PATH, action="run", name="Checks").status_code == 422


def test_many_feeds_are_paged_by_name(
    allowed: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_subscriptions, "PAGE", 1)
    client = browse(Role.REVIEWER)
    for name in ("Checks & co", "More"):
        assert send(client, PATH, **FEED | {"name": name}).status_code == 302
    first = BeautifulSoup(client.get(PATH).text, "html.parser")
    assert "More" not in first.select_one("tbody").text
    second = client.get(first.select_one("a[rel=next]")["href"]).text
    assert ">More<" in second
    assert 'rel="next"' not in second


def test_how_asking_a_feed_went_is_shown(allowed: Flask, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    send(client, PATH, **FEED)
    answer = send(client, PATH, action="run", name="Checks")
    assert answer.status_code == 200
    assert "it failed" in answer.text
    assert "failed 1×" in client.get(PATH).text


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/feed",
        "http://127.0.0.1/feed",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://feeds.example@elsewhere.example/",
        "https://feeds.example.elsewhere.example/",
        "",
    ],
)
def test_no_other_host_is_asked(
    allowed: Flask, engine: Engine, browse: Browse, address: str
) -> None:
    client = browse(Role.ADMINISTRATOR)
    assert send(client, PATH, **FEED | {"address": address}).status_code == 422
    with engine.connect() as connection:
        assert not subscriptions.listed(connection)


def test_an_empty_list_is_said(browse: Browse) -> None:
    text = browse(Role.REVIEWER).get(PATH).text
    assert "The list is empty" in text
    assert "CONTEXTLIB_NEWS_FETCH_HOSTS" in text


def test_no_name_brings_markup_in(allowed: Flask, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    send(client, PATH, **FEED | {"name": EVIL}, licence=EVIL)
    send(client, PATH, action="run", name=EVIL)
    for path in (PATH, "/admin/sources"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert TEMPLATE in text
