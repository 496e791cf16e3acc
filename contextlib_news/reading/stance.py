"""What a sentence does to a claim: supports it, refutes it, discusses it, or nothing.

Rules over the part of the sentence that answers the claim: negation and denial in its scope,
opposites, values that cannot both be true, attribution, hedges, questions, conditions. What the
claim itself negates or attributes is part of the claim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from contextlib_news.matching.terms import Term, extract_terms
from contextlib_news.models import (
    BlockRole,
    Claim,
    Difference,
    DifferenceKind,
    Reading,
    Stance,
)
from contextlib_news.reading import cues
from contextlib_news.reading.differences import find_differences

__all__ = ["read_sentence"]

MAX_CHARACTERS = 2_000

# A sentence that shares less than this of the claim's terms says nothing about it.
LEAST_SHARED = 0.25
LEAST_TERMS = 2

SHORT_CLAUSE_WORDS = 4

# Where one clause of a sentence ends and another begins.
_CLAUSE = re.compile(
    r"[;:,]\s|\s[—–]\s|\s(?:but|while|whereas|although|though|because)\s",
    re.IGNORECASE,
)

# Words that deny by their own make: "unexploded", "lacks".
_NEGATIVE_WORD = re.compile(
    r"\b(?:un(?!i|der|til|ited)\w{4,}|in(?:valid|accurate|complete|capable)|illegal|impossible|"
    r"non-?\w{4,}|lacks?|absent|missing)\b",
    re.IGNORECASE,
)


def read_sentence(
    sentence: str,
    claim: Claim | str,
    *,
    context: tuple[str, str] | None = None,
    page_date: str | None = None,
    role: BlockRole | None = None,
) -> Reading:
    """Return what a sentence does to a claim, in what the two differ, and the words that decided.

    ``context`` are the sentences before and after, ``page_date`` the date of the page (it supplies
    missing years), ``role`` the block it stands in. A stance of None means that the sentence says
    nothing about the claim. Never raises.
    """
    text = sentence[:MAX_CHARACTERS]
    wording = _nearest_wording(text, claim)
    pair = _align(text, wording)
    if not pair.about:
        return Reading(stance=None)
    region = _region(text, pair)
    differences = find_differences(text[region[0] : region[1]], wording, page_date)
    flips = _flips(text, wording, pair, region)
    distance = _distance(text, wording, pair, region, claim)
    rebuttal = cues.REBUTTAL.search(context[1][:400]) if context and context[1] else None
    decided = [cue for cue, _ in flips]
    if rebuttal:
        decided.append(rebuttal[0].strip())
    opposed = (len(flips) + bool(rebuttal)) % 2 == 1
    unsure = [cue for cue in distance if cue.kind in ("question", "condition")]
    if unsure:
        hedged = tuple(
            Difference(kind=DifferenceKind.HEDGE, page=cue.text, claim="") for cue in unsure[:1]
        )
        return Reading(
            stance=Stance.DISCUSSES,
            differences=(*differences, *hedged),
            cues=tuple(dict.fromkeys([*decided, *(cue.text for cue in distance)])),
        )
    if opposed:
        negation = tuple(
            Difference(kind=DifferenceKind.NEGATION, page=cue, claim="") for cue in decided[:1]
        )
        # "Allegedly" or "may" beside a plain negation leaves it open; a denial does not.
        denied = any(kind == "denial" for _, kind in flips) or rebuttal
        hedges = [cue for cue in distance if cue.kind == "hedge"]
        stance = Stance.REFUTES if denied or not hedges else Stance.DISCUSSES
        return Reading(stance=stance, differences=(*differences, *negation), cues=tuple(decided))
    if distance:
        hedge = next((cue for cue in distance if cue.kind == "hedge"), None)
        extra = (Difference(kind=DifferenceKind.HEDGE, page=hedge.text, claim=""),) if hedge else ()
        return Reading(
            stance=Stance.DISCUSSES,
            differences=(*differences, *extra),
            cues=tuple(dict.fromkeys(cue.text for cue in distance)),
        )
    if differences:
        return Reading(
            stance=Stance.REFUTES,
            differences=differences,
            cues=tuple(difference.page for difference in differences),
        )
    return Reading(stance=Stance.SUPPORTS, cues=tuple(decided))


# --- Alignment ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pair:
    """Terms of sentence and claim, and which of the sentence's answer the claim's."""

    mine: tuple[Term, ...]
    theirs: tuple[Term, ...]
    shared: tuple[int, ...]
    about: bool


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: str
    text: str


@lru_cache(maxsize=8_192)
def _terms(text: str) -> tuple[Term, ...]:
    return tuple(extract_terms(text))


def _nearest_wording(sentence: str, claim: Claim | str) -> str:
    """Return the wording of the claim that shares most with the sentence; its text on a tie."""
    if isinstance(claim, str):
        return claim[:MAX_CHARACTERS]
    if not claim.variants:
        return claim.text[:MAX_CHARACTERS]
    mine = {term.text for term in _terms(sentence)}

    def overlap(wording: str) -> float:
        terms = {term.text for term in _terms(wording[:MAX_CHARACTERS])}
        return len(mine & terms) / max(1, len(terms))

    return max((claim.text, *claim.variants[:50]), key=overlap)[:MAX_CHARACTERS]


def _align(sentence: str, wording: str) -> _Pair:
    mine, theirs = _terms(sentence), _terms(wording)
    asked = {term.text for term in theirs}
    answers = {opposite for term in theirs for opposite in cues.ANTONYMS.get(term.surface, ())}
    shared = tuple(i for i, t in enumerate(mine) if t.text in asked or t.surface in answers)
    found = {mine[i].text for i in shared}
    enough = len(found) >= min(LEAST_TERMS, len(asked)) and bool(found)
    about = enough and len(found) >= LEAST_SHARED * len(asked)
    if not about and wording.strip():
        about = wording.strip().casefold() in sentence.casefold()
    return _Pair(mine, theirs, shared, about)


def _region(sentence: str, pair: _Pair) -> tuple[int, int]:
    """Return the span of the clauses that answer the claim.

    The run of clauses that holds most of the shared terms: a long sentence makes several
    statements, and a hedge or a denial in one of them is none of the others.
    """
    borders = [0, *(match.start() + 1 for match in _CLAUSE.finditer(sentence)), len(sentence)]
    if not pair.shared or len(borders) == 2:
        return 0, len(sentence)
    clauses = list(pairwise(borders))
    terms = [
        {pair.mine[i].text for i in pair.shared if a <= pair.mine[i].start < b} for a, b in clauses
    ]
    every = set().union(*terms)
    best = (0, len(clauses) - 1)
    best_length = len(clauses) + 1
    for first in range(len(clauses)):
        held: set[str] = set()
        for last in range(first, min(first + 8, len(clauses))):
            held |= terms[last]
            if len(held) >= 0.75 * len(every) and last - first < best_length:
                best, best_length = (first, last), last - first
                break
    # A word or two set off by a comma ("Allegedly, …") belongs to the clause beside it.
    first, last = best
    while first > 0 and _short(sentence, clauses[first - 1]):
        first -= 1
    while last + 1 < len(clauses) and _short(sentence, clauses[last + 1]):
        last += 1
    return clauses[first][0], clauses[last][1]


def _short(sentence: str, clause: tuple[int, int]) -> bool:
    return len(sentence[clause[0] : clause[1]].split()) <= SHORT_CLAUSE_WORDS


# --- What turns it around -------------------------------------------------------------------------


def _flips(
    sentence: str, wording: str, pair: _Pair, region: tuple[int, int]
) -> list[tuple[str, str]]:
    """Return the cues that each turn the sentence against the claim; two of them cancel."""
    start, end = region
    text = sentence[start:end]
    flips: list[tuple[str, str]] = []
    spans: list[tuple[int, int]] = []
    asked = wording.casefold()
    for kind, pattern in (
        ("denial", cues.NO_EVIDENCE),
        ("denial", cues.DENIAL),
        ("denial", cues.REJECTED),
        ("negation", cues.NEGATION),
    ):
        for match in pattern.finditer(text):
            if any(match.start() < b and a < match.end() for a, b in spans):
                continue
            if kind == "denial" and _part_of_claim(match[0], asked):
                continue
            if kind == "negation" and not _governs(sentence, pair, start + match.start(), end):
                continue
            spans.append(match.span())
            flips.append((match[0], kind))
    # A claim that is itself negative is denied by leaving its negation out.
    negations_asked = sum(1 for _ in cues.NEGATION.finditer(wording))
    negations_here = [flip for flip in flips if flip[1] == "negation"]
    for _ in range(min(negations_asked, len(negations_here))):
        flips.remove(negations_here.pop())
        negations_asked -= 1
    if negations_asked % 2 == 1 and not _negative_sense(text):
        flips.append(("", "negation"))
    flips += [(cue, "denial") for cue in _opposites(text, wording)]
    return flips


def _part_of_claim(cue: str, asked: str) -> bool:
    stem = cue.casefold().split()[-1][:5]
    return stem in asked


def _governs(sentence: str, pair: _Pair, position: int, end: int) -> bool:
    """Say whether a negation has the claim's words in its scope: among the next terms behind it."""
    following = [i for i, t in enumerate(pair.mine) if position <= t.start < end][:3]
    return any(i in pair.shared for i in following)


