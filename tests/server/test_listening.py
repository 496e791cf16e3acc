"""PostgreSQL tells of a change; what is cut off listens again and misses nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from contextlib_news_server import matcher as module
from contextlib_news_server.listening import Listener
from contextlib_news_server.matcher import Matcher, StaleIndexError
from contextlib_news_server.store import claims
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError

from contextlib_news.models import Claim

# Far longer than any of it takes; nothing here is timed.
PATIENCE = 300.0


def save(engine: Engine, claim_id: str) -> None:
    with engine.begin() as connection:
        claim = Claim(id=claim_id, text=f"The {claim_id} opened in 1931.")
        claims.save_many(connection, [claim], made_by="a test", reason="r")


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def heard(engine: Engine) -> Iterator[Matcher]:
    """A matcher that never looks by itself within a test and is told of changes."""
    if engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL tells")
    matcher = Matcher(engine, poll_seconds=3600.0)
    matcher.current()
    listener = Listener(engine, matcher)
    listener.start()
    until(lambda: matcher.told)
    yield matcher
    listener.stop()


def test_a_change_is_told(engine: Engine, heard: Matcher) -> None:
    save(engine, "bridge")
    until(lambda: heard.current().index.claim("bridge") is not None)


def test_a_listener_that_was_cut_off_listens_again(engine: Engine, heard: Matcher) -> None:
    engine.dispose()
    admin = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    admin.dispose()
    until(lambda: not heard.told)
    save(engine, "tunnel")
    until(lambda: heard.told and heard.current().index.claim("tunnel") is not None)


def test_notes_go_on_for_a_while_without_the_database_and_then_stop(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(engine, "bridge")
    matcher = Matcher(engine, 0.0)
    matcher.current()

    def away(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    with monkeypatch.context() as patch:
        patch.setattr(matcher, "_follow", away)
        assert matcher.current().index.claim("bridge") is not None
        patch.setattr(module, "STALE_SECONDS", 0.0)
        with pytest.raises(StaleIndexError):
            matcher.current()
    save(engine, "tunnel")
    assert matcher.current().index.claim("tunnel") is not None
