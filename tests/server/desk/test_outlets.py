"""Outlets at the desk: raters side by side, and the desk's own word with its history."""

from __future__ import annotations

import re

import pytest
from contextlib_news_server.store import outlet_edits, outlets, sources
from contextlib_news_server.store.users import Role
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from contextlib_news.models import Outlet, Rating
from tests.server.desk.conftest import EVIL, Browse, form_of, send

PATH = "/admin/outlets/gazette.example.com"


def rate(engine: Engine, source: str, label: str, **more: object) -> None:
    """Let a source rate the gazette."""
    rating = Rating(source=source, label=label, **more)  # type: ignore[arg-type]  # as it is given
    outlet = Outlet(domain="gazette.example.com", name="The Gazette", ratings=(rating,))
    with engine.begin() as connection:
        number = sources.declare(connection, source, kind="outlets", made_by="x").number
        outlets.save(connection, outlet, source=number)


def keep(client: FlaskClient, seen: int, **fields: str) -> TestResponse:
    return send(client, PATH, seen=str(seen), **{"why": "A test."} | fields)


REPLY = {
    "reply-0-text": "We correct what is wrong.",
    "reply-0-source": "https://gazette.example.com/reply",
    "reply-0-date": "2025-03-04",
}


def test_raters_stand_side_by_side_and_are_never_averaged(engine: Engine, browse: Browse) -> None:
    rate(engine, "One", "high", score=0.9, scale=(0.0, 1.0), date="2024-01-01")
    rate(engine, "Two", "poor", score=20.0, scale=(0.0, 100.0), url="https://two.example/")
    text = browse(Role.CONTRIBUTOR).get(PATH).text
    for said in ("One", "high", "0.9 on a scale from 0 to 1", "2024-01-01", "Two", "poor"):
        assert said in text
    assert "20 on a scale from 0 to 100" in text
    assert 'href="https://two.example/"' in text
    assert "average" not in text.lower()
    assert "Keep it" not in text


def test_the_desk_writes_and_takes_back_its_word(engine: Engine, browse: Browse) -> None:
    rate(engine, "One", "high")
    client = browse(Role.CURATOR)
    fields = {
        "name": "The Gazette of Example",
        "aliases": "www.gazette.example.org",
        "categories": "local\nlocal\nnews",
        "country": "US",
        "publisher": "Gazette Ltd",
        "impersonated": "yes",
    }
    assert keep(client, 0, **fields, **REPLY).status_code == 302
    with engine.connect() as connection:
        outlet = outlets.get(connection, "gazette.example.com")
    assert outlet is not None
    assert outlet.name == "The Gazette of Example"
    assert outlet.aliases == ("gazette.example.org",)
    assert outlet.categories == ("local", "news")
    assert [(f.kind, f.text, f.date) for f in outlet.facts] == [
        ("reply", "We correct what is wrong.", "2025-03-04")
    ]
    assert [r.label for r in outlet.ratings] == ["high"]
    page = client.get(PATH).text
    assert "We correct what is wrong." in page
    assert "A test." in page
    assert keep(client, 1).status_code == 302
    with engine.connect() as connection:
        outlet = outlets.get(connection, "gazette.example.com")
        assert outlet_edits.find(connection, "gazette.example.com").record is None
    assert outlet is not None
    assert outlet.name == "The Gazette"


def test_an_earlier_word_comes_back(engine: Engine, browse: Browse) -> None:
    client = browse(Role.CURATOR)
    keep(client, 0, name="First", **REPLY)
    keep(client, 1, name="Second")
    assert "Go back to this" in client.get(PATH).text
    assert keep(client, 2, action="revert", to="1").status_code == 302
    with engine.connect() as connection:
        outlet = outlets.get(connection, "gazette.example.com")
    assert outlet is not None
    assert outlet.name == "First"
    assert len(outlet.facts) == 1
    assert keep(client, 3, action="revert", to="77").status_code == 422


def test_a_second_person_is_told_what_the_first_wrote(engine: Engine, browse: Browse) -> None:
    one, two = browse(Role.CURATOR), browse(Role.REVIEWER)
    keep(one, 0, name="First")
    answer = keep(two, 0, name="Second", country="US")
    assert answer.status_code == 409
    assert "First" in answer.text
    assert 'value="Second"' in answer.text
    assert re.search(r'name="seen" value="1"', answer.text)
    assert keep(two, 1, name="Second").status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"why": ""}, "reason is missing"),
        ({"aliases": "not a domain"}, "alias is a domain"),
        (REPLY | {"reply-0-source": ""}, "source"),
        (REPLY | {"reply-0-source": "javascript:alert(1)"}, "must be an http"),
        (REPLY | {"reply-0-date": "soon"}, "YYYY-MM-DD"),
        ({"name": "x" * 501}, "longer than 500"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    engine: Engine, browse: Browse, fields: dict[str, str], said: str
) -> None:
    client = browse(Role.CURATOR)
    answer = keep(client, 0, **{"country": "Atlantis"} | fields)
    assert answer.status_code == 422
    assert said in answer.text
    with engine.connect() as connection:
        assert outlet_edits.find(connection, "gazette.example.com").revision == 0


