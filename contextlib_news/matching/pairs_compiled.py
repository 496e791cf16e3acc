"""Adding up pairs in one loop, compiled by numba; the same sums as ``pairs_vectorised``.

Without numba nothing here is called.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import NAME, OFTEN, REPEAT, SEEN
from contextlib_news.matching.kernels import compiled, frozen
from contextlib_news.matching.pair_columns import (
    CLAIMANT,
    COLUMNS,
    MAX_TERMS,
    MAX_WORDINGS,
    SHARES,
    SPELLING_LIKENESS,
    TEXT,
    TITLE,
    WINDOW_FACTOR,
    WINDOW_LEAST,
    WINDOW_MOST,
)
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.sentences import WEIGHT_UNIT, WeighedSentences

__all__ = ["add_up"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

(
    _, WINDOW, WINDOW_TERMS, MASS, SHARED, SPELLED, NEIGHBOURS, ORDERED, CHAINED, MISSING, HEAVIEST,
    NUMBERS, NUMBERS_SHARED, NUMBERS_MET, NAMES, NAMES_SHARED, TERMS, FIELD, WORDING, NAMES_MET,
    WHOLE, WHOLE_SHARED, WHOLE_TERMS, SQUARE, SQUARE_SHARED, CORE, CORE_TOTAL, CORE_MISSING,
    UNANSWERED,
) = range(COLUMNS.index("said"))  # fmt: skip

# Of the terms of a sentence the last bits are kept apart: most terms of a claim are none of them,
# and are told so by one look.
SLOTS = 256

SEEN_BEFORE = REPEAT | SEEN


def add_up(
    segment: Segment,
    page: WeighedSentences,
    known: tuple[Integers, Integers],
    sentences: Integers,
    claims: Integers,
) -> tuple[Integers, Floats]:
    """Return the sums (pairs x COLUMNS, those of the sentence left 0) and the shares of pairs."""
    table = np.zeros((len(claims), len(COLUMNS)), np.int64)
    shares = np.zeros((len(claims), len(SHARES)), np.float64)
    keys, spots = known
    span = len(segment.term_keys) + 1
    bounds = np.searchsorted(keys, np.arange(len(page.sentences.lengths) + 1) * span)
    longest = int(page.sentences.lengths.max(initial=0))
    held = frozen(
        segment.claim_wordings, segment.wording_starts, segment.wording_terms,
        segment.wording_flags, segment.wording_field, segment.term_weights, segment.term_kinds,
        segment.term_trigrams,
    )  # fmt: skip
    said = frozen(
        page.sentences.begins, page.sentences.lengths, page.weights, page.sentences.names,
        page.sentences.trigrams, sentences, claims,
    )  # fmt: skip
    _loop(*held, *frozen(keys, spots, bounds), span, *said, longest, table, shares)
    return table, shares


@compiled
def _loop(
    claim_wordings: Any, wording_starts: Any, wording_terms: Any, wording_flags: Any,
    wording_field: Any, term_weights: Any, term_kinds: Any, term_trigrams: Any, keys: Any,
    spots: Any, bounds: Any, span: Any, begins: Any, lengths: Any, said: Any, names: Any,
    trigrams: Any, sentences: Any, claims: Any, longest: Any, table: Any, shares: Any,
) -> None:  # fmt: skip
    sizes = np.empty(len(trigrams), np.int64)
    for place in range(len(trigrams)):
        sizes[place] = _bits(trigrams[place])
    met = np.zeros(longest + 1, np.uint8)
    spot = np.zeros(MAX_TERMS, np.int64)
    weight = np.zeros(MAX_TERMS, np.int64)
    order = np.zeros(MAX_TERMS, np.int64)
    maybe = np.zeros(SLOTS, np.bool_)
    last_sentence = -1
    for pair in range(len(claims)):
        sentence = sentences[pair]
        begin, length = begins[sentence], lengths[sentence]
        low, high = bounds[sentence], bounds[sentence + 1]
        met[:length] = 0
        if sentence != last_sentence:
            last_sentence = sentence
            maybe[:] = False
            for place in range(low, high):
                maybe[(keys[place] - sentence * span) & (SLOTS - 1)] = True
        row = table[pair]
        fittest = -1.0
        told, share_sum, least, at_text, at_title = 0, 0.0, 1.0, 0.0, -1.0
        first_wording = claim_wordings[claims[pair]]
        last_wording = min(claim_wordings[claims[pair] + 1], first_wording + MAX_WORDINGS)
        for wording in range(first_wording, last_wording):
            start = wording_starts[wording]
            count = min(wording_starts[wording + 1] - start, MAX_TERMS)
            field = wording_field[wording]
            mass, shared = 0, 0
            for i in range(count):
                term = wording_terms[start + i]
                flags = wording_flags[start + i]
                w: Any = 0
                if flags & REPEAT == 0:
                    w = np.int64(np.rint(np.float64(term_weights[term]) * WEIGHT_UNIT))
                weight[i] = w
                here = -1
                if maybe[term & (SLOTS - 1)]:
                    found = _find(keys, low, high, sentence * span + term)
                    if found >= 0:
                        here = spots[found]
                spot[i] = here
                mass += w
                often = flags >> OFTEN
                once = flags & SEEN_BEFORE == 0
                if here >= 0:
                    shared += w
                    met[here] = 1
                if once:
                    row[WHOLE] += w
                    row[SQUARE] += w * w
                    row[CORE_TOTAL] += w * often
                    if here >= 0:
                        row[NAMES_MET] += w * names[begin + here]
                        row[WHOLE_SHARED] += w
                        row[WHOLE_TERMS] += 1
                        row[SQUARE_SHARED] += w * w
                        row[CORE] += w * often
                    elif often >= 2 and w > row[CORE_MISSING]:
                        row[CORE_MISSING] = w
            share = shared / max(mass, 1)
            if field == TEXT:
                at_text += share
            elif field == TITLE:
                at_title = max(at_title, 0.0) + share
            if field != CLAIMANT:
                told += 1
                share_sum += share
                least = min(least, share)
            # The heaviest stretch of the sentence.
            width = min(max(WINDOW_FACTOR * count, WINDOW_LEAST), WINDOW_MOST)
            hits = 0
            for i in range(count):
                if spot[i] >= 0 and wording_flags[start + i] & REPEAT == 0:
                    j = hits
                    while j > 0 and spot[order[j - 1]] > spot[i]:
                        order[j] = order[j - 1]
                        j -= 1
                    order[j] = i
                    hits += 1
            window, opened, end, running = 0, -1, 0, 0
            for i in range(hits):
                while end < hits and spot[order[end]] < spot[order[i]] + width:
                    running += weight[order[end]]
                    end += 1
                if opened < 0 or running > window:
                    window, opened = running, spot[order[i]]
                running -= weight[order[i]]
            fitness = window * np.sqrt(window / max(mass, 1)) if field != CLAIMANT else 0.0
            if fitness <= fittest:
                continue
            fittest = fitness
            for column in range(WINDOW, NAMES_MET):
                row[column] = 0
            row[WINDOW], row[MASS], row[SHARED] = window, mass, shared
            row[TERMS], row[FIELD], row[WORDING] = count, field, wording
            for i in range(count):
                flags = wording_flags[start + i]
                counted = flags & REPEAT == 0
                w, here = weight[i], spot[i]
                inside = counted and here >= 0 and opened <= here < opened + width
                if inside:
                    row[WINDOW_TERMS] += 1
                    row[HEAVIEST] = max(row[HEAVIEST], w)
                else:
                    row[MISSING] = max(row[MISSING], w)
                if counted and term_kinds[wording_terms[start + i]] == 1:
                    row[NUMBERS] += 1
                    row[NUMBERS_SHARED] += inside
                    row[NUMBERS_MET] += here >= 0
                if flags & NAME:
                    row[NAMES] += w
                    if here >= 0:
                        row[NAMES_SHARED] += w
                if i > 0 and here >= 0 and spot[i - 1] >= 0:
                    row[CHAINED] += 1
                    step = here - spot[i - 1]
                    if step > 0:
                        row[ORDERED] += 1
                        if step <= 2:
                            row[NEIGHBOURS] += min(w, weight[i - 1])
        wording = row[WORDING]
        start = wording_starts[wording]
        for i in range(row[TERMS]):
            term = wording_terms[start + i]
            mine = term_trigrams[term]
            if mine == 0 or wording_flags[start + i] & REPEAT:
                continue
            if maybe[term & (SLOTS - 1)] and _find(keys, low, high, sentence * span + term) >= 0:
                continue
            likeness = 0
            size = _bits(mine)
            for place in range(begin, begin + length):
                common = 2_000 * _bits(mine & trigrams[place])
                both = size + sizes[place]
                # Few are alike enough to be worth a division.
                if common >= SPELLING_LIKENESS * both:
                    likeness = max(likeness, common // both)
            if likeness > 0:
                w = np.int64(np.rint(np.float64(term_weights[term]) * WEIGHT_UNIT))
                row[SPELLED] += likeness * w
        for place in range(length):
            if met[place] == 0 and said[begin + place] > row[UNANSWERED]:
                row[UNANSWERED] = said[begin + place]
        shares[pair, 0] = at_text
        shares[pair, 1] = at_title if at_title >= 0 else 0.5
        shares[pair, 2] = share_sum / told
        shares[pair, 3] = least


@compiled
def _find(keys: Any, low: Any, high: Any, wanted: Any) -> Any:
    """Return the place of a key between two places, -1 where it is not."""
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    if low < len(keys) and keys[low] == wanted:
        return low
    return -1


@compiled
def _bits(value: Any) -> Any:
    """Return how many bits of 64 are set (Hamming weight by halves)."""
    value = value - ((value >> np.uint64(1)) & np.uint64(0x5555555555555555))
    value = (value & np.uint64(0x3333333333333333)) + (
        (value >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    value = (value + (value >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((value * np.uint64(0x0101010101010101)) >> np.uint64(56))
