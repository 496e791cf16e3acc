"""Rules for disclaimers written at the desk, by those who may, with every version kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from contextlib_news_server.store import disclaimer_rules
from contextlib_news_server.store.database import read
from contextlib_news_server.store.users import Role
from sqlalchemy import Engine

from contextlib_news.context.disclaimer_rules import load_disclaimer_rules
from contextlib_news.context.disclaimers import match_disclaimer
from tests.server.desk.conftest import EVIL, Browse, form_of, send

LIST, NEW, RULE = "/admin/disclaimers", "/admin/disclaimers/rules/new", "/admin/disclaimers/rules/1"
SAID = "This whole page is moonshine."
FIELDS = {
    "type": "satire",
    "language": "en",
    "any": " <3>is (?:pure )?moonshine\r\n\r\n<self> <3>are moonshine",
    "all": "page",
    "not": "band",
    "matches": SAID,
    "misses": "The band played Moonshine.\r\nThe page is long.",
    "why": "a reader asked",
}


def types_of(client: object, text: str = SAID) -> list[str]:
    answer = client.post("/api/v1/annotate", json={"text": text})  # type: ignore[attr-defined]
    notes = [note for note in answer.json["notes"] if note["kind"] == "disclaimer"]
    return [kind for note in notes for kind in note["disclaimer"]["types"]]


def held(engine: Engine, number: int = 1) -> disclaimer_rules.DeskRule | None:
    with read(engine) as connection:
        return disclaimer_rules.find(connection, number)


def test_a_rule_is_written_and_holds_at_once(browse: Browse, engine: Engine) -> None:
    client = browse(Role.ADMINISTRATOR)
    assert types_of(client) == []
    answer = send(client, NEW, **FIELDS)
    assert answer.headers["Location"].endswith(RULE)
    rule = held(engine)
    assert rule is not None
    assert rule.document["any"] == [" <3>is (?:pure )?moonshine", "<self> <3>are moonshine"]
    assert (rule.on, rule.edited_by) == (True, "administrator")
    assert types_of(client) == ["satire"]
    text = client.get(LIST).text
    assert SAID in text
    assert "1 was written here and is on" in text
    # What stands in the form is what was kept.
    again = form_of(client.get(RULE), "action=keep")
    assert again["any"].split("\n") == rule.document["any"]
    tried = send(client, LIST, text=SAID).text
    assert "written here: satire" in tried


def test_a_rule_is_tried_before_it_is_kept(browse: Browse, engine: Engine) -> None:
    client = browse(Role.ADMINISTRATOR)
    text = f"{SAID} It rained. That page is pure moonshine. This page is a parody site."
    answer = send(client, NEW, **FIELDS, action="try", trial=text)
    assert "2 of 4 sentences fit, 2 that no rule finds so far" in answer.text
    assert "<mark>" in answer.text
    assert held(engine) is None
    assert form_of(answer, "action=keep")["matches"] == SAID
    assert send(client, NEW, **FIELDS, action="try").status_code == 422


def test_a_rule_is_switched_off_changed_and_restored(browse: Browse, engine: Engine) -> None:
    client = browse(Role.ADMINISTRATOR)
    send(client, NEW, **FIELDS)
    assert send(client, RULE, action="switch", on="no", seen=1, why="too wide").status_code == 302
    assert types_of(client) == []
    changed = {**FIELDS, "type": "opinion", "seen": 2, "why": "narrower"}
    assert send(client, RULE, **changed).status_code == 302
    assert types_of(client) == []  # a change leaves it off
    assert send(client, RULE, action="switch", on="yes", seen=3, why="good now").status_code == 302
    assert types_of(client) == ["opinion"]
    assert send(client, RULE, action="revert", to=1, seen=4, why="it was right").status_code == 302
    assert types_of(client) == ["satire"]
    text = client.get(RULE).text
    for why in ("a reader asked", "too wide", "narrower", "good now", "it was right"):
        assert why in text
    rule = held(engine)
    assert rule is not None
    assert rule.revision == 5


def test_what_somebody_else_changed_is_shown_and_kept(browse: Browse, engine: Engine) -> None:
    client = browse(Role.ADMINISTRATOR)
    send(client, NEW, **FIELDS)
    send(client, RULE, **{**FIELDS, "language": "de", "seen": 1})
    answer = send(client, RULE, **{**FIELDS, "type": "wire", "seen": 1})
    assert answer.status_code == 409
    assert "What differs" in answer.text
    rule = held(engine)
    assert rule is not None
    assert (rule.document["type"], rule.document["language"]) == ("satire", "de")
    again = form_of(answer, "action=keep")
    assert (again["seen"], again["type"]) == ("2", "wire")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"any": ""}, "hold an expression"),
        ({"any": "moon.*shine"}, "upper bound"),
        ({"any": "(?:m|o|mo){0,60}z"}, "takes too long"),
        (
            {"any": "\n".join("abcdefghij"[i // 10] + str(i) for i in range(41))},
            "more than 40 lines",
        ),
        ({"any": "m\x00"}, "no text holds"),
        ({"type": "gossip"}, "must be one of"),
        ({"language": ""}, "language is missing"),
        ({"matches": "It is sunshine."}, "does not match"),
        ({"misses": ""}, "at least one sentence"),
        ({"misses": SAID}, "must not"),
        ({"misses": "x" * 601}, "longer than 600"),
        ({"why": ""}, "reason is missing"),
    ],
)
def test_a_bad_rule_is_refused_and_what_was_typed_stays(
    browse: Browse, engine: Engine, change: dict[str, str], said: str
) -> None:
    client = browse(Role.ADMINISTRATOR)
    answer = send(client, NEW, **{**FIELDS, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert held(engine) is None
    assert form_of(answer, "action=keep")["not"] == "band"


def test_forms_that_no_page_makes_change_nothing(browse: Browse, engine: Engine) -> None:
    client = browse(Role.ADMINISTRATOR)
    send(client, NEW, **FIELDS)
    for fields in (
        {"action": "revert", "to": "9", "seen": "1", "why": "x"},
        {"action": "revert", "to": "", "seen": "1", "why": "x"},
        {"action": "switch", "on": "no", "seen": "", "why": "x"},
        {"action": "switch", "on": "no", "seen": "1"},
        {"action": "keep"},
    ):
        assert send(client, RULE, **fields).status_code == 422, fields
    rule = held(engine)
    assert rule is not None
    assert (rule.revision, rule.on) == (1, True)
    for number in (2, 2**31, 10**30):
        assert client.get(f"/admin/disclaimers/rules/{number}").status_code == 404


def test_others_look_and_do_not_touch(browse: Browse, engine: Engine) -> None:
    send(browse(Role.ADMINISTRATOR), NEW, **FIELDS)
    for role in (Role.CONTRIBUTOR, Role.CURATOR, Role.REVIEWER):
        client = browse(role)
        text = client.get(RULE).text
        assert "moonshine" in text
        assert "<textarea" not in text
        assert "Write a rule" not in client.get(LIST).text
        assert send(client, RULE, **FIELDS, seen=1).status_code == 403
        assert send(client, NEW, **FIELDS).status_code == 403
    rule = held(engine)
    assert rule is not None
    assert rule.revision == 1


def test_what_was_typed_is_shown_as_text(browse: Browse) -> None:
    client = browse(Role.ADMINISTRATOR)
    fields = {**FIELDS, "remark": EVIL[:400], "misses": EVIL[:400], "why": EVIL[:400]}
    assert send(client, NEW, **fields).status_code == 302
    for answer in (
        client.get(RULE),
        client.get(LIST),
        send(client, NEW, **{**fields, "any": EVIL}),
        send(client, NEW, **fields, action="try", trial=f"{SAID} {EVIL}"),
        browse(Role.CONTRIBUTOR).get(RULE),
    ):
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text


def test_the_file_of_rules_is_one_for_the_library(browse: Browse, tmp_path: Path) -> None:
    client = browse(Role.ADMINISTRATOR)
    send(client, NEW, **FIELDS)
    send(client, NEW, **{**FIELDS, "type": "opinion"})
    send(client, RULE, action="switch", on="no", seen=1, why="x")
    answer = browse(Role.CURATOR).get("/admin/disclaimers/rules.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [rule["type"] for rule in json.loads(answer.text)["rules"]] == ["opinion"]
    file = tmp_path / "rules.json"
    file.write_text(answer.text, encoding="utf-8")
    assert match_disclaimer(SAID, rules=load_disclaimer_rules(file))[0] == ("opinion",)
