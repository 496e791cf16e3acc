"""The desk's screens for queue, imports, sources, feeds and outlets, in a real browser.

axe finds nothing on any of them and none scrolls sideways, light and dark, narrow and wide. Where
``DESK_SCREENS`` names a folder the screens are kept there, to be looked at.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.desk_in_use import PASSWORD, desk_in_use
from tests.browser.engine import AXE, WAIT_SECONDS

pytestmark = pytest.mark.browser

RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
RUN = (
    f"axe.run(document, {RULES}).then((found) => found.violations.map((one) => "
    "[one.id, one.nodes.map((node) => String(node.target) + ' ' + node.failureSummary)]))"
)
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CLAIMS = (
    "Quote;Who;Finding;Where\nThe old bridge was sold.;The mayor;Half Baked;https://c.example/1\n"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service with a desk that is in use."""
    with desk_in_use(tmp_path_factory.mktemp("desk")) as address:
        yield address


class Signed:
    """A Chromium without the extension in which somebody is signed in."""

    def __init__(self, desk: str) -> None:
        self.desk = desk
        self.browser: Any = None
        self.state: Any = None

    def context(self) -> Any:
        if self.browser is None or not self.browser.is_connected():
            self.start()
        context = self.browser.new_context(bypass_csp=True, storage_state=self.state)
        context.set_default_timeout(WAIT_SECONDS * 1000)
        return context

    def start(self) -> None:
        from tests.browser.chromium import driver, find_chromium

        if not (binary := find_chromium()):
            pytest.skip("no Chromium here: apt-get install chromium")
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: sh tests/install_node_tools.sh")
        chromium = driver().chromium
        self.browser = chromium.launch(executable_path=binary, args=["--no-sandbox"])
        page = self.browser.new_page()
        page.goto(f"{self.desk}/admin/sign-in")
        page.fill("[name=name]", "ada")
        page.fill("[name=password]", PASSWORD)
        go_on(page, lambda: page.click("main button"))
        self.state = page.context.storage_state()
        page.context.close()


@pytest.fixture(scope="module")
def signed(desk: str) -> Iterator[Signed]:
    pytest.importorskip("playwright", reason="playwright is not installed")
    signed = Signed(desk)
    yield signed
    if signed.browser:
        signed.browser.close()


@pytest.fixture
def page(signed: Signed) -> Iterator[Any]:
    """A page of Chromium, without scripts of ours, in which somebody is signed in."""
    context = signed.context()
    yield context.new_page()
    context.close()


def go_on(page: Any, action: Callable[[], object]) -> None:
    """Do what leads to another page, and wait until that one is loaded."""
    with page.expect_navigation(wait_until="load"):
        action()


def looked_at(page: Any, name: str) -> None:
    """Look at a screen in both schemes and two widths."""
    page.wait_for_load_state("load")
    folder = os.environ.get("DESK_SCREENS")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1600):
            page.set_viewport_size({"width": width, "height": 900})
            if folder:
                page.screenshot(path=Path(folder) / f"{name}-{scheme}-{width}.png", full_page=True)
            assert page.evaluate(WIDE) <= 0, (name, width)
            page.add_script_tag(path=AXE)
            assert page.evaluate(RUN) == [], (name, scheme, width)


def link_to(page: Any, desk: str, start: str, pattern: str) -> str:
    """The address of a link on a page."""
    page.goto(f"{desk}{start}")
    found = re.search(rf'href="({pattern})"', page.content())
    assert found, start
    return str(desk + found[1].replace("&amp;", "&"))


SCREENS: dict[str, Callable[[Any, str], object]] = {
    "today": lambda page, desk: page.goto(f"{desk}/admin/"),
    "queue": lambda page, desk: page.goto(f"{desk}/admin/queue"),
    "dispute": lambda page, desk: page.goto(f"{desk}/admin/queue/1"),
    "from-feed": lambda page, desk: page.goto(f"{desk}/admin/queue/4"),
    "imports": lambda page, desk: page.goto(f"{desk}/admin/imports"),
    "sources": lambda page, desk: page.goto(f"{desk}/admin/sources"),
    "removal": lambda page, desk: page.goto(
        link_to(page, desk, "/admin/sources", r"/admin/sources/\d+/remove")
    ),
    "feeds": lambda page, desk: page.goto(f"{desk}/admin/subscriptions"),
    "outlets": lambda page, desk: page.goto(f"{desk}/admin/outlets"),
    "outlet": lambda page, desk: page.goto(f"{desk}/admin/outlets/gazette.example.com"),
    "disclaimers": lambda page, desk: page.goto(f"{desk}/admin/disclaimers"),
    "not-there": lambda page, desk: page.goto(f"{desk}/admin/queue/999"),
}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_breaks_no_rule(page: Any, desk: str, name: str) -> None:
    SCREENS[name](page, desk)
    looked_at(page, name)


def test_an_import_step_by_step(page: Any, desk: str) -> None:
    page.goto(f"{desk}/admin/imports")
    file = {"name": "quotes.csv", "mimeType": "text/csv", "buffer": CLAIMS.encode()}
    page.set_input_files("[name=file]", file)
    go_on(page, lambda: page.click("text=Look at it"))
    looked_at(page, "import-file")
    page.select_option("[name=column-0]", "text")
    page.select_option("[name=column-1]", "claimant")
    page.select_option("[name=column-2]", "review.rating")
    page.select_option("[name=column-3]", "review.url")
    page.fill("[name=source]", "Quotes")
    go_on(page, lambda: page.click("text=Try it"))
    assert "nothing was kept" in page.content()
    looked_at(page, "import-tried")
    go_on(page, lambda: page.click("text=Import it"))
    looked_at(page, "import-run")
    assert "Half Baked" in page.content()


def test_rules_are_tried(page: Any, desk: str) -> None:
    page.goto(f"{desk}/admin/disclaimers")
    page.fill("[name=text]", "The bridge fell. This post contains affiliate links.")
    go_on(page, lambda: page.click("main button"))
    looked_at(page, "disclaimers-tried")


def test_a_dispute_is_answered_by_keyboard(page: Any, desk: str) -> None:
    # One of its own, since a dispute can be answered only once.
    reason = f"More about dams, please: {secrets.token_hex(4)}."
    with urllib.request.urlopen(
        urllib.request.Request(
            f"{desk}/api/v1/flags",
            json.dumps({"reason": reason}).encode(),
            {"Content-Type": "application/json"},
        )
    ) as answer:
        assert answer.status == 201
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{desk}/admin/queue")
    go_on(page, lambda: page.click(f"text={reason}"))
    page.focus("main [name=action][value=take]")
    go_on(page, lambda: page.keyboard.press("Enter"))
    page.wait_for_selector("text=You work on it")
    page.focus("[name=decision][value=kept]")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("We write about dams as they come up.")
    page.keyboard.press("Tab")
    go_on(page, lambda: page.keyboard.press("Enter"))
    page.wait_for_selector("text=Answered.")
    looked_at(page, "answered")
