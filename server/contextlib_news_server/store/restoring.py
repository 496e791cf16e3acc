"""Filling a database from a backup, of either database into either, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from alembic import command
from alembic.util import CommandError as AlembicError
from sqlalchemy import Connection, Engine, MetaData, Table, func, select, text

from contextlib_news.errors import CommandError
from contextlib_news_server.store.backup import (
    BackupSummary,
    Manifest,
    checksum,
    read_rows,
    verify,
)
from contextlib_news_server.store.batches import add_rows
from contextlib_news_server.store.claim_rows import refresh_derived
from contextlib_news_server.store.database import (
    alembic_config,
    current_revision,
    head_revision,
    known_revisions,
    name_database,
    wait_for_others,
)
from contextlib_news_server.store.tables import counters, metadata, options

__all__ = ["restore_backup"]

BATCH = 1_000

# Every new database has rows in these.
ALWAYS_FILLED = (counters.name, options.name)


def restore_backup(engine: Engine, path: Path, *, replace: bool = False) -> BackupSummary:
    """Fill an empty database from a backup, in one transaction, and read it again against it.

    With ``replace`` what the database holds is taken out first. A backup of an older release is
    restored as it was and then upgraded. Raises CommandError, leaving the database as it was,
    where the file is damaged or newer than this release, or the database is not empty.
    """
    manifest = verify(path)
    if manifest.schema not in known_revisions():
        raise CommandError(f"{path}: a backup of a newer release; upgrade this one first")
    with engine.begin() as connection:
        wait_for_others(connection)
        if not replace and (held := _held(connection)):
            raise CommandError(
                f"the database is not empty ({held}); --replace takes out what it holds"
            )
        _empty(connection)
        older = manifest.schema != head_revision()
        if older:
            _step(connection, manifest.schema)
        tables = _reflected(connection, manifest) if older else dict(metadata.tables)
        # In the order of the file, which is that of the references between tables.
        for summary in manifest.tables:
            if summary.name not in tables:
                raise CommandError(f"{path}: holds an unknown table {summary.name!r}")
            _fill(connection, tables[summary.name], read_rows(path, summary.name))
        for summary in manifest.tables:
            if checksum(connection, tables[summary.name]) != summary:
                raise CommandError(f"the table {summary.name} did not come back as it was")
        if older:
            _step(connection, "head")
        refresh_derived(connection)
        # Another name than before, so that no worker takes its index for one of this content.
        name_database(connection, anew=True)
    return manifest.summary


def _held(connection: Connection) -> str:
    """Say what a database holds that is not there from its making; empty where nothing is."""
    found = []
    for table in metadata.sorted_tables:
        if table.name not in ALWAYS_FILLED:
            rows = connection.scalar(select(func.count()).select_from(table))
            found += [f"{rows} rows of {table.name}"] if rows else []
    return ", ".join(found[:3])


def _empty(connection: Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())


def _step(connection: Connection, revision: str) -> None:
    try:
        going = command.upgrade if revision == "head" else command.downgrade
        going(alembic_config(connection), revision)
    except AlembicError as error:
        raise CommandError(f"the tables cannot be brought to {revision}: {error}") from None


def _reflected(connection: Connection, manifest: Manifest) -> dict[str, Table]:
    held = MetaData()
    held.reflect(connection, only=[table.name for table in manifest.tables])
    if current_revision(connection) != manifest.schema:
        raise CommandError(f"the tables are not those of {manifest.schema}")
    for table in held.tables.values():
        connection.execute(table.delete())
    return dict(held.tables)


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, BATCH)):
        add_rows(connection, table, batch)
    number = table.columns.get("number")
    if number is not None and connection.dialect.name == "postgresql":
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'number'), "  # noqa: S608  # a name of ours
                f"(SELECT coalesce(max(number), 0) + 1 FROM {table.name}), false)"
            )
        )
