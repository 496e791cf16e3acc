"""Filters say which claims a search may return; they never cost one that fits its place."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from contextlib_news.matching.filters import ClaimFilter
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Review

SENTENCE = "The dam at Tabqa was bombed in March 2017."
CROWD = [
    Claim(
        id=f"x{number}",
        text=f"The dam at Tabqa was bombed in March 2017, witness {number} said.",
        language="en",
        topics=("war", "dam"),
        reviews=(Review(publisher="Check", rating="True"),),
        valid_from="2017",
        valid_until="2020",
    )
    for number in range(3_000)
]
LONELY = Claim(
    id="lonely",
    text="A dam was shelled.",
    language="es-PE",
    topics=("dams",),
    reviews=(Review(publisher="Check It", rating="False"), Review(publisher="B", rating="x")),
    valid_from="2021-02",
)
# With a tombstone and a delta, so that each filter meets both.
INDEX = ClaimIndex.build([*CROWD, LONELY]).with_changes(
    deletes=["x1"], upserts=[replace(CROWD[2], id="y2"), Claim(id="open", text="Dams hold water.")]
)


def found(index: ClaimIndex, sentence: str, limit: int = 10, **filters: Any) -> list[str]:
    return [match.claim_id for match in index.search([sentence], limit=limit, **filters)[0]]


@pytest.mark.parametrize(
    "filters",
    [
        {"language": "es", "topics": ["dams"]},
        {"language": "es_PE", "publisher": "B"},
        {"topics": ["dams"]},
        {"topics": "dams"},
        {"topics": {"dams", "nothing"}},
        {"topics": ("dams",), "language": "ES", "publisher": "Check It", "as_of": "2022"},
        {"publisher": "Check It"},
        {"publisher": "B"},
        {"as_of": "2021-02-01", "topics": frozenset({"dams", "war"})},
    ],
)
@pytest.mark.parametrize("merge", [False, True])
def test_better_matches_do_not_crowd_out_the_one_that_fits(
    filters: dict[str, Any], merge: bool
) -> None:
    index = INDEX.merged() if merge else INDEX
    assert found(index, SENTENCE, 1) != ["lonely"]
    assert found(index, SENTENCE, 1, **filters) == ["lonely"]


@pytest.mark.parametrize(
    "filters",
    [
        {"language": "de", "topics": ["war"]},
        {"topics": []},
        {"topics": ["Dams"]},
        {"publisher": "Check I"},
        {"publisher": ""},
        {"as_of": "2016-12-31", "topics": ["war", "dams"]},
        {"as_of": "2021-01", "topics": ["war", "dams"]},
    ],
)
def test_what_does_not_fit_is_not_found(filters: dict[str, Any]) -> None:
    assert found(INDEX, SENTENCE, 50, **filters) == []


def test_filters_keep_all_that_fit_and_nothing_else() -> None:
    for match in found(INDEX, SENTENCE, 40, topics=["war"], as_of="2018"):
        claim = INDEX.claim(match)
        assert claim is not None
        assert "war" in claim.topics
    assert len(found(INDEX, SENTENCE, 40, topics=["war"])) == 40
    assert set(found(INDEX, SENTENCE, 4_000)) == {claim.id for claim in INDEX}
    assert set(found(INDEX, SENTENCE, 4_000, language="es")) == {"lonely", "open"}
    assert set(found(INDEX, SENTENCE, 4_000, as_of="2021-02-28")) == {"lonely", "open"}


def fits(valid: tuple[str | None, str | None], day: str) -> bool:
    """Say the same as the filter, by trying every day of a coarse calendar."""
    days = [
        f"{year}-{month:02}-{number:02}"
        for year, month, number in product(
            range(1899, 1904), range(1, 13), (1, 2, 14, 15, 16, 30, 31)
        )
    ]
    start, end = valid
    return any(
        one.startswith(day)
        and (start is None or one[: len(start)] >= start)
        and (end is None or one[: len(end)] <= end)
        for one in days
    )


DATES = (None, "1900", "1901", "1902", "1901-05", "1901-06", "1901-05-15", "1901-05-16", "1902-01")


def test_dates_of_all_precisions() -> None:
    spans = [span for span in product(DATES, DATES) if fits(span, "")]
    assert len(spans) > 50
    claims = [
        Claim(id=f"{start}/{end}", text="The mill burned.", valid_from=start, valid_until=end)
        for start, end in spans
    ]
    index = ClaimIndex.build(claims[::2]).with_changes(upserts=claims[1::2])
    for day in (*DATES[1:], "1899", "1903", "1901-04-30", "1901-05-14", "1901-12-31", "1902-01-01"):
        wanted = {f"{start}/{end}" for start, end in spans if fits((start, end), day)}
        assert set(found(index, "The mill burned.", 200, as_of=day)) == wanted, day
        assert set(found(index, "The mill burned.", 200, as_of=day, topics=["x"])) == set()


@pytest.mark.parametrize(
    "day", ["", "yesterday", "22", "2022-5", "2022-05-1", "20220501", "20 May"]
)
def test_what_is_no_date_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match="as_of must be YYYY"):
        INDEX.search([SENTENCE], as_of=day)


def test_a_time_is_passed_over() -> None:
    assert ClaimFilter(as_of="2021-02-03T10:00:00Z").as_of is not None
    assert "lonely" in found(INDEX, SENTENCE, 9, as_of="2021-02-03T10:00:00Z")
    assert "lonely" not in found(INDEX, SENTENCE, 4_000, as_of="2021-01-31 23:59")


def test_the_language_of_the_text_filters_nothing() -> None:
    claims = [
        Claim(id="de", text="Die Häuser an der Brücke wurden gesperrt.", language="de"),
        Claim(id="en", text="The houses at the bridge were closed.", language="en"),
        Claim(id="none", text="House bridge closed."),
    ]
    index = ClaimIndex.build(claims)
    sentence = "Das Haus bei der Brücke wurde gesperrt."
    (german,) = index.search([sentence], text_language="de")
    assert german[0].claim_id == "de"
    # Read as English, "Haus" and "Häuser" are two words.
    (english,) = index.search([sentence])
    assert english[0].score < german[0].score
    assert index.search([sentence], language="de") == [
        [match for match in german if match.claim_id != "en"]
    ]
    both = index.search(["The houses at the bridge closed."], language="de", text_language="en")
    assert [match.claim_id for match in both[0]] == ["none"]
    both = index.search(["The houses at the bridge closed."], language="en", text_language="en")
    assert {match.claim_id for match in both[0]} == {"en", "none"}
