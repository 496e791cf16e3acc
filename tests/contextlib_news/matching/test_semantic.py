"""Claims found by meaning, with the real encoder."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from contextlib_news.errors import IndexFileError
from contextlib_news.matching import semantic
from contextlib_news.matching.encoder import DIMENSIONS, QUANTISED_ONE, Encoder
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
    other = Encoder(encoder._session, encoder._pieces, "another", encoder.words)
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


MANY = [
    Claim(
        id=f"m{number:02}",
        text=f"{subject} {deed}.",
        variants=(f"Somebody said: {deed}", subject)[: number % 3],
        title=f"What {subject} did" if number % 4 == 0 else None,
    )
    for number, (subject, deed) in enumerate(
        (subject, deed)
        for subject in ("The cat", "A minister", "The old ship", "Peru")
        for deed in ("fell asleep", "raised taxes", "sank in a storm", "won the cup", "burned down")
    )
]
ASKED = ["Kittens nap.", "Duties went up.", "A vessel was lost at sea.", "fire", "Football", ""]


def brute_force(index: ClaimIndex, vectors: np.ndarray, fits: set[str]) -> list[list[str]]:
    """Return the ids of the claims that fit, nearest first, looked at one by one."""
    (segment,) = index._segments
    starts = segment.arrays["vector_starts"]
    rows = segment.arrays["vectors"].reshape(-1, DIMENSIONS).astype(np.float64)
    ranked = []
    for vector in vectors.astype(np.float64):
        scored = []
        for place, claim in enumerate(index):
            near = rows[starts[place] : starts[place + 1]] @ vector / QUANTISED_ONE
            if claim.id in fits:
                scored.append((-(near[0] + semantic.BEST_WEIGHT * near.max()), claim.id))
        ranked.append([claim_id for _, claim_id in sorted(scored)])
    return ranked


@pytest.mark.parametrize("block", [1, 3, 7, 20, 8_192])
@pytest.mark.parametrize("limit", [1, 4, 19, 20, 50])
def test_the_nearest_are_those_of_brute_force(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, block: int, limit: int
) -> None:
    index = ClaimIndex.build(MANY, encoder=encoder)
    vectors = encoder.encode(ASKED[:-1])
    (segment,) = index._segments
    monkeypatch.setattr(semantic, "BLOCK", block)
    some = {claim.id for claim in MANY[::3]}
    for fits in ({claim.id for claim in MANY}, some, set[str]()):
        mask = np.array([claim.id in fits for claim in MANY])
        allowed = None if len(fits) == len(MANY) else mask
        found = semantic.nearest_claims(segment, vectors, limit, allowed)
        assert found.shape == (len(vectors), limit)
        for row, ranked in zip(found.tolist(), brute_force(index, vectors, fits), strict=True):
            ids = [MANY[place].id for place in row if place >= 0]
            assert len(ids) == len(set(ids))
            assert set(ids) == set(ranked[:limit])


def test_a_delta_finds_what_a_rebuild_finds(encoder: Encoder) -> None:
    changed = ClaimIndex.build(MANY[:15], encoder=encoder).with_changes(
        upserts=MANY[15:], deletes=["m01", "m02"]
    )
    anew = ClaimIndex.build(changed, encoder=encoder)
    for sentence in [*ASKED, *(claim.text for claim in MANY)]:
        assert set(ids(changed, sentence)[:1]) == set(ids(anew, sentence)[:1])
        assert not {"m01", "m02"} & {*ids(changed, sentence, limit=50)}
    assert changed.merged().search(ASKED) == anew.search(ASKED)


SCRIPT = """
import json, sys
sys.path[:0] = json.loads(sys.argv[3])
from pathlib import Path
from contextlib_news import ClaimIndex
from contextlib_news.matching.encoder import Encoder
encoder = Encoder.open(cache=Path(sys.argv[2]))
index = ClaimIndex.open(sys.argv[1], encoder=encoder)
rebuilt = ClaimIndex.build(index, encoder=encoder)
rebuilt.save(sys.argv[1] + ".anew")
found = [one.search(json.loads(sys.argv[4])) for one in (index, rebuilt)]
print(json.dumps([[[(m.claim_id, m.score, m.field) for m in row] for row in p] for p in found]))
"""


def test_another_process_finds_the_same(encoder: Encoder, tmp_path: Path) -> None:
    index = ClaimIndex.build(MANY, encoder=encoder)
    path = tmp_path / "many.idx"
    index.save(path)
    arguments = [str(path), str(tmp_path), json.dumps(sys.path), json.dumps(ASKED)]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "5"},
    )
    assert done.returncode == 0, done.stderr
    here = [[(m.claim_id, m.score, m.field) for m in found] for found in index.search(ASKED)]
    assert json.loads(done.stdout) == json.loads(json.dumps([here, here]))
    assert path.read_bytes() == Path(f"{path}.anew").read_bytes()


def test_a_claim_word_for_word_is_found(encoder: Encoder) -> None:
    index = ClaimIndex.build(MANY, encoder=encoder)
    for claim in MANY:
        (found,) = index.search([claim.text])
        assert found[0].claim_id == claim.id


def test_odd_claims_have_vectors(encoder: Encoder, tmp_path: Path) -> None:
    claims = [
        Claim(id="marks", text="???", variants=("", "\ud800", "\x00"), title=""),
        Claim(id="long", text="word " * 3_000, variants=("boat",) * 500),
        Claim(id="\udfff", text="Кошки спят весь день.", language="ru"),
        *CLAIMS,
    ]
    index = ClaimIndex.build(claims, encoder=encoder)
    index.save(tmp_path / "odd.idx")
    opened = ClaimIndex.open(tmp_path / "odd.idx", encoder=encoder, verify=True)
    for one in (index, opened, index.with_changes(upserts=claims)):
        assert ids(one, PARAPHRASE)[0] == "cats"
        for found in one.search([claim.text for claim in claims] + ASKED):
            assert all(0 <= match.score <= 1 for match in found)
