"""Why a sentence matched: aligned words, the field that matched, the parts of the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from contextlib_news.matching.compounds import split_compound
from contextlib_news.matching.languages import primary_tag
from contextlib_news.matching.negations import find_negations
from contextlib_news.matching.normalize import tokenize
from contextlib_news.matching.terms import Term, extract_terms
from contextlib_news.models import Claim, Match

__all__ = ["Explanation", "align_words", "explain_match"]

# Two spellings of one name are at least this alike (Jaro-Winkler, 0..1).
SPELLING_LIKENESS = 0.92
SHORTEST_SPELLING = 5
MAX_TERMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The words that answer each other, the words that do not, and the parts of the score.

    Words are given as they are written, in reading order: pairs of the sentence's word and the
    wording's, then what only one side says. A negation of one side stands there too.
    """

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
    pairs, mine, theirs = _align(sentence, wording, claim.language)
    return Explanation(
        field=match.field,
        wording=wording,
        shared=tuple(pairs),
        only_in_sentence=tuple(mine),
        only_in_claim=tuple(theirs),
        parts={"score": match.score} | dict(features or {}),
    )


def align_words(
    sentence: str, wording: str, language: str | None = None
) -> tuple[tuple[str, str], ...]:
    """Return pairs of the sentence's own words and the wording's own words that answer each other.

    ``language`` is that of the wording; English where it is not known.

    >>> align_words("The bridges opened", "A bridge was opened in 1931")
    (('bridges', 'bridge'), ('opened', 'opened'))
    """
    return tuple(_align(sentence, wording, language)[0])


def _align(
    sentence: str, wording: str, language: str | None
) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    mine = extract_terms(sentence, language)[:MAX_TERMS]
    theirs = extract_terms(wording, language)[:MAX_TERMS]
    free: dict[str, list[Term]] = {}
    for term in theirs:
        free.setdefault(term.text, []).append(term)
    mine = [part for term in mine for part in _parts(sentence, term, free, language)]
    pairs: list[tuple[Term, Term]] = []
    left: list[Term] = []
    for term in mine:
        answers = free.get(term.text)
        if answers:
            pairs.append((term, answers.pop(0)))
        else:
            left.append(term)
    # A word said twice is not missing where the other side says it once.
    met = {term.text for term, _ in pairs}
    left = [term for term in left if term.text not in met]
    rest = [term for terms in free.values() for term in terms if term.text not in met]
    rest.sort(key=lambda term: term.start)
    only_mine: list[Term] = []
    for term in left:
        best = max(rest, key=lambda other: _likeness(term, other), default=None)
        if best is not None and _likeness(term, best) >= SPELLING_LIKENESS:
            pairs.append((term, best))
            rest.remove(best)
        else:
            only_mine.append(term)
    pairs.sort(key=lambda pair: pair[0].start)
    denied, denying = (_negations(text, language) for text in (sentence, wording))
    return (
        [(_said(sentence, one), _said(wording, other)) for one, other in pairs],
        _in_order(sentence, only_mine, denied[len(denying) :]),
        _in_order(wording, rest, denying[len(denied) :]),
    )


def _parts(
    sentence: str, term: Term, known: Mapping[str, object], language: str | None
) -> list[Term]:
    """Return the words that a term of the sentence is run together of, if the claim has one."""
    cut = split_compound(_said(sentence, term)) if primary_tag(language) == "en" else None
    if cut is None or term.text in known:
        return [term]
    middle = term.start + len(cut[0])
    parts = [
        Term(part.text, start, end, part.surface)
        for word, start, end in ((cut[0], term.start, middle), (cut[1], middle, term.end))
        for part in extract_terms(word, "en")
    ]
    return parts if any(part.text in known for part in parts) else [term]


def _likeness(one: Term, other: Term) -> float:
    if one.number or other.number or min(len(one.text), len(other.text)) < SHORTEST_SPELLING:
        return 0.0
    return JaroWinkler.similarity(one.text, other.text)


def _negations(text: str, language: str | None) -> list[tuple[int, int]]:
    """Return the spans of words such as "not", most of which are no terms."""
    tokens = tokenize(text, language)
    places = set(find_negations(text, tokens, language))
    return [(token.start, token.end) for token in tokens if token.start in places]


def _in_order(text: str, terms: list[Term], spans: list[tuple[int, int]]) -> list[str]:
    """Return the words of a text at terms and at further spans, each once, in reading order."""
    return [text[a:b] for a, b in sorted({(term.start, term.end) for term in terms} | set(spans))]


def _said(text: str, term: Term) -> str:
    return text[term.start : term.end]
