"""A database is created, upgraded and seeded, by one process or by several at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.runtime.migration import MigrationContext
from contextlib_news_server.store import claims, database, outlets
from contextlib_news_server.store.database import open_database, read, seed, upgrade
from contextlib_news_server.store.tables import metadata
from sqlalchemy import inspect

from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import load_claims
from contextlib_news.formats.outlets import load_outlets


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'inner' / 'claims.db'}"


def test_a_new_database_holds_the_starter_records(tmp_path: Path) -> None:
    engine = open_database(address(tmp_path))
    with read(engine) as connection:
        assert claims.count(connection) == len(load_claims())
        held = outlets.directory(connection)
        assert list(held) == list(load_outlets())
        assert held.impersonated == load_outlets().impersonated
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_seeding_twice_adds_nothing(tmp_path: Path) -> None:
    engine = open_database(address(tmp_path))
    assert seed(engine) == (0, 0)
    engine.dispose()


def test_a_database_that_was_filled_is_left_alone(tmp_path: Path) -> None:
    engine = open_database(address(tmp_path), seed_new=False)
    claim = next(iter(load_claims()))
    with engine.begin() as connection:
        claims.save(connection, claim, made_by="a test", reason="own")
    engine.dispose()
    engine = open_database(address(tmp_path))
    with read(engine) as connection:
        assert claims.count(connection) == 1
    engine.dispose()


def test_the_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    engine = open_database(address(tmp_path), seed_new=False)
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_migrations_lead_back_and_forth(tmp_path: Path) -> None:
    engine = open_database(address(tmp_path), seed_new=False)
    with engine.begin() as connection:
        downgrade(database._alembic(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade(engine)
    with read(engine) as connection:
        assert set(metadata.tables) < set(inspect(connection).get_table_names())
    engine.dispose()


def test_processes_that_start_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from contextlib_news_server.store.database import open_database; "
        "open_database(sys.argv[1]).dispose()"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, address(tmp_path)]) for _ in range(4)
    ]
    assert [process.wait(60) for process in started] == [0] * 4
    engine = open_database(address(tmp_path))
    with read(engine) as connection:
        assert claims.count(connection) == len(load_claims())
        assert claims.current_change(connection) == len(load_claims())
    engine.dispose()


@pytest.mark.parametrize(
    "wrong", ["nonsense", "", "oracle9://x/y", "sqlite:///{folder}", "sqlite:///{folder}/text"]
)
def test_an_address_that_cannot_be_used_is_named(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "text").write_text("This is no database at all, as anyone can see. " * 20)
    with pytest.raises(CommandError, match="cannot be used"):
        open_database(wrong.format(folder=tmp_path))


def test_the_password_of_an_address_is_not_shown() -> None:
    with pytest.raises(CommandError) as caught:
        open_database("postgresql+nodriver://me:swordfish@127.0.0.1/claims")
    assert "swordfish" not in str(caught.value)


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = open_database(address(tmp_path))
    with engine.begin() as writing:
        writing.exec_driver_sql("DELETE FROM flags")
        with read(engine) as reading:
            assert claims.count(reading) == len(load_claims())
    engine.dispose()


def test_the_file_is_sound(tmp_path: Path) -> None:
    open_database(address(tmp_path)).dispose()
    connection = sqlite3.connect(tmp_path / "inner" / "claims.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
