"""What is sent, when, and to whom: modes, private pages, local mode, and the page that shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.engine import Engine
from tests.browser.made import HELD
from tests.browser.sites import Server
from tests.browser.test_page_to_card import CARD_TEXT, HOST, OVERLAYS, STRIP_TEXT, notes

pytestmark = pytest.mark.browser

PAUSE = "new Promise((resolve) => setTimeout(resolve, 700))"


def allow(browser: Engine, relay: Server, **settings: Any) -> None:
    """Set the settings and wait until the page scripts are registered for them."""
    browser.use_service(relay.url(), **settings)
    browser.control("chrome.runtime.sendMessage({type: 'reconcile'})")


@pytest.fixture(autouse=True)
def _back_to_clicks(browser: Engine, relay: Server) -> Any:
    yield
    allow(browser, relay)


def test_on_a_chosen_site_the_notes_come_by_themselves(
    browser: Engine, site: Server, relay: Server
) -> None:
    allow(browser, relay, mode="sites", sites=["daily.example"])
    browser.goto(site.url("/ordinary.html", "www.daily.example"))
    browser.wait("the notes", lambda: browser.evaluate(OVERLAYS) == 1)
    browser.wait("them all", lambda: browser.state()["status"] == "done")
    assert len(relay.bodies) == 1
    relay.bodies.clear()
    browser.goto(site.url("/ordinary.html", "other.example"))
    browser.evaluate(PAUSE)
    assert browser.evaluate(OVERLAYS) == 0
    assert relay.bodies == []


def test_everywhere_leaves_private_pages_alone(
    browser: Engine, site: Server, relay: Server
) -> None:
    allow(browser, relay, mode="everywhere", never=["mail.example"])
    for page, host in (
        ("ordinary.html", "eu.mail.example"),
        ("ordinary.html", "127.0.0.1"),
        ("ordinary.html", "intranet.internal"),
        ("login.html", HOST),
    ):
        browser.goto(site.url(f"/{page}", host))
        # The page is looked at, for a field for a password, and then let be.
        browser.wait("it to rest", lambda: (browser.state() or {}).get("status") == "idle")
        assert browser.evaluate(OVERLAYS) == 0, host
    assert relay.requests == []
    browser.goto(site.url("/ordinary.html", HOST))
    browser.wait("the notes", lambda: browser.evaluate(OVERLAYS) == 1)


def test_a_press_asks_even_where_nothing_runs_by_itself(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/login.html", HOST))
    assert browser.annotate()["status"] == "done"
    sent = json.dumps(relay.bodies, ensure_ascii=False)
    assert HELD in sent
    assert "hunter2" not in sent


def test_on_a_chosen_site_the_next_page_of_an_application_is_asked_about(
    browser: Engine, site: Server, relay: Server
) -> None:
    allow(browser, relay, mode="sites", sites=[HOST])
    browser.goto(site.url("/rerender.html", HOST))
    browser.wait("the notes", lambda: len(relay.bodies) == 1)
    browser.evaluate("leave()")
    browser.wait("the next page", lambda: len(relay.bodies) == 2)
    assert relay.bodies[1]["url"].endswith("/cotton.html")
    assert HELD not in json.dumps(relay.bodies[1], ensure_ascii=False)


def test_a_service_that_is_down_disturbs_nobody_who_did_not_press(
    browser: Engine, site: Server, relay: Server
) -> None:
    allow(browser, relay, mode="sites", sites=[HOST])
    browser.control(
        "chrome.storage.local.get('settings').then(({settings}) => chrome.storage.local.set({"
        "settings: {...settings, services: [{address: 'http://127.0.0.1:9'}]}}))"
    )
    browser.goto(site.url("/ordinary.html", HOST))
    browser.wait("the failure", lambda: (browser.state() or {}).get("status") == "error")
    assert browser.evaluate(OVERLAYS) == 0


def test_local_mode_makes_its_notes_without_a_request(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(relay.url(), local=True)
    browser.goto(site.url("/local.html", "www.aljazeera.com"))
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert relay.requests == []
    assert state["answer"]["outlet"]["domain"] == "aljazeera.com"
    (fine,) = notes(state, "disclaimer")
    assert fine["target"]["exact"].startswith("The views expressed")
    assert fine["id"] in state["anchored"]
    cited = {note["citation"]["href"] for note in notes(state, "citation")}
    assert cited == {"https://www.reuters.com/world/count", "https://unknown.example/paper/7"}
    assert notes(state, "claim") == []
    assert "Local mode" in browser.overlay(STRIP_TEXT)
    browser.tell("show", id=fine["id"])
    card = browser.overlay("root.querySelector('.card').innerText")
    assert "Dispute" not in card
    assert {path for _, path in site.requests} <= {"/local.html", "/favicon.ico"}


def test_the_settings_show_word_for_word_what_was_sent_last(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service("", services=[{"address": relay.url(), "token": "s3cret"}])
    browser.goto(site.url("/ordinary.html", HOST))
    browser.annotate()
    with browser.own_page("options/options.html") as page:
        shown = page("document.getElementById('sent').textContent")
        head, _, body = shown.partition("\n\n")
        assert head.startswith("POST /api/v1/annotate")
        assert "s3cret" not in shown
        assert json.loads(body) == relay.bodies[0]


def test_what_was_shown_is_remembered_and_compared_only_when_asked(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    first = notes(state, "claim")[0]
    browser.wait(
        "it to be kept",
        lambda: browser.control(
            "chrome.storage.local.get('seen').then(({seen}) => Object.keys(seen ?? {}).length)"
        ),
    )
    # One was corrected since, one is gone.
    browser.control(
        "chrome.storage.local.get('seen').then(({seen}) => { const [page] = Object.values(seen);"
        "page.notes[0].updated = '2000-01-01'; page.notes[0].revision = 0;"
        "page.notes.push({...page.notes[0], claim: 'gone', title: 'A claim that is gone'});"
        "return chrome.storage.local.set({seen}); })"
    )
    relay.requests.clear()
    with browser.panel() as panel:
        assert relay.requests == []
        assert panel("!document.getElementById('since').hidden")
        panel("document.getElementById('since-ask').click()")
        panel.wait("the answer", "!!document.querySelector('#since-rows li')")
        rows = panel("document.getElementById('since-rows').innerText")
    assert "Withdrawn: A claim that is gone" in rows
    assert first["title"] in rows
    assert {path.rpartition("/")[0] for _, path in relay.requests} == {"/api/v1/claims"}


def test_nothing_is_remembered_where_the_reader_does_not_want_it(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(relay.url(), remember=False)
    browser.goto(site.url("/ordinary.html", HOST))
    browser.annotate()
    browser.evaluate(PAUSE)
    assert (
        browser.control("chrome.storage.local.get('seen').then((all) => all.seen ?? null)") is None
    )


def test_the_badge_counts_the_notes(browser: Engine, site: Server) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    count = f"chrome.action.getBadgeText({{tabId: {browser.tab()}}})"
    browser.wait("the badge", lambda: browser.control(count) == str(len(state["listed"])))
    browser.tell("clear")
    browser.wait("the badge to go", lambda: browser.control(count) == "")


def test_the_log_of_the_network_names_the_service_and_the_page_alone(
    browser: Engine, site: Server, relay: Server
) -> None:
    """All that a reader does on a page, as a proxy sees it: nobody else hears of it."""
    browser.proxy.asked.clear()
    browser.goto(site.url("/local.html", HOST))
    state = browser.annotate()
    browser.tell("show", id=state["listed"][0]["id"])
    browser.tell("select", text=HELD)
    browser.overlay("contextlibNews.extensionTransport.outlets(['www.reuters.com'])")
    with browser.panel() as panel:
        panel("document.getElementById('next').click()")
    with browser.own_page("options/options.html") as page:
        page("document.getElementById('refresh').click()")
        page.wait("both", "document.getElementById('refresh-status').textContent.includes('rules')")
    browser.tell("clear")
    asked = {one.url.split("?")[0] for one in browser.asked()}
    ours = {site.url("/local.html", HOST), site.url("/favicon.ico", HOST)}
    service = {
        relay.url(f"/api/v1/{name}")
        for name in ("annotate", "claims", "outlet-list", "disclaimer-rules", "flags")
    }
    assert asked <= ours | service
    assert asked & ours
    assert relay.url("/api/v1/annotate") in asked, "the log does not see the worker"


def test_the_log_of_the_network_is_empty_before_a_press_and_in_local_mode(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service(relay.url(), local=True, labels="everywhere")
    browser.proxy.asked.clear()
    page, icon = site.url("/local.html", HOST), site.url("/favicon.ico", HOST)
    browser.goto(page)
    browser.move(200, 200)
    with browser.panel() as panel:
        panel("document.body.innerText")
    assert {one.url for one in browser.asked()} <= {page, icon}
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    for note in state["listed"]:
        browser.tell("show", id=note["id"])
    browser.tell("select", text=HELD)
    browser.wait("the line", lambda: "Local mode" in browser.overlay(CARD_TEXT))
    browser.tell("clear")
    assert {one.url for one in browser.asked()} <= {page, icon}
    assert page in {one.url for one in browser.asked()}, "the log does not see the page"
