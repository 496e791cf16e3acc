"""The desk's first page: what waits, what readers got, and how the claims stand."""

from __future__ import annotations

import re

from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims, flags
from contextlib_news_server.store.users import Role
from flask import Flask
from sqlalchemy import Engine

from contextlib_news import Claim, load_claims
from tests.factories import TEMPLATE
from tests.server.desk.conftest import EVIL, Browse


def tiles(text: str) -> dict[str, str]:
    """The figures of the page by their names."""
    found = re.findall(r"<dt>([^<]+)</dt><dd>([^<]*?)\s*(?:<small>[^<]*</small>)?</dd>", text)
    return {name: number.strip() for name, number in found}


def test_what_waits_leads_to_the_queue(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        flags.add(connection, reason="x", claim_id="starter-01")
        flags.add(connection, reason="y", claim_id="starter-01")
    text = browse(Role.CONTRIBUTOR).get("/admin/").text
    assert re.search(r'href="/admin/queue\?kind=dispute"><span>Dispute</span><strong>2<', text)


def test_figures_add_up(staff: Flask, engine: Engine, browse: Browse) -> None:
    known = load_claims()[0]
    for text in (known.text, "Nothing is known of this."):
        body = {"text": text}
        answer = staff.test_client().post("/api/v1/annotate", json=body)
        assert answer.status_code == 200, answer.text
    held = staff.extensions[KEY]
    held.shown.flush(engine)
    with engine.begin() as connection:
        for decision in ("kept", "changed", "withdrawn", "kept"):
            number = flags.add(connection, reason="x", claim_id=known.id)
            flags.decide(connection, number, decision=decision, reason="y", by="z")
    text = browse(Role.CURATOR).get("/admin/").text
    found = tiles(text)
    assert found["Pages asked about"] == "2"
    assert found["Pages with a claim note"] == "1"
    assert found["Disputes answered"] == "4"
    assert found["Where the note was right"] == "2"
    assert found["Published"] == str(len(load_claims()))
    assert "4×" in text.partition('id="disputed"')[2]
    assert known.id in text.partition('id="shown"')[2].partition("</section>")[0]


def test_an_empty_desk_says_so(browse: Browse) -> None:
    text = browse(Role.CONTRIBUTOR).get("/admin/").text
    assert "Nothing waits." in text
    assert "Nothing was shown yet." in text


def test_a_claim_that_is_shown_brings_no_markup_in(engine: Engine, browse: Browse) -> None:
    from contextlib_news_server.store import shown

    with engine.begin() as connection:
        claims.save(connection, Claim(id="evil", text=EVIL), made_by="x", reason="y")
        shown.add(connection, "2999-01-01", {"evil": 3})
        flags.add(connection, reason="x", claim_id="evil")
    text = browse(Role.CONTRIBUTOR).get("/admin/").text
    assert "<script>alert" not in text
    assert TEMPLATE in text
