"""English stems, as the library's stemmer gives them, at a fifth of its cost.

A page brings two hundred words that no page before it had, and the library's form of the algorithm
(Porter's second stemmer, as in Snowball 3) walks through each of them letter by letter. Here
endings are looked up in tables, the longest first. A test holds both against each other.
"""

from __future__ import annotations

import re

__all__ = ["stem_english"]

VOWELS = "aeiouy"

_EXCEPTIONS = {
    "skis": "ski", "skies": "sky", "idly": "idl", "gently": "gentl", "ugly": "ugli",
    "early": "earli", "only": "onli", "singly": "singl",
} | {word: word for word in "andes atlas bias cosmos howe news sky".split()}  # fmt: skip

# A region begins after the first consonant that follows a vowel; in these words further on.
_REGION = re.compile("[^aeiouy]*[aeiouy]+[^aeiouy]")
_PREFIX = re.compile("arsen|commun|emerg|gener|inter|later|organ|past|univers")

_SHORT_END = re.compile("(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy]|past)$")
_VOWEL = re.compile("[aeiouy]")

_DOUBLES = frozenset("bb dd ff gg mm nn pp rr tt".split())
_KEPT_WITH_ING = frozenset("even cann inn earr herr out".split())
_KEPT_WITH_EED = frozenset("succ proc exc".split())
_BEFORE_LI = frozenset("cdeghkmnrt")

# Endings of the later steps and what stands for them.
_SECOND = {
    "tional": "tion", "enci": "ence", "anci": "ance", "abli": "able", "entli": "ent",
    "izer": "ize", "ization": "ize", "ational": "ate", "ation": "ate", "ator": "ate",
    "alism": "al", "aliti": "al", "alli": "al", "fulness": "ful", "fulli": "ful", "ousli": "ous",
    "ousness": "ous", "iveness": "ive", "iviti": "ive", "biliti": "ble", "bli": "ble",
    "ogist": "og", "lessli": "less", "ogi": "og", "li": "",
}  # fmt: skip
_THIRD = {
    "tional": "tion", "ational": "ate", "alize": "al", "icate": "ic", "iciti": "ic", "ical": "ic",
    "ful": "", "ness": "", "ative": "",
}  # fmt: skip
_FOURTH = dict.fromkeys(
    "al ance ence er ic able ible ant ement ment ent ism ate iti ous ive ize ion".split(), ""
)

# The same for one quick look whether a word has any.
_SECONDS, _THIRDS, _FOURTHS = tuple(_SECOND), tuple(_THIRD), tuple(_FOURTH)
_PLURALS, _PASTS, _FINAL_Y = ("s", "'", "ied"), ("ed", "ing", "eedly", "edly", "ingly"), ("y", "Y")

# Those of all later steps by their last letter.
_NONE: tuple[str, ...] = ()
_LATER = {
    letter: tuple(e for e in (*_SECONDS, *_THIRDS, *_FOURTHS, "e", "ll") if e[-1] == letter)
    for letter in "celimnrst"
}
LONGEST_ENDING = 7


def stem_english(word: str) -> str:
    """Return the stem of a lower-case word.

    >>> stem_english("authorities"), stem_english("running"), stem_english("news")
    ('author', 'run', 'news')
    """
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    if len(word) < 3:
        return word
    word = word.removeprefix("'")
    marked = "y" in word
    if marked:
        word = _mark_consonants(word)
    # Most words have no ending of most steps, so that the regions are found only where one asks.
    stem = _drop_plural(word) if word.endswith(_PLURALS) else word
    if stem.endswith(_PASTS):
        stem = _drop_past(stem, _regions(word)[0])
    if stem.endswith(_FINAL_Y) and len(stem) > 2 and stem[-2] not in VOWELS:
        stem = stem[:-1] + "i"
    if stem.endswith(_LATER.get(stem[-1:], _NONE)):
        first, second = _regions(word)
        stem = _replace_second(stem, first)
        stem = _replace_third(stem, first, second)
        stem = _drop_fourth(stem, second)
        stem = _drop_last(stem, first, second)
    return stem.replace("Y", "y") if marked else stem


def _regions(word: str) -> tuple[int, int]:
    """Return where the two regions of a word begin that most endings must lie in."""
    opened = _PREFIX.match(word) or _REGION.match(word)
    first = opened.end() if opened else len(word)
    opened = _REGION.match(word, first)
    return first, opened.end() if opened else len(word)


def _mark_consonants(word: str) -> str:
    """Return a word with a capital for each y that is a consonant: at its start, after a vowel."""
    letters: list[str] = []
    for letter in word:
        consonant = letter == "y" and (not letters or letters[-1] in VOWELS)
        letters.append("Y" if consonant else letter)
    return "".join(letters)


def _drop_plural(word: str) -> str:
    for ending in ("'s'", "'s", "'"):
        if word.endswith(ending):
            word = word[: -len(ending)]
            break
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _VOWEL.search(word[:-2]):
        return word[:-1]
    return word


def _drop_past(word: str, first: int) -> str:
    if word.endswith(("eed", "eedly")):
        stem = word[: word.rindex("eed")]
        return stem + "ee" if len(stem) >= first and stem not in _KEPT_WITH_EED else word
    if word.endswith("ing"):
        stem = word[:-3]
        if len(stem) == 2 and stem[1] == "y" and stem[0] not in VOWELS:
            return stem[0] + "ie"
        if stem in _KEPT_WITH_ING:
            return word
    elif word.endswith("ed"):
        stem = word[:-2]
    elif word.endswith("edly"):
        stem = word[:-4]
    elif word.endswith("ingly"):
        stem = word[:-5]
    else:
        return word
    if not _VOWEL.search(stem):
        return word
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if stem[-2:] in _DOUBLES:
        return stem if len(stem) == 3 and stem[0] in "aeo" else stem[:-1]
    return stem + "e" if len(stem) == first and _SHORT_END.search(stem) else stem


def _replace_second(word: str, first: int) -> str:
    ending = _longest(word, _SECOND, _SECONDS)
    stem = word[: len(word) - len(ending)]
    if not ending or len(stem) < first:
        return word
    if (ending == "ogi" and stem[-1:] != "l") or (ending == "li" and stem[-1:] not in _BEFORE_LI):
        return word
    return stem + _SECOND[ending]


def _replace_third(word: str, first: int, second: int) -> str:
    ending = _longest(word, _THIRD, _THIRDS)
    stem = word[: len(word) - len(ending)]
    if not ending or len(stem) < (second if ending == "ative" else first):
        return word
    return stem + _THIRD[ending]


def _drop_fourth(word: str, second: int) -> str:
    ending = _longest(word, _FOURTH, _FOURTHS)
    stem = word[: len(word) - len(ending)]
    if not ending or len(stem) < second or (ending == "ion" and stem[-1:] not in ("s", "t")):
        return word
    return stem


def _drop_last(word: str, first: int, second: int) -> str:
    stem = word[:-1]
    if word.endswith("e"):
        if len(stem) >= second or (len(stem) >= first and not _SHORT_END.search(stem)):
            return stem
    elif word.endswith("ll") and len(stem) >= second:
        return stem
    return word


def _longest(word: str, endings: dict[str, str], known: tuple[str, ...]) -> str:
    """Return the longest ending of a word that a table has; empty for none."""
    if not word.endswith(known):
        return ""
    for length in range(LONGEST_ENDING, 0, -1):
        if word[-length:] in endings:
            return word[-length:]
    return ""
