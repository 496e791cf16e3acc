"""The note before it is published, a text to try it on, and "not this claim"."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims, drafts, trial_counts
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contextlib_news.models import Claim
from tests.factories import make_claim
from tests.server.desk.conftest import Browse, form_of, send

EDIT = "/admin/claims/edit/bridge"
NEAR = "The bridge at Oak Street opened in 1931, said the clerk."


@pytest.fixture
def bridge(staff: Flask) -> Claim:
    with staff.extensions[KEY].engine.begin() as connection:
        claims.save(connection, make_claim(), made_by="a test", reason="a test")
    return make_claim()


def try_text(client: FlaskClient, trial: str, **typed: str) -> TestResponse:
    form = form_of(client.get(EDIT), "action=try")
    return client.post(EDIT, data=form | typed | {"trial": trial})


def notes_on(app: Flask, text: str, **more: str) -> dict[str, dict[str, object]]:
    """What a reader's extension is answered, by the claims."""
    body = {"blocks": [{"text": text}], **more}
    answer = app.test_client().post("/api/v1/annotate", json=body).get_json()
    return {note["claim"]["id"]: note for note in answer["notes"] if note["kind"] == "claim"}


def test_the_preview_is_the_readers_note(staff: Flask, browse: Browse, bridge: Claim) -> None:
    note = notes_on(staff, bridge.text)["bridge"]
    client = browse(Role.CURATOR)
    page = BeautifulSoup(client.get(EDIT).text, "html.parser")
    card = page.select_one("article.note")
    assert card is not None
    assert str(note["title"]) in card.text
    assert str(note["text"]) in card.text
    typed = try_text(client, "", summary="Typed just now.", verdict="disputed")
    card = BeautifulSoup(typed.text, "html.parser").select_one("article.note")
    assert card is not None
    assert "disputed" in card.text
    assert "Town archive" in card.text
    german = notes_on(staff, bridge.text, reader_language="de")["bridge"]
    assert german["title"] != note["title"]
    assert str(german["title"]) in try_text(client, "", reader_language="de").text


