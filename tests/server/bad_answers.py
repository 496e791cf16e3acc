"""What servers do that no client should wait for: answers without an end, connections hung up."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler

__all__ = ["hang_up", "send_without_end"]


def send_without_end(
    handler: BaseHTTPRequestHandler, kind: str, part: bytes, *, pause: float = 0.0
) -> None:
    """Answer with one part after another, each after a pause in seconds, until the client goes."""
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.end_headers()
    while True:
        handler.wfile.write(part)
        handler.wfile.flush()
        time.sleep(pause)


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.connection.close()
