"""The public pages in both browsers: a dispute from the page of a claim on, axe, sizes, colours."""

from __future__ import annotations

import json

import pytest

from tests.browser.engine import AXE, Engine
from tests.browser.test_accessibility import RULES, RUN

pytestmark = pytest.mark.browser

PAGES = {
    "claim": "/claims/starter-01",
    "outlet": "/outlets/reuters.com",
    "unrated": "/outlets/nobody-rates-this.example",
    "log": "/disputes",
    "form": "/disputes/new?claim=starter-01",
    "nothing": "/claims/none",
}


def address(service: int, path: str) -> str:
    return f"http://127.0.0.1:{service}{path}"


def check(browser: Engine) -> None:
    """Hold the page before the reader to axe's rules, with everything on it unfolded."""
    browser.evaluate("(document.querySelectorAll('details').forEach((d) => (d.open = true)), 1)")
    browser.inject("/axe.min.js")
    found = browser.overlay(RUN % ("document", RULES))
    assert found["violations"] == []
    assert found["checked"] > 10, "next to nothing was looked at"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_nothing_on_the_pages_breaks_a_rule(
    browser: Engine, service: int, width: int, dark: bool
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: sh tests/install_node_tools.sh")
    browser.view(width, 800, dark=dark)
    for path in PAGES.values():
        browser.goto(address(service, path))
        check(browser)
        assert browser.evaluate("document.documentElement.scrollWidth") <= width, path


def press(words: str) -> str:
    """The press on a link or a button of the page."""
    return (
        "[...document.querySelectorAll('main a, main button')]"
        f".find((each) => each.textContent.trim() === {json.dumps(words)}).click()"
    )


def test_a_reader_disputes_a_claim_and_finds_the_answer_page(browser: Engine, service: int) -> None:
    browser.view(360, 800)
    browser.goto(address(service, PAGES["claim"]))
    browser.go_on("the form", press("Dispute this"), "!!document.getElementById('reason')")
    trap = browser.evaluate("document.getElementById('website').getBoundingClientRect().right")
    assert trap < 0, "people see the field that only programs fill in"
    assert browser.evaluate("document.querySelector('form.stack').checkValidity()") is False
    browser.evaluate(
        "(document.getElementById('reason').value = 'The archive gives another year.', "
        "document.getElementById('contact').value = 'ada@reader.example', 1)"
    )
    kept = "document.body.innerText.includes('Keep the address')"
    browser.go_on("the page of the dispute", press("Send"), kept)
    if AXE.is_file():
        check(browser)
    gone = "document.body.innerText.includes('No contact of yours')"
    browser.go_on("the contact to go", press("Delete my contact now"), gone)
    assert browser.console_errors() == []
