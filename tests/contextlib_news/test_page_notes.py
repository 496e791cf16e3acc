"""Notes on the page as a whole and on its sources, as a caller gets them."""

from __future__ import annotations

import pytest

from contextlib_news import Claim, ClaimIndex, Page, annotate, load_claims, load_outlets
from contextlib_news.context.same_text import fingerprint
from contextlib_news.formats.answer import annotation_to_dict
from contextlib_news.models import Fingerprint, Note, NoteKind, Report, ReportStance

TODAY = "2026-11-26"
OUTLETS = load_outlets()
WORDS = " ".join(f"word{(i * i) % 977}" for i in range(300))
STORY = "https://washingtonpost.com/story/2022/"


def report(**fields: str) -> Report:
    return Report(stance=ReportStance.CORROBORATING, title="The mill", **fields)  # type: ignore[arg-type]


CLAIMS = [
    Claim(
        id="mill",
        text="The old mill by the river closed after a hundred years.",
        reports=(
            report(outlet="The Washington Post", url=STORY, date="2022-02-10"),
            report(outlet="Reuters", url="https://reuters.com/a", date="2022-03-03"),
        ),
        fingerprints=(Fingerprint(url="https://copy.org/a", value=fingerprint(WORDS) or ""),),
    ),
    Claim(id="zone", text="Soldiers hold a zone around the harbour of Elm.", valid_until="2026-02"),
]
INDEX = ClaimIndex.build(CLAIMS)


def notes(kind: NoteKind, **page: object) -> list[Note]:
    found = annotate(Page(**page), index=INDEX, outlets=OUTLETS, today=TODAY)  # type: ignore[arg-type]
    return [note for note in found.notes if note.kind is kind]


def page_notes(kind: str, **page: object) -> list[Note]:
    found = notes(NoteKind.PAGE, **page)
    return [note for note in found if note.page is not None and note.page.kind == kind]


def test_an_outlet_named_without_an_address_is_a_citation() -> None:
    text = "The Washington Post reported on Feb. 10 that the mill had closed. It rained."
    (note,) = notes(NoteKind.CITATION, text=text)
    assert note.citation is not None
    assert note.citation.href is None
    assert note.citation.outlet is not None
    assert note.citation.outlet.domain == "washingtonpost.com"
    assert note.citation.outlet.ratings
    assert note.citation.report is not None
    assert note.citation.report.url == STORY
    assert note.target.exact == "The Washington Post"
    assert "named without an address" in note.text


def test_a_short_link_is_no_outlet_that_nobody_rates() -> None:
    text = "The dam broke in the night, see https://t.co/abc123 on that."
    (note,) = notes(NoteKind.CITATION, text=text, url="https://here.org/a")
    assert "short link" in note.text
    assert "No rater" not in note.text


def test_a_named_outlet_of_another_day_has_no_report() -> None:
    (note,) = notes(
        NoteKind.CITATION, text="The Washington Post reported on Feb. 11 that it rained."
    )
    assert note.citation is not None
    assert note.citation.report is None


@pytest.mark.parametrize(
    "href",
    [
        STORY,
        "http://www.washingtonpost.com/story/2022?utm=x#top",
        f"https://web.archive.org/web/2022/{STORY}",
    ],
)
def test_the_cited_report_is_known_whatever_copy_is_linked(href: str) -> None:
    html = f'<p>The dam broke in the night, as <a href="{href}">the paper wrote</a>.</p>'
    (note,) = notes(NoteKind.CITATION, html=html, url="https://here.org/a")
    assert note.citation is not None
    assert note.citation.report is not None
    assert note.citation.report.date == "2022-02-10"
    assert note.citation.outlet is not None
    assert note.citation.outlet.domain == "washingtonpost.com"


def test_a_sister_site_is_circular() -> None:
    html = (
        "<p>The dam broke in the night, and the water rose for hours, as "
        '<a href="https://veteranstoday.com/2021/dam/">an earlier article</a> had foretold.</p>'
    )
    (note,) = notes(NoteKind.CITATION, html=html, url="https://www.vtforeignpolicy.com/a")
    assert note.citation is not None
    assert note.citation.flags == ("circular",)


def test_the_share_of_sentences_with_a_source_is_told() -> None:
    lines = [f"The bridge number {n} opened in the year {1900 + n}." for n in range(9)]
    (none,) = page_notes("citation-share", text="\n".join(lines))
    assert none.text.startswith("None of the 9 sentences")
    assert page_notes("citation-share", text="\n".join(lines[:3])) == []
    lines[0] += " https://lantern.org/bridges"
    (some,) = page_notes("citation-share", text="\n".join(lines))
    assert some.page is not None
    assert (some.page.cited, some.page.checkworthy) == (1, 9)


