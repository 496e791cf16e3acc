"""Invitations, second factors, passwords, roles and tokens, as people use them."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pyotp
import pytest
from contextlib_news_server.desk import people
from contextlib_news_server.services import KEY
from contextlib_news_server.store import second_factor, tokens, users
from contextlib_news_server.store.tokens import Scope
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient

from tests.server.desk.conftest import PASSWORD, Browse, send, sign_in, token_of

NEW = "another long password"

# When the tests of codes take place: else the code could change in the middle of one.
NOW = 1_770_000_000


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "time", SimpleNamespace(time=lambda: float(NOW)))


def link_of(text: str) -> str:
    found = re.search(r"/admin/join/[\w-]+", text)
    assert found
    return found[0]


def take_factor(client: FlaskClient) -> pyotp.TOTP:
    page = client.get("/admin/account").text
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret
    totp = pyotp.TOTP(secret[1])
    (wrong, *_), right = wrong_codes(totp), totp.at(NOW)
    assert send(client, "/admin/account", action="second-factor", code=wrong).status_code == 422
    assert send(client, "/admin/account", action="second-factor", code=right).status_code == 302
    assert "asked for at each sign-in" in client.get("/admin/account").text
    return totp


def wrong_codes(totp: pyotp.TOTP) -> list[str]:
    """Codes that are not those of the moment, nor of those before and after it."""
    right = {totp.at(NOW, counter_offset=step) for step in (-1, 0, 1)}
    return [code for digit in "0123456789" if (code := digit * 6) not in right]


def test_somebody_joins_by_a_link_that_works_once(staff: Flask, browse: Browse) -> None:
    answer = send(browse(Role.ADMINISTRATOR), "/admin/people", action="invite", role="reviewer")
    link = link_of(answer.text)
    client = staff.test_client()
    page = client.get(link)
    assert "as reviewer" in page.text
    form = {"form_token": token_of(page), "name": "Grace", "password": NEW}
    assert "not the same" in client.post(link, data=form | {"again": "x"}).text
    short = {"password": "short", "again": "short"}
    assert "12" in client.post(link, data=form | short).text
    taken = {"name": "curator", "again": NEW}
    assert "already" in client.post(link, data=form | taken).text
    assert client.post(link, data=form | {"again": NEW}).status_code == 302
    assert client.get(link).status_code == 404
    assert sign_in(client, "Grace", NEW).status_code == 302
    assert "Reviewer" in client.get("/admin/account").text


def test_a_forgotten_password_is_set_anew(staff: Flask, browse: Browse) -> None:
    held = browse(Role.CURATOR)
    admin = browse(Role.ADMINISTRATOR)
    first = link_of(send(admin, "/admin/people", action="reset", name="curator").text)
    second = link_of(send(admin, "/admin/people", action="reset", name="curator").text)
    client = staff.test_client()
    assert client.get(first).status_code == 404
    token = token_of(client.get(second))
    form = {"form_token": token, "password": NEW, "again": NEW, "name": "administrator"}
    assert client.post(second, data=form).status_code == 302
    assert held.get("/admin/account").status_code == 302
    assert sign_in(client, "curator").status_code == 403
    assert sign_in(client, "curator", NEW).status_code == 302
    assert sign_in(staff.test_client(), "administrator").status_code == 302


def test_a_second_factor_is_asked_for(staff: Flask, browse: Browse) -> None:
    totp = take_factor(browse(Role.CURATOR))
    client = staff.test_client()
    answer = sign_in(client, "curator", next="/admin/account")
    assert answer.headers["Location"].startswith("/admin/code")
    assert client.get("/admin/account").headers["Location"] == "/admin/code"
    token = token_of(client.get("/admin/code"))
    used = totp.at(NOW)
    assert client.post("/admin/code", data={"form_token": token, "code": used}).status_code == 403
    assert client.get("/admin/account").status_code == 302
    fresh = totp.at(NOW, counter_offset=1)
    data = {"form_token": token, "code": f"{fresh[:3]} {fresh[3:]}", "next": "/admin/account"}
    answer = client.post("/admin/code", data=data)
    assert answer.headers["Location"] == "/admin/account"
    assert client.get("/admin/account").status_code == 200


def test_codes_cannot_be_guessed_with_the_password_alone(staff: Flask, browse: Browse) -> None:
    wrong = wrong_codes(take_factor(browse(Role.CURATOR)))
    outcomes = []
    for _ in range(4):
        client = staff.test_client()
        if sign_in(client, "curator").status_code != 302:
            outcomes.append("closed")
            continue
        for code in wrong[:2]:
            token = token_of(client.get("/admin/sign-in"))
            client.post("/admin/code", data={"form_token": token, "code": code})
    assert "closed" in outcomes


def test_a_lost_telephone(staff: Flask, browse: Browse) -> None:
    take_factor(browse(Role.CURATOR))
    admin = browse(Role.ADMINISTRATOR)
    assert send(admin, "/admin/people", action="remove-factor", name="curator").status_code == 302
    assert sign_in(staff.test_client(), "curator").headers["Location"] == "/admin/"


def test_the_own_password_needs_the_current_one(staff: Flask, browse: Browse) -> None:
    client = browse(Role.CURATOR)
    other = browse(Role.CURATOR)
    form = {"action": "password", "password": NEW, "again": NEW}
    assert send(client, "/admin/account", current="wrong", **form).status_code == 403
    assert send(client, "/admin/account", current=PASSWORD, **form).status_code == 302
    assert client.get("/admin/account").status_code == 200
    assert other.get("/admin/account").status_code == 302
    assert sign_in(staff.test_client(), "curator", NEW).status_code == 302


def test_signing_out_everywhere_else(browse: Browse) -> None:
    here, there = browse(Role.CURATOR), browse(Role.CURATOR)
    send(here, "/admin/account", action="other-sessions")
    assert here.get("/admin/account").status_code == 200
    assert there.get("/admin/account").status_code == 302


@pytest.mark.parametrize(
    "form",
    [
        {"action": "role", "name": "administrator", "role": "curator"},
        {"action": "disable", "name": "administrator"},
        {"action": "role", "name": "curator", "role": "king"},
        {"action": "role", "name": "nobody", "role": "curator"},
        {"action": "invite", "role": ""},
        {"action": "everything", "name": "curator"},
    ],
)
def test_changes_that_are_none(browse: Browse, form: dict[str, str]) -> None:
    client = browse(Role.ADMINISTRATOR)
    assert send(client, "/admin/people", **form).status_code == 422
    assert client.get("/admin/people").status_code == 200


def test_a_role_is_changed_and_somebody_is_shut_out(staff: Flask, browse: Browse) -> None:
    admin = browse(Role.ADMINISTRATOR)
    send(admin, "/admin/people", action="role", name="curator", role="reviewer")
    assert "Reviewer" in browse(Role.CURATOR).get("/admin/account").text
    send(admin, "/admin/people", action="disable", name="curator")
    assert sign_in(staff.test_client(), "curator").status_code == 403
    send(admin, "/admin/people", action="enable", name="curator")
    assert sign_in(staff.test_client(), "curator").status_code == 302


def test_a_token_is_made_shown_once_and_revoked(staff: Flask, browse: Browse) -> None:
    admin = browse(Role.ADMINISTRATOR)
    answer = send(admin, "/admin/tokens", name="a <b>script</b>", scope="read", days="3", quota="9")
    secret = re.search(r"cnews_[\w-]+", answer.text)
    assert secret
    page = admin.get("/admin/people").text
    assert secret[0] not in page
    assert "a &lt;b&gt;script&lt;/b&gt;" in page
    asked = {"Authorization": f"Bearer {secret[0]}"}
    assert staff.test_client().get("/api/v1/claims", headers=asked).status_code == 200
    assert send(admin, "/admin/tokens", action="revoke", number="1").status_code == 302
    assert send(admin, "/admin/tokens", action="revoke", number="1").status_code == 422
    assert send(admin, "/admin/tokens", name="x", scope="everything").status_code == 422
    assert send(admin, "/admin/tokens", name="x", scope="read", days="-1").status_code == 422


def test_a_form_gives_nobody_more_than_it_offers(staff: Flask, browse: Browse) -> None:
    """Fields that no form has are not read: no role, no state, nobody else's name."""
    client = browse(Role.CONTRIBUTOR)
    more = {"role": "administrator", "disabled": "", "confirmed": "1", "name": "administrator"}
    fields = {"current": PASSWORD, "password": NEW, "again": NEW, **more}
    changed = send(client, "/admin/account", action="password", **fields)
    assert changed.status_code == 302
    with staff.extensions[KEY].engine.connect() as connection:
        user = users.get(connection, "reader-contributor")
    assert user is not None
    assert user.role is Role.CONTRIBUTOR
    assert sign_in(staff.test_client(), "administrator").status_code == 302
    link = send(browse(Role.ADMINISTRATOR), "/admin/people", action="invite", role="curator").text
    path = re.search(r"/admin/join/[A-Za-z0-9_-]+", link)
    assert path
    joining = staff.test_client()
    token = token_of(joining.get(path[0]))
    joining.post(
        path[0],
        data={"form_token": token, "password": NEW, "again": NEW, **more, "name": "Eve"},
    )
    with staff.extensions[KEY].engine.connect() as connection:
        eve = users.get(connection, "Eve")
    assert eve is not None
    assert eve.role is Role.CURATOR


def test_many_people_and_tokens_are_paged(
    staff: Flask, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "PAGE", 3)
    admin = browse(Role.ADMINISTRATOR)
    with staff.extensions[KEY].engine.begin() as connection:
        for number in range(7):
            tokens.add(connection, f"reader {number}", {Scope.ANNOTATE}, made_by="ann")
        everybody = [user.name for user in users.listed(connection)]
    assert len(everybody) > 3
    for row, listed in (
        (r'<th scope="row">(reader \d)</th>', [f"reader {number}" for number in range(7)]),
        (r'aria-label="Role of ([^"]+)"', everybody),
    ):
        seen: list[str] = []
        kind = "tokens" if "reader" in row else "people"
        address: str | None = "/admin/people"
        while address:
            text = admin.get(address).text
            found = re.findall(row, text)
            assert len(found) <= 3
            seen += found
            following = re.search(f'href="([^"]+)">The next {kind}<', text)
            address = html.unescape(following[1]) if following else None
        assert seen == listed
