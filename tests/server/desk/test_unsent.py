"""What was typed comes back where a session ended, a form is too old or the database rests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from contextlib_news_server.store import drafts, second_factor
from contextlib_news_server.store.tables import sessions, users
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from tests.server.desk.conftest import PASSWORD, Browse, form_of, token_of

EDITOR = "/admin/claims/edit/starter-01"
TYPED = "A long account of who says what & since when, “typed” with care <b>."
OURS = {"Sec-Fetch-Site": "same-origin"}


def fill_in(client: FlaskClient) -> dict[str, str]:
    return {**form_of(client.get(EDITOR), "action=save"), "summary": TYPED, "reason": "typed"}


def end_sessions(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sessions.update().values(expires="2020-01-01T00:00:00+00:00"))


def sign_in_from(client: FlaskClient, page: TestResponse, **more: str) -> TestResponse:
    """Fill in the sign-in form of a page that asked for it."""
    form = {**form_of(page, ""), "name": "curator", "password": PASSWORD, **more}
    return client.post("/admin/sign-in", data=form)


def summary_of(engine: Engine) -> str:
    with engine.connect() as connection:
        held = drafts.find(connection, "starter-01")
        assert held is not None
        return str(held.newest.summary)


def test_what_was_typed_goes_along_through_signing_in(browse: Browse, engine: Engine) -> None:
    client = browse(Role.CURATOR)
    form = fill_in(client)
    end_sessions(engine)
    asked = client.post(EDITOR, data=form)
    assert asked.status_code == 403
    assert "signed out meanwhile" in asked.text
    wrong = sign_in_from(client, asked, password="wrong password")
    assert "is wrong" in wrong.text
    again = sign_in_from(client, wrong)
    assert "&lt;b&gt;" in again.text
    assert PASSWORD not in again.text
    assert summary_of(engine) != TYPED
    assert f'action="{EDITOR}"' in again.text
    sent = client.post(EDITOR, data=form_of(again, ""))
    assert sent.status_code == 302
    assert summary_of(engine) == TYPED


def test_it_goes_along_past_the_second_factor(
    browse: Browse, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(Role.CURATOR)
    form = fill_in(client)
    end_sessions(engine)
    with engine.begin() as connection:
        number = connection.execute(
            select(users.c.number).where(users.c.name == "curator")
        ).scalar_one()
        connection.execute(
            users.update().where(users.c.number == number).values(totp_secret="JBSWY3DPEHPK3PXP")
        )
    code = sign_in_from(client, client.post(EDITOR, data=form))
    assert "Your code" in code.text
    monkeypatch.setattr(second_factor, "check", lambda *_: True)
    again = client.post("/admin/code", data={**form_of(code, ""), "code": "123456"})
    assert client.post(EDITOR, data=form_of(again, "")).status_code == 302
    assert summary_of(engine) == TYPED


def test_a_form_from_before_signing_in_anew_is_sent_again_by_hand(
    browse: Browse, engine: Engine
) -> None:
    client = browse(Role.CURATOR)
    form = fill_in(client)
    # In another tab of the same browser somebody signs out and in.
    token = token_of(client.get(EDITOR))
    client.post("/admin/sign-out", data={"form_token": token})
    page = client.get("/admin/sign-in")
    sign_in_from(client, page)
    asked = client.post(EDITOR, data=form, headers=OURS)
    assert asked.status_code == 403
    assert summary_of(engine) != TYPED
    assert client.post(EDITOR, data=form_of(asked, "")).status_code == 302
    assert summary_of(engine) == TYPED


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
@pytest.mark.parametrize("signed_in", [True, False])
def test_nobody_is_offered_what_another_site_sent(
    staff: Flask, browse: Browse, site: str | None, signed_in: bool
) -> None:
    client = browse(Role.CURATOR) if signed_in else staff.test_client()
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    answer = client.post(EDITOR, data={"text": TYPED, "form_token": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "typed” with care" not in answer.text


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/try", ""])
def test_it_is_sent_nowhere_but_to_the_desk(staff: Flask, path: str) -> None:
    client = staff.test_client()
    page = client.get("/admin/sign-in")
    more = {"unsent_path": path, "unsent-text": TYPED}
    answer = sign_in_from(client, page, **more)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/admin/"


def test_a_password_is_in_no_page(browse: Browse, engine: Engine) -> None:
    client = browse(Role.CURATOR)
    token = token_of(client.get("/admin/account"))
    end_sessions(engine)
    fields = {"action": "password", "current": PASSWORD, "password": "x" * 20, "again": "x" * 20}
    answer = client.post(
        "/admin/account", data={"form_token": token, **fields}, headers=OURS, follow_redirects=True
    )
    assert "Sign in" in answer.text
    assert PASSWORD not in answer.text
    assert "x" * 20 not in answer.text


def test_a_resting_database_loses_nothing(
    browse: Browse, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browse(Role.CURATOR)
    form = fill_in(client)

    def resting(*_: Any, **__: Any) -> None:
        raise OperationalError("", {}, Exception("locked"))

    with monkeypatch.context() as patched:
        patched.setattr(drafts, "save_draft", resting)
        answer = client.post(EDITOR, data=form, headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert client.post(EDITOR, data=form_of(answer, "")).status_code == 302
    assert summary_of(engine) == TYPED


def test_a_step_that_was_refused_leads_back_and_shows_the_reason(browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    token = token_of(client.get(EDITOR))
    fields = {"form_token": token, "action": "retire", "seen": "99", "reason": TYPED}
    answer = client.post("/admin/claims/step/starter-01", data=fields)
    assert answer.status_code == 409
    assert f'href="{EDITOR}"' in answer.text
    assert re.search(r"since when, “typed” with care &lt;b&gt;\.", answer.text)
    assert "To the desk" in answer.text


def test_a_form_that_is_too_large_is_refused_and_not_read(staff: Flask, browse: Browse) -> None:
    client = browse(Role.CURATOR)
    token = token_of(client.get(EDITOR))
    huge = {"form_token": token, "text": "x" * (3 * 2**20)}
    assert client.post(EDITOR, data=huge).status_code == 413
    assert staff.test_client().post(EDITOR, data=huge).status_code in (403, 413)


def test_the_name_that_was_typed_stays(staff: Flask) -> None:
    client = staff.test_client()
    answer = sign_in_from(client, client.get("/admin/sign-in"), password="wrong password")
    assert 'value="curator"' in answer.text
