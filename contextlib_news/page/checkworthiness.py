"""Which sentences state something that could be checked.

Rules of thumb, cheap and generous: what is left out gets no note, so doubt speaks for the
sentence. Bylines, navigation, credits, greetings, bare addresses and questions that state nothing
are left out; a question or a caption that states facts is kept.
"""

from __future__ import annotations

import re

from contextlib_news.models import BlockRole, Document, Sentence
from contextlib_news.page.furniture import has_traces, is_furniture
from contextlib_news.page.questions import is_question, states_facts

__all__ = ["CHECKWORTHY", "is_checkworthy", "score_checkworthiness"]

# Sentences at or above this are looked up. What the rules leave out is far below it, what they
# keep above.
CHECKWORTHY = 0.5

# Read of a sentence; more changes no answer.
MAX_CHARACTERS = 600

# So many words without an end mark are a statement as often as not.
STATEMENT_WORDS = 4
HEADING_WORDS = 2

# A whole sentence of so many spaces is a statement unless it holds traces of furniture.
LONG_SPACES = 16
LONG_CHARACTERS = 60

# So many characters of a script without spaces may be a statement.
EASTERN_CHARACTERS = 5

FURNITURE_SCORE = 0.1
QUESTION_SCORE = 0.2
FRAGMENT_SCORE = 0.3
STATEMENT_SCORE = 0.6

_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u0670\u0900-\u0eff\u1000-\u109f\u1780-\u17ff"
_MARKED = rf"(?:[^\W\d_]|(?![\d\u0964\u0965])[{_MARKS}])+"
_WORD = re.compile(rf"{_MARKED}(?:[’'’-]{_MARKED})*")
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:[’'’-][^\W\d_]+)*")
_BEYOND = re.compile("[\u0300-\u1dff\u3040-\ud7af]")
_EASTERN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_FIGURE = re.compile(r"\d")
_END = re.compile(r"[.!?…。!?؟।။។۔][\"'”’»)\]\s]*$")
_VERBS = frozenset(
    "is are was were has have had did does do will would can could may might must said says fell "
    "rose died won broke sold paid cut cuts hit hits lost left found took gave went came began "
    "knew saw made told led met ran sent shot spent shut shuts burst bursts win wins kill kills "
    "die dies quit quits ban bans sink sinks sank grew kept held built bought brought caught "
    "fought got".split()
)
_VERB_ENDINGS = ("ed", "es", "ing")


def is_checkworthy(sentence: Sentence, document: Document) -> bool:
    """Say whether :func:`annotate` should look the sentence up."""
    return score_checkworthiness(sentence, document) >= CHECKWORTHY


def score_checkworthiness(sentence: Sentence, document: Document) -> float:
    """Return how likely the sentence states something checkable, 0..1.

    0 means that it holds no words, up to 0.3 that it furnishes the page, only asks or is a
    fragment; figures and length raise what is above. A rule's weight, no probability.
    """
    text = sentence.text[:MAX_CHARACTERS]
    long = text.count(" ") >= LONG_SPACES
    question = is_question(sentence.text)
    if long and not question and _END.search(text[-6:]) and not has_traces(text):
        return _statement_score(text)
    beyond = _BEYOND.search(text) is not None
    words = (_WORD if beyond else _LATIN_WORD).findall(text)
    if not words:
        return 0.0
    lowered = " ".join(words).casefold().replace("’", "'").split(" ")
    role = document.blocks[sentence.block].role
    heading = role is BlockRole.HEADING
    if is_furniture(text, words, lowered, heading=heading):
        return FURNITURE_SCORE
    if question and not states_facts(text, words, lowered):
        return QUESTION_SCORE
    eastern = len(_EASTERN.findall(text)) if beyond else 0
    if eastern > len(words):
        ended = heading or _END.search(text[-6:])
        whole = eastern >= (EASTERN_CHARACTERS - bool(ended))
    else:
        whole = _is_whole(text, lowered, heading)
    if role is BlockRole.FOOTER and not _END.search(text[-6:]):
        whole = False
    return _statement_score(text) if whole else FRAGMENT_SCORE


def _statement_score(text: str) -> float:
    """Return the score of a statement: more for figures and for length."""
    return STATEMENT_SCORE + 0.2 * bool(_FIGURE.search(text)) + 0.1 * (len(text) >= LONG_CHARACTERS)


def _is_whole(text: str, lowered: list[str], heading: bool) -> bool:
    """Say whether a line is long or whole enough to state something."""
    count = len(lowered)
    if count >= STATEMENT_WORDS or (heading and count >= HEADING_WORDS):
        return True
    if _FIGURE.search(text):
        return True
    if count < 2:
        return False
    return (
        _END.search(text[-6:]) is not None
        or not _VERBS.isdisjoint(lowered)
        or any(word.endswith(_VERB_ENDINGS) and len(word) > 4 for word in lowered)
    )
