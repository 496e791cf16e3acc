"""Lines that furnish a page and state nothing: navigation, prompts, dates, bylines, credits.

Each rule is about a kind of line, not a wording: lines made only of a page's own vocabulary, labels
before a colon, lines made only of names. The words are data (``data/furniture.json``). A line that
holds anything else is no furniture.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["has_traces", "is_furniture"]

# Longer lines state something, or are no use to tell apart.
MAX_WORDS = 40
TEASER_WORDS = 25
NAMES_WORDS = 16
GREETING_WORDS = 10
DATELINE_WORDS = 8
CREDIT_WORDS = 8
MAKER_WORDS = 6
MENU_WORDS = 20
SEGMENT_WORDS = 4
SHOUT_WORDS = 8
LABEL_CHARACTERS = 40
EASTERN_CHARACTERS = 40
EASTERN_GREETING = 14

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[@#]\w+", re.IGNORECASE)
_SEPARATOR = re.compile(r"[|·•›»>]|\s[-–—/]\s")
_LABEL = re.compile(r"\s*[:：|]\s*")
_DASH_END = re.compile(r"[-–—][.\s]*$")
_RIGHTS = re.compile(
    r"^\W*(?:©|\(c\)\s)|^\W*copyright\W*(?:©|\(c\)|\d{4}\b|$)|all rights reserved"
    r"|\bcontributed (?:reporting|to this (?:report|story|article))\b"
    r"|may not be (?:published|reproduced|republished)"
    r"|\breproduc(?:tion|ed)\b.{0,80}\b(?:prohibited|permission)\b"
    r"|todos los derechos reservados|tous droits réservés|alle rechte vorbehalten"
    r"|tutti i diritti riservati|todos os direitos reservados|все права защищены"
    r"|版权所有|無断転載|جميع الحقوق محفوظة",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:we|our|you|your|site|website|sitio|sito|seite|usamos|utilizamos|nous|wir|usiamo|"
    r"utilizziamo|wij|мы)\b[^.]{0,120}\bcookies?\b|\bcookies?\b[^.]{0,80}\b(?:you|your|our|us)\b"
    r"|^\W*by continuing to (?:use|browse)\b|\byou (?:agree|consent) to (?:our|the|these)\b"
    r"|\b(?:consent|accept|acept|einwillig)\w*\b[^.]{0,80}\bcookies?\b"
    r"|^\W*you (?:can|may) (?:change|withdraw|manage|opt|unsubscribe)\b"
    r"|^\W*your (?:privacy|subscription|account|consent|preferences|donation)\b"
    r"|^\W*to (?:learn|find out|read|see) more\b",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"^\W*(?:please )?(?:sign up|subscribe|join|follow|support|donate|become|enter|get|click|tap|"
    r"don['’]t miss|download|register|buy|shop|order|leave|share|save|listen|watch|read|continue|"
    r"check|visit|find out|contact|email|send|let us know|tell us|write to us|have your say|"
    r"discover|explore|start|create|log in|sign in|"
    r"suscr[ií]b\w+|reg[ií]str\w+|s[ií]gue\w*|des?carga\w*|haga|haz|recib\w+|inscrivez|abonnez|suivez|cliquez|découvrez|recevez|abonnieren|folgen|"
    r"klicken|melden|registrieren|lesen|iscriviti|abbonati|segui|ricevi|assine|inscreva|siga|receba|"
    r"подпишитесь|подписывайтесь)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"^\W*(?:let us know|tell us|write to us|send us|find out|get in touch|have your say)\b",
    re.IGNORECASE,
)
# A prompt with one of these is for nothing else.
_STRONG = frozenset(
    "newsletter newsletters inbox subscribe subscription subscriber podcast app alerts briefing "
    "boletín boletines abo whatsapp рассылку".split()
)
_LETTERS = re.compile(r"[^\W\d_]+")
_CASED = re.compile("[A-Za-zÀ-ɏͰ-ӿԱ-և]")
_EASTERN_GREETING = re.compile(
    "早上好|晚上好|下午好|大家好|各位(?:读者|观众)|谢谢|感谢|こんにちは|こんばんは|ありがとう|안녕하세요|감사합니다"
)
_FIGURE = re.compile(r"\d")
_READER = frozenset(
    "you your us our su sus tu tus nuestro nuestra nos vous votre vos notre nos sie ihr ihre ihren "
    "uns unser unsere unseren nosso nossa sua tua tuo nostra nostro нас наш нашу наши".split()
)
# "Rosa Delgado, chief political correspondent".
_ROLE = re.compile(r"\W*[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]*){1,3},")
_BY = frozenset(["by", "von", "par", "por", "di"])
_ARTICLES = frozenset("a an ein eine un une una uno um uma".split())
_PUNCTUATION = " \t\u00a0.!?。!,،:;()[]*•–—-"
# One of these is in every longer line that is furniture; a cheap look before the rules.
_TRACES = (
    *("cookie", "©", "copyright", "rights", "contributed", "newsletter", "inbox", "subscri"),
    *("may not be", "agree", "you can", "you may", "reproduc", "permission", "privacy"),
    *("to learn", "continuing to", "derechos", "droits", "rechte", "diritti", "direitos", "права"),
    *("版权", "無断", "الحقوق"),
)
# Written with a capital in a headline, but in no name.
_NO_NAMES = frozenset(
    "is are was were be been being has have had did does do will would can could might must said "
    "says say not that it its it's after before when what why how because if but their his her my "
    "your our this these those than makes make gets get takes take asks calls wants returns more "
    "most over under without against during until about ever never no".split()
)


@dataclass(frozen=True, slots=True)
class _Words:
    interface: frozenset[str]
    vocabulary: frozenset[str]
    greetings: frozenset[str]
    greeting_words: frozenset[str]
    teasers: frozenset[str]
    tags: frozenset[str]
    credits: frozenset[str]
    bylines: frozenset[str]
    byline_phrases: frozenset[str]
    roles: frozenset[str]
    agencies: frozenset[str]
    name_parts: frozenset[str]
    dates: frozenset[str]
    phrases: frozenset[str]


@cache
def _words() -> _Words:
    """Return the vocabulary of furniture."""
    text = (files("contextlib_news.data") / "furniture.json").read_text(encoding="utf-8")
    table = json.loads(text)

    def words(name: str) -> frozenset[str]:
        value = table[name]
        rows = value.values() if isinstance(value, dict) else [value]
        return frozenset(word for row in rows for word in row.split())

    def labels(name: str) -> frozenset[str]:
        return frozenset(table[name].split("|"))

    interface = words("interface") | words("dates")
    return _Words(
        interface=interface,
        vocabulary=interface | words("filler"),
        greetings=words("greetings"),
        greeting_words=words("greeting_words") | words("greetings") | words("filler"),
        teasers=labels("teasers"),
        tags=labels("tags"),
        credits=labels("credits"),
        bylines=labels("bylines"),
        byline_phrases=labels("byline_phrases"),
        roles=words("roles"),
        agencies=words("agencies"),
        name_parts=words("name_fillers")
        | words("roles")
        | words("agencies")
        | frozenset(label for label in labels("credits") | labels("bylines") if " " not in label),
        dates=words("dates"),
        phrases=labels("phrases"),
    )


def is_furniture(text: str, words: list[str], lowered: list[str], *, heading: bool) -> bool:
    """Say whether a line furnishes its page and states nothing.

    ``words`` are the words of ``text`` in order and ``lowered`` the same in lower case, with plain
    apostrophes. A heading is given the benefit of the doubt where names might be a headline.
    """
    count = len(words)
    if count > MAX_WORDS:
        return False
    known = _words()
    if "@" in text or "#" in text or "://" in text or "www." in text:
        rest = _ADDRESS.sub(" ", text)
        left = set(_LETTERS.findall(rest.casefold()))
        if not left:
            return True
        kept = [pair for pair in zip(words, lowered, strict=True) if pair[1] in left]
        if kept:
            words, lowered = [word for word, _ in kept], [word for _, word in kept]
    if count <= TEASER_WORDS and (
        _is_vocabulary(lowered, known) or _is_labelled(text, words, known)
    ):
        return True
    if count <= MENU_WORDS:
        end = text.rstrip("\"'”’») ]")[-1:]
        ended, figures = end in ".!?…。؟।", _FIGURE.search(text) is not None
        if (
            text.strip(_PUNCTUATION).casefold() in known.phrases
            or (len(text) <= EASTERN_GREETING and _EASTERN_GREETING.search(text) is not None)
            or (not ended and _is_menu(text))
            or (not figures and _is_greeting(lowered, known))
            or (end != "?" and _is_names(text, words, lowered, known, heading, ended, figures))
            or _is_dateline(text, words, lowered, known, heading)
            or _is_prompt(text, lowered, known)
        ):
            return True
    return has_traces(text) and (
        _RIGHTS.search(text) is not None
        or _CONSENT.search(text) is not None
        or _is_prompt(text, lowered, known)
    )


def has_traces(text: str) -> bool:
    """Say whether a line may be furniture though it is long: rights, cookies, a label."""
    low = text.lower()
    return ":" in low[:LABEL_CHARACTERS] or any(trace in low for trace in _TRACES)


def _is_vocabulary(lowered: list[str], known: _Words) -> bool:
    """Say whether a line holds nothing but a page's own words, at least one of them telling."""
    vocabulary = known.vocabulary
    for word in lowered:
        if word not in vocabulary:
            return False
    return not known.interface.isdisjoint(lowered)


