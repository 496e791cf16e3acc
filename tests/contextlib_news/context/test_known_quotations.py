"""What a database holds for other notes is asked whole; of a large one the candidates are asked."""

from __future__ import annotations

import pytest

from contextlib_news.context import known_pages, known_quotations
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Quotation, Report, ReportStance

SAID = Quotation(text="It is old.", source="A")
GONE = Quotation(text="It is gone.", source="A")
QUOTED = Claim(
    id="q", text="The bridge is old.", quotations=(Quotation(text="It is old.", source="A"),)
)
TOLD = Claim(
    id="r",
    text="The mill is new.",
    reports=(
        Report(
            stance=ReportStance.CORROBORATING,
            outlet="A",
            title="A mill",
            url="https://a.example/mill",
        ),
    ),
)
PLAIN = [Claim(id=f"p{n}", text=f"Tower {n} fell.") for n in range(30)]


@pytest.fixture
def index() -> ClaimIndex:
    return ClaimIndex.build([*PLAIN, QUOTED, TOLD])


def test_only_claims_that_hold_something_are_read(index: ClaimIndex) -> None:
    assert [claim.id for claim in index.holding("quotations", 10) or ()] == ["q"]
    assert [claim.id for claim in index.holding("pages", 10) or ()] == ["r"]
    assert index.holding("pages", 0) is None


def test_changes_are_followed(index: ClaimIndex) -> None:
    more = Claim(
        id="s", text="The inn is gone.", quotations=(Quotation(text="It is gone.", source="A"),)
    )
    changed = index.with_changes(upserts=[more], deletes=["q", "r"])
    assert [claim.id for claim in changed.holding("quotations", 10) or ()] == ["s"]
    assert changed.holding("pages", 10) == []
    merged = changed.merged()
    assert [claim.id for claim in merged.holding("quotations", 10) or ()] == ["s"]


def never() -> list[Claim]:
    raise AssertionError("candidates were read for nothing")


def test_few_are_asked_whole(index: ClaimIndex) -> None:
    assert [q.text for q in known_quotations.known_quotations(index, never)] == ["It is old."]
    assert known_pages.known_pages(index, never).report("http://www.a.example/mill/")


def test_of_many_the_candidates_are_asked(
    index: ClaimIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_quotations, "MOST_CLAIMS", 0)
    monkeypatch.setattr(known_pages, "MOST_CLAIMS", 0)
    assert known_quotations.known_quotations(index, lambda: []) == ()
    assert known_quotations.known_quotations(index, lambda: [QUOTED])
    assert known_pages.known_pages(index, lambda: []).report("https://a.example/mill") is None
    assert known_pages.known_pages(index, lambda: [TOLD]).report("https://a.example/mill")
