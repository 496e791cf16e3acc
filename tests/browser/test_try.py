"""``/try`` in both browsers: the overlay without the extension."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.engine import Engine
from tests.browser.sites import Server

pytestmark = pytest.mark.browser

STATUS = "document.getElementById('status').textContent"
OVERLAYS = "document.querySelectorAll('contextlib-news').length"
CARD = "root?.querySelector('.card')?.matches(':popover-open') ?? false"


def press(browser: Engine, identity: str) -> None:
    """Press a button of the page with the mouse, as a reader does."""
    x, y = browser.evaluate(
        f"(() => {{ const element = document.getElementById({json.dumps(identity)}); "
        "element.scrollIntoView({ block: 'center' }); "
        "const box = element.getBoundingClientRect(); "
        "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    browser.click(x, y)


def open_try(browser: Engine, relay: Server) -> None:
    browser.goto(relay.url("/try"))
    browser.wait("the page", lambda: browser.evaluate("document.documentElement.dataset.ready"))
    relay.requests.clear()
    relay.bodies.clear()


def annotate(browser: Engine) -> str:
    press(browser, "annotate")
    return str(
        browser.wait(
            "the notes",
            lambda: (
                browser.evaluate("document.documentElement.dataset.state") == "done"
                and browser.evaluate(STATUS)
            ),
        )
    )


def test_the_demonstration_article(browser: Engine, relay: Server) -> None:
    open_try(browser, relay)
    before = browser.evaluate("document.getElementById('article').outerHTML")
    status = annotate(browser)
    (sent,) = relay.bodies
    assert [path for _, path in relay.requests] == ["/api/v1/annotate"]
    assert sent["title"].startswith("A prison, a raid and a dam")
    assert sent["language"] == "en"
    texts = " ".join(block["text"] for block in sent["blocks"])
    assert "paste" not in texts.lower(), "the words around the article were sent too"
    painted = browser.highlights()
    assert len(painted["contextlib-news-claim"]) >= 12
    assert len(painted["contextlib-news-disclaimer"]) == 3
    assert any(character.isdigit() for character in status)
    assert browser.evaluate("document.getElementById('article').outerHTML") == before
    assert browser.evaluate(OVERLAYS) == 1
    assert browser.console_errors() == []


def test_a_click_opens_a_card_and_clear_takes_all_away(browser: Engine, relay: Server) -> None:
    open_try(browser, relay)
    annotate(browser)
    x, y = browser.evaluate(
        "(() => { let first = null; "
        "CSS.highlights.get('contextlib-news-claim').forEach((range) => first ??= range); "
        "first.startContainer.parentElement.scrollIntoView({ block: 'center' }); "
        "const box = first.getClientRects()[0]; return [box.x + 20, box.y + 8]; })()"
    )
    browser.click(x, y)
    browser.wait("the card", lambda: browser.overlay(CARD))
    browser.press("Escape")
    press(browser, "clear")
    browser.wait("the notes to go", lambda: browser.evaluate(OVERLAYS) == 0)
    assert browser.highlights() == {}


HOSTILE = (
    "<script>document.title = 'taken'</script>\n"
    "<img src=x onerror=\"document.title='taken'\">\n"
    "The SDF staged the prison break to keep US forces engaged in Syria.\n\n"
    "{{ config }} \u202e and \x00 and ’; DROP TABLE claims; --"
)


def use_own(browser: Engine, text: str) -> None:
    browser.evaluate(
        "(() => { document.getElementById('own').value = "
        f"{json.dumps(text)}; document.getElementById('own').closest('details').open = true; }})()"
    )
    press(browser, "use")


def test_a_pasted_text_is_text(browser: Engine, relay: Server) -> None:
    open_try(browser, relay)
    title = browser.evaluate("document.title")
    use_own(browser, HOSTILE)
    assert relay.requests == [], "the text was sent before the button was pressed"
    shown: dict[str, Any] = browser.evaluate(
        "({ text: document.getElementById('article').textContent, "
        "tags: [...document.querySelectorAll('#article *')].map((e) => e.tagName) })"
    )
    assert "<script>document.title = 'taken'</script>" in shown["text"]
    assert set(shown["tags"]) == {"P"}
    annotate(browser)
    (sent,) = relay.bodies
    assert sent["url"] is None
    assert sent["title"] is None
    assert sent["language"] is None
    texts = browser.highlights()["contextlib-news-claim"]
    assert "The SDF staged the prison break to keep US forces engaged in Syria." in texts
    assert browser.evaluate("document.title") == title
    assert browser.console_errors() == []


def test_an_address_brings_the_ratings_of_its_publisher(browser: Engine, relay: Server) -> None:
    open_try(browser, relay)
    use_own(browser, "The choir sang three songs on Saturday.")
    address = json.dumps("https://www.washingtonpost.com/world/choir")
    browser.evaluate(f"(() => {{ document.getElementById('address').value = {address}; }})()")
    annotate(browser)
    assert relay.bodies[0]["url"] == "https://www.washingtonpost.com/world/choir"
    assert "Washington Post" in browser.overlay("root.querySelector('.strip').innerText")
    assert "contextlib-news-claim" not in browser.highlights()


def test_an_empty_text_is_not_sent(browser: Engine, relay: Server) -> None:
    open_try(browser, relay)
    use_own(browser, "  \n \n")
    assert "no text" in browser.evaluate(STATUS)
    assert relay.requests == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1600])
def test_the_page_fits_its_window(browser: Engine, relay: Server, width: int, dark: bool) -> None:
    browser.view(width, 800, dark=dark)
    open_try(browser, relay)
    annotate(browser)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.overlay("root.querySelector('.strip').scrollWidth") <= width
    paper = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [int(part) for part in paper.removeprefix("rgb(").removesuffix(")").split(",")]
    assert (sum(channels) < 200) is dark
