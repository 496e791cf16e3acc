"""The local servers of the browser tests: pages to read, and a relay that sees what is sent."""

from __future__ import annotations

import contextlib
import html
import json
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PAGES = Path(__file__).resolve().parent / "pages"

HOLD_SECONDS = 300

STRICT_POLICY = (
    "default-src 'none'; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "sandbox allow-scripts allow-same-origin"
)


@dataclass
class Server:
    """A server on this machine; ``requests`` are the method and path of each request it got."""

    httpd: ThreadingHTTPServer
    requests: list[tuple[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    open: threading.Event = field(default_factory=threading.Event)  # while unset, answers wait
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.httpd.server_address[1])

    def url(self, path: str = "", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def start(self) -> None:
        self.open.set()
        threading.Thread(target=self.httpd.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.httpd.shutdown()
        self.httpd.server_close()


class Quiet(BaseHTTPRequestHandler):
    """What the servers of the tests have in common."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests read the list of requests."""

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


TYPES = {
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xml": "application/xml",
    "xhtml": "application/xhtml+xml",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "js": "text/javascript; charset=utf-8",
}


def serve_pages(made: dict[str, str | bytes]) -> Server:
    """Serve the pages of the folder and the made ones; ``/strict.html`` with a strict policy."""

    class Handler(Quiet):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            server.requests.append(("GET", path))
            name = path.lstrip("/")
            if name == "favicon.ico":
                self.answer(204, b"", {})
                return
            content = made.get(name)
            if content is None and "/" not in name and (PAGES / name).is_file():
                content = (PAGES / name).read_text(encoding="utf-8")
            if content is None:
                self.answer(404, b"", {})
                return
            headers = {"Content-Type": TYPES[name.rpartition(".")[2]]}
            if name == "strict.html":
                headers["Content-Security-Policy"] = STRICT_POLICY
            if isinstance(content, str):
                content = content.replace("PORT", str(server.port)).encode()
            self.answer(200, content, headers)

    server = Server(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    server.start()
    return server


def serve_relay(port: int) -> Server:
    """Pass everything on to the service on ``port`` and keep what was sent.

    ``headers`` are those of the last request.
    """

    class Handler(Quiet):
        def relay(self) -> None:
            server.headers = dict(self.headers.items())
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            server.requests.append((self.command, self.path))
            if self.command == "POST":
                server.bodies.append(json.loads(body))
            server.open.wait(HOLD_SECONDS)
            sent = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
            with contextlib.closing(
                HTTPConnection("127.0.0.1", port, timeout=HOLD_SECONDS)
            ) as connection:
                connection.request(self.command, self.path, body or None, sent)
                answer = connection.getresponse()
                content = answer.read()
                kept = {k: v for k, v in answer.getheaders() if k.lower() not in HOP}
            with contextlib.suppress(ConnectionError):  # a reader who gave up
                self.answer(answer.status, content, kept)

        do_GET = do_POST = do_OPTIONS = relay

    server = Server(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    server.start()
    return server


def serve_answer(
    content: bytes | dict[str, bytes],
    status: int = 200,
    headers: dict[str, str] | None = None,
    delay: float = 0,
) -> Server:
    """Answer every request with the same text, as a broken or hostile service would.

    A dict has the texts by path.
    """

    class Handler(Quiet):
        def respond(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.requests.append((self.command, self.path))
            time.sleep(delay)
            sent = {
                "Content-Type": "application/json",
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Expose-Headers": "Retry-After",
                **(headers or {}),
            }
            with contextlib.suppress(ConnectionError):  # a reader who gave up
                text = content.get(self.path, b"") if isinstance(content, dict) else content
                self.answer(status, text, sent)

        do_GET = do_POST = do_OPTIONS = respond

    server = Server(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    server.start()
    return server


HOP = frozenset(
    {
        *("connection", "proxy-connection", "keep-alive", "transfer-encoding"),
        *("content-length", "date", "server"),
    }
)


def page_of_text(text: str, title: str) -> str:
    """Return a web page with one paragraph for each line of a text, as a newspaper sets it."""
    lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title></head><body><header><nav>"
        f'<a href="/">Home</a></nav></header><main><article>{lines}</article></main></body></html>'
    )


def page_of_demonstration(content: str) -> str:
    """Return the demonstration article as a web page on its own."""
    demo = json.loads(content)
    tags = {"heading": "h2", "quote": "blockquote", "footer": "small"}
    parts = []
    for block in demo["blocks"]:
        tag = tags.get(block["role"], "p")
        links = "".join(
            f' <a href="{html.escape(link["href"])}">{html.escape(link["text"])}</a>'
            for link in block.get("links", ())
        )
        parts.append(f"<{tag}>{html.escape(block['text'])}{links}</{tag}>")
    page = (PAGES / "newspaper.html").read_text(encoding="utf-8")
    return page.replace("{title}", html.escape(demo["title"])).replace("{body}", "\n".join(parts))
