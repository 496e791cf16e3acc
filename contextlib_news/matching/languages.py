"""What differs by language: stemmers, stop words, elisions, how numbers are grouped.

A word is read in the language of its script: the tag of the text where that language is written in
this script, else the script's commonest language. So a Latin name in an Arabic text, and an Arabic
one in an English text, are stemmed as in a text of their own.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import snowballstemmer
import wordfreq

from contextlib_news.matching.english import stem_english

__all__ = [
    "ELISIONS",
    "LONGEST_STEMMED",
    "SHORTEST_STEMMED",
    "SPACED_THOUSANDS",
    "STEMMED",
    "SUFFIXED_NAMES",
    "common_words",
    "languages_with_words",
    "primary_tag",
    "stem_word",
    "word_tag",
]

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian",
    "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Endings taken off where no stemmer is known: Ukrainian cases, longest first.
_ENDINGS = {
    "uk": re.compile(
        "(?<=...)(?:ами|ями|ого|ому|ими|єю|ою|ею|ах|ях|ів|їв|ей|ам|ям|ом|ем|єм|ий|ій|их|їх|им|"
        "[аяуюиіїеєоьй])$"
    ),
}

# Letters of words that are stemmed.
SHORTEST_STEMMED, LONGEST_STEMMED = 4, 40

STEMMED = frozenset(STEMMERS) | frozenset(_ENDINGS)

# Blocks of characters, the language taken for a word in them, and others written so.
_SCRIPTS = (
    (0x370, 0x3FF, "el", ""),
    (0x400, 0x52F, "ru", "be bg kk ky mk mn sr tg tt uk"),
    (0x530, 0x58F, "hy", ""),
    (0x590, 0x5FF, "he", "yi"),
    (0x600, 0x8FF, "ar", "ckb fa ku ps sd ug ur"),
    (0x900, 0x97F, "hi", "mr ne sa"),
    (0x980, 0x9FF, "bn", "as"),
    (0xA00, 0xA7F, "pa", ""),
    (0xA80, 0xAFF, "gu", ""),
    (0xB80, 0xBFF, "ta", ""),
    (0xC00, 0xC7F, "te", ""),
    (0xC80, 0xCFF, "kn", ""),
    (0xD00, 0xD7F, "ml", ""),
    (0xE00, 0xE7F, "th", ""),
    (0xE80, 0xEFF, "lo", ""),
    (0x1000, 0x109F, "my", ""),
    (0x10A0, 0x10FF, "ka", ""),
    (0x1200, 0x137F, "am", "ti"),
    (0x1780, 0x17FF, "km", ""),
    (0x1F00, 0x1FFF, "el", ""),
    (0x3040, 0x30FF, "ja", ""),
    (0x3400, 0x9FFF, "zh", "ja yue"),
    (0xAC00, 0xD7AF, "ko", ""),
    (0xFB50, 0xFDFF, "ar", "ckb fa ku ps sd ug ur"),
    (0xFE70, 0xFEFE, "ar", "ckb fa ku ps sd ug ur"),
)
# Languages that are not written in Latin letters; "ku" and "sr" are in both.
_OTHER_SCRIPTS = {tag for row in _SCRIPTS for tag in (row[2], *row[3].split())} - {"ku", "sr"}

# Languages that part thousands by a space ("3 000") and decimals by a comma.
SPACED_THOUSANDS = frozenset(
    "be bg ca cs da de el es et eu fi fr hr hu hy is it ka kk lt lv mk nb nl nn no pl pt ro ru sk "
    "sl sr sv tr uk".split()
)

# Articles and particles that melt into the next word.
_FRENCH = "l d qu j m t s n c jusqu lorsqu puisqu quoiqu".split()
_ITALIAN = "l un d c s m t v n dell nell all dall sull coll quell quest sant bell".split()
ELISIONS = {
    "fr": frozenset(_FRENCH),
    "it": frozenset(_ITALIAN),
    "ca": frozenset("l d s m t n".split()),
    "ro": frozenset("n s l m".split()),
}

# An apostrophe parts a name from its case endings: "Ankara'nın".
SUFFIXED_NAMES = frozenset(["az", "tr"])

# The commonest words of a language are nearly all function words; these few among them are not.
COMMON = 50
_CONTENT = frozenset(
    "ایران الله محمد کار دست ישראל भारत magyar suomen தமிழ் மக்கள் அரசு இந்திய orang sekolah "
    "україни lietuvos latvijas македонија پاکستان اللہ".split()
)

# "%" is punctuation, so that the word for it says nothing either.
_PERCENT = {
    "ca": "cent", "cs": "procent procenta", "da": "procent", "de": "prozent",
    "es": "ciento", "fi": "prosenttia", "fr": "cent pourcent", "hu": "százalék",
    "id": "persen", "it": "cento", "nb": "prosent", "nl": "procent", "no": "prosent",
    "pl": "procent procenta", "pt": "cento", "ro": "sută", "sv": "procent", "tr": "yüzde",
    "ru": "процент процента процентов", "uk": "відсоток відсотка відсотків",
    "ar": "بالمئة بالمائة المئة المائة", "fa": "درصد", "he": "אחוז אחוזים", "hi": "प्रतिशत फीसदी",
}  # fmt: skip


def primary_tag(language: str | None) -> str:
    """Return the first part of a language tag, lower case; "en" where none is given."""
    return (language or "en").replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=4_096)
def _block(code: int) -> tuple[str, frozenset[str]] | None:
    for first, last, default, others in _SCRIPTS:
        if first <= code <= last:
            return default, frozenset(others.split())
    return None


def word_tag(word: str, tag: str) -> str:
    """Return the language a word is read in: ``tag`` where it is written in the word's script."""
    if not word.isascii():
        for character in word:
            found = _block(ord(character)) if character > "\u02ff" else None
            if found is not None:
                return tag if tag in found[1] else found[0]
    return "en" if tag in _OTHER_SCRIPTS else tag


@cache
def languages_with_words() -> frozenset[str]:
    """Return the languages that ``wordfreq`` has lists of; it looks for their files each time."""
    return frozenset(wordfreq.available_languages("small"))


@lru_cache(maxsize=64)  # tags come from callers
def common_words(tag: str) -> frozenset[str]:
    """Return the function words of a language as written; empty for one that is not known well."""
    if tag == "no":
        tag = "nb"
    if tag == "en":
        return frozenset()
    words = wordfreq.top_n_list(tag, COMMON, "small") if tag in languages_with_words() else []
    return frozenset(
        word
        for word in [*words, *_PERCENT.get(tag, "").split()]
        if word not in _CONTENT and not word.isdecimal()
    )


@lru_cache(maxsize=64)  # tags come from callers
def _stemmer(tag: str) -> object | None:
    name = STEMMERS.get(tag)
    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None


def stem_word(word: str, tag: str) -> str:
    """Return the stem of a lower-case word, or the word where its language has no stemmer."""
    if tag == "en":
        short_or_long = not SHORTEST_STEMMED <= len(word) <= LONGEST_STEMMED
        return word if short_or_long else stem_english(word)
    if tag in _ENDINGS:
        return _ENDINGS[tag].sub("", word)
    stemmer = _stemmer(tag)
    if stemmer is None or not SHORTEST_STEMMED <= len(word) <= LONGEST_STEMMED:
        return word
    stemmed: str = stemmer.stemWord(word)  # type: ignore[attr-defined]  # untyped library
    return stemmed
