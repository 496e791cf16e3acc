"""Odd claims and odd sentences: nothing raises, nothing is lost, nothing grows without bound."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.errors import InvalidClaimError
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim

TEXT = "The harbour master of Port Elm sold the lighthouse in 1931."
ODD_IDS = [
    "\ud800", "\udfff\ud800", "\x00", "a\x00b", "x" * 10_000, "שלום\u202eabc", "مرحبا", "🌉",
    "a b\n\t", "'; drop table", "../../etc", "\u0301", "é", "e\u0301", "\U0010ffff", "\u200b",
    "Z", "z", "A", "a", "aa", "_",
]  # fmt: skip
PLAIN = [
    Claim(id=f"p{n}", text=f"The mill of village {n} burned in {1900 + n}.") for n in range(30)
]
INDEX = ClaimIndex.build(PLAIN)


@pytest.mark.parametrize("change", [False, True], ids=["built", "changed"])
def test_odd_ids(tmp_path: Path, change: bool) -> None:
    claims = [
        Claim(id=key, text=TEXT.replace("1931", str(1931 + place)))
        for place, key in enumerate(ODD_IDS)
    ]
    built = ClaimIndex.build([*PLAIN, *([] if change else claims)])
    index = built.with_changes(upserts=claims) if change else built
    index.save(tmp_path / "odd.idx")
    for one in (index, index.merged(), ClaimIndex.open(tmp_path / "odd.idx", verify=True)):
        assert [claim.id for claim in one] == sorted([*ODD_IDS, *(claim.id for claim in PLAIN)])
        for claim in claims:
            assert one.claim(claim.id) == claim
            (found,) = one.search([claim.text], limit=1)
            assert found[0].claim_id == claim.id
    fewer = index.with_changes(deletes=ODD_IDS[::2])
    assert {claim.id for claim in fewer} & set(ODD_IDS) == set(ODD_IDS[1::2])


ODD_CLAIMS = [
    Claim(id="long", text=TEXT + " word sea boat" * 1_300),
    Claim(id="one word", text="x" * 19_999),
    Claim(id="variants", text=TEXT, variants=tuple(f"Lamp {n} went out." for n in range(500))),
    Claim(id="same variants", text=TEXT, variants=(TEXT,) * 500),
    Claim(id="odd variants", text=TEXT, variants=("", " ", "\ud800", "of the", "???", "a" * 5_000)),
    Claim(id="empty title", text=TEXT, title="", subtitle="", claimant=""),
    Claim(id="stop words", text="It is what it is.", variants=("of the",)),
    Claim(id="marks", text="???", title="—"),
    Claim(id="title alone", text="It is so.", title=TEXT),
    Claim(id="numbers", text=" ".join(map(str, range(3_000)))),
    Claim(id="repeated", text="buffalo " * 2_000),
    Claim(id="surrogates", text=f"\ud800{TEXT}\udfff \x00 \x1b[31m"),
    Claim(id="mixed", text="Мост bridge 大桥 جسر गाँव 1931 สะพาน", language="xx-Latn-x-odd"),
    Claim(id="language", text=TEXT, language=""),
    Claim(id="topics", text=TEXT, topics=("", "\x00", "a" * 9_999, "a", "a")),
    Claim(id="claimant", text="It is so.", claimant="Harbour Master of Port Elm"),
]


@pytest.mark.parametrize("claim", ODD_CLAIMS, ids=lambda claim: claim.id)
def test_odd_claims(claim: Claim, tmp_path: Path) -> None:
    sentences = [
        TEXT, claim.text, claim.title or "", *claim.variants[:20], *claim.variants[-2:], "x",
    ]  # fmt: skip
    index = ClaimIndex.build([claim, *PLAIN])
    index.save(tmp_path / "odd.idx")
    delta = INDEX.with_changes(upserts=[claim])
    for one in (index, delta, ClaimIndex.build([claim]), ClaimIndex.open(tmp_path / "odd.idx")):
        assert one.claim(claim.id) == claim
        for found in one.search(sentences, limit=100):
            for match in found:
                held = one.claim(match.claim_id)
                assert held is not None
                assert isinstance(match.wording(held), str)
                assert 0 <= match.score <= 1
                assert not math.isnan(match.score)
    if "Port Elm" in claim.text + (claim.title or ""):
        assert index.search([TEXT])[0][0].claim_id == claim.id
        assert index.search([TEXT])[0][0].score >= 0.5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": "word " * 100_000}, "'text' has more than 20,000 characters"),
        ({"title": "word " * 100_000}, "'title' has more than 20,000 characters"),
        ({"variants": ("word",) * 2_001}, "'variants' has more than 2,000 items"),
        ({"valid_from": "May 1902"}, "'valid_from' must be YYYY"),
    ],
)
def test_what_could_not_be_read_back_is_refused(changes: dict[str, object], message: str) -> None:
    claim = Claim(**({"id": "a", "text": TEXT, "language": "en"} | changes))  # type: ignore[arg-type]  # fields
    with pytest.raises(InvalidClaimError, match=message):
        ClaimIndex.build([claim])
    with pytest.raises(InvalidClaimError, match=message):
        INDEX.with_changes(upserts=[claim])


def test_more_is_asked_for_than_there_is() -> None:
    (found,) = INDEX.search(["The mill of village burned."], limit=10**6)
    assert {match.claim_id for match in found} == {claim.id for claim in PLAIN}
    assert INDEX.search([TEXT], limit=-1) == [[]]
    assert INDEX.search([], limit=10**6) == []
    assert len(INDEX.search(iter([TEXT, TEXT]))) == 2


ODD = ClaimIndex.build([*ODD_CLAIMS, *PLAIN])
ODD_DELTA = INDEX.with_changes(upserts=ODD_CLAIMS, deletes=["p3"])
SPECIAL = st.sampled_from("\ud800\udfff\x00\u202e1.5%’'-—#@ 不")
ANY_TEXT = st.text(st.characters() | SPECIAL, max_size=90)
ANY_CLAIM = st.builds(
    Claim,
    id=ANY_TEXT.filter(str.strip),
    text=ANY_TEXT.filter(str.strip),
    variants=st.lists(ANY_TEXT, max_size=2).map(tuple),
    title=st.none() | ANY_TEXT,
)


@settings(max_examples=150)
@given(st.lists(ANY_TEXT, max_size=5), st.sampled_from([None, "de", "zh", "", "x" * 99, "\ud800"]))
def test_no_sentence_raises(sentences: list[str], language: str | None) -> None:
    for one in (ODD, ODD_DELTA):
        found = one.search(sentences, text_language=language)
        assert len(found) == len(sentences)
        for matches in found:
            scores = [match.score for match in matches]
            assert scores == sorted(scores, reverse=True)
            assert all(0 <= score <= 1 for score in scores)


@settings(max_examples=80)
@given(st.lists(ANY_CLAIM, max_size=5, unique_by=lambda claim: claim.id))
def test_any_claims_can_be_built_and_searched(claims: list[Claim]) -> None:
    index = ClaimIndex.build(claims)
    assert list(index) == sorted(claims, key=lambda claim: claim.id)
    for matches in index.search([text for claim in claims for text in (claim.text, claim.id)]):
        assert all(0 <= match.score <= 1 for match in matches)


@pytest.mark.parametrize(
    "unit",
    [
        "a", "mill ", PLAIN[7].text, "1,", "1907 ", "\ud800", "不", "e\u0301", "a\u200b", "#@a_",
        "#Mill", "’", "ก", "\x00", "((((", "mill-",
    ],
)  # fmt: skip
def test_a_megabyte_is_bounded(unit: str) -> None:
    sentence = unit * (1_000_000 // len(unit))
    for one in (ODD, ODD_DELTA):
        long, short = one.search([sentence, PLAIN[7].text])
        assert all(0 <= match.score <= 1 for match in long)
        assert short[0].claim_id == "p7"
