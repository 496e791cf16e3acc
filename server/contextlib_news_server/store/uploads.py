"""Files that were sent to the desk, kept in the database until they are imported, a day at most.

So a file that one machine took is read by every other. A file is kept under a key made here: of
the name it was sent with only the ending decides, and only where it is one of those that are known.
Only who sent a file finds it again, and who imports it.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, delete, func, select

from contextlib_news.errors import CommandError
from contextlib_news_server.store.claim_rows import take_turn
from contextlib_news_server.store.database import read
from contextlib_news_server.store.revisions import now
from contextlib_news_server.store.tables import upload_parts, uploads

__all__ = ["LARGEST_BYTES", "Upload", "add", "find", "held", "opened", "remove", "sweep"]

LARGEST_BYTES = 32 * 1024 * 1024
PART_BYTES = 1024 * 1024
KEPT_SECONDS = 24 * 3600

# So many files of one person wait at most, and so many bytes of everybody; more are a mistake.
MOST = 10
MOST_BYTES = 512 * 1024 * 1024

ENDINGS = frozenset(
    {".jsonl", ".ndjson", ".csv", ".tsv", ".tab", ".txt", ".json", ".jsonld", ".html", ".htm"}
)
PACKED = (
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"Rar!", "RAR"),
)

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that waits; ``name`` is what it was called where it came from, for showing only."""

    key: str
    name: str
    kind: str
    ending: str
    made_by: str
    made: str
    size: int


def add(connection: Connection, stream: IO[bytes], name: str, kind: str, made_by: str) -> Upload:
    """Keep a file. Raises CommandError where it is empty, too large or packed; nothing is kept."""
    take_turn(connection)
    sweep(connection)
    waiting = connection.scalar(
        select(func.count()).select_from(uploads).where(uploads.c.made_by == made_by)
    )
    if int(waiting or 0) >= MOST:
        raise CommandError("too many files wait already; import or discard some first")
    if int(connection.scalar(select(func.sum(uploads.c.size))) or 0) >= MOST_BYTES:
        raise CommandError("the files that wait are too large together; import some first")
    # Names come with folders from some browsers, and with anything from an attacker.
    called = re.split(r"[\\/]", name)[-1]
    called = "".join(c for c in called if c.isprintable())[:120] or "a file"
    ending = Path(called).suffix.lower()
    upload = Upload(
        key=secrets.token_urlsafe(16),
        name=called,
        kind=kind,
        ending=ending if ending in ENDINGS else "",
        made_by=made_by,
        made=now(),
        size=0,
    )
    connection.execute(
        uploads.insert().values({n: getattr(upload, n) for n in Upload.__dataclass_fields__})
    )
    size = 0
    for place, part in enumerate(_parts(stream)):
        size += len(part)
        connection.execute(
            upload_parts.insert().values(upload=upload.key, place=place, content=part)
        )
    connection.execute(uploads.update().where(uploads.c.key == upload.key).values(size=size))
    found = find(connection, upload.key, made_by)
    if found is None:
        raise CommandError("the file could not be kept")
    return found


def find(connection: Connection, key: str, made_by: str | None) -> Upload | None:
    """Return a file that somebody sent, anybody for None; None where there is no such file."""
    if not _KEY.fullmatch(key):
        return None
    row = connection.execute(
        select(uploads).where(uploads.c.key == key, uploads.c.made > _oldest())
    ).first()
    if row is None or (made_by is not None and row.made_by != made_by):
        return None
    return Upload(**row._mapping)


@contextmanager
def opened(engine: Engine, upload: Upload, folder: Path) -> Iterator[Path]:
    """Lay a file down in a folder of its own, for as long as it is read; its name is made here.

    Raises CommandError where it was taken away meanwhile.
    """
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="upload-") as place:
        path = Path(place) / f"file{upload.ending}"
        size = 0
        with path.open("xb") as out, read(engine) as connection:
            for part in range((upload.size + PART_BYTES - 1) // PART_BYTES):
                content = connection.scalar(
                    select(upload_parts.c.content).where(
                        upload_parts.c.upload == upload.key, upload_parts.c.place == part
                    )
                )
                size += out.write(content or b"")
        if size != upload.size:
            raise CommandError("the file was taken away meanwhile")
        yield path


def remove(connection: Connection, upload: Upload) -> None:
    """Remove a file."""
    _remove(connection, [upload.key])


def sweep(connection: Connection) -> None:
    """Remove the files that nobody came back for."""
    _remove(
        connection,
        list(connection.scalars(select(uploads.c.key).where(uploads.c.made <= _oldest()))),
    )


def held(connection: Connection, made_by: str | None) -> list[Upload]:
    """Return the files of somebody that wait, of everybody for None, the oldest first."""
    query = select(uploads).where(uploads.c.made > _oldest())
    query = query if made_by is None else query.where(uploads.c.made_by == made_by)
    rows = connection.execute(query.order_by(uploads.c.made, uploads.c.key))
    return [Upload(**row._mapping) for row in rows]


def _remove(connection: Connection, keys: list[str]) -> None:
    connection.execute(delete(upload_parts).where(upload_parts.c.upload.in_(keys)))
    connection.execute(delete(uploads).where(uploads.c.key.in_(keys)))


def _oldest() -> str:
    return (datetime.now(UTC) - timedelta(seconds=KEPT_SECONDS)).isoformat(timespec="seconds")


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    size = 0
    while part := _read(stream):
        for mark, called in PACKED:
            if not size and part.startswith(mark):
                raise CommandError(f"a packed file ({called}) is not read; unpack it first")
        size += len(part)
        if size > LARGEST_BYTES:
            raise CommandError(
                f"the file is larger than {LARGEST_BYTES // 2**20} MB; use: contextlib-news import"
            )
        yield part
    if not size:
        raise CommandError("the file is empty, or none was chosen")


def _read(stream: IO[bytes]) -> bytes:
    """Return the next whole part; a stream may give less at a time."""
    found = b""
    while len(found) < PART_BYTES and (more := stream.read(PART_BYTES - len(found))):
        found += more
    return found
