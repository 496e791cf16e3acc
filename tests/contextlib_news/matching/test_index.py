import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.errors import IndexFileError, InvalidClaimError
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Review
from tests.factories import make_claim

CLAIMS = [
    Claim(id="bridge", text="The bridge at Elm Street opened in 1931.", topics=("bridges",)),
    Claim(
        id="mill",
        text="The old mill burned down in 1902.",
        variants=("Fire destroyed the mill in 1902",),
        language="en",
        valid_from="1902",
        valid_until="1950-05",
    ),
    Claim(
        id="pope",
        text="The pope visited Lima in January.",
        language="es",
        reviews=(Review(publisher="Example Check", rating="True"),),
    ),
    Claim(id="name", text="Fighters attacked the al-Sina’a prison in al-Hasakah."),
]
INDEX = ClaimIndex.build(CLAIMS)


def first(sentence: str, index: ClaimIndex = INDEX, **filters: object) -> str | None:
    (matches,) = index.search([sentence], limit=1, **filters)  # type: ignore[arg-type]  # filters
    return matches[0].claim_id if matches else None


@pytest.mark.parametrize(
    ("sentence", "claim_id"),
    [
        ("The Elm Street bridge was opened in 1931.", "bridge"),
        ("In 1902 a fire destroyed the mill.", "mill"),
        ("Militants attacked the Gweiran prison in Hasaka on Thursday.", "name"),
        ("Fighters attacked AL SINAA prison.", "name"),
        ("", None),
        ("???", None),
    ],
)
def test_the_right_claim_is_found(sentence: str, claim_id: str | None) -> None:
    assert first(sentence) == claim_id


def test_word_for_word_is_next_to_certain() -> None:
    (matches,) = INDEX.search([f"They say: {CLAIMS[0].text} And more."])
    assert matches[0].score >= 0.99
    assert matches[0].field == "text"
    (matches,) = INDEX.search(["Fire destroyed the mill in 1902, they say."])
    assert matches[0].field == "variants"
    assert matches[0].wording(CLAIMS[1]) == "Fire destroyed the mill in 1902"


def test_scores_are_ordered_and_bounded() -> None:
    for matches in INDEX.search([c.text for c in CLAIMS], limit=10):
        scores = [match.score for match in matches]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert len({match.claim_id for match in matches}) == len(matches)


def test_min_score_and_limit_cut() -> None:
    (matches,) = INDEX.search([CLAIMS[0].text], limit=1, min_score=INDEX.threshold)
    assert [match.claim_id for match in matches] == ["bridge"]
    assert INDEX.search([CLAIMS[0].text], limit=0) == [[]]
    assert INDEX.search(["Bridges are nice."], min_score=INDEX.threshold) == [[]]


def test_filters() -> None:
    assert first("The pope visited Lima", language="en") != "pope"
    assert first("The pope visited Lima", language="es-PE") == "pope"
    assert first("The bridge at Elm Street opened", language="fr") == "bridge"
    assert first("The bridge at Elm Street opened", topics=["mills"]) is None
    assert first("The bridge at Elm Street opened", topics=["bridges"]) == "bridge"
    assert first("The pope visited Lima", publisher="Example Check") == "pope"
    assert first("The pope visited Lima", publisher="Nobody") is None
    assert first("The old mill burned down", as_of="1901-12-31") is None
    assert first("The old mill burned down", as_of="1950-05-20") == "mill"
    assert first("The old mill burned down", as_of="1950-06-01") is None


def test_an_exclusion_holds_with_its_near_copies() -> None:
    claim = replace(CLAIMS[0], exclusions=("The bridge at Elm Street closed in 2011.",))
    index = ClaimIndex.build([claim])
    assert first("The bridge at Elm Street closed in 2011.", index) is None
    assert first("The bridge on Elm Street closed in 2011", index) is None
    assert first("The bridge at Elm Street opened in 1931.", index) == "bridge"


def test_changes_are_seen_and_leave_the_old_index_alone() -> None:
    newer = INDEX.with_changes(
        upserts=[Claim(id="bridge", text="The tunnel under Oak Hill was closed in 1999.")],
        deletes=["mill", "nobody"],
    )
    assert len(newer) == 3
    assert newer.claim("mill") is None
    assert first("The tunnel under Oak Hill was closed in 1999.", newer) == "bridge"
    assert first("The bridge at Elm Street opened in 1931.", newer) != "bridge"
    assert [claim.id for claim in newer] == ["bridge", "name", "pope"]
    assert first("The bridge at Elm Street opened in 1931.") == "bridge"
    assert len(INDEX) == 4


def test_a_saved_index_answers_the_same(tmp_path: Path) -> None:
    path = tmp_path / "claims.idx"
    changed = INDEX.with_changes(upserts=[make_claim(id="extra", text="Snow fell in July.")])
    changed.save(path)
    opened = ClaimIndex.open(path)
    sentences = [claim.text for claim in changed]
    assert [c.id for c in opened] == [c.id for c in changed]
    assert [m[0].claim_id for m in opened.search(sentences)] == [c.id for c in changed]
    assert opened.claim("extra") == changed.claim("extra")


def test_the_build_is_deterministic(tmp_path: Path) -> None:
    ClaimIndex.build(CLAIMS).save(tmp_path / "one.idx")
    ClaimIndex.build(reversed(CLAIMS)).save(tmp_path / "two.idx")
    assert (tmp_path / "one.idx").read_bytes() == (tmp_path / "two.idx").read_bytes()


def test_broken_files_are_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "claims.idx"
    INDEX.save(path)
    data = path.read_bytes()
    broken = {
        "empty": b"",
        "foreign": b"PK\x03\x04" * 50,
        "cut": data[: len(data) // 2],
        "cut in the header": data[:30],
        "newer": data[:12] + (99).to_bytes(4, "little") + data[16:],
        "flipped": data[:-3] + bytes([data[-3] ^ 255]) + data[-2:],
    }
    for name, content in broken.items():
        path.write_bytes(content)
        with pytest.raises(IndexFileError, match=r"claims\.idx"):
            ClaimIndex.open(path)
        assert name
    with pytest.raises(IndexFileError):
        ClaimIndex.open(tmp_path / "none.idx")


def test_two_claims_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidClaimError):
        ClaimIndex.build([CLAIMS[0], CLAIMS[0]])


def test_an_empty_index_finds_nothing() -> None:
    empty = ClaimIndex.build([])
    assert empty.search(["The bridge opened."]) == [[]]
    assert len(empty.with_changes(upserts=CLAIMS)) == 4


@settings(deadline=None)
@given(st.lists(st.text(max_size=120), max_size=4))
def test_no_text_raises(sentences: list[str]) -> None:
    assert len(INDEX.search(sentences)) == len(sentences)


def test_threads_share_an_index() -> None:
    expected = INDEX.search([claim.text for claim in CLAIMS])
    results: list[object] = []

    def work() -> None:
        results.append(INDEX.search([claim.text for claim in CLAIMS]))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_info_counts() -> None:
    info = INDEX.info()
    assert (info.claims, info.wordings, info.segments, info.deleted) == (4, 5, 1, 0)
    assert info.bytes > 0
