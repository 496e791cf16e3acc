"""Fixtures of the browser tests: two engines, the real service, pages on a local server."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import pytest

from tests.browser.engine import Engine
from tests.browser.made import FRAMEWORKS, framework_scripts, made_pages
from tests.browser.sites import (
    Server,
    page_of_demonstration,
    page_of_text,
    serve_pages,
    serve_relay,
)
from tests.ports import free_port

READY_SECONDS = 300
HERE = Path(__file__).resolve().parent
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


FAILED = pytest.StashKey[bool]()


# What takes long in one engine alone is done in the other one with the slow tests.
SLOW_IN_FIREFOX = {
    "test_accessibility.py",
    "test_curators_day.py",
    "test_lists.py",
    "test_managed.py",
    "test_panel.py",
    "test_privacy.py",
    "test_public_pages.py",
    "test_screen_reader.py",
    "test_try.py",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a browser test be run once more, in a fresh browser, before it counts as failed.

    Browsers are large programs that others write: now and then one stalls or crashes. Which tests
    needed it stands at the end of the run; one that is named there again and again is to be mended.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))
            if item.path.name in SLOW_IN_FIREFOX and "[firefox" in item.name:
                item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.session.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Engine]]:
    """The browsers that were started so far, by name; they go on while the other one is tested."""
    started: dict[str, Engine] = {}
    yield started
    for engine in started.values():
        engine.close()


@pytest.fixture(scope="session", params=["chromium", "firefox"])
def engine(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Engine:
    """One browser after the other, each started once, and once more after a test that failed."""
    name: str = request.param
    if name not in engines:
        engines[name] = _start(name)
    return engines[name]


@pytest.fixture(autouse=True)
def _living_engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give each test a browser that answers, and see that it asked nobody outside."""
    if "engine" not in request.fixturenames:
        yield
        return
    engine: Engine = request.getfixturevalue("engine")
    if request.session.stash.get(FAILED, False) or not engine.alive():
        engine.restart()
        request.session.stash[FAILED] = False
    engine.proxy.asked.clear()
    yield
    assert [one for one in engine.asked() if one.outside] == []


@pytest.fixture
def browser(engine: Engine, relay: Server, site: Server) -> Engine:
    """The browser as a reader finds it, the extension pointed at the service of the tests."""
    engine.view(1280, 800)
    engine.use_service(relay.url())
    relay.requests.clear()
    relay.bodies.clear()
    relay.open.set()
    site.requests.clear()
    return engine


def command() -> str:
    """The command of the package, as it was installed."""
    beside = Path(sys.executable).with_name("contextlib-news")
    return str(beside if beside.exists() else shutil.which("contextlib-news"))


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[int]:
    """Run the real service in a process of its own, all it keeps in a folder; give its port."""
    port = free_port()
    log = folder / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [command(), "serve", "--port", str(port), "--database", database_in(folder)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={
                "PATH": "/usr/bin:/bin",
                "CONTEXTLIB_NEWS_DATA_FOLDER": str(folder),
                "CONTEXTLIB_NEWS_MAX_SECONDS": "600",  # however busy the machine is
                **{f"CONTEXTLIB_NEWS_{name}": value for name, value in settings.items()},
            },
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
        process.wait(READY_SECONDS)


def database_in(folder: Path) -> str:
    """The address of the database of a service whose folder this is."""
    return f"sqlite:///{folder / 'claims.db'}"


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the real service with the starter claims, in a process of its own."""
    with serving(tmp_path_factory.mktemp("service")) as port:
        yield port


@pytest.fixture(scope="session")
def relay(service: int) -> Iterator[Server]:
    """The way to the service; it keeps what passes."""
    server = serve_relay(service)
    yield server
    server.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The pages of the tests, the demonstration article and, where it is, the reference one."""
    demo = (files("contextlib_news.data") / "demo_article.json").read_text(encoding="utf-8")
    scripts, reason = framework_scripts(tmp_path_factory.mktemp("frameworks"))
    made: dict[str, str | bytes] = {
        **made_pages(),
        **scripts,
        "demo.html": page_of_demonstration(demo),
    }
    if REFERENCE.is_file():
        made["reference.html"] = page_of_text(REFERENCE.read_text("utf-8"), "Reference article")
    server = serve_pages(made)
    server.missing = dict.fromkeys((f"{name}.html" for name in FRAMEWORKS), reason)
    yield server
    server.close()
