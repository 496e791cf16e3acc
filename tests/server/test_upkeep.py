"""Links are looked at by a schedule and by a command; contacts are deleted by a command."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from contextlib_news_server.config import Config
from contextlib_news_server.store import flags
from contextlib_news_server.store.database import open_database, read
from contextlib_news_server.store.links import LinkState
from contextlib_news_server.store.tables import flags as flag_table
from contextlib_news_server.upkeep import Upkeep
from sqlalchemy import Engine, update

from contextlib_news.cli import main


def contacts(engine: Engine) -> int:
    with read(engine) as connection:
        return len([flag for flag in flags.page(connection) if flag.contact])


def leave_contacts(engine: Engine) -> None:
    """Two contacts, one of them past its day."""
    with engine.begin() as connection:
        for _ in range(2):
            number = flags.add(connection, reason="a reason", contact="ada@reader.example")
        connection.execute(
            update(flag_table)
            .where(flag_table.c.number == number)
            .values(contact_until="2020-01-01")
        )


def test_the_schedule_goes_on_after_a_failure(
    engine: Engine, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(config, fetch_hosts=("a.example",))
    upkeep = Upkeep(engine, settings, first_seconds=0.01, round_seconds=0.01)
    rounds: list[int] = []
    again = threading.Event()

    def run(_: int) -> Counter[LinkState]:
        rounds.append(1)
        if len(rounds) == 1:
            raise RuntimeError("the database is away")
        again.set()
        return Counter({LinkState.THERE: 1})

    monkeypatch.setattr(upkeep._checker, "run", run)
    upkeep.start()
    assert again.wait(300)
    upkeep.stop()


def test_no_link_is_visited_where_none_is_allowed_or_wanted(
    engine: Engine, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    for settings in (config, replace(config, fetch_hosts=("a.example",), evidence_days=0)):
        upkeep = Upkeep(engine, settings)
        monkeypatch.setattr(upkeep._checker, "run", lambda *_: pytest.fail("it was visited"))
        upkeep.run_once()


def test_the_commands(
    config: Config, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTEXTLIB_NEWS_DATA_FOLDER", str(config.data_folder))
    monkeypatch.delenv("CONTEXTLIB_NEWS_FETCH_HOSTS", raising=False)
    engine = open_database(config.database)
    leave_contacts(engine)
    database = ["--database", config.database]
    assert main(["contacts", "delete", *database]) == 0
    assert capsys.readouterr().out == "deleted 1\n"
    assert contacts(engine) == 1
    assert main(["evidence", "check", *database]) == 1
    assert "CONTEXTLIB_NEWS_FETCH_HOSTS" in capsys.readouterr().err
    monkeypatch.setenv("CONTEXTLIB_NEWS_FETCH_HOSTS", "nobody.example")
    assert main(["evidence", "check", "--limit", "0", *database]) == 1
    assert "--limit" in capsys.readouterr().err
    assert main(["evidence", "check", "--limit", "5", *database]) == 0
    assert capsys.readouterr().out == (
        "checked 0: there 0, gone 0, moved 0, changed 0, unreachable 0\n"
    )
    engine.dispose()
