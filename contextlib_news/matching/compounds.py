"""Words run together, read as the two that they are made of: "highesttaxed", "middleincome".

Transcripts and captions lose their hyphens, hashtags never had spaces. Such a word is in no list of
words and in no claim, and finds nothing; its parts do.
"""

from __future__ import annotations

from contextlib_news.matching.frequencies import english_zipf

__all__ = ["split_compound"]

# Each part is a well-known word (Zipf 3.5: three in a million) of three letters or more: of two
# letters nearly anything can be made. Chosen on train queries (docs/decisions/0003).
LEAST_ZIPF = 3.5
SHORTEST_PART = 3
LONGEST_WORD = 30


def split_compound(word: str) -> tuple[str, str] | None:
    """Return the two well-known English words that an unknown one is made of, else None.

    Of several ways to cut it, the one whose rarer part is the most common; parts are in lower case.
    Words of the list stay whole, those longer than 30 letters, and those with a capital and small
    letters behind it, which are names more often: "Farrow" is not far from a row.

    >>> split_compound("highesttaxed")
    ('highest', 'taxed')
    """
    if not 2 * SHORTEST_PART <= len(word) <= LONGEST_WORD or not word.isascii():
        return None
    folded = word.lower()
    if not word.isalpha() or word == folded.capitalize() or english_zipf(folded) > 0:
        return None
    best: tuple[str, str] | None = None
    common = LEAST_ZIPF
    for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
        rarer = english_zipf(folded[:cut])
        if rarer >= common and (rarer := min(rarer, english_zipf(folded[cut:]))) >= common:
            best, common = (folded[:cut], folded[cut:]), rarer
    return best
