"""Ratings point somewhere by their raters' own words; nothing is averaged."""

from __future__ import annotations

import pytest

from contextlib_news.context.ratings import Leaning, disagree, fits_path, leaning
from contextlib_news.models import Rating

GOOD, BAD = Leaning.FAVOURABLE, Leaning.UNFAVOURABLE


@pytest.mark.parametrize(
    ("label", "score", "scale", "way"),
    [
        ("generally reliable", None, None, GOOD),
        ("reliable", None, None, GOOD),
        ("generally unreliable; on the spam blacklist", None, None, BAD),
        ("deprecated", None, None, BAD),
        ("fake, conspiracy", None, None, BAD),
        ("no consensus / additional considerations", None, None, None),
        ("satire", None, None, None),
        ("satire; credibility 0.26", 0.26, (0, 1), None),
        ("mixed; credibility 0.15", 0.15, (0, 1), None),
        ("unreliable; credibility 0.90", 0.9, (0, 1), BAD),
        ("0.82 of 1", 0.82, (0, 1), GOOD),
        ("0.45 of 1", 0.45, (0, 1), None),
        ("-0.95", -0.95, (-1, 1), BAD),
        ("0.64", 0.64, (-1, 1), GOOD),
        ("17 of 100", 17, (0, 100), BAD),
        ("some words", None, None, None),
    ],
)
def test_leaning(
    label: str, score: float | None, scale: tuple[float, float] | None, way: Leaning | None
) -> None:
    assert leaning(Rating(source="A", label=label, score=score, scale=scale)) is way


def test_disagreement_takes_both_ways() -> None:
    good = Rating(source="A", label="generally reliable")
    bad = Rating(source="B", label="-0.95", score=-0.95, scale=(-1, 1))
    neither = Rating(source="C", label="no consensus")
    assert disagree([good, bad, neither])
    assert not disagree([good, neither])
    assert not disagree([bad, bad])
    assert not disagree([])


@pytest.mark.parametrize(
    ("path", "page", "fits"),
    [
        (None, "/a", True),
        ("/en", "/en", True),
        ("/en", "/en/story", True),
        ("/en", "/entertainment", False),
        ("news^", "/news/story", True),
        ("/news", "/News/Story", True),
        ("/games/*/screenshot.html^", "/games/a/screenshot.html", True),
        ("/games/*/screenshot.html^", "/games/a/b", False),
        ("/*politics^", "/politics/2022/a", True),
        ("/*politics^", "/category/us-politics", True),
        ("/*politics^", "/entertainment/a", False),
        ("/*politics^", "/politicsandmore/a", False),
        ("web/*/absolutepunk.net^", "/web/2011/absolutepunk.net/a", True),
        ("web/*/absolutepunk.net^", "/absolutepunk.net/web/", False),
        ("web/*^", "/web/2011/a", True),
        ("/#articles", "/about", False),
        ("/#articles", "/", True),
        ("?from=bd^", "/news", False),
        ("/" + "*a" * 900, "/" + "a" * 900, True),
        ("/" + "*a" * 900 + "b", "/" + "a" * 5_000, False),
        ("/boards^", "/news", False),
        ("/blog/", "/blog/a", True),
    ],
)
def test_a_rating_of_a_part_is_for_that_part(path: str | None, page: str, fits: bool) -> None:
    assert fits_path(Rating(source="A", label="reliable", path=path), page) is fits
