"""The ways to ask but for the button: the menu of selected words and the keys."""

from __future__ import annotations

import pytest

from tests.browser.engine import Engine
from tests.browser.made import STAGED
from tests.browser.sites import Server
from tests.browser.test_page_to_card import CARD, CARD_TEXT, HOST, OVERLAYS

pytestmark = pytest.mark.browser

SELECTION = "panel/selection.html"
FOUND = "root?.querySelectorAll('.found li').length ?? 0"


@pytest.mark.parametrize("asleep", [False, True], ids=["awake", "asleep"])
def test_the_menu_tells_what_is_known_about_selected_words(
    browser: Engine, site: Server, relay: Server, asleep: bool
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.evaluate("getSelection().selectAllChildren(document.getElementById('staged'))")
    words = browser.evaluate("String(getSelection())")
    assert STAGED in words
    if asleep:
        browser.kill_worker()
    browser.choose_from_menu(words)
    browser.wait("the claims", lambda: browser.overlay(FOUND))
    assert browser.overlay(CARD)
    assert "below the threshold" in browser.overlay(CARD_TEXT)
    assert {method for method, _ in relay.requests} == {"GET"}, "the page was sent"
    assert all(path.startswith("/api/v1/claims?query=") for _, path in relay.requests)
    # The card stands clear of the words that were selected.
    card = browser.overlay("root.querySelector('.card').getBoundingClientRect().toJSON()")
    chosen = browser.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert card["top"] >= chosen["bottom"] or card["bottom"] <= chosen["top"]


def test_the_menu_opens_a_page_where_no_overlay_can_be(browser: Engine, relay: Server) -> None:
    browser.choose_from_menu(STAGED, in_page=False)
    tabs = (
        "chrome.tabs.query({}).then((all) => all.filter((tab) => "
        f"tab.url?.endsWith('{SELECTION}') && tab.status === 'complete').map((tab) => tab.id))"
    )
    (tab,) = browser.wait("the page", lambda: browser.control(tabs))
    browser.wait("the request", lambda: relay.requests)
    browser.control(f"chrome.tabs.remove({tab})")
    with browser.own_page(SELECTION) as page:
        assert STAGED in page("document.body.innerText")
        assert page("document.querySelectorAll('.found li').length") >= 1


def test_keys_ask_and_step_through_the_notes(browser: Engine, site: Server, relay: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.press_shortcut("next-note")
    assert browser.evaluate(OVERLAYS) == 0, "a key for steps asked"
    browser.press_shortcut("annotate")
    browser.wait("the notes", lambda: (browser.state() or {}).get("status") == "done")
    assert len(relay.bodies) == 1
    browser.press_shortcut("next-note")
    browser.wait("the card", lambda: browser.overlay(CARD))

    def words() -> list[str] | None:
        return browser.highlights().get("contextlib-news-current")

    first = words()
    assert first
    browser.press_shortcut("next-note")
    browser.wait("another note", lambda: words() not in (None, first))
    browser.press_shortcut("previous-note")
    browser.wait("the first again", lambda: words() == first)


BOX = "document.getElementById('always-box')"


def test_a_site_that_is_allowed_in_the_panel_is_asked_about_by_itself(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    with browser.panel() as panel:
        panel(f"{BOX}.click()")
        kept = "chrome.storage.local.get('settings').then((all) => all.settings.sites ?? [])"
        panel.wait("it to be kept", f"{kept}.then((sites) => sites.includes('{HOST}'))")
        registered = "chrome.scripting.getRegisteredContentScripts().then((all) => all.length)"
        panel.wait("the page scripts", registered)
    assert relay.bodies == []
    browser.goto(site.url("/ordinary.html", HOST))
    browser.wait("the notes", lambda: (browser.state() or {}).get("status") == "done")
    assert len(relay.bodies) == 1
    browser.use_service(relay.url())
    browser.control("chrome.runtime.sendMessage({type: 'reconcile'})")


def test_a_site_that_the_browser_does_not_allow_is_left_alone(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    before = browser.control("chrome.storage.local.get('settings')")
    with browser.panel() as panel:
        # What the browser answers where a reader says no.
        panel("(chrome.permissions.request = async () => false, 1)")
        panel(f"{BOX}.click()")
        panel.wait("the words", "document.getElementById('status').textContent.length > 0")
        assert panel(f"{BOX}.checked") is False
        said = panel("document.getElementById('status').textContent")
    assert "did not allow" in said or "not allowed" in said
    assert browser.control("chrome.storage.local.get('settings')") == before
    assert relay.bodies == []


def test_the_browser_gives_the_extension_the_keys_that_it_suggests(browser: Engine) -> None:
    """A key that belongs to the browser is silently left out."""
    held = browser.control("chrome.commands.getAll()")
    keys = {one["name"]: one["shortcut"] for one in held if one["name"] != "_execute_action"}
    assert keys == {
        "annotate": "Alt+Shift+K",
        "next-note": "Alt+Shift+Period",
        "previous-note": "Alt+Shift+Comma",
    }
