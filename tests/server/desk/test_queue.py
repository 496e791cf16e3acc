"""The queue: what readers and feeds bring in is taken, looked at, and decided with a reason."""

from __future__ import annotations

import re

import pytest
from contextlib_news_server.store import claims, drafts, flags, queue, sources
from contextlib_news_server.store.flags import FlagState
from contextlib_news_server.store.users import Role
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from contextlib_news import Claim
from contextlib_news.formats.claims import claim_to_dict
from tests.factories import TEMPLATE
from tests.server.desk.conftest import EVIL, Browse, send, token_of


def dispute(engine: Engine, reason: str = "The date is wrong.", **more: str) -> int:
    """Put a reader's dispute into the queue and return the item's number."""
    with engine.begin() as connection:
        flag = flags.add(connection, reason=reason, **({"claim_id": "starter-01"} | more))
        (item,) = [i for i in queue.page(connection) if i.flag == flag]
    return item.number


def from_feed(engine: Engine, claim: Claim) -> int:
    """Put a review that a feed brought into the queue and return the item's number."""
    with engine.begin() as connection:
        source = sources.declare(connection, "a feed", kind="subscription", made_by="x")
        return queue.put(
            connection,
            kind="subscription",
            claim_id=claim.id,
            source=source.number,
            payload=claim_to_dict(claim),
            reason="a new review",
            made_by="subscription a feed",
        )


def test_what_readers_send_waits_by_kind(engine: Engine, browse: Browse) -> None:
    dispute(engine)
    with engine.begin() as connection:
        flags.add(connection, reason="Is it so?", exact="The bridge fell in 1999.")
        flags.add(connection, reason="More about bridges, please.")
        kinds = [item.kind for item in queue.page(connection)]
    assert kinds == ["dispute", "unmatched", "wish"]
    client = browse(Role.CONTRIBUTOR)
    text = client.get("/admin/queue").text
    assert "The date is wrong." in text
    assert "The bridge fell in 1999." in text
    only = client.get("/admin/queue?kind=wish").text
    assert "More about bridges" in only
    assert "The date is wrong." not in only


def test_an_item_is_taken_by_one(engine: Engine, browse: Browse) -> None:
    number = dispute(engine)
    path = f"/admin/queue/{number}"
    curator, reviewer = browse(Role.CURATOR), browse(Role.REVIEWER)
    assert send(curator, path, action="take").status_code == 302
    assert "You work on it" in curator.get(path).text
    assert "The date is wrong." in curator.get("/admin/queue?mine=yes").text
    assert "The date is wrong." not in reviewer.get("/admin/queue?mine=yes").text
    assert send(reviewer, path, action="take").status_code == 422
    answer = send(reviewer, path, action="answer", decision="kept", reason="It is right.")
    assert answer.status_code == 422
    assert "works on it" in answer.text
    assert send(reviewer, path, action="take-over").status_code == 302
    assert send(curator, path, action="release").status_code == 422
    assert send(reviewer, path, action="release").status_code == 302
    assert "so that nobody else" in curator.get(path).text


def test_an_answer_has_a_decision_and_a_public_reason(engine: Engine, browse: Browse) -> None:
    number = dispute(engine, contact="a@b.example")
    path = f"/admin/queue/{number}"
    client = browse(Role.CURATOR)
    assert "a@b.example" in client.get(path).text
    assert "a@b.example" not in browse(Role.CONTRIBUTOR).get(path).text
    for fields in (
        {},
        {"decision": "kept"},
        {"decision": "kept", "reason": "  "},
        {"decision": "x", "reason": "y"},
        {"decision": "kept", "reason": "x" * 2_001},
        {"decision": "kept", "reason": "a\x00b"},
    ):
        assert send(client, path, action="answer", **fields).status_code == 422
    assert send(client, path, action="answer", decision="changed", reason="The date was wrong.")
    with engine.connect() as connection:
        (flag,) = flags.page(connection, state=FlagState.ANSWERED)
        item = queue.get(connection, number)
    assert (flag.decision, flag.decision_reason) == ("changed", "The date was wrong.")
    assert flag.decided_by == "curator"
    assert item is not None
    assert item.state == "done"
    assert send(client, path, action="answer", decision="kept", reason="No.").status_code == 422
    assert "Nothing waits here" in client.get("/admin/queue").text


def test_a_dispute_has_one_number_at_the_desk_and_in_public(engine: Engine, browse: Browse) -> None:
    from_feed(engine, Claim(id="dam", text="The dam holds."))
    number = dispute(engine)
    client = browse(Role.CURATOR)
    path = f"/admin/queue/{number}"
    assert number > 1
    assert "<h1>Dispute 1</h1>" in client.get(path).text
    assert "/disputes/1" not in client.get(path).text
    assert send(client, path, action="answer", decision="kept", reason="So it is.").status_code
    assert 'href="/disputes/1"' in client.get(path).text
    assert "So it is." in client.get("/disputes/1").text


