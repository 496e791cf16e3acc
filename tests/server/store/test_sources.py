"""Sources: each import is attributed, and is taken back without a trace in what readers see."""

from __future__ import annotations

from dataclasses import replace

import pytest
from contextlib_news_server.store import claims, drafts, outlets, queue, revisions, sources
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import read
from contextlib_news_server.store.removal import remove
from sqlalchemy import Engine

from contextlib_news.errors import CommandError
from contextlib_news.models import Claim, Outlet, Rating, Review

ONE = Claim(id="a", text="The bridge opened in 1931.", summary="One says so.")
OTHER = Claim(
    id="a", text="The bridge opened in 1932.", reviews=(Review(publisher="P", rating="False"),)
)


def bring(engine: Engine, name: str, *given: Claim) -> list[str]:
    with engine.begin() as connection:
        source = sources.declare(connection, name, kind="claims", made_by="import")
        return list(
            claims.save_many(
                connection, given, made_by="import", reason=f"from {name}", source=source.number
            )
        )


def edit(engine: Engine, claim: Claim) -> None:
    with engine.begin() as connection:
        claims.save(connection, claim, made_by="Ada", reason="by hand")


def shown(engine: Engine) -> dict[str, Claim]:
    with read(engine) as connection:
        return {claim.id: claim for claim in claims.published(connection)}


def says(claim: Claim) -> Claim:
    return replace(claim, revision=1, created=None, updated=None)


def test_a_source_is_listed_with_what_it_holds(engine: Engine) -> None:
    with engine.begin() as connection:
        sources.declare(
            connection, "feed", kind="claims", made_by="Ada", licence="CC0", date="2026-01"
        )
    assert bring(engine, "feed", ONE) == ["added"]
    with read(engine) as connection:
        (source,) = sources.listed(connection)
        assert (source.name, source.licence, source.date) == ("feed", "CC0", "2026-01")
        assert sources.counts(connection, source).claims == 1
        (revision,) = revisions.history(connection, "claim", "a")
        assert revision.source == "feed"


def test_what_only_one_source_brought_is_gone_with_it(engine: Engine) -> None:
    edit(engine, Claim(id="own", text="Our own."))
    bring(engine, "feed", ONE)
    remove(engine, "feed", made_by="Ada")
    assert list(shown(engine)) == ["own"]
    with read(engine) as connection:
        assert sources.listed(connection) == []
        newest, *_ = revisions.history(connection, "claim", "a")
        assert (newest.state, newest.reason) == ("retired", "source feed removed")
        told = revisions.history(connection, "source", "feed")
        assert [r.after is None for r in told] == [True, False]
        assert claims.changed_since(connection, 2) == ([], ["a"])


def test_the_word_of_another_source_comes_back(engine: Engine) -> None:
    bring(engine, "one", ONE)
    assert bring(engine, "other", OTHER) == ["changed"]
    remove(engine, "other", made_by="Ada")
    assert says(shown(engine)["a"]) == ONE
    bring(engine, "other", OTHER)
    remove(engine, "one", made_by="Ada")
    assert says(shown(engine)["a"]) == OTHER


def test_the_desks_own_text_comes_back(engine: Engine) -> None:
    edit(engine, ONE)
    bring(engine, "feed", OTHER)
    remove(engine, "feed", made_by="Ada")
    assert says(shown(engine)["a"]) == ONE


def test_what_the_desk_did_since_stays_beside_it(engine: Engine) -> None:
    edit(engine, ONE)
    bring(engine, "feed", OTHER)
    edit(engine, replace(shown(engine)["a"], title="Our title"))
    remove(engine, "feed", made_by="Ada")
    assert says(shown(engine)["a"]) == replace(ONE, title="Our title")


def test_a_source_that_said_nothing_new_leaves_no_mark(engine: Engine) -> None:
    edit(engine, ONE)
    before = shown(engine)
    assert bring(engine, "feed", ONE) == ["unchanged"]
    remove(engine, "feed", made_by="Ada")
    assert shown(engine) == before


def test_a_source_may_come_again_and_go_again(engine: Engine) -> None:
    bring(engine, "feed", ONE)
    remove(engine, "feed", made_by="Ada")
    edit(engine, replace(ONE, text="Ours now."))
    assert bring(engine, "feed", ONE) == ["changed"]
    remove(engine, "feed", made_by="Ada")
    assert shown(engine)["a"].text == "Ours now."
    assert bring(engine, "feed", ONE, OTHER) == ["changed", "changed"]


def test_the_same_word_again_does_not_undo_the_desk(engine: Engine) -> None:
    bring(engine, "feed", ONE)
    edit(engine, replace(shown(engine)["a"], title="Our title"))
    assert bring(engine, "feed", ONE) == ["unchanged"]
    assert shown(engine)["a"].title == "Our title"


def test_a_source_that_changed_its_mind_is_merged_with_the_desk(engine: Engine) -> None:
    bring(engine, "feed", ONE)
    edit(engine, replace(shown(engine)["a"], title="Our title"))
    assert bring(engine, "feed", replace(ONE, summary="Now otherwise.")) == ["changed"]
    kept = shown(engine)["a"]
    assert (kept.title, kept.summary) == ("Our title", "Now otherwise.")
    with read(engine) as connection:
        assert queue.page(connection) == []
    assert bring(engine, "feed", replace(ONE, summary="Now otherwise.")) == ["unchanged"]


