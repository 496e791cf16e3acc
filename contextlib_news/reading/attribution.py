"""Who says it: the sources that a sentence names for what it states, and words it quotes. English.

A source makes a statement somebody's ("according to the mayor"), unless the words vouch for it:
what somebody admits, proves or finds out is told as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from contextlib_news.reading.clauses import clause_end, clause_start
from contextlib_news.reading.cue_words import ACCUSING_WORDS, NAMING_WORDS, SAYING_WORDS
from contextlib_news.reading.cues import Cue, CueKind, starts_of

__all__ = ["find_sources", "quoted_spans"]

MAX_SOURCES = 16
MAX_QUOTES = 16

# Verbs that leave open whether it is so. "Found", "showed", "confirmed", "admitted" are not here.
_SAY = (
    r"(?:said|says?|saying|told|tells?|"
    r"claim(?:s|ed|ing)?(?! (?:(?:the|an?|its|his|her) )?(?:responsibility|credit|"
    r"victory|lives?|attack|bombing|title|prize|crown|throne|seat|trophy|reward|benefits?|\d))|"
    r"reported|reports(?= that)|alleg(?:es?|ed|ing)|"
    r"assert(?:s|ed)?|argu(?:es?|ed)|insist(?:s|ed)?|believ(?:es?|ed)|suggest(?:s|ed)?|"
    r"announc(?:es?|ed)|stated|states(?= that)|maintain(?:s|ed)?|wrote|writes?|estimated|"
    r"estimates?(?= that)|"
    r"warn(?:s|ed)?|added|adds(?= that)|noted|notes(?= that)|contend(?:s|ed)?|complain(?:s|ed)?|"
    r"declar(?:es?|ed)|speculat(?:es?|ed)|theori[sz](?:es?|ed)|quip(?:s|ped)|tweet(?:s|ed)|"
    r"think(?:s)?|thought|suspected|suspects?(?= that)|feared|fears?(?= that)|predict(?:s|ed)|"
    r"hint(?:s|ed)|(?:hold|holds|held)(?= that)|impl(?:y|ies|"
    r"ied)|testif(?:y|ies|ied)|put it)"
)
_AUX = r"(?:had |have |has |also |later |repeatedly |then |once |further |publicly )?"
_PERSON = (
    r"(?:officials?|sources?|reports?|media|witness(?:es)?|critics|opponents|supporters|"
    r"activists|campaigners|analysts?|experts?|residents|locals|neighbou?rs|spokes\w+|minister|"
    r"ministry|president|police|army|military|government|opposition|lawyers?|prosecutors?|aides?|"
    r"researchers|scientists|studies|study|poll|survey|newspaper|post|video|website|film|book|"
    r"article|leaflet|person|insiders?|figures?|aide|diplomats?|executives?|employees?|"
    r"relatives?|colleagues?|friends?|commander|captain|mayor|agent|coach|farmers?|union|agency|company|firm|"
    r"group|he|she|they|it|some|many|people|others)"
)
# Capitalised words are looked at in the text as written.
_BY_NAME = re.compile(
    rf"(?P<who>(?:\b[A-Z][\w.'-]*|\b(?:{_PERSON}|[a-z-]+s))(?: [\w.'-]+){{0,4}}?)"
    rf"(?<! is)(?<! are)(?<! was)(?<! were)(?<! been)(?<! to) {_AUX}(?P<verb>{_SAY})\b"
    r"(?P<that> that\b)?"
)
_INVERTED = re.compile(
    rf"[,\"”’'] ?(?P<verb>{_SAY}) (?P<who>(?:(?:the |an? |his |her |its |their |one |"
    rf"another )[\w.'-]+"
    rf"|[A-Z][\w.'-]*|{_PERSON}\b)(?: [\w.'-]+){{0,3}})"
)
# "…, a surveyor told the council", said of the whole at its end.
_TRAILING = re.compile(
    r",[\"”’']? (?P<who>(?:an?|the|one|another|his|her|their) [\w'-]+(?: [\w'-]+){0,3}?) "
    r"(?P<verb>told|said|says|tells|claimed|claims|reported|wrote|argued|argues|insisted|insists|"
    r"maintained|maintains|warned|warns|believes|thinks|suggested|suggests|estimated|complained)"
    r"(?: (?:the |an? |his |her |its |our |their |this )?[\w'-]+(?: [\w'-]+){0,4})?\W*$"
)
_ACCORDING = re.compile(
    r"\b(?:according to|as reported by|as stated by|in the (?:words|view|opinion|eyes) of|citing|"
    r"quoting|per(?= the\b)|in (?:his|her|their) (?:view|opinion)|"
    r"in (?:[\w.-]+ ){0,3}?[\w.-]+(?:'s|s') (?:view|opinion|words|telling|account|version|"
    r"eyes)) ?(?P<who>[^,.;:\"”]{0,80})",
    re.IGNORECASE,
)
_AS_PUT = re.compile(rf"\bas (?P<who>[\w .'-]{{2,60}}?) (?:put it|{_SAY}),?", re.IGNORECASE)
_ACCUSED = re.compile(
    r"\b(?P<who>)(?:accus(?:es?|ed|ing)|(?:is|was|are|were|been) (?:said|alleged|reported|blamed)|"
    r"(?:claim|allegation|accusation|assertion|belief|theory|report|rumou?r|idea|notion|fear|"
    r"suspicion|suggestion)s? (?:that|of)|blam(?:es|ed|ing)(?= (?:[\w'-]+ ){1,8}on\b)|"
    r"(?:bills?|billed|touts?|touted|describ(?:es|ed)|present(?:s|ed)|portray(?:s|ed)|hail(?:s|ed)|"
    r"label(?:s|led)|characteri[sz](?:es|ed))(?= (?:\w+ ){1,6}as))\b",
    re.IGNORECASE,
)
# "Minister: Bridge to open", "Bridge to open: report", "Bridge to open, poll suggests"
_HEADLINE = re.compile(
    r"^(?:[A-Z][\w ]{2,20}: )?(?P<who>[A-Z][\w.'-]*(?: [\w.'-]+){0,3}): (?=\S)"
    r"|, (?:says?|said|claims?|claimed|warns?|insists?) (?P<says>[\w .'-]{3,40})$"
    r"| [-–—] (?P<dash>(?:reports?|sources?|officials?|police|media|witness(?:es)?|study|poll|"
    r"minister|ministry|lawyers?|union|experts?|insiders?)(?: [\w.'-]+){0,2})$"
    rf"|: (?P<last>[\w .'-]{{3,30}})$|, (?P<tail>[\w .'-]{{3,40}}?) (?:{_SAY}|reports?|suggests?|"
    rf"finds?|shows?)$"
)
# "…, a person close to the club told reporters"
_TOLD_WHOM = re.compile(r" (?!that\b|of\b)[\w'’-]+(?: [\w'’-]+){0,2}[.,]?\s*")
_OF_THINGS = ("announc", "report", "warn", "not", "add", "fear", "declar", "predict")
_LABELS = re.compile(
    r"^(?:breaking|update|watch|video|photos?|analysis|opinion|exclusive|live|fact[- ]?check|"
    r"explained|explainer|news|editorial|interview|review|timeline|false|myth|hoax|fake|wrong)$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“]([^\"“”]{3,600})[\"”]|(?<!\w)['‘]([^'‘’]{8,400})['’](?!\w)")

# Where none of these begins a word, no source is named.
_SAYING = starts_of(
    "said say says saying told tell claim report allege assert argue insist believe suggest "
    "announce stated states maintain wrote write estimate warn added adds note noted notes contend "
    "complain declare speculate theorise theorize quip tweet think thought suspect fear predict "
    "hint hold holds held imply implies testify testifies put"
)
_NAMING = starts_of(
    "according reported stated words view opinion eyes telling account version citing quoting per"
)
_ACCUSING = starts_of(
    "accuse accusing claim allegation accusation assertion belief theory report rumour rumor idea "
    "notion fear suspicion suggestion said alleged reported blamed bill billed tout describe "
    "present portray hail label characterise blames blaming"
)
_OTHERS = _NAMING | _ACCUSING


def find_sources(
    text: str,
    borders: tuple[int, ...],
    starts: frozenset[str],
    words: frozenset[str],
    *,
    heading: bool = False,
) -> tuple[Cue, ...]:
    """Return the sources named, each with what it is named for; ``heading`` reads headline forms.

    ``text`` is as written, with straight apostrophes, ``starts`` the first letters of its words,
    ``words`` those words.
    """
    found = list(_headline_sources(text)) if heading else []
    if not starts.isdisjoint(_OTHERS):
        found += islice(_phrases(text, starts, words), MAX_SOURCES)
    if not starts.isdisjoint(_SAYING):
        found += islice(_sources(text, borders, starts, words), MAX_SOURCES)
    return tuple(found)


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans inside quotation marks, without the marks."""
    if not any(mark in text for mark in "\"“'‘"):
        return ()
    spans = []
    for match in islice(_QUOTED.finditer(text), MAX_QUOTES):
        spans.append(match.span(1) if match[1] is not None else match.span(2))
    return tuple(spans)


