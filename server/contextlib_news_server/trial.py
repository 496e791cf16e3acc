"""What a claim would do to a text, before anybody publishes it: its notes, its matches, and why.

The notes are those that ``annotate`` makes; beside them stand the sentences that came near, with
the reason why they got none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contextlib_news import notes as composing
from contextlib_news.annotate import annotate_in_parts, finish
from contextlib_news.matching.exclusions import is_excluded
from contextlib_news.matching.explain import Explanation, align_words, explain_match
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import (
    Claim,
    Document,
    Match,
    Note,
    Page,
    Sentence,
    Stance,
)
from contextlib_news.page.checkworthiness import is_checkworthy
from contextlib_news.page.document import read_page
from contextlib_news.reading.stance import MATCHED_COVERED, read_sentence

__all__ = ["Likeness", "Outcome", "Trial", "Tried", "find_duplicates", "preview", "try_page"]

# As many candidates a sentence as annotate looks at; a claim that is not among them gets no note.
CANDIDATES = 10

# A score below this is told by nothing but the count of sentences that were read.
LEAST_TOLD = 0.02
MOST_TOLD = 50

# A sentence that a claim's own words are, for certain.
CERTAIN = 1.0

MOST_DUPLICATES = 5
MOST_WORDINGS = 12

OnStage = Callable[[str, float], None]


class Outcome(StrEnum):
    """What became of a sentence, and why."""

    SHOWN = "shown"
    BELOW = "below the threshold"
    EXCLUDED = "ruled out"
    NOT_CHECKABLE = "states nothing checkable"
    OTHER = "says something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A sentence that came near the claim; ``elsewhere`` says whether another threshold shows it.

    ``explanation`` names the words; ``note`` is what the reader would see, None for no note.
    """

    sentence: str
    score: float
    outcome: Outcome
    stance: Stance | None
    explanation: Explanation
    note: Note | None
    elsewhere: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The outcome for a text: counts, and the sentences that came near, best first.

    ``there`` and ``elsewhere`` count the sentences with a note at the threshold and at another.
    """

    sentences: int
    checkworthy: int
    threshold: float
    other: float
    there: int
    elsewhere: int
    tried: tuple[Tried, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A claim that says much the same, with the score of the nearest wordings, 0..1.

    ``draft`` says that readers do not see it.
    """

    claim: Claim
    score: float
    draft: bool = False


def preview(claim: Claim, language: str = "en") -> Note | None:
    """Return the note on a page that repeats the claim's text; None where it would get none."""
    document = read_page(Page(text=claim.text, language=claim.language))
    if not document.sentences:
        return None
    # Where the text was cut into several, the first stands for all.
    sentence = document.sentences[0]
    reading = read_sentence(
        sentence.text, claim, language=document.language, least_covered=MATCHED_COVERED
    )
    if reading.stance is None:
        return None
    match = Match(claim_id=claim.id, score=CERTAIN)
    shared = align_words(sentence.text, claim.text, claim.language)
    return composing.claim_note(document, sentence, claim, match, reading, shared, language)


def try_page(
    page: Page,
    claim: Claim,
    index: ClaimIndex,
    *,
    other: float,
    language: str = "en",
    on_stage: OnStage | None = None,
) -> Trial:
    """Return what the claim does to a page, with the index as it would be with this version.

    ``other`` is the threshold (0..1) to compare with. ``on_stage`` is called as by annotate, and
    what it raises ends the work. Raises InvalidPageError where the page cannot be read.
    """
    shown = _notes(page, claim, index, language, on_stage)
    document = read_page(page)
    # The search passes over what is ruled out; here it is told, so it is looked for without.
    open_index = index.with_changes(upserts=[replace(claim, exclusions=())])
    sentences = list(document.sentences)
    hits = open_index.search(
        [sentence.text for sentence in sentences],
        limit=CANDIDATES,
        min_score=LEAST_TOLD,
        text_language=document.language,
    )
    worth = {s.index for s in sentences if is_checkworthy(s, document)}
    tried: list[Tried] = []
    for sentence, matches in zip(sentences, hits, strict=True):
        for match in matches:
            if match.claim_id == claim.id:
                tried.append(
                    _tried(document, sentence, claim, match, open_index, shown, worth, other)
                )
                if on_stage is not None:
                    on_stage("read", 0.0)
    tried.sort(key=lambda each: -each.score)
    return Trial(
        sentences=len(sentences),
        checkworthy=len(worth),
        threshold=index.threshold,
        other=other,
        there=sum(each.outcome is Outcome.SHOWN for each in tried),
        elsewhere=sum(each.elsewhere for each in tried),
        tried=tuple(tried[:MOST_TOLD]),
    )


