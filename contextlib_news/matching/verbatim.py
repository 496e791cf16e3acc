"""What stands in a sentence word for word, whatever else the sentence shares words with.

Candidates are the claims that share the most with a sentence, and a long sentence may share more
with thirty others than with the short claim that stands in it. So a segment keeps a sorted array of
hashes of its texts and variants, and every stretch of a sentence that may be one of them is looked
up there. What is found is compared term by term, and short wordings word by word.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.normalize import tokenize
from contextlib_news.matching.segment import Segment
from contextlib_news.matching.sentences import Sentences, WeighedSentences
from contextlib_news.matching.wording_hashes import (
    HALF_SPAN,
    OPENING_TERMS,
    first_half,
    join_halves,
    may_be_there,
    running_hashes,
    stretch_hashes,
)

__all__ = ["Stretches", "find_verbatim", "read_stretches", "stands_in"]

# A sequence of terms this long, one inside the other, is the same wording; of a shorter one all
# words must stand there, stop words among them.
VERBATIM_TERMS = 4
VERBATIM_WORDS = 3

# Claims found in a sentence, the longest wordings first: more than any reader is shown. Of so many
# the words are compared, as claims that differ in stop words alone have one hash.
MOST_FOUND = 64
MOST_COMPARED = 1_024

Hashes = NDArray[np.uint64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of sentences that may be a wording or its opening: where they begin and end.

    The hashes of such wordings start at ``least`` and span ``span`` more: 0 where the stretch is
    shorter than an opening, so that it is all of the wording.
    """

    begins: Integers
    ends: Integers
    least: Hashes
    span: Hashes
    running: Hashes


def read_stretches(page: Sentences) -> Stretches:
    """Return the stretches of a page's sentences."""
    running = running_hashes(page.keys, page.places)
    left = page.lengths[page.owner] - page.places
    begins = [np.flatnonzero(left >= length) for length in range(1, OPENING_TERMS + 1)]
    # One term is a wording only where it is the whole sentence.
    begins[0] = np.flatnonzero(page.lengths[page.owner] == 1)
    begin = np.concatenate(begins)
    end = np.concatenate([begin + length for length, begin in enumerate(begins, start=1)])
    whole = stretch_hashes(running, page.places, begin, end)
    opening = end - begin == OPENING_TERMS
    least = np.where(opening, first_half(whole), join_halves(whole, whole))
    span = np.where(opening, HALF_SPAN, np.uint64(0))
    return Stretches(begin, end, least, span, running)


def find_verbatim(
    segment: Segment,
    page: WeighedSentences,
    stretches: Stretches,
    allowed: NDArray[np.bool_] | None,
) -> dict[tuple[int, int], int]:
    """Return by sentence and claim the longest wording of the claim that stands in the sentence.

    ``allowed`` masks claims. At most MOST_FOUND claims a sentence.
    """
    rows = _look_up(segment, page.sentences, stretches)
    if not len(rows):
        return {}
    sentence, length, wording = rows.T
    claim = segment.claims_of(wording)
    order = np.lexsort((wording, -length, sentence))
    if allowed is not None:
        order = order[allowed[claim[order]]]
    found: dict[tuple[int, int], int] = {}
    compared: dict[int, int] = {}
    kept: dict[int, int] = {}
    for at in order.tolist():
        pair = sentence.item(at), claim.item(at)
        tries, hits = compared.get(pair[0], 0), kept.get(pair[0], 0)
        if pair in found or tries >= MOST_COMPARED or hits >= MOST_FOUND:
            continue
        compared[pair[0]] = tries + 1
        if stands_in(segment, page, *pair, wording.item(at)):
            found[pair] = wording.item(at)
            kept[pair[0]] = hits + 1
    return found


def _look_up(segment: Segment, page: Sentences, stretches: Stretches) -> Integers:
    """Return rows of sentence, number of terms and wording where hashes are the same."""
    known, least, span = segment.wording_hashes, stretches.least, stretches.span
    (likely,) = np.nonzero(may_be_there(segment.hash_filter, least))
    first = np.searchsorted(known, least[likely])
    there = known[np.minimum(first, len(known) - 1)] - least[likely] <= span[likely]
    hits, first = likely[there], first[there]
    last = np.searchsorted(known, least[hits] + span[hits], "right")
    rows: list[tuple[int, int, int, int]] = []
    for at, low, high in zip(hits.tolist(), first.tolist(), last.tolist(), strict=True):
        begin, end = stretches.begins.item(at), stretches.ends.item(at)
        sentence = page.owner.item(begin)
        if end - begin < OPENING_TERMS:
            rows.append((sentence, end - begin, low, high))
            continue
        ends = np.arange(end, page.begins.item(sentence) + page.lengths.item(sentence) + 1)
        opening = np.full(len(ends), begin)
        whole = join_halves(
            stretch_hashes(stretches.running, page.places, opening, opening + OPENING_TERMS),
            stretch_hashes(stretches.running, page.places, opening, ends),
        )
        inner = low + np.searchsorted(known[low:high], whole)
        outer = low + np.searchsorted(known[low:high], whole, "right")
        for one in np.flatnonzero(inner < outer).tolist():
            rows.append((sentence, ends.item(one) - begin, inner.item(one), outer.item(one)))
    found = np.array(rows, np.int64).reshape(-1, 4)
    sizes = found[:, 3] - found[:, 2]
    row = np.repeat(np.arange(len(found)), sizes)
    place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    wordings = segment.hashed_wordings[found[row, 2] + place].astype(np.int64)
    return np.stack([found[row, 0], found[row, 1], wordings], axis=1)


def stands_in(
    segment: Segment, page: WeighedSentences, sentence: int, claim: int, wording: int
) -> bool:
    """Say whether a wording stands in a sentence word for word, or a long sentence in it.

    A wording of few terms must stand there with all its words, stop words among them; it is a text
    or a variant then. One of a single term must be all of the sentence, word by word: "We're tired"
    is not "Which tire?".
    """
    start, end = segment.wording_starts[wording], segment.wording_starts[wording + 1]
    ids, said = page.ids_of(sentence).tolist(), segment.wording_terms[start:end].tolist()
    if ids == said and len(ids) > 1:
        return True
    one, other = (f" {' '.join(map(str, terms))} " for terms in (ids, said))
    if min(len(ids), len(said)) >= VERBATIM_TERMS:
        return other in one or (-1 not in ids and one in other)
    if not 0 < len(said) < VERBATIM_TERMS or other not in one:
        return False
    words = [token.text for token in tokenize(segment.wording(claim, wording) or "")]
    spoken = [token.text for token in tokenize(page.sentences.texts[sentence])]
    if len(said) == 1:
        return words == spoken
    return len(words) >= VERBATIM_WORDS and f" {' '.join(words)} " in f" {' '.join(spoken)} "
