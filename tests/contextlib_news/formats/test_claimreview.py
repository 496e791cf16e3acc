"""ClaimReview in all the shapes it comes in: whole, in part or rejected, and none lost."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contextlib_news.formats.claimreview import claims_from_markup, read_markup
from contextlib_news.formats.claims import read_records
from contextlib_news.formats.joining import join_claims
from contextlib_news.formats.records import Record, Rejection
from contextlib_news.models import Claim, Verdict
from tests.contextlib_news.formats.review_shapes import (
    OBJECT_SHAPES,
    TEXT_SHAPES,
    Case,
    make_cases,
)

PLAIN, OBJECTS, TEXTS = 200, 2 * len(OBJECT_SHAPES), 4 * len(TEXT_SHAPES)
CASES = make_cases(1, plain=PLAIN, objects=OBJECTS, texts=TEXTS)


def check(case: Case, result: Record | Rejection, place: str) -> None:
    """Hold what became of a review against what the case expects."""
    expected = case.expected
    assert place in result.place, case.name
    if expected.outcome == "rejected":
        assert isinstance(result, Rejection), (case.name, result)
        assert expected.said in result.reason, (case.name, result.reason)
        return
    assert isinstance(result, Record), (case.name, result)
    dropped = [one.field for one in result.dropped]
    if expected.outcome == "whole":
        assert not result.dropped, (case.name, result.dropped)
    else:
        assert any(expected.said.lower() in name.lower() for name in dropped), (case.name, dropped)
        assert all(one.reason and place in one.place for one in result.dropped)
    claim = result.claim
    plain = {name: value for name, value in case.plain.items() if name != "review"}
    for name, value in (plain | expected.fields).items():
        if value is not ...:
            assert getattr(claim, name) == value, (case.name, name)
    (review,) = claim.reviews
    for name, value in (case.plain["review"] | expected.review).items():
        if value is not ...:
            assert getattr(review, name) == value, (case.name, name)
    assert (claim.verdict is None) == (
        bool(result.unknown_ratings) or not any(letter.isalpha() for letter in review.rating[:1])
    )


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 500
    assert len([case for case in CASES if case.name != "plain"]) >= 300


def test_none_of_a_feed_is_lost(tmp_path: Path) -> None:
    cases = CASES[: PLAIN + OBJECTS]
    feed: dict[str, Any] = {
        "@type": "DataFeed",
        "dataFeedElement": [{"@type": "DataFeedItem", "item": [case.content]} for case in cases],
    }
    path = tmp_path / "data.json"
    path.write_text(json.dumps(feed), encoding="utf-8")
    results = list(read_records(path))
    # One claim has the same words in its two cases, so its reviews are joined.
    assert sum(r.held if isinstance(r, Record) else 1 for r in results) == len(cases)
    by_place = {result.place: result for result in results}
    for number, case in enumerate(cases):
        place = f"{path}, line 1, $.dataFeedElement[{number}].item[0]"
        if case.name != "claim an object":
            check(case, by_place[place], f"$.dataFeedElement[{number}].item[0]")


@pytest.mark.parametrize("case", CASES[PLAIN + OBJECTS :], ids=lambda case: case.name)
def test_broken_json_is_mended_or_told(case: Case) -> None:
    results = list(read_markup(case.content, "saved.json"))
    assert len(results) == 1
    check(case, results[0], "saved.json")


@pytest.mark.parametrize("case", CASES[PLAIN + OBJECTS :: 4], ids=lambda case: case.name)
def test_broken_json_in_a_page_is_read_too(case: Case) -> None:
    if "<!" in case.content:
        pytest.skip("a browser ends the comment or the script elsewhere")
    page = (
        '<!doctype html>\n<html><head><script type="application/ld+json; charset=utf-8">\n'
        f"{case.content}\n</script></head><body>text</body></html>"
    )
    results = list(read_markup(page, "saved.html"))
    assert len(results) == 1
    check(case, results[0], "saved.html")
    if case.expected.outcome != "rejected":
        assert results[0].place.startswith("saved.html: script 1, line ")


def records(text: str, name: str = "d.json") -> list[Record | Rejection]:
    return list(read_markup(text, name))


GRAPH = {
    "@graph": [
        {"@type": "WebPage", "@id": "#page", "review": {"@id": "#review", "@type": "ClaimReview"}},
        {"@type": "Organization", "@id": "#us", "name": "Check A", "url": "https://a.example/"},
        {"@type": "Claim", "@id": "#claim", "author": {"@id": "#mayor"}, "datePublished": "2020"},
        {"@type": "Person", "@id": "#mayor", "name": "The mayor"},
        {
            "@type": "ClaimReview",
            "@id": "#review",
            "claimReviewed": "The bridge opened in 1931.",
            "author": {"@id": "#us"},
            "itemReviewed": {"@id": "#claim"},
            "reviewRating": {"@id": "#rating", "alternateName": "False"},
        },
    ]
}


def test_objects_that_only_name_each_other_are_followed() -> None:
    (record,) = records(json.dumps(GRAPH))
    assert isinstance(record, Record)
    assert record.claim.reviews[0].publisher == "Check A"
    assert (record.claim.claimant, record.claim.date) == ("The mayor", "2020")
    assert record.place == "d.json, line 1, $.@graph[4]"


def test_a_name_that_leads_nowhere_is_told() -> None:
    (rejection,) = records('{"@graph": [{"@type": "ClaimReview", "@id": "#elsewhere"}]}')
    assert isinstance(rejection, Rejection)
    assert "claimReviewed" in rejection.reason


MICRODATA = """<!doctype html><html><body>
<div itemscope itemtype="https://schema.org/ClaimReview" itemref="more">
  <a itemprop="url" href="https://a.example/1">here</a>
  <h1 itemprop="claimReviewed">The bridge   opened <b>in 1931</b>.</h1>
  <span itemprop="author" itemscope itemtype="https://schema.org/Organization">
    <meta itemprop="name" content="Check A"></span>
  <div itemprop="itemReviewed" itemscope itemtype="https://schema.org/Claim">
    <span itemprop="author" itemscope><b itemprop="name">The mayor</b></span>
    <time itemprop="datePublished" datetime="2020-01-02">yesterday</time>
    <link itemprop="appearance" href="https://said.example/1">
  </div>
