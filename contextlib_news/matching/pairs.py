"""What sentence and claim share and do not share, added up for all candidates of a page at once.

A claim is looked at by each of its wordings; the one that the sentence covers best counts. Weights
of shared and missing terms are added up inside the best window of the sentence and in all of it,
because a sentence of news often makes three claims at once; over all wordings together; and over
figures, names and neighbouring words on their own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.build import IMPACT_LEVELS, NAME, OFTEN, REPEAT, SEEN
from contextlib_news.matching.retrieval import WEIGHT_STEPS, WeighedQuery
from contextlib_news.matching.segment import FIELDS, Segment

__all__ = ["PairSums", "SentenceSums", "add_up_pairs", "add_up_sentences"]

# The stretch of a sentence in which a claim's words are looked for together.
WINDOW_FACTOR = 2
WINDOW_LEAST = 14
WINDOW_MOST = 80

# Wordings of a claim, and terms of a wording, that are looked at; bounds the cost of a long record.
MAX_WORDINGS = 16
MAX_TERMS = 96

# Two words whose trigrams overlap this much are taken for spellings of one (Dice, 0..1).
SPELLING_LIKENESS = 0.6

# Positions in a sentence stay below this (MAX_TOKENS of the tokenizer, and a window more).
STRIDE = 4_096

TEXT, TITLE, CLAIMANT = (FIELDS.index(name) for name in ("text", "title", "claimant"))

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PairSums:
    """Sums by pair: weights of terms where nothing else is said, else counts or shares (0..1).

    The first block is about the best wording, the second about all wordings, the third about the
    sentence.
    """

    bm25: Floats
    window: Floats  # shared inside the best window
    window_terms: Floats
    mass: Floats
    shared: Floats
    spelled: Floats  # missing, but there in another spelling
    neighbours: Floats
    ordered: Floats  # counts: shared neighbours in the same order, and all shared neighbours
    chained: Floats
    heaviest_missing: Floats
    heaviest_shared: Floats
    numbers: Floats  # counts
    numbers_shared: Floats
    numbers_met: Floats
    names: Floats
    names_shared: Floats
    terms: Floats
    headline: Floats
    text_share: Floats
    title_share: Floats
    mean_share: Floats
    least_share: Floats
    names_met: Floats
    whole: Floats
    whole_shared: Floats
    whole_terms: Floats
    square: Floats
    square_shared: Floats
    core: Floats  # shared, a term counted once for each wording that holds it
    core_total: Floats
    core_missing: Floats  # the heaviest missing term that two wordings hold
    heaviest_unanswered: Floats
    said: Floats
    said_square: Floats
    said_terms: Floats
    said_numbers: Floats
    said_names: Floats
    wording: Integers
    verbatim: Truths

    @classmethod
    def joined(cls, parts: list[PairSums]) -> PairSums:
        """Return the sums of several segments one after another."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))


@dataclass(frozen=True, slots=True)
class SentenceSums:
    """Sentences laid end to end, and sums by sentence over its distinct terms."""

    lengths: Integers
    begins: Integers
    weights: Floats  # of repeated terms only the first has one
    first: Integers  # where in its sentence the same term stands first
    names: NDArray[np.uint8]
    trigrams: NDArray[np.uint64]
    said: Floats
    square: Floats
    terms: Floats
    numbers: Floats
    named: Floats


def add_up_sentences(queries: list[WeighedQuery]) -> SentenceSums:
    """Return what the sentences of a page weigh."""
    lengths = np.array([len(query.ids) for query in queries], np.int64)
    owner, place = _expand(lengths)
    keys = np.concatenate([query.query.keys for query in queries])
    order = np.lexsort((place, keys, owner))
    fresh = np.ones(len(keys), bool)
    fresh[1:] = (np.diff(owner[order]) != 0) | (keys[order][1:] != keys[order][:-1])
    leader = order[fresh][np.cumsum(fresh) - 1]
    first = np.empty(len(keys), np.int64)
    first[order] = place[leader]
    once = first == place
    weights = np.concatenate([query.weights for query in queries]) * once
    names = np.concatenate([query.query.names for query in queries])
    numbers = np.concatenate([query.query.numbers for query in queries])
    count = len(queries)
    return SentenceSums(
        lengths=lengths,
        begins=np.cumsum(lengths) - lengths,
        weights=weights,
        first=first,
        names=names,
        trigrams=np.concatenate([query.query.trigrams for query in queries]),
        said=_sum(owner, weights, count),
        square=_sum(owner, weights * weights, count),
        terms=_sum(owner, once, count),
        numbers=_sum(owner, numbers * once, count),
        named=_sum(owner, weights * names, count),
    )


