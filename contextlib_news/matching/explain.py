"""Why a sentence matched: aligned words, the field that matched, the parts of the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from contextlib_news.matching.terms import Term, extract_terms
from contextlib_news.models import Claim, Match

__all__ = ["Explanation", "align_words", "explain_match"]

# Two spellings of one name are at least this alike (Jaro-Winkler, 0..1).
SPELLING_LIKENESS = 0.92
SHORTEST_SPELLING = 5
MAX_TERMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The words that answer each other, the words that do not, and the parts of the score."""

    field: str
    wording: str
    shared: tuple[tuple[str, str], ...]
    only_in_sentence: tuple[str, ...]
    only_in_claim: tuple[str, ...]
    parts: Mapping[str, float]


def explain_match(
    sentence: str, claim: Claim, match: Match, features: Mapping[str, float] | None = None
) -> Explanation:
    """Return why a match was made; ``features`` (of ClaimIndex.features) fill its ``parts``."""
    wording = match.wording(claim)
    pairs, mine, theirs = _align(sentence, wording)
    return Explanation(
        field=match.field,
        wording=wording,
        shared=tuple(pairs),
        only_in_sentence=tuple(mine),
        only_in_claim=tuple(theirs),
        parts={"score": match.score} | dict(features or {}),
    )


def align_words(sentence: str, wording: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of the sentence's own words and the wording's own words that answer each other.

    >>> align_words("The bridges opened", "A bridge was opened in 1931")
    (('bridges', 'bridge'), ('opened', 'opened'))
    """
    return tuple(_align(sentence, wording)[0])


def _align(sentence: str, wording: str) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    mine = extract_terms(sentence)[:MAX_TERMS]
    theirs = extract_terms(wording)[:MAX_TERMS]
    free: dict[str, list[Term]] = {}
    for term in theirs:
        free.setdefault(term.text, []).append(term)
    pairs: list[tuple[str, str]] = []
    left: list[Term] = []
    for term in mine:
        answers = free.get(term.text)
        if answers:
            pairs.append((_said(sentence, term), _said(wording, answers.pop(0))))
        else:
            left.append(term)
    rest = [term for terms in free.values() for term in terms]
    only_mine: list[str] = []
    for term in left:
        best = max(rest, key=lambda other: _likeness(term, other), default=None)
        if best is not None and _likeness(term, best) >= SPELLING_LIKENESS:
            pairs.append((_said(sentence, term), _said(wording, best)))
            rest.remove(best)
        else:
            only_mine.append(_said(sentence, term))
    return pairs, only_mine, [_said(wording, term) for term in rest]


def _likeness(one: Term, other: Term) -> float:
    if one.number or other.number or min(len(one.text), len(other.text)) < SHORTEST_SPELLING:
        return 0.0
    return JaroWinkler.similarity(one.text, other.text)


def _said(text: str, term: Term) -> str:
    return text[term.start : term.end]
