"""The reference of the benchmarks ranks as the formula of BM25 does, written out plainly."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.corpora import Corpus, haystack
from benchmarks.noise import noisy_copies
from benchmarks.peers.terms import terms

pytest.importorskip("numba")

from benchmarks.peers import exhaustive


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    corpus = haystack(400, tmp_path_factory.mktemp("corpora"))
    rows = corpus.path.read_text("utf-8").splitlines()
    # Every third claim has a title as well, so that the two length norms differ.
    titled = [
        row[:-3] + "\tA title of its own\t\t" if number % 3 == 0 else row
        for number, row in enumerate(rows)
    ]
    corpus.path.write_text("\n".join(titled) + "\n", "utf-8")
    return corpus


def plain_scores(corpus: Corpus, sentence: str, norm: str) -> list[float]:
    documents = [Counter(terms(text)) for text in corpus.texts()]
    fields = corpus.fields() if norm == "f" else [1] * corpus.size
    lengths = [sum(d.values()) / count for d, count in zip(documents, fields, strict=True)]
    mean = sum(lengths) / len(lengths)
    k1, b = exhaustive.SATURATION[norm], exhaustive.NORM_SHARE
    scores = []
    for document, length in zip(documents, lengths, strict=True):
        score = 0.0
        for term in terms(sentence):
            having = sum(term in other for other in documents)
            rarity = math.log(1 + (corpus.size - having + 0.5) / (having + 0.5))
            count = document[term]
            score += rarity * count * (k1 + 1) / (count + k1 * (1 - b + b * length / mean))
        scores.append(score)
    return scores


@pytest.mark.parametrize("norm", ["d", "f"])
def test_ranking_is_that_of_the_plain_formula(corpus: Corpus, tmp_path: Path, norm: str) -> None:
    method = next(m for m in exhaustive.methods() if m.name == f"exhaustive-{norm}")
    method.build(corpus, tmp_path)
    engine = method.open(tmp_path)
    sentences = [text for text, _ in noisy_copies(corpus, 8)]
    for sentence, found in zip(sentences, engine.search(sentences, 5), strict=True):
        scores = plain_scores(corpus, sentence, norm)
        best = sorted(scores, reverse=True)[:5]
        assert [scores[int(row)] for row in found] == pytest.approx(best, rel=1e-4)


def test_sentences_without_known_words_find_nothing(corpus: Corpus, tmp_path: Path) -> None:
    method = exhaustive.methods()[0]
    method.build(corpus, tmp_path)
    assert list(method.open(tmp_path).search(["", "the of and", "qqqq zzzzq"], 5)) == [[], [], []]
