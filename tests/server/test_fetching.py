"""Only what is allowed is fetched, and neither names, redirects nor bodies lead anywhere else.

Against a real server on this machine; only the resolver is ours, as the suite has no network.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme
from contextlib_news_server.fetching import Fetcher, FetchError, FetchRefusedError

PAGES: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/feed": (200, {"Content-Type": "application/json", "ETag": '"1"'}, b'{"a": 1}'),
    "/packed": (
        200,
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        gzip.compress(b"{}" + b" " * 100),
    ),
    "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000)),
    "/cut": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 5_000)[:-20]),
    "/brotli": (200, {"Content-Encoding": "br"}, b"x"),
    "/large": (200, {}, b"0" * 2_000_000),
    "/gone": (410, {}, b"gone"),
    "/to-feed": (302, {"Location": "/feed"}, b""),
    "/to-other": (302, {"Location": "http://other.example/feed"}, b""),
    "/to-metadata": (302, {"Location": "http://169.254.169.254/latest"}, b""),
    "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
    "/to-itself": (302, {"Location": "/to-itself"}, b""),
    "/to-nothing": (302, {}, b""),
}


class Handler(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []  # noqa: RUF012  # shared by the requests of a test

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        if self.path == "/drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while True:
                self.wfile.write(b"X")
                self.wfile.flush()
                time.sleep(0.1)
        if self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"0" * 1_000)
                time.sleep(0.01)
        status, headers, body = PAGES.get(self.path, (404, {}, b""))
        if self.headers.get("If-None-Match") == headers.get("ETag", ""):
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # callers that hang up are what is tested


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def fetcher(port: int) -> Fetcher:
    return build(port, max_seconds=120.0)  # what answers at all is waited for on a busy machine too


@pytest.fixture
def hasty(port: int) -> Fetcher:
    """One who gives up on what never ends."""
    return build(port, max_seconds=1.0)


def build(port: int, max_seconds: float) -> Fetcher:
    name = f"feeds.example:{port}"
    return Fetcher(
        [name],
        private=[name],
        max_bytes=1_000_000,
        max_seconds=max_seconds,
        resolve=lambda *_: ["127.0.0.1"],
    )


@pytest.fixture
def base(port: int) -> str:
    Handler.asked.clear()
    return f"http://feeds.example:{port}"


def test_an_allowed_address_is_fetched_by_its_name(fetcher: Fetcher, base: str, port: int) -> None:
    found = fetcher.fetch(f"{base}/feed", content_types=["application/json"])
    assert (found.status, found.content, found.etag) == (200, b'{"a": 1}', '"1"')
    assert Handler.asked == [(f"feeds.example:{port}", "/feed")]


def test_a_conditional_question(fetcher: Fetcher, base: str) -> None:
    found = fetcher.fetch(f"{base}/feed", etag='"1"')
    assert (found.status, found.content) == (304, b"")


def test_a_packed_answer_is_unpacked(fetcher: Fetcher, base: str) -> None:
    assert fetcher.fetch(f"{base}/packed").content.strip() == b"{}"


def test_a_redirect_within_the_list_is_followed(fetcher: Fetcher, base: str) -> None:
    found = fetcher.fetch(f"{base}/to-feed")
    assert (found.url, found.status) == (f"{base}/feed", 200)


def test_another_status_is_told_without_content(fetcher: Fetcher, base: str) -> None:
    found = fetcher.fetch(f"{base}/gone")
    assert (found.status, found.content) == (410, b"")


@pytest.mark.parametrize(
    "path", ["/to-other", "/to-metadata", "/to-file", "/to-nothing", "/to-itself"]
)
def test_redirects_that_lead_astray(fetcher: Fetcher, base: str, path: str) -> None:
    with pytest.raises(FetchError):
        fetcher.fetch(f"{base}{path}")
    assert all("other" not in host and "169.254" not in host for host, _ in Handler.asked)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/bomb", "larger than"),
        ("/large", "larger than"),
        ("/cut", "ends too soon"),
        ("/brotli", "packed as br"),
    ],
)
def test_bodies_that_swell_or_break_off(
    fetcher: Fetcher, base: str, path: str, reason: str
) -> None:
    with pytest.raises(FetchError, match=reason):
        fetcher.fetch(f"{base}{path}")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/drip", "took longer|connection failed"), ("/endless", "took longer|larger than")],
)
def test_answers_that_never_end_are_given_up(
    hasty: Fetcher, base: str, path: str, reason: str
) -> None:
    with pytest.raises(FetchError, match=reason):  # else this test would never end either
        hasty.fetch(f"{base}{path}")


def test_content_of_another_kind_is_not_taken(fetcher: Fetcher, base: str) -> None:
    with pytest.raises(FetchError, match="text/html"):
        fetcher.fetch(f"{base}/feed", content_types=["text/html"])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feeds.example/feed",
        "ftp://feeds.example/feed",
        "file:///etc/passwd",
        "gopher://feeds.example/",
        "http://other.example/",
        "http://feeds.example.evil.example/",
        "http://feeds.example@evil.example/",
        "http://evil.example#@feeds.example/",
        "http://evil.example\\@feeds.example/",
        "http://user:secret@feeds.example/",
        "http://feeds.example:22/",
        "http://[::1]/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://feeds.example/\r\nX: y",
        "http://feeds.exam\tple/",
        "http://feeds.example:99999/",
        "http://ｆeeds.example/",
        "http://feeds.example/" + "a" * 5_000,
    ],
)
def test_addresses_that_are_not_allowed(url: str) -> None:
    def resolve(*_: object) -> list[str]:
        raise AssertionError("a name was looked up that is not on the list")

    fetcher = Fetcher(["feeds.example"], resolve=resolve)
    if url != "http://feeds.example:99999/":
        assert not fetcher.allows(url)
    with pytest.raises(FetchRefusedError):
        fetcher.fetch(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
        *("2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1", "::127.0.0.1", "nonsense"),
    ],
)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    fetcher = Fetcher(["feeds.example"], resolve=lambda *_: ["93.184.215.14", address])
    with pytest.raises(FetchRefusedError, match="not public"):
        fetcher.fetch("https://feeds.example/feed")


def test_the_address_that_was_checked_is_the_one_that_is_asked(port: int) -> None:
    """A name that changes its mind after the check would be looked up a second time."""
    looked_up: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["127.0.0.9"]

    name = f"feeds.example:{port}"
    found = Fetcher([name], private=[name], resolve=resolve).fetch(f"http://{name}/feed")
    assert found.status == 200
    assert looked_up == ["feeds.example"]


def test_a_name_nobody_knows(port: int) -> None:
    def resolve(*_: object) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    with pytest.raises(FetchError, match="not known"):
        Fetcher(["feeds.example"], resolve=resolve).fetch("https://feeds.example/")


def test_a_resolver_that_hangs() -> None:
    def resolve(*_: object) -> list[str]:
        time.sleep(5)
        return []

    with pytest.raises(FetchError, match="too long"):
        Fetcher(["feeds.example"], max_seconds=0.2, resolve=resolve).fetch("https://feeds.example/")


@pytest.mark.parametrize(
    ("certified", "taken"), [("feeds.example", True), ("other.example", False)]
)
def test_a_certificate_is_held_to_the_name(certified: str, taken: bool) -> None:
    authority = trustme.CA()
    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certified).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ours = ssl.create_default_context()
    authority.configure_trust(ours)
    name = f"feeds.example:{server.server_port}"
    fetcher = Fetcher([name], private=[name], resolve=lambda *_: ["127.0.0.1"], tls=ours)
    if taken:
        assert fetcher.fetch(f"https://{name}/feed").content == b'{"a": 1}'
    else:
        with pytest.raises(FetchError, match="connection failed"):
            fetcher.fetch(f"https://{name}/feed")
    server.shutdown()
    server.server_close()
