"""Counts of shown notes: numbers alone, written now and then, and not lost when that fails."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

from contextlib_news_server.chores import Chores
from contextlib_news_server.services import KEY
from contextlib_news_server.shown_counts import ShownCounts
from contextlib_news_server.store import shown
from contextlib_news_server.store.tables import claim_counts
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine

import contextlib_news
from contextlib_news import Page, annotate


def asked(client: FlaskClient, text: str) -> Any:
    return client.post("/api/v1/annotate", json={"text": text}).get_json()


def known(app: Flask) -> str:
    """A sentence that a claim stands for."""
    return contextlib_news.load_claims()[0].text


def test_an_answer_counts_each_claim_once(app: Flask, client: FlaskClient) -> None:
    text = known(app)
    found = asked(client, f"{text} {text}")
    ids = {note["claim"]["id"] for note in found["notes"] if note["kind"] == "claim"}
    assert ids
    asked(client, text)
    held = app.extensions[KEY]
    held.shown.flush(held.engine)
    held.shown.flush(held.engine)
    asked(client, text)
    held.shown.flush(held.engine)
    with held.engine.connect() as connection:
        counts = dict(shown.most_shown(connection, "2000-01-01"))
        rows = connection.execute(claim_counts.select()).all()
        assert shown.most_shown(connection, "2999-01-01") == []
    assert counts[next(iter(ids))] == 3
    assert {row.day for row in rows} <= {datetime.now(UTC).date().isoformat()}
    assert held.metrics.coverage().pages == 3
    assert held.metrics.coverage().noted == 3


def test_counts_of_many_threads_add_up(app: Flask) -> None:
    held = app.extensions[KEY]
    snapshot = held.matcher.current()
    annotation = annotate(Page(text=known(app)), index=snapshot.index)
    counts = ShownCounts()

    def count() -> None:
        for _ in range(50):
            counts.count(annotation)
            counts.flush(held.engine)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with held.engine.connect() as connection:
        assert shown.most_shown(connection, "2000-01-01")[0][1] == 200


def test_counts_wait_while_the_database_is_away(app: Flask) -> None:
    held = app.extensions[KEY]
    annotation = annotate(Page(text=known(app)), index=held.matcher.current().index)
    counts = ShownCounts()
    counts.count(annotation)
    away = create_engine("sqlite:////nowhere/at/all.db")
    counts.flush(away)
    away.dispose()
    counts.flush(held.engine)
    with held.engine.connect() as connection:
        assert shown.most_shown(connection, "2000-01-01")[0][1] == 1


def test_counts_are_kept_on_both_databases(engine: Engine) -> None:
    for day in ("2024-01-01", "2024-01-02"):
        for _ in range(2):
            with engine.begin() as connection:
                shown.add(connection, day, {"a": 1, "b": 3})
    with engine.connect() as connection:
        assert shown.most_shown(connection, "2024-01-02") == [("b", 6), ("a", 2)]
        assert shown.most_shown(connection, "2024-01-01", limit=1) == [("b", 12)]


def test_chores_write_counts_and_fill_the_queue(app: Flask) -> None:
    held = app.extensions[KEY]
    held.shown.count(annotate(Page(text=known(app)), index=held.matcher.current().index))
    chores = Chores(held.engine, held.shown, every=0.01)
    chores.start()
    chores.stop()
    with held.engine.connect() as connection:
        assert shown.most_shown(connection, "2000-01-01")
