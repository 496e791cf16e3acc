"""Claims go in and come out whole, and each change leaves its row."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from contextlib_news_server.store import claims
from contextlib_news_server.store.database import read
from contextlib_news_server.store.revisions import history
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claims import load_claims
from contextlib_news.models import Claim


def save(engine: Engine, claim: Claim) -> str:
    with engine.begin() as connection:
        return claims.save(connection, claim, made_by="a test", reason="because")


def get(engine: Engine, claim_id: str) -> Claim | None:
    with read(engine) as connection:
        return claims.get(connection, claim_id)


@pytest.mark.parametrize("claim", load_claims()[:10], ids=lambda claim: claim.id)
def test_a_claim_comes_back_whole(engine: Engine, claim: Claim) -> None:
    assert save(engine, claim) == "added"
    kept = get(engine, claim.id)
    assert kept is not None
    assert kept.created
    assert replace(kept, created=claim.created, updated=claim.updated) == claim


def test_revision_and_dates_that_come_along_are_kept(engine: Engine) -> None:
    claim = Claim(id="a", text="One.", revision=7, created="2020-01-02", updated="2021-03-04")
    save(engine, claim)
    assert get(engine, "a") == claim


def test_the_same_claim_again_changes_nothing(engine: Engine) -> None:
    claim = Claim(id="a", text="One.")
    save(engine, claim)
    kept = get(engine, "a")
    assert save(engine, claim) == "unchanged"
    assert get(engine, "a") == kept


def test_a_change_leaves_what_was_before_and_after(engine: Engine) -> None:
    save(engine, Claim(id="a", text="One."))
    assert save(engine, Claim(id="a", text="Two.")) == "changed"
    kept = get(engine, "a")
    assert kept is not None
    assert (kept.text, kept.revision) == ("Two.", 2)
    with read(engine) as connection:
        newest, oldest = history(connection, "claim", "a")
    assert (oldest.revision, newest.revision) == (1, 2)
    assert oldest.before is None
    assert newest.before == oldest.after
    assert newest.after is not None
    assert newest.after["text"] == "Two."
    assert {(row.made_by, row.reason) for row in (newest, oldest)} == {("a test", "because")}


def test_changes_are_told_since_a_number(engine: Engine) -> None:
    save(engine, Claim(id="a", text="One."))
    with read(engine) as connection:
        seen = claims.current_change(connection)
    save(engine, Claim(id="b", text="Two."))
    save(engine, Claim(id="a", text="Three."))
    with read(engine) as connection:
        upserts, deletes = claims.changed_since(connection, seen)
        assert claims.current_change(connection) == seen + 2
    assert sorted(claim.id for claim in upserts) == ["a", "b"]
    assert deletes == []


@pytest.mark.parametrize(
    "claim",
    [
        Claim(id="a", text="half \ud800"),
        Claim(id="a", text="null \x00"),
        Claim(id="a\x00", text="null"),
        Claim(id="a", text="t", variants=("a\udfff",)),
        Claim(id="a" * 201, text="long"),
        Claim(id="a", text="t", created="x" * 41),
        Claim(id="a", text="t", revision=2**31),
    ],
    ids=range(7),
)
def test_what_no_database_keeps_is_refused_by_name(engine: Engine, claim: Claim) -> None:
    with pytest.raises(InvalidClaimError):
        save(engine, claim)
    with read(engine) as connection:
        assert claims.count(connection) == 0


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
)
def test_any_text_comes_back_as_it_was(engine: Engine, text: str) -> None:
    claim = Claim(id="a", text="t" + text, title="\\u0000 " + text)
    save(engine, claim)
    kept = get(engine, "a")
    assert kept is not None
    assert (kept.text, kept.title) == (claim.text, claim.title)


def test_writers_at_the_same_time_lose_nothing(engine: Engine) -> None:
    def write(writer: int) -> None:
        for number in range(15):
            save(engine, Claim(id=f"w{writer}-{number}", text="Own."))
            save(engine, Claim(id="common", text=f"From {writer}, {number}."))

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with read(engine) as connection:
        assert claims.count(connection) == 4 * 15 + 1
        kept = history(connection, "claim", "common", limit=100)
        assert [row.revision for row in kept] == list(range(4 * 15, 0, -1))
        assert claims.current_change(connection) == 2 * 4 * 15


def test_claims_come_in_the_order_of_their_ids(engine: Engine) -> None:
    for claim_id in ("B", "a", "b", "A", "_x", "é"):
        save(engine, Claim(id=claim_id, text="One."))
    with read(engine) as connection:
        ids = [claim.id for claim in claims.published(connection)]
    assert ids == sorted(ids)
