"""What somebody may try against the API, each against the served application."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from contextlib_news_server import create_app, serving
from contextlib_news_server.config import Config
from contextlib_news_server.serving import build_server
from flask import Flask

from tests.serving import running

SENTENCE = "The army killed 12 men in Hasakah on Monday."
SECONDS = 60.0  # of computing: generous, as the machines of the tests are small
PATIENCE = 300.0  # seconds for an answer, as they are busy too


@pytest.fixture
def port(app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(serving, "IDLE_SECONDS", PATIENCE)  # however long the test takes
    with running(build_server(app, replace(config, port=0))) as port:
        yield port


def ask(port: int, path: str = "/healthz") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def send(port: int, data: bytes, seconds: float = PATIENCE) -> bytes:
    """Return what is answered until the other side hangs up, or says nothing for some seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(data)
        answer = b""
        connection.settimeout(seconds)
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while piece := connection.recv(65_536):
                answer += piece
        return answer


def post(body: bytes, *lines: str, length: int | None = None) -> bytes:
    head = [
        "POST /api/v1/annotate HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if length is None else length}",
        *lines,
    ]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def is_open(connection: socket.socket) -> bool:
    """Say whether the other side still waits."""
    connection.setblocking(False)
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return True
    finally:
        connection.settimeout(PATIENCE)


def test_three_hundred_callers_who_dawdle_keep_nobody_waiting(port: int) -> None:
    with contextlib.ExitStack() as stack:
        dawdling = []
        for number in range(300):
            connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            stack.enter_context(contextlib.closing(connection))
            body = post(json.dumps({"text": SENTENCE}).encode())
            # Some stop in the headers, some in the body.
            connection.sendall(body[:40] if number % 2 else body[:-5])
            dawdling.append(connection)
        for _ in range(5):
            assert ask(port) == 200
            # It was answered while they dawdled, not after they had been given up.
            assert all(is_open(connection) for connection in dawdling)
            for number, connection in enumerate(dawdling):
                connection.sendall(b"a" if number % 2 else b"")


def test_a_body_that_is_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(post(b'{"text": "', length=5_000))
    assert ask(port) == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff" * 200,
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        post(b"{}", "Content-Length: 2"),
        post(b"{}", "Transfer-Encoding: chunked"),
        post(b"{}", length=-1),
        post(b"{}", length=10**15),
        b"POST /api/v1/annotate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        b"GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    ],
    ids=range(14),
)
def test_requests_that_are_none(port: int, data: bytes) -> None:
    answer = send(port, data, seconds=2.0)  # some are waited for to go on
    status = answer.split(b" ", 2)[1:2]
    assert not status or int(status[0]) < 500 or int(status[0]) in (501, 505)
    assert b"Traceback" not in answer
    assert ask(port) == 200


def test_two_requests_in_one_are_not_smuggled(port: int) -> None:
    inner = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    data = post(b"0\r\n\r\n" + inner, "Transfer-Encoding: chunked", length=5)
    assert b"contextlib_news_index" not in send(port, data)


def test_no_header_of_ours_can_be_written_by_a_caller(port: int) -> None:
    for path in (
        "/api/v1/claims/%0d%0aX-Evil:%20yes",
        "/claims/%0d%0aX-Evil:%20yes",
        "/outlets/a.example%0d%0aX-Evil:%20yes",
        "/api/v1/claims?after=%0d%0aX-Evil:%20yes",
    ):
        data = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        data += "X-Request-Id: a%0d%0aX-Evil: yes\r\n\r\n"
        head = send(port, data.encode()).split(b"\r\n\r\n")[0]
        assert b"\r\nX-Evil" not in head


HOSTILE = {
    "open tags": "<" * 50_000,
    "nested quotes": "“" * 2_000 + "a" + "”" * 2_000,
    "spaces": "said " + " " * 50_000 + "x",
    "numbers": "1,000" * 8_000,
    "dots": "U.S." * 10_000,
    "dashes": "a-" * 20_000,
    "dates": "Jan. 1, 2022 to " * 3_000,
    "negation": "not " * 10_000,
    "combining": "e" + "\u0301" * 20_000,
    "directions": "\u202e\u2066" * 10_000,
    "addresses": "http://" * 8_000,
    "brackets": "[" * 10_000 + "]" * 10_000,
    "references": "[1][2]" * 5_000,
    "money": "$1 million, " * 5_000,
    "one word": "a" * 90_000,
    "letters with dots": "a." * 30_000,
    "according to": "according to " * 5_000,
    "capitals": "A" * 40_000,
    "capitals and dashes": "A-B’" * 10_000,
    "names": "Mr. Al-Said of the " * 2_000,
    "disclaimer": "does not necessarily reflect the views " * 2_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", ["text", "html", "blocks"])
def test_no_text_keeps_a_worker_busy(app: Flask, name: str, form: str) -> None:
    text = HOSTILE[name][:40_000]
    content = [{"text": text}] if form == "blocks" else text
    began = time.process_time()
    answer = app.test_client().post(
        "/api/v1/annotate", json={form: content, "url": "https://a.example/"}
    )
    assert answer.status_code in (200, 413, 422)
    assert time.process_time() - began < SECONDS


def test_a_slow_page_is_cut_off_and_the_others_go_on(config: Config) -> None:
    app = create_app(replace(config, max_seconds=0.3))
    page = json.dumps({"text": f"{SENTENCE}\n" * 2_900}).encode()
    statuses: list[bytes] = []
    with running(build_server(app, replace(config, port=0))) as port:
        slow = [
            threading.Thread(target=lambda: statuses.append(send(port, post(page))[9:12]))
            for _ in range(4)
        ]
        for each in slow:
            each.start()
        assert ask(port) == 200
        for each in slow:
            each.join()
    assert statuses == [b"503"] * 4