</div>
<p id="more"><span itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="1">
  <span itemprop="alternateName">False</span></span></p>
<div typeof="ClaimReview"><p property="claimReviewed">Water is wet.</p>
  <p property="reviewRating" typeof="Rating"><i property="alternateName">True</i></p>
  <a property="url" href="https://b.example/2">b</a></div>
</body></html>"""


def test_what_a_page_writes_into_its_elements_is_read() -> None:
    first, second = records(MICRODATA, "saved.html")
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    claim = first.claim
    assert (claim.text, claim.claimant) == ("The bridge opened in 1931 .", "The mayor")
    assert (claim.date, claim.appearances) == ("2020-01-02", ("https://said.example/1",))
    assert claim.reviews[0].rating == "False"
    assert first.place == "saved.html: item 1, $"
    assert second.claim.reviews[0].publisher == "b.example"


def test_addresses_without_a_host_belong_to_the_page() -> None:
    review = {
        "@type": "ClaimReview",
        "claimReviewed": "The bridge opened in 1931.",
        "url": "/reviews/1",
        "reviewRating": "False",
    }
    page = (
        '<html><head><link rel="canonical" href="https://check.example/reviews/1">'
        f'<script type="application/ld+json">{json.dumps(review)}</script></head></html>'
    )
    (record,) = records(page, "saved.html")
    assert isinstance(record, Record)
    assert record.claim.reviews[0].url == "https://check.example/reviews/1"
    assert record.claim.reviews[0].publisher == "check.example"


def test_lines_are_those_of_the_page() -> None:
    review = '{"@type": "ClaimReview",\n"claimReviewed": "",\n}'
    script = f'<script type="application/ld+json">\n{review}\n{review}</script>'
    page = f"<!doctype html>\n<html>\n<script>var a;</script>\n{script}\n{script}</html>"
    assert [one.place for one in records(page, "saved.html")] == [
        "saved.html: script 1, line 5, $",
        "saved.html: script 1, line 8, $",
        "saved.html: script 2, line 12, $",
        "saved.html: script 2, line 15, $",
    ]


ANSWER = {
    "claims": [
        {
            "text": "The bridge opened in 1931.",
            "claimant": "The mayor",
            "claimDate": "2020-01-02T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Check A", "site": "a.example"},
                    "url": "https://a.example/1",
                    "title": "No",
                    "reviewDate": "2020-01-03T10:00:00Z",
                    "textualRating": "False",
                    "languageCode": "en",
                },
                {
                    "publisher": {"site": "b.example"},
                    "url": "https://b.example/1",
                    "textualRating": "True",
                },
                None,
            ],
        },
        {"text": "Nobody reviewed this.", "claimReview": []},
        {"text": "Nobody reviewed this either."},
    ],
    "nextPageToken": "x",
}


def test_an_answer_of_a_fact_check_search(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(ANSWER), encoding="utf-8")
    results = list(read_records(path))
    (record,) = [one for one in results if isinstance(one, Record)]
    assert record.held == 2
    assert record.claim.verdict == "disputed"
    assert [r.publisher for r in record.claim.reviews] == ["Check A", "b.example"]
    assert (record.claim.claimant, record.claim.date) == ("The mayor", "2020-01-02")
    rejected = [one.place.rsplit(", ", 1)[1] for one in results if isinstance(one, Rejection)]
    assert rejected == ["$.claims[0].claimReview[2]", "$.claims[1]", "$.claims[2]"]


def test_an_empty_place_in_a_feed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    review = make_cases(3, plain=1, objects=0, texts=0)[0].content
    feed = {"dataFeedElement": [{"item": None}, {"item": [None, review]}, None, {}, {"item": "x"}]}
    path.write_text(json.dumps(feed, indent=1), encoding="utf-8")
    results = list(read_records(path))
    assert len([one for one in results if isinstance(one, Record)]) == 1
    places = [one.place.rsplit(", ", 1)[1] for one in results if isinstance(one, Rejection)]
    assert places == [
        "$.dataFeedElement[0].item",
        "$.dataFeedElement[1].item[0]",
        "$.dataFeedElement[2]",
        "$.dataFeedElement[3]",
        "$.dataFeedElement[4]",
    ]


def test_a_broken_item_of_a_feed_costs_itself_only(tmp_path: Path) -> None:
    items = [
        json.dumps({"item": [case.content]}) for case in make_cases(4, plain=9, objects=0, texts=0)
    ]
    items[4] = items[4].replace('"alternateName":', '"alternateName"')
    path = tmp_path / "feed.json"
    path.write_text('{"dataFeedElement": [\n' + ",\n".join(items) + "\n]}", encoding="utf-8")
    results = list(read_records(path))
    assert len([one for one in results if isinstance(one, Record)]) >= 8
    assert len(results) == 9
    assert [one.place.split(", ")[1] for one in results] == [f"line {n}" for n in range(2, 11)]


def test_reviews_of_one_claim_become_one_claim(tmp_path: Path) -> None:
    def review(text: str, publisher: str, rating: str, **more: Any) -> dict[str, Any]:
        return {
            "@type": "ClaimReview",
            "claimReviewed": text,
            "author": publisher,
            "url": f"https://{publisher.lower()}.example/1",
            "reviewRating": rating,
            **more,
        }

    rows = [
        review("The bridge opened in 1931.", "A", "False", itemReviewed={"author": "X"}),
        review("Another claim altogether.", "A", "True"),
        review("the bridge  opened in 1931", "B", "Falsch", itemReviewed={"author": "Y"}),
        review("“The bridge opened in 1931!”", "C", "Fake"),
    ]
    path = tmp_path / "reviews.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    results = list(read_records(path))
    assert [one.held for one in results if isinstance(one, Record)] == [1, 3]
    joined = results[1]
    assert isinstance(joined, Record)
    assert joined.claim.text == "The bridge opened in 1931."
    assert [r.publisher for r in joined.claim.reviews] == ["A", "B", "C"]
    assert joined.claim.verdict == "contradicted"
    assert [one.field for one in joined.dropped] == ["claimant"]
    assert "line 3" in joined.dropped[0].place


@pytest.mark.parametrize(
    ("ratings", "verdict"),
    [
        (["False", "Fake"], "contradicted"),
        (["False", "True"], "disputed"),
        (["False", "Unproven"], "disputed"),
        (["Satire", "Satire"], "unverified"),
        (["False", "Never seen before"], None),
        (["Never seen before"], None),
        (["1 of 5"], None),
    ],
)
def test_the_verdict_of_several_reviews(ratings: list[str], verdict: str | None) -> None:
    reviews = [
        {
            "@type": "ClaimReview",
            "claimReviewed": "The bridge opened in 1931.",
            "url": f"https://a.example/{number}",
            "reviewRating": {"alternateName": rating},
        }
        for number, rating in enumerate(ratings)
    ]
    ((_, claim),) = claims_from_markup(reviews)
    assert isinstance(claim, Claim)
    assert claim.verdict == verdict
    assert [review.rating for review in claim.reviews] == ratings


def test_joining_twice_changes_nothing_and_a_curator_is_never_overruled() -> None:
    first, second = (case.content for case in make_cases(5, plain=2, objects=0, texts=0))
    second["claimReviewed"] = first["claimReviewed"]
    one, other = (next(claims_from_markup(node))[1] for node in (first, second))
    assert isinstance(one, Claim)
    assert isinstance(other, Claim)
    joined = join_claims(one, other)
    assert join_claims(joined, other) == joined
    decided = replace(one, verdict=Verdict.UNVERIFIED, reviews=())
    assert join_claims(decided, other).verdict is Verdict.UNVERIFIED
