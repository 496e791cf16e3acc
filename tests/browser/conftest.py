"""Fixtures of the browser tests: two engines, the real service, pages on a local server."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.browser.engine import Engine
from tests.browser.sites import (
    Server,
    page_of_demonstration,
    page_of_text,
    serve_pages,
    serve_relay,
)

READY_SECONDS = 40
REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "article.txt"


def _start(name: str) -> Engine:
    # The engines are imported only here: a checkout without their packages still collects.
    if name == "chromium":
        pytest.importorskip("playwright", reason="playwright is not installed")
        from tests.browser.chromium import Chromium, find_chromium

        if not (binary := find_chromium()):
            pytest.skip("no Chromium here: apt-get install chromium")
        return Chromium(binary)
    pytest.importorskip("websocket", reason="websocket-client is not installed")
    from tests.browser.firefox import Firefox, find_firefox

    if not (binary := find_firefox()):
        pytest.skip("no Firefox here: apt-get install firefox-esr")
    return Firefox(binary)


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One browser after the other, each started once."""
    engine = _start(request.param)
    yield engine
    engine.close()


@pytest.fixture
def browser(engine: Engine, relay: Server, site: Server) -> Engine:
    """The browser as a reader finds it, the extension pointed at the service of the tests."""
    engine.view(1280, 800)
    engine.use_service(relay.url())
    relay.requests.clear()
    relay.bodies.clear()
    site.requests.clear()
    return engine


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the real service with the starter claims, in a process of its own."""
    folder = tmp_path_factory.mktemp("service")
    port = free_port()
    command = Path(sys.executable).with_name("contextlib-news")
    log = folder / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                str(command if command.exists() else shutil.which("contextlib-news")),
                *("serve", "--port", str(port), "--database", f"sqlite:///{folder / 'claims.db'}"),
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": "/usr/bin:/bin", "CONTEXTLIB_NEWS_DATA_FOLDER": str(folder)},
        )
    until = time.monotonic() + READY_SECONDS
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                    break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert process.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < until, log.read_text(errors="replace")
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="session")
def relay(service: int) -> Iterator[Server]:
    """The way to the service; it keeps what passes."""
    server = serve_relay(service)
    yield server
    server.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Server]:
    """The pages of the tests, the demonstration article and, where it is, the reference one."""
    demo = (files("contextlib_news.data") / "demo_article.json").read_text(encoding="utf-8")
    made = {"demo.html": page_of_demonstration(demo)}
    if REFERENCE.is_file():
        made["reference.html"] = page_of_text(REFERENCE.read_text("utf-8"), "Reference article")
    server = serve_pages(made)
    yield server
    server.close()
