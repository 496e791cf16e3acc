"""A text as stance reads it: its terms with what they may mean, its clauses, its cues.

Worked out once a text and kept, since a sentence is compared with several claims and a claim with
many sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from contextlib_news.matching.languages import primary_tag
from contextlib_news.matching.negations import find_negations
from contextlib_news.matching.normalize import tokenize
from contextlib_news.matching.terms import Term, extract_terms
from contextlib_news.reading.attribution import find_sources, quoted_spans
from contextlib_news.reading.clauses import clause_end, find_borders
from contextlib_news.reading.cue_words import ASIDE_WORDS
from contextlib_news.reading.cues import START_LETTERS, Cue, CueKind
from contextlib_news.reading.distance import find_distance
from contextlib_news.reading.negation import find_turns
from contextlib_news.reading.once import once
from contextlib_news.reading.thesaurus import NO_SENSE, Sense, find_senses
from contextlib_news.reading.verbs import PAST

__all__ = ["LEAST_TOLD", "MAX_CHARACTERS", "Statement", "read_statement"]

MAX_CHARACTERS = 2_000
MAX_NEGATIONS = 24

_START = re.compile(rf"([a-zM][a-zM']{{0,{START_LETTERS - 1}}})[a-zM']*")
_LETTERS = re.compile("[a-z]+")
# A clause that tells why, when or what for; "agreed to sell" is none.
_ASIDE = re.compile(
    r"\b(?P<clause>in order to|so that|because|before)\b(?= \w+ \w)|"
    r" to (?=(?:keep|stop|prevent|avoid|make|get|hide|cover|protect|help|pay|save|win|force|"
    r"ensure|reduce|cut|raise|gain|fund|finance|fight|influence|increase|secure|justify|distract|"
    r"silence|punish|let|escape|evade|create|bring|end|block|allow|put)\b)"
)
_BEFORE_VERB = frozenset(
    "able agreed agree plans plan planned planning wants want wanted tried trying tries vowed "
    "going set due has have had failed fails refused refuses likely began begin continue continues "
    "continued ought need needs used expected supposed forced asked told ordered allowed decided "
    "hopes intends threatens threatened offered offers promised unable unwilling".split()
)

# Words that are no names of which what a claim tells has at least so many.
LEAST_TOLD = 2

# A verb in the past behind a subject of few words, where no other verb can be told before it.
_FIRST_ACT = re.compile(rf"(?:[a-z][a-z'.-]* ){{1,4}}?(?<!the )(?<!an )(?<!a )(?P<act>{PAST})\b")

_NO_SUBJECT = frozenset(
    "is are was were be been has have had will would can could did does do may might who which "
    "that to by of not never".split()
)

_ASKED = re.compile(r"[?؟？][\"”’)\]\s]*$")

# "May" is a month, a name or a hedge; inside a sentence a capital tells.
_MAY = re.compile(r"(?<=[\w,;] )May\b")


@dataclass(frozen=True, eq=False)
class Statement:
    """A text, cut at :data:`MAX_CHARACTERS`, and what is read in it; the rest is found on use."""

    text: str
    language: str | None = None

    @once
    def plain(self) -> str:
        """The text with straight apostrophes and ordinary spaces, as long as the text."""
        return self.text.replace("’", "'").replace("\u00a0", " ")

    @once
    def lower(self) -> str:
        """The plain text in lower case, as long as the text; the month of May keeps its capital."""
        lower = self.plain.lower()
        if len(lower) != len(self.text):
            lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in self.plain)
        if "May" in self.plain:
            for match in _MAY.finditer(self.plain):
                lower = f"{lower[: match.start()]}M{lower[match.start() + 1 :]}"
        return lower

    @once
    def starts(self) -> frozenset[str]:
        """The first letters of each word: one look at them tells which cues are not there."""
        return frozenset(_START.findall(self.lower))

    @once
    def words(self) -> frozenset[str]:
        """The words, split at whatever is no letter from a to z: which cues can be there at all."""
        return frozenset(_LETTERS.findall(self.lower))

    @once
    def is_english(self) -> bool:
        """Say whether the cues of English are looked for: also where no language is known."""
        return primary_tag(self.language) == "en"

    @once
    def terms(self) -> tuple[Term, ...]:
        """The terms of the text in order."""
        return tuple(extract_terms(self.text, self.language))

    @once
    def senses(self) -> tuple[Sense, ...]:
        """What each of the terms may stand for; known for English."""
        if not self.is_english:
            return (NO_SENSE,) * len(self.terms)
        return find_senses(self.plain, self.terms)

    @once
    def borders(self) -> tuple[int, ...]:
        """Where the clauses begin, and the end."""
        return find_borders(self.plain, self.words)

    @once
    def turns(self) -> tuple[Cue, ...]:
        """What turns statements around; in languages other than English the plain negations."""
        if self.is_english:
            return find_turns(self.lower, self.borders, self.starts, self.words)
        places = find_negations(self.text, tokenize(self.text, self.language), self.language)
        return tuple(
            Cue(
                CueKind.NEGATION,
                self.text[place:].split(maxsplit=1)[0],
                place,
                place,
                clause_end(self.borders, place),
            )
            for place in places[:MAX_NEGATIONS]
        )

    @once
    def distance(self) -> tuple[Cue, ...]:
        """What keeps statements at a distance."""
        if not self.is_english:
            asked = _ASKED.search(self.text)
            end = len(self.text)
            return (Cue(CueKind.QUESTION, "?", end - 1, 0, end),) if asked else ()
        return find_distance(self.lower, self.borders, self.starts, self.words)

    @once
    def sources(self) -> tuple[Cue, ...]:
        """Who is named as the source of what; known for English."""
        if not self.is_english:
            return ()
        return find_sources(self.plain, self.borders, self.starts, self.words)

    @once
    def headline_sources(self) -> tuple[Cue, ...]:
        """The same where the text is a headline."""
        if not self.is_english:
            return ()
        return find_sources(self.plain, self.borders, self.starts, self.words, heading=True)

    @once
    def point(self) -> tuple[int, ...]:
        """The terms that say what is told, where a clause about its aim, time or cause follows.

        Empty where none does, or where fewer than two words that are no names stand before it, the
        first word, who or what it tells of, left out: "The concert ended an hour before the storm
        hit the park" tells of an end and an hour.
        """
        aside = self._aside_start() if self.is_english else None
        if aside is None:
            return ()
        told = tuple(
            number
            for number, term in enumerate(self.terms)
            if number
            and term.start < aside
            and not (term.number or term.text.startswith("@") or self.text[term.start].isupper())
        )
        return told if len(told) >= LEAST_TOLD else ()

    @once
    def told(self) -> tuple[int, ...]:
        """The terms that say what is told: no names or numbers, from the act on where one is seen.

        What names the source is left out, and a word that stood before. Empty where fewer than four
        terms of the whole are no names.
        """
        plain = [
            number
            for number, term in enumerate(self.terms)
            if not (term.number or term.text.startswith("@") or self.text[term.start].isupper())
        ]
        if len(plain) < 2 * LEAST_TOLD:
            return ()
        sources = [(cue.at, cue.at + len(cue.text)) for cue in self.sources if cue.source]
        plain = [n for n in plain if not any(a <= self.terms[n].start < b for a, b in sources)]
        act = _FIRST_ACT.match(self.lower) if self.is_english and not sources else None
        if act is None or not _NO_SUBJECT.isdisjoint(act[0].split()[:-1]):
            return tuple(plain)
        start = act.start("act")
        before = {self.terms[n].text for n in plain if self.terms[n].start < start}
        behind = [
            n for n in plain if self.terms[n].start >= start and self.terms[n].text not in before
        ]
        return tuple(behind if len(behind) >= LEAST_TOLD else plain)

    def _aside_start(self) -> int | None:
        if self.words.isdisjoint(ASIDE_WORDS):
            return None
        for match in _ASIDE.finditer(self.lower):
            before = self.lower[: match.start()].rsplit(" ", 1)[-1]
            if match["clause"] or before not in _BEFORE_VERB:
                return match.start()
        return None

    @once
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """The spans inside quotation marks."""
        return quoted_spans(self.plain)


@lru_cache(maxsize=1_024)
def read_statement(text: str, language: str | None = None) -> Statement:
    """Return what is read in a text, the same object for the same text."""
    return Statement(text[:MAX_CHARACTERS], language)
