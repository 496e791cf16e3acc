"""Adding up pairs in numpy, all terms of all wordings of all candidates at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import NAME, OFTEN, REPEAT, SEEN
from contextlib_news.matching.pair_columns import (
    CLAIMANT,
    COLUMNS,
    MAX_TERMS,
    MAX_WORDINGS,
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

# Positions in a sentence stay below this (MAX_TOKENS of the tokenizer, and a window more).
STRIDE = 4_096

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]


def add_up(
    segment: Segment,
    page: WeighedSentences,
    known: tuple[Integers, Integers],
    sentences: Integers,
    claims: Integers,
) -> tuple[Integers, Floats]:
    """Return the sums (pairs x COLUMNS, those of the sentence left 0) and the shares of pairs."""
    pairs = len(claims)
    starts = segment.claim_wordings[claims].astype(np.int64)
    pair, within = _expand(np.minimum(segment.claim_wordings[claims + 1] - starts, MAX_WORDINGS))
    wordings = starts[pair] + within
    first = segment.wording_starts[wordings].astype(np.int64)
    lengths = np.minimum(segment.wording_starts[wordings + 1] - first, MAX_TERMS)
    total = len(wordings)
    owner, place = _expand(lengths)
    at = first[owner] + place
    terms = segment.wording_terms[at].astype(np.int64)
    flags = segment.wording_flags[at]
    counted = (flags & REPEAT) == 0
    weights = np.where(counted, np.rint(segment.term_weights[terms] * np.float64(WEIGHT_UNIT)), 0.0)
    number = (segment.term_kinds[terms] == 1) & counted
    name = (flags & NAME) > 0
    holder = pair[owner]
    sentence = sentences[holder]
    spot = _spots(known, len(segment.term_keys) + 1, sentence, terms)
    hit = spot >= 0
    mass = _sum(owner, weights, total)
    shared = _sum(owner, weights * hit, total)
    width = np.clip(WINDOW_FACTOR * lengths, WINDOW_LEAST, WINDOW_MOST)
    inside, window = _windows(owner, spot, weights, hit & counted, width, total)
    field = segment.wording_field[wordings]
    told = field != CLAIMANT
    b = _best(pair, np.where(told, window * np.sqrt(window / np.maximum(mass, 1)), 0.0), pairs)
    names = page.sentences.names
    said_as_name = np.where(
        hit, names[page.sentences.begins[sentence] + np.maximum(spot, 0)] if len(names) else 0, 0
    )
    following = (owner[1:] == owner[:-1]) & hit[1:] & hit[:-1]
    step = spot[1:] - spot[:-1]
    close = following & (step > 0) & (step <= 2)
    once = (flags & (REPEAT | SEEN)) == 0
    often = (flags >> OFTEN).astype(np.float64)
    w = np.where(once, weights, 0.0)

    def of_wording(values: NDArray[np.generic]) -> Floats:
        return _sum(owner, values, total)[b]

    def of_whole(values: NDArray[np.generic]) -> Floats:
        return _sum(holder, values, pairs)

    chosen = np.zeros(total, bool)
    chosen[b] = True
    sums = {
        "window": window[b],
        "window_terms": of_wording(inside),
        "mass": mass[b],
        "shared": shared[b],
        "spelled": _spelled(segment, page, sentences, first[b], lengths[b], spot[chosen[owner]]),
        "neighbours": _sum(owner[1:], np.minimum(weights[1:], weights[:-1]) * close, total)[b],
        "ordered": _sum(owner[1:], following & (step > 0), total)[b],
        "chained": _sum(owner[1:], following, total)[b],
        "heaviest_missing": _most(owner, np.where(inside, 0.0, weights), total)[b],
        "heaviest_shared": _most(owner, np.where(inside, weights, 0.0), total)[b],
        "numbers": of_wording(number),
        "numbers_shared": of_wording(number & inside),
        "numbers_met": of_wording(number & hit),
        "names": of_wording(weights * name),
        "names_shared": of_wording(weights * (name & hit)),
        "terms": lengths[b],
        "field": field[b],
        "wording": wordings[b],
        "names_met": of_whole(w * said_as_name),
        "whole": of_whole(w),
        "whole_shared": of_whole(w * hit),
        "whole_terms": of_whole(once & hit),
        "square": of_whole(w * w),
        "square_shared": of_whole(w * w * hit),
        "core": of_whole(w * often * hit),
        "core_total": of_whole(w * often),
        "core_missing": _most(holder, np.where((often >= 2) & ~hit, w, 0.0), pairs),
        "heaviest_unanswered": _unanswered(page, sentences, holder, spot),
    }
    table = np.zeros((pairs, len(COLUMNS)), np.int64)
    for column, values in sums.items():
        table[:, COLUMNS.index(column)] = values
    share = shared / np.maximum(mass, 1)
    titles = _sum(pair, field == TITLE, pairs)
    least = np.minimum.reduceat(np.where(told, share, 1.0), np.flatnonzero(within == 0))
    shares = [
        _sum(pair, share * (field == TEXT), pairs),
        np.where(titles > 0, _sum(pair, share * (field == TITLE), pairs), 0.5),
        _sum(pair, share * told, pairs) / _sum(pair, told, pairs),
        least,
    ]
    return table, np.stack(shares, axis=1)


def _expand(counts: NDArray[np.generic]) -> tuple[Integers, Integers]:
    """Return for groups of these sizes the group and the place in it of every element."""
    sizes = counts.astype(np.int64)
    group = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    return group, np.arange(len(group), dtype=np.int64) - (np.cumsum(sizes) - sizes)[group]


def _sum(group: Integers, values: NDArray[np.generic], groups: int) -> Floats:
    return np.bincount(group, values, groups).astype(np.float64, copy=False)


def _most(group: Integers, values: Floats, groups: int) -> Floats:
    """Return the highest value of each group, 0 for an empty one; groups stand together."""
    highest = np.zeros(groups, np.float64)
    if len(group):
        begin = np.flatnonzero(np.diff(group, prepend=-1))
        highest[group[begin]] = np.maximum.reduceat(values, begin)
    return highest


def _best(group: Integers, values: Floats, groups: int) -> Integers:
    """Return the place of the first highest value of each group; every group has one."""
    highest = _most(group, values, groups)
    places = np.flatnonzero(values == highest[group])
    best = np.zeros(groups, np.int64)
    best[group[places][::-1]] = places[::-1]
    return best


def _spots(
    known: tuple[Integers, Integers], span: int, sentence: Integers, terms: Integers
) -> Integers:
    """Return where in its sentence each term stands first, -1 where it does not."""
    keys, places = known
    if not len(keys):
        return np.full(len(terms), -1, np.int64)
    wanted = sentence * span + terms
    found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[found] == wanted, places[found], -1)


def _windows(
    owner: Integers, spot: Integers, weights: Floats, hit: Truths, width: Integers, groups: int
) -> tuple[Truths, Floats]:
    """Return which terms stand in the heaviest stretch of the sentence, and its mass by group."""
    inside = np.zeros(len(owner), bool)
    mass = np.zeros(groups)
    (places,) = np.nonzero(hit)
    if not len(places):
        return inside, mass
    code = owner[places] * STRIDE + spot[places]
    order = np.argsort(code, kind="stable")
    places, code = places[order], code[order]
    group = owner[places]
    running = np.concatenate([[0.0], np.cumsum(weights[places])])
    ends = np.searchsorted(code, code + width[group])
    stretch = running[ends] - running[:-1]
    fresh = np.diff(group, prepend=-1) != 0
    begin, index = np.flatnonzero(fresh), np.cumsum(fresh) - 1
    highest = np.maximum.reduceat(stretch, begin)
    mass[group[begin]] = highest
    start = np.where(stretch == highest[index], code, np.iinfo(np.int64).max)
    opened = np.minimum.reduceat(start, begin)[index]
    inside[places] = (code >= opened) & (code < opened + width[group])
    return inside, mass


def _spelled(
    segment: Segment, page: WeighedSentences, sentences: Integers, first: Integers,
    lengths: Integers, spot: Integers,
) -> Floats:  # fmt: skip
    """Return the weight of a wording's missing words that the sentence has in another spelling."""
    pair, within = _expand(lengths)
    at = first[pair] + within
    terms = segment.wording_terms[at].astype(np.int64)
    grams = segment.term_trigrams[terms]
    (missing,) = np.nonzero(
        (spot < 0) & (grams > 0) & ((segment.wording_flags[at] & REPEAT) == 0)
    )  # fmt: skip
    sentence = sentences[pair[missing]]
    element, place = _expand(page.sentences.lengths[sentence])
    mine = grams[missing][element]
    theirs = page.sentences.trigrams[page.sentences.begins[sentence][element] + place]
    common = np.bitwise_count(mine & theirs).astype(np.int64)
    both = np.bitwise_count(mine).astype(np.int64) + np.bitwise_count(theirs)
    likeness = _most(element, (2_000 * common // np.maximum(both, 1)).astype(float), len(missing))
    gained = np.where(likeness >= SPELLING_LIKENESS, likeness, 0.0)
    weights = np.rint(segment.term_weights[terms[missing]] * np.float64(WEIGHT_UNIT))
    return _sum(pair[missing], gained * weights, len(first))


def _unanswered(
    page: WeighedSentences, sentences: Integers, holder: Integers, spot: Integers
) -> Floats:
    """Return the heaviest term of each pair's sentence that the claim does not hold."""
    lengths = page.sentences.lengths[sentences]
    element, place = _expand(lengths)
    offset = np.cumsum(lengths) - lengths
    met = np.zeros(len(element), bool)
    hit = spot >= 0
    met[offset[holder[hit]] + spot[hit]] = True
    weights = page.weights[page.sentences.begins[sentences][element] + place]
    return _most(element, np.where(met, 0.0, weights), len(sentences))
