"""The lists that local mode works with: shipped, fetched by a button alone, and looked at first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.engine import Engine, OwnPage
from tests.browser.sites import Server, serve_answer
from tests.browser.test_page_to_card import HOST, notes

pytestmark = pytest.mark.browser

OUTLETS = "/api/v1/outlet-list"
RULES = "/api/v1/disclaimer-rules"
STATUS = "document.getElementById('refresh-status').textContent"
HELD = "chrome.storage.local.get(['outlets', 'rules'])"

GOOD_OUTLETS = {
    "raters": [{"source": "A rater", "url": "https://rater.example/"}],
    "outlets": [{"domain": HOST, "name": "The Daily", "ratings": [[0, "careful"]]}],
}
RULE = {"type": "satire", "language": "en", "any": ["cotton"], "all": [], "not": []}
GOOD_RULES = {"rules": [RULE]}


def rules(**changes: Any) -> dict[str, Any]:
    return {"rules": [{**RULE, **changes}]}


@pytest.fixture
def lists(browser: Engine) -> Iterator[Any]:
    """Point the extension at a service with these two lists."""
    servers: list[Server] = []

    def start(outlets: Any, disclaimers: Any, **settings: Any) -> Server:
        content = {OUTLETS: json.dumps(outlets).encode(), RULES: json.dumps(disclaimers).encode()}
        servers.append(serve_answer(content))
        browser.use_service(servers[-1].url(), local=True, **settings)
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def refresh(page: OwnPage, words: str) -> str:
    page("document.getElementById('refresh').click()")
    page.wait(words, f"{STATUS}.includes({json.dumps(words)})")
    return str(page(STATUS))


def test_the_lists_of_the_service_are_fetched_by_a_button_alone(
    browser: Engine, relay: Server
) -> None:
    with browser.own_page("options/options.html") as page:
        shipped = page("document.getElementById('rule-list').textContent")
        assert "came with the extension" in shipped
        assert relay.requests == []
        said = refresh(page, "The rules for fine print were fetched")
        assert "The list of publishers was fetched" in said
        assert "Fetched on" in page("document.getElementById('rule-list').textContent")
    assert relay.requests == [("GET", OUTLETS), ("GET", RULES)]
    held = browser.control(HELD)
    assert len(held["rules"]["rules"]) > 50
    assert len(held["outlets"]["outlets"]) > 50


def test_what_was_fetched_is_used_at_once(browser: Engine, site: Server, lists: Any) -> None:
    server = lists(GOOD_OUTLETS, GOOD_RULES)
    browser.goto(site.url("/ordinary.html", HOST))
    before = browser.annotate()
    assert before["answer"]["outlet"] is None
    satire = "The publisher says satire appears here"
    assert satire not in {note["title"] for note in notes(before, "disclaimer")}
    with browser.own_page("options/options.html") as page:
        refresh(page, "The rules for fine print were fetched")
    server.requests.clear()
    state = browser.annotate()
    assert state["answer"]["outlet"]["name"] == "The Daily"
    found = notes(state, "disclaimer")
    assert {note["title"] for note in found} == {satire}
    assert all("cotton" in note["target"]["exact"].lower() for note in found)
    assert server.requests == []


@pytest.mark.parametrize(
    ("outlets", "disclaimers"),
    [
        ([], None),
        ({"outlets": [{"domain": 7}]}, {"rules": "all"}),
        ({"outlets": "none"}, rules(any=["\\bcotton"])),
        ({"outlets": []}, rules(any=["cotton*"])),
        ({}, rules(any=["(cotton"])),
        (None, rules(type="gossip")),
        (None, {"rules": [RULE] * 1001}),
        (None, rules(any=["c" * 5000])),
        # It would take longer than anybody lives.
        (None, rules(any=["(?:[a-z ]{1,30}){1,30}[0-9]"])),
    ],
    ids="none odd foreign unbounded broken gossip many long endless".split(),
)
def test_bad_lists_are_not_taken_and_those_before_stay(
    browser: Engine, site: Server, lists: Any, outlets: Any, disclaimers: Any
) -> None:
    lists(outlets, disclaimers)
    kept = {"date": "2026-01-02", "outlets": [{"domain": HOST, "name": "Kept", "ratings": []}]}
    browser.control(
        f"chrome.storage.local.set({{outlets: {json.dumps(kept)}, "
        f"rules: {json.dumps({'date': '2026-01-02', **GOOD_RULES})}}})"
    )
    before = browser.control(HELD)
    with browser.own_page("options/options.html") as page:
        said = refresh(page, "those held before stay")
        assert "the one held before stays" in said
        assert "Fetched on" in page("document.getElementById('rule-list').textContent")
    assert browser.control(HELD) == before
    browser.goto(site.url("/ordinary.html", HOST))
    state = browser.annotate()
    assert state["answer"]["outlet"]["name"] == "Kept"
    assert notes(state, "disclaimer")


def test_a_service_that_is_down_changes_no_list(browser: Engine) -> None:
    browser.use_service("http://127.0.0.1:9", local=True)
    with browser.own_page("options/options.html") as page:
        assert refresh(page, "cannot be reached").count("cannot be reached") == 1
    assert browser.control(HELD) == {}


def test_the_shipped_lists_come_back_by_a_button(browser: Engine, site: Server, lists: Any) -> None:
    server = lists(GOOD_OUTLETS, GOOD_RULES)
    button = "document.getElementById('shipped')"
    told = "['outlet-list', 'rule-list'].map((id) => document.getElementById(id).textContent)"
    with browser.own_page("options/options.html") as page:
        shipped = page(told)
        assert page(f"{button}.hidden"), "there is nothing to go back from"
        refresh(page, "The rules for fine print were fetched")
        assert page(told) != shipped
        assert not page(f"{button}.hidden")
    browser.goto(site.url("/ordinary.html", HOST))
    assert browser.annotate()["answer"]["outlet"]["name"] == "The Daily"
    server.requests.clear()
    with browser.own_page("options/options.html") as page:
        page(f"({button}.focus(), {button}.click(), 1)")
        page.wait("the words", f"{STATUS}.includes('came with the extension')")
        assert page(told) == shipped
        assert page(f"{button}.hidden")
        assert page("document.activeElement.id") == "refresh"
    assert browser.control(HELD) == {}
    # The worker, which has read the other lists before, uses these at once.
    assert browser.annotate()["answer"]["outlet"] is None
    assert "The publisher says satire appears here" not in {
        note["title"] for note in notes(browser.state(), "disclaimer")
    }
    assert server.requests == []
