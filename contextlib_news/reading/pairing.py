"""A sentence and a claim side by side: how their words answer each other, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from contextlib_news.models import Claim, Difference
from contextlib_news.reading.acts import tells_other_act
from contextlib_news.reading.alignment import Alignment, align
from contextlib_news.reading.clauses import answering_clauses
from contextlib_news.reading.cues import Cue, CueKind
from contextlib_news.reading.differences import compare_sides, differences_of, read_side
from contextlib_news.reading.occasion import tells_before, tells_elsewhere, tells_other_time
from contextlib_news.reading.once import once
from contextlib_news.reading.statement import MAX_CHARACTERS, Statement, read_statement

__all__ = ["LEAST_COVERED", "Pair", "pair_up"]

# A sentence that answers less of a claim than this, by the weight of its words, says nothing about
# it. Chosen on tests/quality/stance/pairs.tsv.
LEAST_COVERED = 0.6

# Below this the values of the two belong to different things.
COMPARED_COVERED = 0.5

# Who answers so much of a claim answers more than its names.
NEARLY_ALL = 0.85

# A negation or hedge concerns the claim where one of the terms right behind it does.
HEAD_TERMS = 3

# "Had no warning", "gave no clear reason": what is denied is one of so many words behind.
_HAS_NONE = re.compile(r"\b(?:ha[ds]|have|having|gave|got|received|offered|left|made) no\b")
DENIED_TERMS = 1

MAX_VARIANTS = 50


@dataclass(frozen=True)
class Pair:
    """A sentence and the wording of a claim that it comes nearest to.

    ``region`` is the span of the sentence that answers the claim, ``covered`` in 0..1 how much of
    the claim it answers, counting a name or value that was changed for another.
    """

    mine: Statement
    theirs: Statement
    words: Alignment
    region: tuple[int, int]
    differences: tuple[Difference, ...]
    covered: float

    @property
    def whole(self) -> bool:
        """Say whether enough is answered to make something of what is left out."""
        return self.covered >= LEAST_COVERED

    @property
    def names_only(self) -> bool:
        """Say whether nothing of a longer claim is answered but its names and numbers."""
        if self.covered >= NEARLY_ALL:
            return False
        told = self.theirs.told
        return bool(told) and self.answered.isdisjoint(told)

    @once
    def answering(self) -> frozenset[int]:
        """The terms of the sentence that answer the claim."""
        return frozenset(answer for answer, _ in self.words.pairs.values())

    @once
    def answered(self) -> frozenset[int]:
        """The terms of the claim that the sentence answers."""
        return frozenset(self.words.pairs)

    def concerns_claim(self, cue: Cue) -> bool:
        """Say whether a cue of the sentence rules words that answer the claim."""
        start, end = self.region
        mine = [i for i in _ruled(cue, self.mine) if start <= self.mine.terms[i].start < end]
        return _concerns(cue, self.mine, mine, self.answering)

    def is_answered(self, cue: Cue) -> bool:
        """Say whether a cue of the claim rules words that the sentence answers."""
        return _concerns(cue, self.theirs, _ruled(cue, self.theirs), self.answered)


def pair_up(
    sentence: str,
    claim: Claim | str,
    *,
    page_date: str | None = None,
    language: str | None = None,
    least_covered: float = LEAST_COVERED,
) -> Pair | None:
    """Return the two side by side, None where the sentence is not about the claim.

    A sentence that holds a wording of the claim word for word always is. Languages that are not
    known are taken to be each other's, and English where none is.
    """
    if isinstance(claim, str):
        wordings: tuple[str, ...] = (claim,)
        day, spoken = None, language
    else:
        wordings = (claim.text, *claim.variants[:MAX_VARIANTS])
        day, spoken = claim.date, claim.language or language
    language = language or spoken
    mine = read_statement(sentence[:MAX_CHARACTERS], language)
    covered, best = -1.0, None
    for wording in wordings:
        theirs = read_statement(wording[:MAX_CHARACTERS], spoken)
        words = align(mine, theirs, without=_source_span(theirs))
        held = words.covered()
        if held > covered:
            covered, best = held, (theirs, words)
    if best is None:
        return None
    theirs, words = best
    told = read_statement(wordings[0][:MAX_CHARACTERS], spoken)
    wording = theirs.text.strip().casefold()
    verbatim = bool(wording) and wording in mine.text.casefold()
    if not words.pairs and not verbatim:
        return None
    places = {(mine.terms[i].start, mine.terms[i].text) for i, _ in words.pairs.values()}
    region = answering_clauses(mine.borders, places)
    here, there = read_side(mine, region, page_date), read_side(theirs, day=day)
    differences = differences_of(here, there)
    if differences and covered < 1:
        covered = words.covered(_spoken_for(theirs, [d.claim for d in differences]))
    elif covered < least_covered and (values := compare_sides(here, there)):
        # "9 pounds" answers "4.1 kilograms", word for word or not.
        covered = words.covered(_spoken_for(theirs, [v.claim for v in values]))
    if not verbatim and (
        covered < least_covered
        or _misses_point(theirs, words)
        or _misses_denied(theirs, words)
        or tells_other_act(mine, theirs, words)
        or (
            (not differences or covered < LEAST_COVERED)
            and (
                tells_before(told, day, page_date)
                or tells_other_time(mine, region, page_date, told, day)
                or tells_elsewhere(mine, theirs, words)
            )
        )
    ):
        return None
    if covered < COMPARED_COVERED:
        differences = ()
    return Pair(mine, theirs, words, region, differences, covered)


def _misses_point(claim: Statement, words: Alignment) -> bool:
    """Say whether a sentence has the names of a claim and its aside, and nothing of what it tells.

    "The mine stayed open while the union talked" does not say that it called a strike to keep the
    mine open.
    """
    return bool(claim.point) and not any(number in words.pairs for number in claim.point)


def _misses_denied(claim: Statement, words: Alignment) -> bool:
    """Say whether nothing is said of what a claim says that somebody had none of.

    "The patrol came to the village" says nothing on whether the patrol had a warning.
    """
    if " no" not in claim.lower:
        return False
    for match in _HAS_NONE.finditer(claim.lower):
        behind = [n for n, term in enumerate(claim.terms) if term.start >= match.end()]
        if behind and words.pairs.keys().isdisjoint(behind[:DENIED_TERMS]):
            return True
    return False


def _spoken_for(claim: Statement, values: Sequence[str]) -> frozenset[int]:
    """Return the terms of a claim's values, in whose place the sentence says its own."""
    return frozenset(
        number
        for number, term in enumerate(claim.terms)
        for value in values
        if claim.text[term.start : term.end] in value
    )


def _source_span(claim: Statement) -> tuple[int, int] | None:
    """Return where the claim names its source."""
    for cue in claim.sources:
        if cue.source:
            return cue.at, cue.at + len(cue.text)
    return None


def _ruled(cue: Cue, statement: Statement) -> list[int]:
    """Return the terms that a cue rules over, those of its own words left out."""
    last = cue.at + len(cue.text)
    return [
        number
        for number, term in enumerate(statement.terms)
        if cue.start <= term.start < cue.end and not cue.at <= term.start < last
    ]


def _concerns(cue: Cue, statement: Statement, ruled: list[int], answers: frozenset[int]) -> bool:
    if cue.kind not in (CueKind.NEGATION, CueKind.HEDGE):
        return any(i in answers for i in ruled)
    behind = [i for i in ruled if statement.terms[i].start >= cue.at][:HEAD_TERMS]
    before = [i for i in ruled if statement.terms[i].start < cue.at]
    return any(i in answers for i in (*behind, *before))
