"""Take the README's screenshots anew from a running service.

usage: contextlib-news serve & python docs/make_images.py [http://127.0.0.1:8765]
"""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent / "images"
TERMINAL = """<!doctype html><meta charset=utf-8><style>
body { margin: 0; background: #14171c; color: #e6e9ee; }
pre { margin: 0; padding: 24px 28px; font: 15px/1.5 "DejaVu Sans Mono", monospace; }
b { color: #7cc7de; font-weight: 400; }
</style><pre>"""


def main() -> None:
    """Write the three images."""
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8765"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        # Without motion, so that no picture is taken of a card that is still coming.
        page = browser.new_page(viewport={"width": 1280, "height": 820}, reduced_motion="reduce")
        page.goto(f"{base}/try")
        page.wait_for_selector("#annotate")
        page.wait_for_timeout(500)
        page.click("#annotate")
        # The page's policy forbids evaluating text, so its own status line is waited for.
        page.locator("#status", has_text="notes").wait_for()
        page.evaluate(
            "contextlibNewsTry.show(contextlibNewsTry.state.answer.notes.find("
            "(note) => note.claim?.id === 'starter-06').id)"
        )
        page.wait_for_timeout(1_500)  # the raters of reports are drawn a moment after the card
        page.screenshot(path=HERE / "reader.png")
        page.goto(f"{base}/claims/starter-06")
        page.screenshot(path=HERE / "admin.png")
        page = browser.new_page(viewport={"width": 900, "height": 640})
        page.set_content(TERMINAL + html.escape(terminal()).replace("$ ", "<b>$</b> ") + "</pre>")
        page.screenshot(path=HERE / "developer.png")
        browser.close()


def terminal() -> str:
    """Return what the command line prints for two sentences of the demonstration article."""
    article = (files("contextlib_news.data") / "demo_article.json").read_text(encoding="utf-8")
    blocks = [block["text"] for block in json.loads(article)["blocks"]]
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.txt"
        page.write_text("\n".join([blocks[4], blocks[-1]]), encoding="utf-8")
        command = [sys.executable, "-m", "contextlib_news", "annotate", str(page)]
        url = ["--url", "https://www.theguardian.com/story"]
        said = subprocess.run(  # noqa: S603  our own command
            [*command, *url], capture_output=True, text=True, check=True
        )
    lines = said.stdout.splitlines()[:34]
    asked = f"$ contextlib-news annotate page.txt {' '.join(url)}"
    return "\n".join([asked, *lines])


if __name__ == "__main__":
    main()
