"""Who a page says spoke the words between quotation marks.

The speaker may stand before the passage ("Anna Berg said: …"), behind it ("…, said Anna Berg"), or
between two parts of it. A pronoun means the speaker named last, "the report" the one that was said
to report. What no words near it attribute stays without a speaker.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

__all__ = ["Attribution", "Speakers", "attribution_of"]

# Characters on either side of a passage in which its speaker is looked for.
REACH = 160

# How far back the name may stand that "the report", or a pronoun, means.
BACK_REFERENCE = 3_000
PRONOUN_REACH = 600

# Between two passages of one speaker: no words but a conjunction, or those that tell who speaks.
SHORT_GAP = 12

MAX_NAMED = 2_000

# Names are capitalised words, joined by lower-case particles.
_PART = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Lt|Gen|Col|Sgt|Sen|Rep|Gov|St|Prof|Capt|Maj|Adm|Rev|Det|Supt)\.|"
    # Bounded, since a text of nothing but capitals would be read anew from each of them.
    r"(?:[A-ZÀ-Þ]\.){1,6}|(?<!\w)[A-ZÀ-Þ][\w’'-]{0,60})"
)
_NAME = rf"(?:then-)?{_PART}(?:\s+(?:(?:of|the|al|de|von|van|bin|for)\s+)?{_PART}){{0,5}}"
_ARTICLE = r"(?:[Tt]he|[Aa]n?|[Ee]l|[Ll]a|[Uu]na?|[Ll]e|[Uu]ne?|[Dd]er|[Dd]ie|[Dd]as|[Ee]ine?)"
_NO_SPEAKER = frozenset(
    "the a an but and in on at for as if when while yet so he she they it we you i this that these "
    "those there his her their its our my what then thus later earlier meanwhile still "
    "another one some many most others both people everyone everybody nobody no not even instead "
    "who which".split()
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """A speaker as named, or a pronoun or document that stands for one named before."""

    who: str
    pronoun: bool = False
    document: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """The patterns of a language: speaker before, behind, and anywhere with a verb of saying.

    ``said`` is what the first two cannot do without, at a tenth of their cost.
    """

    said: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    named: re.Pattern[str]
    reporting: re.Pattern[str]
    spoken: re.Pattern[str]
    pronoun: re.Pattern[str]
    document: re.Pattern[str]
    verb: re.Pattern[str]


@lru_cache(maxsize=32)
def attribution_of(language: str | None) -> _Words:
    """Return the patterns of a language (BCP 47 tag), joined with those of English."""
    text = (files("contextlib_news.data") / "speech.json").read_text(encoding="utf-8")
    tables = json.loads(text)["languages"]
    tag = (language or "en").split("-")[0].lower()
    chosen = [tables["en"]] + ([tables[tag]] if tag in tables and tag != "en" else [])

    def joined(key: str) -> str:
        return "|".join(table[key] for table in chosen)

    verbs, documents = joined("verbs"), joined("documents")
    adjectives = r"(?:(?:[A-Z]\.)+\s+|[\w-]+\s+){0,3}"
    role = rf"(?:{_ARTICLE}\s+)?{adjectives}(?:{joined('roles')})"
    document = rf"{_ARTICLE}\s+(?:\w+\s+)?(?:{documents})"
    someone = r"(?:[Oo]ne|[Aa]nother|[Aa]n?|[Tt]he)\s+(?:[a-zß-ÿ][\w-]*\s+){0,2}[a-zß-ÿ][\w-]*"
    speaker = rf"{document}|{role}|(?:{_ARTICLE}\s+)?{_NAME}|\b(?:{joined('pronouns')})"
    aside = r"(?:,[^,.!?“”\"]{1,60},)?"
    return _Words(
        said=re.compile(rf"\b(?:{verbs})\b|{joined('according')}"),
        before=re.compile(
            rf"(?:(?:{joined('according')})\s+(?P<by>{speaker})[^.!?“”\"]{{0,40}}"
            rf"|(?P<who>{speaker}){aside}\s+[^.!?“”\"]{{0,60}}?\b(?:{verbs})\b"
            rf"[^.!?“”\"]{{0,60}})[,:]?\s*$"
        ),
        after=re.compile(
            rf"^[,.\s–—-]*(?:(?:[a-zß-ÿ][\w-]*\s+){{0,4}}?(?P<who>{speaker}|{someone}){aside}\s+"
            rf"(?:has |had |later |also )?(?:{verbs})\b"
            rf"|(?:[^.!?“”\",]{{1,60}},\s+)?(?:{verbs})[\s-]+(?P<whom>{speaker})|(?:{joined('according')})\s+(?P<by>{speaker}))"
        ),
        named=re.compile(rf"(?P<who>(?:{_ARTICLE}\s+)?{_NAME}){aside}\s+(?:{verbs})\b"),
        reporting=re.compile(
            rf"(?P<who>(?:{_ARTICLE}\s+)?{_NAME}){aside}\s+(?:{joined('reporting')})\b"
        ),
        spoken=re.compile(rf"(?P<who>{document}|(?:{_ARTICLE}\s+)?{_NAME}){aside}\s+(?:{verbs})\b"),
        pronoun=re.compile(rf"(?:{joined('pronouns')})", re.IGNORECASE),
        verb=re.compile(rf"\b(?:{verbs})\b"),
        document=re.compile(rf"{_ARTICLE}\s+(?:\w+\s+)?(?:{documents})"),
    )


class Speakers:
    """The speakers of one document: who is named where, for what pronouns refer back to."""

    def __init__(self, text: str, language: str | None) -> None:
        self._words = attribution_of(language)
        self._text = text

    @cached_property
    def _named(self) -> list[tuple[int, str]]:
        return _places_of(self._words.named, self._text)

    @cached_property
    def _reporting(self) -> list[tuple[int, str]]:
        return _places_of(self._words.reporting, self._text)

    def near(self, text: str, start: int, end: int) -> Attribution | None:
        """Return the speaker that the words before or behind a passage of a block name."""
        begin = max(0, start - REACH)
        stretch = text[begin:start].rstrip('“”"„«‘ \u00a0\u202f')
        said = self._words.said
        before = self._words.before.search(stretch) if said.search(stretch) else None
        if before:
            said_by = "by" if before["by"] else "who"
            if said_by == "by" or not _is_place(stretch[: before.start("who")]):
                found = self._read(before[said_by])
                if found is not None:
                    return found
        behind = text[end : end + REACH].lstrip("“”\"»«’' \u00a0\u202f")
        after = self._words.after.match(behind) if said.search(behind) else None
        if after:
            return self._read(after["who"] or after["whom"] or after["by"])
        return None

    def goes_on(self, between: str) -> bool:
        """Say whether words between two passages only tell who speaks both.

        They are given with the last character of the first passage before them.
        """
        if len(between.strip()) < SHORT_GAP:
            return True
        # "…,” said Anna Berg." goes on; "…” Another man said:" begins anew.
        first = re.search(r"[^\W\d_]", between)
        anew = between[:1] in ".!?" and first is not None and first[0].isupper()
        return not anew and self._words.verb.search(between) is not None

    def introduced(self, paragraph: str, place: int) -> str | None:
        """Return whom a paragraph lets speak last, by name or as "the report"."""
        last: tuple[int, Attribution] | None = None
        for match in self._words.spoken.finditer(paragraph):
            found = self._read(match["who"])
            if found is not None and not found.pronoun:
                last = match.start(), found
        return None if last is None else self.resolve(last[1], place + last[0])

    def resolve(self, found: Attribution | None, place: int) -> str | None:
        """Return the speaker's name, for a pronoun or document the one named before the place."""
        if found is None:
            return None
        if found.pronoun:
            name = _last_before(self._named, place, PRONOUN_REACH)
            return name if name and _is_person(name) else None
        if found.document:
            return _last_before(self._reporting, place, BACK_REFERENCE) or found.who
        return found.who

    def _read(self, said: str | None) -> Attribution | None:
        name = _tidy(said)
        if said and self._words.pronoun.fullmatch(said.strip()):
            return Attribution(said.strip(), pronoun=True)
        if name is None:
            return None
        return Attribution(name, document=self._words.document.fullmatch(name) is not None)