def _is_menu(text: str) -> bool:
    """Say whether a line is a row of short entries between marks."""
    if _SEPARATOR.search(text) is None:
        return False
    entries = [entry for entry in _SEPARATOR.split(text) if entry.strip()]
    return len(entries) >= 3 and all(len(entry.split()) <= SEGMENT_WORDS for entry in entries)


def _is_greeting(lowered: list[str], known: _Words) -> bool:
    """Say whether a line greets, thanks or takes leave and says nothing beside it."""
    if len(lowered) > GREETING_WORDS:
        return False
    words = known.greeting_words
    if lowered[:2] == ["thanks", "to"]:
        return False
    if not known.greetings.isdisjoint(lowered[:2]):
        return len(lowered) <= 3 or sum(word in words for word in lowered) >= len(lowered) - 1
    return len(lowered) >= 2 and all(word in words for word in lowered)


def _is_labelled(text: str, words: list[str], known: _Words) -> bool:
    """Say whether a label before a colon makes the rest a teaser, a list of tags or a credit."""
    found = _LABEL.search(text[:LABEL_CHARACTERS])
    if found is None:
        return False
    label = " ".join(text[: found.start()].strip(_PUNCTUATION).casefold().split())
    rest = text[found.end() :]
    if label in known.teasers or label in known.tags:
        # "Listen: the mayor took bribes" goes on as a sentence does.
        return label in known.tags or not rest[:1].islower()
    if label in known.credits or label in known.bylines or label in known.byline_phrases:
        length = len(label.split())
        if len(words) - length > CREDIT_WORDS:
            return False
        if _CASED.search(rest) is None:
            return len(rest) <= EASTERN_CHARACTERS
        return _are_names(words[length:], known)
    return False


