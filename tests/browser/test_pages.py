"""Pages that break overlays: each note on its exact words or listed, the page left as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.engine import Engine
from tests.browser.made import FILLER, HELD, STAGED
from tests.browser.sites import Server, serve_answer
from tests.browser.test_page_to_card import (
    HOST,
    OVERLAYS,
    PAGE,
    PAGE_WITHOUT_OVERLAY,
    assert_accounted_for,
    notes,
    squeezed,
)

pytestmark = pytest.mark.browser

# What each page must be anchored on; frames and shadow roots hold theirs in their own documents.
STILL = {
    "ordinary.html": 2,
    "strict.html": 1,
    "rtl.html": 1,
    "dark.html": 1,
    "lines.html": 3,
    "roles.html": 2,
    "hidden.html": 2,
    "cjk.html": 1,
    "vertical.html": 1,
    "print.html": 1,
    "scroller.html": 2,
    "transform.html": 2,
    "editor.html": 1,
    "login.html": 1,
    "quirks.html": 2,
    "gallery.html": 1,
    "injection.html": 1,
    "rerender.html": 1,
    "dialog.html": 1,
    "other.html": 0,
    "plain.txt": 2,
    "page.xhtml": 1,
    "react.html": 1,
    "vue.html": 1,
    "svelte.html": 1,
    "shadow.html": 2,
    "frames.html": 2,
    "live.html": 1,
    "links.html": 0,
    "ours.html": 2,
    "form.html": 2,
}

# All painted texts, in frames of the same origin and whatever the ground, without the marked one.
PAINTED = """(() => { const found = {};
const views = [window, ...[...document.querySelectorAll('iframe')].flatMap((frame) => {
  try { return frame.contentDocument ? [frame.contentWindow] : []; } catch { return []; } })];
for (const view of views) view.CSS.highlights.forEach((highlight, name) => {
  const kind = name.replace('contextlib-news-', '').replace('-on-dark', '');
  if (kind !== 'current') highlight.forEach((range) => (found[kind] ??= []).push(String(range)));
}); return found; })()"""
# A page may have made Array.prototype its own: no method of it is used here but filter.
MEASURES = (
    "performance.getEntriesByType('measure')"
    ".filter((m) => m.name.startsWith('contextlib-news')).length"
)
READS = "performance.getEntriesByName('contextlib-news:read').length"
ELEMENTS = "document.querySelectorAll('*').length"
# Where a page holds an element of our name itself, only the one that was added is ours.
OWN = "document.documentElement.querySelectorAll(':scope > contextlib-news').length"


def flat(text: str) -> str:
    """The text without its spaces, and without the reading that stands above a word."""
    return squeezed(
        text.replace("prisonjail", "prison")
        .replace("\u200b", "")
        .replace("\xa0", " ")
        .replace("\n", " ")
        .replace("\t", "")
    ).replace(" ", "")


def open_page(browser: Engine, site: Server, page: str) -> None:
    if reason := site.missing.get(page):
        pytest.skip(reason)
    browser.goto(site.url(f"/{page}", HOST))
    browser.wait("its script", lambda: browser.evaluate("document.body.innerText.length > 10"))


@pytest.mark.parametrize("page", sorted(STILL))
def test_notes_stand_on_their_words_and_the_page_stays(
    browser: Engine, site: Server, page: str
) -> None:
    open_page(browser, site, page)
    before = browser.evaluate(PAGE)
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert_accounted_for(state)
    assert state["missing"] == []
    painted = browser.evaluate(PAINTED)
    for kind in ("claim", "disclaimer", "figure", "quotation", "citation"):
        wanted = [
            flat(n["target"]["exact"]) for n in notes(state, kind) if n["target"].get("exact")
        ]
        assert sorted(flat(text) for text in painted.get(kind, [])) == sorted(wanted), kind
    assert len({n["target"]["exact"] for n in notes(state, "claim")}) == STILL[page]
    browser.tell("next")
    assert browser.evaluate(OWN) == 1
    assert browser.evaluate(PAGE_WITHOUT_OVERLAY) == before
    assert browser.console_errors() == []
    assert browser.evaluate(MEASURES)
    browser.tell("clear")
    assert browser.evaluate(PAGE) == before
    assert browser.evaluate(PAINTED) == {}


def test_what_is_not_drawn_is_not_sent(browser: Engine, site: Server, relay: Server) -> None:
    for page in ("hidden.html", "shadow.html", "editor.html", "gallery.html", "frames.html"):
        open_page(browser, site, page)
        relay.bodies.clear()
        assert browser.annotate()["status"] == "done"
        sent = json.dumps(relay.bodies, ensure_ascii=False)
        for words in ("Words not drawn", "Words in a", "Words being written", "Words of another"):
            assert words not in sent, page


def test_the_roles_of_blocks(browser: Engine, site: Server, relay: Server) -> None:
    open_page(browser, site, "roles.html")
    browser.annotate()
    roles = {block["text"]: block["role"] for block in relay.bodies[0]["blocks"]}
    assert roles["A night at the prison"] == "heading"
    assert roles[HELD] == "paragraph"
    assert roles[STAGED] == "list"
    assert roles["The river was low that year."] == "quote"
    assert roles["The dam seen from the north."] == "caption"
    assert roles["Harvests"] == "caption"
    assert roles["A heading by its role"] == "heading"
    assert roles["More from the author"] == "other"
    assert next(r for t, r in roles.items() if t.startswith("The views")) == "footer"
    assert not any("enu" in text or "A reader wrote" in text for text in roles)


def test_lines_go_on_over_breaks_and_end_at_empty_ones(
    browser: Engine, site: Server, relay: Server
) -> None:
    open_page(browser, site, "lines.html")
    browser.annotate()
    texts = [block["text"].strip() for block in relay.bodies[0]["blocks"]]
    assert "Lines and tags" in texts
    assert any("about 5,000 Islamic State detainees at the time of the attack." in t for t in texts)
    assert "By Somebody Else" in texts
    assert "4 February 2022" in texts
    assert "the harvest of cotton." in texts
    assert any("the prison break" in text.replace("\xa0", " ") for text in texts)


def test_shadow_roots_are_read_in_the_order_in_which_they_are_drawn(
    browser: Engine, site: Server, relay: Server
) -> None:
    open_page(browser, site, "shadow.html")
    browser.annotate()
    texts = [block["text"].strip() for block in relay.bodies[0]["blocks"]]
    assert texts[:4] == [
        "A story in a shadow",
        HELD,
        STAGED,
        "The town is known for its river and its cotton.",
    ]


def test_a_note_in_a_frame_opens_beside_its_words(browser: Engine, site: Server) -> None:
    open_page(browser, site, "frames.html")
    state = browser.annotate()
    note = next(n for n in notes(state, "claim") if n["target"]["exact"] == STAGED)
    browser.tell("show", id=note["id"])
    card = browser.overlay("root.querySelector('.card').getBoundingClientRect().toJSON()")
    frame = browser.evaluate("document.querySelector('iframe').getBoundingClientRect().toJSON()")
    assert card["top"] >= frame["top"], "the card stands above the frame that holds its words"
    browser.press("Escape")
    words = browser.evaluate(
        "(() => { const frame = document.querySelector('iframe'); const inner = "
        "frame.contentDocument.getElementById('staged').getBoundingClientRect(); const box = "
        "frame.getBoundingClientRect(); return [box.x + frame.clientLeft + inner.x + 30, "
        "box.y + frame.clientTop + inner.y + 8]; })()"
    )
    browser.click(*words)
    browser.wait(
        "the card",
        lambda: browser.overlay("root.querySelector('.card').matches(':popover-open')"),
    )


@pytest.mark.parametrize("page", ["feed.xml", "picture.svg", "paper.pdf"])
def test_what_is_no_page_gets_one_calm_line(
    browser: Engine, site: Server, relay: Server, page: str
) -> None:
    if page.endswith("pdf") and browser.name == "firefox":
        pytest.skip("Firefox shows a PDF in a page of its own, which no extension may read")
    browser.goto(site.url(f"/{page}", HOST))
    state = browser.annotate()
    assert state["status"] == "error"
    assert "let extensions read this page" in state["error"]
    assert relay.bodies == []


def test_a_page_of_two_megabytes_is_read_in_slices(
    browser: Engine, site: Server, relay: Server
) -> None:
    open_page(browser, site, "huge.html")
    before = browser.evaluate(ELEMENTS)
    # Only the reading is tested here: a real service takes some seconds for each part.
    browser.use_service(relay.url(), local=True)
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert relay.bodies == []
    assert browser.evaluate(ELEMENTS) == before + 1
    assert browser.evaluate(READS) > 1, "it was read in one go"


def test_the_notes_of_every_part_of_a_long_page_are_painted_once(
    browser: Engine, site: Server
) -> None:
    quotes = [HELD, *(f"{n:05d}. {FILLER.strip()}" for n in range(0, 2500, 100)), STAGED]
    found = [
        {"id": f"n{n}", "kind": "claim", "title": "A", "text": "B", "target": {"exact": quote}}
        for n, quote in enumerate(quotes)
    ]
    service = serve_answer(json.dumps({"document": {}, "outlet": None, "notes": found}).encode())
    browser.use_service(service.url())
    open_page(browser, site, "huge.html")
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert len(service.requests) > 3, "it was sent in one part"
    service.close()
    assert browser.evaluate(PAINTED) == {"claim": quotes}
    assert state["anchored"] == [note["id"] for note in found]


def test_a_page_that_never_rests(browser: Engine, site: Server, relay: Server) -> None:
    open_page(browser, site, "busy.html")
    before = browser.evaluate(ELEMENTS)
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    painted = browser.evaluate(PAINTED)
    assert flat(painted["claim"][0]) == flat(HELD)
    browser.evaluate("new Promise((resolve) => setTimeout(resolve, 2500))")
    assert browser.evaluate(PAINTED) == painted
    assert browser.evaluate(ELEMENTS) == before + 1
    assert len(relay.bodies) <= 3, "each change was sent again"


def test_a_page_that_takes_the_overlay_away(browser: Engine, site: Server) -> None:
    open_page(browser, site, "deletes.html")
    state = browser.annotate()
    assert state["status"] == "done"
    browser.wait("the overlay", lambda: browser.evaluate(OVERLAYS) == 1)
    browser.wait("the page to give up", lambda: browser.evaluate("window.deleted") >= 3)
    browser.wait("the overlay", lambda: browser.evaluate(OVERLAYS) == 1)
    assert HELD in browser.evaluate(PAINTED)["claim"]


def test_a_page_that_clears_highlights_does_not_break_anything(
    browser: Engine, site: Server
) -> None:
    open_page(browser, site, "clears.html")
    state = browser.annotate()
    browser.wait("the clearing", lambda: browser.evaluate("window.cleared ?? 0") >= 3)
    browser.tell("next")
    assert browser.overlay("root.querySelector('.card').matches(':popover-open')")
    assert browser.annotate()["anchored"] == state["anchored"]
    assert HELD in browser.evaluate(PAINTED)["claim"]


@pytest.mark.parametrize("page", ["react.html", "vue.html", "svelte.html"])
def test_frameworks_that_draw_anew_and_grow(
    browser: Engine, site: Server, relay: Server, page: str
) -> None:
    open_page(browser, site, page)
    browser.annotate()
    painted = browser.evaluate(PAINTED)
    assert [flat(text) for text in painted["claim"]] == [flat(HELD)]
    browser.evaluate("again()")
    browser.wait("the same words", lambda: browser.evaluate(PAINTED) == painted)
    browser.evaluate("grow()")
    browser.wait("the new words", lambda: len(set(browser.evaluate(PAINTED).get("claim", []))) == 2)
    texts = [[block["text"] for block in sent["blocks"]] for sent in relay.bodies]
    assert texts[-1][-1] == STAGED
    assert HELD not in texts[-1], "what was sent before was sent again"
    assert browser.console_errors() == []


def test_an_endless_page_sends_only_what_is_new(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(relay.url())
    open_page(browser, site, "endless.html")
    browser.annotate()
    first: Any = relay.bodies[0]
    assert STAGED not in json.dumps(first, ensure_ascii=False)
    browser.evaluate("window.scrollTo(0, 1e6)")
    browser.wait("the new words", lambda: len(set(browser.evaluate(PAINTED).get("claim", []))) == 2)
    later = [block["text"] for sent in relay.bodies[1:] for block in sent["blocks"]]
    assert STAGED in later
    assert not set(later) & {block["text"] for block in first["blocks"]}


def test_text_that_comes_is_not_sent_where_the_reader_does_not_want_it(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(relay.url(), follow=False)
    open_page(browser, site, "live.html")
    browser.annotate()
    browser.evaluate(f"post({json.dumps(STAGED)})")
    browser.evaluate("new Promise((resolve) => setTimeout(resolve, 800))")
    assert len(relay.bodies) == 1


def test_a_sentence_that_was_edited_is_listed_as_not_found(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(relay.url(), follow=False)
    open_page(browser, site, "live.html")
    state = browser.annotate()
    (note,) = notes(state, "claim")
    browser.evaluate("document.querySelector('#feed p').firstChild.data = 'Nothing of it is left.'")
    browser.wait("it to be listed", lambda: browser.state()["missing"] == [note["id"]])
    assert browser.evaluate(PAINTED).get("claim", []) == []
    assert "Not found in the page" in browser.overlay(
        "(root.querySelector('details').open = true, root.querySelector('.strip').innerText)"
    )
