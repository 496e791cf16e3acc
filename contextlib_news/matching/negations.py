"""Where a text says no: negations by language, found by the place of their first character.

Terms leave them out or stem them like other words, and likeness hardly moves when one is added; so
what must not be confused with its opposite looks for them here. Deliberately small: words that are
always a negation, no verbs such as "deny".
"""

from __future__ import annotations

import re

from contextlib_news.matching.languages import primary_tag, word_tag
from contextlib_news.matching.normalize import Token

__all__ = ["find_negations"]

# Folded as normalize.py folds them: without diacritics and apostrophes. Of "ne ... pas" only "pas"
# counts, since "ne" is left out in speech and also stands in "ne ... que".
_WORDS = {
    "en": "not no never nor neither none nobody nothing nowhere without cannot cant dont doesnt "
    "didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt couldnt shouldnt mustnt aint",
    "ar": "لا لم لن ليس ليست غير", "bg": "не няма никога нито без", "bn": "না নয় নেই",
    "ca": "no mai cap sense", "cs": "ne neni nikdy zadny zadna zadne bez",
    "da": "ikke ingen intet aldrig uden", "de": "nicht kein keine keinen keinem keiner keines nie "
    "niemals niemand nichts weder ohne", "el": "δεν μην οχι ποτε χωρις",
    "es": "no nunca jamas ningun ninguna ninguno nadie nada tampoco sin", "et": "ei mitte",
    "fa": "نه هيچ بدون نيست نبود نشد", "fi": "ei eivat eika ilman", "fr": "pas jamais aucun aucune "
    "rien personne sans non", "he": "לא אין בלי אינו אינה", "hi": "नहीं न मत बिना",
    "hr": "ne nije nisu nikad bez", "hu": "nem nincs soha nelkul", "id": "tidak bukan tanpa belum",
    "it": "non no mai nessuno nessuna nulla niente senza", "nb": "ikke ingen intet aldri uten",
    "nl": "niet geen nooit niemand niets zonder", "nn": "ikkje ingen aldri utan",
    "pl": "nie nigdy zaden zadna zadne nikt nic bez", "pt": "nao nunca jamais nenhum nenhuma "
    "ninguem nada sem", "ro": "nu niciodata niciun nicio fara",
    "ru": "не нет ни никогда без нельзя", "sr": "не није нису никад без ne nije nisu nikad bez",
    "sv": "inte ingen inget inga aldrig utan", "tr": "degil yok hic olmayan",
    "uk": "не ні немає нема ніколи без", "ur": "نہیں نہ", "vi": "khong chua chang",
}  # fmt: skip
_WORDS["no"] = _WORDS["nb"]
_BY_LANGUAGE = {tag: frozenset(words.split()) for tag, words in _WORDS.items()}
_OF_ANY = frozenset().union(*_BY_LANGUAGE.values())

# In scripts without spaces, as a part of a run.
_UNSPACED = re.compile("[不没沒未无無非]|ない|ません|なかっ|않|없|못|아니|ไม่|มิได้")


def find_negations(text: str, tokens: list[Token], language: str | None) -> tuple[int, ...]:
    """Return where the negations of a text start, in order; ``tokens`` are its words.

    Each word is looked up in the language of its script; in a text whose language is unknown, a
    word counts that is a negation in any.
    """
    tag = primary_tag(language)
    places = {match.start() for match in _UNSPACED.finditer(text)}
    for token in tokens:
        if language is None:
            known = _OF_ANY
        else:
            known = _BY_LANGUAGE.get(word_tag(text[token.start : token.end], tag), frozenset())
        if token.text in known:
            places.add(token.start)
    return tuple(sorted(places))
