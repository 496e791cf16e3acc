"""``/try``: the overlay without an extension."""

from __future__ import annotations

import json

import pytest

from tests.browser.engines import Engine, wait_until

pytestmark = pytest.mark.browser

STATE = "(() => JSON.stringify(window.contextlibNewsTry?.state ?? null))()"


def state(browser: Engine) -> dict:
    return json.loads(browser.evaluate(STATE) or "null") or {"status": "loading"}


def test_the_demonstration_article(browser: Engine, service: str) -> None:
    browser.goto(f"{service}/try")
    wait_until(lambda: state(browser)["status"] == "idle")
    browser.evaluate("document.getElementById('annotate').click()")
    found = wait_until(lambda: (s := state(browser))["status"] == "done" and s)
    claims = [note for note in found["answer"]["notes"] if note["kind"] == "claim"]
    assert len({note["claim"]["id"] for note in claims}) >= 12
    assert {note["stance"] for note in claims} == {"supports", "refutes", "discusses"}
    assert sum(note["kind"] == "disclaimer" for note in found["answer"]["notes"]) == 3
    assert found["missing"] == []


def test_a_pasted_text_is_text(browser: Engine, service: str) -> None:
    browser.goto(f"{service}/try")
    wait_until(lambda: state(browser)["status"] == "idle")
    own = "<script>document.title = 'run'</script> The choir sang three songs."
    browser.evaluate(
        f"(() => {{ document.getElementById('own').value = {json.dumps(own)};"
        "document.getElementById('use').click();"
        "document.getElementById('annotate').click(); return 1; })()"
    )
    wait_until(lambda: state(browser)["status"] == "done")
    assert browser.evaluate("document.title") == "Try it · Contextlib News"
    assert own in browser.evaluate("document.getElementById('article').textContent")
