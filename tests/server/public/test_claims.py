"""The page of a claim: its record, its history, and what becomes of it once it is withdrawn."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from contextlib_news_server.store import claims, drafts, flags, sources
from contextlib_news_server.store.importing import import_claims
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import Engine

from contextlib_news.models import Claim
from tests.factories import COMPUTED, TEMPLATE, make_claim, make_report
from tests.server.public.conftest import publish, retire


def test_the_history_tells_what_changed_when_and_why_but_not_who(
    client: FlaskClient, claim: Claim
) -> None:
    page = client.get(f"/claims/{claim.id}").text
    history = page[page.index('id="history"') :]
    assert "from the town archive" in history
    assert "a second source" in history
    assert "<del>The town archive holds the opening record.</del>" in history
    assert "<ins>The archive&#39;s newer list agrees.</ins>" in history
    assert history.count("a curator") == 2
    assert "Ada" not in page
    assert "private remark" not in page


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("/home/ada/private/claims.jsonl", "imported from claims.jsonl"),
        ("C:\\Users\\ada\\claims.jsonl", "imported from claims.jsonl"),
        ("private/claims.jsonl", "imported from claims.jsonl"),
        (None, "imported from Checks"),
    ],
)
def test_no_folder_of_the_machine_is_told(
    client: FlaskClient, store: Engine, file: str | None, told: str
) -> None:
    import_claims(store, [make_claim(id="brought")], source="Checks", made_by="Ada", file=file)
    page, feed = client.get("/claims/brought").text, client.get("/changes.atom").text
    for text in (page, feed):
        assert told in text
        assert "ada" not in text
        assert "private" not in text


def test_a_path_that_an_earlier_release_kept_is_not_told(
    client: FlaskClient, store: Engine
) -> None:
    with store.begin() as connection:
        number = sources.declare(connection, "Checks", kind="claims", made_by="Ada").number
        reason = "imported from /home/ada/claims.jsonl"
        brought = make_claim(id="brought")
        claims.save(connection, brought, made_by="Ada", reason=reason, source=number)
    for path in ("/claims/brought", "/changes.atom"):
        text = client.get(path).text
        assert "imported from claims.jsonl" in text
        assert "/home" not in text


def test_drafts_and_what_was_thought_of_them_stay_at_the_desk(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    with store.begin() as connection:
        drafts.save_draft(
            connection,
            make_claim(text="A secret draft."),
            seen=claim.revision,
            made_by="Ada",
            reason="quietly",
        )
        drafts.save_draft(
            connection, make_claim(id="unborn"), seen=None, made_by="Ada", reason="an idea"
        )
    page = client.get(f"/claims/{claim.id}").text
    assert "secret" not in page
    assert "quietly" not in page
    assert client.get("/claims/unborn").status_code == 404
    with store.begin() as connection:
        held = drafts.find(connection, "unborn")
        assert held is not None
        drafts.discard(
            connection, "unborn", seen=held.newest.revision, made_by="Ada", reason="none"
        )
    assert client.get("/claims/unborn").status_code == 404, "it was never public"


def test_a_draft_that_came_and_went_is_no_version_for_readers(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    before = client.get("/claims/bridge").text.count("<li>")
    feed = client.get("/changes.atom").text
    with store.begin() as connection:
        held = drafts.find(connection, "bridge")
        assert held is not None
        newer = replace(held.newest, summary="Typed in haste.")
        seen = held.newest.revision
        draft = drafts.save_draft(connection, newer, seen=seen, made_by="Ada", reason="x")
        drafts.discard(
            connection,
            "bridge",
            seen=draft.newest.revision,
            made_by="Ada",
            reason="a private remark on the draft",
        )
    shown = client.get("/claims/bridge").text
    assert "private remark" not in shown
    assert client.get("/changes.atom").text == feed
    assert shown.count("<li>") == before
    # What was withdrawn and published again is told, though the text is the same.
    retire(store, "bridge", "A mistake.")
    with store.begin() as connection:
        held = drafts.find(connection, "bridge")
        assert held is not None
        drafts.publish(
            connection, "bridge", seen=held.newest.revision, made_by="Ada", reason="None after all."
        )
    assert "None after all." in client.get("/claims/bridge").text


def test_a_withdrawn_claim_says_so_with_the_reason(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    retire(store, claim.id, "The archive's record was a forgery.")
    answer = client.get(f"/claims/{claim.id}")
    assert answer.status_code == 410
    assert "was withdrawn" in answer.text
    assert "The archive&#39;s record was a forgery." in answer.text
    assert "application/ld+json" not in answer.text
    assert 'content="noindex"' in answer.text
    assert "from the town archive" in answer.text
    publish(store, make_claim(), reason="it was none after all")
    assert client.get(f"/claims/{claim.id}").status_code == 200


def test_its_claim_review_is_embedded_and_whole(client: FlaskClient, claim: Claim) -> None:
    page = client.get(f"/claims/{claim.id}").text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    review = json.loads(script)
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == claim.text
    assert review["url"] == f"http://localhost/claims/{claim.id}"


def test_an_unchanged_page_is_not_sent_again_and_head_has_no_body(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    answer = client.get(f"/claims/{claim.id}")
    tag = answer.headers["ETag"]
    assert "Set-Cookie" not in answer.headers
    head = client.head(f"/claims/{claim.id}")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)
    again = {"If-None-Match": tag}
    assert client.get(f"/claims/{claim.id}", headers=again).status_code == 304
    publish(store, make_claim(summary="Another one."))
    assert client.get(f"/claims/{claim.id}", headers=again).status_code == 200


def test_a_long_history_comes_in_pages(client: FlaskClient, store: Engine, claim: Claim) -> None:
    for number in range(30):
        publish(store, make_claim(summary=f"Version {number}."), reason=f"reason {number}.")
    page = client.get(f"/claims/{claim.id}").text
    assert "reason 29." in page
    assert "reason 9." not in page
    (link,) = re.findall(r'href="(/claims/bridge\?before=\d+)#history"', page)
    earlier = client.get(link).text
    assert "reason 9." in earlier
    assert "First published" in earlier
    assert "reason 10." not in earlier


def test_what_a_source_brought_names_the_source(client: FlaskClient, store: Engine) -> None:
    with store.begin() as connection:
        source = sources.declare(connection, "Checkers’ feed", kind="import", made_by="root")
        claims.save_many(
            connection,
            [make_claim(id="imported")],
            made_by="root",
            reason="brought in",
            source=source.number,
        )
    page = client.get("/claims/imported").text
    assert "by the source “Checkers’ feed”" in page
    assert "root" not in page


def test_answered_disputes_stand_beside_the_claim(
    client: FlaskClient, store: Engine, claim: Claim
) -> None:
    with store.begin() as connection:
        answered = flags.add(connection, reason="my private words", claim_id=claim.id)
        flags.add(connection, reason="nobody read this yet", claim_id=claim.id)
        flags.decide(
            connection, answered, decision="changed", reason="The year was wrong.", by="Ada"
        )
    page = client.get(f"/claims/{claim.id}").text
    assert "The year was wrong." in page
    assert "Something was changed" in page
    assert "private words" not in page
    assert "nobody read" not in page


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&" + TEMPLATE


@pytest.mark.parametrize("withdrawn", [False, True])
def test_no_field_of_a_claim_becomes_markup(
    client: FlaskClient, store: Engine, withdrawn: bool
) -> None:
    with store.begin() as connection:
        flag = flags.add(connection, reason=HOSTILE, claim_id="hostile", contact=HOSTILE)
        flags.decide(connection, flag, decision=HOSTILE[:40], reason=HOSTILE, by=HOSTILE)
    texts = {name: HOSTILE for name in ("text", "title", "subtitle", "claimant", "summary")}
    for number in (1, 2):
        publish(
            store,
            make_claim(
                id="hostile",
                **(texts | {"summary": f"{HOSTILE}{number}"}),
                variants=(f"{HOSTILE}{number}",),
                topics=(HOSTILE,),
                appearances=(f"https://a.example/{HOSTILE}",),
                reports=(
                    make_report(
                        title=f"{HOSTILE}{number}",
                        outlet=HOSTILE,
                        says=HOSTILE,
                        origin=HOSTILE,
                        url=f"https://a.example/{HOSTILE}",
                    ),
                ),
            ),
            reason=HOSTILE,
        )
    if withdrawn:
        retire(store, "hostile", HOSTILE)
    page = client.get("/claims/hostile").text
    assert not re.search(r"<script>|<img|onerror=alert\(2\)>", page)
    assert COMPUTED not in page
    assert "alert(1)" in page, "the text itself is shown"


def test_the_template_that_is_tried_would_be_computed(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string(TEMPLATE) == COMPUTED


def test_an_address_that_is_none_of_the_web_is_no_link(app: Flask) -> None:
    # The store refuses such addresses; should one be kept all the same, it is shown as words.
    template = "{% import 'parts.html' as parts %}{{ parts.link(address, 'words') }}"
    for address in (
        *("javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x"),
        *("//evil.example", "https:evil", None, ""),
    ):
        with app.test_request_context():
            assert render_template_string(template, address=address) == "words"


def test_a_browser_gets_a_page_that_says_what_is_not_there(client: FlaskClient) -> None:
    answer = client.get("/claims/none", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    assert "No published claim has this id." in answer.text
    program = client.get("/claims/none")
    assert program.content_type == "application/problem+json"
    api = client.get("/api/v1/claims/none", headers={"Accept": "text/html"})
    assert api.content_type == "application/problem+json"
