"""Feeds are followed, against a real server that changes, withdraws, breaks, and never ends."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from contextlib_news_server.fetching import Fetcher
from contextlib_news_server.following import Followed, Follower, follow
from contextlib_news_server.store import claims, drafts, queue, revisions, sources, subscriptions
from contextlib_news_server.store.database import read
from contextlib_news_server.store.removal import remove
from contextlib_news_server.store.subscriptions import FeedForm, Subscription
from contextlib_news_server.store.tables import subscriptions as table
from sqlalchemy import Engine

from contextlib_news.errors import CommandError
from tests.server.bad_answers import hang_up, send_without_end

Answer = Callable[[BaseHTTPRequestHandler], None]


def review(number: int, rating: str = "False", **more: Any) -> dict[str, Any]:
    return {
        "@type": "ClaimReview",
        "url": f"https://checks.example/{number}",
        "claimReviewed": f"The bridge of town {number} is made of cheese.",
        "author": {"@type": "Organization", "name": "Checks"},
        "datePublished": "2026-01-05",
        "reviewRating": {"@type": "Rating", "alternateName": rating},
        **more,
    }


class Feed:
    """What the server answers next, and what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = lambda handler: None
        self.asked: list[dict[str, str]] = []

    def holds(self, *reviews: dict[str, Any], etag: str = "", status: int = 200) -> None:
        feed = {"@type": "DataFeed", "dataFeedElement": [{"item": [each]} for each in reviews]}
        self.says(json.dumps(feed).encode(), etag=etag, status=status)

    def says(
        self, body: bytes, kind: str = "application/json", *, etag: str = "", status: int = 200
    ) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            unchanged = etag and handler.headers.get("If-None-Match") == etag
            handler.send_response(304 if unchanged else status)
            handler.send_header("Content-Type", kind)
            if etag:
                handler.send_header("ETag", etag)
            handler.end_headers()
            if not unchanged:
                handler.wfile.write(body)

        self.answer = answer


@pytest.fixture
def feed() -> Feed:
    return Feed()


@pytest.fixture
def address(feed: Feed) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            feed.asked.append(dict(self.headers))
            feed.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # we hang up on those that never end

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://feeds.example:{server.server_port}/feed"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def fetcher(address: str) -> Fetcher:
    return build(address)


def build(address: str, max_seconds: float = 120.0) -> Fetcher:
    host = address.split("/")[2]
    return Fetcher(
        [host],
        private=[host],
        max_bytes=200_000,
        max_seconds=max_seconds,
        resolve=lambda *_: ["127.0.0.1"],
    )


def subscribe(engine: Engine, address: str, **more: Any) -> Subscription:
    with engine.begin() as connection:
        return subscriptions.add(
            connection, "checks", address, made_by="Ada", **{"publish": True, **more}
        )


def run(engine: Engine, fetcher: Fetcher) -> Followed:
    with read(engine) as connection:
        held = subscriptions.get(connection, "checks")
    assert held is not None
    return follow(engine, held, fetcher)


def counts(followed: Followed) -> tuple[int, int, int, int, int]:
    return (
        followed.added,
        followed.changed,
        followed.unchanged,
        followed.rejected,
        followed.withdrawn,
    )


def ratings(engine: Engine) -> dict[str, str]:
    with read(engine) as connection:
        return {c.reviews[0].url or "": c.reviews[0].rating for c in claims.published(connection)}


def test_new_changed_and_withdrawn_reviews(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address, licence="CC BY 4.0")
    feed.holds(review(1), review(2), review(3), etag='"a"')
    assert counts(run(engine, fetcher)) == (3, 0, 0, 0, 0)
    assert run(engine, fetcher).error is None
    assert feed.asked[-1]["If-None-Match"] == '"a"'
    feed.holds(review(1), review(2, "Half true"), review(4), etag='"b"')
    assert counts(run(engine, fetcher)) == (1, 1, 1, 0, 1)
    assert ratings(engine) == {
        "https://checks.example/1": "False",
        "https://checks.example/2": "Half true",
        "https://checks.example/4": "False",
    }
    with read(engine) as connection:
        claim = next(claims.published(connection))
        assert claim.provenance is not None
        assert claim.provenance.licence == "CC BY 4.0"
        (source,) = sources.listed(connection)
        assert (source.kind, source.url, source.licence) == ("subscription", address, "CC BY 4.0")
        history = revisions.recent(connection)
        assert "withdrawn by its publisher" in {revision.reason for revision in history}
    feed.holds(review(1), review(2, "Half true"), review(3), review(4))
    assert run(engine, fetcher).added + run(engine, fetcher).changed <= 1
    assert len(ratings(engine)) == 4


def test_what_waits_in_the_queue_is_published_by_a_person(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address, publish=False)
    feed.holds(review(1), review(2))
    assert counts(run(engine, fetcher)) == (2, 0, 0, 0, 0)
    assert ratings(engine) == {}
    with read(engine) as connection:
        first, second = queue.page(connection, kind="subscription")
    with engine.begin() as connection:
        assert subscriptions.accept(connection, first.number, made_by="Ada")
        assert not subscriptions.accept(connection, first.number, made_by="Ada")
        queue.decide(connection, second.number, state="dismissed", by="Ada")
    assert len(ratings(engine)) == 1
    assert counts(run(engine, fetcher)) == (0, 0, 2, 0, 0)
    feed.holds(review(1), review(2, "Satire"))
    assert counts(run(engine, fetcher)) == (0, 1, 1, 0, 0)
    feed.holds(review(2, "Satire"))
    assert run(engine, fetcher).withdrawn == 1
    assert ratings(engine) == {}