def _negative_sense(text: str) -> bool:
    """Say whether a sentence without the claim's negation means it all the same ("unexploded")."""
    return _NEGATIVE_WORD.search(text) is not None


def _opposites(text: str, wording: str) -> list[str]:
    """Return words of the sentence whose opposite the claim says in their place."""
    here = re.findall(r"[a-z]+", text.lower())
    there = set(re.findall(r"[a-z]+", wording.lower()))
    held = set(here)
    return [
        word
        for word in dict.fromkeys(here)
        if word not in there
        and any(other in there and other not in held for other in cues.ANTONYMS.get(word, ()))
        and word not in ("with", "up", "down", "more", "first", "last", "left", "before", "after")
    ]


# --- What keeps it at a distance ------------------------------------------------------------------


def _distance(
    sentence: str, wording: str, pair: _Pair, region: tuple[int, int], claim: Claim | str
) -> list[_Cue]:
    """Return the hedges, conditions, questions and sources under which the sentence says it."""
    start, end = region
    text = sentence[start:end]
    found: list[_Cue] = []
    if sentence.rstrip("”’\"') ").endswith(("?", "؟")) and "?" not in wording:
        found.append(_Cue("question", "?"))
    for kind, pattern in (("condition", cues.CONDITIONAL), ("hedge", cues.HEDGE)):
        for match in pattern.finditer(text):
            if pattern.search(wording) is None:
                found.append(_Cue(kind, match[0].strip(" ,;—–-")))
                break
    source = _attribution(sentence, wording, region, claim)
    if source is not None:
        found.append(_Cue("attribution", source))
    return found


def _attribution(
    sentence: str, wording: str, region: tuple[int, int], claim: Claim | str
) -> str | None:
    """Return the words that name a source which the claim does not name itself, or None."""
    named = wording + (f" {claim.claimant}" if isinstance(claim, Claim) and claim.claimant else "")
    asked = {term.text for term in _terms(named)}
    attributed = bool(cues.ATTRIBUTION.search(wording))
    start, end = region
    for match in cues.ATTRIBUTION.finditer(sentence):
        who = match["who"] or match["who2"] or ""
        # "According to" rules its whole sentence, a verb of saying what it stands beside.
        rules = match["who"] is not None or (match.end() <= end and match.end() >= start - 2)
        if not rules:
            continue
        source = {term.text for term in extract_terms(who)}
        if source & asked or (attributed and not source):
            continue
        return match[0].strip()
    return None
