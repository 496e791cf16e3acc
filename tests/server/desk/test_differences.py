"""Of a list of records only what differs is shown, each record known again by its address."""

from __future__ import annotations

from contextlib_news_server.desk.differences import changed_records
from contextlib_news_server.store import claims, drafts
from contextlib_news_server.store.revisions import Change
from contextlib_news_server.store.users import Role
from sqlalchemy import Engine

from tests.factories import make_claim, make_report
from tests.server.desk.conftest import EVIL, Browse

ONE = {"url": "https://a.example/1", "title": "One", "says": "Three."}
TWO = {"url": "https://a.example/2", "title": "One", "says": "Four."}


def reports(before: object, after: object) -> Change:
    return Change(field="reports", before=before, after=after)


def test_a_record_is_known_again() -> None:
    changed = ONE | {"says": "Five.", "date": "2024"}
    records, gone, come = changed_records(reports(before=[ONE, TWO], after=[TWO, changed]))
    (record,) = records
    assert record.called == "One"
    assert set(record.fields) == {("says", "Three.", "Five."), ("date", None, "2024")}
    assert (gone, come) == ([], [])


def test_others_come_and_go() -> None:
    other = {"url": "https://b.example", "title": "Other"}
    assert changed_records(reports(before=[ONE], after=[other])) == (
        [],
        [ONE],
        [other],
    )
    assert changed_records(reports(before=None, after=[ONE])) == ([], [], [ONE])
    assert changed_records(reports(before=[ONE, TWO], after=[TWO, ONE])) == (
        [],
        [],
        [],
    )
    # Two of the same address: each is taken for one only.
    twins = [ONE | {"says": "A."}, ONE | {"says": "B."}]
    records, gone, come = changed_records(reports(before=[ONE], after=twins))
    assert (len(records), len(gone), len(come)) == (1, 0, 1)
    assert changed_records(reports(before=["a"], after=["b"])) == ([], ["a"], ["b"])


def test_the_editor_shows_what_differs_in_a_report(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        claims.save(connection, make_claim(), made_by="x", reason="")
        newer = make_claim(reports=(make_report(says=f"The archive gives another day. {EVIL}"),))
        drafts.save_draft(connection, newer, seen=3, made_by="x", reason="")
    page = browse(Role.CURATOR).get("/admin/claims/edit/bridge").text
    told = page.partition('<details class="beside">')[2].partition("</details>")[0]
    assert "another day" in told
    assert "The archive gives 1 June 1931." in told
    assert "Bridge opened" in told
    assert "Town archive" not in told
    assert "<script>alert" not in told
