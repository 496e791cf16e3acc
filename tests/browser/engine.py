"""What both engines offer to the tests: one page, the extension, and the hands of a reader."""

from __future__ import annotations

import json
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.browser.proxy import Asked, Proxy

__all__ = ["WAIT_SECONDS", "WELCOME", "Accessible", "Engine", "OwnPage", "copy_extension"]

# Nothing takes that long on a quiet machine; one with five times the work it can do must pass too.
WAIT_SECONDS = 90

WELCOME = "welcome/welcome.html"

EXTENSION = Path(__file__).resolve().parents[2] / "extension"

AXE = EXTENSION.parent / "node_modules" / "axe-core" / "axe.min.js"

# Opens the closed root from the extension's own world; the two engines name the door differently.
_ROOT = """
const host = document.querySelector("contextlib-news");
const root = !host ? null : globalThis.chrome?.dom?.openOrClosedShadowRoot
  ? chrome.dom.openOrClosedShadowRoot(host) : host.openOrClosedShadowRoot;
"""


def copy_extension(folder: Path, source: Path = EXTENSION, *, everywhere: bool = True) -> Path:
    """Return a copy of the extension: allowed on every site, or as it ships, on none."""
    target = folder / "extension"
    shutil.copytree(source, target)
    path = target / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if everywhere:
        manifest["host_permissions"] += manifest.pop("optional_host_permissions")
    path.write_text(json.dumps(manifest), encoding="utf-8")
    if AXE.is_file():
        shutil.copy(AXE, target / "axe.min.js")
    return target


@dataclass(frozen=True)
class Accessible:
    """What the browser tells a screen reader of an element; ``role`` by its name in ARIA.

    ``live`` is how a change is told: ``off``, ``polite`` or ``assertive``. Texts have the role
    ``text``; what has no role of its own is left out and its children stand in its place.
    """

    role: str
    name: str
    live: str
    focused: bool
    children: tuple[Accessible, ...]

    def all(self, role: str) -> list[Accessible]:
        """Return what is below with a role, in reading order."""
        own = [self] if self.role == role else []
        return own + [found for child in self.children for found in child.all(role)]

    def text(self) -> str:
        """Return the texts below it."""
        return " ".join(found.name for found in self.all("text"))


@dataclass(frozen=True)
class OwnPage:
    """A page of the extension: called with an expression it gives its value, through JSON."""

    evaluate: Callable[[str], Any]
    screenshot: Callable[[], bytes]
    accessible: Callable[[], Accessible]

    def __call__(self, expression: str) -> Any:
        return self.evaluate(expression)

    def wait(self, what: str, expression: str, seconds: float = WAIT_SECONDS) -> Any:
        """Return the first true value of an expression; fails with words after some seconds."""
        until = time.monotonic() + seconds
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < until, f"waited {seconds} s for {what}"
            time.sleep(0.05)
        return value


_marks = count(1)

# The pages of the extension that stand in the browser's own frame; all of them can be reached.
_FRAMED = {"popup": "view.location.search === ''", "side": "view.location.search === '?view=side'"}
_VIEW = (
    "chrome.extension.getViews().find((view) => "
    "view.location.pathname === '/panel/panel.html' && %s)"
)


