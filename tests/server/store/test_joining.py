"""Two claims that become one."""

from __future__ import annotations

from contextlib_news_server.store import claims, drafts
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.joining import end_joined, join, joined_into
from sqlalchemy import Engine

from contextlib_news.models import Quotation, Verdict
from tests.factories import make_claim, make_report

ONE = make_claim(
    text="The bridge opened in 1931.",
    variants=("It opened in 1931.",),
    exclusions=("The pier opened in 1931.", "The bridge was opened in 1931."),
    topics=("bridges",),
)
TWO = make_claim(
    id="other",
    text="The bridge was opened in 1931.",
    variants=("The bridge opened in 1931", "Opened in 1931, the bridge."),
    topics=("towns", "bridges"),
    summary="Another summary.",
    verdict=Verdict.DISPUTED,
    claimant="The mayor",
    reports=(make_report(), make_report(title="Another report")),
    quotations=(Quotation(text="Open.", source="The mayor"),),
)


def test_lists_hold_what_either_had_and_the_text_becomes_a_wording() -> None:
    both = join(ONE, TWO)
    assert both.id == ONE.id
    assert both.text == ONE.text
    assert both.variants == (
        "It opened in 1931.",
        "The bridge was opened in 1931.",
        "Opened in 1931, the bridge.",
    )
    assert both.exclusions == ("The pier opened in 1931.",)
    assert both.topics == ("bridges", "towns")
    assert len(both.reports) == 2
    assert both.quotations == TWO.quotations
    assert (both.summary, both.verdict) == (ONE.summary, ONE.verdict)
    assert both.claimant == "The mayor"
    assert both.provenance == ONE.provenance
    assert join(both, TWO) == both


def test_the_person_chooses_where_only_one_can_stay() -> None:
    both = join(ONE, TWO, take={"summary", "id", "text", "revision"})
    assert (both.summary, both.verdict) == (TWO.summary, ONE.verdict)
    assert (both.id, both.text) == (ONE.id, ONE.text)


def test_the_other_is_retired_and_points_to_the_one_that_stays(engine: Engine) -> None:
    with engine.begin() as connection:
        claims.save_many(connection, [ONE, TWO], made_by="x", reason="x")
        drafts.save_draft(
            connection, make_claim(id="other", summary="Draft."), seen=3, made_by="x", reason="x"
        )
        other = drafts.find(connection, "other")
        assert other is not None
        assert joined_into(connection, "other") is None
        ended = end_joined(connection, other, "bridge", made_by="x")
        assert (ended.state, ended.stage) == (ClaimState.RETIRED, ClaimState.RETIRED)
        assert joined_into(connection, "other") == "bridge"
        assert joined_into(connection, "bridge") is None
        assert joined_into(connection, "nowhere") is None
        drafts.publish(connection, "other", seen=ended.newest.revision, made_by="x")
        assert joined_into(connection, "other") is None
