"""The served application, a server of test pages, and both browsers with the extension."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.engines import Chromium, Engine, Firefox

PAGES = Path(__file__).parent / "pages"
SERVING = re.compile(r"serving at (http://\S+)")


@dataclass
class PageServer:
    """Pages from memory and from the folder, and a log of what was asked for."""

    address: str = ""
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add(self, path: str, html: str, **headers: str) -> str:
        self.pages[path] = (html, {k.replace("_", "-"): v for k, v in headers.items()})
        return self.address + path


@pytest.fixture(scope="session")
def pages() -> Iterator[PageServer]:
    served = PageServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            html, headers = served.pages.get(self.path, ("", {}))
            self.send_response(200 if self.path in served.pages else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode("utf-8"))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_port}"
    for path in PAGES.glob("*.html"):
        served.add(f"/{path.name}", path.read_text(encoding="utf-8"))
    strict = served.pages["/article.html"][0]
    served.add(
        "/strict.html",
        strict,
        Content_Security_Policy="default-src 'none'; require-trusted-types-for 'script'",
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real service on a database of its own."""
    folder = tmp_path_factory.mktemp("service")
    process = subprocess.Popen(
        [sys.executable, "-m", "contextlib_news", "serve", "--port", "0"],
        env={**os.environ, "CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    lines = []
    address = None
    for line in process.stderr:
        lines.append(line)
        found = SERVING.search(line)
        if found:
            address = found[1]
            break
    assert address, "".join(lines)
    drain = threading.Thread(target=process.stderr.read, daemon=True)
    drain.start()
    yield address
    process.terminate()
    process.wait(20)
    drain.join(5)
    process.stderr.close()


@pytest.fixture(scope="session")
def extension(root: Path, service: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the extension with its optional hosts granted and the service's address set."""
    folder = tmp_path_factory.mktemp("extension") / "extension"
    shutil.copytree(root / "extension", folder)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["host_permissions"] = ["http://*/*", "https://*/*"]
    del manifest["optional_host_permissions"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    script = folder / "background" / "service.js"
    text = script.read_text(encoding="utf-8")
    assert '"http://127.0.0.1:8765"' in text
    script.write_text(text.replace('"http://127.0.0.1:8765"', json.dumps(service)), "utf-8")
    return folder


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest, extension: Path) -> Iterator[Engine]:
    engine: Engine = Chromium(extension) if request.param == "chromium" else Firefox(extension)
    yield engine
    engine.close()
