"""tantivy: the Rust search library, asked as its documentation advises.

One segment, English stems, term frequencies without positions (there are no phrase queries), rows
read from a fast column instead of stored documents, no counting of all matches: counting would turn
off its skipping of blocks that cannot reach the best ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy

from benchmarks.peers.method import Engine, Method, searched_text
from benchmarks.peers.terms import content_words

if TYPE_CHECKING:
    from benchmarks.corpora import Corpus
    from contextlib_news.models import Claim

__all__ = ["methods"]

# Room for a million claims in one segment.
_BUILD_HEAP = 2_000_000_000
_CHANGE_HEAP = 50_000_000


def methods() -> list[Method]:
    """Return the one way in which tantivy is measured."""
    name = "tantivy"
    return [
        Tantivy(
            name=name, title="tantivy, OR query", family=name, version=version(name), changes=True
        )
    ]


class Tantivy(Method):
    """BM25 over one text field, any of the words."""

    def build(self, corpus: Corpus, folder: Path) -> None:
        """Index all rows with one thread and one commit, which makes one segment."""
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
        schema.add_unsigned_field("row", fast=True)
        index = tantivy.Index(schema.build(), path=str(folder))
        writer = index.writer(_BUILD_HEAP, num_threads=1)
        _add(writer, enumerate(corpus.texts()))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> Engine:
        """Open the index, mapped into memory."""
        return _Engine(tantivy.Index.open(str(folder)))


class _Engine(Engine):
    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._searcher = index.searcher()
        self._writer: tantivy.IndexWriter | None = None

    def search(self, sentences: Sequence[str], limit: int) -> list[list[int]]:
        return [self._search(sentence, limit) for sentence in sentences]

    def change(self, claims: Sequence[Claim], first_row: int) -> Engine:
        if self._writer is None:
            self._writer = self._index.writer(_CHANGE_HEAP, num_threads=1)
        _add(self._writer, enumerate(map(searched_text, claims), first_row))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        return self

    def close(self) -> None:
        if self._writer is not None:
            # Its threads write on, even into a folder that is being taken away.
            self._writer.wait_merging_threads()
            self._writer = None

    def _search(self, sentence: str, limit: int) -> list[int]:
        said = " ".join(content_words(sentence)).replace("'", " ")
        if not said:
            return []
        query = self._index.parse_query(said, ["text"])
        hits = self._searcher.search(query, limit, count=False).hits
        return self._searcher.fast_field_values("row", [address for _, address in hits])


def _add(writer: tantivy.IndexWriter, rows: Iterable[tuple[int, str]]) -> None:
    for row, text in rows:
        document = tantivy.Document()
        document.add_text("text", text)
        document.add_unsigned("row", row)
        writer.add_document(document)
