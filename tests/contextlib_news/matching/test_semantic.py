"""Claims found by meaning, with the real encoder."""

import threading
from pathlib import Path

import numpy as np
import pytest

from contextlib_news.errors import EncoderMissingError, IndexFileError
from contextlib_news.matching import semantic
from contextlib_news.matching.encoder import DIMENSIONS, Encoder
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim

CLAIMS = [
    Claim(id="microchips", text="Covid vaccines contain microchips."),
    Claim(id="dam", text="The dam burst.", title="Did a barrier holding back a lake give way?"),
    Claim(id="cats", text="Cats sleep most of the day.", variants=("Felines doze for hours.",)),
    Claim(id="taxes", text="The government raised income tax in 2019.", language="en"),
    Claim(id="visit", text="El presidente visitó Lima en enero.", language="es"),
]
PARAPHRASE = "Kittens spend their afternoons napping."


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    try:
        return Encoder.open(cache=tmp_path_factory.mktemp("encoder"))
    except EncoderMissingError as error:
        pytest.skip(f"the semantic tier is not installed here: {error}")


@pytest.fixture(scope="module")
def index(encoder: Encoder) -> ClaimIndex:
    return ClaimIndex.build(CLAIMS, encoder=encoder)


def ids(index: ClaimIndex, sentence: str, **filters: object) -> list[str]:
    (found,) = index.search([sentence], **filters)  # type: ignore[arg-type]  # filters
    return [match.claim_id for match in found]


def test_a_paraphrase_without_shared_words_is_found(index: ClaimIndex) -> None:
    assert ids(ClaimIndex.build(CLAIMS), PARAPHRASE) == []
    assert ids(index, PARAPHRASE)[0] == "cats"
    assert ids(index, "A wall that kept a reservoir in place collapsed.")[0] == "dam"


def test_filters_and_tombstones_hold(index: ClaimIndex) -> None:
    assert "cats" not in ids(index.with_changes(deletes=["cats"]), PARAPHRASE)
    assert "visit" not in ids(index, PARAPHRASE, language="en")


def test_a_delta_is_encoded_too(index: ClaimIndex) -> None:
    newer = index.with_changes(upserts=[Claim(id="rain", text="It rained heavily in Cork.")])
    assert ids(newer, "A downpour soaked the Irish town.")[0] == "rain"
    assert newer.merged().search([PARAPHRASE])[0][0].claim_id == "cats"


def test_blocks_give_what_one_look_gives(
    index: ClaimIndex, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (segment,) = index._segments
    vectors = encoder.encode([PARAPHRASE, "Taxes went up."])
    whole = semantic.nearest_claims(segment, vectors, 3, None)
    monkeypatch.setattr(semantic, "BLOCK", 2)
    blocks = semantic.nearest_claims(segment, vectors, 3, None)
    assert [set(row) for row in whole.tolist()] == [set(row) for row in blocks.tolist()]
    mask = np.array([claim.id != "cats" for claim in index])
    masked = semantic.nearest_claims(segment, vectors, 5, mask)
    assert [claim.id for claim in index].index("cats") not in masked


def test_cosines_are_those_of_the_encoder(index: ClaimIndex, encoder: Encoder) -> None:
    (segment,) = index._segments
    vectors = encoder.encode([PARAPHRASE])
    place = segment.locate("cats")
    assert place is not None
    ((whole, best),) = semantic.measure_pairs(
        segment, vectors, np.zeros(1, np.int64), np.array([place])
    )
    texts = encoder.encode(["Cats sleep most of the day.", "Felines doze for hours."])
    exact = texts @ vectors[0]
    assert whole == pytest.approx(exact[0], abs=0.01)
    assert best == pytest.approx(exact.max(), abs=0.01)


def test_a_file_keeps_the_vectors_and_asks_for_its_encoder(
    index: ClaimIndex, encoder: Encoder, tmp_path: Path
) -> None:
    index.save(tmp_path / "claims.idx")
    opened = ClaimIndex.open(tmp_path / "claims.idx", encoder=encoder)
    assert opened.search([PARAPHRASE]) == index.search([PARAPHRASE])
    assert ids(ClaimIndex.open(tmp_path / "claims.idx"), PARAPHRASE) == []
    ClaimIndex.build(CLAIMS).save(tmp_path / "plain.idx")
    with pytest.raises(IndexFileError, match="no encoder"):
        ClaimIndex.open(tmp_path / "plain.idx", encoder=encoder)
    other = Encoder(encoder._session, encoder._pieces, "another")
    with pytest.raises(IndexFileError, match="another encoder"):
        ClaimIndex.open(tmp_path / "claims.idx", encoder=other)


def test_odd_text_and_an_empty_index(index: ClaimIndex, encoder: Encoder) -> None:
    for sentence in ("", "\ud800", "\x00" * 50, "word " * 20_000, "猫は寝る"):
        assert all(0 <= match.score <= 1 for match in index.search([sentence])[0])
    empty = ClaimIndex.build([], encoder=encoder)
    assert empty.search([PARAPHRASE]) == [[]]
    assert encoder.encode([""]).shape == (1, DIMENSIONS)


def test_threads_share_it(index: ClaimIndex) -> None:
    sentences = [claim.text for claim in CLAIMS] + [PARAPHRASE]
    expected = index.search(sentences)
    results: list[object] = []
    threads = [
        threading.Thread(target=lambda: results.append(index.search(sentences))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 6
