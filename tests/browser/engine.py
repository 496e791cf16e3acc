"""What both engines offer to the tests: one page, the extension, and the hands of a reader."""

from __future__ import annotations

import json
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

__all__ = ["Engine", "copy_extension"]

EXTENSION = Path(__file__).resolve().parents[2] / "extension"

# Opens the closed root from the extension's own world; the two engines name the door differently.
_ROOT = """
const host = document.querySelector("contextlib-news");
const root = !host ? null : globalThis.chrome?.dom?.openOrClosedShadowRoot
  ? chrome.dom.openOrClosedShadowRoot(host) : host.openOrClosedShadowRoot;
"""


def copy_extension(folder: Path) -> Path:
    """Return a copy of the extension that is allowed on every site.

    A headless browser has no toolbar button to press, and pressing it is what grants the real one
    access to a tab (``activeTab``).
    """
    target = folder / "extension"
    shutil.copytree(EXTENSION, target)
    path = target / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["host_permissions"] += manifest.pop("optional_host_permissions")
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return target


class Engine(ABC):
    """A browser with the extension installed; one page at a time stands before the reader."""

    name: str
    errors: list[str]

    @abstractmethod
    def goto(self, url: str) -> None:
        """Open an address in a fresh tab and wait for its load event; forgets old errors."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return what an expression gives in the page, through JSON."""

    @abstractmethod
    def control(self, expression: str) -> Any:
        """Return what an expression gives in a page of the extension, through JSON."""

    @abstractmethod
    def panel(self) -> AbstractContextManager[Callable[[str], Any]]:
        """Open the panel for the page; what is given evaluates an expression there."""

    @abstractmethod
    def click(self, x: float, y: float) -> None:
        """Press and release the mouse at a point of the viewport."""

    @abstractmethod
    def move(self, x: float, y: float) -> None:
        """Move the mouse to a point of the viewport."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press a key by its DOM name: ``Tab``, ``Enter``, ``Escape`` …"""

    @abstractmethod
    def view(self, width: int, height: int, *, dark: bool = False) -> None:
        """Set the size of the viewport and the colour scheme that the reader prefers."""

    @abstractmethod
    def screenshot(self) -> bytes:
        """Return the viewport as PNG."""

    @abstractmethod
    def console_errors(self) -> list[str]:
        """Return the errors since the page was opened: thrown, logged or of the policy."""

    @abstractmethod
    def close(self) -> None:
        """End the browser."""

    # What follows is the same in both.

    def use_service(self, address: str) -> None:
        """Set the address of the service in the extension's settings."""
        self.control(f"chrome.storage.local.set({{service: {json.dumps(address)}}})")

    def tab(self) -> int:
        """Return the extension's number of the tab with the page."""
        url = json.dumps(self.evaluate("location.href"))
        number = self.control(
            f"chrome.tabs.query({{}}).then((all) => all.find((tab) => tab.url === {url})?.id)"
        )
        assert isinstance(number, int), f"the extension does not see {url}"
        return number

    def annotate(self) -> dict[str, Any]:
        """Do what the toolbar button does; returns the state of the overlay afterwards."""
        message = json.dumps({"type": "annotate-tab", "tabId": self.tab()})
        state: dict[str, Any] = self.control(f"chrome.runtime.sendMessage({message})")
        return state

    def state(self) -> dict[str, Any]:
        """Return the state of the overlay in the page."""
        return self.tell("state")

    def tell(self, what: str, **more: object) -> dict[str, Any]:
        """Send something to the overlay through the worker, as the panel does."""
        message = {
            "type": "tell-tab",
            "tabId": self.tab(),
            "message": {"type": what, **more},
        }
        state: dict[str, Any] = self.control(f"chrome.runtime.sendMessage({json.dumps(message)})")
        return state

    def overlay(self, expression: str) -> Any:
        """Return what an expression gives in the world of the content scripts.

        ``root`` is the overlay's closed shadow root, null where there is no overlay.
        """
        script = (
            f"chrome.scripting.executeScript({{target: {{tabId: {self.tab()}}}, func: () => {{"
            f"{_ROOT} return JSON.stringify({expression}) ?? 'null'; }}}})"
            ".then(([{ result, error }]) => ({ result, error: error && String(error) }))"
        )
        answer = self.control(script)
        assert answer.get("result"), f"{self.name}: {expression} threw {answer.get('error')}"
        return json.loads(answer["result"])

    def highlights(self) -> dict[str, list[str]]:
        """Return the texts of the painted ranges by the name of their highlight."""
        # Asked in the page, which shares the registry: Firefox gives content scripts no iterator.
        found: dict[str, list[str]] = self.evaluate(
            "(() => { const found = {}; CSS.highlights.forEach((highlight, name) => { "
            "found[name] = []; highlight.forEach((range) => found[name].push(String(range))); "
            "}); return found; })()"
        )
        return found

    def wait(self, what: str, condition: Any, seconds: float = 10) -> Any:
        """Return the first true value of a function; fails with words after some seconds."""
        until = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < until, f"{self.name}: waited {seconds} s for {what}"
            time.sleep(0.05)
        return value