def test_the_same_text_elsewhere() -> None:
    (note,) = page_notes("same-text", text=WORDS, url="https://here.org/a")
    assert note.page is not None
    assert note.page.url == "https://copy.org/a"
    assert note.page.similarity == 1
    assert page_notes("same-text", text=WORDS, url="https://www.copy.org/a/") == []
    assert page_notes("same-text", text=WORDS, url="https://copy.org/print/a") == []
    assert page_notes("same-text", text=WORDS[: len(WORDS) // 4]) == []


def test_since_then() -> None:
    text = "Soldiers hold a zone around the harbour of Elm."
    (note,) = page_notes("since", text=text, url="https://here.org/2022/02/15/a")
    assert "At the time (15 February 2022)" in note.text
    assert "until February 2026" in note.text
    assert note.page is not None
    assert note.page.claim_id == "zone"
    early = annotate(Page(text=text), index=INDEX, today="2025-01-01")
    assert not [n for n in early.notes if n.page is not None and n.page.kind == "since"]


@pytest.mark.parametrize(
    ("url", "line", "title"),
    [
        ("https://here.org/2022/02/15/a", "", "From 15 February 2022"),
        ("https://here.org/2026/11/a", "", None),
        ("https://here.org/a", "", None),
        (
            "https://here.org/2022/02/15/a",
            "Published 1 July 2026",
            "This page gives more than one date",
        ),
        ("https://here.org/2022/02/15/a", "Published 16 February 2022", "From 15 February 2022"),
    ],
)
def test_the_date_of_the_page(url: str, line: str, title: str | None) -> None:
    text = f"The mill\n{line}\nThe bridge opened in 1931 and was closed again."
    found = page_notes("date", text=text, url=url)
    assert [note.title for note in found] == ([] if title is None else [title])


def test_the_answer_says_what_a_page_note_is_about() -> None:
    found = annotate(
        Page(text=WORDS, url="https://here.org/2022/02/15/a"),
        index=INDEX,
        outlets=OUTLETS,
        today=TODAY,
    )
    pages = {n["page"]["kind"]: n for n in annotation_to_dict(found)["notes"] if "page" in n}
    assert pages["same-text"]["page"]["similarity"] == 1
    assert pages["same-text"]["page"]["outlet"]["domain"] == "copy.org"
    assert pages["date"]["page"]["date"] == "2022-02-15"
    assert all(note["target"] == {} for note in pages.values())


@pytest.mark.shared
def test_the_reference_article(article: str) -> None:
    found = annotate(
        Page(text=article, url="https://www.vtforeignpolicy.com/2022/02/a/"),
        index=ClaimIndex.build(load_claims()),
        outlets=OUTLETS,
        today=TODAY,
    )
    cited = [n.citation for n in found.notes if n.citation is not None and n.citation.href]
    assert [c.outlet.domain for c in cited if c.outlet] == ["washingtonpost.com", "nytimes.com"]
    assert [c.report.date for c in cited if c.report] == ["2022-02-10", "2022-01-20"]
    assert [len(c.sentences) >= 5 for c in cited] == [True, True]
    kinds = {n.page.kind: n for n in found.notes if n.page is not None}
    assert set(kinds) == {"citation-share", "same-text", "since", "date"}
    assert "globalresearch.ca" in kinds["same-text"].text
    assert found.outlet is not None
    assert found.outlet.domain == "veteranstoday.com"
    assert "vtforeignpolicy.com is another address" in (found.outlet.reason or "")


@pytest.mark.parametrize(
    ("url", "original", "told"),
    [
        ("https://www.msn.com/a", "https://www.nytimes.com/a", True),
        ("https://vtforeignpolicy.com/a", "https://veteranstoday.com/a", False),
        ("https://washingtonpost.com.co/a", "https://www.washingtonpost.com/a", False),
    ],
)
def test_the_original_that_a_page_names_is_told_unless_it_is_its_own_or_imitated(
    url: str, original: str, told: bool
) -> None:
    html = f'<head><link rel="canonical" href="{original}"></head><p>The mill closed today.</p>'
    found = notes(NoteKind.DISCLAIMER, html=html, url=url)
    assert [note.disclaimer is not None and original in note.text for note in found] == (
        [True] if told else []
    )