def find_duplicates(
    claim: Claim, index: ClaimIndex, drafts: Sequence[Claim] = (), *, least: float | None = None
) -> tuple[Likeness, ...]:
    """Return the claims that match the wordings of another claim, nearest first.

    They score ``least`` (0..1) at least, without it the threshold of the index.

    They are those of an index, and drafts that nobody published, where some are given. The claim
    itself is left out of the search: beside its own words every other claim scores too low.
    """
    unseen = {draft.id for draft in drafts}
    index = index.with_changes(
        upserts=(draft for draft in drafts if draft.id != claim.id), deletes=(claim.id,)
    )
    wordings = (claim.text, *claim.variants)[:MOST_WORDINGS]
    best: dict[str, float] = {}
    hits = index.search(
        wordings,
        limit=CANDIDATES,
        min_score=index.threshold if least is None else least,
        text_language=claim.language,
    )
    for matches in hits:
        for match in matches:
            best[match.claim_id] = max(match.score, best.get(match.claim_id, 0.0))
    nearest = sorted(best, key=lambda claim_id: (-best[claim_id], claim_id))[:MOST_DUPLICATES]
    found = ((index.claim(claim_id), best[claim_id]) for claim_id in nearest)
    return tuple(
        Likeness(claim=held, score=score, draft=held.id in unseen)
        for held, score in found
        if held is not None
    )


def _notes(
    page: Page, claim: Claim, index: ClaimIndex, language: str, on_stage: OnStage | None
) -> dict[str, Note]:
    """Return the notes on a claim by the words that they stand at."""
    parts = annotate_in_parts(page, index=index, reader_language=language, on_stage=on_stage)
    return {
        note.target.exact or "": note
        for note in finish(parts).notes
        if note.claim is not None and note.claim.id == claim.id
    }


def _tried(
    document: Document,
    sentence: Sentence,
    claim: Claim,
    match: Match,
    index: ClaimIndex,
    shown: dict[str, Note],
    worth: set[int],
    other: float,
) -> Tried:
    at, sentences = sentence.index, document.sentences
    before = sentences[at - 1].text if at else ""
    after = sentences[at + 1].text if at + 1 < len(sentences) else ""
    reading = read_sentence(
        sentence.text,
        claim,
        context=(before, after),
        page_date=document.date,
        role=document.blocks[sentence.block].role,
        language=document.language,
        least_covered=MATCHED_COVERED,
    )
    excluded = is_excluded(claim, sentence.text)
    possible = at in worth and not excluded and reading.stance is not None
    # A sentence that stands twice has two notes with the same words.
    note = shown.get(composing.target_at(document, sentence.start, sentence.end).exact or "")
    if excluded:
        outcome = Outcome.EXCLUDED
    elif at not in worth:
        outcome = Outcome.NOT_CHECKABLE
    elif match.score < index.threshold:
        outcome = Outcome.BELOW
    else:
        outcome = Outcome.SHOWN if note is not None else Outcome.OTHER
    return Tried(
        sentence=sentence.text,
        score=match.score,
        outcome=outcome,
        stance=reading.stance,
        explanation=explain_match(sentence.text, claim, match),
        note=note if outcome is Outcome.SHOWN else None,
        elsewhere=possible and match.score >= other,
    )