def test_where_both_changed_a_field_the_desk_is_asked(engine: Engine) -> None:
    bring(engine, "feed", ONE)
    edit(engine, replace(shown(engine)["a"], summary="Ours."))
    bring(engine, "feed", replace(ONE, summary="Theirs."))
    assert shown(engine)["a"].summary == "Ours."
    with read(engine) as connection:
        (item,) = queue.page(connection)
    assert (item.kind, item.claim_id) == ("source-differs", "a")
    assert item.payload is not None
    assert item.payload["summary"] == "Theirs."


def test_what_the_desk_retired_stays_retired(engine: Engine) -> None:
    bring(engine, "feed", ONE)
    with engine.begin() as connection:
        drafts.retire(connection, "a", seen=1, made_by="Ada", reason="wrong")
    assert bring(engine, "feed", replace(ONE, summary="New.")) == ["unchanged"]
    assert shown(engine) == {}


def test_a_draft_made_from_a_removed_source_goes_too(engine: Engine) -> None:
    bring(engine, "feed", ONE)
    with engine.begin() as connection:
        drafts.save_draft(
            connection, replace(ONE, title="Draft"), seen=1, made_by="Ada", reason="edit"
        )
    remove(engine, "feed", made_by="Ada")
    with read(engine) as connection:
        held = drafts.find(connection, "a")
    assert held is not None
    assert (held.stage, held.base) == (ClaimState.RETIRED, None)


def test_many_claims_are_removed_in_batches(engine: Engine) -> None:
    bring(engine, "feed", *(Claim(id=f"c{n}", text="One.") for n in range(1_100)))
    told: list[int] = []
    counts = remove(engine, "feed", made_by="Ada", progress=told.append)
    assert counts.claims == sum(told) == 1_100
    assert len(told) > 1
    assert shown(engine) == {}


def test_the_desk_and_the_unknown_cannot_be_removed(engine: Engine) -> None:
    with engine.begin() as connection:
        outlets.save(connection, Outlet(domain="example.org", name="The Example"))
    for name in ("desk", "nobody"):
        with pytest.raises(CommandError):
            remove(engine, name, made_by="Ada")


def test_a_name_is_held_by_one_kind(engine: Engine) -> None:
    bring(engine, "feed", ONE)
    with engine.begin() as connection, pytest.raises(CommandError, match="another name"):
        sources.declare(connection, "feed", kind="outlets", made_by="Ada")


# --- Outlets --------------------------------------------------------------------------------------


def rate(label: str, rater: str = "A rater") -> Rating:
    return Rating(source=rater, label=label, date="2026", url="https://example.net/r")


def bring_outlet(engine: Engine, name: str | None, outlet: Outlet) -> str:
    with engine.begin() as connection:
        source = None
        if name is not None:
            source = sources.declare(connection, name, kind="outlets", made_by="import").number
        return outlets.save(connection, outlet, made_by="import", reason="r", source=source)


def test_ratings_of_several_sources_stand_side_by_side(engine: Engine) -> None:
    one = Outlet(domain="example.org", name="example.org", ratings=(rate("good"), rate("fair")))
    other = Outlet(
        domain="example.org", name="Example", ratings=(rate("poor", "B"),), aliases=("e.org",)
    )
    assert bring_outlet(engine, "one", one) == "added"
    assert bring_outlet(engine, "other", other) == "added"
    assert bring_outlet(engine, "one", one) == "unchanged"
    with read(engine) as connection:
        kept = outlets.get(connection, "example.org")
    assert kept is not None
    assert [r.label for r in kept.ratings] == ["good", "fair", "poor"]
    # A source that knows no name of its own does not hide the other's.
    assert (kept.name, kept.aliases) == ("Example", ("e.org",))
    ours = Outlet(domain="example.org", name="The Example", country="NL")
    assert bring_outlet(engine, None, ours) == "added"
    with read(engine) as connection:
        kept = outlets.get(connection, "example.org")
        assert kept is not None
        assert (kept.name, kept.country, len(kept.ratings)) == ("The Example", "NL", 3)
    remove(engine, "one", made_by="Ada")
    with read(engine) as connection:
        kept = outlets.get(connection, "example.org")
        assert kept is not None
        assert [r.label for r in kept.ratings] == ["poor"]


def test_an_outlet_of_one_source_is_gone_with_it(engine: Engine) -> None:
    bring_outlet(engine, "one", Outlet(domain="example.org", name="E", ratings=(rate("good"),)))
    with read(engine) as connection:
        seen = claims.current_change(connection)
    remove(engine, "one", made_by="Ada")
    with read(engine) as connection:
        assert outlets.get(connection, "example.org") is None
        assert outlets.count(connection) == 0
        assert len(outlets.directory(connection)) == 0
        assert outlets.changed_since(connection, seen)
    bring_outlet(engine, "one", Outlet(domain="example.org", name="E", ratings=(rate("good"),)))
    with read(engine) as connection:
        assert outlets.count(connection) == 1


def test_the_history_of_an_outlet_tells_each_source(engine: Engine) -> None:
    bring_outlet(engine, "one", Outlet(domain="example.org", name="E", ratings=(rate("good"),)))
    bring_outlet(engine, "one", Outlet(domain="example.org", name="E", ratings=(rate("poor"),)))
    with read(engine) as connection:
        source = sources.get(connection, "one")
        assert source is not None
        key = outlets.record_key("example.org", source.number)
        newest, oldest = revisions.history(connection, "outlet", key)
    assert newest.before == oldest.after
    (change,) = revisions.diff(newest.before, newest.after)
    assert change.field == "ratings"
