"""A claim at the desk: readers see nothing before it is published, and nobody's work is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contextlib_news_server.store import claims, drafts, revisions
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.drafts import HeldClaim, StateError
from contextlib_news_server.store.merge import ConflictError
from sqlalchemy import Engine

from contextlib_news.formats.claims import claim_from_dict
from contextlib_news.models import Claim

CLAIM = Claim(id="a", text="The bridge opened in 1931.", variants=("Opened in 1931.",))


def draft(
    engine: Engine, claim: Claim, seen: int | None, *, by: str = "Ada", onto: int | None = None
) -> HeldClaim:
    with engine.begin() as connection:
        return drafts.save_draft(connection, claim, seen=seen, made_by=by, reason="edit", onto=onto)


def publish(engine: Engine, seen: int, *, by: str = "Ben", second: bool = False) -> HeldClaim:
    with engine.begin() as connection:
        return drafts.publish(connection, "a", seen=seen, made_by=by, second_person=second)


def public(engine: Engine) -> Claim | None:
    with read(engine) as connection:
        return claims.get(connection, "a")


def change(engine: Engine) -> int:
    with read(engine) as connection:
        return claims.current_change(connection)


def published(engine: Engine) -> HeldClaim:
    return publish(engine, draft(engine, CLAIM, None).newest.revision)


def test_a_draft_is_seen_by_nobody_before_it_is_published(engine: Engine) -> None:
    held = draft(engine, CLAIM, None)
    assert (held.stage, held.state, held.public) == (ClaimState.DRAFT, ClaimState.DRAFT, None)
    assert public(engine) is None
    assert change(engine) == 0
    with engine.begin() as connection:
        held = drafts.submit(connection, "a", seen=held.newest.revision, made_by="Ada")
    assert held.stage == ClaimState.IN_REVIEW
    with engine.begin() as connection:
        held = drafts.send_back(
            connection, "a", seen=held.newest.revision, made_by="Ben", reason="a source is missing"
        )
    assert held.stage == ClaimState.DRAFT
    held = publish(engine, held.newest.revision)
    assert held.stage == held.state == ClaimState.PUBLISHED
    kept = public(engine)
    assert kept is not None
    assert kept.text == CLAIM.text
    with read(engine) as connection:
        assert claims.changed_since(connection, 0) == ([kept], [])
        stages = [r.state for r in reversed(revisions.history(connection, "claim", "a"))]
    assert stages == ["draft", "in_review", "draft", "published"]


def test_readers_see_the_published_text_while_a_draft_stands_beside_it(engine: Engine) -> None:
    held = published(engine)
    seen = change(engine)
    new = replace(held.newest, text="The bridge opened in 1932.")
    held = draft(engine, new, held.newest.revision)
    assert (held.state, held.stage) == (ClaimState.PUBLISHED, ClaimState.DRAFT)
    assert held.public is not None
    assert held.public.text == CLAIM.text
    assert public(engine) == held.public
    assert change(engine) == seen
    publish(engine, held.newest.revision)
    kept = public(engine)
    assert kept is not None
    assert kept.text == "The bridge opened in 1932."
    assert change(engine) == seen + 1


def test_the_second_of_two_people_sees_both_versions_and_loses_nothing(engine: Engine) -> None:
    start = published(engine).newest
    mine = replace(start, text="The bridge opened on 1 June 1931.", topics=("bridges",))
    other = replace(start, summary="The archive says so.", topics=("history",))
    theirs = draft(engine, other, start.revision, by="Ben")
    with pytest.raises(ConflictError) as caught:
        draft(engine, mine, start.revision, by="Ada")
    conflict = caught.value
    assert conflict.mine["text"] == mine.text
    assert conflict.theirs is not None
    assert conflict.theirs["summary"] == other.summary
    assert conflict.base is not None
    assert conflict.base["text"] == CLAIM.text
    assert conflict.revision == theirs.newest.revision
    merged = conflict.merged()
    assert merged.overlapping == ()
    held = draft(engine, claim_from_dict(merged.document), conflict.revision, by="Ada")
    assert held.newest.text == mine.text
    assert held.newest.summary == other.summary
    assert set(held.newest.topics) == {"bridges", "history"}


def test_what_only_one_can_have_is_named(engine: Engine) -> None:
    start = published(engine).newest
    draft(engine, replace(start, title="Theirs"), start.revision, by="Ben")
    with pytest.raises(ConflictError) as caught:
        draft(engine, replace(start, title="Mine"), start.revision, by="Ada")
    assert caught.value.merged().overlapping == ("title",)
    assert caught.value.merged().document["title"] == "Mine"


def test_a_draft_does_not_overwrite_a_public_text_that_changed_meanwhile(engine: Engine) -> None:
    start = published(engine).newest
    held = draft(engine, replace(start, title="Desk"), start.revision)
    with engine.begin() as connection:
        imported = replace(start, summary="New at the source.")
        claims.save(connection, imported, made_by="import", reason="feed")
    with read(engine) as connection:
        now = drafts.find(connection, "a")
    assert now is not None
    assert now.newest == held.newest
    with pytest.raises(ConflictError) as caught:
        publish(engine, held.newest.revision)
    merged = caught.value.merged()
    assert merged.overlapping == ()
    held = draft(
        engine,
        claim_from_dict(merged.document),
        held.newest.revision,
        onto=caught.value.revision,
    )
    publish(engine, held.newest.revision)
    kept = public(engine)
    assert kept is not None
    assert (kept.title, kept.summary) == ("Desk", "New at the source.")


def test_an_import_of_a_claim_that_is_still_a_draft_puts_the_draft_beside(engine: Engine) -> None:
    draft(engine, replace(CLAIM, title="Desk"), None)
    with engine.begin() as connection:
        claims.save(connection, CLAIM, made_by="import", reason="feed")
    with read(engine) as connection:
        held = drafts.find(connection, "a")
    assert held is not None
    assert (held.state, held.stage) == (ClaimState.PUBLISHED, ClaimState.DRAFT)
    assert held.newest.title == "Desk"
    assert held.public is not None
    assert held.public.title is None


def test_a_second_person_publishes_where_that_is_asked_for(engine: Engine) -> None:
    held = draft(engine, CLAIM, None, by="Ada")
    with pytest.raises(StateError, match="another person"):
        publish(engine, held.newest.revision, by="Ada", second=True)
    assert public(engine) is None
    assert publish(engine, held.newest.revision, by="Ben", second=True).public is not None


def test_a_retired_claim_is_told_to_the_workers_and_can_come_back(engine: Engine) -> None:
    held = published(engine)
    seen = change(engine)
    with engine.begin() as connection:
        held = drafts.retire(
            connection, "a", seen=held.newest.revision, made_by="Ben", reason="wrong"
        )
    assert public(engine) is None
    with read(engine) as connection:
        assert claims.changed_since(connection, seen) == ([], ["a"])
    publish(engine, held.newest.revision)
    assert public(engine) is not None


def test_a_draft_that_is_dropped_stays_in_the_history(engine: Engine) -> None:
    start = published(engine).newest
    held = draft(engine, replace(start, title="Never mind"), start.revision)
    with engine.begin() as connection:
        held = drafts.discard(
            connection, "a", seen=held.newest.revision, made_by="Ada", reason="no"
        )
    assert (held.stage, held.newest.title) == (ClaimState.PUBLISHED, None)
    with read(engine) as connection:
        titles = [(r.after or {}).get("title") for r in revisions.history(connection, "claim", "a")]
    assert "Never mind" in titles


def test_an_earlier_revision_comes_back_as_a_draft(engine: Engine) -> None:
    first = published(engine).newest
    held = draft(engine, replace(first, text="Something else."), first.revision)
    held = publish(engine, held.newest.revision)
    with engine.begin() as connection:
        held = drafts.revert(
            connection,
            "a",
            to=first.revision,
            seen=held.newest.revision,
            made_by="Ada",
            reason="it was right",
        )
        assert held.newest.text == CLAIM.text
    publish(engine, held.newest.revision)
    kept = public(engine)
    assert kept is not None
    assert kept.text == CLAIM.text
    with read(engine) as connection:
        newest, *_ = revisions.history(connection, "claim", "a", limit=1)
        with pytest.raises(StateError):
            drafts.revert(connection, "a", to=99, seen=kept.revision, made_by="Ada", reason="")
    assert newest.made_by == "Ben"


def test_a_step_from_the_wrong_place_is_refused(engine: Engine) -> None:
    held = published(engine)
    with engine.begin() as connection, pytest.raises(StateError, match="published"):
        drafts.submit(connection, "a", seen=held.newest.revision, made_by="Ada")
    with engine.begin() as connection, pytest.raises(StateError, match="no such claim"):
        drafts.publish(connection, "b", seen=1, made_by="Ada")


def test_a_diff_tells_the_fields_and_nothing_else(engine: Engine) -> None:
    start = published(engine).newest
    draft(engine, replace(start, text="Two.", topics=("t",)), start.revision)
    with read(engine) as connection:
        (newest,) = revisions.history(connection, "claim", "a", limit=1)
    changes = {c.field: (c.before, c.after) for c in revisions.diff(newest.before, newest.after)}
    assert changes == {"text": (CLAIM.text, "Two."), "topics": (None, ["t"])}