def test_a_feed_of_the_latest_withdraws_nothing(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address, form=FeedForm.LATEST)
    feed.holds(review(1), review(2))
    run(engine, fetcher)
    feed.holds(review(3))
    assert counts(run(engine, fetcher)) == (1, 0, 0, 0, 0)
    assert len(ratings(engine)) == 3


def test_a_feed_that_shrinks_too_much_is_not_believed(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address)
    feed.holds(*map(review, range(20)))
    run(engine, fetcher)
    feed.holds(*map(review, range(3)))
    assert run(engine, fetcher).withdrawn == 0
    assert len(ratings(engine)) == 20
    with read(engine) as connection:
        (item,) = queue.page(connection, kind="subscription-shrunk")
        assert "17 of 20" in item.reason
    feed.holds(*map(review, range(15)))
    assert run(engine, fetcher).withdrawn == 5


def test_one_bad_review_costs_only_itself_and_nothing_is_withdrawn_beside_it(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address)
    feed.holds(review(1), review(2))
    run(engine, fetcher)
    feed.holds(review(1), review(3), {"@type": "ClaimReview", "url": "https://checks.example/2"})
    followed = run(engine, fetcher)
    assert counts(followed) == (1, 0, 1, 1, 0)
    assert "dataFeedElement[2]" in followed.reasons[0]
    assert not any("/tmp" in reason for reason in followed.reasons)
    assert len(ratings(engine)) == 3


def endless(handler: BaseHTTPRequestHandler) -> None:
    send_without_end(handler, "application/json", b'{"a": 1},' * 1_000)


def slow(handler: BaseHTTPRequestHandler) -> None:
    send_without_end(handler, "application/json", b" ", pause=0.1)


BROKEN = {
    "broken": (b'{"dataFeedElement": [{', "application/json", 200),
    "empty": (b"", "application/json", 200),
    "no reviews": (b'{"dataFeedElement": []}', "application/json", 200),
    "a page without any": (b"<html><p>We moved.", "text/html", 200),
    "an image": (b"\x89PNG", "image/png", 200),
    "not there": (b"", "text/html", 404),
    "out of order": (b"", "text/html", 500),
}


@pytest.mark.parametrize(
    "what",
    [*BROKEN, endless, slow, hang_up],
    ids=lambda what: what if isinstance(what, str) else what.__name__,
)
def test_a_feed_that_fails_loses_nothing_and_is_tried_later(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher, what: str | Answer
) -> None:
    subscribe(engine, address)
    feed.holds(review(1), review(2), etag='"a"')
    run(engine, fetcher)
    if isinstance(what, str):
        body, kind, status = BROKEN[what]
        feed.says(body, kind, status=status)
    else:
        feed.answer = what
    asking = build(address, max_seconds=1.0) if what is slow else fetcher
    for failures in (1, 2, 3):
        assert run(engine, asking).error
        with read(engine) as connection:
            held = subscriptions.get(connection, "checks")
            assert held is not None
            assert held.failures == failures
            assert held.last_error
            assert held.etag == '"a"'
            told = queue.page(connection, kind="subscription-failing")
            assert len(told) == (failures == 3)
    assert len(ratings(engine)) == 2
    feed.holds(review(1), review(2))
    assert run(engine, fetcher).error is None
    with read(engine) as connection:
        held = subscriptions.get(connection, "checks")
        assert held is not None
        assert (held.failures, held.last_error) == (0, None)


def test_a_host_that_is_not_on_the_list_is_never_asked(engine: Engine, address: str) -> None:
    subscribe(engine, address)
    followed = run(engine, Fetcher(["other.example"]))
    assert "allow-list" in (followed.error or "")


def test_of_several_processes_one_runs_what_is_due(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address)
    feed.holds(review(1))
    followers = [Follower(engine, fetcher) for _ in range(4)]
    runs: list[int] = []
    threads = [threading.Thread(target=lambda f=f: runs.append(f.run_due())) for f in followers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(runs) == 1
    assert len(feed.asked) == 1
    assert followers[0].run_due() == 0
    with engine.begin() as connection:
        connection.execute(table.update().values(next_run="2020-01-01T00:00:00+00:00"))
    assert followers[0].run_due() == 1


def test_an_ended_one_is_asked_no_more_and_its_source_can_be_removed(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address)
    feed.holds(review(1))
    run(engine, fetcher)
    with pytest.raises(CommandError, match="followed"):
        remove(engine, "checks", made_by="Ada")
    with engine.begin() as connection:
        assert subscriptions.end(connection, "checks", made_by="Ada")
        assert not subscriptions.end(connection, "checks", made_by="Ada")
    assert Follower(engine, fetcher).run_due() == 0
    remove(engine, "checks", made_by="Ada")
    assert ratings(engine) == {}


def test_what_the_desk_did_to_a_review_stays(
    engine: Engine, address: str, feed: Feed, fetcher: Fetcher
) -> None:
    subscribe(engine, address)
    feed.holds(review(1))
    run(engine, fetcher)
    with engine.begin() as connection:
        (claim,) = claims.published(connection)
        held = drafts.retire(
            connection, claim.id, seen=claim.revision, made_by="Ada", reason="a mistake"
        )
        assert held.public is None
    assert counts(run(engine, fetcher))[2] == 1
    assert ratings(engine) == {}


def test_times_that_are_none(engine: Engine, address: str) -> None:
    for seconds in (0, 10, 10**9):
        with pytest.raises(CommandError):
            subscribe(engine, address, every_seconds=seconds)
