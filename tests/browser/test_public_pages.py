"""The public pages in both browsers: a dispute from the page of a claim on, axe, sizes, colours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims
from werkzeug.serving import make_server

from contextlib_news import Claim
from contextlib_news.models import Report, ReportStance, Review
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


ARABIC = "هاجم مقاتلون سجن الصناعة يوم 20 يناير 2022."


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of a claim whose words run from right to left."""
    folder = tmp_path_factory.mktemp("arabic")
    app = create_app(
        Config.from_env(
            {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
        )
    )
    engine = app.extensions[KEY].engine
    report = Report(
        stance=ReportStance.CORROBORATING,
        outlet="example.org",
        title=ARABIC,
        url="https://example.org/a",
        says=ARABIC,
    )
    review = Review(publisher="مسبار", rating="صحيح جزئياً", url="https://example.org/b")
    claim = Claim(
        id="ar", text=ARABIC, language="ar", summary=ARABIC, reports=(report,), reviews=(review,)
    )
    with engine.begin() as connection:
        claims.save(connection, claim, made_by="a test", reason=ARABIC)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/claims/ar"
    server.shutdown()
    server.server_close()
    engine.dispose()


# For each place whose text begins with a letter: is its last sign right of its first one?
RUNS = """[...document.querySelectorAll(%s)].map((each) => {
  const nodes = [];
  const walk = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { if (walk.currentNode.data.trim()) { nodes.push(walk.currentNode); } }
  const at = (node, place) => {
    const range = document.createRange();
    range.setStart(node, place);
    range.setEnd(node, place + 1);
    return range.getBoundingClientRect().left;
  };
  const [first, last] = [nodes[0], nodes.at(-1)];
  return at(last, last.data.trimEnd().length - 1) > at(first, first.data.search(/\\S/));
})"""


def test_words_run_as_their_language_does(browser: Engine, arabic: str, service: int) -> None:
    browser.view(1280, 800)
    browser.goto(arabic)
    for place in ("h1", ".summary", ".reports li > p:not(.quiet)", ".history p:not(.says, .quiet)"):
        found = browser.evaluate(RUNS % json.dumps(place))
        assert found, place
        assert not any(found), place
    assert browser.evaluate("document.querySelector('h1').lang") == "ar"
    browser.goto(address(service, PAGES["claim"]))
    assert browser.evaluate(RUNS % json.dumps(".history p")) == [True, True, True]
