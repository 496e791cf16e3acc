"""What is searched for: queries with their answers, and pages of sixty sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import EVALUATION_SETS, Corpus
from benchmarks.evaluation_data import negatives, read_queries
from benchmarks.grammar import Grammar
from benchmarks.noise import noisy_copies

__all__ = ["SENTENCES_A_PAGE", "Query", "QuerySet", "dev_sets", "pages", "query_sets", "warm_up"]

SENTENCES_A_PAGE = 60

# Statements for pages that match nothing stand in no haystack.
_NEWS_START = 80_000_000
_NEWS_SENTENCES = 960


@dataclass(frozen=True, slots=True)
class Query:
    """A sentence, and the ids of the claims that answer it: none for a sentence of mere news."""

    text: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Queries of one kind under the name that the tables give them."""

    name: str
    title: str
    queries: tuple[Query, ...]

    def pages(self) -> list[list[str]]:
        """Return the sentences in pages; the last, shorter page is left out unless it is alone."""
        return pages([query.text for query in self.queries])

    def sample(self, count: int | None) -> QuerySet:
        """Return as many pages of evenly spread queries; all where that is no fewer, or None."""
        wanted = len(self.queries) if count is None else count * SENTENCES_A_PAGE
        if wanted >= len(self.queries):
            return self
        places = (number * len(self.queries) // wanted for number in range(wanted))
        return QuerySet(self.name, self.title, tuple(self.queries[place] for place in places))


def query_sets(corpus: Corpus, evaluation: Path | None, planted: int) -> tuple[QuerySet, ...]:
    """Return the sets of queries: news first, then the evaluation's, then planted noisy copies."""
    return (*_news(evaluation), *_evaluation(evaluation), _planted(corpus, planted))


def dev_sets(evaluation: Path | None) -> tuple[QuerySet, ...]:
    """Return the evaluation queries that nothing is fitted to, as ``2a-dev`` and ``2b-dev``."""
    return tuple(_evaluation(evaluation, ("dev",), "-dev"))


def warm_up(evaluation: Path | None) -> QuerySet:
    """Return news to search before anything is timed: none of its sentences is searched again."""
    if evaluation is None:
        texts = Grammar().take(_NEWS_SENTENCES, _NEWS_START + _NEWS_SENTENCES)
    else:
        texts = negatives(evaluation, "babe", train=True)
    return QuerySet("warm-up", "other news", _without_answer(texts))


def pages(sentences: Sequence[str], size: int = SENTENCES_A_PAGE) -> list[list[str]]:
    """Return sentences in pages of ``size``."""
    whole = len(sentences) - len(sentences) % size or len(sentences)
    return [list(sentences[start : start + size]) for start in range(0, whole, size)]


def _news(evaluation: Path | None) -> Iterator[QuerySet]:
    if evaluation is None:
        texts = Grammar().take(_NEWS_SENTENCES, _NEWS_START)
        yield QuerySet("news", "synthetic news", _without_answer(texts))
    else:
        texts = negatives(evaluation, "babe", train=False)
        yield QuerySet("news", "BABE sentences", _without_answer(texts))


def _evaluation(
    evaluation: Path | None, parts: Sequence[str] = ("train", "dev"), mark: str = ""
) -> Iterator[QuerySet]:
    if evaluation is None:
        return
    for name, short in zip(EVALUATION_SETS, ("2a", "2b"), strict=True):
        queries = tuple(
            Query(text, frozenset(gold))
            for part in parts
            for text, gold in read_queries(evaluation, name, part)
        )
        yield QuerySet(short + mark, f"{short.upper()} queries", queries)


def _planted(corpus: Corpus, count: int) -> QuerySet:
    copies = noisy_copies(corpus, count)
    queries = tuple(Query(text, frozenset((claim_id,))) for text, claim_id in copies)
    return QuerySet("planted", "planted noisy copies", queries)


def _without_answer(texts: Sequence[str]) -> tuple[Query, ...]:
    return tuple(Query(text, frozenset()) for text in texts)
