"""Pages to documents: exactly one content, exact spans, hostile markup."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.errors import InvalidPageError
from contextlib_news.models import Block, BlockRole, Document, Link, Page
from contextlib_news.page.checkworthiness import score_checkworthiness
from contextlib_news.page.citations import find_citations
from contextlib_news.page.document import MAX_CHARACTERS, date_in_address, read_page
from contextlib_news.page.quotations import find_quotations

ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from("\ud800\x00\n“”‘\"'[1]. ")))
MARKUP = st.lists(
    st.sampled_from(
        "<p> </p> <div hidden> </div> <br> <a href='/x'> <a href='http://[bad'> </a> <b> <!-- --> "
        "<script> </script> <?xml?> <![CDATA[ ]]> <table> <td> <footer> <aside> <nav> <title> "
        "<time datetime=1> <base href=//x> &shy; &#0; &nbsp; “word said so.” http://example.org/a "
        "2022 \x00 \ud800".split(" ")
    )
).map(" ".join)


def check(document: Document) -> None:
    position = 0
    for number, block in enumerate(document.blocks):
        assert position <= block.start <= block.end <= len(document.text), number
        position = block.end
    for index, sentence in enumerate(document.sentences):
        assert document.text[sentence.start : sentence.end] == sentence.text
        assert sentence.index == index
        block = document.blocks[sentence.block]
        assert block.start <= sentence.start < sentence.end <= block.end
        assert 0.0 <= score_checkworthiness(sentence, document) <= 1.0
    for link in document.links:
        if link.start is not None:
            assert document.text[link.start : link.end] == link.text
    for passage in find_quotations(document):
        assert document.text[passage.start : passage.end] == passage.text
    for citation in find_citations(document):
        assert all(0 <= index < len(document.sentences) for index in citation.sentences)


@given(ANY_TEXT)
def test_any_text_is_kept_exactly(text: str) -> None:
    document = read_page(Page(text=text, url="https://example.org/2022/02/15/a/"))
    assert document.text == text
    check(document)


@given(st.lists(ANY_TEXT))
def test_any_blocks_keep_their_text_and_id(texts: list[str]) -> None:
    blocks = tuple(Block(text=text, id=f"b{n}") for n, text in enumerate(texts))
    document = read_page(Page(blocks=blocks))
    check(document)
    read = [(document.text[b.start : b.end], b.id) for b in document.blocks]
    assert read == [(block.text, block.id) for block in blocks]


@settings(deadline=None)
@given(st.one_of(MARKUP, ANY_TEXT, st.binary()))
def test_any_markup_is_read(html: str | bytes) -> None:
    check(read_page(Page(html=html)))


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"text": "a", "html": "b"},
        {"text": 3},
        {"html": ["x"]},
        {"blocks": 7},
        {"blocks": (None,)},
        {"blocks": (Block(text=3),)},  # type: ignore[arg-type]
        {"text": "a", "url": 5},
        {"text": "a", "links": (None,)},
        {"text": "x" * (MAX_CHARACTERS + 1)},
    ],
)
def test_wrong_pages_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidPageError):
        read_page(Page(**values))


@pytest.mark.parametrize("unit", ["<div>", "<b>", "<a href='/x'>", "<ul><li>", "<table><tr><td>"])
def test_nesting_of_any_depth_is_read(unit: str) -> None:
    assert read_page(Page(html=unit * 20_000 + "The deep end")).text.startswith(("T", "The"))


def test_html_is_read_as_a_reader_sees_it() -> None:
    html = """<html lang="es"><head><title>Old bridge</title>
    <link rel="canonical" href="https://example.org/bridge">
    <meta property="article:published_time" content="2022-02-15T10:00:00Z">
    <script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",}]}</script></head>
    <body><nav>Home</nav><h1>Old bridge</h1><p>It is<br>long&shy;er,
    5&nbsp;km, <a href="/map">see map</a>.</p>
    <p hidden>no</p><div style="display: none">no</div><script>no()</script><!-- no -->
    <aside><p>Advice column</p></aside><footer><p>Views are the author's.</p></footer>
    </body></html>"""
    document = read_page(Page(html=html, url="https://example.org/a/"))
    read = [(document.text[b.start : b.end], b.role) for b in document.blocks]
    assert read == [
        ("Old bridge", BlockRole.HEADING),
        ("It is", BlockRole.PARAGRAPH),
        ("longer, 5\u00a0km, see map.", BlockRole.PARAGRAPH),
        ("Advice column", BlockRole.OTHER),
        ("Views are the author's.", BlockRole.FOOTER),
    ]
    assert (document.title, document.language, document.date) == ("Old bridge", "es", "2022-02-15")
    assert [(link.href, link.text) for link in document.links] == [
        ("https://example.org/map", "see map")
    ]
    assert document.metadata.types == ("NewsArticle",)
    assert document.metadata.canonical_url == "https://example.org/bridge"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (b"<meta charset=latin-1><p>caf\xe9</p>", "café"),
        (b"<meta charset=utf-8><p>caf\xff</p>", "caf\ufffd"),
        (b"<meta charset=nonsense><p>caf\xc3\xa9</p>", "café"),
        (b"<meta charset=punycode><p>caf\xc3\xa9-a</p>", "café-a"),
        (b"<meta charset=unicode_escape><p>\\u0041</p>", "\\u0041"),
        ("<p>café</p>".encode("utf-16"), "café"),
        ("<?xml version='1.0'?><p>a</p>", "a"),
        ("https://example.org/page.html", "https://example.org/page.html"),
    ],
)
def test_encodings_and_declarations(html: str | bytes, text: str) -> None:
    assert read_page(Page(html=html)).text == text


def test_links_of_blocks_are_placed_in_their_block() -> None:
    page = Page(
        blocks=(Block(text="map", id="a"), Block(text="See the map.", id="b")),
        links=(Link(href="https://example.org/m", text="map", block="b"),),
    )
    link = read_page(page).links[0]
    assert (link.start, link.end) == (12, 15)


@pytest.mark.parametrize(
    ("url", "date"),
    [
        ("https://a.org/2022/02/15/x/", "2022-02-15"),
        ("https://a.org/2022/02/x", "2022-02"),
        ("https://a.org/20220/99/x", None),
        ("http://[bad", None),
        (None, None),
    ],
)
def test_date_in_address(url: str | None, date: str | None) -> None:
    assert date_in_address(url) == date
