"""From page to card in both browsers: the extension, the real service, real pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.engine import Engine
from tests.browser.sites import Server, serve_answer
from tests.ports import free_port

pytestmark = pytest.mark.browser

HOST = "daily.example"
PAGE = "document.documentElement.outerHTML"
PAGE_WITHOUT_OVERLAY = (
    "(() => { const copy = document.documentElement.cloneNode(true); "
    "copy.querySelectorAll(':scope > contextlib-news').forEach((own) => own.remove()); "
    "return copy.outerHTML; })()"
)
OVERLAYS = "document.querySelectorAll('contextlib-news').length"
CARD = "root.querySelector('.card')?.matches(':popover-open') ?? false"
CARD_TEXT = "root.querySelector('.card').innerText"
STRIP_TEXT = "root.querySelector('.strip').innerText"
FOCUS = "root.activeElement?.getAttribute('aria-label') ?? ''"


def notes(state: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [note for note in state["answer"]["notes"] if note["kind"] == kind]


def squeezed(text: str) -> str:
    """The text as the overlay sends it: single spaces, no invisible characters."""
    return " ".join(text.replace("\xad", "").split(" ")).replace("\n", " ").strip()


def middle_of(browser: Engine, name: str) -> tuple[float, float]:
    """Return a point inside the first painted range of a kind, after scrolling it into view."""
    point = browser.evaluate(
        "(() => { let first = null; "
        f"CSS.highlights.get('contextlib-news-{name}').forEach((range) => first ??= range); "
        "first.startContainer.parentElement.scrollIntoView({ block: 'center' }); "
        "const box = first.getClientRects()[0]; "
        "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    return point[0], point[1]


def assert_accounted_for(state: dict[str, Any]) -> None:
    """Every note that quotes the page is anchored or listed as not found, never both."""
    quoting = {note["id"] for note in state["answer"]["notes"] if note["target"].get("exact")}
    assert quoting == set(state["anchored"]) | set(state["missing"])
    assert not set(state["anchored"]) & set(state["missing"])


def test_nothing_is_sent_before_the_reader_asks(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.move(200, 200)
    browser.click(300, 200)
    assert browser.tell("state") is None, "something runs in the page before it was asked for"
    assert browser.evaluate(OVERLAYS) == 0
    assert relay.requests == []
    assert {path for _, path in site.requests} <= {"/ordinary.html", "/favicon.ico"}


def test_one_press_sends_one_request_with_the_visible_text(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST) + "?q=1#part")
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert [path for method, path in relay.requests if method == "POST"] == ["/api/v1/annotate"]
    (sent,) = relay.bodies
    assert sent["url"] == site.url("/ordinary.html?q=1", HOST)
    texts = [block["text"] for block in sent["blocks"]]
    assert any("Islamic\xa0State detainees at the time of" in text for text in texts)
    everything = json.dumps(sent)
    assert "Tabqa" not in everything, "hidden text was sent"
    assert "half written" not in everything, "what the reader is writing was sent"
    assert "World" not in everything, "navigation was sent"
    assert {"href": "https://sources.example/count", "text": "about 5,000"}.items() <= sent[
        "links"
    ][0].items()
    # Nobody but the service heard of it.
    assert {path for _, path in site.requests} <= {
        "/ordinary.html?q=1",
        "/ordinary.html",
        "/favicon.ico",
    }


@pytest.mark.parametrize("page", ["ordinary.html", "strict.html", "demo.html", "rtl.html"])
def test_the_page_stays_as_it_was_but_for_one_element(
    browser: Engine, site: Server, page: str
) -> None:
    browser.goto(site.url(f"/{page}", HOST))
    before = browser.evaluate(PAGE)
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert_accounted_for(state)
    assert state["missing"] == []
    browser.tell("next")
    assert browser.overlay(CARD)
    assert browser.evaluate(OVERLAYS) == 1
    assert browser.evaluate(PAGE_WITHOUT_OVERLAY) == before
    assert browser.console_errors() == []


def test_the_painted_words_are_those_of_the_notes(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    painted = browser.highlights()
    assert {squeezed(text) for text in painted["contextlib-news-claim"]} == {
        squeezed(note["target"]["exact"]) for note in notes(state, "claim")
    }
    # The sentence runs over tags, a no-break space, a line end and a soft hyphen.
    (held,) = (text for text in painted["contextlib-news-claim"] if "5,000" in text)
    assert squeezed(held).startswith("The al-Sina’a prison held about 5,000")
    assert held.endswith("the attack.")
    by_claim = {note["claim"]["id"]: note for note in notes(state, "claim")}
    assert by_claim["starter-06"]["stance"] == "refutes"
    assert by_claim["starter-26"]["stance"] == "supports"


@pytest.mark.shared
@pytest.mark.usefixtures("article")
def test_the_reference_article(browser: Engine, site: Server, relay: Server) -> None:
    browser.goto(site.url("/reference.html", HOST))
    before = browser.evaluate(PAGE)
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert_accounted_for(state)
    assert state["missing"] == []
    assert len({note["claim"]["id"] for note in notes(state, "claim")}) >= 20
    assert len(notes(state, "disclaimer")) == 6
    painted = browser.highlights()
    for kind in ("claim", "disclaimer"):
        assert len(painted[f"contextlib-news-{kind}"]) == len(notes(state, kind))
    assert browser.evaluate(PAGE_WITHOUT_OVERLAY) == before
    assert browser.console_errors() == []
    assert len(relay.bodies) == 1
    for note in state["answer"]["notes"]:
        if exact := note["target"].get("exact"):
            assert any(exact in block["text"] for block in relay.bodies[0]["blocks"])


def test_a_click_on_a_sentence_opens_its_card(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    x, y = middle_of(browser, "claim")
    browser.click(x, y)
    browser.wait("the card", lambda: browser.overlay(CARD))
    first = min(notes(state, "claim"), key=lambda note: "5,000" not in note["target"]["exact"])
    shown = browser.overlay(CARD_TEXT)
    assert first["claim"]["text"] in shown
    assert first["title"] in shown
    assert first["claim"]["summary"]
    assert first["claim"]["summary"] in shown
    assert "contextlib-news-current" in browser.highlights()
    browser.click(5, 5)
    browser.wait("the card to go", lambda: not browser.overlay(CARD))
    assert "contextlib-news-current" not in browser.highlights()


def test_the_card_leaves_its_sentence_uncovered(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    for width, height in ((1280, 800), (360, 740)):
        browser.view(width, height)
        for note in notes(state, "claim")[::5]:
            browser.tell("show", id=note["id"])
            card = browser.overlay("root.querySelector('.card').getBoundingClientRect().toJSON()")
            lines = browser.evaluate(
                "(() => { const boxes = []; "
                "CSS.highlights.get('contextlib-news-current').forEach((range) => { "
                "for (const box of range.getClientRects()) boxes.push(box.toJSON()); }); "
                "return boxes; })()"
            )
            strip = browser.overlay("root.querySelector('.strip').getBoundingClientRect().toJSON()")
            first = lines[0]
            last = lines[-1] if width > 560 else first
            assert not strip["height"] or last["bottom"] <= strip["top"], "the strip covers it"
            assert card["left"] >= 0
            assert card["right"] <= width
            assert card["top"] >= 0
            assert card["bottom"] <= height
            for line in lines:
                apart = (
                    line["bottom"] <= card["top"]
                    or line["top"] >= card["bottom"]
                    or line["right"] <= card["left"]
                    or line["left"] >= card["right"]
                )
                assert apart, f"{width} px: the card covers {note['target']['exact']!r}"


def test_the_card_stays_by_its_words_when_the_page_is_scrolled(
    browser: Engine, site: Server
) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    browser.tell("show", id=notes(state, "claim")[8]["id"])
    words = (
        "(() => { let box = null; CSS.highlights.get('contextlib-news-current').forEach((range) => "
        "(box = range.getBoundingClientRect().toJSON())); return box; })()"
    )

    def distance() -> float:
        box = browser.evaluate(words)
        card = browser.overlay("root.querySelector('.card').getBoundingClientRect().toJSON()")
        return float(min(abs(card["top"] - box["bottom"]), abs(box["top"] - card["bottom"])))

    before, place = distance(), browser.evaluate(words)["top"]
    browser.evaluate("window.scrollBy({ top: 40, behavior: 'instant' })")
    assert browser.evaluate(words)["top"] == pytest.approx(place - 40, abs=1)
    browser.wait("the card to follow", lambda: abs(distance() - before) <= 2)


CARD_STYLE = "root.querySelector('.card').style.top"
CARD_BOX = "root.querySelector('.card').getBoundingClientRect().toJSON()"


def test_the_browser_itself_keeps_the_card_by_its_words(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    browser.tell("show", id=notes(state, "disclaimer")[0]["id"])
    # Nothing of ours is drawn any more: what moves from here on is moved without a script.
    browser.overlay("(globalThis.requestAnimationFrame = () => 0, 1)")
    before, scrolled = browser.overlay(f"[{CARD_BOX}.top, scrollY]")
    browser.evaluate("window.scrollBy({ top: -40, behavior: 'instant' })")

    def followed() -> bool:
        top, now = browser.overlay(f"[{CARD_BOX}.top, scrollY]")
        return bool(now != scrolled and abs((top - before) - (scrolled - now)) <= 1)

    browser.wait("the card to follow", followed)


def test_the_card_waits_in_the_window_when_its_words_leave_it(
    browser: Engine, site: Server
) -> None:
    browser.view(1280, 500)
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    browser.tell("show", id=notes(state, "claim")[0]["id"])
    browser.evaluate("window.scrollTo({ top: 1e6, behavior: 'instant' })")
    browser.wait("it to hold", lambda: "anchor" not in browser.overlay(CARD_STYLE))

    def inside() -> bool:
        card = browser.overlay(CARD_BOX)
        return bool(card["top"] >= 0 and card["bottom"] <= 500)

    browser.wait("the card to wait in the window", inside)


def test_a_resting_pointer_opens_the_card(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.annotate()
    x, y = middle_of(browser, "claim")
    browser.move(x - 3, y)
    browser.move(x, y)
    browser.wait("the card", lambda: browser.overlay(CARD))


def test_keys_alone_reach_every_note(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    for _ in range(15):
        if browser.overlay(FOCUS) == "Next note":
            break
        browser.press("Tab")
    assert browser.overlay(FOCUS) == "Next note"
    seen = set()
    for _ in state["anchored"]:
        browser.press("Enter")
        browser.wait("the card", lambda: browser.overlay(CARD))
        seen.add(browser.overlay(CARD_TEXT))
        browser.press("Escape")
        browser.wait("the card to go", lambda: not browser.overlay(CARD))
        assert browser.overlay(FOCUS) == "Next note", "the focus was lost"
    assert len(seen) >= 1
    assert browser.console_errors() == []


def test_pressing_again_changes_nothing(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/dark.html", HOST))
    first = browser.annotate()
    painted = browser.highlights()
    again = browser.annotate()
    assert again["anchored"] == first["anchored"]
    assert browser.highlights() == painted
    assert browser.evaluate(OVERLAYS) == 1


def test_what_an_earlier_run_left_behind_is_taken_away(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.evaluate(
        "void document.documentElement.append(document.createElement('contextlib-news'))"
    )
    assert browser.annotate()["status"] == "done"
    assert browser.evaluate(OVERLAYS) == 1
    assert browser.overlay("root.querySelector('.strip').matches(':popover-open')")


def test_notes_are_taken_away_without_a_trace(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    before = browser.evaluate(PAGE)
    browser.annotate()
    browser.tell("next")
    browser.tell("clear")
    assert browser.evaluate(PAGE) == before
    assert browser.highlights() == {}


def test_the_panel_lists_every_note_and_leads_to_it(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    with browser.panel() as panel:
        listed = panel("[...document.querySelectorAll('[data-note]')].map((e) => e.dataset.note)")
        assert set(listed) >= set(state["anchored"]) | set(state["missing"])
        wanted = state["anchored"][-1]
        panel(f"document.querySelector('[data-note=\"{wanted}\"]').click()")
        browser.wait("the card", lambda: browser.overlay(CARD))
        title = next(n["title"] for n in state["answer"]["notes"] if n["id"] == wanted)
        assert title in browser.overlay(CARD_TEXT)


def test_a_service_that_is_down_gives_one_calm_line(browser: Engine, site: Server) -> None:
    browser.use_service(f"http://127.0.0.1:{free_port()}")
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    assert state["status"] == "error"
    assert "cannot be reached" in state["error"]
    assert state["error"] in browser.overlay(STRIP_TEXT)
    assert browser.highlights() == {}
    assert not browser.overlay(CARD)


def test_the_reader_may_ask_again_once_it_is_up(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(f"http://127.0.0.1:{free_port()}")
    browser.goto(site.url("/ordinary.html", HOST))
    assert browser.annotate()["status"] == "error"
    browser.use_service(relay.url())
    state = browser.annotate()
    assert state["status"] == "done"
    assert "cannot be reached" not in browser.overlay(STRIP_TEXT)


@pytest.fixture
def broken_service(browser: Engine) -> Iterator[Any]:
    """Point the extension at a service that gives one answer to everything."""
    servers: list[Server] = []

    def start(content: bytes) -> None:
        servers.append(serve_answer(content))
        browser.use_service(servers[-1].url())

    yield start
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    "content",
    [
        b"<html>A captive portal</html>",
        b"",
        b"null",
        b"[]",
        b'{"notes": 7}',
        b'{"notes": {"length": 3}}',
        b'{"document": null}',
    ],
)
def test_an_answer_that_is_none_gives_one_calm_line(
    browser: Engine, site: Server, broken_service: Any, content: bytes
) -> None:
    broken_service(content)
    browser.goto(site.url("/strict.html", HOST))
    state = browser.annotate()
    assert state["status"] == "error"
    assert "cannot be read" in state["error"]
    assert state["error"] in browser.overlay(STRIP_TEXT)
    assert browser.highlights() == {}


def test_what_a_service_says_is_never_run(
    browser: Engine, site: Server, broken_service: Any
) -> None:
    evil = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    note = {
        "id": "n1",
        "kind": "claim",
        "target": {"exact": "The al-Sina’a prison held about 5,000", "block": "b1"},
        "title": evil,
        "text": evil,
        "claim": {
            "id": "c",
            "text": evil,
            "verdict": evil,
            "summary": evil,
            "language": evil,
            "url": "javascript:document.title='taken'",
        },
        "stance": evil,
        "score": "high",
        "shared": [[evil, evil], None, 3],
        "differences": [{"kind": evil, "page": evil, "claim": None}, 7],
        "reports": {
            "corroborating": [{"outlet": evil, "title": evil, "url": "javascript:alert(1)"}, None],
            "contradicting": "none",
        },
        "reviews": [{"publisher": evil, "rating": evil, "url": "data:text/html,x"}],
        "provenance": None,
    }
    odd = [
        {"id": "n2", "kind": "claim", "target": {"exact": "no such words"}},
        {"id": "n3", "kind": "unheard-of", "target": None},
        {"id": "n4", "kind": "disclaimer", "target": {"exact": 5, "block": []}},
        {"id": 5, "kind": "claim"},
        None,
        "note",
    ]
    answer = {"document": {}, "outlet": {"name": evil, "ratings": [None]}, "notes": [note, *odd]}
    broken_service(json.dumps(answer).encode())
    browser.goto(site.url("/strict.html", HOST))
    title = browser.evaluate("document.title")
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert state["anchored"] == ["n1"]
    for number in ("n1", "n2", "n3", "n4"):
        browser.tell("show", id=number)
    browser.tell("show", id="n1")
    assert evil in browser.overlay(CARD_TEXT)
    addresses = browser.overlay("[...root.querySelectorAll('a')].map((a) => a.protocol)")
    assert set(addresses) <= {"http:", "https:"}
    assert browser.overlay("root.querySelectorAll('img, script').length") == 0
    assert browser.evaluate("document.title") == title


def test_a_page_that_attacks_the_overlay_gets_nowhere(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/injection.html", HOST))
    title = browser.evaluate("document.title")
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert "starter-06" in {note["claim"]["id"] for note in notes(state, "claim")}
    browser.tell("next")
    assert browser.evaluate("document.title") == title
    assert "onerror" in browser.overlay(CARD_TEXT)
    assert browser.overlay("root.querySelectorAll('img, script').length") == 0
    shown = browser.overlay("root.querySelector('.card').getBoundingClientRect().height")
    assert shown > 100, "the page's own style took the card away"


def test_a_page_on_another_subject_gets_no_claim_note(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/other.html", HOST))
    state = browser.annotate()
    assert state["status"] == "done"
    assert notes(state, "claim") == []
    assert state["answer"]["document"]["checkworthy"] >= 3, "a page of statements was not read"


def test_a_page_without_text_says_so(browser: Engine, site: Server, relay: Server) -> None:
    browser.goto(site.url("/empty.html", HOST))
    state = browser.annotate()
    assert state["status"] == "error"
    assert state["error"] in browser.overlay(STRIP_TEXT)
    assert relay.bodies == []


def test_a_wall_of_consent_does_not_hide_the_list(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/dialog.html", HOST))
    state = browser.annotate()
    assert state["status"] == "done"
    with browser.panel() as panel:
        assert panel("document.querySelectorAll('[data-note]').length") == len(
            state["answer"]["notes"]
        )
    browser.evaluate("document.getElementById('agree').click()")
    browser.click(*middle_of(browser, "claim"))
    browser.wait("the card", lambda: browser.overlay(CARD))


def test_notes_follow_a_page_that_draws_itself_anew(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/rerender.html", HOST))
    state = browser.annotate()
    painted = browser.highlights()["contextlib-news-claim"]
    assert len(painted) == len(notes(state, "claim")) >= 1
    browser.evaluate("again()")
    browser.wait(
        "the same words to be painted",
        lambda: browser.highlights().get("contextlib-news-claim") == painted,
    )
    assert browser.state()["missing"] == []
    assert len(relay.bodies) == 1, "drawing anew is no asking"


def test_the_notes_of_a_page_do_not_stay_on_the_next_one(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/rerender.html", HOST))
    browser.annotate()
    browser.tell("next")
    browser.evaluate("leave()")
    browser.wait("the highlights to go", lambda: not any(browser.highlights().values()))
    browser.wait("the overlay to go", lambda: browser.evaluate(OVERLAYS) == 0)
    assert len(relay.bodies) == 1, "the next page was sent without being asked for"
