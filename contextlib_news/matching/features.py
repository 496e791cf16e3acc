"""Features of sentence and claim: what the model sees of a pair, all candidates of a page at once.

``pairs.py`` adds up the words that a sentence and a claim share and do not share; here the sums
become shares and logarithms, and each is set beside the best of the same sentence, because a claim
that leads by far is more often the right one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from contextlib_news.matching.pairs import PairSums

__all__ = [
    "FEATURES",
    "MOST_SHARED_TERMS",
    "SEMANTIC_FEATURES",
    "UNNAMED_RENOWN",
    "derive_features",
]

# Features of a pair alone.
ABSOLUTE = (
    "bm25_share", "bm25_log", "bm25_self", "window_containment", "window_mass", "window_terms",
    "containment", "neighbours", "bigrams", "order", "heaviest_missing", "heaviest_shared",
    "spelling_containment", "numbers_shared", "numbers_missing", "numbers_foreign", "names_shared",
    "names_missing", "names_foreign", "names_answered", "wording_terms", "headline",
    "text_containment", "title_containment", "mean_containment", "least_containment",
    "whole_containment", "whole_cosine", "whole_terms", "core_containment", "core_missing",
    "core_mass", "sentence_answered", "heaviest_unanswered", "sentence_terms", "claimant_renown",
)  # fmt: skip

# Of these also: the share of the sentence's best, and how far above the best other claim it is.
# The numbers are what the second best of 14,231 claims reaches by accident (the median of 5,423
# sentences that match nothing). A small collection has no such rivals, so they are put in.
RELATIVE = {
    "bm25_log": None,  # by the weight of the sentence: RIVAL_BM25
    "whole_cosine": 0.17,
    "spelling_containment": 0.35,
    "core_mass": 0.67,
    "mean_containment": 0.23,
}
RIVAL_BM25 = (4.3, 0.05)

FEATURES = (
    *ABSOLUTE,
    *(f"{name}_relative" for name in RELATIVE),
    *(f"{name}_lead" for name in RELATIVE),
    "claims",
)

# With the semantic tier also: the cosines with all words of a claim and with its nearest wording,
# and the mean of both beside the best of the sentence; how much of each side's words those of the
# other answer.
SEMANTIC_FEATURES = (
    *FEATURES, "meaning_whole", "meaning_best", "meaning_relative", "meaning_lead",
    "aligned_sentence", "aligned_claim",
)  # fmt: skip
RIVAL_MEANING = 0.41

# What a claim counts whose claimant is not named: as much as the claimants of candidates do in the
# mean, so that such claims stand beside others neither worse nor better for it.
UNNAMED_RENOWN = 0.83

# Shared terms beyond this many say nothing more.
MOST_SHARED_TERMS = 10

# With fewer claims than this their number says nothing more.
FEWEST_CLAIMS = 40

Floats = NDArray[np.float64]


def derive_features(
    sums: PairSums, sentences: NDArray[np.int64], claims: int, meanings: Floats | None = None
) -> Floats:
    """Return the features of pairs (pairs x FEATURES), rounded to six digits.

    ``sentences`` holds the number of each pair's sentence, in any order; ``claims`` is the size of
    the index. With ``meanings`` (pairs x 4: ``measure_pairs``, ``align_pairs``) they are
    SEMANTIC_FEATURES.
    """
    half, tiny = 0.5, 1e-6
    squares = (sums.square + tiny) * (sums.said_square + tiny)
    by_name = {
        "bm25_share": sums.bm25 / (sums.said + tiny),
        "bm25_log": np.log1p(sums.bm25) / 4,
        "bm25_self": sums.bm25 / (sums.core_total + tiny),
        "window_containment": sums.window / (sums.mass + tiny),
        "window_mass": np.log1p(sums.window) / 4,
        "window_terms": np.minimum(sums.window_terms, MOST_SHARED_TERMS) / MOST_SHARED_TERMS,
        "containment": sums.shared / (sums.mass + tiny),
        "neighbours": sums.neighbours / (sums.mass + tiny),
        "bigrams": np.minimum(1.0, sums.neighbours / (sums.said + tiny)),
        "order": (sums.ordered + 1) / (sums.chained + 2),
        "heaviest_missing": sums.heaviest_missing / 14,
        "heaviest_shared": sums.heaviest_shared / 14,
        "spelling_containment": np.minimum(1.0, (sums.window + sums.spelled) / (sums.mass + tiny)),
        "numbers_shared": np.where(
            sums.numbers > 0, sums.numbers_shared / np.maximum(sums.numbers, 1), half
        ),
        "numbers_missing": np.minimum(sums.numbers - sums.numbers_shared, 3) / 3,
        "numbers_foreign": np.clip(sums.said_numbers - sums.numbers_met, 0, 3) / 3,
        "names_shared": np.where(
            sums.names > 0, sums.names_shared / (sums.names + tiny), half
        ),
        "names_missing": np.log1p(sums.names - sums.names_shared) / 4,
        "names_foreign": np.log1p(np.maximum(sums.said_names - sums.names_met, 0)) / 4,
        "names_answered": np.where(
            sums.said_names > 0, np.minimum(1.0, sums.names_met / (sums.said_names + tiny)), half
        ),
        "wording_terms": np.log1p(sums.terms) / 4,
        "headline": sums.headlines,
        "text_containment": sums.text_share,
        "title_containment": sums.title_share,
        "mean_containment": sums.mean_share,
        "least_containment": sums.least_share,
        "whole_containment": sums.whole_shared / (sums.whole + tiny),
        "whole_cosine": sums.square_shared / np.sqrt(squares),
        "whole_terms": np.log1p(sums.whole_terms) / 4,
        "core_containment": sums.core / (sums.core_total + tiny),
        "core_missing": sums.core_missing / 14,
        "core_mass": np.log1p(sums.core) / 5,
        "sentence_answered": np.minimum(1.0, sums.whole_shared / (sums.said + tiny)),
        "heaviest_unanswered": sums.heaviest_unanswered / 14,
        "sentence_terms": np.log1p(sums.said_terms) / 4,
        "claimant_renown": np.where(sums.renown > 0, np.log1p(sums.renown) / 5, UNNAMED_RENOWN),
    }  # fmt: skip
    columns = [by_name[name] for name in ABSOLUTE]
    rivals = {name: np.full(len(sentences), floor) for name, floor in RELATIVE.items() if floor}
    rivals["bm25_log"] = np.log1p(RIVAL_BM25[0] + RIVAL_BM25[1] * sums.said) / 4
    beside = _beside_best(
        np.round([by_name[name] for name in RELATIVE], 6),
        np.round([rivals[name] for name in RELATIVE], 6),
        sentences,
    )
    size = np.full(len(sentences), np.log10(max(claims, FEWEST_CLAIMS)))
    meaning: list[Floats] = []
    if meanings is not None:
        whole, best, of_sentence, of_claim = meanings.T
        floor = np.full(len(sentences), RIVAL_MEANING)
        nearness = ((whole + best) / 2)[np.newaxis]
        meaning = [whole, best, *_beside_best(nearness, floor[np.newaxis], sentences)]
        meaning += [of_sentence, of_claim]
    return np.round(np.stack([*columns, *beside, size, *meaning], axis=1), 6)


def _beside_best(values: Floats, floors: Floats, sentences: NDArray[np.int64]) -> Floats:
    """Return each value as a share of its sentence's best, then its lead over the best other.

    ``values`` are rows by pair, each row on its own; ``floors`` holds what another claim would
    reach at least.
    """
    count = len(sentences)
    if not count:
        return np.concatenate([values, values])
    order = np.argsort(sentences, kind="stable")
    fresh = np.diff(sentences[order], prepend=-1) != 0
    begin, group = np.flatnonzero(fresh), np.cumsum(fresh) - 1
    ranked, floor = values[:, order], floors[:, order]
    best = np.maximum.reduceat(ranked, begin, axis=1)
    first = ranked == best[:, group]
    # Where two share the first place, each is the other's rival.
    others = np.maximum.reduceat(np.where(first, -np.inf, ranked), begin, axis=1)
    others = np.where(np.add.reduceat(first, begin, axis=1, dtype=np.int64) > 1, best, others)
    others[:, np.diff(np.append(begin, count)) == 1] = 0.0
    rival = np.where(first, others[:, group], best[:, group])
    found = np.empty((2 * len(values), count))
    found[: len(values), order] = ranked / np.maximum(best[:, group], floor)
    found[len(values) :, order] = ranked - np.maximum(rival, floor)
    return found
