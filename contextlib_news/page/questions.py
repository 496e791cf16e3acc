"""Questions: which of them carry facts, and which only ask."""

from __future__ import annotations

import re

__all__ = ["is_question", "states_facts"]

# A question of one of these scripts that is no longer than this says little.
SHORT_EASTERN = 12

# From here a question is likelier to hold a statement than not.
LONG_WORDS = 15
LONG_CONTENT = 6

_MARK = re.compile(r"[?？؟;][\"'”’»)\]\s]*$")
_FIGURE = re.compile(r"\d")
_EASTERN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)

# The rest of such a question is a statement that is taken for granted or put to the reader.
_CARRIER = re.compile(
    r"\b(?:(?:did|do) you know|is it (?:really )?true|have you heard|who would have thought"
    r"|(?:isn['’]t|is) it (?:not )?\w+ that|how (?:can|could) it be|how is it possible"
    r"|sab[ií]as?|sab[ií]a (?:usted|que)|es (?:verdad|cierto) que|saviez-vous|savez-vous"
    r"|est-il vrai|wussten sie|wusstest du|stimmt es|è vero che|sapevi|lo sapevate"
    r"|sabia que|é verdade que|wist je|wist u|знаете ли|знали ли|правда ли)\b",
    re.IGNORECASE,
)
_READER = frozenset(
    "you your yours we us our i me my usted ustedes tú te crees cree piensas piensa opinas opina "
    "nosotros vous votre vos nous pensez-vous pensez sie ihr ihre ihnen wir du uns você vocês nós "
    "voi lei noi jij jullie вы вам вас ваш мы нам ты тебе думаете считаете رأيك رأيكم برأيك".split()
)
_WHY = frozenset("why pourquoi warum wieso weshalb perché почему зачем waarom лماذا لماذا".split())
_ASKS = frozenset(
    "what who whom whose where when which how qué quién quiénes cómo cuándo dónde cuál cuánto "
    "cuántos y que quoi qui comment quand où quel quelle combien wer wen wie wann wo welche "
    "wohin che chi come quando dove quale o quem como onde qual wat wie waar hoe что кто как когда "
    "где куда какой сколько ما من كيف متى أين".split()
)
# Words of a question that name nothing.
_GENERIC = frozenset(
    "a about all am an and any are aren't as at be been being but by can can't could did didn't do "
    "does doesn't don't else for from get go going had happen happened happens has hasn't have "
    "he her here him his how if in into is isn't it its it's just know late like long make mean "
    "means more most much need next not now of on one only or out over possible really right say "
    "says she should so still such sure than that the their them then there these they thing "
    "things think this those to too true trust up very want was wasn't way went were weren't what "
    "when where which who whom whose why will with won't would wrong yes yet come came anyone "
    "someone everyone nobody everything something anything nothing again ever never".split()
)


def is_question(text: str) -> bool:
    """Say whether a sentence ends as a question; the Greek mark counts in Greek text only."""
    found = _MARK.search(text[-8:])
    if found is None:
        return False
    return found[0][0] != ";" or any("\u0370" <= character <= "\u03ff" for character in text[:80])


def states_facts(text: str, words: list[str], lowered: list[str]) -> bool:
    """Say whether a question carries something that could be checked.

    It does where it puts a statement to its reader ("Did you know that ..."), holds figures or
    names enough, asks why something is so, or asks yes or no about things it names; not where it
    asks for the reader's view. Long questions mostly hold a statement.
    """
    eastern = len(_EASTERN.findall(text))
    figures = _FIGURE.search(text) is not None
    count = len(words)
    if eastern > count:
        return figures or eastern > SHORT_EASTERN
    content = sum(word not in _GENERIC for word in lowered)
    if count >= LONG_WORDS and content >= LONG_CONTENT:
        return True
    if count >= 6 and _CARRIER.search(text):
        return True
    names = sum(word[0].isupper() for word in words[1:])
    if not _READER.isdisjoint(lowered):
        return figures and count >= 8
    if figures and count >= 5:
        return True
    if lowered[0] in _WHY or lowered[:2] in (["how", "could"], ["how", "can"], ["how", "come"]):
        return content >= 3
    if lowered[0] in _ASKS:
        return names >= 2 and count >= 7
    return content >= 2 and count >= 4
