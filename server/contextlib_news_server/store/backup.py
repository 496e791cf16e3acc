"""A backup: one file with every row of every table, the same for both databases.

A zip archive of one JSONL file a table, its first line the names of the columns, each further one
a row in order of its key, and a manifest with counts and checksums. It is written aside, read
again, checked, and only then moved to its place. Sessions are left out, as are files that wait
for an import: whoever was signed in signs in again. What is derived (the claim index, full text)
is left out too.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from contextlib_news.atomic_file import atomic_file
from contextlib_news.errors import CommandError
from contextlib_news.version import __version__
from contextlib_news_server.store.database import current_revision, snapshot
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import metadata, sessions, upload_parts, uploads

__all__ = ["BackupSummary", "Manifest", "TableSummary", "read_rows", "verify", "write_backup"]

FORMAT = "contextlib-news-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
MAX_MANIFEST_BYTES = 1024 * 1024

# What is of the moment: who is signed in, and files that wait for an import, a day at most.
LEFT_OUT = (sessions, uploads, upload_parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSummary:
    """How much a backup holds."""

    tables: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSummary:
    """How many rows of a table a backup holds, and the SHA-256 of their lines."""

    name: str
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself; ``schema`` is the revision of the tables."""

    schema: str
    made: str
    version: str
    tables: tuple[TableSummary, ...]

    @property
    def summary(self) -> BackupSummary:
        """The sums."""
        return BackupSummary(tables=len(self.tables), rows=sum(t.rows for t in self.tables))


def write_backup(engine: Engine, path: Path) -> BackupSummary:
    """Write all of the database to a file and read it again; a failure leaves no file and no half.

    It is readable by its owner alone, as it holds digests of passwords. Raises CommandError where
    it cannot be written or does not read back as it was written.
    """
    try:
        with atomic_file(path, mode=0o600) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                _write(engine, archive)
            file.flush()
            manifest = verify(Path(file.name))
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from None
    return manifest.summary


def verify(path: Path) -> Manifest:
    """Return the manifest of a backup once every row was read against it.

    Raises CommandError where the file is none, is damaged, or lacks a row.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, path)
            for table in manifest.tables:
                digest, rows = hashlib.sha256(), -1
                with archive.open(_member(table.name)) as file:
                    for line in file:
                        digest.update(line)
                        rows += 1
                if (rows, digest.hexdigest()) != (table.rows, table.checksum):
                    raise CommandError(f"{path}: the table {table.name} is not what was written")
    except FileNotFoundError:
        raise CommandError(f"{path}: there is no such file") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, EOFError, ValueError) as error:
        raise CommandError(f"{path}: no backup, or damaged: {error}") from None
    except (OSError, NotImplementedError, RuntimeError) as error:
        raise CommandError(f"{path}: cannot be read: {error}") from None
    except Exception as error:  # zlib raises an error of its own for damaged data
        if type(error).__module__ != "zlib":
            raise
        raise CommandError(f"{path}: no backup, or damaged: {error}") from None
    return manifest


def read_rows(path: Path, table: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table from a file that was verified."""
    with zipfile.ZipFile(path) as archive, archive.open(_member(table)) as file:
        lines = io.TextIOWrapper(file, encoding="utf-8")
        columns = json.loads(next(lines))
        for line in lines:
            yield dict(zip(columns, json.loads(line), strict=True))


def table_lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield a table as the lines that a backup holds of it."""
    yield _line([column.name for column in table.columns])
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query.execution_options(yield_per=1_000)):
        yield _line(list(row))


def checksum(connection: Connection, table: Table) -> TableSummary:
    """Return what a backup of a table would say of it."""
    digest, rows = hashlib.sha256(), -1
    for line in table_lines(connection, table):
        digest.update(line)
        rows += 1
    return TableSummary(name=table.name, rows=rows, checksum=digest.hexdigest())


def _write(engine: Engine, archive: zipfile.ZipFile) -> None:
    tables: list[dict[str, Any]] = []
    with snapshot(engine) as connection:
        for table in metadata.sorted_tables:
            if table in LEFT_OUT:
                continue
            digest, rows = hashlib.sha256(), -1
            with archive.open(_member(table.name), "w", force_zip64=True) as file:
                for line in table_lines(connection, table):
                    file.write(line)
                    digest.update(line)
                    rows += 1
            tables.append({"name": table.name, "rows": rows, "sha256": digest.hexdigest()})
        manifest = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "schema": current_revision(connection),
            "made": now(),
            "version": __version__,
            "tables": tables,
        }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1) + "\n")


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MAX_MANIFEST_BYTES:
        raise CommandError(f"{path}: no backup: its manifest is too large")
    held = json.loads(archive.read(MANIFEST))
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise CommandError(f"{path}: no backup of this service")
    if held.get("format_version") != FORMAT_VERSION:
        raise CommandError(f"{path}: a backup of a newer release; upgrade first")
    tables = tuple(
        TableSummary(name=str(t["name"]), rows=int(t["rows"]), checksum=str(t["sha256"]))
        for t in held["tables"]
    )
    return Manifest(
        schema=str(held["schema"]),
        made=str(held["made"]),
        version=str(held["version"]),
        tables=tables,
    )


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _line(values: list[Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")
