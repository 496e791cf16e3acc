"""Imports: one source, batches, a second time nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from contextlib_news_server.store import claims, importing, sources
from contextlib_news_server.store.database import read
from contextlib_news_server.store.importing import ImportCounts, import_claims
from contextlib_news_server.store.tables import imports
from sqlalchemy import Engine, select

from contextlib_news.errors import CommandError, InvalidClaimError
from contextlib_news.formats.claims import Rejection
from contextlib_news.models import Claim, Provenance

CLAIMS = [Claim(id=f"c{n:04}", text=f"Claim number {n}.") for n in range(1_203)]


def bring(engine: Engine, rows: Iterable[Claim | Rejection], **more: Any) -> ImportCounts:
    return import_claims(engine, rows, source="feed", made_by="a test", **more)


def test_what_cannot_be_read_at_all_is_no_source(engine: Engine) -> None:
    def unreadable() -> Iterable[Claim]:
        raise InvalidClaimError("no table of claims")
        yield CLAIMS[0]

    with pytest.raises(InvalidClaimError):
        bring(engine, unreadable())
    with read(engine) as connection:
        assert "feed" not in [source.name for source in sources.listed(connection)]
        assert connection.execute(select(imports)).all() == []


def test_a_file_without_a_claim_is_no_import(engine: Engine) -> None:
    with pytest.raises(CommandError, match=r"^feed: there is no claim in it; nothing was changed$"):
        bring(engine, [])
    with read(engine) as connection:
        assert "feed" not in [source.name for source in sources.listed(connection)]
        assert connection.execute(select(imports)).all() == []


def test_a_second_time_nothing_changes(engine: Engine) -> None:
    told: list[int] = []
    assert bring(engine, CLAIMS, progress=told.append) == ImportCounts(added=1_203)
    assert sum(told) == 1_203
    assert len(told) == 3
    with read(engine) as connection:
        change = claims.current_change(connection)
    assert bring(engine, CLAIMS) == ImportCounts(unchanged=1_203)
    with read(engine) as connection:
        assert claims.current_change(connection) == change == 1_203
        rows = connection.execute(select(imports).order_by(imports.c.number)).all()
    assert [(r.state, r.added, r.unchanged) for r in rows] == [
        ("done", 1_203, 0),
        ("done", 0, 1_203),
    ]


def test_a_dry_run_tells_and_keeps_nothing(engine: Engine) -> None:
    bring(engine, CLAIMS[:10])
    new = [Claim(id="c0000", text="Changed."), *CLAIMS[1:20]]
    dry = bring(engine, new, dry_run=True)
    assert dry == ImportCounts(added=10, changed=1, unchanged=9)
    with read(engine) as connection:
        assert claims.count(connection) == 10
    assert bring(engine, new) == dry


def test_a_dry_run_of_a_new_source_leaves_none(engine: Engine) -> None:
    bring(engine, CLAIMS[:3], dry_run=True)
    with read(engine) as connection:
        assert sources.listed(connection) == []


def test_a_crash_loses_at_most_the_batch_in_hand(engine: Engine) -> None:
    def broken() -> Iterable[Claim]:
        yield from CLAIMS[: importing.BATCH + 10]
        raise RuntimeError("the file ends in the middle")

    with pytest.raises(RuntimeError):
        bring(engine, broken())
    with read(engine) as connection:
        assert claims.count(connection) == importing.BATCH
    counts = bring(engine, CLAIMS)
    assert (counts.added, counts.unchanged) == (1_203 - importing.BATCH, importing.BATCH)


def test_of_two_records_with_one_id_the_first_counts(engine: Engine) -> None:
    refused: list[Rejection] = []
    rows = [Claim(id="a", text="One."), Claim(id="a", text="Two."), Claim(id="a", text="One.")]
    counts = bring(engine, rows, rejected=refused.append)
    assert counts == ImportCounts(added=1, unchanged=1, rejected=1)
    assert "twice" in refused[0].reason
    assert bring(engine, rows) == ImportCounts(unchanged=2, rejected=1)


def test_the_licence_of_a_source_is_kept_with_each_claim(engine: Engine) -> None:
    own = Provenance(source="Own", licence="CC0-1.0")
    rows = [Claim(id="a", text="One."), Claim(id="b", text="Two.", provenance=own)]
    bring(engine, rows, licence="CC BY 4.0", url="https://example.org/feed", date="2026-01")
    with read(engine) as connection:
        first, second = claims.published(connection)
        (source,) = sources.listed(connection)
    assert first.provenance == Provenance(
        source="feed", licence="CC BY 4.0", url="https://example.org/feed", date="2026-01"
    )
    assert second.provenance == own
    assert source.licence == "CC BY 4.0"


def test_records_are_read_as_they_are_needed(engine: Engine) -> None:
    held: list[int] = []
    read_so_far = 0

    def rows() -> Iterable[Claim]:
        nonlocal read_so_far
        for claim in CLAIMS:
            read_so_far += 1
            yield claim

    bring(engine, rows(), progress=lambda _: held.append(read_so_far))
    assert held[0] == importing.BATCH
