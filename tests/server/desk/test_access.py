"""No page of the desk without its role, no form without its token, no session that was planted."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from contextlib_news_server.desk.access import OPEN, ORDER, ROLES
from contextlib_news_server.services import KEY
from contextlib_news_server.store import bulk, flags, users
from contextlib_news_server.store.tables import sessions
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient

from tests.server.desk.conftest import EVIL, PASSWORD, Browse, send, sign_in, token_of


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and path of every route of the desk."""
    return [
        (
            rule.endpoint,
            method,
            re.sub(r"<int:[^>]+>", "1", re.sub(r"<(?!int:)[^>]+>", "x", rule.rule)),
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("admin.")
        for method in sorted(rule.methods or ())
        if method in ("GET", "POST")
    ]


def test_every_page_is_in_the_table(staff: Flask) -> None:
    assert {endpoint for endpoint, _, _ in routes(staff)} == set(ROLES) | OPEN
    assert not set(ROLES) & OPEN


def test_every_route_by_every_role(staff: Flask, browse: Browse) -> None:
    nobody = staff.test_client()
    for endpoint, method, path in routes(staff):
        if endpoint in OPEN:
            continue
        answer = nobody.open(path, method=method)
        if method == "GET":
            assert "/admin/sign-in" in answer.headers["Location"], (endpoint, method)
        else:
            assert answer.status_code == 403, (endpoint, method)
    for role in Role:
        client = browse(role)
        for endpoint, method, path in routes(staff):
            if endpoint in OPEN or endpoint == "admin.sign_out":
                continue
            data = {}
            if method == "POST":
                data = {"form_token": token_of(client.get("/admin/account"))}
            status = client.open(path, method=method, data=data).status_code
            allowed = ORDER.index(role) >= ORDER.index(ROLES[endpoint])
            assert (status != 403) is allowed, (endpoint, method, role, status)


def test_every_form_needs_its_token(staff: Flask, browse: Browse) -> None:
    client = browse(Role.ADMINISTRATOR)
    for endpoint, method, path in routes(staff):
        if method != "POST":
            continue
        for token in (None, "", "x", token_of(staff.test_client().get("/admin/sign-in"))):
            data = {} if token is None else {"form_token": token}
            assert client.post(path, data=data).status_code == 403, (endpoint, token)


def test_a_page_says_what_it_may_load_and_is_not_kept(browse: Browse) -> None:
    answer = browse(Role.ADMINISTRATOR).get("/admin/people")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_page_is_strict_and_every_form_on_it_has_its_token(
    staff: Flask, browse: Browse
) -> None:
    with staff.extensions[KEY].engine.begin() as connection:
        flags.add(connection, reason="The date is wrong.", claim_id="starter-01")
        action = bulk.BulkAction.ADD_TOPIC
        bulk.change_many(connection, {"starter-01": 1}, action, "x", made_by="x", reason="x")
    client = browse(Role.ADMINISTRATOR)
    forms = 0
    for endpoint, method, path in routes(staff):
        if method != "GET":
            continue
        # Where the path names a thing, one that is there shows more forms than one that is not.
        answer = client.get(path.replace("/x", "/starter-01") if "claims" in path else path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, endpoint
        assert "unsafe" not in policy, endpoint
        if answer.mimetype != "text/html":
            continue
        assert answer.headers.get("Cache-Control") == "no-store" or answer.status_code >= 300
        page = BeautifulSoup(answer.text, "html.parser")
        for form in page.find_all("form", method="post"):
            forms += 1
            assert form.find("input", attrs={"name": "form_token"}), (endpoint, str(form)[:200])
        for script in page.find_all("script"):
            assert script.get("src"), endpoint
            assert not script.text, endpoint
    assert forms > 40


def test_who_cannot_sign_in_brings_no_markup_to_those_who_can(staff: Flask, browse: Browse) -> None:
    for name in (EVIL, "<svg/onload=alert(1)>", "=HYPERLINK(1)"):
        sign_in(staff.test_client(), name)
    text = browse(Role.ADMINISTRATOR).get("/admin/people").text
    assert "&lt;script&gt;alert(1)" in text
    for part in ("<script>alert", "<img src=x", "<svg/onload"):
        assert part not in text


def test_wrong_names_and_wrong_passwords_are_answered_alike(staff: Flask) -> None:
    client = staff.test_client()
    answers = [
        re.sub(r'value="[^"]*"', "", sign_in(client, name, "wrong password").text)
        for name in ("curator", "nobody", "", "x" * 500, "'; DROP TABLE users --")
    ]
    assert len(set(answers)) == 1


def test_an_account_closes_after_many_wrong_tries(staff: Flask) -> None:
    client = staff.test_client()
    for _ in range(6):
        assert sign_in(client, "curator", "wrong password").status_code == 403
    assert "opens again" in sign_in(client, "curator").text
    assert sign_in(client, "reviewer").status_code == 302


def test_a_session_planted_before_is_worth_nothing_after(staff: Flask) -> None:
    client = staff.test_client()
    client.get("/admin/sign-in")
    before = client.get_cookie("session")
    assert before is not None
    sign_in(client, "curator")
    attacker = staff.test_client()
    attacker.set_cookie("session", before.value)
    assert attacker.get("/admin/account").status_code == 302
    after = client.get_cookie("session")
    assert after is not None
    assert after.value != before.value


def test_the_cookie_is_kept_from_scripts_and_other_sites(staff: Flask) -> None:
    answer = staff.test_client().get("/admin/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secure = staff.test_client().get("/admin/sign-in", base_url="https://localhost")
    assert "Secure" in secure.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in secure.headers


def test_signing_out_ends_the_session_and_not_only_the_cookie(staff: Flask, browse: Browse) -> None:
    client = browse(Role.CURATOR)
    held = client.get_cookie("session")
    assert held is not None
    assert send(client, "/admin/sign-out").status_code == 302
    thief = staff.test_client()
    thief.set_cookie("session", held.value)
    assert thief.get("/admin/account").status_code == 302


def test_a_session_ends_when_its_person_is_shut_out_or_it_is_old(
    staff: Flask, browse: Browse
) -> None:
    engine = staff.extensions[KEY].engine
    client = browse(Role.CURATOR)
    with engine.begin() as connection:
        users.set_disabled(connection, "curator", True, made_by="a test")
    assert client.get("/admin/account").status_code == 302
    other = browse(Role.REVIEWER)
    for column in ("expires", "seen"):
        assert other.get("/admin/account").status_code == 200
        with engine.begin() as connection:
            connection.execute(sessions.update().values({column: "2020-01-01T00:00:00+00:00"}))
        assert other.get("/admin/account").status_code == 302
        other = browse(Role.REVIEWER)


@pytest.mark.parametrize(
    ("following", "leads"),
    [
        ("/admin/people", "/admin/people"),
        ("https://evil.example/", "/admin/"),
        ("//evil.example/", "/admin/"),
        ("/admin/\\evil.example", "/admin/"),
        ("/admin/\r\nX: y", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
    ],
)
def test_signing_in_leads_nowhere_else(staff: Flask, following: str, leads: str) -> None:
    answer = sign_in(staff.test_client(), "administrator", next=following)
    assert answer.headers["Location"] == leads


def test_the_password_is_never_shown_or_kept(staff: Flask, client: FlaskClient) -> None:
    answer = sign_in(client, "curator", "wrong-but-close")
    assert "wrong-but-close" not in answer.text
    with staff.extensions[KEY].engine.connect() as connection:
        from contextlib_news_server.store.tables import users as table

        rows = " ".join(map(str, connection.execute(table.select()).all()))
    assert PASSWORD not in rows
