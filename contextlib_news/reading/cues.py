"""The words that turn a sentence against a claim, or keep it at a distance. English."""

from __future__ import annotations

import re

__all__ = [
    "ANTONYMS",
    "ATTRIBUTION",
    "CONDITIONAL",
    "DENIAL",
    "HEDGE",
    "NEGATION",
    "NO_EVIDENCE",
    "REBUTTAL",
    "REJECTED",
]

# Negation proper. "not only" and "no longer than" deny nothing.
NEGATION = re.compile(
    r"\b(?:not(?! only\b)|never|no(?= (?!longer than|more than|fewer than|less than|doubt)\w)|none|"
    r"nobody|neither|nor|without|cannot|hardly|barely|failed to|fails to|fail to|refused to|"
    r"refuses to|declined to|unable to|stopped short of|instead of|rather than|far from)\b"
    r"|\b\w{2,8}n['’]t\b",
    re.IGNORECASE,
)

# Somebody denies it: what follows is denied, whoever speaks.
DENIAL = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|"
    r"debunk(?:s|ed|ing)?|disput(?:e|es|ed|ing)|contradict(?:s|ed|ing)?|disprov(?:e|es|ed|ing)|"
    r"rul(?:e|es|ed|ing) out|denial of|rebut(?:s|ted)?)\b",
    re.IGNORECASE,
)

# It is called untrue: before it ("the false claim that") or after it ("... is baseless").
REJECTED = re.compile(
    r"\b(?:false(?!-flag| flag| alarm)|untrue|not true|incorrect|baseless|unfounded|groundless|"
    r"debunked|fabricated|fabrication|hoax|myth|bogus|invented|misinformation|disinformation|"
    r"lie|lies|nonsense|no truth (?:to|in)|wrongly|falsely|mistakenly|erroneously)\b",
    re.IGNORECASE,
)

NO_EVIDENCE = re.compile(
    r"\b(?:no|without|lack of|lacks|little|any|absence of|zero) (?:\w+ ){0,2}"
    r"(?:evidence|proof|sign|indication|basis|record|truth)\b",
    re.IGNORECASE,
)

HEDGE = re.compile(
    r"\b(?:alleged(?:ly)?|reportedly|purported(?:ly)?|supposed(?:ly)?|apparently|possibly|perhaps|"
    r"maybe|may(?! \d)|might|could(?! not)|rumou?r(?:s|ed)?|unconfirmed|is said to|are said to|"
    r"was said to|were said to|is believed to|are believed to|is thought to|are thought to|"
    r"it is unclear|it is not clear|unclear whether|seems? to|appears? to)\b",
    re.IGNORECASE,
)

CONDITIONAL = re.compile(
    r"(?:^|[,;—–-] ?)(?:if|unless|whether|were|had|suppose|assuming|in case|should)\b|\bwhether\b|"
    r"\bwould have\b|\bwould['’]ve\b|\bif\b",
    re.IGNORECASE,
)

# Who says it. Group "who" is the source where the words name one.
ATTRIBUTION = re.compile(
    r"\b[Aa]ccording to (?P<who>[^,.;]{2,80})"
    r"|(?P<who2>(?:[A-Z][\w.’'-]*|\b(?:officials?|sources?|report|reports|media|witnesses|critics|"
    r"activists|analysts?|experts?|residents|spokes\w+|minister|ministry|president|police|army|"
    r"government|he|she|they|it))(?: \w+){0,3}?) (?:(?:had |have |has |also |later |repeatedly )?"
    r"(?:said|says|say|told|tells|claims?|claimed|reported|reports|alleges?|alleged|asserts?|"
    r"asserted|argues?|argued|insists?|insisted|believes?|believed|suggests?|suggested|announced|"
    r"stated|states|maintains?|maintained|wrote|writes|estimates?|estimated|accused|accuses|"
    r"warned|warns|added|adds|noted|notes))\b",
)

# The sentence after it takes it back.
REBUTTAL = re.compile(
    r"^\W*(?:but |yet |however,? )?(?:that|this|it|which|the (?:claim|statement|story|report|"
    r"rumou?r|figure|number|post)|these (?:claims|reports)|those (?:claims|reports)|they)"
    r"(?: (?:claim|statement|story|report|figure|assertion))? (?:is|was|are|were|has been|"
    r"have been|turned out to be|proved|proved to be) (?:\w+ ){0,2}"
    r"(?:false|not true|untrue|wrong|incorrect|baseless|unfounded|a lie|a hoax|"
    r"a myth|fabricated|debunked|nonsense|misleading|denied)\b"
    r"|^\W*(?:false|wrong|not true|untrue|nonsense)\W*$|^\W*(?:none of (?:this|that|it) is true|"
    r"there is no evidence (?:for|of) (?:this|that|it))",
    re.IGNORECASE,
)

_PAIRS = """
rise fall|rose fell|risen fallen|rising falling|increase decrease|increased decreased|grow shrink
grew shrank|up down|win lose|won lost|confirm deny|confirmed denied|open close|opened closed
accept reject|accepted rejected|support oppose|supported opposed|supports opposes|guilty innocent
before after|arrive leave|arrived left|begin end|began ended|started stopped|start stop|allow ban
allowed banned|legal illegal|alive dead|survived died|true false|succeeded failed|success failure
higher lower|more fewer|more less|safe dangerous|ally enemy|allies enemies|remained left
stayed left|approved rejected|passed rejected|adopted rejected|joined left|gained lost
built destroyed|inside outside
first last|majority minority|agreed refused|captured released|armed unarmed
hot cold|strengthened weakened|improved worsened|advanced retreated|attacked defended|bought sold
entered left|hired fired|raised cut|raised lowered|expanded shrank|with without|kept broke
"""


def _antonyms() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _PAIRS.replace("\n", "|").split("|"):
        words = pair.split()
        if len(words) == 2:
            table.setdefault(words[0], set()).add(words[1])
            table.setdefault(words[1], set()).add(words[0])
    return {word: frozenset(others) for word, others in table.items()}


# Words that cannot both hold of one thing.
ANTONYMS = _antonyms()
