"""The system's Chromium through Playwright; its own browsers are never downloaded."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, Playwright, sync_playwright

from tests.browser.engine import (
    _FRAMED,
    _VIEW,
    EXTENSION,
    WAIT_SECONDS,
    WELCOME,
    Accessible,
    Engine,
    OwnPage,
    copy_extension,
)
from tests.browser.proxy import serve_proxy
from tests.browser.screen import Screen

NAMES = ("chromium", "chromium-browser", "google-chrome-for-testing")


def find_chromium() -> str | None:
    """Return the path of an installed Chromium that loads unpacked extensions, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


# Chromium's own names of roles where ARIA has others; those without one stand for nothing.
ROLES = {
    "RootWebArea": "document",
    "StaticText": "text",
    "Details": "group",
    "DisclosureTriangle": "button",
    "generic": "",
    "none": "",
}

# The extension has no key of its own for the button; readers may give it one.
BUTTON_KEY = "Alt+Shift+J"

_drivers: list[Playwright] = []


def driver(*, fresh: bool = False) -> Playwright:
    """Return Playwright's driver, which a thread can have only once; a fresh one after a crash."""
    if fresh and _drivers:
        with suppress(Exception):
            _drivers.pop().stop()
        _drivers.clear()
    if not _drivers:
        _drivers.append(sync_playwright().start())
    return _drivers[0]


