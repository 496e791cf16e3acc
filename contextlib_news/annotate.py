"""From a page to its notes, read top to bottom.

``page -> document -> sentences -> matches -> stance -> notes``. Each stage is a module of its own
and can be called alone on plain values; this one only joins them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from contextlib_news import notes as composing
from contextlib_news.context.disclaimer_rules import DisclaimerRules
from contextlib_news.context.disclaimers import find_disclaimers
from contextlib_news.context.known_pages import known_pages
from contextlib_news.context.known_quotations import known_quotations
from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.context.policies import with_linked_policies
from contextlib_news.matching.explain import align_words
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import (
    Annotation,
    Claim,
    Document,
    DocumentSummary,
    Match,
    Note,
    Outlet,
    Page,
    Reading,
    Sentence,
)
from contextlib_news.page.checkworthiness import is_checkworthy
from contextlib_news.page.document import read_page
from contextlib_news.page.quotations import find_quotations
from contextlib_news.page_notes import (
    citation_notes,
    date_notes,
    same_text_notes,
    since_notes,
)
from contextlib_news.reading.figures import check_figures
from contextlib_news.reading.quotation_check import check_quotation
from contextlib_news.reading.stance import MATCHED_COVERED, read_sentence
from contextlib_news.wording import choose_language

__all__ = ["STAGES", "annotate", "annotate_in_parts", "finish"]

# A sentence shows at most this many claims, as the contract of the answer says.
CLAIMS_PER_SENTENCE = 5

# How many candidates a sentence contributes to the claims whose reports and quotations the page is
# compared with; wider than what is shown, as a citation may support a claim put in other words.
CANDIDATES_PER_SENTENCE = 10

# What the work on a page consists of, in its order.
STAGES = ("parse", "match", "read", "compose")

# So many sentences are matched at once: enough that the search costs as little a sentence as it
# can, few enough that the first notes come soon and a page can be given up.
SENTENCES_AT_ONCE = 64

# A page gets at most this many notes of one kind; far above any article read so far, it bounds the
# answer to a hostile page.
NOTES_PER_KIND = 500


@dataclass(frozen=True, slots=True)
class _Finding:
    """A sentence, a claim it is about, and what it does to it."""

    sentence: Sentence
    claim: Claim
    match: Match
    reading: Reading


def annotate(
    page: Page,
    *,
    index: ClaimIndex,
    outlets: OutletDirectory | None = None,
    reader_language: str = "en",
    today: str | None = None,
    disclaimers: DisclaimerRules | None = None,
) -> Annotation:
    """Return what is known about a page: its outlet and its notes, in reading order.

    ``index`` holds the claims to match, ``outlets`` the publishers known (none: no outlet is
    looked up). ``reader_language`` is the language of the notes (BCP 47 tag): English, Spanish,
    French, German or Arabic; any other falls back to English. ``today`` (``YYYY-MM-DD``, the day
    of the clock where none is given) tells what is old. ``disclaimers`` are rules in place of
    those that ship. Raises :class:`~contextlib_news.errors.InvalidPageError` when the page cannot
    be read; a page about which nothing is known gets no claim note, which never means that it is
    right.
    """
    return finish(
        annotate_in_parts(
            page,
            index=index,
            outlets=outlets,
            reader_language=reader_language,
            today=today,
            disclaimers=disclaimers,
        )
    )


def finish(parts: Generator[tuple[Note, ...], None, Annotation]) -> Annotation:
    """Return the whole answer of :func:`annotate_in_parts`, its parts passed over."""
    while True:
        try:
            next(parts)
        except StopIteration as end:
            annotation: Annotation = end.value
            return annotation


def annotate_in_parts(
    page: Page,
    *,
    index: ClaimIndex,
    outlets: OutletDirectory | None = None,
    reader_language: str = "en",
    today: str | None = None,
    disclaimers: DisclaimerRules | None = None,
    on_stage: Callable[[str, float], None] | None = None,
) -> Generator[tuple[Note, ...], None, Annotation]:
    """Yield the notes on a page as they are found, and return the whole answer.

    The publisher and the fine print come first, then the claims, some sentences at a time, then
    the rest. Each note comes once and is the one that the answer holds. ``on_stage`` is called
    with a name of ``STAGES`` and the seconds spent each time a piece of work is done, at least
    once for every 64 sentences; what it raises ends the work. Else as :func:`annotate`.
    """
    clock = _StageClock(on_stage)
    day = today or date.today().isoformat()
    spoken = choose_language(reader_language)
    document = read_page(page)
    checkworthy = [s for s in document.sentences if is_checkworthy(s, document)]
    clock.done("parse")
    found = _Found()
    outlet = outlets.find(document.url) if outlets is not None and document.url else None
    if outlet is not None:
        outlet = with_linked_policies(outlet, document, day)
        found.add([(None, composing.outlet_note(outlet, spoken))])
    found.add(
        (disclaimer.start, composing.disclaimer_note(document, disclaimer, spoken))
        for disclaimer in find_disclaimers(
            document, disclaimers, sisters=_house_of(outlet, outlets)
        )[:NOTES_PER_KIND]
    )
    clock.done("compose")
    yield found.take()

    candidates = _Candidates(index)
    claimed: dict[str, Claim] = {}
    matched: set[int] = set()
    room = NOTES_PER_KIND
    for first in range(0, len(checkworthy), SENTENCES_AT_ONCE):
        some = checkworthy[first : first + SENTENCES_AT_ONCE]
        findings = _match_sentences(document, some, index, candidates, clock)[:room]
        room -= len(findings)
        matched.update(finding.sentence.index for finding in findings)
        claimed.update({finding.claim.id: finding.claim for finding in findings})
        found.add((f.sentence.start, _compose_claim(document, f, spoken)) for f in findings)
        clock.done("compose")
        yield found.take()

    found.add(
        (figure.start, composing.figure_note(document, figure, spoken))
        for figure in check_figures(document)[:NOTES_PER_KIND]
    )
    found.add(_check_quotations(document, index, candidates, spoken))
    known = known_pages(index, candidates.claims)
    found.add(citation_notes(document, outlets, known, checkworthy, spoken))
    found.add(same_text_notes(document, outlets, known, spoken))
    found.add(since_notes(document, list(claimed.values()), day, spoken))
    found.add(date_notes(document, day, spoken))
    clock.done("compose")
    yield found.take()

    return Annotation(
        document=DocumentSummary(
            title=document.title,
            url=document.url,
            language=document.language,
            sentences=len(document.sentences),
            checkworthy=len(checkworthy),
            matched=len(matched),
        ),
        outlet=outlet,
        notes=composing.order_notes(found.all),
    )


class _Candidates:
    """The claims that sentences of the page resemble, read where somebody asks for them."""

    def __init__(self, index: ClaimIndex) -> None:
        self._index = index
        self._read: dict[str, Claim | None] = {}
        self._noted: dict[str, None] = {}

    def note(self, claim_id: str) -> None:
        self._noted[claim_id] = None

    def read(self, claim_id: str) -> Claim | None:
        self._noted[claim_id] = None
        if claim_id not in self._read:
            self._read[claim_id] = self._index.claim(claim_id)
        return self._read[claim_id]

    def claims(self) -> list[Claim]:
        found = map(self.read, tuple(self._noted))
        return [claim for claim in found if claim is not None]


def _house_of(outlet: Outlet | None, outlets: OutletDirectory | None) -> frozenset[str]:
    """Return the domains whose texts a page's own house may print as its own.

    What an impostor's markup says of the real site is not to be told as if it came from there.
    """
    if outlet is None or outlets is None:
        return frozenset()
    resembled = {outlet.look_alike_of} if outlet.look_alike_of else set()
    return outlets.sisters(outlet.domain) | resembled


@dataclass(slots=True)
class _Found:
    """The notes found so far, each with its place; those not yet handed on are kept apart."""

    all: list[tuple[int | None, Note]] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _fresh: list[tuple[int | None, Note]] = field(default_factory=list)

    def add(self, notes: Iterable[tuple[int | None, Note]]) -> None:
        for place, note in notes:
            if note.id not in self._known:
                self._known.add(note.id)
                self.all.append((place, note))
                self._fresh.append((place, note))

    def take(self) -> tuple[Note, ...]:
        fresh, self._fresh = self._fresh, []
        return composing.order_notes(fresh)


class _StageClock:
    """Says how long each stage took since the one before."""

    def __init__(self, on_stage: Callable[[str, float], None] | None) -> None:
        self._on_stage = on_stage
        self._last = time.perf_counter()

    def done(self, stage: str) -> None:
        if self._on_stage is not None:
            now = time.perf_counter()
            spent, self._last = now - self._last, now
            self._on_stage(stage, spent)


def _match_sentences(
    document: Document,
    sentences: list[Sentence],
    index: ClaimIndex,
    candidates: _Candidates,
    clock: _StageClock,
) -> list[_Finding]:
    """Return the pairs above the threshold; every candidate is noted in ``candidates``."""
    roles = [block.role for block in document.blocks]
    findings: list[_Finding] = []
    hits = index.search(
        [s.text for s in sentences],
        limit=CANDIDATES_PER_SENTENCE,
        text_language=document.language,
    )
    clock.done("match")
    for sentence, matches in zip(sentences, hits, strict=True):
        shown = 0
        for match in matches:
            if match.score < index.threshold or shown == CLAIMS_PER_SENTENCE:
                candidates.note(match.claim_id)
                continue
            claim = candidates.read(match.claim_id)
            if claim is None:
                continue
            reading = read_sentence(
                sentence.text,
                claim,
                context=_neighbours(document, sentence),
                page_date=document.date,
                role=roles[sentence.block],
                language=document.language,
                least_covered=MATCHED_COVERED,
            )
            if reading.stance is not None:
                shown += 1
                findings.append(_Finding(sentence, claim, match, reading))
    clock.done("read")
    return findings


def _neighbours(document: Document, sentence: Sentence) -> tuple[str, str]:
    """Return the sentences before and after, empty at the ends of the document."""
    before = document.sentences[sentence.index - 1].text if sentence.index else ""
    after = sentence.index + 1
    return before, document.sentences[after].text if after < len(document.sentences) else ""


def _compose_claim(document: Document, finding: _Finding, spoken: str) -> Note:
    words = finding.match.wording(finding.claim)
    shared = align_words(finding.sentence.text, words, finding.claim.language)
    return composing.claim_note(
        document, finding.sentence, finding.claim, finding.match, finding.reading, shared, spoken
    )


def _check_quotations(
    document: Document, index: ClaimIndex, candidates: _Candidates, spoken: str
) -> Iterator[tuple[int | None, Note]]:
    passages = find_quotations(document)[:NOTES_PER_KIND]
    if not passages:
        return
    held = known_quotations(index, candidates.claims)
    for passage in passages:
        detail = check_quotation(passage, held)
        yield passage.start, composing.quotation_note(document, passage, detail, spoken)
