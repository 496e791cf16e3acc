"""The page of an outlet: every rating whole, the publisher's reply, and what was decided."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from contextlib_news_server.store import flags, outlets
from flask.testing import FlaskClient
from sqlalchemy import Engine

from contextlib_news.models import OutletFact, Rating
from tests.factories import COMPUTED, TEMPLATE, make_outlet


def rating(**changes: Any) -> Rating:
    values: dict[str, Any] = {
        "source": "First raters",
        "label": "generally reliable",
        "score": 4.5,
        "scale": (1.0, 5.0),
        "date": "2024-05",
        "url": "https://first.example/list",
        "method": "https://first.example/method",
        "licence": "CC BY 4.0",
        "path": "/news",
        "remark": "as of spring",
    }
    return Rating(**(values | changes))


def save(store: Engine, **changes: Any) -> None:
    with store.begin() as connection:
        outlets.save(connection, make_outlet(**changes), made_by="a test")


def test_every_rating_stands_with_all_its_rater_said(client: FlaskClient, store: Engine) -> None:
    other = rating(source="Second raters", label="unreliable", score=None, scale=None)
    save(store, ratings=(rating(), other))
    page = client.get("/outlets/example.org").text
    for said in (
        "generally reliable",
        "First raters",
        "4.5 on the rater’s scale of 1 to 5",
        "May 2024",
        'href="https://first.example/method"',
        "CC BY 4.0",
        "example.org/news",
        "as of spring",
        "Second raters",
        "Ratings, which disagree",
        "one way and some the other",
    ):
        assert said in page


def test_the_publisher_is_heard(client: FlaskClient, store: Engine) -> None:
    assert "The publisher’s reply" not in client.get("/outlets/example.org").text
    reply = OutletFact(
        kind="reply",
        text="The list mistakes our archive for our news desk.",
        source="https://example.org/about/reply",
        date="2026-11-20",
    )
    save(store, facts=(reply,))
    page = client.get("/outlets/example.org").text
    assert "The publisher’s reply" in page
    assert "mistakes our archive" in page
    assert 'href="https://example.org/about/reply"' in page


def test_no_field_of_an_outlet_becomes_markup(client: FlaskClient, store: Engine) -> None:
    bad = "</title><script>alert(1)</script>\" onload='x' " + TEMPLATE
    fact = OutletFact(kind="ownership", text=bad, source=f"https://a.example/{bad}", date="2026")
    save(
        store,
        name=bad,
        categories=(bad,),
        facts=(fact,),
        ratings=(rating(source=bad, label=bad, licence=bad, path=f"/{bad}", remark=bad),),
    )
    with store.begin() as connection:
        flag = flags.add(connection, reason=bad, domain="example.org", contact=bad)
        flags.decide(connection, flag, decision=bad[:40], reason=bad, by=bad)
    page = client.get("/outlets/example.org").text
    assert "<script" not in page
    soup = BeautifulSoup(page, "html.parser")
    assert not [tag for tag in soup.find_all() if any(name.startswith("on") for name in tag.attrs)]
    assert COMPUTED not in page


def test_unchanged_pages_are_not_sent_again(client: FlaskClient, store: Engine) -> None:
    save(store)
    answer = client.get("/outlets/example.org")
    again = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/outlets/example.org", headers=again).status_code == 304
    assert client.head("/outlets/example.org").status_code == 200
    save(store, name="Another name")
    assert client.get("/outlets/example.org", headers=again).status_code == 200
