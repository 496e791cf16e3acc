"""SQLite FTS5: the full-text search that comes with Python, asked for the rarest words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import snowballstemmer

from benchmarks.peers.method import Engine, Method, searched_text
from benchmarks.peers.terms import content_words

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus
    from contextlib_news.models import Claim

__all__ = ["methods"]

RAREST = 8

_STEM = snowballstemmer.stemmer("porter").stemWord


def methods() -> list[Method]:
    """Return the one way in which SQLite is measured."""
    return [
        Sqlite(
            name="sqlite",
            title=f"SQLite FTS5, {RAREST} rarest words",
            family="sqlite",
            version=sqlite3.sqlite_version,
            changes=True,
            sampled_pages=6,
        )
    ]


class Sqlite(Method):
    """``bm25()`` over any of the rarest words of a sentence."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Index all rows without keeping their text, and merge the parts of the index."""
        with sqlite3.connect(folder / "index.db") as database:
            database.execute(
                "create virtual table claims using "
                "fts5(text, content='', tokenize='porter unicode61')"
            )
            database.execute("create virtual table words using fts5vocab(claims, 'row')")
            _add(database, enumerate(corpus.texts()))
            database.execute("insert into claims(claims) values ('optimize')")
        database.close()

    def open(self, folder: Path) -> Engine:
        """Open the database with room for its pages in memory."""
        database = sqlite3.connect(folder / "index.db")
        database.execute("pragma mmap_size = 4294967296")
        database.execute("pragma cache_size = -65536")
        return _Engine(database)


class _Engine(Engine):
    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def search(self, sentences: Sequence[str], limit: int) -> list[list[int]]:
        return [self._search(sentence, limit) for sentence in sentences]

    def change(self, claims: Sequence[Claim], first_row: int) -> Engine:
        with self._database:
            _add(self._database, enumerate(map(searched_text, claims), first_row))
        return self

    def close(self) -> None:
        self._database.close()

    def _search(self, sentence: str, limit: int) -> list[int]:
        words = {_STEM(part): part for word in content_words(sentence) for part in word.split("'")}
        marks = ",".join("?" * len(words))
        rarest = self._database.execute(
            f"select term from words where term in ({marks}) order by doc limit {RAREST}",
            list(words),
        ).fetchall()
        if not rarest:
            return []
        asked = " OR ".join(f'"{words[term]}"' for (term,) in rarest)
        found = self._database.execute(
            "select rowid from claims where claims match ? order by rank limit ?", (asked, limit)
        )
        return [row for (row,) in found]


def _add(database: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    database.executemany("insert into claims(rowid, text) values (?, ?)", rows)