def test_outlets_are_found_by_domain_alias_and_name(engine: Engine, browse: Browse) -> None:
    rate(engine, "One", "high")
    client = browse(Role.CURATOR)
    keep(client, 0, aliases="gazette.example.org", name="100% News_paper")
    for text in ("gazette.exam", "www.gazette.example.org", "news_pap", "100%"):
        assert (
            "gazette.example.com" in client.get("/admin/outlets", query_string={"text": text}).text
        )
    for text in ("newsXpap", "nowhere.example", "%%%%", "\x00"):
        page = client.get("/admin/outlets", query_string={"text": text})
        assert page.status_code == 200
    page = client.get("/admin/outlets?text=fresh.example.net").text
    assert 'href="/admin/outlets/fresh.example.net"' in page


def test_the_list_goes_on_behind_a_domain(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        number = sources.declare(connection, "s", kind="outlets", made_by="x").number
        some = [Outlet(domain=f"o{n:03}.example.com", name=f"Paper {n}") for n in range(120)]
        outlets.save_many(connection, some, made_by="x", reason="y", source=number)
    client = browse(Role.CONTRIBUTOR)
    seen, path = set(), "/admin/outlets?text=o"
    while path:
        text = client.get(path).text
        seen |= set(re.findall(r">(o\d{3}\.example\.com)<", text))
        _, _, rest = text.partition('<a rel="next" href="')
        path = rest.partition('"')[0].replace("&amp;", "&")
    assert len(seen) == 120


def test_a_form_changes_no_rating_and_no_other_domain(engine: Engine, browse: Browse) -> None:
    rate(engine, "One", "high")
    client = browse(Role.CURATOR)
    keep(client, 0, name="x", domain="other.example", ratings="[]", source="1", revision="99")
    with engine.connect() as connection:
        outlet = outlets.get(connection, "gazette.example.com")
        assert outlets.get(connection, "other.example") is None
        assert outlet_edits.find(connection, "gazette.example.com").revision == 1
    assert outlet is not None
    assert [r.label for r in outlet.ratings] == ["high"]


def test_no_field_brings_markup_in(engine: Engine, browse: Browse) -> None:
    rate(engine, EVIL, EVIL, remark=EVIL, path=f"/{EVIL}", licence=EVIL)
    client = browse(Role.CURATOR)
    names = ("name", "country", "publisher", "reason", "categories", "why")
    fields = {name: EVIL for name in names if name != "country"} | REPLY
    fields |= {"reply-0-text": EVIL, "reply-0-remark": EVIL, "country": EVIL[:100]}
    refused = keep(client, 0, **fields, look_alike_of=EVIL)
    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    assert keep(client, 0, **fields).status_code == 302
    for path in (PATH, "/admin/outlets?text=gaz", f"/admin/outlets?text={EVIL}"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@pytest.mark.parametrize(
    "domain", ["x", "..", "localhost", "127.0.0.1", "a b.example", "%00.example"]
)
def test_what_is_no_domain_has_no_page(browse: Browse, domain: str) -> None:
    client = browse(Role.CURATOR)
    assert client.get(f"/admin/outlets/{domain}").status_code in (302, 308, 404)
    assert send(client, f"/admin/outlets/{domain}", seen="0", why="x").status_code in (308, 404)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"aliases": "gazette.example.org\nno domain at all"}, "An alias is a domain"),
        ({"fact-1-source": "ftp://gazette.example.com"}, "The link of fact 2 must be an http"),
        ({"reply-0-date": "last week"}, "The date of reply 1"),
        ({"fact-1-date": ""}, "Fact 2 needs a link and a date"),
        ({"why": ""}, "The reason is missing"),
        ({"look_alike_of": "no domain"}, "What it looks like is a domain"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    engine: Engine, browse: Browse, wrong: dict[str, str], said: str
) -> None:
    rate(engine, "One", "high")
    client = browse(Role.CURATOR)
    typed = {
        "name": "The Typed Name",
        "categories": "local\nnews",
        "fact-0-kind": "ownership",
        "fact-0-text": "A family owns all of it.",
        "fact-0-source": "https://gazette.example.com/owners",
        "fact-0-date": "2024",
        "fact-1-kind": "policy",
        "fact-1-text": "Readers pay for it.",
        "fact-1-source": "https://gazette.example.com/money",
        "fact-1-date": "2024-05",
        "why": "Said so in its annual report.",
        **REPLY,
    }
    answer = keep(client, 0, **typed | wrong)
    assert answer.status_code == 422
    assert said in answer.text
    shown = form_of(answer, "")
    for name, value in {**typed, **wrong}.items():
        assert shown[name] == value, name
    right = {name: typed.get(name, "") for name in wrong}
    assert client.post(PATH, data=shown | right).status_code == 302
    with engine.connect() as connection:
        outlet = outlets.get(connection, "gazette.example.com")
    assert outlet is not None
    assert [fact.text for fact in outlet.facts][:2] == [
        "A family owns all of it.",
        "Readers pay for it.",
    ]
