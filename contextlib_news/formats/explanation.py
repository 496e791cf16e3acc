"""Why a sentence matched a claim, as a person wants to read it in a terminal.

Parts of the score that are 0 are left out here; the JSON form has them all.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from contextlib_news.formats.text import plain
from contextlib_news.matching.explain import Explanation
from contextlib_news.models import Difference

__all__ = ["explanation_to_dict", "explanation_to_text"]

INDENT = " " * 7
LABEL = 18

# A part of the score takes so many columns; two of them stand beside each other where they fit.
PART = 38
VALUE = 6
GAP = 3


def explanation_to_text(
    explanation: Explanation, differences: Sequence[Difference] = (), *, width: int = 88
) -> str:
    """Return the field that matched, words, differences and parts, wrapped to ``width`` columns.

    Control characters of sentence and claim never reach the terminal: they are replaced.
    """
    return "\n".join(_lines(explanation, differences, max(40, width))) + "\n"


def explanation_to_dict(
    explanation: Explanation, differences: Sequence[Difference] = ()
) -> dict[str, object]:
    """Return the same as values for JSON, all parts of the score among them."""
    return {
        "wording": explanation.wording,
        "shared": [list(pair) for pair in explanation.shared],
        "only_in_sentence": list(explanation.only_in_sentence),
        "only_in_claim": list(explanation.only_in_claim),
        "differences": [
            {"kind": d.kind.value, "page": d.page, "claim": d.claim} for d in differences
        ],
        "parts": {name: float(value) for name, value in explanation.parts.items()},
    }


def _lines(
    explanation: Explanation, differences: Sequence[Difference], width: int
) -> Iterator[str]:
    shared = [
        one if one.casefold() == other.casefold() else f"{one} = {other}"
        for one, other in explanation.shared
    ]
    yield from _row("matched in", f"{explanation.field}: {explanation.wording}", width)
    yield from _row("shared words", ", ".join(shared) or "none", width)
    yield from _row("only the sentence", ", ".join(explanation.only_in_sentence) or "-", width)
    yield from _row("only the claim", ", ".join(explanation.only_in_claim) or "-", width)
    for difference in differences:
        words = f"{difference.kind.value}: {difference.page} / {difference.claim}"
        yield from _row("differs in", words, width)
    yield from _parts(explanation, width)


def _row(label: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        plain(text),
        width,
        initial_indent=f"{INDENT}{label:<{LABEL}}",
        subsequent_indent=INDENT + " " * LABEL,
        break_on_hyphens=False,
    )


def _parts(explanation: Explanation, width: int) -> Iterator[str]:
    """Yield the parts from top to bottom, in two columns where the terminal is wide enough."""
    cells = [
        f"{name.replace('_', ' '):<{PART - VALUE}}{value:>{VALUE}.3f}"
        for name, value in explanation.parts.items()
        if name != "score" and round(value, 3)
    ]
    columns = 2 if width >= len(INDENT) + 2 * PART + GAP else 1
    height = -(-len(cells) // columns)
    if cells:
        yield f"{INDENT}parts of the score, 0 left out"
    for at in range(height):
        yield INDENT + (" " * GAP).join(cells[at::height]).rstrip()
