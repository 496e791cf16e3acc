"""Rows that go in together come out as they went in, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from contextlib_news_server.store.batches import add_rows, among
from contextlib_news_server.store.tables import outlets, ratings, sources, users
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

ODD = [
    "plain",
    "a \"quote\", a 'quote', a \\ backslash, a \\u0041 spelt out",
    '{curly}, {"json": [1]}, %(records)s, :records, $1',
    "line\nbreak\tand\u2028others\u0085",
    "Ünïcödé \U0001f9ea \u202eturned",
    " ",
]


def source(number: int, name: str, **more: Any) -> dict[str, Any]:
    row = {"name": name, "kind": "claims", "state": "active", "imported": "2026-01-01"}
    return row | {"made_by": "a test", "revision": number} | {"url": None, "remark": None} | more


def test_texts_come_out_as_they_went_in(engine: Engine) -> None:
    rows = [source(n, text, remark=text, url=None) for n, text in enumerate(ODD)]
    with engine.begin() as connection:
        add_rows(connection, sources, rows)
        held = connection.execute(
            select(sources.c.name, sources.c.remark, sources.c.url, sources.c.revision).order_by(
                sources.c.number
            )
        ).all()
    assert [tuple(row) for row in held] == [(text, text, None, n) for n, text in enumerate(ODD)]


def test_numbers_and_truth_come_out_as_they_went_in(engine: Engine) -> None:
    scores = [0.1, -1e300, 5e-324, 1 / 3, None]
    with engine.begin() as connection:
        add_rows(connection, sources, [source(1, "one")])
        number = connection.scalar(select(sources.c.number))
        outlet = {"state": "published", "revision": 1, "created": "", "updated": "", "change": 1}
        add_rows(connection, outlets, [outlet | {"domain": "example.org"}])
        rating = {"domain": "example.org", "source": number, "rater": "x", "label": ""}
        add_rows(connection, ratings, [rating | {"score": s, "document": "{}"} for s in scores])
        assert list(connection.scalars(select(ratings.c.score).order_by("number"))) == scores
        person = {"role": "curator", "failed": 0, "created": "", "updated": "", "revision": 1}
        shut = {"a": True, "b": False}
        rows = [person | {"name": name, "disabled": said} for name, said in shut.items()]
        add_rows(connection, users, rows)
        found = connection.execute(select(users.c.name, users.c.disabled))
        assert {name: said for name, said in found} == shut


def test_no_text_is_cut_to_fit(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps texts of any length")
    rows = [source(1, "fits"), source(2, "x" * 201)]
    with pytest.raises(SQLAlchemyError, match="too long"), engine.begin() as connection:
        add_rows(connection, sources, rows)
    with engine.connect() as connection:
        assert connection.execute(select(sources)).all() == []


def test_none_of_the_rows_is_there_where_one_is_refused(engine: Engine) -> None:
    with pytest.raises(SQLAlchemyError), engine.begin() as connection:
        add_rows(connection, sources, [source(1, "one"), source(2, "two"), source(3, "one")])
    with engine.begin() as connection:
        assert connection.execute(select(sources)).all() == []
        add_rows(connection, sources, [])


def test_values_are_looked_for_together(engine: Engine) -> None:
    rows = [source(n, text) for n, text in enumerate(ODD)]
    with engine.begin() as connection:
        add_rows(connection, sources, rows)
        for some in ([], [ODD[1]], [*ODD[:4], "none"], [f"n{n}" for n in range(1_500)]):
            named = select(sources.c.name).where(among(connection, sources.c.name, some))
            assert set(connection.scalars(named)) == set(some) & set(ODD)
        counted = select(sources.c.revision).where(among(connection, sources.c.revision, (1, 4)))
        assert set(connection.scalars(counted)) == {1, 4}
