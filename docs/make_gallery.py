"""Take the gallery of the extension anew, in the browsers that the tests drive, and write its page.

usage: contextlib-news serve & python -m docs.make_gallery [FOLDER] [http://127.0.0.1:8765]
"""

from __future__ import annotations

import base64
import sys
from importlib.resources import files
from pathlib import Path

from tests.browser.chromium import Chromium, find_chromium
from tests.browser.engine import Engine
from tests.browser.firefox import Firefox, find_firefox
from tests.browser.made import made_pages
from tests.browser.sites import Server, page_of_demonstration, serve_pages

HERE = Path(__file__).parent / "images" / "extension"
PAGE = Path(__file__).parent / "extension-gallery.md"
HOST = "daily.example"

# The pictures in the order of the page; what is not named here is not kept.
STATES = {
    "strip-wide": "The strip",
    "card-wide": "A claim",
    "card-dark": "On a dark page",
    "fine-print": "Fine print",
    "list": "All notes",
    "phone-strip": "On a phone: the strip",
    "phone-card": "On a phone: a card",
    "phone-dark": "On a phone, dark",
    "arabic": "In Arabic",
    "links": "Labels of links",
    "selection": "What is known about a selection",
    "down": "The service is down",
    "panel-light": "The panel",
    "panel-dark": "The panel, dark",
    "options-light": "The settings",
    "options-dark": "The settings, dark",
    "welcome-light": "The first page",
    "welcome-dark": "The first page, dark",
}
INTRODUCTION = """# What the extension looks like

Taken by `python -m docs.make_gallery` in the browsers that the tests drive. The newspaper and its
article are ours.

| State | Chromium | Firefox |
| --- | --- | --- |
"""

# Pictures are made smaller by the browser itself; long pages are cut.
WIDTH, HEIGHT = 640, 900
SHRINK = """(async () => { const bytes = Uint8Array.from(atob("%s"), (c) => c.charCodeAt(0));
const picture = await createImageBitmap(new Blob([bytes]));
const scale = Math.min(1, %d / picture.width); const width = Math.round(picture.width * scale);
const canvas = new OffscreenCanvas(width, Math.min(Math.round(picture.height * scale), %d));
const pen = canvas.getContext("2d"); pen.imageSmoothingQuality = "high";
pen.drawImage(picture, 0, 0, width, Math.round(picture.height * scale));
const data = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
let text = ""; for (const byte of data) text += String.fromCharCode(byte);
return btoa(text); })()"""


def main() -> None:
    """Write the pictures of both engines."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    base = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8765"
    folder.mkdir(parents=True, exist_ok=True)
    demo = (files("contextlib_news.data") / "demo_article.json").read_text(encoding="utf-8")
    site = serve_pages({**made_pages(), "demo.html": page_of_demonstration(demo)})
    for make, find in ((Chromium, find_chromium), (Firefox, find_firefox)):
        binary = find()
        if binary is None:
            continue
        engine = make(binary)
        try:
            take(engine, site, base, folder)
        finally:
            engine.close()
    site.close()
    if folder == HERE:
        PAGE.write_text(INTRODUCTION + "".join(map(row, STATES)), encoding="utf-8")


def row(name: str) -> str:
    """Return the row of a state."""
    pictures = (
        f"![{STATES[name]}, in {browser}](images/extension/{browser.lower()}-{name}.png)"
        for browser in ("Chromium", "Firefox")
    )
    return f"| {STATES[name]} | {' | '.join(pictures)} |\n"


def take(engine: Engine, site: Server, base: str, folder: Path) -> None:
    """Write the pictures of one engine."""

    def save(name: str, picture: bytes) -> None:
        if name not in STATES:
            return
        small = engine.control(SHRINK % (base64.b64encode(picture).decode(), WIDTH, HEIGHT))
        (folder / f"{engine.name}-{name}.png").write_bytes(base64.b64decode(small))

    def open_page(page: str, **settings: object) -> None:
        engine.use_service(base, timeoutSeconds=15, **settings)
        engine.control("chrome.runtime.sendMessage({type: 'reconcile'})")
        engine.goto(site.url(f"/{page}", HOST))

    def show(kind: str) -> None:
        state = engine.state()
        note = next(n for n in state["listed"] if n["kind"] == kind)
        engine.tell("show", id=note["id"])
        # The raters of reports are drawn a moment after the card.
        engine.evaluate("new Promise((resolve) => setTimeout(resolve, 1500))")

    for name, size, dark in (("wide", (1280, 800), False), ("dark", (1280, 800), True)):
        engine.view(*size, dark=dark)
        open_page("demo.html" if not dark else "dark.html", theme="dark" if dark else "auto")
        engine.annotate()
        save(f"strip-{name}", engine.screenshot())
        show("claim")
        save(f"card-{name}", engine.screenshot())
    engine.view(1280, 800)
    open_page("demo.html")
    engine.annotate()
    show("disclaimer")
    save("fine-print", engine.screenshot())
    engine.overlay("(root.querySelector('.strip details').open = true, 1)")
    engine.press("Escape")
    save("list", engine.screenshot())
    engine.view(360, 740)
    open_page("demo.html")
    engine.annotate()
    save("phone-strip", engine.screenshot())
    show("claim")
    save("phone-card", engine.screenshot())
    engine.view(360, 740, dark=True)
    open_page("dark.html")
    engine.annotate()
    show("claim")
    save("phone-dark", engine.screenshot())
    engine.view(1280, 800)
    open_page("demo.html", language="ar")
    engine.annotate()
    show("claim")
    save("arabic", engine.screenshot())
    open_page("links.html", labels="everywhere")
    marks = "root ? root.querySelectorAll('.mark').length : 0"
    engine.wait("the labels", lambda: engine.overlay(marks) >= 400)
    save("links", engine.screenshot())
    open_page("ordinary.html")
    engine.evaluate("getSelection().selectAllChildren(document.getElementById('staged'))")
    engine.annotate()
    engine.tell("select", text="The SDF staged the prison break to keep US forces in Syria.")
    engine.wait("the claims", lambda: engine.overlay("root.querySelector('.found li') !== null"))
    save("selection", engine.screenshot())
    engine.use_service("http://127.0.0.1:9")
    engine.goto(site.url("/ordinary.html", HOST))
    engine.annotate()
    save("down", engine.screenshot())
    for dark in (False, True):
        mode = "dark" if dark else "light"
        engine.view(420, 700, dark=dark)
        open_page("demo.html")
        engine.annotate()
        with engine.panel() as panel:
            save(f"panel-{mode}", panel.screenshot())
        for path in ("options/options.html", "welcome/welcome.html"):
            # As high as the picture may be: the button to save stays at the foot of the window.
            engine.view(900, round(HEIGHT * 900 / WIDTH), dark=dark)
            with engine.own_page(path) as page:
                save(f"{path.split('/')[0]}-{mode}", page.screenshot())


if __name__ == "__main__":
    main()
