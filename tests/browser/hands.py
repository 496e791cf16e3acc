"""The hands of somebody at the desk, in either browser: fields and buttons by their words."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.engine import Engine

__all__ = ["Hands"]

# A field by the words of its label; the words may go on, as hints do.
_FIELD = """((words) => {
  const label = [...document.querySelectorAll("main label")].find((each) =>
    each.innerText.trim().startsWith(words));
  return label && (label.control ?? label.querySelector("input, select, textarea"));
})(%s)"""

# A button or link that is there to be pressed, by all its words; what is drawn first comes first.
_BUTTON = """[...document.querySelectorAll("main button, main a, main summary, nav a")].find(
  (each) => each.innerText.trim().replace(/\\s+/g, " ") === %s && each.checkVisibility())"""


class Hands:
    """One person before one browser; ``base`` is the address of the service as they type it."""

    def __init__(self, engine: Engine, base: str) -> None:
        self.engine, self.base = engine, base

    def goto(self, path: str) -> None:
        """Open a page of the service in a fresh tab."""
        self.engine.goto(self.base + path)

    def ask(self, expression: str) -> Any:
        """Return what an expression gives in the page."""
        return self.engine.evaluate(expression)

    def wait(self, what: str, expression: str) -> None:
        """Wait until an expression is true, also over a change of pages."""
        try:
            self.engine.arrive(what, expression)
        except AssertionError as error:
            page = self.ask("location.href + '\\n' + document.body.innerText")
            raise AssertionError(f"{error}; there is {page[:3_000]}") from None

    def sees(self, words: str, where: str = "main") -> None:
        """Wait until words stand on the page."""
        self.wait(
            f"“{words}”",
            f"document.querySelector({json.dumps(where)}).innerText.includes({json.dumps(words)})",
        )

    def type(self, selector: str, text: str) -> None:
        """Fill in a field."""
        self._fill(f"document.querySelector({json.dumps(selector)})", text)

    def fill(self, label: str, text: str) -> None:
        """Fill in a field, or choose in a list, by the words of its label."""
        field = _FIELD % json.dumps(label)
        self.wait(f"the field “{label}”", f"!!{field}")
        self._fill(field, text)

    def _fill(self, field: str, text: str) -> None:
        self.ask(
            f"(() => {{ const field = {field}; field.value = {json.dumps(text)}; "
            "field.dispatchEvent(new Event('input', { bubbles: true })); return 1; })()"
        )

    def check(self, label: str) -> None:
        """Check a box, or choose one of several, by the words of its label."""
        field = _FIELD % json.dumps(label)
        self.wait(f"the box “{label}”", f"!!{field}")
        self.ask(f"({field}.checked || {field}.click(), 1)")

    def attach(self, selector: str, name: str, content: str) -> None:
        """Choose a file."""
        self.ask(
            "(() => { const files = new DataTransfer(); "
            f"files.items.add(new File([{json.dumps(content)}], {json.dumps(name)})); "
            f"document.querySelector({json.dumps(selector)}).files = files.files; return 1; }})()"
        )

    def press(self, selector: str) -> None:
        """Press what a selector finds."""
        self._press(f"document.querySelector({json.dumps(selector)})")

    def click(self, words: str) -> None:
        """Press a button or follow a link by its words, once it is there."""
        button = _BUTTON % json.dumps(words)
        self.wait(f"the button “{words}”", f"!!({button})")
        self._press(f"({button})")

    def leave(self, words: str) -> None:
        """Press a button or follow a link by its words, and wait until another page is there."""
        button = _BUTTON % json.dumps(words)
        self.wait(f"the button “{words}”", f"!!({button})")
        self.engine.go_on(f"the page after “{words}”", f"({button}).click()")

    def _press(self, button: str) -> None:
        # Later, so that the answer does not get lost with the page.
        self.ask(f"(setTimeout(() => {button}.click(), 20), {button} !== null)")
