"""What raters say of the outlets of a note's reports, where it comes after the reader went on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.engine import Engine
from tests.browser.sites import Server
from tests.browser.test_page_to_card import CARD_BOX, CARD_STYLE, HOST, notes

pytestmark = pytest.mark.browser

# Holds back what raters say until the test lets it go; the real answer comes then.
HOLD_RATINGS = """(() => { const { extensionTransport: way } = contextlibNews;
const real = way.outlets; globalThis.held = []; way.outlets = async (hosts) => {
await new Promise((resolve) => globalThis.held.push(resolve)); return real(hosts); };
return 1; })()"""
RATED = (
    "[...root.querySelectorAll('section li .quiet + .quiet')]"
    ".some((place) => place.textContent.includes(':'))"
)
LET_GO = "(globalThis.held.forEach((go) => go()), 1)"


def note_with_rated_reports(state: dict[str, Any]) -> str:
    """Return the id of the last claim note whose reports come from an outlet that is rated."""
    return str([n for n in notes(state, "claim") if n["reports"]["corroborating"]][-1]["id"])


def test_ratings_that_come_late_do_not_move_the_page(browser: Engine, site: Server) -> None:
    browser.view(1280, 500)
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    browser.overlay(HOLD_RATINGS)
    browser.tell("show", id=note_with_rated_reports(state))
    browser.wait("the asking", lambda: browser.overlay("globalThis.held.length"))
    assert browser.overlay("scrollY") > 0
    browser.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
    browser.wait("the card to hold", lambda: "anchor" not in browser.overlay(CARD_STYLE))
    # The reader has gone on to something in the page.
    browser.evaluate(
        "(() => { const link = document.links[0]; link.focus({ preventScroll: true }); "
        "return 1; })()"
    )
    assert not browser.overlay(RATED)
    browser.overlay(LET_GO)
    browser.wait("the ratings", lambda: browser.overlay(RATED))
    browser.evaluate("new Promise((resolve) => requestAnimationFrame(() => resolve(1)))")
    assert browser.overlay("scrollY") == 0
    assert browser.evaluate("document.activeElement === document.links[0]")
    card = browser.overlay(CARD_BOX)
    assert card["top"] >= 0
    assert card["bottom"] <= 500


def test_ratings_that_come_late_leave_what_the_reader_does_in_the_card(
    browser: Engine, site: Server
) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    browser.overlay(HOLD_RATINGS)
    browser.tell("show", id=note_with_rated_reports(state))
    browser.wait("the asking", lambda: browser.overlay("globalThis.held.length"))
    browser.overlay(
        "(() => { const card = root.querySelector('.card'); "
        "card.querySelectorAll('details').forEach((part) => (part.open = true)); "
        "const reason = root.getElementById('reason'); reason.value = 'It was in'; "
        "reason.focus(); card.scrollTop = 60; return 1; })()"
    )
    place = browser.overlay("root.querySelector('.card').scrollTop")
    browser.overlay(LET_GO)
    browser.wait("the ratings", lambda: browser.overlay(RATED))
    assert browser.overlay("root.getElementById('reason').value") == "It was in"
    assert browser.overlay("root.activeElement.id") == "reason"
    assert browser.overlay("[...root.querySelectorAll('.card details')].every((d) => d.open)")
    assert browser.overlay("root.querySelector('.card').scrollTop") == place
