"""The client against the served application, and against services that misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.services import KEY
from contextlib_news_server.serving import build_server
from contextlib_news_server.store import tokens

from contextlib_news import Page
from contextlib_news.client import Client, ServiceError
from contextlib_news.models import Block, BlockRole, Link
from tests.serving import running

ATTACK = "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a service that asks for a token, and one."""
    folder = tmp_path_factory.mktemp("served")
    plain = Config.from_env(
        {"CONTEXTLIB_NEWS_DATA_FOLDER": str(folder), "CONTEXTLIB_NEWS_MAX_SECONDS": "600"}
    )
    config = replace(plain, port=0, token_required=True)
    app = create_app(config)
    with app.extensions[KEY].engine.begin() as connection:
        secret = tokens.add(connection, "a", ["annotate", "read", "flag"], made_by="a test")
    with running(build_server(app, config)) as port:
        yield f"http://127.0.0.1:{port}", secret
    app.extensions[KEY].engine.dispose()


@pytest.fixture
def client(served: tuple[str, str]) -> Client:
    return Client(*served)


def test_pages_in_every_form(client: Client) -> None:
    link = Link(href="https://www.reuters.com/a", text="told", block="b1")
    blocks = (Block(text=ATTACK, id="b1", role=BlockRole.HEADING),)
    for page in (
        Page(text=ATTACK, url="https://a.example/"),
        Page(html=f"<p>{ATTACK}</p>"),
        Page(html=f"<p>{ATTACK}</p>".encode()),
        Page(blocks=blocks, links=(link,), language="en", title="A title"),
    ):
        answer = client.annotate(page)
        assert answer["document"]["matched"] == 1
    assert {"claim", "citation"} <= {note["kind"] for note in answer["notes"]}
    first, second = client.annotate_many([Page(text=ATTACK), Page(text="Hello.")])
    assert first["document"]["matched"] == 1
    assert second["document"]["matched"] == 0


def test_notes_as_they_are_found(client: Client) -> None:
    *parts, last = client.annotate_in_parts(Page(text=ATTACK, url="https://veteranstoday.com/"))
    assert parts[0]["notes"][0]["kind"] == "outlet"
    assert last["document"]["matched"] == 1


def test_claims_and_outlets(client: Client) -> None:
    first, *_ = client.search(ATTACK, limit=3)
    assert first["score"] > 0.8
    assert client.claim(first["id"])["text"] == first["text"]
    assert client.claim("none/of them") is None
    assert len(list(client.claims())) >= 42
    assert client.outlet("www.theonion.com")["domain"] == "theonion.com"
    assert client.outlet("nobody-rates-this.example") is None
    found = client.outlets(["theonion.com", "nobody-rates-this.example"])
    assert found["nobody-rates-this.example"] is None
    assert client.flag("not so", claim_id=first["id"]) >= 1


def test_problems_say_what_is_wrong(served: tuple[str, str], client: Client) -> None:
    with pytest.raises(ServiceError, match="token") as caught:
        Client(served[0]).search("x")
    assert caught.value.status == 401
    with pytest.raises(ServiceError) as caught:
        client.annotate(Page(text="a", url="h" * 5_000))
    assert caught.value.status == 422
    assert caught.value.problem["errors"][0]["field"] == "url"
    assert "cnews_" not in repr(client)


@pytest.mark.parametrize("address", ["", "127.0.0.1:8765", "file:///etc/passwd", "http://"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(ServiceError):
        Client(address)


def test_a_service_that_is_not_there() -> None:
    with pytest.raises(ServiceError, match="could not be asked") as caught:
        Client("http://127.0.0.1:9").search("x")
    assert caught.value.status == 0


Answer = Callable[[BaseHTTPRequestHandler], None]


def answering(status: int, body: bytes, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def dawdle(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read()  # until the client hangs up


ODD = {
    "no JSON": (answering(200, b"<html>"), "no JSON"),
    "a list": (answering(200, b"[]"), "no JSON object"),
    "too deep": (answering(200, b"[" * 100_000), "no JSON"),
    "a redirect": (answering(302, b"", Location="http://127.0.0.1:9/"), "302"),
    "a page of a proxy": (answering(502, b"<html>Bad gateway"), "502"),
    "asked too often": (answering(429, b'{"detail": "Wait."}', Retry_After="7"), "Wait"),
    "cut off": (lambda handler: handler.connection.close(), "could not be asked"),
    "slow": (dawdle, "could not be asked"),
}


@pytest.mark.parametrize("name", ODD)
def test_services_that_misbehave(name: str) -> None:
    answer, message = ODD[name]
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    # Only who says nothing is given up soon: the others may be slow on a busy machine.
    timeout = 0.5 if name == "slow" else 120.0
    client = Client(f"http://127.0.0.1:{server.server_port}", timeout_seconds=timeout)
    with pytest.raises(ServiceError, match=message) as caught:
        client.search("x")
    server.shutdown()
    server.server_close()
    thread.join()
    assert len(asked) == 1
    if name == "asked too often":
        assert (caught.value.status, caught.value.retry_after) == (429, 7)


def test_a_stream_that_breaks_off_says_so(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    lines = iter([b'{"notes": []}\n', b'{"problem": {"status": 503, "detail": "x"}}\n'])

    class Body:
        def readline(self, _: int) -> bytes:
            return next(lines, b"")

        def __enter__(self) -> Body:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(Client, "_open", lambda *_: Body())
    parts = client.annotate_in_parts(Page(text="x"))
    assert next(parts) == {"notes": []}
    with pytest.raises(ServiceError) as caught:
        next(parts)
    assert caught.value.status == 503
