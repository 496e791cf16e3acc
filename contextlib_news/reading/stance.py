"""What a sentence does to a claim: supports it, refutes it, discusses it, or nothing.

Rules over the part of the sentence that answers the claim: what turns it around, values that cannot
both be true, and what keeps it at a distance. Each cue has a span it rules over and counts only
where words of the claim are ruled; the claim is read in the same way, so that what it negates or
attributes itself is part of it. No model, no randomness: the words that decided are returned.
"""

from __future__ import annotations

from collections.abc import Iterable

from contextlib_news.models import (
    BlockRole,
    Claim,
    Difference,
    DifferenceKind,
    Reading,
    Stance,
)
from contextlib_news.reading.cues import Cue, CueKind
from contextlib_news.reading.opposition import Turn, find_opposition
from contextlib_news.reading.pairing import LEAST_COVERED, Pair, pair_up
from contextlib_news.reading.rebuttal import find_answer, find_rebuttal
from contextlib_news.reading.statement import read_statement

__all__ = ["MATCHED_COVERED", "read_sentence"]

# What a sentence must answer of a claim that it was matched with: the score of the match has
# already said that it is about the claim.
MATCHED_COVERED = 0.3

# Words are somebody's quoted words where this share of those that answer the claim is quoted.
QUOTED_SHARE = 0.75


def read_sentence(
    sentence: str,
    claim: Claim | str,
    *,
    context: tuple[str, str] | None = None,
    page_date: str | None = None,
    role: BlockRole | None = None,
    language: str | None = None,
    least_covered: float = LEAST_COVERED,
) -> Reading:
    """Return what a sentence does to a claim, in what the two differ, and the words that decided.

    ``context`` are the sentences before and after, ``page_date`` the date of the page (it supplies
    missing years), ``role`` the block it stands in, ``language`` the language of the sentence (BCP
    47 tag; the claim's where none is given): the cues are those of English, in other languages only
    plain negations and questions are known. A stance of None means that the sentence says
    nothing about the claim: it answers less of it than ``least_covered`` (0..1, by the weight of
    the claim's words), which may be lower where something else says that it does, such as the score
    of a match (:data:`MATCHED_COVERED`). Never raises.
    """
    pair = pair_up(
        sentence, claim, page_date=page_date, language=language, least_covered=least_covered
    )
    if pair is None:
        return Reading(stance=None)
    before, after = context or ("", "")
    turns = find_opposition(pair)
    distance = _distance(pair, claim, role)
    rebuttal = find_rebuttal(before, after)
    asked = _of_kind(distance, CueKind.QUESTION)
    if asked and rebuttal is None:
        answer = find_answer(after)
        if answer is not None:
            # "Is it so? No." says that it is not so.
            distance = [cue for cue in distance if cue not in asked]
            asked = []
            rebuttal = None if answer else after.split(".")[0].strip()
    left_open = asked or _of_kind(distance, CueKind.CONDITION)
    hedges = _of_kind(distance, CueKind.HEDGE)
    words = [*(turn.text for turn in turns), rebuttal or ""]

    if left_open and rebuttal is None:
        words += _texts(distance)
        return _reading(Stance.DISCUSSES, pair, words, hedge=left_open[0].text)
    if (len(turns) + (rebuttal is not None)) % 2 == 1:
        sure = rebuttal is not None or any(turn.sure for turn in turns)
        if hedges and not sure:
            words += _texts(hedges)
            return _reading(Stance.DISCUSSES, pair, words, turns=turns, hedge=hedges[0].text)
        if rebuttal is None and _only_omits(pair, turns):
            return _reading(Stance.DISCUSSES, pair, _texts(distance), turns=turns)
        return _reading(Stance.REFUTES, pair, words, turns=turns, rebuttal=rebuttal)
    if distance and rebuttal is None:
        hedge = hedges[0].text if hedges else None
        return _reading(Stance.DISCUSSES, pair, _texts(distance), hedge=hedge)
    if pair.differences:
        return _reading(Stance.REFUTES, pair, [d.page for d in pair.differences])
    if pair.names_only:
        # Who somebody is does not say that he died in a raid.
        return Reading(stance=None)
    return _reading(Stance.SUPPORTS, pair, words)


def _only_omits(pair: Pair, turns: list[Turn]) -> bool:
    """Say whether all that stands against the claim is that a denial or negation is left out.

    Who tells of a rumour without saying that it was denied does not say that it was not; and
    in a sentence that answers little of the claim the negation may stand in the part left out.
    """
    omitted = [turn for turn in turns if not turn.text]
    return bool(omitted) and (not pair.whole or any(turn.denial for turn in omitted))


