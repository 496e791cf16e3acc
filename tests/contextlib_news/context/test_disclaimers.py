"""Disclaimers are found sentence by sentence and in markup, with their types."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.context.disclaimer_rules import load_disclaimer_rules
from contextlib_news.context.disclaimers import find_disclaimers, match_disclaimer
from contextlib_news.models import Page
from contextlib_news.page.document import read_page
from contextlib_news.wording import disclaimer_title

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


@pytest.mark.parametrize(
    ("markup", "kind", "origin"),
    [
        ('<meta name="sponsored" content="true">', "sponsored", "meta"),
        ('<meta property="article:section" content="Opinion">', "opinion", "meta"),
        ('<meta name="genre" content="Satire">', "satire", "meta"),
        (
            '<meta name="disclaimer" content="We cannot guarantee that this is accurate.">',
            "accuracy",
            "meta",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "digitalSourceType": '
            '"https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"}</script>',
            "ai-generated",
            "schema.org",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "correction": '
            '"The bridge is 400 metres long."}</script>',
            "correction",
            "schema.org",
        ),
        ('<meta name="genre" content="Kommentar">', "opinion", "meta"),
        ('<meta property="article:section" content="OPINIÓN">', "opinion", "meta"),
        ('<meta name="ai-disclosure" content="Generated with AI.">', "ai-generated", "meta"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "backstory": '
            '"Our reporter was flown to the fair at the maker\'s expense."}</script>',
            "conflict-of-interest",
            "schema.org",
        ),
        (
            '<div itemscope itemtype="https://schema.org/SatiricalArticle"></div>',
            "satire",
            "schema.org",
        ),
        (
            '<div itemtype="https://schema.org/NewsArticle"><b itemprop="correction">Long.</b>'
            "</div>",
            "correction",
            "schema.org",
        ),
        (
            '<script type="application/ld+json">{"digitalSourceType": '
            '"http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"}</script>',
            "ai-generated",
            "schema.org",
        ),
    ],
)
def test_markup_disclaims(markup: str, kind: str, origin: str) -> None:
    html = f"<head>{markup}</head><p>The bridge at Elm Street opened in 1931.</p>"
    (disclaimer,) = find_disclaimers(read_page(Page(html=html)))
    assert disclaimer.types == (kind,)
    assert disclaimer.origin == origin
    assert disclaimer.start is None


@pytest.mark.parametrize(
    "markup",
    [
        '<meta name="sponsored" content="false">',
        '<meta property="article:section" content="Politics">',
        '<meta name="description" content="This is an opinion piece.">',
        '<script type="application/ld+json">{"@type": "ReportageNewsArticle"}</script>',
        '<script type="application/ld+json">{"backstory": "We went there in May."}</script>',
        '<div itemtype="https://schema.org/NewsArticle"></div>',
        '<script type="application/ld+json">{"digitalSourceType": '
        '"http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}</script>',
    ],
)
def test_other_markup_does_not(markup: str) -> None:
    html = f"<head>{markup}</head><p>The bridge at Elm Street opened in 1931.</p>"
    assert find_disclaimers(read_page(Page(html=html))) == ()


def test_a_correction_in_the_markup_has_its_day_and_leaves_the_page_its_own() -> None:
    markup = """<script type="application/ld+json">{"@type": "NewsArticle",
    "correction": {"@type": "CorrectionComment", "text": "The bridge is 400 metres long.",
    "datePublished": "2022-02-20"}, "datePublished": "2022-02-15"}</script>"""
    document = read_page(Page(html=f"<head>{markup}</head><p>The bridge opened in 1931.</p>"))
    (disclaimer,) = find_disclaimers(document)
    assert disclaimer.text == "The bridge is 400 metres long. (2022-02-20)"
    assert document.date == "2022-02-15"
    other = markup.replace(', "datePublished": "2022-02-15"', "")
    assert read_page(Page(html=f"<head>{other}</head><p>It opened.</p>")).date is None


def test_nested_corrections_are_read_as_far_as_their_first_words() -> None:
    """Each of thousands would hold the text of all within it."""
    html = '<div itemprop="correction">' * 3_000 + "<b>It</b> is long." + "</div>" * 3_000
    assert find_disclaimers(read_page(Page(html=html))) == ()
    near = '<i itemprop="correction">' * 3 + "<b>It</b> is long."
    (disclaimer,) = find_disclaimers(read_page(Page(html=near)))
    assert disclaimer.text == "It is long."


def test_a_label_alone_has_the_paragraph_that_it_stands_over() -> None:
    html = "<p>The army left.</p><p><b>Correction</b></p><p>The bridge is in Oak. We said Elm.</p>"
    (disclaimer,) = find_disclaimers(read_page(Page(html=html, language="en")))
    assert disclaimer.types == ("correction",)
    assert disclaimer.text == "Correction The bridge is in Oak. We said Elm."
    (alone,) = find_disclaimers(read_page(Page(html="<p>It left.</p><p>Correction</p>")))
    assert alone.text == "Correction"


@pytest.mark.parametrize(
    ("markup", "cue"),
    [
        ('<link rel="canonical" href="https://www.lantern.org/a">', "canonical"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "isBasedOn": '
            '{"url": "https://lantern.org/a"}}</script>',
            "isBasedOn",
        ),
    ],
)
def test_a_page_that_names_another_site_as_its_original_is_republished(
    markup: str, cue: str
) -> None:
    document = read_page(
        Page(html=f"<head>{markup}</head><p>It opened.</p>", url="https://msn.org/a")
    )
    (disclaimer,) = find_disclaimers(document)
    assert (disclaimer.types, disclaimer.cues) == (("republished",), (cue,))
    assert disclaimer.text.endswith("lantern.org/a")
    assert find_disclaimers(document, sisters={"lantern.org"}) == ()


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<link rel="canonical" href="https://www.msn.org/b">', "https://amp.msn.org/a"),
        ('<link rel="canonical" href="https://lantern.org/a">', None),
        ('<link rel="canonical" href="/a">', "https://msn.org/a"),
        (
            '<link rel="canonical" href="https://lantern.org/a">',
            "https://web.archive.org/web/2/https://lantern.org/a",
        ),
        ('<link rel="canonical" href="https://[">', "https://msn.org/a"),
        (
            '<script type="application/ld+json">{"@type": "ClaimReview", "isBasedOn": '
            '"https://lantern.org/a"}</script>',
            "https://msn.org/a",
        ),
    ],
)
def test_other_addresses_in_the_markup_are_none(markup: str, url: str | None) -> None:
    document = read_page(Page(html=f"<head>{markup}</head><p>It opened.</p>", url=url))
    assert find_disclaimers(document) == ()


def test_a_picture_that_a_machine_made_is_told_as_a_picture() -> None:
    markup = """<script type="application/ld+json">{"@type": "NewsArticle", "image":
    {"@type": "ImageObject", "digitalSourceType":
    "https://schema.org/TrainedAlgorithmicMediaDigitalSource"}}</script>"""
    (disclaimer,) = find_disclaimers(read_page(Page(html=f"<head>{markup}</head><p>A.</p>")))
    assert disclaimer.types == ("ai-generated", "images")
    assert disclaimer.cues == ("digitalSourceType of a picture or recording",)


def test_analysis_is_not_called_opinion() -> None:
    markup = '<script type="application/ld+json">{"@type": "AnalysisNewsArticle"}</script>'
    (disclaimer,) = find_disclaimers(read_page(Page(html=f"<head>{markup}</head><p>A.</p>")))
    assert disclaimer.types == ("opinion",)
    assert disclaimer_title(disclaimer) == "Labelled as analysis"


def test_links_marked_in_capitals_are_marked() -> None:
    html = '<p>Buy <a rel="Nofollow SPONSORED" href="https://shop.example/x">the knife</a>.</p>'
    (disclaimer,) = find_disclaimers(read_page(Page(html=html)))
    assert (disclaimer.types, disclaimer.origin) == (("sponsored",), "link")


def test_a_file_may_name_sections(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text('{"rules": [], "types_of_sections": {"Hot Takes": "opinion"}}', "utf-8")
    rules = load_disclaimer_rules(path)
    for name in ("hot takes", "Satire"):
        html = f'<head><meta name="genre" content="{name}"></head><p>It opened.</p>'
        assert len(find_disclaimers(read_page(Page(html=html)), rules)) == 1


def test_the_rules_of_a_language_and_of_english_are_tried() -> None:
    text = "Dieser Beitrag stellt keine Anlageberatung dar."
    assert match_disclaimer(text, "de-AT")[0] == ("financial",)
    assert match_disclaimer(text)[0] == ("financial",)
    assert match_disclaimer(text, "fr")[0] == ()
    assert match_disclaimer("This post contains affiliate links.", "de")[0] == ("affiliate",)


def test_who_reports_a_disclaimer_makes_none() -> None:
    said = "We cannot guarantee that these figures are accurate"
    assert match_disclaimer(f"{said}.", "en")[0] == ("accuracy",)
    assert match_disclaimer(f'"{said}," the minister told reporters.', "en")[0] == ()


def test_fine_print_at_the_foot_of_an_endless_page_is_found() -> None:
    text = "The mill closed.\n" * 9_000 + "We cannot guarantee that these figures are accurate."
    (disclaimer,) = find_disclaimers(read_page(Page(text=text, language="en")))
    assert disclaimer.types == ("accuracy",)


@given(st.text(max_size=300))
def test_any_text_is_an_answer(text: str) -> None:
    types, cues = match_disclaimer(text)
    assert len(types) == len(cues)


@pytest.mark.parametrize(
    "unit", ["views ", "a", "not the ", "images not ", " ", "\ud800", "this we not links the "]
)
def test_a_huge_sentence_is_read_in_bounded_time(unit: str) -> None:
    """Only the first 600 characters are read: what stands behind them changes nothing."""
    cut = match_disclaimer(unit * 200)
    assert match_disclaimer(unit * 200_000) == cut
