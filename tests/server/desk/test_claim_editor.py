"""Claims at the desk: listed, edited with nothing lost, merged where two people met."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from contextlib_news_server.desk.claim_forms import ROWS
from contextlib_news_server.services import KEY
from contextlib_news_server.store import claims, drafts
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.users import Role
from flask import Flask
from flask.testing import FlaskClient

from contextlib_news.models import Claim, Verdict
from tests.factories import COMPUTED, TEMPLATE, make_claim
from tests.server.desk.conftest import Browse, form_of, send

EDIT = "/admin/claims/edit/bridge"
ROWS_OF_REPORTS = next(parts for each, parts in ROWS.items() if each.name == "reports")


@pytest.fixture
def bridge(staff: Flask) -> Claim:
    """A published claim with a report."""
    with staff.extensions[KEY].engine.begin() as connection:
        claims.save(connection, make_claim(), made_by="a test", reason="a test")
    return make_claim()


def held(app: Flask, claim_id: str = "bridge") -> drafts.HeldClaim:
    with app.extensions[KEY].engine.connect() as connection:
        found = drafts.find(connection, claim_id)
    assert found is not None
    return found


def edit(client: FlaskClient, path: str = EDIT, **changes: str) -> Any:
    form = form_of(client.get(path), "action=save") | changes
    return client.post(path, data=form)


def step(client: FlaskClient, action: str, **more: str) -> Any:
    form = form_of(client.get(EDIT), f"action={action}") | more
    return client.post("/admin/claims/step/bridge", data=form)


# --- The list -------------------------------------------------------------------------------------


def test_the_list_is_searched_filtered_and_paged(staff: Flask, browse: Browse) -> None:
    with staff.extensions[KEY].engine.begin() as connection:
        many = [
            make_claim(id=f"pier-{n}", text=f"The pier has {n} posts.", topics=("piers",))
            for n in range(120)
        ]
        claims.save_many(connection, many, made_by="a test", reason="a test")
    client = browse(Role.CONTRIBUTOR)
    seen: list[str] = []
    path: str | None = "/admin/claims?topic=piers"
    while path:
        answer = client.get(path)
        page = Listed(answer.text)
        seen += page.links
        path = page.next
    assert len(seen) == len(set(seen)) == 120
    assert "The pier has 77 posts." in client.get("/admin/claims?text=pier+77+posts").text
    assert "No claim fits" in client.get("/admin/claims?topic=piers&stage=draft").text
    for wrong in ("/admin/claims?stage=x", "/admin/claims?after=x", "/admin/claims?after=[true]"):
        assert client.get(wrong).status_code == 422
    assert client.get("/admin/claims?text=%00").status_code == 422


class Listed:
    """The links of a list."""

    def __init__(self, text: str) -> None:
        page = BeautifulSoup(text, "html.parser")
        self.links = [str(a["href"]) for a in page.select("table.claims th a")]
        found = page.select_one("a[rel=next]")
        self.next = str(found["href"]) if found else None


# --- The editor -----------------------------------------------------------------------------------


def test_opening_and_saving_changes_nothing(staff: Flask, browse: Browse) -> None:
    client = browse(Role.CURATOR)
    with staff.extensions[KEY].engine.connect() as connection:
        some = claims.page(connection, limit=200)
    rich = [each for each in some if each.reports or each.quotations or each.reviews]
    assert len(rich) > 10
    for each in rich[::9]:
        path = f"/admin/claims/edit/{each.id}"
        assert edit(client, path).status_code == 302, each.id
        after = held(staff, each.id)
        kept = {"revision", "updated"}
        for name in Claim.__slots__:
            if name not in kept:
                assert getattr(after.newest, name) == getattr(each, name), (each.id, name)


def test_every_field_is_edited(staff: Flask, browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    answer = edit(
        client,
        **{
            "text": "The bridge at Elm Street opened in 1932.",
            "verdict": "disputed",
            "claimant": "The mayor",
            "date": "2026-11",
            "language": "en",
            "variants-0": "Elm Street's bridge\r\nopened in 1932.",
            "exclusions-0": "The Elm Street bank opened in 1932.",
            "topics-0": "bridges",
            "appearances-0": "https://example.net/page",
            "reports-1-stance": "contradicting",
            "reports-1-outlet": "example.com",
            "reports-1-title": "It was 1931",
            "reports-1-url": "https://example.com/1931",
            "reviews-0-publisher": "Checkers",
            "reviews-0-rating": "Mostly so",
            "quotations-0-text": "We opened it.",
            "quotations-0-source": "The mayor",
            "valid_from": "2020",
            "valid_until": "2030-01-01",
            "reason": "the year was wrong",
        },
    )
    assert answer.status_code == 302
    after = held(staff)
    assert after.stage == ClaimState.DRAFT
    assert after.public is not None
    assert after.public.text == bridge.text
    new = after.newest
    assert new.verdict is Verdict.DISPUTED
    assert new.variants == ("Elm Street's bridge\nopened in 1932.",)
    assert (new.topics, new.appearances) == (("bridges",), ("https://example.net/page",))
    assert [report.title for report in new.reports] == ["Bridge opened", "It was 1931"]
    assert (new.reviews[0].rating, new.quotations[0].source) == ("Mostly so", "The mayor")
    assert (new.date, new.valid_from, new.valid_until) == ("2026-11", "2020", "2030-01-01")
    assert new.provenance == bridge.provenance
    page = client.get("/admin/claims/history/bridge").text
    assert "the year was wrong" in page
    assert "It was 1931" in page


def test_rows_are_added_and_taken_out_without_a_script(
    staff: Flask, browse: Browse, bridge: Claim
) -> None:
    client = browse(Role.CURATOR)
    typed = form_of(client.get(EDIT), "action=add:reports")
    answer = client.post(EDIT, data=typed | {"text": "Typed and not saved."})
    assert answer.status_code == 200
    assert "Typed and not saved." in answer.text
    assert held(staff).newest.text == bridge.text
    for _ in range(2):
        answer = client.post(EDIT, data=form_of(answer, "action=add:reports"))
    assert answer.text.count('name="reports-') == 5 * len(ROWS_OF_REPORTS)
    assert answer.text.count('name="topics-') == 1
    more = form_of(answer, "action=remove:reports:0")
    answer = client.post(EDIT, data=more)
    assert "Typed and not saved." in answer.text
    assert client.post(EDIT, data=form_of(answer, "action=save")).status_code == 302
    assert held(staff).newest.reports == ()


def test_what_is_wrong_stands_by_its_field_and_nothing_typed_is_lost(
    staff: Flask, browse: Browse, bridge: Claim
) -> None:
    client = browse(Role.CURATOR)
    wrong = {
        "text": "",
        "date": "yesterday",
        "valid_from": "2025",
        "valid_until": "2024-05",
        "summary": "Kept while wrong.",
        "appearances-0": "javascript:alert(1)",
        "reports-0-url": "javascript:alert(1)",
        "reports-0-date": "31 May",
        "reviews-0-rating": "without a publisher",
        "quotations-0-source": "without words",
    }
    answer = edit(client, **wrong)
    assert answer.status_code == 422
    for name in (
        *("text", "date", "valid_until", "appearances-0", "reports-0-url", "reports-0-date"),
        *("reviews-0-publisher", "quotations-0-text"),
    ):
        assert f'id="{name}-wrong"' in answer.text, name
    again = form_of(answer, "action=save")
    for name, value in wrong.items():
        assert again[name] == value
    assert held(staff).newest.text == bridge.text


def test_a_new_claim(staff: Flask, browse: Browse) -> None:
    client = browse(Role.CONTRIBUTOR)
    form = form_of(client.get("/admin/claims/new"), "action=save")
    assert client.post("/admin/claims/new", data=form).status_code == 422
    answer = client.post("/admin/claims/new", data=form | {"text": "Żółw / turtles fly: 3 km."})
    path = answer.headers["Location"]
    assert path.startswith("/admin/claims/edit/zo-w-turtles-fly-3-km-")
    page = client.get(path)
    assert page.status_code == 200
    assert "Readers see nothing of it." in page.text
    assert "Publish</button>" not in page.text


def test_a_button_pressed_twice_saves_once(staff: Flask, browse: Browse, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    form = form_of(client.get("/admin/claims/new"), "action=save") | {"text": "Turtles fly."}
    first, second = (client.post("/admin/claims/new", data=form) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    # Come back to with the browser's button and changed: both versions are shown.
    other = client.post("/admin/claims/new", data=form | {"summary": "Only on some days."})
    assert other.status_code == 409
    assert client.post(first.headers["Location"], data=form_of(other, "action=resolve"))
    assert held(staff, first.headers["Location"].rpartition("/")[2]).newest.summary == (
        "Only on some days."
    )
    # The same words in a form of its own are a claim of its own.
    again = form_of(client.get("/admin/claims/new"), "action=save") | {"text": "Turtles fly."}
    third = client.post("/admin/claims/new", data=again)
    assert third.headers["Location"] != first.headers["Location"]
    # A claim that is there already.
    form = form_of(client.get(EDIT), "action=save") | {"summary": "Pressed twice."}
    for _ in range(2):
        assert client.post(EDIT, data=form).status_code == 302
    assert held(staff).newest.summary == "Pressed twice."


def test_a_step_pressed_twice_is_taken_once(staff: Flask, browse: Browse, bridge: Claim) -> None:
    curator, reviewer = browse(Role.CURATOR), browse(Role.REVIEWER)
    edit(curator, summary="A new summary.")
    steps = ((curator, "submit"), (reviewer, "send-back"), (curator, "submit"))
    for client, action in (*steps, (reviewer, "publish"), (reviewer, "retire")):
        form = form_of(client.get(EDIT), f"action={action}") | {"reason": "As agreed."}
        for _ in range(2):
            answer = client.post("/admin/claims/step/bridge", data=form)
            assert answer.status_code == 302, action
    held_now = str(held(staff).newest.revision - 1)
    later = send(
        browse(Role.ADMINISTRATOR),
        "/admin/claims/step/bridge",
        action="retire",
        seen=held_now,
        reason="x",
    )
    assert later.status_code == 409, "somebody else took that step"
    assert "Look at it as it stands now" in later.text


def test_what_is_wrong_is_called_as_the_form_calls_it(browse: Browse, bridge: Claim) -> None:
    answer = edit(browse(Role.CURATOR), **{"reports-0-url": "x", "valid_until": "soon"})
    said = BeautifulSoup(answer.text, "html.parser").select("[role=alert] a")
    assert [each.text for each in said] == ["Holds until", "Reports 1, Address"]
    for each in said:
        assert f'id="{str(each["href"])[1:]}"' in answer.text


# --- Two people -----------------------------------------------------------------------------------


def test_two_people_change_different_fields(staff: Flask, browse: Browse, bridge: Claim) -> None:
    one, other = browse(Role.CURATOR), browse(Role.REVIEWER)
    mine = form_of(one.get(EDIT), "action=save") | {"summary": "Mine.", "topics-0": "mine"}
    assert edit(other, **{"claimant": "Theirs.", "topics-0": "theirs"}).status_code == 302
    answer = one.post(EDIT, data=mine)
    assert answer.status_code == 409
    assert "Theirs." in answer.text
    assert held(staff).newest.summary == bridge.summary
    assert one.post(EDIT, data=form_of(answer, "action=resolve")).status_code == 302
    new = held(staff).newest
    assert (new.summary, new.claimant) == ("Mine.", "Theirs.")
    assert set(new.topics) == {"mine", "theirs"}
    assert len(new.reports) == 1


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_people_change_the_same_field(
    staff: Flask, browse: Browse, bridge: Claim, choice: str
) -> None:
    one, other = browse(Role.CURATOR), browse(Role.REVIEWER)
    mine = form_of(one.get(EDIT), "action=save") | {"summary": "mine"}
    edit(other, summary="theirs")
    answer = one.post(EDIT, data=mine)
    form = form_of(answer, "action=resolve")
    assert form["choice-summary"] == "mine"
    assert one.post(EDIT, data=form | {"choice-summary": choice}).status_code == 302
    assert held(staff).newest.summary == choice


def test_a_third_person_is_told_again(staff: Flask, browse: Browse, bridge: Claim) -> None:
    one, other = browse(Role.CURATOR), browse(Role.REVIEWER)
    mine = form_of(one.get(EDIT), "action=save") | {"summary": "mine"}
    edit(other, summary="theirs")
    answer = one.post(EDIT, data=mine)
    edit(other, summary="theirs again")
    again = one.post(EDIT, data=form_of(answer, "action=resolve"))
    assert again.status_code == 409
    assert "theirs again" in again.text
    assert held(staff).newest.summary == "theirs again"


# --- From draft to readers ------------------------------------------------------------------------


def test_a_claim_goes_its_way(staff: Flask, browse: Browse, bridge: Claim) -> None:
    curator, reviewer = browse(Role.CURATOR), browse(Role.REVIEWER)
    edit(curator, summary="A new summary.")
    assert step(curator, "submit").status_code == 302
    assert step(reviewer, "send-back", reason="").status_code == 422
    assert step(reviewer, "send-back", reason="Name the source.").status_code == 302
    assert "Name the source." in curator.get("/admin/claims/history/bridge").text
    step(curator, "submit")
    assert step(reviewer, "publish").status_code == 302
    public = staff.test_client().get("/claims/bridge").text
    assert "A new summary." in public
    assert step(reviewer, "retire", reason="Taken back.").status_code == 302
    assert staff.test_client().get("/claims/bridge").status_code == 410
    assert step(reviewer, "publish").status_code == 302
    assert staff.test_client().get("/claims/bridge").status_code == 200


def test_readers_are_told_why_a_text_was_changed(
    staff: Flask, browse: Browse, bridge: Claim
) -> None:
    curator, reviewer = browse(Role.CURATOR), browse(Role.REVIEWER)
    page = curator.get(EDIT).text
    assert "readers see it" in page
    edit(curator, summary="A new summary.", reason="The archive was opened.")
    step(curator, "submit")
    step(reviewer, "send-back", reason="Ask Ben whether he is sure.")
    step(curator, "submit")
    public = staff.test_client()
    assert "archive was opened" not in public.get("/claims/bridge").text
    step(reviewer, "publish")
    told = public.get("/claims/bridge").text
    assert "The archive was opened." in told
    assert "Ask Ben" not in told
    # Another publication without a new text does not repeat it.
    step(reviewer, "retire", reason="Taken back.")
    step(reviewer, "publish")
    assert public.get("/claims/bridge").text.count("The archive was opened.") == 1


def test_steps_need_their_role_and_what_was_seen(
    staff: Flask, browse: Browse, bridge: Claim
) -> None:
    curator, contributor = browse(Role.CURATOR), browse(Role.CONTRIBUTOR)
    edit(curator, summary="A new summary.")
    seen = str(held(staff).newest.revision)
    for action in ("publish", "retire", "send-back"):
        answer = send(curator, "/admin/claims/step/bridge", action=action, seen=seen, reason="x")
        assert answer.status_code == 403, action
    for action in ("discard", "revert"):
        answer = send(contributor, "/admin/claims/step/bridge", action=action, seen=seen, to="3")
        assert answer.status_code == 403, action
    reviewer = browse(Role.REVIEWER)
    for old in ("", "x", "1"):
        answer = send(reviewer, "/admin/claims/step/bridge", action="publish", seen=old)
        assert answer.status_code == 409
    assert send(reviewer, "/admin/claims/step/bridge", action="everything").status_code == 422
    assert send(reviewer, "/admin/claims/step/nowhere", action="publish").status_code == 404


def test_a_second_person_publishes(staff: Flask, browse: Browse, bridge: Claim) -> None:
    administrator, reviewer = browse(Role.ADMINISTRATOR), browse(Role.REVIEWER)
    assert send(administrator, "/admin/settings", second_person="on").status_code == 302
    assert "checked" in administrator.get("/admin/settings").text
    edit(reviewer, summary="My own.")
    assert "Another person publishes" in reviewer.get(EDIT).text
    seen = str(held(staff).newest.revision)
    own = send(reviewer, "/admin/claims/step/bridge", action="publish", seen=seen)
    assert own.status_code == 409
    assert held(staff).stage == ClaimState.DRAFT
    assert step(administrator, "publish").status_code == 302
    assert send(administrator, "/admin/settings").status_code == 302
    edit(reviewer, summary="My own, again.")
    assert step(reviewer, "publish").status_code == 302


def test_a_revert_is_a_draft(staff: Flask, browse: Browse, bridge: Claim) -> None:
    reviewer = browse(Role.REVIEWER)
    edit(
        reviewer,
        summary="Wrong.",
        **{"reports-1-outlet": "a", "reports-1-title": "b", "reports-1-stance": "contradicting"},
    )
    step(reviewer, "publish")
    page = reviewer.get("/admin/claims/history/bridge")
    form = form_of(page, "action=revert")
    assert form["to"] != form["seen"]
    reviewer.post("/admin/claims/step/bridge", data=form | {"to": "3"})
    after = held(staff)
    assert after.newest.summary == bridge.summary
    assert after.newest.reports == bridge.reports
    assert after.public is not None
    assert after.public.summary == "Wrong."


def test_a_draft_is_brought_up_to_a_text_published_meanwhile(
    staff: Flask, browse: Browse, bridge: Claim
) -> None:
    reviewer = browse(Role.REVIEWER)
    edit(reviewer, summary="Drafted.")
    with staff.extensions[KEY].engine.begin() as connection:
        newer = make_claim(claimant="An import")
        claims.save(connection, newer, made_by="an import", reason="imported")
    answer = step(reviewer, "publish")
    assert answer.status_code == 409
    assert "An import" in answer.text
    assert reviewer.post(EDIT, data=form_of(answer, "action=resolve")).status_code == 302
    assert step(reviewer, "publish").status_code == 302
    public = held(staff).public
    assert public is not None
    assert (public.summary, public.claimant) == ("Drafted.", "An import")


# --- Attackers ------------------------------------------------------------------------------------


def test_fields_that_are_not_in_the_form_are_not_set(
    staff: Flask, browse: Browse, bridge: Claim
) -> None:
    before = held(staff)
    answer = edit(
        browse(Role.CURATOR),
        **{
            "id": "storm",
            "revision": "900",
            "created": "1999-01-01",
            "updated": "1999-01-01",
            "state": "published",
            "stage": "published",
            "made_by": "administrator",
            "edited_by": "administrator",
            "provenance": "x",
            "provenance-0-source": "Forged",
            "fingerprints-0-url": "https://example.org/",
            "reports-0-secret": "x",
            "reports-99999-title": "x",
            "__class__-0": "x",
            "summary": "Mine.",
        },
    )
    assert answer.status_code == 302
    after = held(staff)
    assert after.newest.id == "bridge"
    assert after.newest.provenance == bridge.provenance
    assert after.newest.fingerprints == ()
    assert after.newest.revision == before.newest.revision + 1
    assert after.newest.created == before.newest.created
    assert (after.stage, after.edited_by) == (ClaimState.DRAFT, "curator")
    assert after.public is not None
    assert after.public.summary == bridge.summary


HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>" + TEMPLATE


def test_no_field_brings_a_script(staff: Flask, browse: Browse) -> None:
    client = browse(Role.REVIEWER)
    form = form_of(client.get("/admin/claims/new"), "action=save")
    for name in form:
        if name not in ("form_token", "action"):
            form[name] = HOSTILE
    answer = client.post("/admin/claims/new", data=form)
    assert answer.status_code == 422
    _harmless(answer.text)
    dates = {name for name in form if name.rpartition("-")[2] in ("date", "from", "until")}
    dates |= {"date", "valid_from", "valid_until"}
    for name in form:
        if name in dates or name in ("verdict", "reports-0-stance"):
            form[name] = ""
        elif name.endswith("-url") or name.startswith("appearances"):
            form[name] = f"https://example.org/{HOSTILE}"
    form["reports-0-stance"] = "contradicting"
    answer = client.post("/admin/claims/new", data=form)
    assert answer.status_code == 302, answer.text[:3000]
    path = answer.headers["Location"]
    page = client.get(path)
    _harmless(page.text)
    client.post(path.replace("/edit/", "/step/"), data=form_of(page, "action=publish"))
    claim_id = path.removeprefix("/admin/claims/edit/")
    edit(client, path, summary=f"{HOSTILE} again", reason=HOSTILE)
    for other in (
        *("/admin/claims", "/admin/claims?text=script", f"/admin/claims/history/{claim_id}"),
        *(path, f"/claims/{claim_id}", f"/admin/claims?topic={HOSTILE}&text={HOSTILE}"),
    ):
        shown = client.get(other)
        assert shown.status_code == 200, other
        _harmless(shown.text)


def _harmless(text: str) -> None:
    page = BeautifulSoup(text, "html.parser")
    scripts = [tag for tag in page.find_all("script") if tag.get("type") != "application/ld+json"]
    assert all(tag.get("src") and not tag.text for tag in scripts)
    assert not page.find_all("img")
    assert COMPUTED not in text
    for tag in page.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")], tag.name
        assert tag.name != "style"
        assert "style" not in tag.attrs
        assert str(tag.get("href", "")).partition(":")[0] not in ("javascript", "vbscript")
        if tag.get("href", "").startswith("data:"):
            assert tag.name == "link"


def test_links_that_run_are_no_links_even_where_an_import_brought_them(
    staff: Flask, browse: Browse
) -> None:
    evil = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", " javascript:x")
    with staff.extensions[KEY].engine.begin() as connection:
        claims.save(connection, make_claim(appearances=evil), made_by="x", reason="x")
    for path in ("/claims/bridge", EDIT, "/admin/claims/history/bridge"):
        _harmless(browse(Role.CURATOR).get(path).text)


def test_a_huge_form_is_refused(browse: Browse, staff: Flask, bridge: Claim) -> None:
    client = browse(Role.CURATOR)
    form = form_of(client.get(EDIT), "action=save")
    assert client.post(EDIT, data=form | {"summary": "x" * 3_000_000}).status_code == 413
    assert client.post(EDIT, data=form | {"summary": "x" * 20_001}).status_code == 422
    many = form | {f"topics-{n}": f"t{n}" for n in range(5_000)}
    assert client.post(EDIT, data=many).status_code == 302
    assert len(held(staff).newest.topics) == 2_000
    for bad in ("a\x00b", "a\ud800b"):
        answer = client.post(EDIT, data=form | {"summary": bad.encode("utf-8", "surrogatepass")})
        assert answer.status_code in (422, 409, 302)
        assert "\x00" not in (held(staff).newest.summary or "")
    assert client.post(EDIT, data=form | {"action": "remove:topics:99999999999"}).status_code == 200
