"""The small production server under ``serve``: one process, a few threads, many patient sockets."""

from __future__ import annotations

import gc

from flask import Flask
from waitress import create_server
from waitress.server import BaseWSGIServer, MultiSocketServer

from contextlib_news_server.config import Config

__all__ = ["build_server", "settle_memory"]

# A body of up to this many bytes more than is taken still gets a problem document.
LARGEST_EXPLAINED = 32 * 1024 * 1024

# Some wait for their turn (``admission``) while others answer what costs nothing.
THREADS = 32

# Requests are read before a thread takes them, so that callers who send slowly hold a socket each
# and no thread; there are enough sockets that a crowd of them leaves room for others.
SOCKETS = 2_000
IDLE_SECONDS = 30


def settle_memory() -> None:
    """Take what is held by now (tables of words, the index) out of the collector's sight.

    It would look through all of it again and again: 8 of 45 milliseconds of a page.
    """
    gc.collect()
    gc.freeze()


def build_server(app: Flask, config: Config) -> BaseWSGIServer | MultiSocketServer:
    """Return the server, listening at the host and port of the settings; raises OSError."""
    settle_memory()
    return create_server(
        app,
        host=config.host,
        port=config.port,
        threads=THREADS,
        ident="contextlib-news",
        # Wider than the application's own limit, whose answer says what to do about it.
        max_request_body_size=4 * config.max_body_bytes + LARGEST_EXPLAINED,
        max_request_header_size=64 * 1024,
        connection_limit=SOCKETS,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=10,
        asyncore_use_poll=True,
    )