def add_up_pairs(
    segment: Segment,
    queries: list[WeighedQuery],
    page: SentenceSums,
    sentences: Integers,
    claims: Integers,
    bm25: Integers,
) -> PairSums:
    """Return the sums of pairs: the number of a query, a claim of the segment, and its BM25 sum."""
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
    weights = np.where(counted, segment.term_weights[terms].astype(np.float64), 0.0)
    number = (segment.term_kinds[terms] == 1) & counted
    name = (flags & NAME) > 0
    holder = pair[owner]
    sentence = sentences[holder]
    spot = _spots(queries, len(segment.term_keys) + 1, sentence, terms)
    hit = spot >= 0
    mass = _sum(owner, weights, total)
    shared = _sum(owner, weights * hit, total)
    width = np.clip(WINDOW_FACTOR * lengths, WINDOW_LEAST, WINDOW_MOST)
    inside, window = _windows(owner, spot, weights, hit & counted, width, total)
    field = segment.wording_field[wordings]
    told = field != CLAIMANT
    fitness = np.where(told, window * np.sqrt(window / (mass + 1e-6)), 0.0)
    b = _best(pair, fitness, pairs)
    said_as_name = np.where(hit, page.names[page.begins[sentence] + np.maximum(spot, 0)], 0)
    following = (owner[1:] == owner[:-1]) & hit[1:] & hit[:-1]
    step = spot[1:] - spot[:-1]
    close = following & (step > 0) & (step <= 2)
    share = shared / (mass + 1e-6)
    titles = _sum(pair, field == TITLE, pairs)
    once = (flags & (REPEAT | SEEN)) == 0
    often = (flags >> OFTEN).astype(np.float64)
    w = np.where(once, weights, 0.0)

    def of_wording(values: NDArray[np.generic]) -> Floats:
        return _sum(owner, values, total)[b]

    def of_whole(values: NDArray[np.generic]) -> Floats:
        return _sum(holder, values, pairs)

    return PairSums(
        bm25=bm25 / (WEIGHT_STEPS * IMPACT_LEVELS),
        window=window[b],
        window_terms=of_wording(inside),
        mass=mass[b],
        shared=shared[b],
        spelled=_spelled(
            segment, page, sentences, first[b], lengths[b], spot[_of(owner, b, total)]
        ),
        neighbours=_sum(owner[1:], np.minimum(weights[1:], weights[:-1]) * close, total)[b],
        ordered=_sum(owner[1:], following & (step > 0), total)[b],
        chained=_sum(owner[1:], following, total)[b],
        heaviest_missing=_most(owner, np.where(inside, 0.0, weights), total)[b],
        heaviest_shared=_most(owner, np.where(inside, weights, 0.0), total)[b],
        numbers=of_wording(number),
        numbers_shared=of_wording(number & inside),
        numbers_met=of_wording(number & hit),
        names=of_wording(weights * name),
        names_shared=of_wording(weights * (name & hit)),
        terms=lengths[b].astype(np.float64),
        headline=(field[b] >= TITLE).astype(np.float64),
        text_share=_sum(pair, share * (field == TEXT), pairs),
        title_share=np.where(titles > 0, _sum(pair, share * (field == TITLE), pairs), 0.5),
        mean_share=_sum(pair, share * told, pairs) / _sum(pair, told, pairs),
        least_share=1.0 - _most(pair, np.where(told, 1.0 - share, 0.0), pairs),
        names_met=of_whole(w * said_as_name),
        whole=of_whole(w),
        whole_shared=of_whole(w * hit),
        whole_terms=of_whole(once & hit),
        square=of_whole(w * w),
        square_shared=of_whole(w * w * hit),
        core=of_whole(w * often * hit),
        core_total=of_whole(w * often),
        core_missing=_most(holder, np.where((often >= 2) & ~hit, w, 0.0), pairs),
        heaviest_unanswered=_unanswered(page, sentences, holder, spot),
        said=page.said[sentences],
        said_square=page.square[sentences],
        said_terms=page.terms[sentences],
        said_numbers=page.numbers[sentences],
        said_names=page.named[sentences],
        wording=wordings[b],
        verbatim=_verbatim(segment, queries, sentences, first[b], lengths[b], shared[b], mass[b]),
    )


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


