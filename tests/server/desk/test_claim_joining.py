"""Two claims at the desk become one, at once or after a review."""

from __future__ import annotations

import pytest
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims, drafts
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import make_claim
from tests.server.desk.conftest import Browse, form_of, send

MERGE = "/admin/claims/merge/bridge"
OTHER = "Elm Street’s bridge was opened in 1931."


@pytest.fixture(autouse=True)
def _two_claims(staff: Flask) -> None:
    other = make_claim(id="other/claim", text=OTHER, summary="The other’s.", reports=())
    with staff.extensions[KEY].engine.begin() as connection:
        claims.save_many(connection, [make_claim(), other], made_by="a test", reason="a test")


def held(app: Flask, claim_id: str) -> drafts.HeldClaim:
    with app.extensions[KEY].engine.connect() as connection:
        found = drafts.find(connection, claim_id)
    assert found is not None
    return found


def merge(client: FlaskClient, **more: str) -> TestResponse:
    page = client.get(f"{MERGE}?with=other/claim")
    form = form_of(page, "")
    return client.post(MERGE, data=form | more)


def test_the_editor_leads_there(browse: Browse) -> None:
    page = browse(Role.CURATOR).get("/admin/claims/edit/bridge").text
    assert f'href="{MERGE}?with=other/claim"' in page
    assert "other claim" in browse(Role.CURATOR).get(MERGE).text


def test_what_says_much_the_same_is_offered(browse: Browse) -> None:
    page = browse(Role.CURATOR).get(MERGE)
    assert page.status_code == 200
    assert f'href="{MERGE}?with=other/claim"' in page.text


def test_an_unknown_id_is_told_beside_the_field(browse: Browse) -> None:
    page = browse(Role.CURATOR).get(f"{MERGE}?with=%00<xqzvk>")
    assert page.status_code == 404
    assert "no claim of this id" in page.text
    assert "&lt;xqzvk&gt;" in page.text
    assert "Merge two claims" in page.text
    assert 'aria-invalid="true"' in page.text


def test_words_in_place_of_an_id_find_claims(browse: Browse) -> None:
    page = browse(Role.CURATOR).get(f"{MERGE}?with=Elm+bridge+1931")
    assert page.status_code == 200
    assert "aria-invalid" not in page.text
    assert f'href="{MERGE}?with=other/claim"' in page.text
    assert f'href="{MERGE}?with=bridge"' not in page.text


def test_a_claim_with_itself_is_told_there_too(browse: Browse) -> None:
    page = browse(Role.CURATOR).get(f"{MERGE}?with=bridge")
    assert page.status_code == 422
    assert "merged with another one" in page.text
    assert "Merge two claims" in page.text


def test_two_become_one_at_once(staff: Flask, browse: Browse) -> None:
    answer = merge(browse(Role.REVIEWER), **{"choice-summary": "other"})
    assert answer.headers["Location"] == "/admin/claims/edit/bridge"
    public = held(staff, "bridge").public
    assert public is not None
    assert (public.summary, public.variants) == ("The other’s.", (OTHER,))
    assert len(public.reports) == 1
    assert held(staff, "other/claim").state == ClaimState.RETIRED
    page = browse(Role.CURATOR).get("/admin/claims/edit/other/claim").text
    assert 'Merged into <a href="/admin/claims/edit/bridge"' in page
    public_page = staff.test_client().get("/claims/other/claim")
    assert public_page.status_code == 410
    assert 'href="/claims/bridge"' in public_page.text
    body = {"blocks": [{"text": OTHER}]}
    notes = staff.test_client().post("/api/v1/annotate", json=body).get_json()["notes"]
    assert [note["claim"]["id"] for note in notes if note["kind"] == "claim"] == ["bridge"]


def test_with_a_second_person_readers_lose_nothing_between(staff: Flask, browse: Browse) -> None:
    administrator = browse(Role.ADMINISTRATOR)
    send(administrator, "/admin/settings", second_person="on")
    reviewer = browse(Role.REVIEWER)
    answer = merge(reviewer)
    assert "/merge/" in answer.headers["Location"]
    assert held(staff, "other/claim").state == ClaimState.PUBLISHED
    kept = held(staff, "bridge")
    assert kept.stage == ClaimState.IN_REVIEW
    assert kept.public is not None
    assert kept.public.variants == ()
    seen = str(kept.newest.revision)
    path = "/admin/claims/step/bridge"
    assert send(reviewer, path, action="publish", seen=seen).status_code == 409
    assert send(administrator, path, action="publish", seen=seen).status_code == 302
    assert "holds everything" in reviewer.get(f"{MERGE}?with=other/claim").text
    assert merge(reviewer).headers["Location"] == "/admin/claims/edit/bridge"
    assert held(staff, "other/claim").state == ClaimState.RETIRED
    after = held(staff, "bridge").public
    assert after is not None
    assert after.variants == (OTHER,)


def test_a_curator_proposes_a_merge(staff: Flask, browse: Browse) -> None:
    assert "/merge/" in merge(browse(Role.CURATOR)).headers["Location"]
    assert held(staff, "bridge").stage == ClaimState.IN_REVIEW
    assert held(staff, "other/claim").state == ClaimState.PUBLISHED
    assert browse(Role.CONTRIBUTOR).get(MERGE).status_code == 403


def test_nothing_is_merged_that_somebody_changed_meanwhile(staff: Flask, browse: Browse) -> None:
    reviewer = browse(Role.REVIEWER)
    for more in ({"seen": "1"}, {"other_seen": "1"}, {"seen": ""}, {"other_seen": "x"}):
        assert merge(reviewer, **more).status_code == 409
    assert merge(reviewer, **{"with": "bridge"}).status_code == 422
    assert merge(reviewer, **{"with": "nowhere"}).status_code == 404
    assert held(staff, "bridge").newest.variants == ()
    assert held(staff, "other/claim").state == ClaimState.PUBLISHED
    merge(reviewer)
    assert reviewer.get(f"{MERGE}?with=other/claim").status_code == 422