class Engine(ABC):
    """A browser with the extension installed; one page at a time stands before the reader."""

    name: str
    errors: list[str]
    proxy: Proxy  # what the whole browser asked for
    maker: tuple[str, ...]  # the domains that the browser asks by itself, whatever is installed
    between: tuple[
        type[Exception], ...
    ]  # what is thrown where a page is asked that is just leaving

    def __init__(self, binary: str, source: Path = EXTENSION, *, everywhere: bool = True) -> None:
        self._binary = binary
        self.source = source  # the folder of the extension
        self.everywhere = everywhere  # whether the extension is allowed on every site
        self.start()

    @abstractmethod
    def start(self) -> None:
        """Start the browser with a fresh profile and the extension."""

    @abstractmethod
    def alive(self) -> bool:
        """Say whether the browser and its extension still answer."""

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
    def own_page(self, path: str) -> AbstractContextManager[OwnPage]:
        """Open a page of the extension beside the page before the reader."""

    @abstractmethod
    def beside(self) -> AbstractContextManager[None]:
        """Stand before a second tab, a blank one; the page before it stays open and comes back."""

    @abstractmethod
    def kill_worker(self) -> None:
        """End the extension's worker as the browser does when it likes."""

    @abstractmethod
    def crash(self) -> None:
        """End the browser as a fault in it does."""

    @abstractmethod
    def choose_from_menu(self, text: str, *, in_page: bool = True) -> None:
        """Hand the worker a choice of its entry in the menu of selected words.

        ``in_page`` is false for a document that the extension cannot see as a tab.
        """

    @abstractmethod
    def choose_at(self, x: float, y: float, chosen: Callable[[], Any]) -> None:
        """Open the browser's own menu at a point of the page and choose the extension's entry.

        ``chosen`` says whether it was, which is waited for.
        """

    @abstractmethod
    def press_shortcut(self, name: str) -> None:
        """Hand the worker a press of one of its keys, by the name of the command."""

    @abstractmethod
    def accessible(self) -> Accessible:
        """Return what a screen reader is told of the page before the reader."""

    @abstractmethod
    def press_button(self) -> None:
        """Press the extension's button in the browser's toolbar, which opens the real popup."""

    @abstractmethod
    def press_in_popup(self, name: str) -> None:
        """Press an element of the real popup with the mouse, by its id."""

    @abstractmethod
    def answer_permission(self, *, yes: bool) -> None:
        """Wait for the browser's question whether something is allowed, and answer it."""

    @abstractmethod
    def _close_side(self) -> None:
        """Close the side panel or the sidebar if it is open."""

    @abstractmethod
    def emulate(self, *, forced_colors: bool = False, reduced_motion: bool = False) -> None:
        """Set what the reader's system asks for, and wait until the page knows of it."""

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
    def screenshot(self, *, whole: bool = False) -> bytes:
        """Return the viewport, or the whole page, as PNG."""

    @abstractmethod
    def console_errors(self) -> list[str]:
        """Return the errors since the page was opened: thrown, logged or of the policy."""

    @abstractmethod
    def close(self) -> None:
        """End the browser, whatever state it is in."""

    # What follows is the same in both.

    def restart(self) -> None:
        """Put a fresh browser in the place of this one, which may have crashed."""
        self.close()
        self.start()

    def panel(self, view: str = "popup") -> AbstractContextManager[OwnPage]:
        """Open the panel for the page, without the asking that pressing the button is."""
        return self.own_page(f"panel/panel.html?wait&view={view}&tab={self.tab()}")

    def framed(self, place: str) -> OwnPage | None:
        """Return the real ``popup``, or what stands at the ``side``, None where it is not open.

        What it is asked may use ``document``, ``innerWidth`` and ``chrome``.
        """
        view = _VIEW % _FRAMED[place]
        if not self.control(f"{view}?.document.documentElement?.dataset.ready === 'yes'"):
            return None

        def evaluate(expression: str) -> Any:
            scope = "{ document, innerWidth, innerHeight, chrome }"
            return self.control(f"(({scope}) => ({expression}))({view})")

        def none() -> Any:
            raise NotImplementedError("what stands in the browser's frame is only asked")

        return OwnPage(evaluate, none, none)

    def close_framed(self) -> None:
        """Close the real popup, and what stands at the side."""
        self.control(f"({_VIEW % _FRAMED['popup']}?.close(), 1)")
        self._close_side()
        self.wait("them to close", lambda: not any(map(self.framed, _FRAMED)))

    def asked(self) -> list[Asked]:
        """Return what pages and extensions asked for since the log was cleared."""
        return [one for one in self.proxy.asked if not one.host.endswith(self.maker)]

    def use_service(self, address: str, **settings: object) -> None:
        """Set the extension's settings anew: the address of its service, and others by name."""
        wanted = {"services": [{"address": address}], "timeoutSeconds": 60, **settings}
        self.control(
            "chrome.storage.local.clear()"
            f".then(() => chrome.storage.local.set({{settings: {json.dumps(wanted)}}}))"
        )

    def _know(self, feature: str, value: str) -> None:
        """Wait until a media feature has a value in the page before the reader."""
        query = json.dumps(f"({feature}: {value})")
        self.wait(query, lambda: self.evaluate(f"matchMedia({query}).matches"))

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
            f"chrome.scripting.executeScript({{target: {{tabId: {self.tab()}}}, func: async () => "
            f"{{ {_ROOT} return JSON.stringify(await ({expression})) ?? 'null'; }}}})"
            ".then(([{ result, error }]) => ({ result, error: error && String(error) }))"
        )
        answer = self.control(script)
        assert answer.get("result"), f"{self.name}: {expression} threw {answer.get('error')}"
        return json.loads(answer["result"])

    def inject(self, file: str) -> None:
        """Run a file of the extension's copy in the world of the content scripts."""
        self.control(
            f"chrome.scripting.executeScript({{target: {{tabId: {self.tab()}}}, "
            f"files: [{json.dumps(file)}]}}).then(() => 1)"
        )

    def highlights(self) -> dict[str, list[str]]:
        """Return the texts of the painted ranges by the name of their highlight."""
        # Asked in the page, which shares the registry: Firefox gives content scripts no iterator.
        found: dict[str, list[str]] = self.evaluate(
            "(() => { const found = {}; CSS.highlights.forEach((highlight, name) => { "
            "found[name] = []; highlight.forEach((range) => found[name].push(String(range))); "
            "}); return found; })()"
        )
        return found

    def arrive(self, what: str, condition: str = "true") -> None:
        """Wait for a page that is loaded and for which an expression is true.

        Between two pages there is none that could be asked: what is thrown then is no answer.
        """
        said: Exception | None = None
        expression = f"document.readyState === 'complete' && !!document.body && ({condition})"

        def there() -> bool:
            nonlocal said
            try:
                return bool(self.evaluate(expression))
            except self.between as error:
                said = error
                return False

        try:
            self.wait(what, there)
        except AssertionError as error:
            raise error from said

    def go_on(self, what: str, action: str, condition: str = "true") -> None:
        """Do in the page what leads to another one, and wait until that one is loaded."""
        # A page may come back as it was left, with an older mark on it.
        mark = next(_marks)
        # A moment later, so that the answer does not get lost with the page.
        self.evaluate(f"(window.leaving = {mark}, setTimeout(() => {{ {action}; }}, 20), 1)")
        self.arrive(what, f"window.leaving !== {mark} && ({condition})")

    def wait(self, what: str, condition: Any, seconds: float = WAIT_SECONDS) -> Any:
        """Return the first true value of a function; fails with words after some seconds."""
        until = time.monotonic() + seconds
        while not (value := condition()):
            assert time.monotonic() < until, f"{self.name}: waited {seconds} s for {what}"
            time.sleep(0.05)
        return value
