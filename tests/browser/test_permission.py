"""The extension as it ships, allowed nowhere: a press opens one page, the browser asks for more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.browser.engine import Engine, OwnPage
from tests.browser.screen import Screen, lacking
from tests.browser.sites import Server
from tests.browser.test_page_to_card import HOST, OVERLAYS

pytestmark = pytest.mark.browser

# Chromium does not ask again for a site that was allowed once.
OTHER = "weekly.example"
BOX = "document.getElementById('always-box')"
STATUS = "document.getElementById('status').textContent"
SITES = "chrome.storage.local.get('settings').then((all) => all.settings.sites ?? [])"
ORIGINS = "chrome.permissions.getAll().then((all) => all.origins)"
GIVEN = ["http://127.0.0.1/*", "http://localhost/*"]
PAINTED = "CSS.highlights.has('contextlib-news-claim')"
FOR_HOST = [f"{s}://{h}/*" for s in ("https", "http") for h in (HOST, f"*.{HOST}")]


def start(name: str, stack: ExitStack) -> Engine:
    """Start a browser that can be answered: Firefox without a screen, Chromium before one."""
    engine: Engine
    if name == "firefox":
        pytest.importorskip("websocket", reason="websocket-client is not installed")
        from tests.browser.firefox import Firefox, find_firefox

        if not (binary := find_firefox()):
            pytest.skip("no Firefox here: apt-get install firefox-esr")
        engine = Firefox(binary, everywhere=False)
    else:
        pytest.importorskip("playwright", reason="playwright is not installed")
        from tests.browser.chromium import Chromium, find_chromium

        if not (binary := find_chromium()):
            pytest.skip("no Chromium here: apt-get install chromium")
        if packages := lacking():
            pytest.skip(f"no screen here: apt-get install {packages}")
        stack.callback((screen := Screen()).close)
        engine = Chromium(binary, everywhere=False, screen=screen)
    stack.callback(engine.close)
    return engine


@pytest.fixture(scope="module", params=["chromium", "firefox"])
def started(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ExitStack() as stack:
        engine = start(request.param, stack)
        yield engine
        assert [one for one in engine.asked() if one.outside] == []


@pytest.fixture
def shipped(started: Engine, relay: Server) -> Iterator[Engine]:
    """The browser, its extension allowed on this machine's service alone."""
    if not started.alive():
        started.restart()
    started.use_service(relay.url())
    relay.bodies.clear()
    yield started
    started.close_framed()
    started.control(
        f"chrome.permissions.remove({{origins: {FOR_HOST}}}).then(() => "
        "chrome.storage.session.clear()).then(() => chrome.storage.local.clear())"
    )
    started.control("chrome.runtime.sendMessage({type: 'reconcile'})")


def press(browser: Engine) -> OwnPage:
    """Press the button of the toolbar and wait until the popup tells what came of it."""
    browser.press_button()
    popup: OwnPage = browser.wait("the popup", lambda: browser.framed("popup"))
    return popup


def test_a_press_gives_access_to_the_page_and_to_no_other(
    shipped: Engine, site: Server, relay: Server
) -> None:
    shipped.goto(site.url("/ordinary.html", HOST))
    popup = press(shipped)
    assert "No notes" not in popup(STATUS)
    assert shipped.evaluate(OVERLAYS) == 1
    assert len(relay.bodies) == 1
    assert sorted(shipped.control(ORIGINS)) == GIVEN
    shipped.close_framed()
    # The next page is nothing to it until it is asked again.
    shipped.goto(site.url("/other.html", HOST))
    tabs = "chrome.tabs.query({active: true}).then((all) => all.map((tab) => tab.url ?? null))"
    assert shipped.control(tabs) == [None]


@pytest.mark.parametrize("closed", [False, True], ids=["stays", "closes"])
def test_a_site_that_the_reader_allows(
    shipped: Engine, site: Server, relay: Server, closed: bool
) -> None:
    """Whether the popup stays or is closed by the browser's question."""
    if shipped.name == "chromium" and closed:
        pytest.skip("Chromium's question closes it anyway, and is not asked twice for a site")
    shipped.goto(site.url("/ordinary.html", HOST))
    press(shipped)
    shipped.press_in_popup("always-box")
    if closed:
        shipped.close_framed()
    shipped.answer_permission(yes=True)
    shipped.wait("it to be kept", lambda: shipped.control(SITES) == [HOST])
    assert sorted(shipped.control(ORIGINS)) == sorted([*GIVEN, *FOR_HOST])
    registered = "chrome.scripting.getRegisteredContentScripts().then((all) => all.length)"
    shipped.wait("the page scripts", lambda: shipped.control(registered) == 1)
    shipped.close_framed()
    relay.bodies.clear()
    shipped.goto(site.url("/ordinary.html", HOST))
    shipped.wait("the notes", lambda: (shipped.state() or {}).get("status") == "done")
    assert len(relay.bodies) == 1


def test_a_site_that_the_reader_does_not_allow(
    shipped: Engine, site: Server, relay: Server
) -> None:
    shipped.goto(site.url("/ordinary.html", OTHER))
    popup = press(shipped)
    shipped.press_in_popup("always-box")
    shipped.answer_permission(yes=False)
    if shipped.name == "firefox":  # in Chromium the question has closed the popup
        shipped.wait("the words", lambda: "not allowed" in popup(STATUS))
        assert shipped.control("chrome.storage.session.get('wish')") == {}
    again = shipped.framed("popup")
    assert again is not None
    assert again(f"{BOX}.checked") is False
    assert shipped.control(SITES) == []
    assert sorted(shipped.control(ORIGINS)) == GIVEN


def test_the_entry_of_the_menu_tells_what_is_known_about_selected_words(
    shipped: Engine, site: Server, relay: Server
) -> None:
    relay.requests.clear()
    shipped.goto(site.url("/ordinary.html", HOST))
    shipped.evaluate("getSelection().selectAllChildren(document.getElementById('staged'))")
    place = shipped.evaluate(
        "(() => { const box = getSelection().getRangeAt(0).getBoundingClientRect(); "
        "return [box.x + 20, box.y + box.height / 2]; })()"
    )
    shipped.choose_at(*place, lambda: relay.requests)
    ((method, path),) = relay.requests
    assert method == "GET"
    assert path.startswith("/api/v1/claims?query=")
    assert "staged" in path
    shipped.wait("the card", lambda: shipped.evaluate(OVERLAYS) == 1)
    assert relay.bodies == [], "the page was sent"
    assert sorted(shipped.control(ORIGINS)) == GIVEN


def test_keys_of_the_keyboard_ask_and_step(shipped: Engine, site: Server, relay: Server) -> None:
    if shipped.name == "firefox":
        pytest.skip("Firefox has no keyboard without a screen")
    shipped.goto(site.url("/ordinary.html", HOST))
    shipped.press_shortcut("annotate")
    shipped.wait("the notes", lambda: shipped.evaluate(PAINTED))
    assert len(relay.bodies) == 1
    assert sorted(shipped.control(ORIGINS)) == GIVEN
    shipped.press_shortcut("next-note")
    shipped.wait("a card", lambda: shipped.highlights().get("contextlib-news-current"))
    first = shipped.highlights()["contextlib-news-current"]
    shipped.press_shortcut("previous-note")
    shipped.wait(
        "another", lambda: shipped.highlights().get("contextlib-news-current") not in (None, first)
    )
