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

from websocket import WebSocketException

from tests.browser.bidi import Bidi, BidiError
from tests.browser.engine import WELCOME, Accessible, Engine, OwnPage, copy_extension
from tests.browser.proxy import serve_proxy

NAMES = ("firefox-esr", "firefox")
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011"}

# Firefox's own names of roles where ARIA has others; those without one stand for nothing.
ROLES = {
    "pushbutton": "button",
    "toggle button": "button",
    "statusbar": "status",
    "text leaf": "text",
    "listitem": "listitem",
    "summary": "button",
    "details": "group",
    "grouping": "group",
    "text container": "",
    "text": "",
    "internal frame": "",
}

# What the parent process holds for screen readers of a page in a process of its own.
TREE = """(() => { const all = Cc["@mozilla.org/accessibilityService;1"]
.getService(Ci.nsIAccessibilityService);
const told = (one) => { const more = (name) => { try {
return one.attributes.getStringProperty(name); } catch { return ""; } };
const plain = all.getStringRole(one.role); const live = more("live");
const role = plain === "landmark" ? more("xml-roles") || plain : plain;
const state = {}; one.getState(state, {});
const below = []; for (let next = one.firstChild; next; next = next.nextSibling)
below.push(told(next));
return [role, one.name ?? "", live || "off",
Boolean(state.value & Ci.nsIAccessibleStates.STATE_FOCUSED), below]; };
const browser = gBrowser.browsers.find((one) => one.currentURI.spec.endsWith(%s));
const one = all.getAccessibleFor(browser);
return one ? told(one) : ["document", "", "off", false, []]; })()"""


