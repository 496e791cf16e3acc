"""Settings that an organisation fixes by policy, in browsers that really read one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.browser.engine import Engine
from tests.browser.policies import extension_with_id, firefox_policy, system_policy
from tests.browser.sites import Server
from tests.browser.test_page_to_card import HOST, notes

pytestmark = pytest.mark.browser

NAME = "The newsroom's"


def start(name: str, stack: ExitStack, folder: Path, policy: dict[str, Any]) -> Engine:
    """Start a browser with the policy; all is taken away at the end of the stack."""
    source, in_chromium, in_firefox = extension_with_id(folder)
    engine: Engine
    if name == "chromium":
        pytest.importorskip("playwright", reason="playwright is not installed")
        from tests.browser.chromium import Chromium, find_chromium

        if not (binary := find_chromium()):
            pytest.skip("no Chromium here: apt-get install chromium")
        try:
            stack.enter_context(system_policy(in_chromium, policy))
        except OSError as error:
            pytest.skip(f"the policies of the system cannot be written here: {error}")
        engine = Chromium(binary, source)
    else:
        pytest.importorskip("websocket", reason="websocket-client is not installed")
        from tests.browser.firefox import Firefox, find_firefox

        if not (binary := find_firefox()):
            pytest.skip("no Firefox here: apt-get install firefox-esr")
        engine = Firefox(firefox_policy(binary, folder, in_firefox, policy), source)
    stack.callback(engine.close)
    return engine


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def managed(
    request: pytest.FixtureRequest, relay: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A browser whose policy names the service, the sites, and what is painted."""
    policy = {
        "services": [{"address": relay.url(), "name": NAME}],
        "mode": "sites",
        "sites": [HOST],
        "never": ["mail.example"],
        "density": "important",
        "kinds": {"citation": False},
    }
    with ExitStack() as stack:
        engine = start(request.param, stack, tmp_path_factory.mktemp("managed"), policy)
        fixed = "chrome.storage.managed.get(null).then((all) => Object.keys(all).length)"
        engine.wait("the policy", lambda: engine.control(fixed) == len(policy))
        yield engine
        assert [one for one in engine.asked() if one.outside] == []


@pytest.fixture
def fresh(managed: Engine, relay: Server) -> Engine:
    """That browser, its reader having wanted everything otherwise."""
    wish = {
        "services": [{"address": "http://127.0.0.1:9", "name": "Mine"}],
        "mode": "click",
        "sites": [],
        "never": [HOST],
        "density": "none",
        "theme": "dark",
    }
    if not managed.alive():
        managed.restart()
    managed.control(
        "chrome.storage.local.clear()"
        f".then(() => chrome.storage.local.set({{settings: {json.dumps(wish)}}}))"
    )
    managed.control("chrome.runtime.sendMessage({type: 'reconcile'})")
    relay.bodies.clear()
    return managed


def test_the_policy_holds_and_not_what_the_reader_wanted(
    fresh: Engine, site: Server, relay: Server
) -> None:
    fresh.goto(site.url("/ordinary.html", HOST))
    fresh.wait("the notes", lambda: (fresh.state() or {}).get("status") == "done")
    state = fresh.state()
    assert len(relay.bodies) == 1
    assert "citation" not in {note["kind"] for note in state["listed"]}
    assert notes(state, "claim")
    fresh.tell("show", id=state["listed"][0]["id"])
    acts = fresh.overlay("[...root.querySelectorAll('.acts .act')].map((b) => b.textContent)")
    assert "Hide this note" in acts
    assert "No notes on this site" not in acts
    with fresh.panel() as panel:
        assert panel("document.getElementById('always').hidden")


def test_what_is_fixed_is_shown_and_cannot_be_changed(fresh: Engine, relay: Server) -> None:
    with fresh.own_page("options/options.html") as page:
        assert page("!document.getElementById('managed').hidden")
        shown = page(
            "[...document.querySelectorAll('input, select, textarea')].filter((e) => e.disabled)"
            ".map((e) => [e.id, e.type === 'radio' || e.type === 'checkbox' ? e.checked : e.value])"
        )
        held = dict(shown)
        assert held["service-address-0"] == relay.url()
        assert held["service-name-0"] == NAME
        assert held["mode-sites"] is True
        assert held["sites"] == HOST
        assert held["density"] == "important"
        assert held["kind-citation"] is False
        assert page("document.getElementById('add').hidden")
        free = "['theme', 'language', 'local', 'timeoutSeconds'].every((id) => !%s.disabled)"
        assert page(free % "document.getElementById(id)")
        test = "document.querySelector('[data-act=test]')"
        said = "document.querySelector('.service [role=status]').textContent"
        page(f"{test}.click()")
        page.wait("the answer", f"{said}.includes('The service answers')")
        # Somebody who takes the locks off the form gets no further.
        page(
            "(() => { for (const e of document.querySelectorAll(':disabled')) e.disabled = false; "
            "document.getElementById('mode-everywhere').checked = true; "
            "document.getElementById('density').value = 'all'; "
            "document.getElementById('service-address-0').value = 'http://127.0.0.1:9'; "
            "document.getElementById('theme').value = 'light'; "
            "document.querySelector('button[type=submit]').click(); return 1; })()"
        )
        page.wait("it to be saved", "document.getElementById('status').textContent !== ''")
        assert page("document.getElementById('mode-sites').checked")
        assert page("document.getElementById('service-address-0').value") == relay.url()
        assert page("document.getElementById('density').value") == "important"
        assert page("document.getElementById('theme').value") == "light"
    kept = fresh.control("chrome.storage.local.get('settings').then((all) => all.settings)")
    assert kept["theme"] == "light"
    assert kept["mode"] == "click", "the values of the policy would outlive it"
    assert kept["services"][0]["name"] == "Mine"


def test_the_first_page_asks_for_no_service_where_one_is_given(
    fresh: Engine, relay: Server
) -> None:
    with fresh.own_page("welcome/welcome.html") as page:
        assert relay.url() in page("document.getElementById('found').textContent")
        assert page("document.getElementById('form').hidden")
        assert page("!document.getElementById('managed').hidden")


def test_without_a_policy_nothing_is_fixed(browser: Engine) -> None:
    """The browsers beside, which are of the same machine, heed none of it."""
    with browser.own_page("options/options.html") as page:
        assert page("document.getElementById('managed').hidden")
        assert page("document.querySelectorAll(':disabled').length") == 0
