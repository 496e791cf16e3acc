"""Chromium and Firefox behind one face: open a page, run script in it, press the extension."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

import pytest

GECKO_UUID = "6a1f4d1c-0c3e-4f57-9b52-0d3a6b1c9e11"
CHROMIUM_NAMES = ("chromium", "chromium-browser")
FIREFOX_NAMES = ("firefox-esr", "firefox")


class Engine(Protocol):
    """What a test may ask of a browser."""

    name: str

    def goto(self, url: str) -> None: ...
    def evaluate(self, script: str) -> Any: ...
    def press_extension(self) -> dict[str, Any]: ...
    def tell_extension(self, message: dict[str, Any]) -> dict[str, Any] | None: ...
    def screenshot(self, path: Path) -> None: ...
    def close(self) -> None: ...


def find(names: tuple[str, ...]) -> str:
    """The path of a browser, or a skip that says what is missing."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    pytest.skip(f"{names[0]} is not installed here")


class Chromium:
    name = "chromium"

    def __init__(self, extension: Path) -> None:
        from playwright.sync_api import sync_playwright

        binary = find(CHROMIUM_NAMES)
        self.profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        self.playwright = sync_playwright().start()
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile.name,
            executable_path=binary,
            headless=True,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                f"--disable-extensions-except={extension}",
                f"--load-extension={extension}",
            ],
        )
        workers = self.context.service_workers
        self.worker = workers[0] if workers else self.context.wait_for_event("serviceworker")
        self.id = self.worker.url.split("/")[2]
        self.page = self.context.pages[0]
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def goto(self, url: str) -> None:
        self.page.goto(url)

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)

    def tab(self) -> int:
        self.page.bring_to_front()
        return int(
            self.worker.evaluate("async () => (await chrome.tabs.query({active: true}))[0].id")
        )

    def press_extension(self) -> dict[str, Any]:
        return dict(self.worker.evaluate("(tab) => annotateTab(tab)", self.tab()))

    def tell_extension(self, message: dict[str, Any]) -> dict[str, Any] | None:
        script = "([tab, m]) => chrome.tabs.sendMessage(tab, {to: 'page', ...m}).catch(() => null)"
        return self.worker.evaluate(script, [self.tab(), message])

    def screenshot(self, path: Path) -> None:
        self.page.screenshot(path=path)

    def close(self) -> None:
        self.context.close()
        self.playwright.stop()
        self.profile.cleanup()


class Firefox:
    name = "firefox"

    def __init__(self, extension: Path) -> None:
        from tests.browser.bidi import FirefoxSession

        binary = find(FIREFOX_NAMES)
        manifest = json.loads((extension / "manifest.json").read_text(encoding="utf-8"))
        gecko = manifest["browser_specific_settings"]["gecko"]["id"]
        self.session = FirefoxSession(binary, {gecko: GECKO_UUID})
        try:
            self.session.call(
                "webExtension.install", extensionData={"type": "path", "path": str(extension)}
            )
        except RuntimeError as error:
            self.session.close()
            pytest.skip(f"this Firefox does not take the extension: {error}")
        self.page = self.session.context
        panel = self.session.call("browsingContext.create", type="tab", background=True)
        self.panel = panel["context"]
        self._goto(self.panel, f"moz-extension://{GECKO_UUID}/panel/panel.html?wait=1&tab=-1")
        self.problems: list[str] = []

    def _goto(self, context: str, url: str) -> None:
        self.session.call("browsingContext.navigate", context=context, url=url, wait="complete")

    def _evaluate(self, context: str, script: str) -> Any:
        result = self.session.call(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({script})))()",
            target={"context": context},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        value = result["result"].get("value")
        return None if value is None else json.loads(value)

    def goto(self, url: str) -> None:
        self._goto(self.page, url)

    def evaluate(self, script: str) -> Any:
        return self._evaluate(self.page, script)

    def _tab(self) -> str:
        return (
            "(await browser.tabs.query({}))"
            ".find((tab) => !/^(moz-extension|about):/.test(tab.url)).id"
        )

    def press_extension(self) -> dict[str, Any]:
        message = f"{{type: 'annotate-tab', tabId: {self._tab()}}}"
        return dict(
            self._evaluate(self.panel, f"(async () => browser.runtime.sendMessage({message}))()")
        )

    def tell_extension(self, message: dict[str, Any]) -> dict[str, Any] | None:
        sent = f"{{type: 'tell-tab', tabId: {self._tab()}, message: {json.dumps(message)}}}"
        found = self._evaluate(self.panel, f"(async () => browser.runtime.sendMessage({sent}))()")
        return None if found is None else dict(found)

    def screenshot(self, path: Path) -> None:
        shot = self.session.call("browsingContext.captureScreenshot", context=self.page)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        self.session.close()


def wait_until(check: Any, seconds: float = 10.0) -> Any:
    """The first true value of a check, or an error when the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError("it did not come true in time")
