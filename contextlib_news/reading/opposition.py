"""Whether a sentence turns against a claim: negations, denials, opposites, on both sides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from contextlib_news.reading.alignment import Answer
from contextlib_news.reading.cues import Cue, CueKind
from contextlib_news.reading.pairing import Pair
from contextlib_news.reading.statement import Statement

__all__ = ["Turn", "find_opposition"]

# A negation inside a subordinate clause or a "without" concerns what is told there; it turns the
# statement only where that is at least this share of the words that answer the claim.
SUBORDINATE_SHARE = 0.5
ASIDE_SHARE = 0.3

# Opposites are told only where the rest of the claim is answered to this share: "the bear attacked"
# and "the song defended him from a bear" are no contradiction.
OPPOSED_COVERED = 0.4

_SUBORDINATE = re.compile(
    r"\b(?:so|who|which|whose|where|when|in order|than|to (?:stop|prevent|avoid))\b"
)
_ASIDES = frozenset({"without", "non", "instead of", "rather than", "lack", "lacks", "lacked"})

_OPENING_ASIDES = frozenset({"far from", "instead of", "rather than", "without"})
_OPENED = re.compile(r"(?<![^\"'“ ] )(?:far from|instead of|rather than|without) \w+ing\b[^,;]*, ")


@dataclass(frozen=True, slots=True)
class Turn:
    """Words that turn the sentence against the claim, and the claim's words they stand against.

    ``sure``: somebody's denial or an opposite, which no "may" beside it leaves open. ``denial``:
    what the claim reports as denied and the sentence does not.
    """

    text: str
    against: str = ""
    sure: bool = False
    at: int = -1
    denial: bool = False


def find_opposition(pair: Pair) -> list[Turn]:
    """Return what turns the sentence against the claim; an even number cancels.

    A cue of the sentence counts where it rules words that answer the claim, and a cue of the claim
    where it rules words that the sentence answers; what both turn around is no difference.
    """
    turns = [
        Turn(cue.text, sure=cue.kind is CueKind.DENIAL, at=cue.at)
        for cue in pair.mine.turns
        if pair.concerns_claim(cue)
        and not _is_answer(cue, pair)
        and not _is_aside(cue, pair.mine, pair.region[0], pair.answering)
    ]
    for cue in pair.theirs.turns:
        if not pair.is_answered(cue) or _is_aside(cue, pair.theirs, 0, pair.answered):
            continue
        # The claim's own negation: one of the sentence's answers it, else its absence turns.
        if turns:
            turns.pop()
        elif not _is_said(cue, pair):
            turns.append(Turn("", cue.text, denial=cue.kind is CueKind.DENIAL))
    if pair.covered >= OPPOSED_COVERED:
        _add_opposites(pair, turns)
    return turns


def _is_answer(cue: Cue, pair: Pair) -> bool:
    """Say whether a denial is what the claim tells in another word: "rejected", "turned down".

    Where the claim's own word is read as a denial too, the two cancel as any others do.
    """
    if cue.kind is not CueKind.DENIAL:
        return False
    for number, (answer, how) in pair.words.pairs.items():
        if pair.mine.terms[answer].start == cue.at:
            place = pair.theirs.terms[number].start
            told = any(t.at <= place < t.at + len(t.text) for t in pair.theirs.turns)
            return how in (Answer.SAME, Answer.SYNONYM, Answer.KIN) and not told
    return False


def _is_said(cue: Cue, pair: Pair) -> bool:
    """Say whether the sentence has the claim's own word for it: "dismissed" and "sacked"."""
    last = cue.at + len(cue.text)
    own = [i for i, term in enumerate(pair.theirs.terms) if cue.at <= term.start < last]
    return any(i in pair.answered for i in own)


def _add_opposites(pair: Pair, turns: list[Turn]) -> None:
    for number, (answer, how) in pair.words.pairs.items():
        if how not in (Answer.OPPOSITE, Answer.NEGATED):
            continue
        place = pair.mine.terms[answer].start
        turn = Turn(_said(pair.mine, answer), _said(pair.theirs, number), sure=True)
        same = next((i for i, t in enumerate(turns) if t.at <= place < t.at + len(t.text)), None)
        if same is not None:
            # "Rejected" is a denial and the opposite of "passed": one turn, not two.
            turns[same] = turn
        elif turns and not turns[-1].sure:
            turns.pop()
        else:
            turns.append(turn)


def _said(statement: Statement, number: int) -> str:
    term = statement.terms[number]
    return statement.senses[number].phrase or statement.text[term.start : term.end]


def _opens_aside(cue: Cue, statement: Statement) -> bool:
    """Say whether a sentence opens with what was not done: "Far from ignoring them, the …"."""
    return cue.text in _OPENING_ASIDES and _OPENED.match(statement.lower, cue.at) is not None


def _is_aside(cue: Cue, statement: Statement, start: int, answers: frozenset[int]) -> bool:
    """Say whether a negation concerns only a lesser part of what the two have in common."""
    if cue.kind is not CueKind.NEGATION or not answers:
        return False
    ruled = sum(cue.rules(statement.terms[i].start) for i in answers)
    if _opens_aside(cue, statement) and ruled < len(answers):
        return True
    if cue.text in _ASIDES:
        return ruled < ASIDE_SHARE * len(answers)
    subordinate = _SUBORDINATE.search(statement.lower, start, cue.at)
    if subordinate is None:
        return False
    before = any(start <= statement.terms[i].start < subordinate.start() for i in answers)
    return before and ruled < SUBORDINATE_SHARE * len(answers)
