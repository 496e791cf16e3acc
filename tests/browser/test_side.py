"""The real popup, side panel and sidebar, in the frame of the browser itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.engine import Engine, OwnPage
from tests.browser.sites import Server
from tests.browser.test_page_to_card import CARD, HOST, OVERLAYS

pytestmark = pytest.mark.browser

LISTED = "[...document.querySelectorAll('[data-note]')].map((row) => row.dataset.note)"
STATUS = "document.getElementById('status').textContent"


@pytest.fixture(autouse=True)
def _closed(browser: Engine) -> Iterator[None]:
    yield
    browser.close_framed()


def opened(browser: Engine, place: str) -> OwnPage:
    """Wait for the popup or what stands at the side."""
    found: OwnPage = browser.wait(f"the {place}", lambda: browser.framed(place))
    return found


def open_side(browser: Engine) -> OwnPage:
    """Press the button of the toolbar, and in the popup the one that leads to the side."""
    browser.press_button()
    popup = opened(browser, "popup")
    browser.wait("the notes", lambda: popup(LISTED))
    browser.press_in_popup("side")
    return opened(browser, "side")


def test_the_button_of_the_toolbar_asks_and_the_popup_lists(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.press_button()
    popup = opened(browser, "popup")
    browser.wait("the notes", lambda: popup(LISTED))
    assert len(relay.bodies) == 1
    state = browser.state()
    assert set(popup(LISTED)) >= set(state["anchored"])
    assert browser.evaluate(OVERLAYS) == 1
    # It is as wide as it wants to be, and nothing is cut off at its side.
    assert popup("innerWidth") >= 380
    assert popup("document.documentElement.scrollWidth <= innerWidth")


def test_the_panel_at_the_side_leads_to_notes_and_follows_the_reader(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    side = open_side(browser)
    assert len(relay.bodies) == 1
    state = browser.state()
    browser.wait("the list", lambda: set(side(LISTED)) >= set(state["anchored"]))
    assert not side("document.getElementById('facts').hidden")
    assert side("document.documentElement.scrollWidth <= innerWidth")
    note = state["anchored"][0]
    side(f"(document.querySelector('[data-note=\"{note}\"]').click(), 1)")
    browser.wait("the card", lambda: browser.overlay(CARD))
    # Another tab has no notes, and nothing is asked about it; back again, they are there.
    with browser.beside():
        browser.wait("it to follow", lambda: side(LISTED) == [])
    browser.wait("the list again", lambda: set(side(LISTED)) >= set(state["anchored"]))
    browser.tell("clear")
    browser.wait("the notes to go", lambda: side(LISTED) == [])
    side("(document.getElementById('annotate').click(), 1)")
    browser.wait("them again", lambda: set(side(LISTED)) >= set(state["anchored"]))
    assert len(relay.bodies) == 2
