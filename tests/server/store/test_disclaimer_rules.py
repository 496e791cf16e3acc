"""Rules that administrators wrote: every version is kept, and none is overwritten unseen."""

from __future__ import annotations

import pytest
from alembic.command import downgrade
from alembic.command import upgrade as migrate
from contextlib_news_server.store import claims, disclaimer_rules
from contextlib_news_server.store.database import alembic_config, read
from contextlib_news_server.store.merge import ConflictError
from sqlalchemy import Engine

from contextlib_news.errors import CommandError

RULE = {
    "type": "satire",
    "language": "en",
    "any": [" moonshine", "قمر"],
    "matches": ["All moonshine."],
    "misses": ["The moon."],
}
BY = {"made_by": "Ada", "reason": "new"}


def test_each_version_is_kept_with_who_and_why(engine: Engine) -> None:
    with engine.begin() as connection:
        before = claims.current_change(connection)
        one = disclaimer_rules.add(connection, RULE, **BY)
        two = disclaimer_rules.add(connection, {**RULE, "type": "opinion"}, **BY)
        changed = disclaimer_rules.save(
            *(connection, one.number, {**RULE, "language": "fr"}),
            **{"on": False, "seen": 1, "made_by": "Bob", "reason": "too wide"},
        )
        assert claims.current_change(connection) == before + 3
    assert (one.number, two.number, changed.revision, changed.on) == (1, 2, 2, False)
    with read(engine) as connection:
        assert disclaimer_rules.listed(connection) == [changed, two]
        assert disclaimer_rules.listed(connection, only_on=True) == [two]
        assert disclaimer_rules.find(connection, 1) == changed
        assert disclaimer_rules.find(connection, 3) is None
        newest, oldest = disclaimer_rules.history(connection, 1)
    assert (newest.made_by, newest.reason, newest.state) == ("Bob", "too wide", "off")
    assert newest.before == oldest.after == {**RULE, "on": True}
    assert newest.after == {**RULE, "language": "fr", "on": False}


def test_the_version_moves_with_every_change_and_with_nothing_else(engine: Engine) -> None:
    with engine.begin() as connection:
        seen = [disclaimer_rules.version(connection)]
        disclaimer_rules.add(connection, RULE, **BY)
        seen.append(disclaimer_rules.version(connection))
        disclaimer_rules.save(connection, 1, RULE, on=False, seen=1, **BY)
        seen.append(disclaimer_rules.version(connection))
        same = disclaimer_rules.save(connection, 1, RULE, on=False, seen=2, **BY)
        assert disclaimer_rules.version(connection) == seen[-1]
    assert same.revision == 2
    assert len(set(seen)) == 3


def test_what_somebody_has_not_seen_is_not_overwritten(engine: Engine) -> None:
    with engine.begin() as connection:
        disclaimer_rules.add(connection, RULE, **BY)
        disclaimer_rules.save(connection, 1, RULE, on=False, seen=1, **BY)
        with pytest.raises(ConflictError) as caught:
            disclaimer_rules.save(connection, 1, {**RULE, "type": "wire"}, on=True, seen=1, **BY)
        with pytest.raises(CommandError, match="no rule 7"):
            disclaimer_rules.save(connection, 7, RULE, on=True, seen=1, **BY)
        held = disclaimer_rules.find(connection, 1)
    assert caught.value.theirs == {**RULE, "on": False}
    assert caught.value.base == {**RULE, "on": True}
    assert held is not None
    assert held.document == RULE


def test_there_are_no_more_than_pages_can_bear(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclaimer_rules, "MOST", 2)
    with engine.begin() as connection:
        for _ in range(2):
            disclaimer_rules.add(connection, RULE, **BY)
        with pytest.raises(CommandError, match="there are 2 rules already"):
            disclaimer_rules.add(connection, RULE, **BY)


def test_they_come_back_when_the_tables_went_back_and_forth(engine: Engine) -> None:
    with engine.begin() as connection:
        disclaimer_rules.add(connection, RULE, **BY)
        disclaimer_rules.add(connection, {**RULE, "remark": "é"}, **BY)
        disclaimer_rules.save(connection, 1, RULE, on=False, seen=1, **BY)
        before = disclaimer_rules.listed(connection)
        downgrade(alembic_config(connection), "0010")
        migrate(alembic_config(connection), "head")
        assert disclaimer_rules.listed(connection) == before
        assert disclaimer_rules.add(connection, RULE, **BY).number == 3
