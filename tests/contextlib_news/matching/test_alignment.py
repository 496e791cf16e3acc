"""Words of sentence and claim set beside each other by the encoder's own vectors of its pieces."""

from pathlib import Path

import numpy as np
import pytest

from contextlib_news.matching.alignment import WORD_STEPS, align_pairs, word_vectors
from contextlib_news.matching.encoder import Encoder
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim

CLAIMS = [
    Claim(id="a", text="Taxation rose in 2019.", title="Did taxation rise?"),
    Claim(id="b", text="Cats sleep most of the day.", variants=("Felines doze for hours.", "")),
    Claim(id="c", text="???", variants=("\ud800",)),
    Claim(id="d", text="word " * 100, variants=("boat", "ship") * 6),
]
SENTENCES = ["Taxes went up in 2019.", "Felines doze for hours.", "", "A cat naps.", "\x00"]


def align(index: ClaimIndex, encoder: Encoder, sentences: list[str]) -> np.ndarray:
    """Return what every sentence and every claim answer of each other, sentences x claims x 2."""
    (segment,) = index._segments
    pieces = [encoder.pieces(sentence) for sentence in sentences]
    owner = np.repeat(np.arange(len(sentences)), len(segment))
    claims = np.tile(np.arange(len(segment)), len(sentences))
    found = align_pairs(segment, encoder.words, pieces, owner, claims)
    return found.reshape(len(sentences), len(segment), 2)


def one_by_one(encoder: Encoder, sentence: str, claim: Claim) -> tuple[float, float]:
    """Return the same of one pair, piece by piece."""

    def near(piece: int, others: list[int]) -> float:
        products = encoder.words[others].astype(np.int64) @ encoder.words[piece].astype(np.int64)
        return max(0, int(products.max())) / WORD_STEPS**2

    found = [(0.0, 0.0)]
    said = encoder.pieces(sentence).tolist()
    for text in (claim.text, *claim.variants[:8]):
        pieces = encoder.pieces(text).tolist()
        if said and pieces:
            of_sentence = sum(near(piece, pieces) for piece in said) / len(said)
            of_claim = sum(near(piece, said) for piece in pieces) / len(pieces)
            found.append((round(of_sentence, 4), round(of_claim, 4)))
    return max(found, key=lambda pair: (sum(pair), pair[1]))


def test_all_pairs_together_are_those_one_by_one(encoder: Encoder) -> None:
    found = align(ClaimIndex.build(CLAIMS, encoder=encoder), encoder, SENTENCES)
    for number, sentence in enumerate(SENTENCES):
        for place, claim in enumerate(CLAIMS):
            expected = one_by_one(encoder, sentence, claim)
            assert found[number, place].tolist() == pytest.approx(expected, abs=1.1e-4)


def test_words_that_mean_the_same_answer_each_other(encoder: Encoder) -> None:
    found = align(ClaimIndex.build(CLAIMS[:2], encoder=encoder), encoder, SENTENCES)
    assert found[0, 0].min() > 0.5 > found[0, 1].max()
    assert found[1, 1].min() > 0.9  # a variant, word for word
    assert found[3, 1, 0] > found[3, 0, 0]
    assert not found[2].any()  # nothing is said


def test_a_merge_and_a_file_keep_them(encoder: Encoder, tmp_path: Path) -> None:
    anew = ClaimIndex.build(CLAIMS, encoder=encoder)
    merged = ClaimIndex.build(CLAIMS[2:], encoder=encoder).with_changes(upserts=CLAIMS[:2]).merged()
    merged.save(tmp_path / "claims.idx")
    opened = ClaimIndex.open(tmp_path / "claims.idx", encoder=encoder, verify=True)
    for index in (merged, opened):
        assert np.array_equal(align(index, encoder, SENTENCES), align(anew, encoder, SENTENCES))


def test_vectors_of_pieces_have_one_length_and_nothing_in_common() -> None:
    table = np.random.default_rng(3).normal(2.0, 1.0, (10_000, 64)).astype(np.float32)
    table[7] = table[7:8].mean()
    packed = word_vectors(table).astype(np.float64)
    lengths = np.sqrt((packed**2).sum(1))
    assert np.median(lengths) == pytest.approx(WORD_STEPS, rel=0.01)
    assert abs(packed.mean()) < 1
    assert np.abs(packed).max() <= 127