class Chromium(Engine):
    """Chromium with the extension, every host name leading to this machine."""

    name = "chromium"
    between = (Error,)
    maker = (".google.com", ".googleapis.com", ".gvt1.com")

    def __init__(
        self,
        binary: str,
        source: Path = EXTENSION,
        *,
        everywhere: bool = True,
        screen: Screen | None = None,
    ) -> None:
        self.screen = screen  # with one, its keyboard presses the browser's own buttons
        super().__init__(binary, source, everywhere=everywhere)

    def start(self) -> None:
        self.errors = []
        self.proxy = serve_proxy()
        self._crashed = False
        self._folder = Path(tempfile.mkdtemp(prefix="contextlib-news-chromium-"))
        extension = copy_extension(self._folder, self.source, everywhere=self.everywhere)
        if self.screen:
            path = extension / "manifest.json"
            manifest = json.loads(path.read_text(encoding="utf-8"))
            manifest["commands"]["_execute_action"] = {"suggested_key": {"default": BUTTON_KEY}}
            path.write_text(json.dumps(manifest), encoding="utf-8")
        self._context = driver().chromium.launch_persistent_context(
            self._folder / "profile",
            executable_path=self._binary,
            headless=self.screen is None,
            env={**(self.screen.environment if self.screen else os.environ)},
            args=[
                "--no-sandbox",  # the sandbox does not start for root, as in containers
                "--disable-dev-shm-usage",
                f"--disable-extensions-except={extension}",
                f"--load-extension={extension}",
                "--host-resolver-rules=MAP * 127.0.0.1",
                f"--proxy-server={self.proxy.url()}",
                "--proxy-bypass-list=<-loopback>",  # this machine too
            ],
        )
        self._context.set_default_timeout(WAIT_SECONDS * 1000)
        self._context.on("close", self._crash)
        self._context.on("page", lambda page: page.on("crash", self._crash))
        self._context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self._context.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        workers = self._context.service_workers
        worker = workers[0] if workers else self._context.wait_for_event("serviceworker")
        self.origin = worker.url.removesuffix("/background/worker.js")
        self._read_welcome()
        self._control = self._context.new_page()
        self._control.goto(f"{self.origin}/panel/panel.html?wait&tab=1")
        self._page: Page = self._context.new_page()
        self._scheme = "light"
        self._size = (1280, 800)

    def _read_welcome(self) -> None:
        """Wait for the page that opens after the installation: it looks for a service."""
        address = f"{self.origin}/{WELCOME}"
        first = self._context.pages[0]

        def welcome() -> Page | None:
            first.wait_for_timeout(20)  # lets the news of tabs come in
            return next((page for page in self._context.pages if page.url == address), None)

        page: Page = self.wait("the first page", welcome)
        page.wait_for_selector("html[data-ready]")
        page.close()

    def _crash(self, *_: object) -> None:
        self._crashed = True

    def alive(self) -> bool:
        try:
            return not self._crashed and self.control("chrome.storage.local.get().then(() => true)")
        except Error:
            return False

    def goto(self, url: str) -> None:
        self._page.close()
        self._page = self._context.new_page()
        self._apply()
        self.errors.clear()
        self._page.goto(url, wait_until="load")

    def evaluate(self, expression: str) -> Any:
        return self._json(self._page, expression)

    def control(self, expression: str) -> Any:
        return self._json(self._control, expression)

    @staticmethod
    def _json(page: Page, expression: str) -> Any:
        return json.loads(
            page.evaluate(f"async () => JSON.stringify(await ({expression})) ?? 'null'")
        )

    @contextmanager
    def own_page(self, path: str) -> Iterator[OwnPage]:
        page = self._context.new_page()
        page.set_viewport_size({"width": self._size[0], "height": self._size[1]})
        page.emulate_media(color_scheme="dark" if self._scheme == "dark" else "light")
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        try:
            page.goto(f"{self.origin}/{path}")
            page.wait_for_selector("html[data-ready]")
            self._page.bring_to_front()
            yield OwnPage(
                lambda expression: self._json(page, expression),
                lambda: page.screenshot(animations="disabled", full_page=True),
                lambda: self._accessible(page),
            )
        finally:
            page.close()

    @contextmanager
    def beside(self) -> Iterator[None]:
        stays, self._page = self._page, self._context.new_page()
        self._apply()
        try:
            yield
        finally:
            self._page.close()
            self._page = stays
            stays.bring_to_front()

    def kill_worker(self) -> None:
        browser = self._context.browser
        assert browser is not None
        session = browser.new_browser_cdp_session()
        for target in session.send("Target.getTargets")["targetInfos"]:
            if target["type"] == "service_worker":
                session.send("Target.closeTarget", {"targetId": target["targetId"]})
        session.detach()

    def crash(self) -> None:
        browser = self._context.browser
        assert browser is not None
        with suppress(Error):
            browser.new_browser_cdp_session().send("Browser.crash")

    def choose_from_menu(self, text: str, *, in_page: bool = True) -> None:
        info = {"menuItemId": "known", "selectionText": text, "editable": False}
        self._dispatch("contextMenus.onClicked", info, {"id": self.tab()} if in_page else None)

    def choose_at(self, x: float, y: float, chosen: Callable[[], Any]) -> None:
        screen = self.screen
        if screen is None:
            raise NotImplementedError("Chromium opens its menu before a screen alone")
        title = re.escape(self._page.title())
        self._page.bring_to_front()
        self.wait("the window", lambda: screen.front(title))

        def done() -> bool:
            self._page.mouse.click(x, y, button="right")
            self._page.wait_for_timeout(1_000)
            # Its last entry is the one of the developer tools, the extension's stands above it.
            screen.press("Up", "Up", "Return")
            for _ in range(20):
                self._page.wait_for_timeout(100)
                if chosen():
                    return True
            screen.press("Escape")  # a menu that came too late
            return False

        self.wait("the choice", done)

    def press_shortcut(self, name: str) -> None:
        if self.screen:
            self._type({one["name"]: one["shortcut"] for one in self._commands()}[name])
            return
        self._dispatch("commands.onCommand", name, {"id": self.tab()})

    def _dispatch(self, event: str, *values: object) -> None:
        self.control("chrome.runtime.sendMessage({type: 'reconcile'})")  # wakes the worker
        worker = self._context.service_workers[-1]
        worker.evaluate(f"(values) => chrome.{event}.dispatch(...values)", list(values))

    def accessible(self) -> Accessible:
        return self._accessible(self._page)

    def _accessible(self, page: Page) -> Accessible:
        session = self._context.new_cdp_session(page)
        try:
            nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        finally:
            session.detach()
        by_id = {node["nodeId"]: node for node in nodes}

        def made(node: dict[str, Any]) -> list[Accessible]:
            below = [
                child
                for number in node.get("childIds", ())
                if number in by_id
                for child in made(by_id[number])
            ]
            role = node["role"]["value"]
            role = ROLES.get(role, role)
            if node["ignored"] or not role or role == "InlineTextBox":
                return below
            told = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
            name = str(node.get("name", {}).get("value", ""))
            live = str(told.get("live", "off"))
            return [Accessible(role, name, live, bool(told.get("focused")), tuple(below))]

        (whole,) = made(nodes[0])
        return whole

    def _commands(self) -> list[dict[str, str]]:
        held: list[dict[str, str]] = self.control("chrome.commands.getAll()")
        return held

    def _type(self, shortcut: str) -> None:
        """Press a shortcut of the extension on the keyboard."""
        assert self.screen is not None
        self._page.bring_to_front()
        title = re.escape(self._page.title())
        self.wait("the window", lambda: self.screen is not None and self.screen.front(title))
        self.screen.press(shortcut.lower())

    def press_button(self) -> None:
        if self.screen:
            self._type(BUTTON_KEY)
            return
        self._page.bring_to_front()
        self.control("chrome.action.openPopup()")

    def press_in_popup(self, name: str) -> None:
        popup = self.framed("popup")
        assert popup is not None
        place = popup(
            f"(() => {{ const box = document.getElementById({json.dumps(name)})"
            ".getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        browser = self._context.browser
        assert browser is not None
        session = browser.new_browser_cdp_session()
        targets = session.send("Target.getTargets")["targetInfos"]
        url = f"{self.origin}/panel/panel.html"
        (target,) = [one["targetId"] for one in targets if one["url"] == url]
        own = session.send("Target.attachToTarget", {"targetId": target})["sessionId"]
        for number, kind in enumerate(("mousePressed", "mouseReleased"), 1):
            where = {"x": place[0], "y": place[1], "button": "left", "clickCount": 1}
            message = {
                "id": number,
                "method": "Input.dispatchMouseEvent",
                "params": {"type": kind, **where},
            }
            session.send(
                "Target.sendMessageToTarget", {"sessionId": own, "message": json.dumps(message)}
            )
        session.detach()

    def answer_permission(self, *, yes: bool) -> None:
        if not self.screen:
            raise NotImplementedError("Chromium's question is out of reach without a screen")
        screen = self.screen
        origins = "chrome.permissions.getAll().then((all) => all.origins.length)"
        # The question takes the place of the popup, and passes over what is pressed too soon.
        self.wait("the question", lambda: self.framed("popup") is None)
        before = self.control(origins)
        if yes:
            self._page.wait_for_timeout(1_000)
            screen.press("Tab")  # from the button that refuses to the one that allows

            def allowed() -> bool:
                screen.press("Return")
                self._page.wait_for_timeout(700)
                return bool(self.control(origins) > before)

            self.wait("the answer", allowed)
            return

        def gone() -> bool:
            screen.press("Escape")
            self._page.wait_for_timeout(700)
            self.press_button()
            self._page.wait_for_timeout(700)
            return self.framed("popup") is not None

        self.wait("the question to be refused", gone)
        assert self.control(origins) == before

    def _close_side(self) -> None:
        # Closed by its own page, as the cross in its frame does.
        self.control(f"({_VIEW % _FRAMED['side']}?.close(), 1)")

    def emulate(self, *, forced_colors: bool = False, reduced_motion: bool = False) -> None:
        self._page.emulate_media(
            forced_colors="active" if forced_colors else "none",
            reduced_motion="reduce" if reduced_motion else "no-preference",
        )
        self._know("forced-colors", "active" if forced_colors else "none")
        self._know("prefers-reduced-motion", "reduce" if reduced_motion else "no-preference")

    def click(self, x: float, y: float) -> None:
        self._page.mouse.click(x, y)

    def move(self, x: float, y: float) -> None:
        self._page.mouse.move(x, y)

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def view(self, width: int, height: int, *, dark: bool = False) -> None:
        self._size = (width, height)
        self._scheme = "dark" if dark else "light"
        self._apply()

    def _apply(self) -> None:
        self._page.set_viewport_size({"width": self._size[0], "height": self._size[1]})
        self._page.emulate_media(color_scheme="dark" if self._scheme == "dark" else "light")

    def screenshot(self, *, whole: bool = False) -> bytes:
        self._page.bring_to_front()
        return self._page.screenshot(animations="disabled", full_page=whole)

    def console_errors(self) -> list[str]:
        self._page.wait_for_timeout(50)  # lets the events that wait be delivered
        return list(self.errors)

    def close(self) -> None:
        with suppress(Error):
            self._context.close()
        self.proxy.close()
        shutil.rmtree(self._folder, ignore_errors=True)
