"""People at the desk, and browsers that they are signed in with."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from contextlib_news_server.services import KEY
from contextlib_news_server.store import users
from contextlib_news_server.store.database import open_database
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.factories import TEMPLATE

PASSWORD = "correct horse battery staple"
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')

# What must come out as the text that it is, wherever it went in.
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'" + TEMPLATE

# Digests as those of the service in all but their price: somebody signs in for almost every test.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODYS = CHEAP.hash("nobody signs in with this")

Browse = Callable[[Role], FlaskClient]


def token_of(answer: TestResponse) -> str:
    """The token of the forms of a page."""
    found = TOKEN.search(answer.text)
    assert found, answer.text[:300]
    return found[1]


def send(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form as a browser would: with the token of a page that it loaded."""
    token = token_of(client.get("/admin/account"))
    return client.post(path, data={"form_token": token, **fields})


def sign_in(client: FlaskClient, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Fill in the form of the sign-in page."""
    token = token_of(client.get("/admin/sign-in"))
    data = {"form_token": token, "name": name, "password": password, **more}
    return client.post("/admin/sign-in", data=data)


@pytest.fixture(scope="session")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeded database with one person of each role."""
    path = tmp_path_factory.mktemp("staffed") / "claims.db"
    shutil.copy(seeded, path)
    engine = open_database(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch, engine.begin() as connection:
        patch.setattr(users, "_hasher", lambda: CHEAP)
        for role in Role:
            users.add(connection, role.value, role=role, password=PASSWORD, made_by="a test")
    engine.dispose()
    return path


@pytest.fixture(autouse=True)
def _cheap_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "_hasher", lambda: CHEAP)
    # Kept by the process once it is made: a cheap one would stay for the tests that come after.
    monkeypatch.setattr(users, "_nobodys", lambda: NOBODYS)


@pytest.fixture
def staff(app: Flask) -> Flask:
    """The application with one person of each role, named like it."""
    return app


@pytest.fixture
def engine(staff: Flask) -> Engine:
    """The database of that application."""
    held: Engine = staff.extensions[KEY].engine
    return held


@pytest.fixture
def browse(staff: Flask) -> Browse:
    """Return a browser in which somebody of a role is signed in."""

    def signed_in(role: Role) -> FlaskClient:
        client = staff.test_client()
        assert sign_in(client, role.value).status_code == 302
        return client

    return signed_in


def form_of(answer: TestResponse, button: str) -> dict[str, str]:
    """What a browser would send from the form of a page by one of its buttons."""
    page = BeautifulSoup(answer.text, "html.parser")
    name, _, value = button.partition("=")
    wanted = {"name": name, "value": value} if name else {"name": None, "class": None}
    pressed = page.select_one("main").find("button", attrs=wanted)  # type: ignore[union-attr]
    assert pressed is not None, f"there is no button {button}"
    assert not pressed.has_attr("disabled"), f"the button {button} cannot be pressed"
    form = pressed.find_parent("form")
    assert form is not None
    sent = {name: value} if name else {}
    for control in form.find_all(["input", "textarea", "select"]):
        if not (said := str(control.get("name") or "")) or control.has_attr("disabled"):
            continue
        if control.name == "textarea":
            # The first line break after the tag is no part of the value.
            sent[said] = control.text.removeprefix("\n")
        elif control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            sent[said] = "" if chosen is None else str(chosen.get("value", chosen.text))
        elif control.get("type") not in ("radio", "checkbox") or control.has_attr("checked"):
            sent[said] = str(control.get("value", ""))
    return sent
