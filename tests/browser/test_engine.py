"""The browsers of the tests: one that has crashed is noticed and replaced by a fresh one."""

from __future__ import annotations

import pytest

from tests.browser.engine import Engine
from tests.browser.sites import Server
from tests.browser.test_page_to_card import HOST

pytestmark = pytest.mark.browser


def test_a_crashed_browser_is_noticed_and_replaced(engine: Engine, site: Server) -> None:
    assert engine.alive()
    engine.crash()
    assert not engine.alive()
    engine.restart()
    assert engine.alive()
    engine.goto(site.url("/ordinary.html", HOST))
    assert "prison" in engine.evaluate("document.body.innerText")


def test_a_page_that_leads_on_is_waited_for(engine: Engine, site: Server) -> None:
    engine.goto(site.url("/ordinary.html", HOST))
    for _ in range(5):
        engine.go_on("the page again", "location.reload()")
        engine.go_on("another", f"location.href = {site.url('/other.html', HOST)!r}")
        assert engine.evaluate("location.pathname") == "/other.html"
        engine.go_on("the first", "history.back()", "location.pathname === '/ordinary.html'")
        assert engine.evaluate("document.documentElement.scrollWidth") > 0
