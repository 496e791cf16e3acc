"""Words of which a text holds one where a pattern of a cue matches: one look spares the search.

Whole words, in lower case, split at whatever is no letter from a to z. The first letters of words
(``starts_of``) are looked at before; these tell apart what begins alike. A set may hold words too
many, never too few: ``tests/contextlib_news/reading/test_cue_words.py`` makes texts from the
patterns.
"""

from __future__ import annotations

from collections.abc import Iterator

__all__ = [
    "ACCUSING_WORDS",
    "ASIDE_WORDS",
    "AUXILIARY_WORDS",
    "FALSE_WORDS",
    "HEDGE_WORDS",
    "JOINING_WORDS",
    "NAMING_WORDS",
    "NEGATING_WORDS",
    "SAYING_WORDS",
    "SMALL_WORDS",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(_spell_out(text))


def _spell_out(text: str) -> Iterator[str]:
    """Yield words, those given as ``stem/s/ed`` with each of the endings; ``-`` is none."""
    for word in text.split():
        stem, *endings = word.split("/")
        for ending in endings or ("-",):
            yield stem + ending.replace("-", "")


# Verbs that leave open whether it is so, and "put it".
SAYING_WORDS = _words(
    "said say/-/s/ing told tell/-/s claim/-/s/ed/ing report/ed/s alleg/e/es/ed/ing assert/-/s/ed "
    "argu/e/es/ed insist/-/s/ed believ/e/es/ed suggest/-/s/ed announc/e/es/ed state/d/s "
    "maintain/-/s/ed wrote write/-/s estimate/-/d/s warn/-/s/ed add/ed/s note/d/s contend/-/s/ed "
    "complain/-/s/ed declar/e/es/ed speculat/e/es/ed theoris/e/es/ed theoriz/e/es/ed quip/s/ped "
    "tweet/s/ed think/-/s thought suspect/-/s/ed fear/-/s/ed predict/s/ed hint/s/ed hold/-/s held "
    "impl/y/ies/ied testif/y/ies/ied put"
)
NAMING_WORDS = _words(
    "according reported stated words view opinion eyes telling account version citing quoting per"
)
ACCUSING_WORDS = _words(
    "accus/e/es/ed/ing said alleged reported blam/es/ed/ing claim/-/s allegation/-/s "
    "accusation/-/s assertion/-/s belief/-/s theory theorys report/-/s rumour/-/s rumor/-/s "
    "idea/-/s notion/-/s fear/-/s suspicion/-/s suggestion/-/s bill/-/s/ed tout/-/s/ed "
    "describ/es/ed present/s/ed portray/s/ed hail/s/ed label/s/led characteris/es/ed "
    "characteriz/es/ed"
)
HEDGE_WORDS = _words(
    "alleged/-/ly reportedly purported/-/ly supposed/-/ly apparently possibl/e/y perhaps maybe "
    "probabl/e/y presumably conceivabl/e/y plausibl/e/y imaginable seemingly likely unlikely may "
    "might could rumoured rumored unconfirmed unverified unproven unsubstantiated called "
    "suspected suspect/-/s thought believed said understood reported rumour/-/s rumor/-/s tipped "
    "look/-/s/ed danger risk course threaten/-/s hope/-/s unclear uncertain clear remain/-/s "
    "sign/-/s indication/-/s hints seem/-/s/ed appear/-/s/ed feared would arguably potentially "
    "likelihood probability appearance/-/s accounts face know/-/s tell reason presumed "
    "rul/e/ed/ing exclude/-/d open"
)
SMALL_WORDS = _words("were should event case long condition called said clear had")
NEGATING_WORDS = _words(
    "not never no none nobody nothing nowhere neither nor without cannot hardly barely scarcely "
    "rarely seldom yet fail/-/s/ed/ing refus/e/es/ed/ing declin/e/es/ed/ing neglect/-/s/ed/ing "
    "omit/-/s/ted/ting unable unwilling stop/-/s/d/ed/ped instead rather far lack/-/s/ed "
    "refrain/-/s/ed/ing abstain/-/s/ed/ing desist/-/s/ed/ing sh/y/ies/ied/ying steer/-/s/ed "
    "forgo/-/es forwent devoid withh/eld/old/olds/olding miss/-/es/ed anything non "
    "resist/-/s/ed/ing avoid/-/s/ed/ing spurn/-/s/ed thwart/-/s/ed foil/-/s/ed "
    "bar/-/r/s/d/ed/rs/rd/red ban/-/n/s/d/ed/ns/nd/ned prevent/-/s/d/ed stopp/-/s/d/ed "
    "block/-/s/d/ed exclud/-/s/d/ed prohibit/-/s/d/ed discourag/-/s/d/ed exempt/-/s/d/ed "
    "spar/-/s/d/ed abandon/s/ed scrap/s/ped cant dont doesnt didnt isnt wasnt werent"
)
FALSE_WORDS = _words(
    "false true truth untrue untruth incorrect inaccurate baseless unfounded groundless debunked "
    "discredited fabricated bogus fake made invented misleading wrong mistaken erroneous "
    "unsupported fictitious fictional phoney phony nonsense nonsensical rubbish absurd hoax/-/es "
    "myth/-/s lie/-/s fabrication fiction invention forgery forged fantasy tale/-/s fable legend "
    "misconception/-/s fallacy superstition montage photomontage canard smear stunt prank parody "
    "propaganda disinformation misinformation bunk hogwash humbug doctored photoshopped staged "
    "satire falsely wrongly wrongfully erroneously mistakenly incorrectly untruthfully falsehood "
    "conspiracy"
)
# A clause that tells why, when or what for.
ASIDE_WORDS = _words(
    "order so because before keep stop prevent avoid make get hide cover protect help pay save win "
    "force ensure reduce cut raise gain fund finance fight influence increase secure justify "
    "distract silence punish let escape evade create bring end block allow put"
)
AUXILIARY_WORDS = _words(
    "is are was were be been being has have had will would can could did does do not never"
)
# Before these a clause begins without a mark.
JOINING_WORDS = _words("but while whereas although though because since after until")