def _are_names(words: list[str], known: _Words) -> bool:
    """Say whether words are names and what joins names, roles and agencies."""
    for word in words:
        low = word.casefold()
        if not (word[0].isupper() or low in known.name_parts) or low in _NO_NAMES:
            return False
    return True


def _is_names(
    text: str,
    words: list[str],
    lowered: list[str],
    known: _Words,
    heading: bool,
    ended: bool,
    figures: bool,
) -> bool:
    """Say whether a line only names people, roles and agencies: a byline or a credit."""
    if len(words) > NAMES_WORDS:
        return False
    first = lowered[0]
    if first in known.credits and lowered[1:2] and lowered[1] in _BY:
        return _are_names(words[2:], known)
    for length in (2, 3, 4):
        if " ".join(lowered[:length]) in known.byline_phrases:
            return all(word in known.dates or _are_names([word], known) for word in words[length:])
    if first in known.bylines and len(words) > 1 and not figures:
        if _CASED.search(text) is None:
            return not ended and len(text) <= EASTERN_CHARACTERS and len(words) <= 5
        if _are_names(words[1:], known):
            return words[1][0].isupper() or not known.roles.isdisjoint(lowered)
        return not ended and len(words) <= 8 and not known.roles.isdisjoint(lowered)
    if not heading and not ended and len(words) <= CREDIT_WORDS:
        if lowered[-1] in known.roles and _ROLE.match(text):
            return True
        by = enumerate(lowered[:4] if len(words) <= MAKER_WORDS else ())
        place = next((i for i, word in by if word in _BY), 0)
        if place and "," not in text and _are_names(words[place + 1 :] or ["x"], known):
            return place == 1 or lowered[0] in _ARTICLES or lowered[place - 1] == "for"
    telling = (
        not known.agencies.isdisjoint(lowered)
        or not known.roles.isdisjoint(lowered)
        or "©" in text
        or " reports from " in text
        or (not heading and ("/" in text or "|" in text))
    )
    return telling and not figures and len(words) <= CREDIT_WORDS and _are_names(words, known)


def _is_dateline(
    text: str, words: list[str], lowered: list[str], known: _Words, heading: bool
) -> bool:
    """Say whether a line only says where and when: "LONDON (Reuters) -", "Paris, 3 May 2020"."""
    if len(words) > DATELINE_WORDS:
        return False
    dashed = _DASH_END.search(text[-8:]) is not None
    if not dashed and known.dates.isdisjoint(lowered):
        return False
    dated = [word in known.dates for word in lowered]
    if not heading and any(dated) and sum(dated) >= len(words) - 2:
        return all(d or word[0].isupper() for d, word in zip(dated, words, strict=True))
    return dashed and all(
        d or _are_names([word], known) for d, word in zip(dated, words, strict=True)
    )


def _is_prompt(text: str, lowered: list[str], known: _Words) -> bool:
    """Say whether a line asks its reader to use the page: to subscribe, share, follow, buy."""
    if _PROMPT.match(text) is None:
        return False
    if _ANSWER.match(text):
        return True
    own = sum(word in known.interface for word in lowered)
    if not _READER.isdisjoint(lowered) and (own >= 2 or not _STRONG.isdisjoint(lowered)):
        return True
    return own > len(lowered) // 2 or (len(lowered) <= SHOUT_WORDS and text.rstrip()[-1:] == "!")
