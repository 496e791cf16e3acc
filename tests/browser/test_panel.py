"""The extension's own pages: panel, settings, first page, and what is known about a selection."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.browser.engine import Engine
from tests.browser.made import HELD, STAGED
from tests.browser.sites import Server
from tests.browser.test_late_ratings import RATED
from tests.browser.test_page_to_card import CARD, CARD_TEXT, HOST, STRIP_TEXT, notes
from tests.ports import free_port

pytestmark = pytest.mark.browser

LISTED = "[...document.querySelectorAll('[data-note]')].map((row) => row.dataset.note)"
SAVE = "document.querySelector('button[type=submit]').click()"
RECONCILE = "chrome.runtime.sendMessage({type: 'reconcile'})"
STATUS = "document.getElementById('status').textContent"


def shown(text: str) -> str:
    return f"document.getElementById({json.dumps(text)})"


def test_kinds_are_filtered_in_the_panel(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    with browser.panel() as panel:
        everything = panel(LISTED)
        panel("document.querySelector('#filters button').click()")
        left = panel(LISTED)
        gone = {note["id"] for note in notes(state, "claim")}
        assert gone
        assert set(everything) - set(left) == gone
        assert panel("document.activeElement.getAttribute('aria-pressed')") == "false"
        panel("document.querySelector('#filters button').click()")
        assert panel(LISTED) == everything


def test_the_panel_works_alone_under_a_wall_of_consent(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/dialog.html", HOST))
    state = browser.annotate()
    (note, *_) = notes(state, "claim")
    with browser.panel("side") as panel:
        # The list may be drawn once more while it is read.
        opened = (
            "(() => { const note = document.querySelector('.note details');"
            " if (!note.open) note.querySelector('summary').click(); return note.innerText; })()"
        )
        browser.wait("the claim", lambda: note["claim"]["text"] in panel(opened))
        assert not panel(f"{shown('facts')}.hidden")


def test_keys_move_through_the_list(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    browser.annotate()
    press = (
        "document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', {key: '%s', bubbles: true}))"
    )
    with browser.panel() as panel:
        rows = panel(LISTED)
        panel("document.querySelector('[data-note]').focus()")
        panel(press % "ArrowDown")
        assert panel("document.activeElement.dataset.note") == rows[1]
        panel(press % "ArrowUp")
        panel(press % "ArrowUp")
        assert panel("document.activeElement.dataset.note") == rows[-1]
        panel(f"{shown('next')}.click()")
        browser.wait("the card", lambda: browser.overlay(CARD))


def test_all_notes_are_exported_and_printed(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    catch = (
        "(() => { window.saved = []; URL.createObjectURL = (blob) => { blob.text()"
        ".then((text) => window.saved.push(text)); return 'data:,'; }; })()"
    )
    with browser.panel() as panel:
        panel(catch)
        panel(f"({shown('export-json')}.click(), {shown('export-text')}.click())")
        panel.wait("both", "window.saved.length === 2")
        first, second = sorted(panel("window.saved"), key=lambda text: not text.startswith("{"))
        assert [note["id"] for note in json.loads(first)["notes"]] == [
            note["id"] for note in state["listed"]
        ]
        assert all(note["title"] in second for note in state["listed"])
    with browser.panel("print") as panel:
        assert panel("[...document.querySelectorAll('details')].every((part) => part.open)")
        assert panel(LISTED)


def test_a_note_is_hidden_and_shown_again(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    note = state["anchored"][0]
    browser.tell("show", id=note)
    button = "[...root.querySelectorAll('.act')].find((b) => b.textContent === 'Hide this note')"
    browser.overlay(f"{button}.click()")
    browser.wait("it to go", lambda: note not in browser.state()["anchored"])
    assert browser.annotate()["hidden"] == 1
    with browser.own_page("options/options.html") as page:
        assert "1" in page(f"{shown('hidden')}.textContent")
        page(f"{shown('unhide')}.click()")
        page.wait("it to be shown", f"{shown('unhide')}.hidden")
    browser.goto(site.url("/ordinary.html", HOST))
    assert note in browser.annotate()["anchored"]


def test_a_site_is_left_alone_from_now_on(browser: Engine, site: Server, relay: Server) -> None:
    browser.use_service(relay.url(), mode="everywhere")
    browser.goto(site.url("/ordinary.html", HOST))
    browser.annotate()
    browser.tell("next")
    button = "[...root.querySelectorAll('.act')].find((b) => b.textContent.includes('this site'))"
    browser.overlay(f"{button}.click()")
    browser.wait("the notes to go", lambda: browser.highlights() == {})
    held = browser.control("chrome.storage.local.get('settings').then((all) => all.settings.never)")
    assert HOST in held


def test_a_dispute_reaches_the_service(browser: Engine, site: Server, relay: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    (note, *_) = notes(state, "claim")
    browser.tell("show", id=note["id"])
    browser.overlay(
        "(root.getElementById('reason').value = 'It is another prison.', "
        "root.querySelector('form').requestSubmit(), 1)"
    )
    browser.wait("the answer", lambda: "Sent." in browser.overlay(CARD_TEXT))
    sent = relay.bodies[-1]
    assert sent["note_id"] == note["id"]
    assert sent["claim_id"] == note["claim"]["id"]
    assert sent["exact"] == note["target"]["exact"]
    assert sent["reason"] == "It is another prison."
    assert sent["url"] == site.url("/ordinary.html", HOST)


def test_a_card_shows_shared_and_differing_words_and_the_raters_of_reports(
    browser: Engine, site: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    note = next(n for n in notes(state, "claim") if n["differences"])
    browser.tell("show", id=note["id"])
    assert browser.overlay("root.querySelectorAll('dd mark.shared').length") > 0
    marked = browser.overlay(
        "[...root.querySelectorAll('dd strong.differs')].map((part) => part.textContent)"
    )
    assert marked
    said = {d[side].lower() for d in note["differences"] for side in ("page", "claim")}
    assert all(any(text.lower() in words for words in said) for text in marked)
    browser.wait("the ratings", lambda: browser.overlay(RATED))
    text = browser.overlay("contextlibNews.copy.asText(contextlibNews.controller.state.listed[0], "
                           "contextlibNews.labels.make(null))")  # fmt: skip
    assert site.url("/ordinary.html", HOST) in text
    assert state["listed"][0]["title"] in text


def test_a_note_is_copied_with_its_source(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    note = browser.annotate()["anchored"][0]
    browser.tell("show", id=note)
    browser.overlay(
        "(addEventListener('copy', () => { const field = root.querySelector('textarea.live'); "
        "globalThis.copied = field.value.slice(field.selectionStart, field.selectionEnd); }), 1)"
    )
    x, y = browser.overlay(
        "(() => { const button = root.querySelector('.acts .act'); button.scrollIntoView("
        "{ block: 'center' }); const box = button.getBoundingClientRect(); "
        "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    browser.click(x, y)
    browser.wait("the words", lambda: "Copied." in browser.overlay(CARD_TEXT))
    copied = browser.overlay("globalThis.copied")
    (shown,) = [one for one in browser.state()["listed"] if one["id"] == note]
    assert shown["title"] in copied
    assert shown["target"]["exact"] in copied
    assert site.url("/ordinary.html", HOST) in copied
    assert shown["claim"]["url"] in copied


@pytest.mark.parametrize("density", ["all", "important", "none"])
def test_density(browser: Engine, site: Server, relay: Server, density: str) -> None:
    browser.use_service(relay.url(), density=density)
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    painted = sum(len(texts) for texts in browser.highlights().values())
    assert len(state["listed"]) > 10
    if density == "all":
        assert painted == len(state["anchored"])
        return
    assert (painted == 0) is (density == "none")
    assert painted < len(state["anchored"])
    browser.overlay(
        "(root.querySelector('details').open = true, root.querySelector('.strip .act').click(), 1)"
    )
    browser.wait("all of them", lambda: sum(map(len, browser.highlights().values())) > painted)


def test_kinds_that_a_reader_does_not_want(browser: Engine, site: Server, relay: Server) -> None:
    browser.use_service(relay.url(), kinds={"claim": False})
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    assert state["listed"]
    assert "claim" not in {note["kind"] for note in state["listed"]}


def test_the_settings_are_kept_tested_exported_and_imported(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(f"http://127.0.0.1:{free_port()}")
    with browser.own_page("options/options.html") as page:
        act = "document.querySelector('.service [data-act=test]').click()"
        said = "document.querySelector('.service [role=status]').textContent"
        page(act)
        page.wait("the trouble", f"{said}.includes('cannot be reached')")
        page(f"document.querySelector('[data-field=address]').value = {json.dumps(relay.url())}")
        page(act)
        page.wait("the answer", f"{said}.includes('The service answers')")
        page(f"({shown('mode-sites')}.checked = true, {shown('sites')}.value = 'not a host!', 1)")
        page(SAVE)
        page.wait("the fault", f"{STATUS}.includes('This is no host')")
        page(f"({shown('sites')}.value = 'https://Daily.Example/a\\nb.example', 1)")
        page(f"({shown('density')}.value = 'important', {shown('theme')}.value = 'dark', 1)")
        page(SAVE)
        page.wait("it to be saved", f"{STATUS}.includes('Saved.')")
    kept = browser.control("chrome.storage.local.get('settings').then((all) => all.settings)")
    assert kept["sites"] == ["daily.example", "b.example"]
    assert kept["services"][0]["address"] == relay.url()
    assert kept["density"] == "important"
    with browser.own_page("options/options.html") as page:
        assert page(f"{shown('sites')}.value") == "daily.example\nb.example"
        assert page("document.documentElement.dataset.theme") == "dark"
        give = (
            "(() => { const data = new DataTransfer(); data.items.add(new File([%s], 'a.json')); "
            "const field = document.getElementById('import'); field.files = data.files; "
            "field.dispatchEvent(new Event('change')); })()"
        )
        page(give % json.dumps("no settings"))
        page.wait("the fault", f"{shown('import-status')}.textContent.includes('nothing was')")
        page(give % json.dumps(json.dumps({"settings": {"mode": "click", "theme": "light"}})))
        page.wait("it", f"{shown('import-status')}.textContent.includes('were imported')")
        assert page(f"{shown('mode-click')}.checked")


@pytest.mark.parametrize(("language", "words"), [("de", "Behauptung"), ("ar", "ادعاء")])
def test_the_words_are_in_the_language_of_the_reader(
    browser: Engine, site: Server, relay: Server, language: str, words: str
) -> None:
    browser.use_service(relay.url(), language=language)
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    assert relay.bodies[0]["reader_language"] == language
    browser.tell("show", id=notes(state, "claim")[0]["id"])
    assert words in browser.overlay("root.querySelector('.card .kind').textContent")
    direction = "rtl" if language == "ar" else "ltr"
    assert browser.overlay("getComputedStyle(root.querySelector('.card')).direction") == direction
    with browser.panel() as panel:
        assert panel("document.documentElement.dir") == direction
        assert panel("[...document.querySelectorAll('[data-label]')].every((e) => e.textContent)")


def test_the_first_page_finds_the_service_or_says_what_to_do(
    browser: Engine, relay: Server
) -> None:
    with browser.own_page("welcome/welcome.html") as page:
        assert relay.url() in page(f"{shown('found')}.textContent")
        assert page(f"{shown('none')}.hidden")
    browser.use_service(f"http://127.0.0.1:{free_port()}")
    with browser.own_page("welcome/welcome.html") as page:
        assert "cannot be reached" in page(f"{shown('found')}.textContent")
        assert "make run" in page(f"{shown('none')}.textContent")
        page(f"({shown('address')}.value = {json.dumps(relay.url())}, 1)")
        page(SAVE)
        page.wait("it", f"{shown('found')}.textContent.includes({json.dumps(relay.url())})")
        assert page(f"{shown('none')}.hidden")


def test_what_is_known_about_selected_words(browser: Engine, site: Server, relay: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    browser.evaluate("getSelection().selectAllChildren(document.getElementById('staged'))")
    browser.annotate()
    browser.tell("select", text=STAGED)
    browser.wait("the claims", lambda: browser.overlay("root.querySelectorAll('.found li').length"))
    text = browser.overlay(CARD_TEXT)
    assert STAGED in text
    assert "below the threshold" in text
    assert browser.overlay("root.querySelector('.found li').className") == ""
    assert browser.overlay("root.querySelectorAll('.found li.below').length") >= 1
    browser.use_service(relay.url(), local=True)
    relay.requests.clear()
    browser.tell("select", text=HELD)
    browser.wait("the line", lambda: "Local mode" in browser.overlay(CARD_TEXT))
    assert relay.requests == []


def test_what_is_known_about_words_in_a_page_that_no_extension_may_read(browser: Engine) -> None:
    browser.control(f"chrome.storage.session.set({{selected: {json.dumps(STAGED)}}})")
    with browser.own_page("panel/selection.html") as page:
        assert page("document.querySelectorAll('.found li').length") >= 1
        assert STAGED in page("document.body.innerText")


@pytest.fixture
def labels(browser: Engine, relay: Server) -> Iterator[None]:
    """Links are labelled everywhere, as long as the test runs."""
    browser.use_service(relay.url(), labels="everywhere")
    browser.control(RECONCILE)
    yield
    browser.use_service(relay.url())
    browser.control(RECONCILE)


@pytest.mark.usefixtures("labels")
def test_six_hundred_links_are_labelled_from_the_list_in_the_browser(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/links.html", HOST))
    before = browser.evaluate("document.body.outerHTML")
    count = "root ? root.querySelectorAll('.mark').length : 0"
    browser.wait("the labels", lambda: browser.overlay(count) >= 400)
    labels = browser.overlay("[...root.querySelectorAll('.mark')].map((m) => m.textContent)")
    assert "generally reliable" in labels
    boxes = browser.overlay(
        "(() => { const mark = root.querySelector('.mark').getBoundingClientRect(); const link = "
        "document.links[0].getBoundingClientRect(); "
        "return [mark.x - link.right, mark.y - link.y]; })()"
    )
    assert all(abs(distance) < 20 for distance in boxes)
    assert browser.evaluate("document.body.outerHTML") == before
    assert relay.requests == []
    assert browser.evaluate("performance.getEntriesByName('contextlib-news:links').length") >= 1


MORE_LINKS = """(() => { const more = document.createDocumentFragment();
for (let i = 0; i < 5000; i++) { const line = document.createElement('li');
  const link = document.createElement('a'); link.href = 'https://www.reuters.com/more/' + i;
  link.textContent = 'One more, number ' + i; line.append(link); more.append(line); }
document.getElementById('results').append(more); })()"""
# How far from the end of the last link the label nearest to it stands.
NEAREST = """(() => {
const link = [...document.links].at(-1).getBoundingClientRect();
return Math.min(...[...root.querySelectorAll('.mark:not([hidden])')].map((mark) => {
  const box = mark.getBoundingClientRect();
  return Math.hypot(box.x - link.right, box.y - link.y); })); })()"""
LOOKS = "performance.getEntriesByName('contextlib-news:links-in-view').length"


@pytest.mark.usefixtures("labels")
def test_links_behind_the_first_are_labelled_while_they_are_in_view(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/links.html", HOST))
    count = "root ? root.querySelectorAll('.mark').length : 0"
    browser.wait("the first", lambda: browser.overlay(count) >= 400)
    first = browser.overlay(count)
    browser.evaluate(MORE_LINKS)
    browser.wait("a look at the others", lambda: browser.evaluate(LOOKS))
    assert browser.overlay(count) == first
    before = browser.evaluate("document.body.outerHTML")
    browser.evaluate("scrollTo(0, document.body.scrollHeight)")
    browser.wait("the label of the last", lambda: browser.overlay(NEAREST) < 20)
    assert first < browser.overlay(count) < first + 200
    browser.evaluate("scrollTo(0, 0)")
    browser.wait("the first alone", lambda: browser.overlay(count) == first)
    assert browser.evaluate("document.body.outerHTML") == before
    assert relay.requests == []


@pytest.mark.usefixtures("labels")
def test_links_of_search_engines_and_networks_are_labelled_by_where_they_lead(
    browser: Engine, site: Server
) -> None:
    browser.goto(site.url("/search.html", HOST))
    names = "(root ? [...root.querySelectorAll('.mark')].map((m) => m.title.split('\\n')[0]) : [])"
    browser.wait("the labels", lambda: len(browser.overlay(names)) == 4)
    labelled = browser.overlay(names)
    assert labelled[0] == "Reuters"
    assert labelled[1] == labelled[3] != labelled[2]
    browser.evaluate("post()")
    browser.wait("the new one", lambda: len(browser.overlay(names)) == 5)
    assert browser.overlay(names)[4] == "Reuters"
    assert not [one for one in browser.asked() if "reuters" in one.host]


def test_a_reader_who_comes_back_sees_the_strip_in_one_line(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/demo.html", HOST))
    state = browser.annotate()
    line = browser.overlay("root.querySelector('.line').textContent")
    assert "the rest was not checked" in line
    assert f"claims: {len(notes(state, 'claim'))}" in line
    live = browser.overlay("root.querySelector('[role=status]').textContent")
    assert live == f"{len(state['listed'])} notes"
    assert browser.overlay(STRIP_TEXT)
