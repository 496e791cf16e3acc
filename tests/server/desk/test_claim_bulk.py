"""Many claims at once: looked at, changed, undone; and views of the list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from contextlib_news_server.store import bulk, claims, drafts, revisions, views
from contextlib_news_server.store.bulk import BulkAction
from contextlib_news_server.store.database import open_database
from contextlib_news_server.store.drafts import HeldClaim
from contextlib_news_server.store.users import Role
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from contextlib_news import Claim
from tests.server.desk.conftest import EVIL, Browse, send, token_of


@pytest.fixture
def store(database: str) -> Iterator[Engine]:
    """A database on either kind, with a claim in each state, named like it."""
    engine = open_database(database, seed_new=False)
    put(engine)
    yield engine
    engine.dispose()


def put(engine: Engine) -> None:
    """Put in a claim in each state; ``beside`` is published with a draft beside it."""
    with engine.begin() as connection:
        for name in ("published", "beside", "retired", "gone"):
            claims.save(
                connection, Claim(id=name, text=f"The {name} bridge fell."), made_by="x", reason=""
            )
        for name in ("retired", "gone"):
            drafts.retire(connection, name, seen=1, made_by="x", reason="wrong")
        for name in ("draft", "in_review"):
            new = Claim(id=name, text=f"The {name} bridge fell.")
            drafts.save_draft(connection, new, seen=None, made_by="writer", reason="")
        drafts.submit(connection, "in_review", seen=1, made_by="writer")
        newer = Claim(id="beside", text="The other bridge fell.")
        drafts.save_draft(connection, newer, seen=1, made_by="writer", reason="")


NAMES = ("published", "beside", "retired", "draft", "in_review")


def held(engine: Engine, claim_id: str) -> HeldClaim:
    with engine.connect() as connection:
        found = drafts.find(connection, claim_id)
    assert found is not None
    return found


def change(engine: Engine, action: BulkAction, value: str = "", **more: bool) -> bulk.BulkChange:
    seen = {name: held(engine, name).newest.revision for name in NAMES}
    with engine.begin() as connection:
        return bulk.change_many(
            connection, seen, action, value, made_by="ada", reason="a test", **more
        )


def standing(engine: Engine) -> dict[str, tuple[object, ...]]:
    """How each claim stands, without the numbers of revisions and the dates."""
    found = {}
    for name in NAMES:
        one = held(engine, name)
        public = None if one.public is None else (one.public.text, one.public.topics)
        newest = (one.newest.text, one.newest.topics, one.newest.valid_until)
        found[name] = (one.state, one.stage, one.edited_by, public, newest, one.base is None)
    return found


CHANGED = {
    BulkAction.ADD_TOPIC: {"published", "beside", "draft"},
    BulkAction.VALID_UNTIL: {"published", "beside", "draft"},
    BulkAction.SUBMIT: {"beside", "draft"},
    BulkAction.PUBLISH: {"beside", "retired", "draft", "in_review"},
    BulkAction.RETIRE: {"published", "beside"},
    BulkAction.REMOVE_TOPIC: set(),
}


@pytest.mark.parametrize("action", BulkAction)
def test_a_change_of_many_is_one_revision_each_and_undone(
    store: Engine, action: BulkAction
) -> None:
    value = {"add-topic": "dams", "remove-topic": "dams", "valid-until": "2031-01-01"}
    before = standing(store)
    with store.connect() as connection:
        numbers = {n: len(revisions.history(connection, "claim", n)) for n in NAMES}
    done = change(store, action, value.get(action.value, ""))
    changed = {item.claim_id for item in done.items if item.after is not None}
    assert changed == CHANGED[action]
    assert all(item.why for item in done.items if item.after is None)
    after = standing(store)
    for name in NAMES:
        assert (after[name] != before[name]) is (name in changed), name
        with store.connect() as connection:
            history = revisions.history(connection, "claim", name)
        assert len(history) == numbers[name] + (name in changed)
        if name in changed:
            assert (history[0].made_by, history[0].reason) == ("ada", "a test")
    with store.begin() as connection:
        undone = bulk.undo(connection, done.number, made_by="ben")
    assert undone.outcome == {}
    assert undone.undone_by == "ben"
    again = standing(store)
    if action is BulkAction.PUBLISH:
        # Readers saw these; what they saw is taken back as a claim is, not as if it never was.
        for name in ("draft", "in_review"):
            assert again.pop(name)[:2] == ("retired", "retired")
            before.pop(name)
    assert again == before
    with store.begin() as connection, pytest.raises(drafts.StateError, match="already"):
        bulk.undo(connection, done.number, made_by="ben")


def test_what_somebody_changed_since_is_not_undone(store: Engine) -> None:
    done = change(store, BulkAction.ADD_TOPIC, "dams")
    with store.begin() as connection:
        drafts.discard(connection, "beside", seen=3, made_by="cora", reason="")
    with store.begin() as connection:
        undone = bulk.undo(connection, done.number, made_by="ada")
    assert undone.outcome == {"beside": bulk.CHANGED_SINCE}
    assert held(store, "published").newest.topics == ()


def test_what_changed_since_it_was_looked_at_is_left_alone(store: Engine) -> None:
    with store.begin() as connection:
        done = bulk.change_many(
            connection,
            {"draft": 7, "published": 1, "none": 1},
            BulkAction.ADD_TOPIC,
            "dams",
            made_by="ada",
            reason="x",
        )
    assert {item.claim_id: item.why for item in done.items} == {
        "draft": bulk.CHANGED_SINCE,
        "published": "",
    }


def test_nobody_publishes_many_that_they_wrote(store: Engine) -> None:
    change(store, BulkAction.ADD_TOPIC, "dams")
    done = change(store, BulkAction.PUBLISH, second_person=True)
    changed = {item.claim_id for item in done.items if item.after is not None}
    assert changed == {"retired", "in_review"}


def test_a_topic_is_taken_away(store: Engine) -> None:
    change(store, BulkAction.ADD_TOPIC, "dams")
    done = change(store, BulkAction.REMOVE_TOPIC, "dams")
    assert {item.claim_id for item in done.items if item.after is not None} == {
        *("published", "beside", "draft")
    }
    assert held(store, "draft").newest.topics == ()


# --- At the desk ----------------------------------------------------------------------------------


def press(client: FlaskClient, path: str, *fields: tuple[str, str]) -> TestResponse:
    """Send a form in which a name may stand several times."""
    token = token_of(client.get("/admin/account"))
    return client.post(path, data=MultiDict([("form_token", token), *fields]))


def seen_in(answer: TestResponse) -> list[tuple[str, str]]:
    """What the form of the page of confirmation would send of the claims."""
    return [("seen", found) for found in re.findall(r'name="seen" value="([^"]+)"', answer.text)]


def test_many_are_looked_at_changed_and_undone(engine: Engine, browse: Browse) -> None:
    put(engine)
    client = browse(Role.REVIEWER)
    chosen = [("claim", name) for name in NAMES]
    look = press(client, "/admin/claims/many", ("action", "retire"), *chosen)
    assert "<strong>2</strong> claims change, 3 are left alone" in look.text
    assert held(engine, "published").state == "published"
    fields = [("action", "retire"), ("sure", "yes"), *seen_in(look)]
    without = press(client, "/admin/claims/many", *fields)
    assert without.status_code == 422
    assert "say why" in without.text.lower()
    done = press(client, "/admin/claims/many", *fields, ("reason", "They were sold."))
    assert done.status_code == 302
    report = client.get(done.headers["Location"])
    assert "2 claims changed" in report.text
    assert held(engine, "published").state == "retired"
    assert "They were sold." in client.get("/claims/published").text
    assert "They were sold." in client.get("/admin/claims/many").text
    undone = press(client, done.headers["Location"])
    assert "Undone by reviewer" in client.get(undone.headers["Location"]).text
    assert held(engine, "published").state == "published"
    assert press(client, done.headers["Location"]).status_code == 409


def test_all_that_the_filters_find_are_changed(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        many = [Claim(id=f"b{n}", text=f"Bridge {n} fell.", topics=("b",)) for n in range(130)]
        claims.save_many(connection, many, made_by="x", reason="")
    client = browse(Role.CURATOR)
    look = press(
        client,
        "/admin/claims/many",
        *(("action", "add-topic"), ("topic-of-all", "dams"), ("all", "yes"), ("topic", "b")),
    )
    assert "<strong>130</strong> claims change" in look.text
    fields = [("action", "add-topic"), ("topic-of-all", "dams"), ("sure", "yes"), *seen_in(look)]
    assert press(client, "/admin/claims/many", *fields).status_code == 302
    assert held(engine, "b129").newest.topics == ("b", "dams")
    assert held(engine, "b129").stage == "draft"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([("action", "add-topic"), ("topic-of-all", "x")], 422),
        ([("action", "add-topic"), ("claim", "published")], 422),
        ([("action", "valid-until"), ("day", "soon"), ("claim", "published")], 422),
        ([("action", "explode"), ("claim", "published")], 422),
        ([("action", "publish"), ("claim", "draft")], 403),
        ([("action", "retire"), ("sure", "yes"), ("reason", "x"), ("seen", "1 published")], 403),
        ([("action", "submit"), ("sure", "yes"), ("seen", "published")], 422),
        ([("action", "submit"), ("sure", "yes"), ("seen", "1 a\x00b")], 422),
        ([("action", "submit"), ("all", "yes"), ("stage", "nowhere")], 422),
    ],
)
def test_what_is_no_change_of_many_is_refused(
    engine: Engine, browse: Browse, fields: list[tuple[str, str]], status: int
) -> None:
    put(engine)
    answer = press(browse(Role.CURATOR), "/admin/claims/many", *fields)
    assert answer.status_code == status
    assert held(engine, "published").state == "published"
    with engine.connect() as connection:
        assert bulk.listed(connection) == []


def test_a_curator_does_not_undo_what_only_a_reviewer_does(engine: Engine, browse: Browse) -> None:
    put(engine)
    done = press(
        browse(Role.REVIEWER),
        "/admin/claims/many",
        *(("action", "retire"), ("sure", "yes"), ("reason", "x"), ("seen", "1 published")),
    )
    curator = browse(Role.CURATOR)
    assert "Undo it" not in curator.get(done.headers["Location"]).text
    assert press(curator, done.headers["Location"]).status_code == 403
    assert press(curator, "/admin/claims/many/999").status_code == 404
    assert curator.get("/admin/claims/many/99999999999").status_code == 404


def test_markup_in_claims_topics_and_reasons_is_text(engine: Engine, browse: Browse) -> None:
    with engine.begin() as connection:
        claims.save(connection, Claim(id="evil", text=EVIL), made_by="x", reason="")
    client = browse(Role.REVIEWER)
    fields = [("action", "add-topic"), ("topic-of-all", EVIL[:90])]
    look = press(client, "/admin/claims/many", *fields, ("claim", "evil"))
    done = press(
        client, "/admin/claims/many", *fields, ("sure", "yes"), ("seen", "1 evil"), ("reason", EVIL)
    )
    pages = [client.get(path) for path in ("/admin/claims", "/admin/claims/many")]
    for answer in (look, client.get(done.headers["Location"]), *pages):
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text


# --- Views ----------------------------------------------------------------------------------------


def test_a_view_is_kept_found_and_taken_away(engine: Engine, browse: Browse) -> None:
    client, other = browse(Role.CURATOR), browse(Role.REVIEWER)
    where = "/admin/claims?stage=in_review&text=bridge"
    assert "Keep these filters" in client.get(where).text
    answer = send(
        client, "/admin/claims/views", action="keep", name="To do", stage="in_review", text="bridge"
    )
    assert answer.headers["Location"] in (where, "/admin/claims?text=bridge&stage=in_review")
    page = client.get(where).text
    assert re.search(r'aria-current="true">To do</a>', page)
    assert "Keep these filters" not in page
    assert "To do" in client.get("/admin/claims").text
    assert "To do" not in other.get(where).text
    number = re.search(r'name="view" value="(\d+)"', page)
    assert number
    send(other, "/admin/claims/views", action="remove", view=number[1])
    assert "To do" in client.get(where).text
    send(client, "/admin/claims/views", action="remove", view=number[1])
    assert "To do" not in client.get(where).text


def test_a_view_holds_filters_and_nothing_else(engine: Engine, browse: Browse) -> None:
    client = browse(Role.CONTRIBUTOR)
    evil = {"after": "[1]", "user": "1", "number": "7", "filters": "{}", "topic": EVIL}
    send(client, "/admin/claims/views", action="keep", name=EVIL[:60], **evil)
    with engine.connect() as connection:
        user = connection.exec_driver_sql("SELECT number FROM users WHERE role LIKE 'reader%'")
        (view,) = views.listed(connection, int(user.scalar_one()))
    assert dict(view.filters) == {"topic": EVIL}
    page = client.get("/admin/claims").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_views_are_named_few_and_of_something(browse: Browse) -> None:
    client = browse(Role.CONTRIBUTOR)
    where = "/admin/claims/views"
    assert send(client, where, action="keep", name="All").status_code == 422
    assert send(client, where, action="keep", name="", topic="x").status_code == 422
    assert send(client, where, action="keep", name="x" * 61, topic="x").status_code == 422
    assert send(client, where, action="burn", topic="x").status_code == 422
    for number in range(views.MOST):
        assert send(client, where, action="keep", name=f"{number}", topic="x").status_code == 302
    assert send(client, where, action="keep", name="0", topic="y").status_code == 302
    more = send(client, where, action="keep", name="more", topic="x")
    assert more.status_code == 422
    assert "take one away first" in more.text
