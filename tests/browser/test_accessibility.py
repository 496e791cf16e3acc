"""The overlay and the extension's own pages for everybody: axe, keys, colours, sizes, motion."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.engine import AXE, Engine
from tests.browser.sites import Server
from tests.browser.test_page_to_card import CARD, FOCUS, HOST, middle_of

pytestmark = pytest.mark.browser

RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
# axe looks into open roots only: without this it sees nothing of ours and finds nothing.
OPEN = """(() => { const own = Object.getOwnPropertyDescriptor(Element.prototype, 'shadowRoot');
Object.defineProperty(Element.prototype, 'shadowRoot', { configurable: true, get() {
  return own.get.call(this) ?? (globalThis.chrome?.dom?.openOrClosedShadowRoot
    ? chrome.dom.openOrClosedShadowRoot(this) : this.openOrClosedShadowRoot ?? null); } });
return document.querySelector('contextlib-news').shadowRoot !== null; })()"""
RUN = (
    "(globalThis.axe ?? window.axe).run(%s, %s).then((found) => "
    "({ violations: found.violations.map((one) => [one.id, "
    "one.nodes.map((node) => String(node.target) + ' ' + node.failureSummary)]), "
    "checked: found.passes.flatMap((one) => one.nodes).length }))"
)
OURS = "document.querySelector('contextlib-news')"


@pytest.fixture(autouse=True)
def _needs_axe() -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: sh tests/install_node_tools.sh")


def run_axe(browser: Engine) -> Any:
    browser.inject("/axe.min.js")
    assert browser.overlay(OPEN), "axe cannot see into the closed root"
    return browser.overlay(RUN % (OURS, RULES))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_in_the_closed_root_breaks_a_rule(
    browser: Engine, site: Server, width: int, dark: bool
) -> None:
    browser.view(width, 800, dark=dark)
    browser.goto(site.url("/demo.html", HOST))
    browser.annotate()
    browser.tell("next")
    browser.overlay("(root.querySelectorAll('details').forEach((d) => (d.open = true)), 1)")
    found = run_axe(browser)
    assert found["violations"] == []
    assert found["checked"] > 50, "next to nothing was looked at"


def test_axe_finds_what_is_broken_in_the_closed_root(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    browser.annotate()
    browser.tell("next")
    browser.overlay(
        "(root.querySelectorAll('.x').forEach((x) => { x.textContent = ''; "
        "x.removeAttribute('aria-label'); }), 1)"
    )
    assert "button-name" in {name for name, _ in run_axe(browser)["violations"]}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "path", ["panel", "options/options.html", "welcome/welcome.html", "panel/selection.html"]
)
def test_nothing_in_the_own_pages_breaks_a_rule(
    browser: Engine, site: Server, path: str, dark: bool
) -> None:
    browser.view(400, 800, dark=dark)
    browser.goto(site.url("/demo.html", HOST))
    browser.annotate()
    with browser.panel() if path == "panel" else browser.own_page(path) as page:
        page("document.querySelectorAll('details').forEach((part) => (part.open = true))")
        page(
            "new Promise((resolve) => { const script = document.createElement('script'); "
            "script.src = '/axe.min.js'; script.onload = () => resolve(1); "
            "document.head.append(script); })"
        )
        found = page(RUN % ("document", RULES))
        assert found["violations"] == []
        assert found["checked"] > 20
        assert page("document.documentElement.scrollWidth") <= 400, "it is wider than its window"


def test_forced_colours_keep_everything_visible(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    browser.emulate(forced_colors=True)
    try:
        browser.annotate()
        browser.tell("next")
        paper, ink = browser.overlay(
            "(() => { const style = getComputedStyle(root.querySelector('.card')); "
            "return [style.backgroundColor, style.color]; })()"
        )
        assert paper != ink
        assert browser.overlay("getComputedStyle(root.querySelector('.card')).borderTopWidth") != (
            "0px"
        )
    finally:
        browser.emulate()


def test_nothing_moves_for_those_who_want_none(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    browser.emulate(reduced_motion=True)
    try:
        browser.annotate()
        browser.tell("next")
        name = "getComputedStyle(root.querySelector('.card')).animationName"
        browser.wait("no motion", lambda: browser.overlay(name) == "none")
    finally:
        browser.emulate()


def test_at_twice_the_size_nothing_is_cut_off(browser: Engine, site: Server) -> None:
    # A window of 1280 by 800 at 200 % has as much room as one of 640 by 400.
    browser.view(640, 400)
    browser.goto(site.url("/demo.html", HOST))
    browser.annotate()
    browser.tell("next")
    box = browser.overlay("root.querySelector('.card').getBoundingClientRect().toJSON()")
    assert box["left"] >= 0
    assert box["right"] <= 640
    assert box["top"] >= 0
    assert box["bottom"] <= 400
    assert browser.overlay(
        "root.querySelector('.card').scrollWidth <= root.querySelector('.card').clientWidth"
    )


def test_on_a_phone_the_card_is_a_sheet_that_a_finger_can_use(
    browser: Engine, site: Server
) -> None:
    browser.view(360, 740)
    browser.goto(site.url("/demo.html", HOST))
    browser.annotate()
    browser.click(*middle_of(browser, "claim"))
    browser.wait("the card", lambda: browser.overlay(CARD))
    box = browser.overlay("root.querySelector('.card').getBoundingClientRect().toJSON()")
    assert box["left"] == 0
    assert box["width"] == browser.overlay("document.documentElement.clientWidth")
    small = browser.overlay(
        "[...root.querySelectorAll('button')].filter((b) => b.checkVisibility() && "
        "(b.offsetHeight < 24 || b.offsetWidth < 24)).length"
    )
    assert small == 0
    assert browser.overlay("document.documentElement.scrollWidth") <= 360


def test_the_focus_goes_to_the_card_and_back(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    browser.annotate()
    for _ in range(40):
        if browser.overlay(FOCUS) == "Next note":
            break
        browser.press("Tab")
    browser.press("Enter")
    browser.wait("the card", lambda: browser.overlay(CARD))
    assert browser.overlay("root.activeElement.className").startswith("card")
    browser.press("Tab")
    assert browser.overlay("root.querySelector('.card').contains(root.activeElement)")
    browser.press("Escape")
    browser.wait("it to close", lambda: not browser.overlay(CARD))
    assert browser.overlay(FOCUS) == "Next note"


def test_the_live_region_says_how_many_notes_there_are(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    count = len(state["listed"])
    region = "root.querySelector('.live')"
    assert browser.overlay(f"{region}.textContent") == f"{count} notes"
    assert browser.overlay(f"{region}.getAttribute('role')") == "status"


def test_words_on_a_dark_ground_are_marked_in_light_colours(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/dark.html", HOST))
    browser.annotate()
    names = set(browser.highlights())
    assert "contextlib-news-claim-on-dark" in names
    assert "contextlib-news-claim" not in names
