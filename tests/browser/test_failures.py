"""What fails ends in a calm message and a page as it was: services, networks, workers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.engine import Engine
from tests.browser.sites import Server, serve_answer
from tests.browser.test_page_to_card import HOST, OVERLAYS, PAGE_WITHOUT_OVERLAY, STRIP_TEXT
from tests.ports import free_port

pytestmark = pytest.mark.browser

LARGE = b'{"notes": [], "document": {}, "padding": "' + b"x" * 5_000_000 + b'"}'
PROBLEM = json.dumps({"title": "No", "detail": "The page has too many sentences."}).encode()


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    kept: list[Server] = []
    yield kept
    for server in kept:
        server.close()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"content": LARGE}, "too large"),
        ({"content": b"{}", "status": 401}, "does not accept the token"),
        ({"content": b"{}", "status": 403}, "does not accept the token"),
        ({"content": b"{}", "status": 429, "headers": {"Retry-After": "42"}}, "in 42 seconds"),
        ({"content": b"{}", "status": 429}, "is busy"),
        ({"content": b"{}", "status": 503, "headers": {"Retry-After": "1"}}, "in 1 second."),
        ({"content": b"<h1>Oops</h1>", "status": 500}, "failed inside the service"),
        ({"content": b"Not found", "status": 404}, "no Contextlib News service"),
        ({"content": PROBLEM, "status": 413}, "too many sentences"),
        ({"content": b"", "status": 302, "headers": {"Location": "/x"}}, "cannot be reached"),
        ({"content": b'{"notes": [', "status": 200}, "cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.get("status", "")),
)
def test_each_failure_has_its_calm_line(
    browser: Engine, site: Server, servers: list[Server], answer: dict[str, Any], words: str
) -> None:
    servers.append(serve_answer(**answer))
    browser.use_service(servers[0].url())
    browser.goto(site.url("/strict.html", HOST))
    before = browser.evaluate(PAGE_WITHOUT_OVERLAY)
    state = browser.annotate()
    assert state["status"] == "error"
    assert words in state["error"]
    assert state["error"] in browser.overlay(STRIP_TEXT)
    assert browser.highlights() == {}
    assert browser.evaluate(PAGE_WITHOUT_OVERLAY) == before
    assert browser.console_errors() == []


def test_a_slow_service_is_told_of_and_waited_for(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    relay.open.clear()
    tab = browser.tab()
    message = json.dumps({"type": "annotate-tab", "tabId": tab})
    browser.control(f"void chrome.runtime.sendMessage({message})")
    browser.wait("the line", lambda: browser.evaluate(OVERLAYS) == 1)
    assert "taking its time" in browser.overlay(STRIP_TEXT)
    relay.open.set()
    browser.wait("the notes", lambda: browser.state()["status"] == "done")
    assert "taking its time" not in browser.overlay(STRIP_TEXT)


def test_a_service_that_never_answers_is_given_up(
    browser: Engine, site: Server, servers: list[Server]
) -> None:
    servers.append(serve_answer(b"{}", delay=10))
    browser.use_service(servers[0].url(), timeoutSeconds=1)
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    assert "did not answer in time" in state["error"]


def test_a_worker_that_is_ended_in_the_middle_is_woken(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.goto(site.url("/ordinary.html", HOST))
    assert browser.annotate()["status"] == "done"
    relay.open.clear()
    relay.requests.clear()
    # Asked in the page's own world, as a message to the worker would end with it.
    browser.overlay("(void contextlibNews.controller.annotate(), 1)")
    browser.wait("the request", lambda: relay.requests)
    browser.kill_worker()
    relay.open.set()
    browser.wait(
        "the notes", lambda: browser.overlay("contextlibNews.controller.state.status") == "done"
    )
    assert browser.overlay("contextlibNews.controller.state.listed.length") > 0


def test_settings_outlive_the_worker(browser: Engine, site: Server, relay: Server) -> None:
    browser.use_service(relay.url(), density="none")
    browser.kill_worker()
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert state["painted"] == []
    assert browser.highlights() == {}
    assert len(state["listed"]) > 0


def test_one_of_two_services_that_is_down_does_not_hide_the_other(
    browser: Engine, site: Server, relay: Server
) -> None:
    down = f"http://127.0.0.1:{free_port()}"
    services = [{"address": down, "name": "Down"}, {"address": relay.url(), "name": "Mine"}]
    browser.use_service(down, services=services)
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    assert {note["service"] for note in state["listed"]} == {"Mine"}
    assert "Down: The service cannot be reached" in browser.overlay(
        "(root.querySelector('details').open = true, root.querySelector('.strip').innerText)"
    )


def test_notes_of_two_services_are_kept_apart(browser: Engine, site: Server, relay: Server) -> None:
    services = [{"address": relay.url(), "name": name} for name in ("One", "Two")]
    services[1]["address"] = relay.url(host="localhost")
    browser.use_service("", services=services)
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    assert state["status"] == "done", state["error"]
    by_service = [
        [note["noteId"] for note in state["listed"] if note["service"] == name]
        for name in ("One", "Two")
    ]
    assert by_service[0] == by_service[1] != []
    assert len({note["id"] for note in state["listed"]}) == 2 * len(by_service[0])


def test_a_token_is_sent_to_its_service_alone_and_shown_to_no_page(
    browser: Engine, site: Server, relay: Server
) -> None:
    browser.use_service("", services=[{"address": relay.url(), "token": "s3cret"}])
    browser.goto(site.url("/ordinary.html", HOST))
    browser.annotate()
    assert relay.headers.get("Authorization") == "Bearer s3cret"
    assert "Cookie" not in relay.headers
    assert "Referer" not in relay.headers
    told = browser.overlay("contextlibNews.extensionTransport.settings()")
    assert told["theme"] == "auto"
    assert "s3cret" not in json.dumps(told)
    if browser.name == "chromium":  # Firefox has no levels of access for storage.local
        held = "chrome.storage.local.get(null).then(() => 'readable', () => 'closed')"
        assert browser.overlay(held) == "closed"
