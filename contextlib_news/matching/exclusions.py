"""Wordings that look like a claim and are not it: what a curator has ruled out stays out.

An exclusion holds for the wording itself, for near copies of it, and for a longer sentence that
says it; never for a sentence with other figures, which says something else, and never for one that
is closer to the claim than to what was ruled out.
"""

from __future__ import annotations

from rapidfuzz import fuzz

from contextlib_news.matching.terms import extract_terms
from contextlib_news.models import Claim

__all__ = ["is_excluded"]

# A sentence this alike to an exclusion is what a curator has ruled out (RapidFuzz, 0..100).
EXCLUSION_LIKENESS = 85.0

# Shorter exclusions are compared with the whole sentence only.
LEAST_TERMS = 3


def is_excluded(claim: Claim, sentence: str) -> bool:
    """Say whether a curator ruled this wording, or a near copy of it, out for the claim."""
    said, figures = _read(sentence, claim.language)
    if not said:
        return False
    own = [_read(text, claim.language) for text in (claim.text, *claim.variants)]
    to_claim = max(_likeness(said, terms) for terms, _ in own)
    for exclusion in claim.exclusions:
        terms, ruled_out = _read(exclusion, claim.language)
        if not ruled_out <= figures:
            continue
        likeness = _likeness(said, terms)
        if likeness >= EXCLUSION_LIKENESS and likeness > to_claim and ruled_out == figures:
            return True
        held = len(terms) >= LEAST_TERMS and fuzz.partial_ratio(terms, said) > EXCLUSION_LIKENESS
        if held and len(terms) < len(said) and fuzz.token_set_ratio(terms, said) > to_claim:
            return True
    return False


def _read(text: str, language: str | None) -> tuple[str, set[str]]:
    """Return a text as its terms, and the figures among them."""
    terms = extract_terms(text, language)
    return " ".join(term.text for term in terms), {term.text for term in terms if term.number}


def _likeness(one: str, other: str) -> float:
    return fuzz.token_sort_ratio(one, other)