def find_firefox() -> str | None:
    """Return the path of an installed Firefox, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Firefox(Engine):
    """Firefox with the extension, every host name leading to this machine."""

    name = "firefox"
    between = (BidiError,)
    maker = (".mozilla.com", ".mozilla.org")

    def start(self) -> None:
        self.errors = []
        self.proxy = serve_proxy()
        self._folder = Path(tempfile.mkdtemp(prefix="contextlib-news-extension-"))
        extension = copy_extension(self._folder, self.source, everywhere=self.everywhere)
        manifest = json.loads((extension / "manifest.json").read_text(encoding="utf-8"))
        own = manifest["browser_specific_settings"]["gecko"]["id"]
        self._extension = f"WebExtensionPolicy.getByID({json.dumps(own)}).extension"
        self.origin = f"moz-extension://{(host := str(uuid.uuid4()))}"
        self._bidi = Bidi(
            self._binary,
            {
                "browser.shell.checkDefaultBrowser": False,
                "datareporting.policy.dataSubmissionEnabled": False,
                # What a reader would be asked is answered with yes, where all is allowed anyway.
                "extensions.webextOptionalPermissionPrompts": not self.everywhere,
                "extensions.webextensions.uuids": json.dumps({own: host}),
                "network.dns.forceResolve": "127.0.0.1",
                "network.captive-portal-service.enabled": False,
                "network.connectivity-service.enabled": False,
                "app.update.disabledForTesting": True,
                "media.gmp-manager.updateEnabled": False,
                "media.gmp-manager.url": "",
                "layout.css.prefers-color-scheme.content-override": 1,
                # What pages measure is not rounded to whole milliseconds.
                "privacy.reduceTimerPrecision": False,
                "network.proxy.type": 1,
                "network.proxy.http": "127.0.0.1",
                "network.proxy.http_port": self.proxy.port,
                "network.proxy.ssl": "127.0.0.1",
                "network.proxy.ssl_port": self.proxy.port,
                "network.proxy.no_proxies_on": "",
                "network.proxy.allow_hijacking_localhost": True,  # this machine too
                "network.proxy.failover_direct": False,
            },
        )
        self._bidi.send("session.subscribe", events=["log.entryAdded"])
        self._bidi.send(
            "webExtension.install", extensionData={"type": "path", "path": str(extension)}
        )
        self._page = self._bidi.send("browsingContext.getTree")["contexts"][0]["context"]
        self._read_welcome()
        self._control = self._new_tab(background=True)
        self._open(self._control, f"{self.origin}/panel/panel.html?wait&tab=1")
        self._size = (1280, 800)

    def _read_welcome(self) -> None:
        """Wait for the page that opens after the installation: it looks for a service."""

        def welcome() -> str | None:
            contexts = self._bidi.send("browsingContext.getTree")["contexts"]
            return next((one["context"] for one in contexts if one["url"].endswith(WELCOME)), None)

        tab = self.wait("the first page", welcome)
        ready = "document.documentElement?.dataset.ready"
        self.wait("the first page", lambda: self._bidi.evaluate(tab, ready))
        self._bidi.send("browsingContext.close", context=tab)

    def alive(self) -> bool:
        try:
            return bool(self.control("chrome.storage.local.get().then(() => true)"))
        except (BidiError, OSError, WebSocketException):
            return False

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
    def own_page(self, path: str) -> Iterator[OwnPage]:
        tab = self._new_tab(background=True)
        size = {"width": self._size[0], "height": self._size[1]}
        self._bidi.send("browsingContext.setViewport", context=tab, viewport=size)
        try:
            self._open(tab, f"{self.origin}/{path}")
            ready = "document.documentElement.dataset.ready"
            self.wait("the page", lambda: self._bidi.evaluate(tab, ready))
            yield OwnPage(
                lambda expression: self._bidi.evaluate(tab, expression),
                lambda: self._picture(tab, origin="document"),
                lambda: self._accessible(tab, path),
            )
        finally:
            self._bidi.send("browsingContext.close", context=tab)

    @contextmanager
    def beside(self) -> Iterator[None]:
        stays, self._page = self._page, self._new_tab(background=False)
        self._apply()
        try:
            yield
        finally:
            self._bidi.send("browsingContext.close", context=self._page)
            self._page = stays
            self._bidi.send("browsingContext.activate", context=stays)

    def kill_worker(self) -> None:
        self._in_chrome(f"{self._extension}.terminateBackground().then(() => 1)")

    def crash(self) -> None:
        self._bidi.kill()

    def choose_from_menu(self, text: str, *, in_page: bool = True) -> None:
        info = json.dumps({"menuItemId": "known", "selectionText": text, "editable": False})
        tab = "gBrowser.selectedTab" if in_page else "null"
        self._in_chrome(f"({self._extension}.emit('webext-menu-menuitem-click', {info}, {tab}), 1)")

    def choose_at(self, x: float, y: float, chosen: Callable[[], Any]) -> None:
        self._mouse(
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 2},
            {"type": "pointerUp", "button": 2},
        )
        menu = "document.getElementById('contentAreaContextMenu')"
        self.wait("the menu", lambda: self._in_chrome(f"{menu}.state === 'open'"))
        entry = f"{menu}.querySelector('[id*=contextlib-news][id*=menuitem]')"
        self._in_chrome(f"({menu}.activateItem({entry}), 1)")
        self.wait("the choice", chosen)

    def press_shortcut(self, name: str) -> None:
        press = f"{self._extension}.shortcuts.onCommand({json.dumps(name)}, gBrowser.selectedTab)"
        self._in_chrome(f"({press}, 1)")

    def accessible(self) -> Accessible:
        return self._accessible(self._page, self.evaluate("location.href"))

    def _accessible(self, tab: str, address: str) -> Accessible:
        self._bidi.send("browsingContext.activate", context=tab)
        # A window without a screen comes to the front only when it is told to.
        self._in_chrome(
            "(gBrowser.selectedBrowser.focus(), (Services.focus.activeWindow = window), 1)"
        )
        tree = self._in_chrome(TREE % json.dumps(address))

        def made(node: list[Any]) -> list[Accessible]:
            role, name, live, focused, children = node
            below = tuple(found for child in children for found in made(child))
            role = ROLES.get(role, role)
            return [Accessible(role, name, live, focused, below)] if role else list(below)

        return Accessible("document", "", "off", False, tuple(made(tree)))

    def press_button(self) -> None:
        # The way of the button's own key: the same popup, the same access to the tab.
        self._in_chrome(
            "(ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs')"
            f".ExtensionParent.apiManager.global.browserActionFor({self._extension})"
            ".triggerAction(window), 1)"
        )

    def press_in_popup(self, name: str) -> None:
        popup = self.framed("popup")
        assert popup is not None
        x, y = popup(
            f"(() => {{ const box = document.getElementById({json.dumps(name)})"
            ".getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        frame = "document.querySelector('browser.webextension-popup-browser')"
        press = "synthesizeMouseEvent(type, box.x + %d, box.y + %d, { button: 0, clickCount: 1 })"
        self._in_chrome(
            f"(() => {{ const box = {frame}.getBoundingClientRect(); for (const type of "
            f"['mousemove', 'mousedown', 'mouseup']) {press % (x, y)}; return 1; }})()"
        )

    def answer_permission(self, *, yes: bool) -> None:
        question = "document.getElementById('addon-webext-permissions-notification')"
        asked = f"PopupNotifications.panel.state === 'open' && {question}?.checkVisibility()"
        self.wait("the question", lambda: self._in_chrome(asked))
        button = "button" if yes else "secondaryButton"
        self._in_chrome(f"({question}.{button}.click(), 1)")

    def _close_side(self) -> None:
        self._in_chrome("(SidebarController.hide(), 1)")

    def emulate(self, *, forced_colors: bool = False, reduced_motion: bool = False) -> None:
        self._in_chrome(
            "(Services.prefs.setIntPref('browser.display.document_color_use', "
            f"{2 if forced_colors else 0}), Services.prefs.setIntPref("
            f"'ui.prefersReducedMotion', {int(reduced_motion)}), 1)"
        )
        self._know("forced-colors", "active" if forced_colors else "none")
        self._know("prefers-reduced-motion", "reduce" if reduced_motion else "no-preference")

    def _in_chrome(self, expression: str) -> Any:
        tree = self._bidi.send("browsingContext.getTree", **{"moz:scope": "chrome"})
        return self._bidi.evaluate(tree["contexts"][0]["context"], expression)

    def _picture(self, tab: str, **more: Any) -> bytes:
        self._bidi.send("browsingContext.activate", context=tab)
        answer = self._bidi.send("browsingContext.captureScreenshot", context=tab, **more)
        return base64.b64decode(answer["data"])

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
        name = json.dumps("layout.css.prefers-color-scheme.content-override")
        self._in_chrome(f"Services.prefs.setIntPref({name}, {0 if dark else 1})")
        self._apply()
        self._know("prefers-color-scheme", "dark" if dark else "light")

    def _apply(self) -> None:
        size = {"width": self._size[0], "height": self._size[1]}
        self._bidi.send("browsingContext.setViewport", context=self._page, viewport=size)

    def screenshot(self, *, whole: bool = False) -> bytes:
        return self._picture(self._page, **({"origin": "document"} if whole else {}))

    def console_errors(self) -> list[str]:
        self._bidi.send("session.status")  # events that wait arrive before its answer
        return [
            event["params"].get("text") or ""
            for event in self._bidi.events
            if event["method"] == "log.entryAdded" and event["params"]["level"] == "error"
        ]

    def close(self) -> None:
        self._bidi.close()
        self.proxy.close()
        shutil.rmtree(self._folder, ignore_errors=True)
