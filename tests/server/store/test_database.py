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
from contextlib_news_server.store import claims, outlets, sources
from contextlib_news_server.store.database import (
    alembic_config,
    open_database,
    read,
    seed,
    upgrade,
)
from contextlib_news_server.store.tables import metadata
from sqlalchemy import Engine, inspect

from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import load_claims
from contextlib_news.formats.outlets import load_outlets
from contextlib_news.models import Outlet, Rating


def test_a_new_database_holds_the_starter_records(database: str) -> None:
    engine = open_database(database)
    with read(engine) as connection:
        assert list(claims.published(connection)) == sorted(load_claims(), key=lambda c: c.id)
        held = outlets.directory(connection)
        assert list(held) == list(load_outlets())
        assert held.impersonated == load_outlets().impersonated
        names = [source.name for source in sources.listed(connection)]
        assert names == ["starter claims", "starter outlets"]
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_seeding_twice_adds_nothing(database: str) -> None:
    engine = open_database(database)
    with read(engine) as connection:
        change = claims.current_change(connection)
    assert seed(engine) == (0, 0)
    with read(engine) as connection:
        assert claims.current_change(connection) == change
    engine.dispose()


def test_a_database_that_was_filled_is_left_alone(database: str) -> None:
    engine = open_database(database, seed_new=False)
    claim = next(iter(load_claims()))
    with engine.begin() as connection:
        claims.save(connection, claim, made_by="a test", reason="own")
    engine.dispose()
    engine = open_database(database)
    with read(engine) as connection:
        assert claims.count(connection) == 1
    engine.dispose()


def test_seeding_behind_an_import_takes_nothing_from_the_starter_outlets(database: str) -> None:
    engine = open_database(database, seed_new=False)
    rating = Rating(source="A list", label="unreliable", date="2026")
    with engine.begin() as connection:
        listed = sources.declare(connection, "a list", kind="outlets", made_by="a test")
        for domain in ("theonion.com", "vtforeignpolicy.com", "washingtonpost.com"):
            outlet = Outlet(domain=domain, name=domain, ratings=(rating,))
            outlets.save(connection, outlet, made_by="a test", source=listed.number)
    assert seed(engine) == (len(load_claims()), len(load_outlets()))
    assert seed(engine) == (0, 0)
    with read(engine) as connection:
        held = outlets.directory(connection)
    assert held.impersonated == load_outlets().impersonated
    onion, other = held.find("theonion.com"), held.find("vtforeignpolicy.com")
    assert onion is not None
    assert "satire" in onion.categories
    assert rating in onion.ratings
    assert other is not None
    assert other.domain == "veteranstoday.com"
    assert {"A list", "Lin et al. 2023"} <= {rating.source for rating in other.ratings}
    engine.dispose()


def _known(_: object, name: str | None, kind: str, *__: object) -> bool:
    # What the migration makes for one database alone.
    return not (name or "").startswith(("claim_words", "ix_claims_words"))


def test_the_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    with read(engine) as connection:
        options = {"compare_type": True, "include_object": _known}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_migrations_lead_back_and_forth(engine: Engine) -> None:
    with engine.begin() as connection:
        downgrade(alembic_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade(engine)
    with read(engine) as connection:
        assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_processes_that_start_at_once(database: str) -> None:
    program = (
        "import sys; from contextlib_news_server.store.database import open_database; "
        "open_database(sys.argv[1]).dispose()"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, database]) for _ in range(4)]
    assert [process.wait(300) for process in started] == [0] * 4
    engine = open_database(database)
    with read(engine) as connection:
        assert claims.count(connection) == len(load_claims())
        assert outlets.count(connection) == len(load_outlets())
        changes = len(load_claims()) + len(load_outlets())
        assert claims.current_change(connection) == changes
    engine.dispose()


def test_a_start_does_not_wait_for_a_writer(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as writing:
        writing.exec_driver_sql("DELETE FROM flags")
        open_database(database).dispose()
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


def test_a_reader_does_not_wait_for_a_writer(database: str) -> None:
    engine = open_database(database)
    with engine.begin() as writing:
        writing.exec_driver_sql("DELETE FROM flags")
        with read(engine) as reading:
            assert claims.count(reading) == len(load_claims())
    engine.dispose()


def test_the_file_is_sound(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'claims.db'}").dispose()
    connection = sqlite3.connect(tmp_path / "claims.db")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
