"""The words a claim is listed by, folded once for both databases.

SQLite's full text and PostgreSQL's know other languages and fold other accents; so the words are
folded here, by the library, and both only index them. A search finds the same claims on either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from contextlib_news.matching.normalize import tokenize

__all__ = ["MAX_WORDS", "fold_words"]

# A listing finds a claim by what it says first, not by the end of a long summary.
MAX_WORDS = 400

_MARKS = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f\s]+")


def fold_words(texts: Iterable[str], limit: int = MAX_WORDS) -> tuple[str, ...]:
    """Return the different folded words of texts in order, at most ``limit``.

    >>> fold_words(["Zoë’s 3,000 bridges", "The bridges"])
    ('zoe', '3000', 'bridges', 'the')
    """
    words: dict[str, None] = {}
    for text in texts:
        for token in tokenize(text):
            for part in _MARKS.split(token.text):
                if part:
                    words.setdefault(part)
            if len(words) >= limit:
                return tuple(words)[:limit]
    return tuple(words)
