"""What the calendar brings into the queue: once for each day until which a claim was to hold."""

from __future__ import annotations

from contextlib_news_server.store import claims, drafts, flags, queue
from contextlib_news_server.store.queue_filling import Filled, fill_queue
from contextlib_news_server.store.tables import queue_items
from sqlalchemy import Engine

from contextlib_news import Claim


def keep(engine: Engine, claim_id: str, valid_until: str | None) -> None:
    claim = Claim(id=claim_id, text=f"The bridge {claim_id} is closed.", valid_until=valid_until)
    with engine.begin() as connection:
        claims.save(connection, claim, made_by="x", reason="y")


def waiting(engine: Engine) -> list[str | None]:
    with engine.connect() as connection:
        return [item.claim_id for item in queue.page(connection, kind="expired")]


def test_claims_whose_validity_ended_come_in_once(engine: Engine) -> None:
    keep(engine, "over", "2024-05-06")
    keep(engine, "today", "2024-05-07")
    keep(engine, "this-year", "2024")
    keep(engine, "last-year", "2023")
    keep(engine, "this-month", "2024-05")
    keep(engine, "for-good", None)
    assert fill_queue(engine, "2024-05-07").expired == 2
    assert waiting(engine) == ["last-year", "over"]
    assert fill_queue(engine, "2024-05-07").expired == 0
    assert fill_queue(engine, "2025-01-01").expired == 3


def test_what_was_decided_stands_until_the_day_is_changed(engine: Engine) -> None:
    keep(engine, "over", "2024-05-06")
    fill_queue(engine, "2024-06-01")
    with engine.begin() as connection:
        (item,) = queue.page(connection)
        queue.decide(connection, item.number, state="dismissed", by="x", decision="still so")
    assert fill_queue(engine, "2024-06-01").expired == 0
    keep(engine, "over", "2024-05-20")
    assert fill_queue(engine, "2024-06-01").expired == 1


def test_a_draft_beside_hides_no_claim_and_a_retired_one_is_left(engine: Engine) -> None:
    keep(engine, "over", "2024-05-06")
    keep(engine, "gone", "2024-05-06")
    with engine.begin() as connection:
        held = drafts.find(connection, "over")
        assert held is not None
        drafts.save_draft(
            connection, held.newest, seen=held.newest.revision, made_by="x", reason="y"
        )
        gone = drafts.find(connection, "gone")
        assert gone is not None
        drafts.retire(connection, "gone", seen=gone.newest.revision, made_by="x", reason="y")
    fill_queue(engine, "2024-06-01")
    assert waiting(engine) == ["over"]


def test_more_claims_than_a_batch(engine: Engine) -> None:
    some = [Claim(id=f"c{n:04}", text=f"Bridge {n}.", valid_until="2024") for n in range(1_100)]
    with engine.begin() as connection:
        claims.save_many(connection, some, made_by="x", reason="y")
    assert fill_queue(engine, "2025-06-01").expired == 1_100


def test_flags_without_an_item_come_in_and_contacts_go(engine: Engine) -> None:
    with engine.begin() as connection:
        flags.add(connection, reason="The date is wrong.", claim_id="c", contact="a@b.example")
        connection.execute(queue_items.delete())
    assert fill_queue(engine, "2020-01-01") == Filled(expired=0, flags=1, contacts=0)
    assert fill_queue(engine, "2090-01-01") == Filled(expired=0, flags=0, contacts=1)


def test_open_items_are_counted_up_to_a_number(engine: Engine) -> None:
    with engine.begin() as connection:
        for kind, often in (("a", 3), ("b", 12), ("c", 1)):
            for _ in range(often):
                queue.put(connection, kind=kind, reason="r", made_by="x")
        (last,) = queue.page(connection, kind="c")
        queue.decide(connection, last.number, state="done", by="x")
        assert queue.count_up_to(connection, 10) == {"a": 3, "b": 10}
