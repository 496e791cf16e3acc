"""Who does what to whom: two sides of one verb that changed places.

"A attacked B" against "B attacked A", also where one of them is a passive ("A was attacked by B").
Only where the same two stand around the same verb, and the verb is none that goes both ways.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from contextlib_news.matching.terms import Term, extract_terms
from contextlib_news.models import Difference, DifferenceKind
from contextlib_news.reading.verbs import PAST

__all__ = ["find_swapped_roles"]

# Verbs between equals; stems as extract_terms gives them.
_SYMMETRIC = frozenset(
    term.text
    for term in extract_terms(
        "met meets meet meeting married marry border borders negotiate talk talks discuss agree "
        "agreed collided collide differ play plays played fought fight clash clashed debate "
        "debated cooperate join joined resemble equal equals share shared trade traded merge "
        "merged match matches signed sign sat stood"
    )
)
# Forms of one verb that the stemmer leaves apart.
_BASE = {
    form: forms.split()[0]
    for forms in (
        "beat beaten;bite bit bitten;bring brought;buy bought;catch caught;choos chose chosen;"
        "drive drove driven;fight fought;give gave given;hold held;lead led;leav left;"
        "overtak overtook overtaken;overthrow overthrew overthrown;pay paid;see saw seen;"
        "seek sought;sell sold;shoot shot;steal stole stolen;strike struck;take took taken;"
        "teach taught;tell told;throw threw thrown;win won;forgiv forgave forgiven;hide hid hidden"
    ).split(";")
    for form in forms.split()
}
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being|be|got|gets)\b(?:\s+\w+){0,3}\s+by\b", re.I)
# An active verb has its two sides next to it: "is listed as", "recorded in" and "because of" have
# not.
_INDIRECT = re.compile(
    r"\b(?:was|were|is|are|been|being|be|by|of|from|in|as|because|for|than|like)\b", re.I
)
_PAST = re.compile(PAST)
_SPACED = re.compile(r" (?:(?:the|an?|its|his|her|their) )?")
_APART = re.compile(r"\b(?:and|with|or|that|which|who|but|versus|vs)\b|[;:,]", re.IGNORECASE)

# Words between the two sides at most; what stands further apart is no one statement.
MAX_WORDS_BETWEEN = 8


def find_swapped_roles(
    sentence: str, claim: str, mine: Sequence[Term], theirs: Sequence[Term]
) -> Difference | None:
    """Return the role difference between a sentence and a claim, None where there is none."""
    if len(theirs) < 3 or len(mine) < 3:
        return None
    shared = _reordered(sentence, claim, mine, theirs)
    if not shared:
        return None
    asked = _statements(claim, theirs, shared)
    if not asked:
        return None
    given = _statements(sentence, mine, shared)
    for (agent, verb, patient), (start, end) in asked.items():
        swapped = given.get((patient, verb, agent))
        if swapped is not None and (agent, verb, patient) not in given:
            return Difference(
                kind=DifferenceKind.ROLE,
                page=sentence[swapped[0] : swapped[1]],
                claim=claim[start:end],
            )
    return None


def _reordered(sentence: str, claim: str, mine: Sequence[Term], theirs: Sequence[Term]) -> set[str]:
    """Return the shared terms where three or more stand in another order, or one is a passive."""
    ours = [_BASE.get(term.text, term.text) for term in mine]
    asked = [_BASE.get(term.text, term.text) for term in theirs]
    shared = set(ours).intersection(asked)
    if len(shared) < 3:
        return set()
    here = list(dict.fromkeys([term for term in ours if term in shared]))
    there = list(dict.fromkeys([term for term in asked if term in shared]))
    if here == there and _is_passive(sentence) == _is_passive(claim):
        return set()
    return shared


def _base(term: Term) -> str:
    return _BASE.get(term.text, term.text)


def _is_passive(text: str) -> bool:
    return ("by" in text or "BY" in text or "By" in text) and _PASSIVE.search(text) is not None


def _statements(
    text: str, terms: Sequence[Term], shared: set[str]
) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Return who, verb, whom of each two names, or neighbours, around a verb; all three shared."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    names = [t for t in terms if _is_name(text, t)]
    sides = list(pairwise(names))
    sides += [(a, b) for a, b in zip(terms, terms[2:], strict=False)]
    for left, middle, verb, right in zip(terms, terms[1:], terms[2:], terms[3:], strict=False):
        # "The wind farm sued the shepherd": a name of two words that are no names by themselves.
        joined = text[left.end : middle.start] == " " and _PAST.fullmatch(
            text, verb.start, verb.end
        )
        if (
            joined
            and {left.text, _base(verb), right.text} <= shared
            and _base(verb) not in _SYMMETRIC
            and _SPACED.fullmatch(text, middle.end, verb.start)
            and _SPACED.fullmatch(text, verb.end, right.start)
        ):
            found[left.text, _base(verb), right.text] = left.start, right.end
    for left, right in sides:
        if left.text == right.text or left.text not in shared or right.text not in shared:
            continue
        between = text[left.end : right.start]
        if between == " " or len(between.split()) > MAX_WORDS_BETWEEN or _APART.search(between):
            continue
        passive = _is_passive(between)
        if not passive and _INDIRECT.search(text, left.end, right.start):
            continue
        for verb in terms:
            if verb.start < left.end or verb.end > right.start or _base(verb) in _SYMMETRIC:
                continue
            if _base(verb) not in shared or verb.number or _is_name(text, verb):
                continue
            agent, patient = (right, left) if passive else (left, right)
            found.setdefault((agent.text, _base(verb), patient.text), (left.start, right.end))
    return found


def _is_name(text: str, term: Term) -> bool:
    return term.text.startswith("@") or (
        not term.number and text[term.start : term.start + 1].isupper()
    )
