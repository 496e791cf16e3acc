"""The answer in its four forms: JSON, text, HTML and Web Annotation."""

import json
from html.parser import HTMLParser

import pytest

from contextlib_news import ClaimIndex, Page, annotate
from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.formats.answer import annotation_to_dict
from contextlib_news.formats.html import annotation_to_html
from contextlib_news.formats.text import annotation_to_text
from contextlib_news.formats.web_annotation import annotation_to_web_annotations
from contextlib_news.models import Annotation, OutletFact, Rating
from tests.factories import make_claim, make_outlet, make_report

EVIL = '<script>alert(1)</script> & "quotes" \x1b[31m'
SENTENCE = "The bridge at Elm Street opened in 1931."


@pytest.fixture(scope="module")
def annotation() -> Annotation:
    claim = make_claim(
        summary=EVIL,
        reports=(make_report(title=EVIL, url='https://example.org/"><script>'), make_report()),
    )
    outlets = OutletDirectory([make_outlet(name=f"The Example {EVIL}")])
    page = Page(
        url="https://example.org/a", title=EVIL, text=f"{SENTENCE} Views are not necessarily ours."
    )
    return annotate(page, index=ClaimIndex.build([claim]), outlets=outlets)


def test_json_holds_the_contracts_keys(annotation: Annotation) -> None:
    answer = json.loads(json.dumps(annotation_to_dict(annotation)))
    assert set(answer) == {"document", "outlet", "notes"}
    (note,) = [note for note in answer["notes"] if note["kind"] == "claim"]
    assert {"id", "target", "title", "text", "claim", "score", "stance", "shared"} <= set(note)
    assert {"differences", "reports", "reviews", "provenance"} <= set(note)
    assert note["provenance"]["revision"] == 3
    assert set(note["reports"]["corroborating"][0]) >= {
        "outlet", "title", "url", "date", "origin", "says",
    }  # fmt: skip
    assert answer["outlet"]["ratings"][0]["scale"] == [0.0, 1.0]


def test_text_lets_no_control_character_through(annotation: Annotation) -> None:
    plain = annotation_to_text(annotation, width=60)
    assert "\x1b" not in plain
    assert "Town archive" in plain
    assert max(len(line) for line in plain.splitlines() if "http" not in line) <= 90
    assert "\x1b[1m" in annotation_to_text(annotation, colour=True)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name == "href"]


def test_html_escapes_everything(annotation: Annotation) -> None:
    page = annotation_to_html(annotation)
    reader = _Elements()
    reader.feed(page)
    assert "script" not in reader.tags
    assert all(address and address.startswith("http") for address in reader.addresses)
    assert SENTENCE in page


def test_web_annotations_carry_quote_selectors(annotation: Annotation) -> None:
    page = annotation_to_web_annotations(annotation)
    json.dumps(page)
    selectors = [
        item["target"]["selector"] for item in page["items"] if isinstance(item["target"], dict)
    ]
    assert any(selector["exact"] == SENTENCE for selector in selectors)
    assert {item["type"] for item in page["items"]} == {"Annotation"}


def test_text_and_html_tell_the_outlet_in_full() -> None:
    facts = (
        OutletFact(kind="founded", text="1990", source="https://a.org/us", date="2026-11-26"),
        OutletFact(kind="ownership", text=EVIL, source="javascript:alert(1)", date="2026-11-26"),
    )
    good = Rating(source="One", label="reliable", url="https://one.org")
    bad = Rating(source="Two", label="deprecated")
    outlet = make_outlet(
        domain="example.org", ratings=(good, bad), facts=facts, categories=("state-media",)
    )
    found = annotate(
        Page(url="https://web.archive.org/web/2022/https://example.org/a", text=SENTENCE),
        index=ClaimIndex.build([make_claim()]),
        outlets=OutletDirectory([outlet]),
    )
    plain, html = annotation_to_text(found, width=200), annotation_to_html(found)
    for told in (
        "Seen through web.archive.org",
        "Listed as state media.",
        "One: reliable",
        "These raters do not agree",
        "Founded: 1990",
    ):
        assert told in plain
        assert told in html
    assert 'href="https://a.org/us"' in html
    assert "javascript:" not in html
    assert "<script>alert" not in html
