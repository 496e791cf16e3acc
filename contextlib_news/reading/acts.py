"""Whether a sentence tells of another act of the one whom a claim is about. English.

"The jury heard the banker" has nearly all the words of "The jury acquitted the banker" and says
something else. Seen where both have a verb in the past right behind the same word, and neither
verb answers the other; a verb in another place, or one that stands for another ("let go" for
"sacked"), is left to the weights of the words.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from contextlib_news.reading.alignment import Alignment
from contextlib_news.reading.statement import Statement
from contextlib_news.reading.verbs import PAST

__all__ = ["tells_other_act"]

_PAST = re.compile(PAST)
# What may stand between who acts and the act.
_DOING = frozenset({" ", " has ", " have ", " had "})
_DONE = frozenset({" was ", " were ", " has been ", " had been ", " have been "})
_MODAL = frozenset(f" {word} " for word in "may can must could might should will would".split())
# Behind these the act is told by another verb, or said to be told.
_LIGHT = frozenset(
    "said told announced reported claimed denied rejected refused failed declined admitted "
    "confirmed decided agreed started managed tried voted promised vowed threatened wanted hoped "
    "planned helped used needed ordered asked forced got made took gave went kept found saw knew "
    "became called ended finished insisted noted added alleged warned ruled".split()
) - {"planned", "asked", "ordered"}


def tells_other_act(sentence: Statement, claim: Statement, words: Alignment) -> bool:
    """Say whether right behind the word that both are about, another act is told than the claim's.

    ``words`` says which terms of the sentence answer which of the claim.
    """
    for number in range(1, len(claim.terms)):
        if not _is_act(claim, number) and not _is_done(claim, number):
            continue
        # The first act of the claim is its point.
        if number in words.pairs or number - 1 not in words.pairs:
            return False
        place = words.pairs[number - 1][0] + 1
        if place >= len(sentence.terms) or not _is_act(sentence, place):
            return False
        answering = {answer for answer, _ in words.pairs.values()}
        return place not in answering and not _turns(sentence, place, _LIGHT)
    return False


def _is_act(statement: Statement, number: int) -> bool:
    """Say whether a term is a verb in the past, or one behind "may", right behind the one before.

    What is done to somebody is none: who was killed died.
    """
    between, written = _between(statement, number)
    if between in _MODAL:
        return written.isalpha() and written.islower()
    return between in _DOING and _PAST.fullmatch(written) is not None


def _is_done(statement: Statement, number: int) -> bool:
    """Say whether a term tells what was done to the one before: "the choir was founded"."""
    between, written = _between(statement, number)
    return between in _DONE and _PAST.fullmatch(written) is not None


def _between(statement: Statement, number: int) -> tuple[str, str]:
    """Return what stands between a term and the one before, and the term as written."""
    term, before = statement.terms[number], statement.terms[number - 1]
    return statement.text[before.end : term.start], statement.text[term.start : term.end]


def _turns(statement: Statement, number: int, light: Collection[str]) -> bool:
    """Say whether a verb tells nothing by itself, or is a cue that is read elsewhere."""
    term = statement.terms[number]
    if statement.text[term.start : term.end] in light:
        return True
    return any(cue.at <= term.start < cue.at + len(cue.text) for cue in statement.turns)
