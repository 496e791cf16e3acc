"""From page to card in real browsers, through the extension and the served application."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from tests.browser.conftest import PageServer
from tests.browser.engines import Engine

pytestmark = pytest.mark.browser

SNAPSHOT = "document.documentElement.cloneNode(true).outerHTML"
WITHOUT_OURS = (
    "(() => { const copy = document.documentElement.cloneNode(true);"
    "copy.querySelectorAll(':scope > contextlib-news').forEach((e) => e.remove());"
    "return copy.outerHTML; })()"
)
HIGHLIGHTS = "[...CSS.highlights.keys()].filter((key) => key.startsWith('contextlib-news')).length"


def kinds(state: dict) -> list[str]:
    return [note["kind"] for note in state["answer"]["notes"]]


def all_accounted_for(state: dict) -> bool:
    with_quote = {n["id"] for n in state["answer"]["notes"] if n["target"].get("exact")}
    return with_quote == set(state["anchored"]) | set(state["missing"])


@pytest.mark.parametrize("path", ["/article.html", "/strict.html"])
def test_an_article_gets_its_notes(browser: Engine, pages: PageServer, path: str) -> None:
    browser.goto(pages.address + path)
    before = browser.evaluate(SNAPSHOT)
    assert browser.evaluate(HIGHLIGHTS) == 0
    state = browser.press_extension()
    assert state["status"] == "done", state
    assert {"claim", "disclaimer"} <= set(kinds(state))
    assert all_accounted_for(state)
    assert state["missing"] == []
    stances = {
        n["claim"]["id"]: n["stance"] for n in state["answer"]["notes"] if n["kind"] == "claim"
    }
    assert stances["starter-06"] == "refutes"
    assert stances["starter-26"] == "refutes"
    assert "starter-04" not in stances, "hidden text was read"
    assert browser.evaluate(HIGHLIGHTS) >= 2
    assert browser.evaluate(WITHOUT_OURS) == before, "the page's DOM was changed"
    assert browser.evaluate("document.querySelectorAll('contextlib-news').length") == 1


def test_the_highlight_holds_the_sentences_words(browser: Engine, pages: PageServer) -> None:
    browser.goto(pages.address + "/article.html")
    browser.press_extension()
    words = browser.evaluate(
        "[...CSS.highlights.get('contextlib-news-claim')].map((range) => range.toString())"
    )
    first = " ".join(words[0].split())
    assert first.startswith("On 20 January 2022 Islamic State fighters attacked the al-Sina’a")
    assert first.endswith("al-Hasakah.")


def test_nothing_is_asked_before_the_reader_asks(browser: Engine, pages: PageServer) -> None:
    browser.goto(pages.address + "/article.html")
    assert browser.tell_extension({"type": "state"}) is None
    assert browser.evaluate("document.querySelectorAll('contextlib-news').length") == 0


def test_a_page_on_another_subject_gets_no_claim_note(browser: Engine, pages: PageServer) -> None:
    browser.goto(pages.address + "/choir.html")
    state = browser.press_extension()
    assert state["status"] == "done"
    assert "claim" not in kinds(state)


def test_page_text_is_never_run(browser: Engine, pages: PageServer) -> None:
    browser.goto(pages.address + "/hostile.html")
    before = browser.evaluate("document.title")
    state = browser.press_extension()
    assert state["status"] == "done"
    assert "claim" in kinds(state)
    claim = next(n for n in state["answer"]["notes"] if n["kind"] == "claim")
    browser.tell_extension({"type": "show", "id": claim["id"]})
    assert browser.evaluate("document.title") == before


def test_notes_are_stepped_through_and_taken_away(browser: Engine, pages: PageServer) -> None:
    browser.goto(pages.address + "/article.html")
    browser.press_extension()
    browser.tell_extension({"type": "next"})
    assert browser.evaluate("CSS.highlights.has('contextlib-news-current')")
    browser.tell_extension({"type": "clear"})
    assert browser.evaluate(HIGHLIGHTS) == 0
    assert browser.evaluate("document.querySelectorAll('contextlib-news').length") == 0


def test_pressing_again_changes_nothing(browser: Engine, pages: PageServer) -> None:
    browser.goto(pages.address + "/dark.html")
    first = browser.press_extension()
    again = browser.press_extension()
    assert first["anchored"] == again["anchored"]
    assert browser.evaluate("document.querySelectorAll('contextlib-news').length") == 1


@pytest.mark.shared
def test_the_reference_article(
    browser: Engine, pages: PageServer, article: str, tmp_path: Path
) -> None:
    body = "".join(f"<p>{html.escape(line)}</p>" for line in article.split("\n") if line.strip())
    url = pages.add("/reference.html", f"<!doctype html><html lang=en><title>R</title>{body}")
    browser.goto(url)
    state = browser.press_extension()
    assert state["status"] == "done", state
    assert kinds(state).count("claim") >= 20
    assert kinds(state).count("disclaimer") == 6
    assert all_accounted_for(state)
    assert state["missing"] == []
    browser.screenshot(tmp_path / "reference.png")
    assert (tmp_path / "reference.png").stat().st_size > 10_000
