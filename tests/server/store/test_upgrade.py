"""A database of the first release goes to the newest form and back without a lost row."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.command import downgrade
from alembic.command import upgrade as migrate
from contextlib_news_server.store import claims, flags, outlets, revisions, sources
from contextlib_news_server.store.database import (
    alembic_config,
    current_revision,
    head_revision,
    open_database,
    read,
)
from sqlalchemy import Engine, create_engine, text

from contextlib_news.cli import main
from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import claim_from_dict
from contextlib_news.formats.outlets import outlet_from_dict
from contextlib_news.models import Claim, Outlet

# Made by the first release: the starter records, one of them changed by an import, two claims of
# our own (one retired), two flags.
FIXTURE = Path(__file__).parent / "fixtures" / "first_release.sql.gz"
TABLES = ("claims", "claim_revisions", "outlets", "flags", "counters")

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def first_release() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(gzip.decompress(FIXTURE.read_bytes()).decode("utf-8"))
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.fixture
def old(first_release: sqlite3.Connection) -> Rows:
    """Every row of the fixture."""
    return {
        table: [dict(row) for row in first_release.execute(f"SELECT * FROM {table}")]
        for table in TABLES
    }


@pytest.fixture
def upgraded(database: str, old: Rows) -> Iterator[Engine]:
    """The fixture's rows in a database that was then upgraded."""
    open_database(database, seed_new=False).dispose()
    engine = create_engine(database)
    with engine.begin() as connection:
        downgrade(alembic_config(connection), "base")
        migrate(alembic_config(connection), "0001")
        for table in TABLES:
            for row in old[table]:
                names = ", ".join(f'"{name}"' for name in row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
        if connection.dialect.name == "postgresql":
            for table in ("claim_revisions", "flags"):
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'number'), "
                        f"(SELECT max(number) FROM {table}))"
                    )
                )
    engine.dispose()
    engine = open_database(database)
    yield engine
    engine.dispose()


def parsed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with their documents as values, so that the order of fields does not count."""
    names = ("document", "before", "after")
    return [
        {name: json.loads(v) if name in names and v else v for name, v in row.items()}
        for row in rows
    ]


def test_every_record_is_there_after_the_upgrade(upgraded: Engine, old: Rows) -> None:
    published = [row for row in old["claims"] if row["state"] == "published"]
    with read(upgraded) as connection:
        kept = list(claims.published(connection))
        was = sorted(published, key=lambda row: row["id"])
        assert kept == [claim_from_dict(json.loads(row["document"])) for row in was]
        assert claims.get(connection, "own-2") is None
        assert claims.count(connection, claims.ClaimState.RETIRED) == 1
        directory = outlets.directory(connection)
        rated = [outlet_from_dict(json.loads(row["document"])) for row in old["outlets"]]
        assert list(directory) == sorted(rated, key=lambda outlet: outlet.domain)
        often = {row["domain"] for row in old["outlets"] if row["impersonated"]}
        assert set(directory.impersonated) == often
        newest, oldest = revisions.history(connection, "claim", "starter-01")
        assert newest.before == oldest.after
        assert newest.reason == "imported from corrections.jsonl"
        assert [flag.reason for flag in flags.page(connection)] == [
            row["reason"] for row in reversed(old["flags"])
        ]


def test_what_brought_the_records_becomes_their_source(upgraded: Engine, old: Rows) -> None:
    with read(upgraded) as connection:
        brought = {s.name: sources.counts(connection, s) for s in sources.listed(connection)}
    seeded = [row for row in old["claim_revisions"] if row["made_by"] == "seed"]
    assert brought["starter claims"].claims == len(seeded) > 0
    assert brought["corrections.jsonl"].claims == 2
    assert brought["own.jsonl"].claims == 1
    assert brought["starter outlets"].outlets == len(old["outlets"])
    rated = [json.loads(row["document"]).get("ratings", []) for row in old["outlets"]]
    assert brought["starter outlets"].ratings == sum(map(len, rated)) > 0


def test_work_goes_on_after_the_upgrade(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        change = claims.current_change(connection)
        claims.save(connection, Claim(id="new", text="New."), made_by="a test", reason="new")
        flags.add(connection, reason="new")
        outlets.save(connection, Outlet(domain="example.org", name="The Example"))
        assert claims.current_change(connection) > change


def test_the_way_back_loses_no_row(upgraded: Engine, old: Rows) -> None:
    with upgraded.begin() as connection:
        downgrade(alembic_config(connection), "0001")
        for table in TABLES:
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
            key = next(iter(old[table][0]))
            now = sorted((dict(row) for row in rows), key=lambda row: row[key])
            if table == "counters":
                now = [row for row in now if row["name"] != "derived"]
            assert parsed(now) == parsed(sorted(old[table], key=lambda row: row[key])), table


def set_tables(engine: Engine, revision: str, serve: str | None) -> None:
    """Have the tables be those of a release to come, which serve releases since some."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
        connection.execute(text("DELETE FROM options WHERE name = 'tables serve from'"))
        if serve is not None:
            connection.execute(
                text("INSERT INTO options (name, value, revision) VALUES (:n, :v, 1)"),
                {"n": "tables serve from", "v": serve},
            )


def test_an_old_process_works_on_tables_that_only_grew(database: str) -> None:
    engine = open_database(database)
    set_tables(engine, "9999", serve=head_revision())
    again = open_database(database)
    with again.begin() as connection:
        claims.save(connection, Claim(id="new", text="New."), made_by="a test", reason="new")
        # Left to the release that knows them.
        assert current_revision(connection) == "9999"
    again.dispose()
    engine.dispose()


@pytest.mark.parametrize("serve", [None, "9999"])
def test_tables_that_this_release_cannot_work_on_are_refused(
    database: str, serve: str | None
) -> None:
    engine = open_database(database)
    set_tables(engine, "9999", serve)
    with pytest.raises(CommandError, match=r"newer release.*db downgrade"):
        open_database(database)
    set_tables(engine, head_revision(), serve)
    open_database(database).dispose()
    engine.dispose()


def test_tables_go_back_by_command(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(database)
    with engine.begin() as connection:
        downgrade(alembic_config(connection), "0006")
        before = claims.count(connection)
    engine.dispose()
    assert main(["db", "downgrade", "0007", "--database", database]) == 0
    engine = create_engine(database)
    with engine.connect() as connection:
        assert current_revision(connection) == "0007"
        assert claims.count(connection) == before > 0
    engine.dispose()
    assert main(["db", "downgrade", "0815", "--database", database]) == 1
    assert "there are no tables '0815'" in capsys.readouterr().err
    # A backup says which tables it is of.
    backup = str(tmp_path / "x.backup")
    assert main(["db", "backup", backup, "--database", database]) == 0
    assert main(["db", "downgrade", backup, "--database", database]) == 0
    assert f"tables {head_revision()}" in capsys.readouterr().err
