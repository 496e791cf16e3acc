"""What the browsers tell a screen reader: the tree that they hand to the system, not its markup."""

from __future__ import annotations

import pytest

from tests.browser.engine import Accessible, Engine
from tests.browser.made import HELD
from tests.browser.sites import Server
from tests.browser.test_page_to_card import HOST, notes

pytestmark = pytest.mark.browser


def one(tree: Accessible, role: str, name: str) -> Accessible | None:
    return next((found for found in tree.all(role) if found.name == name), None)


def texts(tree: Accessible) -> list[str]:
    return [text.name for text in tree.all("text")]


def squeezed(text: str) -> str:
    """The text without its spaces: marks and other tags cut it into parts."""
    return "".join(text.split())


def test_strip_card_and_live_region_are_told_as_what_they_are(
    browser: Engine, site: Server
) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    note = notes(state, "claim")[0]
    browser.accessible()  # a screen reader is there before anything changes
    browser.tell("show", id=note["id"])
    browser.wait("the dialog", lambda: one(browser.accessible(), "dialog", note["title"]))
    tree = browser.accessible()

    strip = one(tree, "region", "Contextlib News")
    assert strip is not None
    assert {"Previous note", "Next note", "Close"} <= {b.name for b in strip.all("button")}
    assert "the rest was not checked" in strip.text()

    card = one(tree, "dialog", note["title"])
    assert card is not None

    def led() -> bool:
        found = one(browser.accessible(), "dialog", note["title"])
        return found is not None and found.focused

    browser.wait("the reader to be led to it", led)
    assert note["title"] in {heading.name for heading in card.all("heading")}
    assert "Close" in {button.name for button in card.all("button")}
    # Both texts, word by word, though marks and other tags cut them.
    assert squeezed(note["claim"]["text"]) in squeezed(card.text())
    assert squeezed(note["target"]["exact"]) in squeezed(card.text())
    assert "Why am I seeing this?" in card.text()

    told = [
        status for status in tree.all("status") if f"{len(state['listed'])} notes" in status.text()
    ]
    assert len(told) == 1
    assert told[0].live == "polite"


def test_every_note_is_in_the_list_of_the_strip(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    browser.overlay("((root.querySelector('.strip details').open = true), 1)")

    def rows() -> list[Accessible]:
        strip = one(browser.accessible(), "region", "Contextlib News")
        return strip.all("listitem") if strip else []

    browser.wait("the list", lambda: len(rows()) == len(state["listed"]))
    for row, note in zip(rows(), state["listed"], strict=True):
        (button,) = row.all("button")
        assert note["title"] in button.name
        if exact := note["target"].get("exact"):
            assert exact[:60] in button.name


def test_the_article_is_read_as_before_and_nothing_else_is_told(
    browser: Engine, site: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.wait("the tree", lambda: HELD.split()[0] in browser.accessible().text())
    before = texts(browser.accessible())
    browser.annotate()
    browser.wait("ours", lambda: one(browser.accessible(), "region", "Contextlib News"))
    tree = browser.accessible()
    strip = one(tree, "region", "Contextlib News")
    assert strip is not None
    # What is laid over links and words is for the eye alone.
    (told,) = [status for status in tree.all("status") if "notes" in status.text()]
    assert texts(tree) == [*before, *texts(strip), *texts(told)]


@pytest.mark.parametrize("view", ["popup", "side"])
def test_the_panel_is_a_list_under_headings(browser: Engine, site: Server, view: str) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    with browser.panel(view) as panel:
        browser.wait("the list", lambda: panel.accessible().all("listitem"))
        tree = panel.accessible()
    assert tree.all("main")
    headings = [heading.name for heading in tree.all("heading")]
    assert headings[0] == "Contextlib News"
    assert any(name.startswith("Claim") for name in headings)
    buttons = [button.name for button in tree.all("button")]
    assert {"Settings", "Next note", "Previous note", "Take the notes away"} <= set(buttons)
    for note in state["listed"]:
        if note["kind"] != "outlet":
            assert any(note["title"] in name for name in buttons), note["title"]
    (status,) = [one for one in tree.all("status") if "notes" in one.text()]
    assert status.live == "polite"
    assert "the rest was not checked" in status.text()
    assert [group.name for group in tree.all("group") if "Kinds" in group.name]


def test_what_has_lost_its_name_is_missed(browser: Engine, site: Server) -> None:
    """The tree is the browser's own: what is taken from the overlay is gone from it."""
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    note = notes(state, "claim")[0]
    browser.tell("show", id=note["id"])
    browser.wait("the dialog", lambda: one(browser.accessible(), "dialog", note["title"]))
    browser.overlay("(root.querySelector('.card').removeAttribute('aria-labelledby'), 1)")
    browser.wait("it to be gone", lambda: not one(browser.accessible(), "dialog", note["title"]))
