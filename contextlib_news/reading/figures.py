"""Figures of one page that do not agree with each other; no database needed.

Conservative on purpose: a wrong figure note is worse than none. Stated totals and their parts,
stated lengths of time and the page's dates, one quantity given twice, percentages and what they
are of.
"""

from __future__ import annotations

from contextlib_news.models import Document, Figure
from contextlib_news.reading.repeats import find_other_values
from contextlib_news.reading.stated_spans import find_wrong_spans
from contextlib_news.reading.stated_sums import find_wrong_shares, find_wrong_sums

__all__ = ["check_figures"]

MAX_FIGURES = 20
MAX_SENTENCES = 2_000

# A shorter sentence without a digit states no two figures.
FEWEST_CHARACTERS = 12


def check_figures(document: Document) -> tuple[Figure, ...]:
    """Return the figures that contradict each other, at the span of the stated one; at most 20."""
    found: list[Figure] = []
    sentences = document.sentences[:MAX_SENTENCES]
    for sentence in sentences:
        if len(sentence.text) < FEWEST_CHARACTERS and not any(map(str.isdigit, sentence.text)):
            continue
        found += find_wrong_sums(sentence)
        found += find_wrong_shares(sentence)
        found += find_wrong_spans(sentence, sentences, document.date)
        if len(found) >= MAX_FIGURES:
            break
    found += find_other_values(sentences)
    return tuple(sorted(found, key=lambda figure: figure.start)[:MAX_FIGURES])
