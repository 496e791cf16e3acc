"""Disputes: sent, answered, logged; and what an attacker or a program may try with the form."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import drafts, flags
from contextlib_news_server.store.database import read
from contextlib_news_server.store.flags import Flag
from contextlib_news_server.store.tables import flags as flag_table
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from contextlib_news.models import Claim
from tests.factories import COMPUTED, TEMPLATE, make_claim
from tests.server.public.conftest import REASON, TOKEN, dispute, retire

CONTACT = "ada@reader.example"
ABOUT = {"claim": "bridge"}


def kept(store: Engine) -> list[Flag]:
    with read(store) as connection:
        return flags.page(connection)


def answer(store: Engine, number: int, decision: str = "changed") -> None:
    with store.begin() as connection:
        flags.decide(
            connection, number, decision=decision, reason=f"Reason {number}.", by="Grace Hopper"
        )


def test_a_dispute_from_the_form_to_the_public_log(
    client: FlaskClient, app: Flask, store: Engine, claim: Claim
) -> None:
    sent = dispute(client, ABOUT, contact=CONTACT, url="https://paper.example/story")
    assert sent.status_code == 303
    link = sent.headers["Location"]
    (flag,) = kept(store)
    assert (flag.claim_id, flag.reason, flag.contact) == ("bridge", REASON, CONTACT)
    mine = client.get(link).text
    assert "waits for an answer" in mine
    assert REASON in mine
    assert CONTACT not in mine, "who looks over a shoulder reads it"
    others = app.test_client()
    assert others.get(f"/disputes/{flag.number}").status_code == 404
    assert others.get(f"/disputes/{flag.number}?key={'0' * 32}").status_code == 404
    assert "No dispute was answered yet" in others.get("/disputes").text
    answer(store, flag.number)
    for path in ("/disputes", f"/disputes/{flag.number}", link):
        page = others.get(path).text
        assert "Something was changed" in page
        assert "Reason 1." in page
        assert "The bridge at Elm Street" in page
        assert "Grace" not in page
        assert CONTACT not in page
        assert ("the archive gives" in page.lower()) is (path == link)
        assert ("paper.example" in page) is (path == link)


def test_an_outlet_is_disputed_under_its_own_domain(client: FlaskClient, store: Engine) -> None:
    assert dispute(client, {"outlet": "www.reuters.com"}).status_code == 303
    assert kept(store)[0].domain == "reuters.com"


def test_a_withdrawal_can_be_disputed(client: FlaskClient, store: Engine, claim: Claim) -> None:
    retire(store, "bridge", "A mistake.")
    assert dispute(client, ABOUT).status_code == 303


@pytest.mark.parametrize(
    "about",
    [{}, {"claim": "none"}, {"claim": "\x00"}, {"outlet": "no domain"}, {"outlet": "\x00"},
     {"claim": "none", "outlet": "reuters.com"}, {"claim": "../admin"}],
)  # fmt: skip
def test_what_is_not_public_cannot_be_disputed(
    client: FlaskClient, store: Engine, about: dict[str, str]
) -> None:
    assert client.get("/disputes/new", query_string=about).status_code == 404
    assert client.post("/disputes/new", data={"reason": REASON, **about}).status_code == 404
    assert kept(store) == []


@pytest.mark.parametrize("token", [None, "", "none", "é" * 40, "a" * 100_000])
def test_a_form_that_was_not_made_for_this_browser_is_not_taken_and_nothing_is_lost(
    client: FlaskClient, app: Flask, store: Engine, claim: Claim, token: str | None
) -> None:
    client.get("/disputes/new", query_string=ABOUT)
    data = {"reason": REASON, "contact": CONTACT, **ABOUT}
    data |= {} if token is None else {"form_token": token}
    for sent, browser in enumerate((client, app.test_client())):
        shown = browser.post("/disputes/new", data=data)
        assert shown.status_code == 400
        assert REASON in shown.text
        assert len(kept(store)) == sent
        fresh = TOKEN.search(shown.text)
        assert fresh
        again = browser.post("/disputes/new", data=data | {"form_token": fresh[1]})
        assert again.status_code == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "in a sentence or two"),
        ({"reason": "  no.   "}, "in a sentence or two"),
        ({"reason": "a" * 4_001}, "at most 4,000"),
        ({"reason": "Wrong year, see the archive.\x00"}, "cannot be kept"),
        ({"url": "javascript:alert(1)"}, "begins with https://"),
        ({"url": "https://" + "a" * 2_000}, "at most 2,000"),
        ({"contact": "a" * 201}, "at most 200"),
        ({"contact": "a@b.example\r\nBcc: all@c.example"}, "in one line"),
        ({"website": "https://spam.example"}, "empty"),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_lost(
    client: FlaskClient, store: Engine, claim: Claim, fields: dict[str, str], said: str
) -> None:
    shown = dispute(client, ABOUT, **fields)
    assert shown.status_code == 422
    assert said in shown.text
    assert "It was not sent yet." in shown.text
    assert kept(store) == []
    if "reason" not in fields:
        assert REASON in shown.text


def test_nothing_but_the_form_s_own_fields_is_taken(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    extra = {"state": "answered", "decision": "upheld", "decided_by": "me", "number": "99",
             "exact": "words", "note_id": "n"}  # fmt: skip
    assert dispute(client, ABOUT, **extra).status_code == 303
    (flag,) = kept(store)
    assert (flag.number, flag.state, flag.decision, flag.exact) == (1, "open", None, None)


def test_one_address_sends_no_flood(config: Config) -> None:
    app = create_app(replace(config, rate_limit="1000 per minute"))
    client = app.test_client()
    about = {"outlet": "reuters.com"}
    statuses = [dispute(client, about).status_code for _ in range(25)]
    shown = client.get("/disputes/new", query_string=about)
    with read(app.extensions[KEY].engine) as connection:
        assert flags.count(connection) == 20
    app.extensions[KEY].engine.dispose()
    assert statuses == [303] * 20 + [429] * 5
    assert shown.status_code == 200, "reading is not sending"


def test_the_key_of_one_dispute_opens_no_other(
    client: FlaskClient, app: Flask, store: Engine, claim: Claim
) -> None:
    links = [dispute(client, ABOUT).headers["Location"] for _ in range(2)]
    keys = [link.partition("key=")[2] for link in links]
    assert keys[0] != keys[1]
    assert len(keys[0]) == 32
    assert client.get(f"/disputes/2?key={keys[0]}").status_code == 404
    for bad in (
        "",
        "é",
        "\x00",
        keys[0][:-1],
        keys[0].upper() if keys[0].upper() != keys[0] else "",
    ):
        assert client.get("/disputes/1", query_string={"key": bad}).status_code == 404
    assert client.get(f"/disputes/{10**30}").status_code == 404


def test_a_reader_deletes_the_contact_at_once(
    client: FlaskClient, app: Flask, store: Engine, claim: Claim
) -> None:
    link = dispute(client, ABOUT, contact=CONTACT).headers["Location"]
    page = client.get(link)
    token = TOKEN.search(page.text)
    action = re.search(r'action="(/disputes/1/forget[^"]+)"', page.text)
    assert token
    assert action
    path = action[1].replace("&amp;", "&")
    app.test_client().post("/disputes/1/forget", data={"form_token": token[1]})
    app.test_client().post(path, data={"form_token": token[1]})
    assert kept(store)[0].contact == CONTACT, "another browser's token did it"
    assert client.post(path, data={"form_token": token[1]}).status_code == 303
    assert kept(store)[0].contact is None
    assert "No contact of yours is kept" in client.get(link).text


def test_flags_from_pages_never_show_what_was_read(client: FlaskClient, store: Engine) -> None:
    client.post(
        "/api/v1/flags",
        json={"reason": "not this", "url": "https://private.example/x", "exact": "A private line."},
    )
    answer(store, 1)
    for path in ("/disputes", "/disputes/1"):
        page = client.get(path).text
        assert "Reason 1." in page
        for private in ("not this", "private.example", "A private line."):
            assert private not in page


def test_a_draft_is_not_betrayed_by_a_dispute_about_it(client: FlaskClient, store: Engine) -> None:
    with store.begin() as connection:
        secret = make_claim(id="secret", text="A secret draft.")
        drafts.save_draft(connection, secret, seen=None, made_by="Ada", reason="")
        flags.add(connection, reason="guess", claim_id="secret")
    answer(store, 1)
    assert "A secret draft." not in client.get("/disputes").text
    assert "A secret draft." not in client.get("/disputes/1").text
    assert client.get("/disputes/new?claim=secret").status_code == 404


def test_the_log_is_paged_by_key_in_the_order_of_answers(
    client: FlaskClient, store: Engine
) -> None:
    with store.begin() as connection:
        for number in range(120):
            flags.add(connection, reason=f"flag {number}")
        for number in range(120, 0, -1):
            flags.decide(connection, number, decision="kept", reason=f"Reason {number}.", by="a")
        connection.execute(
            flag_table.update()
            .where(flag_table.c.number == 7)
            .values(decided="2099-01-01T00:00:00+00:00")
        )
    seen: list[str] = []
    path = "/disputes"
    while path:
        page = client.get(path).text
        seen += re.findall(r"Reason (\d+)\.", page)
        link = re.search(r'href="(/disputes\?before=\d+)"', page)
        path = link[1] if link else ""
    assert len(seen) == len(set(seen)) == 120
    assert seen[0] == "7"
    assert client.get("/disputes?before=999").status_code == 404


def test_words_of_the_desk_are_shown_as_words(client: FlaskClient, store: Engine) -> None:
    bad = "<script>alert(1)</script>" + TEMPLATE
    with store.begin() as connection:
        flag = flags.add(connection, reason=bad, domain="reuters.com")
        flags.decide(connection, flag, decision=bad, reason=bad, by="a")
    for path in ("/disputes", "/disputes/1"):
        page = client.get(path).text
        assert "<script>" not in page
        assert COMPUTED not in page


def test_a_contact_goes_on_its_day(store: Engine) -> None:
    with store.begin() as connection:
        for contact in (CONTACT, None, CONTACT):
            flags.add(connection, reason="a reason", contact=contact)
        flags.decide(connection, 1, decision="kept", reason="r", by="a", keep_contact_days=0)
    with store.begin() as connection:
        assert flags.delete_contacts(connection) == 1
        assert flags.delete_contacts(connection, "2999-01-01") == 1
        assert flags.delete_contacts(connection, "2999-01-01") == 0
