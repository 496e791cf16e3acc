import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claimreview import (
    claim_to_claim_review,
    claims_from_markup,
    verdict_of_rating,
)
from contextlib_news.formats.claims import (
    Rejection,
    claim_from_dict,
    claim_to_dict,
    load_claims,
    read_claims,
    write_claims,
)
from contextlib_news.formats.tables import write_claim_table
from contextlib_news.models import (
    Claim,
    Provenance,
    Quotation,
    Report,
    ReportStance,
    Review,
    Verdict,
)
from tests.factories import make_claim

TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"), min_size=1, max_size=40
).filter(str.strip)
MAYBE = st.none() | TEXT
DATE = st.none() | st.sampled_from(["2022", "2022-02", "2022-02-03"])
URL = st.none() | st.just("https://example.org/a?b=1&c=2")
REPORT = st.builds(
    Report, stance=st.sampled_from(ReportStance), outlet=TEXT, title=TEXT, url=URL, date=DATE,
    origin=MAYBE, says=MAYBE, date_text=MAYBE, remark=MAYBE,
)  # fmt: skip
REVIEW_RECORD = st.builds(Review, publisher=TEXT, rating=TEXT, url=URL, date=DATE)
QUOTATION = st.builds(Quotation, text=TEXT, source=TEXT, url=URL, date=DATE)
CLAIM = st.builds(
    Claim, id=TEXT, text=TEXT, variants=st.lists(TEXT, max_size=2).map(tuple),
    exclusions=st.lists(TEXT, max_size=2).map(tuple), title=MAYBE, subtitle=MAYBE, claimant=MAYBE,
    date=DATE, language=st.sampled_from([None, "en", "pt-BR"]),
    verdict=st.none() | st.sampled_from(Verdict), summary=MAYBE,
    reviews=st.lists(REVIEW_RECORD, max_size=2).map(tuple),
    reports=st.lists(REPORT, max_size=2).map(tuple),
    quotations=st.lists(QUOTATION, max_size=1).map(tuple),
    topics=st.lists(TEXT, max_size=2).map(tuple), valid_from=DATE, valid_until=DATE,
    provenance=st.none() | st.builds(Provenance, source=TEXT, licence=MAYBE, url=URL, date=DATE),
    revision=st.integers(1, 99), created=DATE, updated=DATE,
)  # fmt: skip


@given(CLAIM)
def test_a_claim_survives_json(claim: Claim) -> None:
    assert claim_from_dict(json.loads(json.dumps(claim_to_dict(claim)))) == claim


@given(st.lists(CLAIM, max_size=3, unique_by=lambda claim: claim.id))
def test_claims_survive_a_jsonl_file(claims: list[Claim]) -> None:
    stream = io.StringIO()
    assert write_claims(claims, stream) == len(claims)
    rows = [json.loads(line) for line in stream.getvalue().split("\n") if line]
    assert [claim_from_dict(row) for row in rows] == claims


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"text": "a"}, "id"),
        ({"id": "a"}, "text"),
        ({"id": "a", "text": 5}, "text"),
        ({"id": "a", "text": "b", "variants": "c"}, "variants"),
        ({"id": "a", "text": "b", "variants": [1]}, "variants"),
        ({"id": "a", "text": "b", "verdict": "false"}, "verdict"),
        ({"id": "a", "text": "b", "date": "3 May"}, "date"),
        ({"id": "a", "text": "b", "date": "2022-13"}, "date"),
        ({"id": "a", "text": "b", "reports": [{"stance": "for"}]}, "stance"),
        ({"id": "a", "text": "b", "quotations": [{"text": "t", "source": "s", "url": "x"}]}, "url"),
        ({"id": "a", "text": "b", "colour": "red"}, "colour"),
        ({"id": "a", "text": "b", "revision": 0}, "revision"),
        ({"id": "a", "text": "b", "revision": True}, "revision"),
        ("a", "object"),
        (None, "object"),
    ],
)  # fmt: skip
def test_a_broken_claim_is_refused_by_name(row: object, said: str) -> None:
    with pytest.raises(InvalidClaimError, match=said):
        claim_from_dict(row)