def test_a_text_is_tried_on_what_is_typed(staff: Flask, browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    text = (
        "The bridge at Elm Street opened in 1931. The bridge at Elm Street opened in 1952. "
        "The choir sang three songs on Saturday evening. What about the bridge at Elm Street?"
    )
    answer = try_text(client, text)
    assert answer.status_code == 200
    scores = [float(each) for each in re.findall(r'class="score">([\d.]+)<', answer.text)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.9
    assert "4 sentences read" in answer.text
    tried = BeautifulSoup(answer.text, "html.parser").select(".tried")
    assert len(tried) >= 2
    assert not [each for each in tried if "choir" in each.text]
    assert "1952" in answer.text
    assert "refutes" in answer.text
    none = try_text(client, "The choir sang three songs on Saturday evening.")
    assert "No sentence comes near this claim." in none.text
    # What is typed counts, not what is kept.
    typed = try_text(
        client,
        "The choir sang three songs on Saturday evening.",
        text="The choir sang three songs on Saturday.",
    )
    assert "Gets a note" in typed.text
    with staff.extensions[KEY].engine.connect() as connection:
        held = drafts.find(connection, "bridge")
    assert held is not None
    assert held.newest.text == bridge.text


def test_what_another_threshold_would_change(browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    told = []
    for threshold in ("0", "0.99999", "x", "7"):
        text = try_text(client, f"{bridge.text} {NEAR}", threshold=threshold).text
        told += re.findall(r"at (\d\.\d\d) it would be (\d+)", text)
        assert "a note at the threshold of" in text
    # What is no threshold is the index's own, which needs no comparison.
    assert len(told) == 2
    assert told[0][0] == "0.00"
    assert int(told[0][1]) >= int(told[1][1])


def test_a_page_is_tried_as_markup(browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    html = f"<html><script>The bridge</script><body><p>{bridge.text}</p></body></html>"
    answer = try_text(client, html)
    assert "Gets a note" in answer.text
    assert "<script>The bridge" not in answer.text


def test_a_trial_is_bounded(staff: Flask, browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    answer = try_text(client, "The bridge opened. " * 4_000, summary="Typed.")
    assert answer.status_code == 200
    assert "more than" in answer.text
    assert "Typed." in answer.text


def test_not_this_claim_holds_for_readers_at_once(
    staff: Flask, browse: Browse, bridge: Claim
) -> None:
    sentence = "A bridge at Elm Street was opened to trains in 1931."
    assert "bridge" in notes_on(staff, sentence)
    client = browse(Role.CURATOR)
    answer = try_text(client, sentence, summary="Typed and not saved.")
    form = form_of(answer, f"not-this-claim={sentence}")
    after = client.post(EDIT, data=form)
    assert after.status_code == 200
    assert "Ruled out" in after.text
    assert "No note: ruled out" in after.text
    assert "Typed and not saved." in after.text
    assert "bridge" not in notes_on(staff, sentence)
    assert "bridge" in notes_on(staff, bridge.text)
    # What was typed is saved on top, and keeps what was ruled out.
    assert client.post(EDIT, data=form_of(after, "action=save")).status_code == 302
    with staff.extensions[KEY].engine.connect() as connection:
        held = drafts.find(connection, "bridge")
    assert held is not None
    assert held.newest.summary == "Typed and not saved."
    assert held.newest.exclusions == (sentence,)
    assert held.stage == ClaimState.DRAFT
    history = client.get("/admin/claims/history/bridge").text
    assert f"not this claim: {sentence}" in history


def test_a_claim_is_not_ruled_out_of_itself(staff: Flask, browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    form = form_of(client.get(EDIT), "action=save")
    answer = client.post(EDIT, data=form | {"not-this-claim": bridge.text, "summary": "Typed."})
    assert answer.status_code == 422
    assert "own wording" in answer.text
    assert "Typed." in answer.text
    assert "bridge" in notes_on(staff, bridge.text)
    helper = browse(Role.CONTRIBUTOR)
    refused = send(helper, EDIT, **{"not-this-claim": NEAR})
    assert refused.status_code == 403


def test_claims_that_say_the_same_are_told(staff: Flask, browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    assert "say much the same" not in client.get(EDIT).text
    form = form_of(client.get("/admin/claims/new"), "action=try")
    same = {"text": "The Elm Street bridge was opened in 1931."}
    answer = client.post("/admin/claims/new", data=form | same)
    assert "say much the same" in answer.text
    assert f'href="{EDIT}"' in answer.text
    other = client.post("/admin/claims/new", data=form | {"text": "Owls sleep by day in barns."})
    assert "say much the same" not in other.text


def test_drafts_that_say_the_same_are_told_apart(staff: Flask, browse: Browse) -> None:
    with staff.extensions[KEY].engine.begin() as connection:
        for name, text in (("draft", "The Elm Street bridge opened in 1931."), ("owl", "Owls.")):
            drafts.save_draft(
                connection, make_claim(id=name, text=text), seen=None, made_by="x", reason=""
            )
        drafts.submit(connection, "draft", seen=3, made_by="x")
    client = browse(Role.CURATOR)
    form = form_of(client.get("/admin/claims/new"), "action=try")
    same = {"text": "The Elm Street bridge was opened in 1931."}
    answer = client.post("/admin/claims/new", data=form | same)
    warned = BeautifulSoup(answer.text, "html.parser").select_one(".warned")
    assert warned is not None
    assert [link["href"] for link in warned.select("a")] == ["/admin/claims/edit/draft"]
    assert "a draft that nobody published" in warned.text
    # Beside the draft itself nothing is told of it.
    assert "say much the same" not in client.get("/admin/claims/edit/draft").text


def test_live_tests_are_counted_and_no_more(staff: Flask, browse: Browse, bridge: Claim) -> None:
    sentence = "A bridge at Elm Street was opened to trains in 1931."
    client = browse(Role.CURATOR)
    answer = try_text(client, f"{bridge.text} {sentence} Owls sleep by day in barns.")
    client.post(EDIT, data=form_of(answer, f"not-this-claim={sentence}"))
    # What got no note in the trial says nothing about the notes that there were.
    form = form_of(client.get(EDIT), "action=save") | {"nor-this-claim": NEAR}
    assert "Ruled out" in client.post(EDIT, data=form).text
    with staff.extensions[KEY].engine.connect() as connection:
        assert trial_counts.since(connection, "2000-01-01") == (2, 1)
        assert trial_counts.since(connection, "2999-01-01") == (0, 0)
        rows = connection.exec_driver_sql("SELECT * FROM trial_counts").all()
    assert "Elm" not in str(rows)
    text = client.get("/admin/").text
    assert "Sentences tried with a note</dt><dd>2<" in text
    assert "<dd>1 <small>50%</small>" in text
