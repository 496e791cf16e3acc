"""The answer for one page as a person wants to read it in a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from contextlib_news.models import Annotation, Note, NoteKind, Report, Stance, Verdict
from contextlib_news.wording import (
    describe_fact,
    describe_rating,
    outlet_remarks,
    rating_remarks,
    spell_date,
)

__all__ = ["annotation_to_text", "plain"]

HEADINGS = {
    NoteKind.DISCLAIMER: "What the page says about itself",
    NoteKind.PAGE: "About the page",
    NoteKind.CLAIM: "Claims",
    NoteKind.FIGURE: "Figures that do not agree",
    NoteKind.QUOTATION: "Quotations",
    NoteKind.CITATION: "Sources the page names",
}

# SGR codes that every terminal in use knows; bright ones are left out, as they vanish on white.
COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}

VERDICT_COLOURS = {
    Verdict.CORROBORATED: "green",
    Verdict.CONTRADICTED: "red",
    Verdict.DISPUTED: "yellow",
    Verdict.UNVERIFIED: "yellow",
}

STANCE_WORDS = {
    Stance.SUPPORTS: "page asserts it",
    Stance.REFUTES: "page says otherwise",
    Stance.DISCUSSES: "page mentions it",
}


def annotation_to_text(annotation: Annotation, *, width: int = 88, colour: bool = False) -> str:
    """Return the notes grouped by kind, wrapped to ``width`` columns, coloured on request.

    Control characters of the page never reach the terminal: they are replaced.
    """
    return "\n".join(_Printer(max(40, width), colour).lines(annotation)) + "\n"


class _Printer:
    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour

    def lines(self, annotation: Annotation) -> Iterator[str]:
        document, outlet = annotation.document, annotation.outlet
        yield from self.wrap(document.title or document.url or "Untitled page", "", "bold")
        yield from self.wrap(
            f"Of {document.sentences} sentences {document.checkworthy} state something checkable, "
            f"{document.matched} matched a claim on record; the rest was not checked.",
            "",
        )
        if outlet is not None:
            yield ""
            yield from self.wrap(f"Published by {outlet.name} ({outlet.domain})", "", "bold")
            for line in outlet_remarks(outlet):
                yield from self.wrap(line, "  ")
            for rating in outlet.ratings:
                yield from self.wrap(describe_rating(rating), "  - ")
                if rating.url:
                    yield self.paint(f"    {plain(rating.url)}", "dim")
            for line in rating_remarks(outlet):
                yield from self.wrap(line, "  ")
            for fact in outlet.facts:
                yield from self.wrap(describe_fact(fact), "  - ")
                yield self.paint(f"    {plain(fact.source)}", "dim")
        for kind, heading in HEADINGS.items():
            notes = [note for note in annotation.notes if note.kind is kind]
            if notes:
                yield ""
                yield self.paint(f"{heading} ({len(notes)})", "bold")
                for note in notes:
                    yield from self.note(note)

    def note(self, note: Note) -> Iterator[str]:
        if note.target.exact and note.kind is not NoteKind.DISCLAIMER:
            yield from self.wrap(f"“{_shorten(note.target.exact)}”", "  ", "cyan")
        if note.kind is NoteKind.CLAIM and note.claim is not None:
            yield from self.claim(note)
        else:
            yield from self.wrap(f"{note.title}. {note.text}", "    ")

    def claim(self, note: Note) -> Iterator[str]:
        claim = note.claim
        if claim is None:
            return
        verdict = claim.verdict.value if claim.verdict else "no verdict"
        stance = STANCE_WORDS.get(note.stance, "") if note.stance else ""
        tone = VERDICT_COLOURS.get(claim.verdict, "dim") if claim.verdict else "dim"
        yield from self.wrap(f"Claim: {claim.text}", "    ")
        yield f"    {self.paint(verdict, tone)} · {stance} · match {note.score or 0:.0%}"
        yield from self.wrap(note.text, "    ")
        for sign, reports in (("+", note.corroborating), ("-", note.contradicting)):
            for report in reports:
                yield from self.wrap(_report_line(report), f"    {sign} ")
                if report.url:
                    yield self.paint(f"      {plain(report.url)}", "dim")

    def wrap(self, text: str, indent: str, colour: str | None = None) -> Iterator[str]:
        lines = textwrap.wrap(
            plain(text),
            self.width,
            initial_indent=indent,
            subsequent_indent=" " * len(indent),
            break_on_hyphens=False,
        )
        for line in lines:
            yield self.paint(line, colour) if colour else line

    def paint(self, text: str, colour: str) -> str:
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self.colour else text


def _report_line(report: Report) -> str:
    when = spell_date(report.date)
    origin = f", from {report.origin}" if report.origin and report.origin != report.outlet else ""
    return f"{report.outlet}{origin}: {report.title}" + (f" ({when})" if when else "")


def _shorten(text: str, limit: int = 240) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rsplit(" ", 1)[0] + " …"


def plain(text: str) -> str:
    """Return the text without characters that could steer a terminal."""
    return "".join(c if c.isprintable() or c == "\u00a0" else " " for c in text)