def _spots(queries: list[WeighedQuery], span: int, sentence: Integers, terms: Integers) -> Integers:
    """Return where in its sentence each term stands first, -1 where it does not."""
    ids = np.concatenate([query.ids for query in queries])
    owner, place = _expand(np.array([len(query.ids) for query in queries], np.int64))
    (known,) = np.nonzero(ids >= 0)
    words, index = np.unique(owner[known] * span + ids[known], return_index=True)
    if not len(words):
        return np.full(len(terms), -1, np.int64)
    wanted = sentence * span + terms
    found = np.minimum(np.searchsorted(words, wanted), len(words) - 1)
    return np.where(words[found] == wanted, place[known][index][found], -1)


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
    stretch = np.round(running[ends] - running[:-1], 9)
    fresh = np.diff(group, prepend=-1) != 0
    begin, index = np.flatnonzero(fresh), np.cumsum(fresh) - 1
    highest = np.maximum.reduceat(stretch, begin)
    mass[group[begin]] = highest
    start = np.where(stretch == highest[index], code, np.iinfo(np.int64).max)
    opened = np.minimum.reduceat(start, begin)[index]
    inside[places] = (code >= opened) & (code < opened + width[group])
    return inside, mass


def _of(owner: Integers, wordings: Integers, total: int) -> Truths:
    """Return which terms belong to one of these wordings."""
    chosen = np.zeros(total, bool)
    chosen[wordings] = True
    return chosen[owner]


def _spelled(
    segment: Segment, page: SentenceSums, sentences: Integers, first: Integers, lengths: Integers,
    spot: Integers,
) -> Floats:  # fmt: skip
    """Return the weight of a wording's missing words that the sentence has in another spelling."""
    pair, within = _expand(lengths)
    at = first[pair] + within
    terms = segment.wording_terms[at].astype(np.int64)
    grams = segment.term_trigrams[terms]
    (missing,) = np.nonzero((spot < 0) & (grams > 0) & ((segment.wording_flags[at] & REPEAT) == 0))
    sentence = sentences[pair[missing]]
    element, place = _expand(page.lengths[sentence])
    mine = grams[missing][element]
    theirs = page.trigrams[page.begins[sentence][element] + place]
    common = np.bitwise_count(mine & theirs).astype(np.float64)
    dice = 2 * common / np.maximum(np.bitwise_count(mine) + np.bitwise_count(theirs), 1)
    likeness = _most(element, dice, len(missing))
    gained = np.where(likeness >= SPELLING_LIKENESS, likeness, 0.0)
    return _sum(pair[missing], gained * segment.term_weights[terms[missing]], len(first))


def _unanswered(
    page: SentenceSums, sentences: Integers, holder: Integers, spot: Integers
) -> Floats:
    """Return the heaviest term of each pair's sentence that the claim does not hold."""
    element, place = _expand(page.lengths[sentences])
    offset = np.cumsum(page.lengths[sentences]) - page.lengths[sentences]
    met = np.zeros(len(element), bool)
    hit = spot >= 0
    met[offset[holder[hit]] + spot[hit]] = True
    weights = page.weights[page.begins[sentences][element] + place]
    return _most(element, np.where(met, 0.0, weights), len(sentences))


# A sequence of terms this long, one inside the other, is the same wording.
VERBATIM_TERMS = 4


def _verbatim(
    segment: Segment, queries: list[WeighedQuery], sentences: Integers, first: Integers,
    lengths: Integers, shared: Floats, mass: Floats,
) -> Truths:  # fmt: skip
    """Return which wordings stand in their sentence word for word, or the sentence in them."""
    verbatim = np.zeros(len(sentences), bool)
    for pair, (sentence, start, length) in enumerate(
        zip(sentences.tolist(), first.tolist(), lengths.tolist(), strict=True)
    ):
        ids = queries[sentence].ids
        if shared[pair] > 0.99 * mass[pair] or (0 < len(ids) <= length and ids.min() >= 0):
            verbatim[pair] = _stands_in(ids, segment.wording_terms[start : start + length])
    return verbatim


def _stands_in(ids: Integers, wording: NDArray[np.int32]) -> bool:
    """Say whether one sequence of terms stands in the other without a gap."""
    sentence = ids.tolist()
    if min(len(sentence), len(wording)) < VERBATIM_TERMS:
        return sentence == wording.tolist() and bool(sentence)
    one = " ".join(map(str, sentence))
    other = " ".join(map(str, wording.tolist()))
    return f" {other} " in f" {one} " or f" {one} " in f" {other} "
