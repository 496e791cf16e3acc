"""Export, import into an empty database, export: the same bytes, whatever a claim holds."""

from __future__ import annotations

import io
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import open_database, snapshot
from contextlib_news_server.store.importing import import_claims
from contextlib_news_server.store.tables import metadata
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from contextlib_news.formats.claims import read_claims, write_claims
from contextlib_news.models import (
    Claim,
    Provenance,
    Quotation,
    Report,
    ReportStance,
    Review,
    Verdict,
)

ANYTHING = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
TEXTS = st.text(ANYTHING, min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
IDS = st.text(ANYTHING, min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
ADDRESSES = st.text(string.ascii_letters + string.digits + "/?&=é#", max_size=20).map(
    "https://example.org/".__add__
)
DATES = st.dates().map(str) | st.integers(1000, 2100).map(str) | st.just("2020-05")
OPTIONAL = {
    "text": st.none() | TEXTS,
    "date": st.none() | DATES,
    "url": st.none() | ADDRESSES,
}
REPORTS = st.builds(
    Report,
    stance=st.sampled_from(ReportStance),
    outlet=TEXTS,
    title=TEXTS,
    url=OPTIONAL["url"],
    date=OPTIONAL["date"],
    origin=OPTIONAL["text"],
    says=OPTIONAL["text"],
    date_text=OPTIONAL["text"],
    remark=OPTIONAL["text"],
)
CLAIMS = st.builds(
    Claim,
    id=IDS,
    text=TEXTS,
    variants=st.lists(TEXTS, max_size=3).map(tuple),
    exclusions=st.lists(TEXTS, max_size=2).map(tuple),
    title=OPTIONAL["text"],
    subtitle=OPTIONAL["text"],
    claimant=OPTIONAL["text"],
    date=OPTIONAL["date"],
    language=st.none() | st.sampled_from(["en", "pt-BR", "zh-Hant"]),
    verdict=st.none() | st.sampled_from(Verdict),
    summary=OPTIONAL["text"],
    reviews=st.lists(
        st.builds(
            Review, publisher=TEXTS, rating=TEXTS, url=OPTIONAL["url"], date=OPTIONAL["date"]
        ),
        max_size=2,
    ).map(tuple),
    reports=st.lists(REPORTS, max_size=2).map(tuple),
    quotations=st.lists(
        st.builds(Quotation, text=TEXTS, source=TEXTS, url=OPTIONAL["url"], date=OPTIONAL["date"]),
        max_size=2,
    ).map(tuple),
    topics=st.lists(TEXTS, max_size=3).map(tuple),
    appearances=st.lists(ADDRESSES, max_size=2).map(tuple),
    valid_from=OPTIONAL["date"],
    valid_until=OPTIONAL["date"],
    provenance=st.none()
    | st.builds(
        Provenance,
        source=TEXTS,
        licence=OPTIONAL["text"],
        url=OPTIONAL["url"],
        date=OPTIONAL["date"],
    ),
    revision=st.integers(1, 2**31 - 2),
    created=st.none() | DATES,
    updated=st.none() | DATES,
)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'other.db'}", seed_new=False)
    yield engine
    engine.dispose()


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in ("counters", "options"):
                connection.execute(table.delete())


def export(engine: Engine) -> str:
    stream = io.StringIO()
    with snapshot(engine) as connection:
        write_claims(claims.published(connection), stream)
    return stream.getvalue()


def carry(content: str, engine: Engine, folder: Path) -> str:
    """Import an export into an emptied database and export it again."""
    path = folder / "claims.jsonl"
    path.write_text(content, encoding="utf-8", newline="")
    empty(engine)
    counts = import_claims(engine, read_claims(path), source="carried", made_by="a test")
    assert counts.rejected == 0
    return export(engine)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(given_claims=st.lists(CLAIMS, min_size=1, max_size=4, unique_by=lambda claim: claim.id))
def test_from_one_database_to_the_other_and_back(
    engine: Engine, other: Engine, tmp_path: Path, given_claims: list[Claim]
) -> None:
    empty(engine)
    import_claims(engine, given_claims, source="given", made_by="a test")
    first = export(engine)
    assert first.count("\n") == len(given_claims)
    with snapshot(engine) as connection:
        kept = list(claims.published(connection))
    for claim, held in zip(sorted(given_claims, key=lambda c: c.id), kept, strict=True):
        assert held.created
        assert held.updated
        if claim.created and claim.updated:
            assert held == claim
    assert carry(first, other, tmp_path) == first
    assert carry(first, engine, tmp_path) == first
