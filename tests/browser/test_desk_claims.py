"""The desk's claims in both browsers: renewed in place, tried, ruled out; axe finds nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims, users
from contextlib_news_server.store.users import Role
from werkzeug.serving import make_server

from tests.browser.engine import AXE, Engine
from tests.browser.hands import Hands
from tests.browser.test_accessibility import RULES, RUN
from tests.factories import make_claim

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery staple"
EDIT = "/admin/claims/edit/bridge"
TWIN = "Elm Street’s bridge was opened in 1931."
FORM = "form.editor"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with an administrator and two claims that say the same."""
    folder = tmp_path_factory.mktemp("desk")
    config = Config.from_env(
        {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
    )
    app = create_app(replace(config, poll_seconds=0.0, rate_limit=""))
    engine = app.extensions[KEY].engine
    with engine.begin() as connection:
        users.add(connection, "ada", role=Role.ADMINISTRATOR, password=PASSWORD, made_by="a test")
        both = [make_claim(), make_claim(id="twin", text=TWIN, summary="Another.")]
        claims.save_many(connection, both, made_by="a test", reason="a test")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    engine.dispose()


class Curator(Hands):
    """Somebody who is signed in."""

    def __init__(self, engine: Engine, base: str) -> None:
        super().__init__(engine, base)
        engine.view(1280, 800)
        self.goto("/admin/account")
        if self.ask("location.pathname") == "/admin/sign-in":
            self.type("[name=name]", "ada")
            self.type("[name=password]", PASSWORD)
            self.go_on("the account", "main form button", "location.pathname === '/admin/account'")

    def go_on(self, what: str, selector: str, condition: str) -> None:
        """Press what leads to another page, and wait for that page."""
        press = f"document.querySelector({json.dumps(selector)}).click()"
        self.engine.go_on(what, press, condition)


@pytest.fixture
def curator(engine: Engine, desk: str) -> Curator:
    return Curator(engine, desk)


def test_the_editor_is_renewed_in_place(curator: Curator) -> None:
    curator.goto(EDIT)
    curator.ask("(window.same = true)")
    curator.type("[name=summary]", "Typed just now.")
    curator.type("[name=verdict]", "disputed")
    curator.wait("the note", "document.querySelector('#effect .verdict.disputed') !== null")
    assert TWIN in curator.ask("document.querySelector('#effect').innerText")
    curator.press("button[value='add:reports']")
    rows = "document.querySelectorAll('[name^=reports-][name$=-title]').length"
    curator.wait("a row more", f"{rows} === 3")
    assert curator.ask("document.querySelector('[name=summary]').value") == "Typed just now."
    assert curator.ask("document.activeElement.name").startswith("reports-")
    curator.press("button[value='remove:reports:1']")
    curator.wait("a row less", f"{rows} === 2")
    assert curator.ask("window.same"), "the page was loaded anew"
    assert curator.engine.console_errors() == []


def test_a_press_after_signing_out_elsewhere_loses_nothing(curator: Curator) -> None:
    curator.goto("/admin/claims/new")
    curator.type("[name=text]", "The long wall at Elm Street fell.")
    curator.ask(
        """fetch("/admin/sign-out", { method: "POST", body: new URLSearchParams(
        { form_token: document.querySelector("[name=form_token]").value }) }).then(() => 1)"""
    )
    gone = "document.querySelector('[role=alert]')?.innerText.includes('signed out meanwhile')"
    curator.go_on("the question who it is", "button[value='add:reports']", gone)
    curator.type("[name=name]", "ada")
    curator.type("[name=password]", PASSWORD)
    curator.leave("Sign in")
    curator.leave("Send it again")
    typed = "document.querySelector('form.editor [name=text]').value"
    assert curator.ask(typed) == "The long wall at Elm Street fell."


def test_a_sentence_is_tried_and_ruled_out(curator: Curator) -> None:
    # The browsers share one database, so each rules out its own.
    kind = {"chromium": "trains", "firefox": "horses"}[curator.engine.name]
    sentence = f"A bridge at Elm Street was opened to {kind} in 1931."
    curator.goto(EDIT)
    curator.type("[name=trial]", sentence)
    outcome = "document.querySelector('.tried') !== null"
    curator.go_on("the outcome", "button[value=try]", outcome)
    assert "Gets a note" in curator.ask("document.querySelector('.tried').innerText")
    answer = "document.querySelector('[role=status].message') !== null"
    curator.go_on("the answer", "button[name=not-this-claim]", answer)
    assert "ruled out" in curator.ask("document.querySelector('.tried').innerText")


SCREENS = {
    "list": "/admin/claims?text=bridge",
    "new": "/admin/claims/new?text=Owls+sleep+by+day+in+barns.",
    "editor": EDIT,
    "history": "/admin/claims/history/bridge",
    "merge": "/admin/claims/merge/bridge?with=twin",
    "settings": "/admin/settings",
}


@pytest.mark.slow
@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_nothing_at_the_desk_breaks_a_rule(curator: Curator, width: int, dark: bool) -> None:
    axe = Path(AXE).read_text(encoding="utf-8")
    curator.engine.view(width, 900, dark=dark)
    for name, path in SCREENS.items():
        curator.goto(path)
        curator.ask("(document.querySelectorAll('details').forEach((d) => (d.open = true)), 1)")
        curator.ask(f"(() => {{ {axe}\n; return 1; }})()")
        found = curator.ask(RUN % ("document", RULES))
        assert found["violations"] == [], name
        assert found["checked"] > 20, name
        assert curator.ask("document.documentElement.scrollWidth") <= width, name
