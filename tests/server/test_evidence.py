"""Links that claims rest on, against a real server: gone, moved, changed, slow, endless pages."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from contextlib_news_server.evidence import Checker, archived_copy
from contextlib_news_server.fetching import Fetcher
from contextlib_news_server.store import claims, drafts, links, queue
from contextlib_news_server.store.database import read
from contextlib_news_server.store.links import LinkState
from contextlib_news_server.store.queue import QueueItem
from contextlib_news_server.store.tables import links as table
from sqlalchemy import Engine

from contextlib_news.models import Quotation, Review
from tests.factories import make_claim, make_report
from tests.server.bad_answers import hang_up, send_without_end

Answer = Callable[[BaseHTTPRequestHandler], None]
ALL = "9999-12-31"


def text(subject: str) -> str:
    """An article of some two hundred words about a subject, unlike one about another."""
    return " ".join(
        f"{subject} number {n} of the town was counted twice by {subject}s in year {1900 + n}."
        for n in range(20)
    )


def html(subject: str) -> bytes:
    body = f"<h1>News</h1><p>{text(subject)}</p>"
    return f"<!doctype html><html><body><main>{body}</main></body></html>".encode()


def page(body: bytes, kind: str = "text/html", etag: str = "") -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        same = etag and handler.headers.get("If-None-Match") == etag
        handler.send_response(304 if same else 200)
        handler.send_header("Content-Type", kind)
        if etag:
            handler.send_header("ETag", etag)
        handler.end_headers()
        if not same:
            handler.wfile.write(body)

    return answer


def says(status: int, location: str = "") -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if location:
            handler.send_header("Location", location)
        handler.end_headers()

    return answer


def endless(handler: BaseHTTPRequestHandler) -> None:
    send_without_end(handler, "text/html", b"<p>more " * 1_000)


def slow(handler: BaseHTTPRequestHandler) -> None:
    send_without_end(handler, "text/html", b" ", pause=0.1)


class Site:
    """What the server answers on its paths, and what it was asked, when."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.port = 0

    def url(self, path: str, host: str = "paper.example") -> str:
        return f"http://{host}:{self.port}/{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((time.monotonic(), self.path, dict(self.headers)))
            site.pages.get(self.path.lstrip("/"), says(404))(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # we hang up on those that never end

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def checker(engine: Engine, site: Site) -> Checker:
    return build(engine, site)


def build(
    engine: Engine, site: Site, pause: float = 0.0, *hosts: str, max_seconds: float = 120.0
) -> Checker:
    allowed = [f"{host}:{site.port}" for host in (hosts or ("paper.example",))]
    fetcher = Fetcher(
        allowed,
        private=allowed,
        max_bytes=200_000,
        max_seconds=max_seconds,
        resolve=lambda *_: ["127.0.0.1"],
    )
    return Checker(engine, fetcher, allowed, pause_seconds=pause)


def rest_on(engine: Engine, *addresses: str, claim: str = "bridge") -> None:
    reports = tuple(make_report(url=address, date="2022-01-28") for address in addresses)
    with engine.begin() as connection:
        claims.save(
            connection, make_claim(id=claim, reports=reports), made_by="Ada", reason="a test"
        )


def look(checker: Checker, limit: int = 50) -> dict[str, str]:
    """Visit everything again; the state of each address that was visited, by its path."""
    found: dict[str, str] = {}
    checker.run(
        limit,
        moment=ALL,
        report=lambda link, finding: found.update({link.address.split("/", 3)[3]: finding.state}),
    )
    return found


def waiting(engine: Engine) -> list[QueueItem]:
    with read(engine) as connection:
        return queue.page(connection, kind=links.KIND)


def test_each_fate_of_a_page_is_told_apart(engine: Engine, site: Site, checker: Checker) -> None:
    site.pages |= {
        "fine": page(html("bridge")),
        "gone": says(410),
        "moved": says(301, "/fine"),
        "away": says(308, "https://other.example/page"),
        "aside": says(302, "/fine"),
        "busy": says(500),
        "endless": endless,
        "hang-up": hang_up,
        "loop": says(302, "/loop"),
        "picture": page(b"\x89PNG", "image/png"),
        "plain": page(text("bridge").encode(), "text/plain"),
        "inward": says(301, "http://127.0.0.1:1/admin"),
    }
    rest_on(engine, *(site.url(path) for path in (*site.pages, "never")))
    assert look(checker) == {
        "fine": "there",
        "gone": "gone",
        "never": "gone",
        "moved": "moved",
        "away": "moved",
        "aside": "there",
        "busy": "unreachable",
        "endless": "there",
        "hang-up": "unreachable",
        "loop": "unreachable",
        "picture": "there",
        "plain": "there",
        "inward": "moved",
    }
    told = {str((item.payload or {})["address"]).split("/", 3)[3] for item in waiting(engine)}
    assert told == {"gone", "never", "moved", "away", "inward"}
    item = next(item for item in waiting(engine) if "gone" in item.reason and "410" in item.reason)
    assert item.claim_id == "bridge"
    assert (item.payload or {})["archived copy"] == (
        f"https://web.archive.org/web/20220128/{site.url('gone')}"
    )


def test_a_page_that_never_comes_whole_is_out_of_reach(engine: Engine, site: Site) -> None:
    site.pages["slow"] = slow
    rest_on(engine, site.url("slow"))
    assert look(build(engine, site, max_seconds=1.0)) == {"slow": "unreachable"}


def test_a_page_that_says_something_else_is_told_once_and_until_somebody_decides(
    engine: Engine, site: Site, checker: Checker
) -> None:
    site.pages["page"] = page(html("bridge"))
    rest_on(engine, site.url("page"))
    assert look(checker) == {"page": "there"}
    site.pages["page"] = page(html("bridge").replace(b"number 3 ", b"number three "))
    assert look(checker) == {"page": "there"}, "a correction is no other page"
    site.pages["page"] = page(html("casino"))
    for _ in range(3):
        assert look(checker) == {"page": "changed"}
        (item,) = waiting(engine)
    assert "has changed" in item.reason
    with engine.begin() as connection:
        queue.decide(connection, item.number, state="done", by="Ada", decision="still there")
    for _ in range(3):
        look(checker)
        assert waiting(engine) == []
    site.pages["page"] = page(b"<p>This page is no longer here.</p>")
    assert look(checker) == {"page": "changed"}
    assert len(waiting(engine)) == 1


def test_what_is_in_order_again_leaves_the_queue(
    engine: Engine, site: Site, checker: Checker
) -> None:
    site.pages["page"] = page(html("bridge"), etag='"a"')
    rest_on(engine, site.url("page"))
    look(checker)
    site.pages["page"] = says(404)
    assert look(checker) == {"page": "gone"}
    assert len(waiting(engine)) == 1
    site.pages["page"] = page(html("bridge"), etag='"a"')
    assert look(checker) == {"page": "there"}
    assert waiting(engine) == []
    site.pages["page"] = says(404)
    look(checker)
    assert len(waiting(engine)) == 1, "new trouble is told anew"


def test_a_host_that_is_down_for_an_evening_is_not_told_of(
    engine: Engine, site: Site, checker: Checker
) -> None:
    site.pages["page"] = says(503)
    rest_on(engine, site.url("page"))
    for told in (0, 0, 1, 1):
        assert look(checker) == {"page": "unreachable"}
        assert len(waiting(engine)) == told
        with read(engine) as connection:
            assert links.due(connection, f"paper.example:{site.port}") == []
    site.pages["page"] = page(html("bridge"))
    look(checker)
    assert waiting(engine) == []


def test_a_page_that_did_not_change_sends_nothing(
    engine: Engine, site: Site, checker: Checker
) -> None:
    site.pages["page"] = page(html("bridge"), etag='"a"')
    rest_on(engine, site.url("page"))
    look(checker)
    assert "If-None-Match" not in site.asked[-1][2]
    assert look(checker) == {"page": "there"}
    assert site.asked[-1][2]["If-None-Match"] == '"a"'
    site.pages["page"] = page(html("casino"), etag='"b"')
    assert look(checker) == {"page": "changed"}
    site.pages["page"] = page(html("bridge"), etag='"c"')
    assert look(checker) == {"page": "there"}


def test_hosts_take_turns_and_are_given_a_pause(engine: Engine, site: Site) -> None:
    hosts = ("one.example", "two.example")
    checker = build(engine, site, 0.3, *hosts)
    site.pages |= {f"{n}": page(html("bridge")) for n in range(3)}
    rest_on(engine, *(site.url(str(n), host) for host in hosts for n in range(3)))
    assert checker.run(50).total() == 6
    for host in hosts:
        times = [at for at, _, headers in site.asked if headers["Host"].startswith(host)]
        assert len(times) == 3
        assert all(later - earlier >= 0.29 for earlier, later in itertools.pairwise(times))


def test_a_busy_host_is_left_alone(engine: Engine, site: Site, checker: Checker) -> None:
    site.pages |= {f"{n}": says(429) for n in range(5)}
    rest_on(engine, *(site.url(str(n)) for n in range(5)))
    assert checker.run(50) == {LinkState.UNREACHABLE: 1}
    assert len(site.asked) == 1


def test_only_what_is_due_on_listed_hosts_is_visited(
    engine: Engine, site: Site, checker: Checker
) -> None:
    site.pages["page"] = page(html("bridge"))
    rest_on(
        engine,
        site.url("page"),
        site.url("page", "other.example"),
        "http://127.0.0.1:1/x",
        "ftp://a.example/x".replace("ftp", "https"),
    )
    assert checker.run(50) == {LinkState.THERE: 1}
    assert checker.run(50) == {}
    assert len(site.asked) == 1


def test_links_follow_what_is_published(engine: Engine, site: Site, checker: Checker) -> None:
    site.pages |= {name: page(html("bridge")) for name in ("one", "two", "three", "four")}
    rest_on(engine, site.url("one"))
    rest_on(engine, site.url("one"), site.url("two"), claim="other")
    assert sorted(look(checker)) == ["one", "two"]
    rest_on(engine, site.url("three"), claim="other")
    assert sorted(look(checker)) == ["one", "three"]
    with engine.begin() as connection:
        held = claims.get(connection, "bridge")
        assert held is not None
        drafts.retire(connection, "bridge", seen=held.revision, made_by="Ada", reason="gone")
        claims.save(
            connection,
            make_claim(
                id="rest",
                reports=(),
                reviews=(Review(publisher="Checks", rating="False", url=site.url("four")),),
                quotations=(Quotation(text="A.", source="B", url=site.url("two")),),
            ),
            made_by="Ada",
            reason="a test",
        )
    assert sorted(look(checker)) == ["four", "three", "two"]


def test_each_claim_on_a_dead_link_is_put_into_the_queue_once(
    engine: Engine, site: Site, checker: Checker
) -> None:
    for number in range(3):
        rest_on(engine, site.url("gone"), claim=f"claim-{number}")
    for _ in range(2):
        look(checker)
        assert sorted(item.claim_id or "" for item in waiting(engine)) == [
            "claim-0",
            "claim-1",
            "claim-2",
        ]
    for item in waiting(engine):
        with engine.begin() as connection:
            queue.decide(connection, item.number, state="dismissed", by="Ada")
    look(checker)
    assert waiting(engine) == []


def test_of_several_processes_one_visits(engine: Engine, site: Site) -> None:
    site.pages |= {f"{n}": page(html("bridge")) for n in range(6)}
    rest_on(engine, *(site.url(str(n)) for n in range(6)))
    checkers = [build(engine, site) for _ in range(3)]
    threads = [threading.Thread(target=checker.run, args=(50,)) for checker in checkers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path for _, path, _ in site.asked) == [f"/{n}" for n in range(6)]


def test_no_text_of_a_page_is_kept(engine: Engine, site: Site, checker: Checker) -> None:
    site.pages["page"] = page(html("swordfish"))
    rest_on(engine, site.url("page"))
    look(checker)
    with read(engine) as connection:
        (row,) = connection.execute(table.select()).all()
    assert row.fingerprint
    assert "swordfish" not in str(row)


def test_where_an_archive_shows_its_copy() -> None:
    address = "https://a.example/x?y=1"
    for day, when in ((None, ""), ("2022", "2022/"), ("2022-01", "202201/"), ("odd", "")):
        assert archived_copy(address, day) == f"https://web.archive.org/web/{when}{address}"
