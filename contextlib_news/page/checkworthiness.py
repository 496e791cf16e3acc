"""Which sentences state something that could be checked.

Rules of thumb, cheap and generous: what is left out gets no note, so doubt speaks for the
sentence. Bylines, navigation, credits, greetings, bare addresses and questions that state nothing
are left out; a question or a caption that states facts is kept.
"""

from __future__ import annotations

import re

from contextlib_news.models import BlockRole, Document, Sentence

__all__ = ["CHECKWORTHY", "is_checkworthy", "score_checkworthiness"]

# Sentences at or above this are looked up. Chosen by reading what fell on either side in the
# reference article and in news sentences of 2006 to 2020.
CHECKWORTHY = 0.5

# Fewer words than this seldom make a statement; a headline may.
SHORT_WORDS = 4

# Longer lines that start like furniture mostly state something after all.
FURNITURE_WORDS = 7
GREETING_WORDS = 9

# A full statement, even where no verb is recognised by its ending ("Frost hits the potato crop").
STATEMENT_WORDS = 6

NAVIGATION_WORDS = 12

# A headline states something though it lacks a verb's ending or a figure.
HEADLINE_BONUS = 0.2

_WORD = re.compile(r"[^\W\d_]+(?:[’'’-][^\W\d_]+)*", re.UNICODE)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FIGURE = re.compile(r"\d")
_ADDRESS = re.compile(r"^\W*(?:https?://|www\.)\S+\W*$", re.IGNORECASE)
# "Photo: Reuters" is a credit, "Photo shows soldiers at the dam" a statement.
_FURNITURE = re.compile(
    r"^\W*(?:(?:file )?(?:photos?|photograph|image|picture|video|illustration|graphic|credits?|"
    r"source|getty(?: images)?|reuters|afp|ap)\s*(?:[:/|©–—-]|by\b|via\b|courtesy\b|credit\b|\W*$)"
    r"|(?:read more|read also|see also|related|share|follow us|subscribe|sign up|log in|sign in|"
    r"advertisement|comments?|tags?|topics?|about (?:the author|us)|contact us|citations?|"
    r"references?|copyright|©|all rights reserved|click here|next|previous|skip to|watch|"
    r"listen|most read|(?:last )?updated|published|posted)\b(?:[:|–—-]|[^.!?]{0,40}$))",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?:By|BY|Von|Par|Por)\s+[A-ZÀ-Þ][\w.’'-]*(?:\s+[A-ZÀ-Þ][\w.’'-]*){0,4}"
    r"(?:\s+(?:for|in|and|at)\s+[\w.’' -]{1,60})?\W*$"
)
_GREETING = re.compile(
    r"^\W*(?:hello|hi|dear|welcome|thank you|thanks|good (?:morning|evening|afternoon)|goodbye|"
    r"stay tuned|see you|happy (?:new year|birthday))\b",
    re.IGNORECASE,
)
_NAVIGATION = re.compile(r"(?:\s[-|•·›»]\s.*){2,}")
_OPINION_QUESTION = re.compile(
    r"\b(?:do|did|would|will|should|can|could|are|have) (?:you|we|they|i)\b"
    r"|^\W*(?:why|what|how|who|where|when)(?: (?:not|else|now|next|about|is next))?\W*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?…]\s)(?<!^)\b[A-ZÀ-Þ][\w’'-]+")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|did|does|do|will|would|can|could|may|might|must|"
    r"said|says|\w{3,}(?:ed|es|ing))\b",
    re.IGNORECASE,
)


def is_checkworthy(sentence: Sentence, document: Document) -> bool:
    """Say whether :func:`annotate` should look the sentence up."""
    return score_checkworthiness(sentence, document) >= CHECKWORTHY


def score_checkworthiness(sentence: Sentence, document: Document) -> float:
    """Return how likely the sentence states something checkable, 0..1.

    0 means that it states nothing (an address, a byline, a greeting); figures, names and a verb
    raise the score. It is a rule's weight, not a probability.
    """
    text = sentence.text
    words = _WORD.findall(text[:2_000])
    characters = len(_CJK.findall(text[:2_000]))
    role = document.blocks[sentence.block].role
    if (not words and characters < 6) or _ADDRESS.match(text):
        return 0.0
    if _BYLINE.match(text) or (len(words) < GREETING_WORDS and _GREETING.match(text)):
        return 0.1
    if len(words) < FURNITURE_WORDS and _FURNITURE.match(text):
        return 0.1
    if len(words) < NAVIGATION_WORDS and _NAVIGATION.search(text[:300]):
        return 0.1
    if characters >= 6:
        return 0.6
    latin = any(word.isascii() for word in words)
    names = len(_NAME.findall(text[:2_000]))
    figures = bool(_FIGURE.search(text))
    score = 0.35 + 0.12 * min(names, 2) + 0.15 * figures
    score += 0.15 if not latin or _VERB.search(text[:2_000]) else 0.0
    score += 0.15 if len(words) >= STATEMENT_WORDS else 0.0
    if role is BlockRole.HEADING and (len(words) >= SHORT_WORDS or text == document.title):
        score += HEADLINE_BONUS
    if len(words) < SHORT_WORDS and role is not BlockRole.HEADING and not figures:
        score -= 0.3
    if text.rstrip("”’\"' )").endswith(("?", "؟")):
        score -= _question_penalty(text, len(words), names, figures)
    return max(0.0, min(1.0, score))


def _question_penalty(text: str, words: int, names: int, figures: bool) -> float:
    """Return what a question loses: little where it carries facts, nearly all where it asks."""
    if words >= 15 and (names >= 2 or figures):
        return 0.1
    if _OPINION_QUESTION.search(text[:300]) or words < 8:
        return 0.5
    return 0.2 if names or figures else 0.4
