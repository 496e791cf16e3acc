"""A proxy that keeps what a whole browser asks for: pages, extensions, workers, the browser itself.

The logs that a browser gives of itself have gaps: Firefox leaves out what extensions' background
pages ask for. A proxy has none, and every name leads to this machine, whatever it is.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

from tests.browser.sites import HOLD_SECONDS, HOP, Quiet, Server

__all__ = ["Asked", "Proxy", "serve_proxy"]

# What the servers of the tests never listen on; a browser that asks there means the outside.
FIRST_OWN_PORT = 1024


@dataclass(frozen=True)
class Asked:
    """One request: its method, the host and the port that it was for, and its path."""

    method: str
    host: str
    port: int
    path: str

    @property
    def outside(self) -> bool:
        """Whether it was for no server of the tests."""
        return self.port < FIRST_OWN_PORT or self.method == "CONNECT"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}{self.path}"


class Proxy(Server):
    """The proxy; ``asked`` are the requests in the order in which they came."""

    asked: list[Asked]


def serve_proxy() -> Proxy:
    """Start a proxy on this machine that leads every name to this machine."""

    class Handler(Quiet):
        def do_CONNECT(self) -> None:
            host, _, port = self.path.rpartition(":")
            proxy.asked.append(Asked("CONNECT", host, int(port), ""))
            self.answer(403, b"", {})

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = urlsplit(self.path)
            path = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
            asked = Asked(self.command, url.hostname or "", url.port or 80, path)
            proxy.asked.append(asked)
            if asked.outside:
                self.answer(403, b"", {})
                return
            sent = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            try:
                with contextlib.closing(
                    HTTPConnection("127.0.0.1", asked.port, timeout=HOLD_SECONDS)
                ) as connection:
                    connection.request(self.command, path, body or None, sent)
                    answer = connection.getresponse()
                    content = answer.read()
                    self.send_response(answer.status)
                    for name, value in answer.getheaders():
                        if name.lower() not in HOP:
                            self.send_header(name, value)
                    if answer.status not in {204, 304}:
                        self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
            except (OSError, HTTPException):
                # As where nothing listens: no answer at all, not one of the proxy's own.
                self.close_connection = True

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = pass_on

    proxy = Proxy(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    proxy.asked = []
    proxy.start()
    return proxy
