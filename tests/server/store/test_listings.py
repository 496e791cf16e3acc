"""Lists of claims: each filter and order against a plain reading of all claims, page by page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from contextlib_news_server.store import claims, drafts, listings, sources
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.listings import ClaimQuery, ListedClaim, Order, list_claims
from sqlalchemy import Engine

from contextlib_news.models import Claim, Review

CLAIMS = [
    Claim(
        id=f"c{n:03}",
        text=f"The bridge number {n} opened in {1900 + n}." if n % 3 else f"Zoë crossed river {n}.",
        summary="A summary that speaks of archives." if n % 7 == 0 else None,
        language=("en", "de", None)[n % 3],
        topics=("bridges", "all") if n % 5 == 0 else ("all",),
        reviews=(Review(publisher="Example Check", rating="False"),) if n % 11 == 0 else (),
        appearances=(f"https://example.org/{n}",),
        valid_until=f"20{10 + n % 20}" if n % 4 == 0 else None,
        updated=f"2026-01-{1 + n % 28:02}",
    )
    for n in range(120)
]


@pytest.fixture
def filled(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    # Small steps, so that a list of some claims takes many.
    monkeypatch.setattr(listings, "STEP", 10)
    monkeypatch.setattr(listings, "RARE", 30)
    with engine.begin() as connection:
        source = sources.declare(connection, "feed", kind="claims", made_by="import")
        claims.save_many(connection, CLAIMS[:80], made_by="i", reason="", source=source.number)
        claims.save_many(connection, CLAIMS[80:], made_by="i", reason="")
        for n in range(5):
            draft = Claim(id=f"d{n}", text="A draft of a bridge.", language="en", topics=("all",))
            drafts.save_draft(connection, draft, seen=None, made_by="Ada", reason="")
        kept = claims.get(connection, "c007")
        assert kept is not None
        drafts.save_draft(connection, kept, seen=kept.revision, made_by="Ada", reason="again")
    return engine


def walk(engine: Engine, query: ClaimQuery, order: Order = Order.TOUCHED) -> list[ListedClaim]:
    found: list[ListedClaim] = []
    after: str | None = None
    with read(engine) as connection:
        for _ in range(200):
            page = list_claims(connection, query, order=order, after=after, limit=7)
            found += page.claims
            if page.next is None:
                return found
            after = page.next
    raise AssertionError("the list has no end")


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        (ClaimQuery(topic="bridges"), lambda c: "bridges" in c.topics),
        (ClaimQuery(topic="all", language="de"), lambda c: c.language == "de"),
        (
            ClaimQuery(topic="bridges", language="en", publisher="Example Check"),
            lambda c: "bridges" in c.topics and c.language == "en" and c.reviews,
        ),
        (ClaimQuery(appearance="https://example.org/5"), lambda c: c.id == "c005"),
        (ClaimQuery(topic="none"), lambda c: False),
        (ClaimQuery(text="bridge"), lambda c: "bridge" in c.text),
        (ClaimQuery(text="zoe RIVER "), lambda c: "Zoë" in c.text),
        (ClaimQuery(text="archiv"), lambda c: c.summary is not None),
        (ClaimQuery(text="archiv "), lambda c: False),
        (ClaimQuery(text="1917"), lambda c: "1917" in c.text),
        (ClaimQuery(text="bridge 1917"), lambda c: "1917" in c.text),
        (ClaimQuery(text="'; -- %_*"), lambda c: False),
        (
            ClaimQuery(text="bridge", topic="bridges", stage=ClaimState.PUBLISHED),
            lambda c: "bridge" in c.text and "bridges" in c.topics,
        ),
        (ClaimQuery(text="archives", language="en"), lambda c: c.summary and c.language == "en"),
    ],
)
def test_a_filter_finds_what_fits(
    filled: Engine, query: ClaimQuery, fits: Callable[[Claim], object]
) -> None:
    found = walk(filled, query)
    ids = [claim.id for claim in found if not claim.id.startswith("d")]
    assert ids == [claim.id for claim in reversed(CLAIMS) if fits(claim)]
    assert len(set(found)) == len(found)


def test_drafts_are_found_by_their_stage(filled: Engine) -> None:
    for query in (
        ClaimQuery(stage=ClaimState.DRAFT),
        ClaimQuery(stage=ClaimState.DRAFT, topic="all"),
    ):
        assert {c.id for c in walk(filled, query)} == {"c007", *(f"d{n}" for n in range(5))}


def test_a_source_lists_its_claims(filled: Engine) -> None:
    with read(filled) as connection:
        source = sources.get(connection, "feed")
    assert source is not None
    found = walk(filled, ClaimQuery(source=source.number, language="en"))
    assert [c.id for c in found] == [c.id for c in reversed(CLAIMS[:80]) if c.language == "en"]


def test_the_orders_without_filters(filled: Engine) -> None:
    query = ClaimQuery(stage=ClaimState.PUBLISHED)
    by_id = walk(filled, query, Order.ID)
    assert [c.id for c in by_id] == sorted(c.id for c in CLAIMS)
    touched = walk(filled, ClaimQuery())
    assert touched[0].id == "c007"
    assert len(touched) == len(CLAIMS) + 5
    updated = [c.updated for c in walk(filled, query, Order.UPDATED)]
    assert updated == sorted(updated, reverse=True)
    assert len(updated) == len(CLAIMS)
    ends = [c.valid_until for c in walk(filled, ClaimQuery(), Order.VALID_UNTIL)]
    assert ends == sorted(c.valid_until for c in CLAIMS if c.valid_until)


@pytest.mark.parametrize("text", ["桥梁在一九三一年", "สะพานเปิด", "गंगा नदी पर पुल", "الجسر القديم"])
def test_words_of_many_scripts_are_found(engine: Engine, text: str) -> None:
    with engine.begin() as connection:
        claims.save(connection, Claim(id="a", text=f"x {text} y"), made_by="i", reason="")
        claims.save(connection, Claim(id="b", text="Another one."), made_by="i", reason="")
    with read(engine) as connection:
        page = list_claims(connection, ClaimQuery(text=text))
    assert [claim.id for claim in page.claims] == ["a"]


def test_a_changed_text_is_found_by_its_new_words_alone(engine: Engine) -> None:
    for text in ("About the harbour.", "About the lighthouse."):
        with engine.begin() as connection:
            claims.save(connection, Claim(id="a", text=text), made_by="i", reason="")
    with read(engine) as connection:
        assert list_claims(connection, ClaimQuery(text="harbour")).claims == ()
        assert len(list_claims(connection, ClaimQuery(text="lighthouse")).claims) == 1


@pytest.mark.parametrize("after", ["1", '{"a": 1}', '["x"]', "nonsense"])
def test_an_end_that_no_page_gave_is_refused(filled: Engine, after: str) -> None:
    with read(filled) as connection, pytest.raises(ValueError, match=r"."):
        list_claims(connection, ClaimQuery(topic="all"), after=after)
