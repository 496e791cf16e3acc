"""Sources that a page names, and the sentences that lean on them."""

from __future__ import annotations

import pytest

from contextlib_news.models import Block, Link, Page
from contextlib_news.page.citations import citation_share, find_citations
from contextlib_news.page.document import read_page

NUMBERED = """The Daily Lantern reported [1] on Monday that the mill had closed.

The report adds: “The owner left in May.

“Nobody took over.”

The river rose. According to the Harbour Gazette, the bridge held.

According to local sources who refused to be named, the dam leaked.

References:

[1] Mill closes after a century:

https://www.dailylantern.example.com/2022/mill

[2] Bridge holds:

https://harbourgazette.org/2022/bridge
"""


def test_numbered_references_are_tied_to_the_sentences_that_lean_on_them() -> None:
    document = read_page(Page(text=NUMBERED, url="https://here.org/a"))
    citations = find_citations(document)
    leaning = [
        (c.href, c.title, [document.sentences[i].text[:12] for i in c.sentences]) for c in citations
    ]
    assert leaning == [
        (
            "https://www.dailylantern.example.com/2022/mill",
            "Mill closes after a century",
            ["The Daily La", "The report a", "“Nobody took"],
        ),
        ("https://harbourgazette.org/2022/bridge", "Bridge holds", ["According to"]),
        (None, None, ["According to"]),
    ]
    assert citations[2].flags == ("dead-end",)
    assert citation_share(citations, document.sentences) == 4


def test_links_in_the_text_are_sources_and_the_own_site_is_circular() -> None:
    html = """<nav><a href="https://other.org/x">Other</a></nav><p>The mill closed, the
    <a href="https://lantern.org/mill">Lantern wrote</a>, and as we have
    <a href="https://news.here.org/2020/mill">said in an earlier article</a> it was old.</p>
    <p><a href="https://share.example/share?u=1">Share</a>
    <a rel="sponsored" href="https://shop.org/buy">Buy</a></p>"""
    citations = find_citations(read_page(Page(html=html, url="https://www.here.org/a")))
    assert [(c.href, c.flags) for c in citations] == [
        ("https://lantern.org/mill", ()),
        ("https://news.here.org/2020/mill", ("circular",)),
    ]


def test_links_beside_blocks_are_read() -> None:
    page = Page(
        url="https://here.org/a",
        blocks=(Block(id="b", text="The mill closed, the Lantern wrote."),),
        links=(Link(href="https://lantern.org/mill", text="Lantern wrote", block="b"),),
    )
    (citation,) = find_citations(read_page(page))
    assert (citation.start, citation.sentences) == (21, (0,))


def test_a_page_without_sources_has_no_citation() -> None:
    text = "Officials spoke on condition of anonymity. The mill closed."
    assert find_citations(read_page(Page(text=text))) == ()


def _cited(page: Page) -> list[tuple[str, list[str]]]:
    document = read_page(page)
    return [
        (c.href or c.domain or "", [document.sentences[i].text for i in c.sentences])
        for c in find_citations(document, names={"washington post": "washingtonpost.com"})
    ]


def test_several_numbers_stand_in_one_bracket() -> None:
    text = """The mill closed [1, 3]. The dam broke [2–3]. It rained [17]. All fled [1-9999].

Sources:

1. https://one.org/a

2. Two: https://two.org/a

3) www.three.org/a
"""
    assert _cited(Page(text=text, url="https://here.org/a")) == [
        ("https://one.org/a", ["The mill closed [1, 3]."]),
        ("https://www.three.org/a", ["The mill closed [1, 3].", "The dam broke [2–3]."]),
        ("https://two.org/a", ["The dam broke [2–3]."]),
    ]


def test_numbers_set_high_lead_to_the_items_of_a_list_without_numbers() -> None:
    html = """<p>The mill closed.<sup><a href="#cite-1">1</a></sup></p>
    <p>The dam broke in the night.<sup id="r2"><a href="#cite-2">[2]</a></sup></p>
    <p>It rained, <a href="#more">as told below</a>.</p><h2>Notes and references</h2>
    <ol><li id="cite-1"><a href="#r1">^</a> <a href="https://one.org/a">One</a></li>
    <li id="cite-2"><a href="#r2">^</a> Two, <a href="https://two.org/a">the dam</a></li></ol>"""
    for url in ("https://here.org/a", None):
        cited = _cited(Page(html=html, url=url))
        leaning = {href: len(sentences) for href, sentences in cited}
        # Without the page's own address its links within the page lead nowhere.
        assert leaning == {"https://one.org/a": 1 if url else 0, "https://two.org/a": 1}


def test_a_source_named_without_an_address_carries_on() -> None:
    text = "The Washington Post reported on Feb. 10 that the mill closed. The report adds a name."
    assert _cited(Page(text=text)) == [
        (
            "washingtonpost.com",
            [
                "The Washington Post reported on Feb. 10 that the mill closed.",
                "The report adds a name.",
            ],
        )
    ]


@pytest.mark.parametrize("unit", ["A", "A ", "citing sources ", "according to ", "[1] ", "“a "])
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    text = unit * (200_000 // len(unit)) + "\nSources\n[1] A\nhttps://aaa.org/a"
    assert len(find_citations(read_page(Page(text=text)))) < 500


@pytest.mark.shared
def test_the_reference_article_has_its_two_sources(article: str) -> None:
    document = read_page(Page(text=article, url="https://veteranstoday.com/2022/02/15/a/"))
    citations = [c for c in find_citations(document) if c.href]
    assert [c.href.split("/")[2] for c in citations if c.href] == [
        "www.washingtonpost.com",
        "www.nytimes.com",
    ]
    for citation, mark in zip(citations, ("[1]", "[2]"), strict=True):
        assert mark in document.sentences[citation.sentences[0]].text
