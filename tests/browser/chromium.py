"""The system's Chromium through Playwright; its own browsers are never downloaded."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.engine import Engine, copy_extension

NAMES = ("chromium", "chromium-browser", "google-chrome-for-testing")


def find_chromium() -> str | None:
    """Return the path of an installed Chromium that loads unpacked extensions, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Chromium(Engine):
    """Chromium with the extension, every host name leading to this machine."""

    name = "chromium"

    def __init__(self, binary: str) -> None:
        self.errors = []
        self._folder = Path(tempfile.mkdtemp(prefix="contextlib-news-chromium-"))
        extension = copy_extension(self._folder)
        self._playwright = sync_playwright().start()
        self._context = self._playwright.chromium.launch_persistent_context(
            self._folder / "profile",
            executable_path=binary,
            headless=True,
            args=[
                "--no-sandbox",  # the sandbox does not start for root, as in containers
                "--disable-dev-shm-usage",
                f"--disable-extensions-except={extension}",
                f"--load-extension={extension}",
                "--host-resolver-rules=MAP * 127.0.0.1",
            ],
        )
        self._context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self._context.on(
            "console",
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )
        workers = self._context.service_workers
        worker = workers[0] if workers else self._context.wait_for_event("serviceworker")
        self.origin = worker.url.removesuffix("/background/worker.js")
        self._control = self._context.new_page()
        self._control.goto(f"{self.origin}/panel/panel.html?wait&tab=1")
        self._page: Page = self._context.new_page()
        self._scheme = "light"
        self._size = (1280, 800)

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
    def panel(self) -> Iterator[Callable[[str], Any]]:
        tab = self.tab()
        page = self._context.new_page()
        try:
            page.goto(f"{self.origin}/panel/panel.html?wait&tab={tab}")
            page.wait_for_selector("html[data-ready]")
            self._page.bring_to_front()
            yield lambda expression: self._json(page, expression)
        finally:
            page.close()

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

    def screenshot(self) -> bytes:
        self._page.bring_to_front()
        return self._page.screenshot(animations="disabled")

    def console_errors(self) -> list[str]:
        self._page.wait_for_timeout(50)  # lets the events that wait be delivered
        return list(self.errors)

    def close(self) -> None:
        self._context.close()
        self._playwright.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
