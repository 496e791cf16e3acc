"""The answer for one page as one HTML file that stands alone and can be printed.

Every text goes through :func:`html.escape`, every address through a check of its scheme: page
text, claims and ratings are hostile.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from contextlib_news.formats.text import HEADINGS
from contextlib_news.models import Annotation, Note, Outlet, Report
from contextlib_news.wording import (
    describe_fact,
    describe_rating,
    outlet_remarks,
    rating_remarks,
    spell_date,
)

__all__ = ["annotation_to_html"]

STYLE = """
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
article { border-inline-start: .25rem solid #8888; padding-inline-start: 1rem; margin: 1.25rem 0; }
blockquote { margin: 0 0 .5rem; font-family: Georgia, serif; }
h3 { font-size: 1rem; margin: 0; } p { margin: .25rem 0; } small { opacity: .8; }
a { overflow-wrap: anywhere; }
"""


def annotation_to_html(annotation: Annotation) -> str:
    """Return a complete HTML document: the page's outlet, then the notes grouped by kind."""
    return "\n".join(_lines(annotation)) + "\n"


def _lines(annotation: Annotation) -> Iterator[str]:
    document, outlet = annotation.document, annotation.outlet
    title = document.title or document.url or "Untitled page"
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>Notes on {_text(title)}</title><style>{STYLE}</style></head><body>"
    yield f"<h1>{_text(title)}</h1>"
    if document.url:
        yield f"<p>{_link(document.url, document.url)}</p>"
    yield (
        f"<p>Of {document.sentences} sentences {document.checkworthy} state something checkable, "
        f"{document.matched} matched a claim on record; the rest was not checked.</p>"
    )
    if outlet is not None:
        yield f"<h2>Published by {_text(outlet.name)} ({_text(outlet.domain)})</h2>"
        yield from _outlet(outlet)
    for kind, heading in HEADINGS.items():
        notes = [note for note in annotation.notes if note.kind is kind]
        if notes:
            yield f"<h2>{_text(heading)} ({len(notes)})</h2>"
            for note in notes:
                yield from _note(note)
    yield "</body></html>"


def _outlet(outlet: Outlet) -> Iterator[str]:
    yield from (f"<p>{_text(line)}</p>" for line in outlet_remarks(outlet))
    for rows in (
        [_link(rating.url, describe_rating(rating)) for rating in outlet.ratings],
        [_link(fact.source, describe_fact(fact)) for fact in outlet.facts],
    ):
        if rows:
            yield f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>"
    yield from (f"<p>{_text(line)}</p>" for line in rating_remarks(outlet))


def _note(note: Note) -> Iterator[str]:
    yield "<article>"
    if note.target.exact and note.disclaimer is None:
        yield f"<blockquote>{_text(note.target.exact)}</blockquote>"
    yield f"<h3>{_text(note.title)}</h3>"
    if note.claim is not None:
        verdict = note.claim.verdict.value if note.claim.verdict else "no verdict"
        yield f"<p>Claim: {_text(note.claim.text)} <small>({_text(verdict)})</small></p>"
    yield f"<p>{_text(note.text)}</p>"
    if note.citation is not None and note.citation.href:
        yield f"<p>{_link(note.citation.href, note.citation.href)}</p>"
    for heading, reports in (
        ("Reports that support the claim", note.corroborating),
        ("Reports that say otherwise", note.contradicting),
    ):
        if reports:
            yield f"<p><small>{heading}</small></p><ul>"
            for report in reports:
                yield f"<li>{_link(report.url, _report(report))}</li>"
            yield "</ul>"
    yield "</article>"


def _report(report: Report) -> str:
    when = spell_date(report.date)
    return f"{report.outlet}: {report.title}" + (f" ({when})" if when else "")


def _text(text: str) -> str:
    return escape(text.encode("utf-8", "replace").decode("utf-8"))


def _link(url: str | None, words: str) -> str:
    """Return a link where the address is one a reader may follow, else the words alone."""
    try:
        safe = url is not None and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        safe = False
    if not safe or url is None:
        return _text(words)
    return f'<a href="{_text(url)}" rel="noopener noreferrer">{_text(words)}</a>'