_DETERMINERS = frozenset({"the", "a", "an", "one", "another"})


def _places_of(pattern: re.Pattern[str], text: str) -> list[tuple[int, str]]:
    """Return the places of the names that a pattern finds, in order."""
    found: list[tuple[int, str]] = []
    for match in pattern.finditer(text):
        name = _tidy(match["who"])
        if name is not None and len(found) < MAX_NAMED:
            found.append((match.start(), name))
    return found


def _is_place(before: str) -> bool:
    """Say whether a name is the object of a preposition: "police in Hong Kong warned"."""
    words = before.split()
    return bool(words) and words[-1].lower() in _PREPOSITIONS


def _is_person(name: str) -> bool:
    """Say whether a pronoun may mean a name: no article, no "of", not all capitals."""
    words = name.split()
    return len(words) <= 4 and not name.isupper() and not {w.lower() for w in words} & _NO_PERSON


_PREPOSITIONS = frozenset("in of from at against to for with by on near en de in von aus".split())
_NO_PERSON = frozenset("the of for and a an news times post house ministry police court".split())


def _last_before(named: list[tuple[int, str]], place: int, reach: int) -> str | None:
    """Return the name that stands last before a place, None where none is near."""
    number = bisect_left(named, (place, "")) - 1
    if number < 0 or place - named[number][0] > reach:
        return None
    return named[number][1]


def _tidy(name: str | None) -> str | None:
    cleaned = (name or "").strip(" ,:;.’'").removeprefix("then-")
    words = cleaned.split()
    if len(words) > 1 and words[0].lower() in _NO_SPEAKER - _DETERMINERS:
        cleaned = " ".join(words[1:])
    if not cleaned or cleaned.lower() in _NO_SPEAKER or re.search(r"['’]s?$", cleaned):
        return None
    # "a British": what follows the adjective was cut off.
    if re.fullmatch(rf"[Aa]n? {_PART}", cleaned):
        return None
    return cleaned
