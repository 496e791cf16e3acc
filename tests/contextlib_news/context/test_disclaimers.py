"""Disclaimers are found sentence by sentence and in markup, with their types."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.context.disclaimers import find_disclaimers, load_patterns, match_disclaimer
from contextlib_news.models import Page
from contextlib_news.page.document import read_page

ARTICLE_TYPES = [
    {"seek-corroboration", "accuracy"},
    {"accuracy", "editorial-control"},
    {"ownership"},
    {"views"},
    {"satire"},
    {"images", "liability"},
]


@pytest.mark.shared
def test_reference_article_has_six_and_no_other(article: str) -> None:
    document = read_page(Page(text=article))
    found = find_disclaimers(document)
    assert [set(disclaimer.types) for disclaimer in found] == ARTICLE_TYPES
    for disclaimer in found:
        assert disclaimer.start is not None
        assert disclaimer.end is not None
        assert document.text[disclaimer.start : disclaimer.end] == disclaimer.text


@pytest.mark.parametrize(
    ("schema_type", "kind"),
    [
        ("OpinionNewsArticle", "opinion"),
        ("SatiricalArticle", "satire"),
        ("AdvertiserContentArticle", "sponsored"),
    ],
)
def test_schema_types(schema_type: str, kind: str) -> None:
    html = (
        '<script type="application/ld+json">{"@context": "https://schema.org", '
        f'"@type": "{schema_type}"}}</script><p>The bridge at Elm Street opened in 1931.</p>'
    )
    (disclaimer,) = find_disclaimers(read_page(Page(html=html)))
    assert disclaimer.types == (kind,)
    assert disclaimer.origin == "schema.org"
    assert disclaimer.start is None


def test_sponsored_links() -> None:
    html = '<p>The bridge is old. <a rel="nofollow sponsored" href="https://a.example/">Buy</a></p>'
    (disclaimer,) = find_disclaimers(read_page(Page(html=html)))
    assert disclaimer.types == ("sponsored",)
    assert disclaimer.origin == "link"


def test_patterns_stay_in_the_subset_shared_with_javascript() -> None:
    for pattern in load_patterns():
        for expression in (*pattern.match, *pattern.unless):
            text = expression.pattern.removeprefix(r"(?<!\w)")
            assert not re.search(r"\(\?(?:P|[a-zA-Z]|<)|[*+?}]\+", text), text


@given(st.text(max_size=300))
def test_any_text_is_an_answer(text: str) -> None:
    types, cues = match_disclaimer(text)
    assert len(types) == len(cues)


@pytest.mark.parametrize(
    "unit", ["views ", "a", "not the ", "images not ", " ", "\ud800", "no editorial "]
)
def test_a_huge_sentence_is_quick(unit: str) -> None:
    started = time.perf_counter()
    match_disclaimer(unit * 200_000)
    assert time.perf_counter() - started < 1
