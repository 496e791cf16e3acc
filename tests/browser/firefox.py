"""The system's Firefox over WebDriver BiDi."""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.bidi import Bidi
from tests.browser.engine import Engine, copy_extension

NAMES = ("firefox-esr", "firefox")
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011"}


def find_firefox() -> str | None:
    """Return the path of an installed Firefox, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Firefox(Engine):
    """Firefox with the extension, every host name leading to this machine."""

    name = "firefox"

    def __init__(self, binary: str) -> None:
        self.errors = []
        self._folder = Path(tempfile.mkdtemp(prefix="contextlib-news-extension-"))
        extension = copy_extension(self._folder)
        manifest = json.loads((extension / "manifest.json").read_text(encoding="utf-8"))
        own = manifest["browser_specific_settings"]["gecko"]["id"]
        self.origin = f"moz-extension://{(host := str(uuid.uuid4()))}"
        self._bidi = Bidi(
            binary,
            {
                "browser.shell.checkDefaultBrowser": False,
                "datareporting.policy.dataSubmissionEnabled": False,
                "extensions.webextensions.uuids": json.dumps({own: host}),
                "network.dns.forceResolve": "127.0.0.1",
                "network.captive-portal-service.enabled": False,
                "network.connectivity-service.enabled": False,
                "app.update.disabledForTesting": True,
                "layout.css.prefers-color-scheme.content-override": 1,
            },
        )
        self._bidi.send("session.subscribe", events=["log.entryAdded"])
        self._bidi.send(
            "webExtension.install", extensionData={"type": "path", "path": str(extension)}
        )
        self._page = self._bidi.send("browsingContext.getTree")["contexts"][0]["context"]
        self._control = self._new_tab(background=True)
        self._open(self._control, f"{self.origin}/panel/panel.html?wait&tab=1")
        self._size = (1280, 800)

    def _new_tab(self, *, background: bool) -> str:
        made = self._bidi.send("browsingContext.create", type="tab", background=background)
        return str(made["context"])

    def _open(self, tab: str, url: str) -> None:
        self._bidi.send("browsingContext.navigate", context=tab, url=url, wait="complete")

    def goto(self, url: str) -> None:
        old, self._page = self._page, self._new_tab(background=False)
        self._bidi.send("browsingContext.close", context=old)
        self._apply()
        self._bidi.events.clear()
        self._open(self._page, url)

    def evaluate(self, expression: str) -> Any:
        return self._bidi.evaluate(self._page, expression)

    def control(self, expression: str) -> Any:
        return self._bidi.evaluate(self._control, expression)

    @contextmanager
    def panel(self) -> Iterator[Callable[[str], Any]]:
        number, tab = self.tab(), self._new_tab(background=True)
        try:
            self._open(tab, f"{self.origin}/panel/panel.html?wait&tab={number}")
            ready = "document.documentElement.dataset.ready"
            self.wait("the panel", lambda: self._bidi.evaluate(tab, ready))
            yield lambda expression: self._bidi.evaluate(tab, expression)
        finally:
            self._bidi.send("browsingContext.close", context=tab)

    def _act(self, *sources: dict[str, Any]) -> None:
        self._bidi.send("input.performActions", context=self._page, actions=list(sources))

    def _mouse(self, *actions: dict[str, Any]) -> None:
        self._act({"type": "pointer", "id": "mouse", "actions": list(actions)})

    def click(self, x: float, y: float) -> None:
        self._mouse(
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def move(self, x: float, y: float) -> None:
        self._mouse({"type": "pointerMove", "x": round(x), "y": round(y)})

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        actions = [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._act({"type": "key", "id": "keyboard", "actions": actions})

    def view(self, width: int, height: int, *, dark: bool = False) -> None:
        self._size = (width, height)
        chrome = self._bidi.send("browsingContext.getTree", **{"moz:scope": "chrome"})
        window = chrome["contexts"][0]["context"]
        name = json.dumps("layout.css.prefers-color-scheme.content-override")
        self._bidi.evaluate(window, f"Services.prefs.setIntPref({name}, {0 if dark else 1})")
        self._apply()

    def _apply(self) -> None:
        size = {"width": self._size[0], "height": self._size[1]}
        self._bidi.send("browsingContext.setViewport", context=self._page, viewport=size)

    def screenshot(self) -> bytes:
        self._bidi.send("browsingContext.activate", context=self._page)
        answer = self._bidi.send("browsingContext.captureScreenshot", context=self._page)
        return base64.b64decode(answer["data"])

    def console_errors(self) -> list[str]:
        self._bidi.send("session.status")  # events that wait arrive before its answer
        return [
            event["params"].get("text") or ""
            for event in self._bidi.events
            if event["method"] == "log.entryAdded" and event["params"]["level"] == "error"
        ]

    def close(self) -> None:
        self._bidi.close()
        shutil.rmtree(self._folder, ignore_errors=True)