def test_a_file_gives_its_good_rows_and_names_the_bad_ones(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text('{"id": "a", "text": "A"}\n\nbroken\n{"id": "b"}\n{"id": "c", "text": "C"}\n')
    rows = list(read_claims(path))
    assert [row.id for row in rows if isinstance(row, Claim)] == ["a", "c"]
    bad = [row for row in rows if isinstance(row, Rejection)]
    assert [row.place.rsplit(" ", 1)[1] for row in bad] == ["3", "4"]
    with pytest.raises(InvalidClaimError, match="line 3"):
        load_claims(path)


def test_ids_must_differ(tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    path.write_text('[{"id": "a", "text": "A"}, {"id": "a", "text": "B"}]')
    with pytest.raises(InvalidClaimError, match="twice"):
        load_claims(path)


def test_a_table_survives_and_runs_no_formula(tmp_path: Path) -> None:
    claim = make_claim(text="=1+1 is 2", variants=("a | b",), topics=("x",))
    path = tmp_path / "claims.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_claim_table([claim_to_dict(claim)], file)
    assert "\n=1" not in path.read_text()
    assert ",=1" not in path.read_text()
    assert load_claims(path) == (claim,)


REVIEW = {
    "@context": "http://schema.org",
    "@type": ["ClaimReview"],
    "claimReviewed": "The bridge opened in 1931 &amp; closed.",
    "url": "https://check.example/r",
    "author": {"@type": "Organization", "name": "Example Check"},
    "datePublished": "2021-05-06T00:00:00Z",
    "itemReviewed": {"author": {"name": "A mayor"}, "appearance": "https://a.example/1, https://b.example/2"},
    "reviewRating": {"ratingValue": "1", "bestRating": 5, "alternateName": "Mostly False"},
}  # fmt: skip


def one(source: object) -> Claim | str:
    ((_, found),) = claims_from_markup(source)
    return found


def test_a_claim_review_becomes_a_claim() -> None:
    claim = one(REVIEW)
    assert isinstance(claim, Claim)
    assert claim.text == "The bridge opened in 1931 & closed."
    assert claim.reviews[0].rating == "Mostly False"
    assert claim.reviews[0].date == "2021-05-06"
    assert claim.verdict is Verdict.CONTRADICTED
    assert claim.claimant == "A mayor"
    assert claim.appearances == ("https://a.example/1", "https://b.example/2")


@pytest.mark.parametrize(
    ("rating", "words"),
    [
        ("Falsch", "Falsch"),
        ({"alternateName": {"@value": "Faux"}}, "Faux"),
        ({"alternateName": ["Half True", "x"]}, "Half True; x"),
        ({"properties": {"alternateName": "True"}}, "True"),
        ([{"alternateName": "Satire"}], "Satire"),
        ({"ratingValue": 3, "bestRating": 5}, "3 of 5"),
        ({"ratingValue": 1, "bestRating": -1, "worstRating": -1}, "1"),
    ],
)
def test_ratings_in_all_shapes(rating: object, words: str) -> None:
    claim = one({**REVIEW, "reviewRating": rating})
    assert isinstance(claim, Claim)
    assert claim.reviews[0].rating == words


@pytest.mark.parametrize(
    "source",
    [
        {"@graph": [{"@type": "WebPage"}, REVIEW]},
        [None, REVIEW],
        {"dataFeedElement": [{"item": [REVIEW]}]},
        f'<html><script type="application/ld+json">{json.dumps(REVIEW)}</script>',
        {"claims": [{"text": "The bridge opened.", "claimReview": [
            {"publisher": {"name": "Example Check"}, "textualRating": "Mostly False",
             "url": "https://check.example/r"}]}]},
    ],
)  # fmt: skip
def test_reviews_are_found_in_every_envelope(source: object) -> None:
    claim = one(source)
    assert isinstance(claim, Claim)
    assert claim.reviews[0].publisher == "Example Check"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"claimReviewed": None, "itemReviewed": None}, "claimReviewed"),
        ({"reviewRating": None}, "reviewRating"),
        ({"author": None, "url": None}, "author"),
    ],
)
def test_what_is_missing_is_named(change: dict[str, object], said: str) -> None:
    found = one({**REVIEW, **change})
    assert isinstance(found, str)
    assert said in found


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("Pants on Fire!", "contradicted"),
        ("mostly-true", "corroborated"),
        ("Satire", "unverified"),
        ("Unproven", "unverified"),
        ("Irreführend", "disputed"),
        ("Seen for the first time", None),
        ("2", None),
    ],
)
def test_verdicts_follow_words(words: str, verdict: str | None) -> None:
    assert verdict_of_rating(words) == (Verdict(verdict) if verdict else None)


def test_a_claim_is_exported_without_invented_numbers() -> None:
    review = claim_to_claim_review(make_claim(), publisher="Us", url="https://us.example/c")
    assert review["reviewRating"]["alternateName"] == "corroborated"
    assert "ratingValue" not in json.dumps(review)
    claim = one(review)
    assert isinstance(claim, Claim)
    assert claim.text == make_claim().text


KEYS = "@type @graph claimReviewed reviewRating item author url itemReviewed claims claimReview"
SCALARS = st.none() | st.booleans() | st.integers() | st.sampled_from(["ClaimReview", "a", "x://"])


@given(
    st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_no_markup_raises(source: object) -> None:
    list(claims_from_markup(source))
