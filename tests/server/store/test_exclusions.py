"""Ruling a sentence out for a claim, on both databases."""

from __future__ import annotations

import pytest
from contextlib_news_server.store import claims, drafts, exclusions
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.drafts import HeldClaim, StateError
from sqlalchemy import Engine

from contextlib_news.errors import InvalidClaimError
from tests.factories import make_claim

OTHER = "The bridge at Oak Street opened in 1931."


def rule_out(engine: Engine, sentence: str = OTHER) -> HeldClaim:
    with engine.begin() as connection:
        return exclusions.rule_out(connection, "bridge", sentence, made_by="ruler")


def held(engine: Engine) -> HeldClaim:
    with engine.connect() as connection:
        found = drafts.find(connection, "bridge")
    assert found is not None
    return found


def publish(engine: Engine) -> None:
    with engine.begin() as connection:
        claims.save(connection, make_claim(), made_by="x", reason="x")


def test_a_published_claim_changes_at_once(engine: Engine) -> None:
    publish(engine)
    with engine.connect() as connection:
        change = claims.current_change(connection)
    after = rule_out(engine, f"  {OTHER}\n")
    assert after.stage == ClaimState.PUBLISHED
    assert after.public is not None
    assert after.public.exclusions == (OTHER,)
    with engine.connect() as connection:
        upserts, _ = claims.changed_since(connection, change)
    assert [claim.exclusions for claim in upserts] == [(OTHER,)]
    again = rule_out(engine)
    assert again.newest.revision == after.newest.revision


@pytest.mark.parametrize("in_review", [False, True])
def test_a_draft_beside_it_gets_it_too_and_stays_where_it_was(
    engine: Engine, in_review: bool
) -> None:
    publish(engine)
    with engine.begin() as connection:
        first = drafts.save_draft(
            connection, make_claim(summary="Drafted."), seen=3, made_by="author", reason="x"
        )
        if in_review:
            first = drafts.submit(
                connection, "bridge", seen=first.newest.revision, made_by="author"
            )
    after = rule_out(engine)
    assert after.public is not None
    assert (after.public.summary, after.public.exclusions) == (make_claim().summary, (OTHER,))
    assert (after.newest.summary, after.newest.exclusions) == ("Drafted.", (OTHER,))
    # Else somebody could publish another's text as if it were not that person's.
    assert (after.stage, after.edited_by) == (first.stage, "author")
    with engine.begin() as connection:
        drafts.publish(
            connection,
            "bridge",
            seen=after.newest.revision,
            made_by="ruler",
            second_person=True,
        )
    public = held(engine).public
    assert public is not None
    assert (public.summary, public.exclusions) == ("Drafted.", (OTHER,))


def test_a_draft_that_was_never_published(engine: Engine) -> None:
    with engine.begin() as connection:
        drafts.save_draft(connection, make_claim(), seen=None, made_by="author", reason="x")
    after = rule_out(engine)
    assert after.public is None
    assert (after.stage, after.edited_by) == (ClaimState.DRAFT, "author")
    assert after.newest.exclusions == (OTHER,)


def test_what_cannot_be_ruled_out(engine: Engine) -> None:
    with pytest.raises(StateError, match="no such claim"):
        rule_out(engine)
    publish(engine)
    for sentence in ("", " ", "x" * 2_001, "the bridge at Elm Street opened in 1931"):
        with pytest.raises(StateError):
            rule_out(engine, sentence)
    with pytest.raises(InvalidClaimError):
        rule_out(engine, "a\x00b")
    assert held(engine).newest.exclusions == ()
