"""Backups: all of it in one file that verifies itself, from either database into either."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.command import downgrade
from contextlib_news_server.store import (
    bulk,
    claims,
    disclaimer_rules,
    drafts,
    flags,
    queue,
    sources,
    uploads,
    users,
    views,
)
from contextlib_news_server.store.backup import checksum, verify, write_backup
from contextlib_news_server.store.bulk import BulkAction
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.database import (
    alembic_config,
    name_database,
    open_database,
    read,
)
from contextlib_news_server.store.listings import ClaimQuery, list_claims
from contextlib_news_server.store.restoring import restore_backup
from contextlib_news_server.store.tables import metadata
from sqlalchemy import Engine

from contextlib_news.errors import CommandError
from contextlib_news.formats.claims import load_claims
from contextlib_news.models import Claim


@pytest.fixture
def filled(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    with engine.begin() as connection:
        flags.add(connection, reason="The date is wrong.", claim_id="starter-01", contact="a@b.c")
        users.add(
            connection, "Ada", role=users.Role.CURATOR, password="a long password", made_by="x"
        )
        queue.put(connection, kind="flag", reason="مرحبا 你好", made_by="x", payload={"a": 0.1})
        kept = claims.get(connection, "starter-01")
        assert kept is not None
        drafts.save_draft(
            connection, replace(kept, title="Harbour"), seen=1, made_by="Ada", reason="r"
        )
        views.keep(connection, 1, "Ports", {"text": "harbour"})
        bulk.change_many(
            *(connection, {"starter-02": 1}, BulkAction.ADD_TOPIC, "ports"),
            made_by="Ada",
            reason="r",
        )
        rule = {"type": "satire", "language": "ar", "any": ["قمر"]}
        disclaimer_rules.add(connection, rule, made_by="Ada", reason="r")
        uploads.add(connection, io.BytesIO(b"id,text"), "claims.csv", "claims", "Ada")
    yield engine
    engine.dispose()


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'other.db'}", seed_new=False)
    yield engine
    engine.dispose()


def rows(engine: Engine) -> dict[str, object]:
    with read(engine) as connection:
        return {
            table.name: checksum(connection, table)
            for table in metadata.sorted_tables
            if table.name not in ("options", "sessions", "uploads", "upload_parts")
        }


def test_a_backup_of_either_database_comes_back_in_the_other(
    filled: Engine, empty: Engine, tmp_path: Path
) -> None:
    first = tmp_path / "first.backup"
    summary = write_backup(filled, first)
    assert summary.rows > len(load_claims())
    assert first.stat().st_mode & 0o777 == 0o600
    assert restore_backup(empty, first) == summary
    assert rows(empty) == rows(filled)
    second = tmp_path / "second.backup"
    write_backup(empty, second)
    # And back again, over what is there.
    restore_backup(filled, second, replace=True)
    assert rows(filled) == rows(empty)


def test_work_goes_on_after_a_restore(filled: Engine, empty: Engine, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "b")
    restore_backup(empty, tmp_path / "b")
    restore_backup(filled, tmp_path / "b", replace=True)
    for engine in (empty, filled):
        with engine.begin() as connection:
            claims.save(connection, Claim(id="new", text="New."), made_by="x", reason="x")
            flags.add(connection, reason="Another.")
            page = list_claims(connection, ClaimQuery(text="harbour", stage=ClaimState.DRAFT))
            assert [claim.id for claim in page.claims] == ["starter-01"]
            assert users.get(connection, "Ada") is not None


def test_the_content_gets_a_name_of_its_own(filled: Engine, empty: Engine, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "b")
    with filled.begin() as connection:
        before = name_database(connection)
    restore_backup(filled, tmp_path / "b", replace=True)
    with filled.begin() as connection:
        assert name_database(connection) != before


def test_a_database_that_holds_something_is_not_overwritten(filled: Engine, tmp_path: Path) -> None:
    write_backup(filled, tmp_path / "b")
    before = rows(filled)
    with pytest.raises(CommandError, match="not empty"):
        restore_backup(filled, tmp_path / "b")
    assert rows(filled) == before


def test_a_damaged_file_is_refused_and_changes_nothing(
    filled: Engine, empty: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "b"
    write_backup(filled, path)
    whole = path.read_bytes()
    before = rows(empty)
    for size in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(CommandError):
            restore_backup(empty, path)
    for place in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            restore_backup(empty, path)
        except CommandError:
            assert rows(empty) == before
        else:
            # A byte that says nothing, such as a date of the archive.
            assert rows(empty) == rows(filled)
            with empty.begin() as connection:
                for table in reversed(metadata.sorted_tables):
                    if table.name != "counters":
                        connection.execute(table.delete())
            before = rows(empty)


def test_rows_that_were_changed_in_the_file_are_found(filled: Engine, tmp_path: Path) -> None:
    path, other = tmp_path / "b", tmp_path / "c"
    write_backup(filled, path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"wrong", b"right") if "flags" in name else data)
    with pytest.raises(CommandError, match="table flags"):
        verify(other)


def test_a_backup_of_a_newer_release_is_refused(
    filled: Engine, empty: Engine, tmp_path: Path
) -> None:
    path, other = tmp_path / "b", tmp_path / "c"
    write_backup(filled, path)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = json.dumps(json.loads(data) | {"schema": "9999"}).encode()
            new.writestr(name, data)
    with pytest.raises(CommandError, match="newer release"):
        restore_backup(empty, other)


LATER = ("users", "tokens", "sign_ins", "views", "bulk_changes")


def test_a_backup_of_an_older_schema_is_upgraded(
    filled: Engine, empty: Engine, tmp_path: Path
) -> None:
    path, other = tmp_path / "b", tmp_path / "c"
    write_backup(filled, path)
    # What a release with the tables of 0004 would have written: no people, links and views yet.
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        later = ("users", "tokens", "invitations", "sign_ins", "links", "claim_links")
        later += ("views", "bulk_changes", "trial_counts", "disclaimer_rules")
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(data)
                tables = [t for t in manifest["tables"] if t["name"] not in later]
                data = json.dumps(manifest | {"schema": "0004", "tables": tables}).encode()
            if Path(name).stem not in later:
                new.writestr(name, data)
    restore_backup(empty, other)
    kept, restored = rows(filled), rows(empty)
    assert {n: v for n, v in kept.items() if n not in (*LATER, "disclaimer_rules")} == {
        n: v for n, v in restored.items() if n not in (*LATER, "disclaimer_rules")
    }
    with read(filled) as was, read(empty) as now:
        # These the history brings back.
        assert disclaimer_rules.listed(was) == disclaimer_rules.listed(now) != []
    with empty.begin() as connection:
        users.add(connection, "Ben", role=users.Role.CURATOR, password=None, made_by="x")
        downgrade(alembic_config(connection), "base")


def test_a_backup_sees_one_moment(filled: Engine, empty: Engine, tmp_path: Path) -> None:
    """Writers go on while it is written; what it holds belongs together."""
    from contextlib_news_server.store import backup

    real, seen = backup.table_lines, []

    def table_lines(connection, table):  # type: ignore[no-untyped-def]
        yield from real(connection, table)
        if not seen:
            seen.append(table.name)
            with filled.begin() as writing:
                source = sources.declare(writing, "late", kind="claims", made_by="x")
                claim = Claim(id="late", text="Late.")
                claims.save(writing, claim, made_by="x", reason="x", source=source.number)

    backup.table_lines = table_lines
    try:
        write_backup(filled, tmp_path / "b")
    finally:
        backup.table_lines = real
    restore_backup(empty, tmp_path / "b")
    with read(empty) as connection:
        assert claims.get(connection, "late") is None
        assert sources.get(connection, "late") is None


def test_a_place_that_cannot_be_written_is_named(filled: Engine, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot write"):
        write_backup(filled, tmp_path / "nowhere" / "b")
    assert [name for name in os.listdir(tmp_path) if "part" in name] == []