def _phrases(text: str, starts: frozenset[str], words: frozenset[str]) -> Iterator[Cue]:
    if not (starts.isdisjoint(_NAMING) or words.isdisjoint(NAMING_WORDS)):
        for match in _ACCORDING.finditer(text):
            # "According to" rules its whole sentence.
            yield _cue(match, match["who"], 0, len(text))
    if not (starts.isdisjoint(_ACCUSING) or words.isdisjoint(ACCUSING_WORDS)):
        for match in _ACCUSED.finditer(text):
            yield _cue(match, "", match.end(), len(text))


def _sources(
    text: str, borders: tuple[int, ...], starts: frozenset[str], words: frozenset[str]
) -> Iterator[Cue]:
    if "as" in starts:
        for match in _AS_PUT.finditer(text):
            yield _cue(match, match["who"], 0, len(text))
    if words.isdisjoint(SAYING_WORDS):
        return
    found = False
    for match in _BY_NAME.finditer(text):
        found = True
        if match["who"].lower().startswith(("nobody", "no one", "none ")):
            continue
        start = clause_start(borders, match.start())
        end = clause_end(borders, match.end())
        # "The drug, critics contend, causes …" and "…, police said": said of the rest.
        rest = text[match.end() : end]
        aside = (
            not rest.strip(" ,.;—–-\"'”’)")
            or _is_when(rest)
            or (match["verb"] == "told" and _TOLD_WHOM.fullmatch(rest) is not None)
        )
        if aside and start > 0:
            yield _cue(match, match["who"], 0, len(text))
        else:
            # "announced a vote after …" tells of the vote, "announced that …" of all behind it.
            whole = match["that"] or not match["verb"].startswith(_OF_THINGS)
            yield _cue(match, match["who"], match.end(), len(text) if whole else end)
    if not found and (last := _TRAILING.search(text)) is not None:
        yield _cue(last, last["who"], 0, last.start() + 1)
    for match in _INVERTED.finditer(text):
        yield _cue(match, match["who"], 0, match.start() + 1)


def _is_when(rest: str) -> bool:
    """Say whether what follows a verb of saying only tells when or where: "said on Monday"."""
    return (
        re.match(r" (?:on|in|at|last|yesterday|late|the|to) [\w ]{2,24}[.,]?\s*$", rest) is not None
    )


def _headline_sources(text: str) -> Iterator[Cue]:
    for match in _HEADLINE.finditer(text):
        who = match["who"] or match["last"] or match["tail"] or match["dash"] or match["says"] or ""
        if _LABELS.match(who.strip()):
            continue
        if match["who"]:
            yield Cue(CueKind.SOURCE, who, match.start("who"), match.end(), len(text), who)
        else:
            yield Cue(CueKind.SOURCE, match[0].strip(" ,:"), match.start(), 0, match.start(), who)


def _cue(match: re.Match[str], who: str | None, start: int, end: int) -> Cue:
    words = " ".join(match[0].strip(" ,\"”’'").split())
    return Cue(CueKind.SOURCE, words, match.start(), start, end, (who or "").strip(" ."))
