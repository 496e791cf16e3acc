"""The columns of sums by pair, and the constants by which both ways of adding up abide."""

from __future__ import annotations

from contextlib_news.matching.segment import FIELDS

__all__ = [
    "CLAIMANT",
    "COLUMNS",
    "LIKENESS_UNIT",
    "MAX_TERMS",
    "MAX_WORDINGS",
    "SHARES",
    "SPELLING_LIKENESS",
    "TEXT",
    "TITLE",
    "WINDOW_FACTOR",
    "WINDOW_LEAST",
    "WINDOW_MOST",
]

# First about the best wording, then about all wordings, then about the sentence. "shared" is in all
# of the sentence, "window" inside its best window; "spelled" is missing, but there in another
# spelling; "core" counts a term once for each wording that holds it, and "core_missing" is the
# heaviest missing term that two wordings hold.
COLUMNS = (
    "bm25", "window", "window_terms", "mass", "shared", "spelled", "neighbours", "ordered",
    "chained", "heaviest_missing", "heaviest_shared", "numbers", "numbers_shared", "numbers_met",
    "names", "names_shared", "terms", "field", "wording",
    "names_met", "whole", "whole_shared", "whole_terms", "square", "square_shared", "core",
    "core_total", "core_missing", "heaviest_unanswered",
    "said", "said_square", "said_terms", "said_numbers", "said_names", "renown",
)  # fmt: skip

# How much of the text, of the title, of all wordings in the mean and of the least covered one the
# sentence shares; .5 where there is no title.
SHARES = ("text_share", "title_share", "mean_share", "least_share")

# The stretch of a sentence in which a claim's words are looked for together.
WINDOW_FACTOR = 2
WINDOW_LEAST = 14
WINDOW_MOST = 80

# Wordings of a claim, and terms of a wording, that are looked at; bounds the cost of a long record.
MAX_WORDINGS = 16
MAX_TERMS = 96

# Two words whose trigrams overlap this much are taken for spellings of one (Dice, in thousandths).
SPELLING_LIKENESS = 600
LIKENESS_UNIT = 1_000

TEXT, TITLE, CLAIMANT = (FIELDS.index(name) for name in ("text", "title", "claimant"))