def _reading(
    stance: Stance,
    pair: Pair,
    words: Iterable[str],
    *,
    turns: list[Turn] | None = None,
    rebuttal: str | None = None,
    hedge: str | None = None,
) -> Reading:
    """Return a reading with the differences in value, the first turn, and the hedge."""
    found = list(pair.differences)
    if turns:
        found.append(
            Difference(kind=DifferenceKind.NEGATION, page=turns[0].text, claim=turns[0].against)
        )
    elif rebuttal:
        found.append(Difference(kind=DifferenceKind.NEGATION, page=rebuttal, claim=""))
    if hedge:
        found.append(Difference(kind=DifferenceKind.HEDGE, page=hedge, claim=""))
    return Reading(
        stance=stance,
        differences=tuple(found),
        cues=tuple(dict.fromkeys(word for word in words if word)),
        covered=round(pair.covered, 3),
    )


def _of_kind(cues: list[Cue], kind: CueKind) -> list[Cue]:
    return [cue for cue in cues if cue.kind is kind]


def _texts(cues: list[Cue]) -> list[str]:
    return [cue.text for cue in cues]


# --- What keeps it at a distance ------------------------------------------------------------------


def _distance(pair: Pair, claim: Claim | str, role: BlockRole | None) -> list[Cue]:
    """Return the hedges, conditions, questions and sources under which the sentence says it."""
    mine = pair.mine
    found = [cue for cue in mine.distance if pair.concerns_claim(cue)]
    if found:
        own = {cue.kind for cue in pair.theirs.distance}
        found = [cue for cue in found if cue.kind not in own]
    sources = mine.headline_sources if role is BlockRole.HEADING else mine.sources
    named = [cue for cue in sources if pair.concerns_claim(cue) and not _answers(cue, pair)]
    # "Nobody can claim that …" names no source, and is read as what it turns around.
    named = [
        cue for cue in named if not any(t.at <= cue.at < t.at + len(t.text) for t in mine.turns)
    ]
    strange = [cue for cue in named if not _is_claims_own(cue, pair, claim)]
    if strange:
        found.append(strange[0])
    elif not named:
        quoted = _quoted(pair, role)
        if quoted is not None:
            found.append(quoted)
    return found


def _answers(cue: Cue, pair: Pair) -> bool:
    """Say whether a verb of saying is what the claim tells ("claimed the attack"), no more."""
    if pair.theirs.sources:
        return False
    last = cue.at + len(cue.text)
    if cue.text == cue.source and _terms(cue.source) & {
        pair.mine.terms[i].text for i in pair.answering
    }:
        # "Prison break: …" names the topic, "Minister: …" a source.
        return True
    return any(cue.at <= pair.mine.terms[i].start < last for i in pair.answering) and not (
        cue.source and _terms(cue.source) - {pair.mine.terms[i].text for i in pair.answering}
    )


def _is_claims_own(cue: Cue, pair: Pair, claim: Claim | str) -> bool:
    """Say whether the claim itself names this source, or the source speaks about itself."""
    source = _terms(cue.source)
    if pair.theirs.sources:
        named = set().union(*(_terms(own.source) for own in pair.theirs.sources))
        return not source or bool(source & named)
    if isinstance(claim, Claim) and claim.claimant and source & _terms(claim.claimant):
        return True
    # "The airline said that it will cut 400 jobs": who does it says so.
    first = {term.text for term in pair.theirs.terms[:2]}
    behind = pair.mine.lower[cue.at + len(cue.text) :].removeprefix(" that").lstrip()
    return bool(source & first) and behind.startswith(("it ", "he ", "she ", "they ", "its "))


def _terms(text: str) -> set[str]:
    return {term.text for term in read_statement(text).terms}


def _quoted(pair: Pair, role: BlockRole | None) -> Cue | None:
    """Return a cue where the words that answer the claim are somebody's quoted words."""
    mine = pair.mine
    if role is BlockRole.QUOTE:
        return Cue(CueKind.SOURCE, "quotation", 0, 0, len(mine.text))
    if pair.theirs.quoted:
        return None
    places = [mine.terms[i].start for i in pair.answering]
    for start, end in mine.quoted:
        inside = sum(start <= place < end for place in places)
        if inside > 1 and inside >= QUOTED_SHARE * len(places):
            return Cue(CueKind.SOURCE, "“”", start, start, end)
    return None
