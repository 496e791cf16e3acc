"""Rules of the desk hold in every process, and survive a database that is away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from contextlib_news_server import create_app
from contextlib_news_server.config import Config
from contextlib_news_server.desk_rules import DeskRules
from contextlib_news_server.services import KEY
from contextlib_news_server.store import disclaimer_rules
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine

from contextlib_news.context.disclaimer_rules import load_disclaimer_rules

SAID = "This whole page is moonshine."
RULE = {
    "type": "satire",
    "language": "en",
    "any": ["<self> <3>is moonshine"],
    "matches": [SAID],
    "misses": ["A moon."],
}
BY = {"made_by": "Ada", "reason": "new"}
BASE = load_disclaimer_rules()


def types_of(client: FlaskClient) -> list[str]:
    answer = client.post("/api/v1/annotate", json={"text": SAID})
    notes = [note for note in answer.json["notes"] if note["kind"] == "disclaimer"]
    return [kind for note in notes for kind in note["disclaimer"]["types"]]


def test_two_processes_hear_of_a_rule_and_of_its_end(config: Config, database: str) -> None:
    apps = [create_app(replace(config, database=database)) for _ in range(2)]
    engine: Engine = apps[0].extensions[KEY].engine
    browsers = [app.test_client() for app in apps]
    assert [types_of(one) for one in browsers] == [[], []]
    with engine.begin() as connection:
        disclaimer_rules.add(connection, {**RULE, "local": True}, **BY)
    assert [types_of(one) for one in browsers] == [["satire"], ["satire"]]
    listed = [one.get("/api/v1/disclaimer-rules").json["rules"][-1] for one in browsers]
    assert ["moonshine" in rule["any"][0] for rule in listed] == [True, True]
    with engine.begin() as connection:
        disclaimer_rules.save(connection, 1, RULE, on=False, seen=1, **BY)
    assert [types_of(one) for one in browsers] == [[], []]
    for app in apps:
        app.extensions[KEY].engine.dispose()


def test_the_rules_are_one_object_until_one_changes(engine: Engine) -> None:
    held = DeskRules(engine)
    with engine.begin() as connection:
        disclaimer_rules.add(connection, RULE, **BY)
    first = held.after(BASE, ("x", 1))
    assert len(first.rules) == len(BASE.rules) + 1
    assert held.after(BASE, ("x", 1)) is first
    assert held.after(BASE, ("x", 2)) is first  # a claim was published
    with engine.begin() as connection:
        disclaimer_rules.save(connection, 1, {**RULE, "type": "wire"}, on=True, seen=1, **BY)
    assert held.after(BASE, ("x", 2)) is first
    assert held.after(BASE, ("x", 3)).rules[-1].type == "wire"


def test_a_rule_that_holds_no_more_is_left_out_and_told(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with engine.begin() as connection:
        disclaimer_rules.add(connection, {**RULE, "type": "gone"}, **BY)
        disclaimer_rules.add(connection, RULE, **BY)
    assert len(DeskRules(engine).after(BASE, ("x", 1)).rules) == len(BASE.rules) + 1
    assert "rule 1 of the desk is left out" in caplog.text


def test_without_the_database_the_last_ones_hold(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    away = create_engine(f"sqlite:///{tmp_path / 'none' / 'none.db'}")
    held = DeskRules(engine)
    with engine.begin() as connection:
        disclaimer_rules.add(connection, RULE, **BY)
    first = held.after(BASE, ("x", 1))
    monkeypatch.setattr(held, "_engine", away)
    assert held.after(BASE, ("x", 2)) is first
    assert DeskRules(away).after(BASE, ("x", 1)) is BASE