def test_a_sentence_that_was_asked_about_begins_a_claim(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        flags.add(connection, reason="Is it so?", exact="Seven dams & more broke.")
        (item,) = queue.page(connection)
    client = browse(Role.CURATOR)
    text = client.get(f"/admin/queue/{item.number}").text
    path = text.partition('class="button" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Seven dams &amp; more broke." in client.get(path).text


def test_spam_is_closed_without_an_answer(engine: Engine, browse: Browse) -> None:
    number = dispute(engine, "Buy now")
    client = browse(Role.CURATOR)
    send(client, f"/admin/queue/{number}", action="answer", decision="unanswered")
    with engine.connect() as connection:
        (flag,) = flags.page(connection, state=FlagState.CLOSED)
    assert flag.decision == "unanswered"


def clear(client: FlaskClient, action: str, *numbers: int, **more: str) -> TestResponse:
    """Send the form of the list, or one of those that follow it."""
    fields = [("form_token", token_of(client.get("/admin/account"))), ("action", action)]
    fields += [("item", str(number)) for number in numbers] + list(more.items())
    return client.post("/admin/queue/clear", data=MultiDict(fields))


def states(engine: Engine) -> list[tuple[str, str | None]]:
    """The state of each item in the queue, with that of its flag."""
    with engine.connect() as connection:
        found = []
        for number in range(1, 10):
            if (item := queue.get(connection, number)) is not None:
                flag = None if item.flag is None else flags.get(connection, item.flag)
                found.append((item.state, None if flag is None else flag.state.value))
    return found


def test_much_spam_is_closed_at_once_and_put_back(engine: Engine, browse: Browse) -> None:
    numbers = [dispute(engine, f"Buy {n} now {EVIL}") for n in range(4)]
    client, other = browse(Role.CURATOR), browse(Role.CURATOR)
    send(browse(Role.REVIEWER), f"/admin/queue/{numbers[3]}", action="take")
    listed = client.get("/admin/queue").text
    assert listed.count('name="item"') == 4
    assert 'name="item"' not in browse(Role.CONTRIBUTOR).get("/admin/queue").text
    look = clear(client, "look", *numbers[1:])
    assert "Close 2 matters" in look.text
    assert "1 of those chosen is left alone" in look.text
    assert states(engine) == [("open", "open")] * 4
    done = clear(client, "close", *numbers[1:], reason="spam")
    assert "2 were closed" in done.text
    assert states(engine) == [
        *(("open", "open"), ("dismissed", "closed"), ("dismissed", "closed"), ("open", "open"))
    ]
    for answer in (look, done, client.get("/disputes")):
        assert "<script>alert" not in answer.text
    assert "Buy" not in client.get("/disputes").text
    again = clear(other, "reopen", *numbers)
    assert "2 wait again" in again.text
    assert states(engine) == [("open", "open")] * 4


def test_clearing_closes_nothing_else(engine: Engine, browse: Browse) -> None:
    first = dispute(engine)
    feed = from_feed(engine, Claim(id="from-feed", text="Seven bridges fell."))
    client = browse(Role.CURATOR)
    assert clear(client, "look").status_code == 422
    assert clear(client, "look", 999).status_code == 422
    assert clear(client, "burn", first).status_code == 422
    assert clear(client, "close", first, feed).status_code == 422
    assert states(engine) == [("open", "open"), ("open", None)]
    assert "2 were closed" in clear(client, "close", first, feed, reason="no feed of ours").text
    # What was answered is not opened again so, nor what a reviewer closed by a curator.
    answered = dispute(engine, "An answer.")
    send(client, f"/admin/queue/{answered}", action="answer", decision="kept", reason="It is so.")
    closed = dispute(engine, "Buy")
    clear(browse(Role.REVIEWER), "close", closed)
    assert clear(client, "reopen", answered, closed).status_code == 422
    assert states(engine)[2:] == [("done", "answered"), ("dismissed", "closed")]
    # The feed's matter came again meanwhile, so the old item stays closed.
    with engine.begin() as connection:
        for _ in range(2):
            number = queue.put(connection, kind="evidence", key="k", reason="x", made_by="y")
            queue.decide(connection, number, state="dismissed", by="curator")
        queue.put(connection, kind="evidence", key="k", reason="x", made_by="y")
    assert clear(client, "reopen", number).status_code == 422


def test_a_review_of_a_feed_is_published(engine: Engine, browse: Browse) -> None:
    number = from_feed(engine, Claim(id="from-feed", text="Seven bridges fell."))
    path = f"/admin/queue/{number}"
    client = browse(Role.REVIEWER)
    assert send(browse(Role.CURATOR), path, action="accept").status_code == 422
    assert "Seven bridges fell." in client.get(path).text
    assert send(client, path, action="accept").status_code == 302
    with engine.connect() as connection:
        held = claims.get(connection, "from-feed")
    assert held is not None
    assert held.text == "Seven bridges fell."


def test_a_review_of_a_feed_becomes_a_draft_beside_what_is_public(
    engine: Engine, browse: Browse
) -> None:
    with engine.begin() as connection:
        six = Claim(id="from-feed", text="Six bridges fell.")
        claims.save(connection, six, made_by="x", reason="y")
    number = from_feed(engine, Claim(id="from-feed", text="Seven bridges fell."))
    client = browse(Role.CURATOR)
    text = client.get(f"/admin/queue/{number}").text
    assert "Six bridges fell." in text
    assert "Seven bridges fell." in text
    assert send(client, f"/admin/queue/{number}", action="draft").status_code == 302
    with engine.connect() as connection:
        held = drafts.find(connection, "from-feed")
    assert held is not None
    assert held.newest.text == "Seven bridges fell."
    assert held.public is not None
    assert held.public.text == "Six bridges fell."
    again = from_feed(engine, Claim(id="from-feed", text="Eight bridges fell."))
    answer = send(client, f"/admin/queue/{again}", action="draft")
    assert answer.status_code == 422
    assert "has a draft already" in answer.text


def test_a_review_of_a_feed_is_dismissed_with_a_reason(engine: Engine, browse: Browse) -> None:
    number = from_feed(engine, Claim(id="from-feed", text="Seven bridges fell."))
    client = browse(Role.CURATOR)
    path = f"/admin/queue/{number}"
    assert send(client, path, action="dismissed").status_code == 422
    assert send(client, path, action="dismissed", reason="Not ours.").status_code == 302
    text = client.get(path).text
    assert "Dismissed by curator" in text
    assert "Not ours." in text


def test_a_matter_of_a_kind_not_known_here_is_shown_and_decided(
    engine: Engine, browse: Browse
) -> None:
    with engine.begin() as connection:
        number = queue.put(
            connection, kind="x-new-kind", reason="Look.", made_by="y", payload={"a": ["b", 1]}
        )
    client = browse(Role.CURATOR)
    assert "X new kind" in client.get("/admin/queue").text
    assert client.get(f"/admin/queue/{number}").status_code == 200
    assert send(client, f"/admin/queue/{number}", action="done", reason="Ok.").status_code == 302


def test_no_field_brings_markup_in(engine: Engine, browse: Browse) -> None:
    number = dispute(engine, EVIL, exact=EVIL, url=f"javascript:{EVIL}", note_id=EVIL, contact=EVIL)
    claim = Claim(id="evil", text=EVIL, title=EVIL, variants=(EVIL,), claimant=EVIL)
    other = from_feed(engine, claim)
    client = browse(Role.CURATOR)
    for path in ("/admin/queue", f"/admin/queue/{number}", f"/admin/queue/{other}"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text
        assert TEMPLATE in text


def test_the_list_goes_on_behind_a_number(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        for each in range(120):
            queue.put(connection, kind="wish", reason=f"matter {each:03}", made_by="x")
    client = browse(Role.CONTRIBUTOR)
    seen, path = [], "/admin/queue"
    while path:
        text = client.get(path).text
        seen += [each for each in range(120) if f"matter {each:03}" in text]
        found = re.search(r'<a rel="next"[^>]* href="([^"]*)"', text)
        path = found[1].replace("&amp;", "&") if found else ""
    assert seen == list(range(120))


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40, "1; DROP TABLE", "\x00"])
def test_odd_places_in_the_list_are_the_first_page(
    engine: Engine, browse: Browse, after: str
) -> None:
    dispute(engine)
    client = browse(Role.CONTRIBUTOR)
    answer = client.get("/admin/queue", query_string={"after": after})
    assert "The date is wrong." in answer.text


def test_what_is_not_there_is_said_on_a_page(browse: Browse) -> None:
    client = browse(Role.CURATOR)
    for path in ("/admin/queue/77", f"/admin/queue/{2**70}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "text/html" in answer.content_type
        assert send(client, path, action="take").status_code == 404


def test_a_form_changes_nothing_that_it_does_not_name(engine: Engine, browse: Browse) -> None:
    number = dispute(engine)
    client = browse(Role.CURATOR)
    send(
        client,
        f"/admin/queue/{number}",
        action="answer",
        decision="kept",
        reason="It is right.",
        state="open",
        decided_by="somebody else",
        claim_id="other",
        flag="99",
        made="1999-01-01",
    )
    with engine.connect() as connection:
        (flag,) = flags.page(connection, state=FlagState.ANSWERED)
        item = queue.get(connection, number)
    assert item is not None
    assert (item.state, item.decided_by, item.claim_id) == ("done", "curator", "starter-01")
    assert flag.decided_by == "curator"
    assert not flag.made.startswith("1999")
