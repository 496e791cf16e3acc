"""The words that synthetic claims are made of, by their part in a sentence.

The background frequencies of a well-kept word list give the words and how often each is drawn. It
knows no parts of speech, so they are told by form: a word whose "-s", "-ed" and "-ing" forms are in
use as well is taken for a verb, one with a plural alone for a noun, and so on; a few mistakes do
not matter here, the spread of frequencies does. Names of people and of small places are composed of
syllables, since a claim's rarest words are mostly names. No text of any data set is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from wordfreq import get_frequency_dict

from benchmarks.function_words import FUNCTION_WORDS

__all__ = ["Lexicon", "Pool", "lexicon", "verb_forms"]

# Below this a word of the list is a typing error as often as a word.
RAREST_WORD = 1e-7
COMMONEST_NOUN = 4e-4
FORM_IN_USE = 3e-8

SURNAMES = 40_000
TOWNS = 9_000
PEOPLE = 60_000
ORGANISATIONS = 25_000

GIVEN_NAMES = """
    Aaron Abigail Adam Adriana Ahmed Aisha Alan Albert Alejandro Alex Alice Amanda Amina Amy Ana
    Andre Andrea Andrew Angela Anita Anna Anthony Antonio Arjun Arthur Ashley Barbara Ben Beth Bill
    Bob Brandon Brenda Brian Bruce Caleb Carla Carlos Carol Catherine Charles Chen Chloe Chris
    Claire Colin Craig Cynthia Daniel David Deborah Dennis Diana Diego Donna Doris Dylan Edward
    Elena Eli Elizabeth Emily Emma Eric Esther Ethan Eva Evelyn Farah Fatima Felix Frank Gabriel
    Gary George Gloria Grace Greg Hannah Harold Hassan Heather Helen Henry Hugo Ian Ibrahim Ingrid
    Irene Isaac Ivan Jack Jacob James Jamal Jane Janet Jason Jean Jeff Jennifer Jerry Jessica Joan
    Joe John Jose Joseph Joshua Joyce Juan Judith Julia Karen Karim Kate Keith Kelly Kenneth Kevin
    Kofi Kwame Larry Laura Layla Leah Leo Leon Linda Lisa Louis Lucy Luis Lynn Maria Marie Mark
    Martha Martin Mary Matthew Megan Mei Michael Miguel Mike Mohammed Monica Nadia Nancy Naomi
    Nathan Nicole Noah Nora Olga Oliver Olivia Omar Oscar Pablo Pamela Patricia Patrick Paul Peter
    Philip Priya Rachel Rahul Ralph Raymond Rebecca Ricardo Richard Rita Robert Roger Rosa Russell
    Ruth Ryan Samir Samuel Sandra Sara Sean Sergio Sharon Simon Sofia Stella Stephen Steve Susan
    Tamar Tariq Teresa Thomas Tim Tom Tyler Uma Valerie Vera Victor Vincent Wanda Wayne Wei Wendy
    William Xavier Yasmin Yusuf Zachary Zoe
    """.split()

PLACES = [
    place.strip()
    for place in """
    the United States, China, Russia, California, Texas, the United Kingdom, Germany, France, India,
    Canada, Mexico, Israel, Iran, Florida, New York, Iraq, Syria, Washington, Australia, Japan,
    Brazil, Italy, Spain, Ukraine, North Korea, South Korea, Turkey, Egypt, Nigeria, Ohio, Illinois,
    Michigan, Georgia, Pennsylvania, Arizona, Chicago, London, Los Angeles, Virginia, Wisconsin,
    Afghanistan, Pakistan, Saudi Arabia, Libya, South Africa, Kenya, Sweden, Norway, Poland, Greece,
    Cuba, Venezuela, Colombia, Argentina, Houston, Boston, Detroit, Philadelphia, Atlanta, Denver,
    Seattle, Minnesota, Oregon, Colorado, Tennessee, Kentucky, Alabama, Louisiana, Oklahoma, Kansas,
    Missouri, Iowa, Nebraska, Indiana, Nevada, Utah, New Jersey, Massachusetts, Maryland,
    North Carolina, South Carolina, Mississippi, Arkansas, Montana, Idaho, Wyoming, Alaska, Hawaii,
    Puerto Rico, Paris, Berlin, Moscow, Beijing, Tokyo, Delhi, Mumbai, Cairo, Lagos, Nairobi,
    Baghdad, Damascus, Tehran, Kabul, Gaza, Lebanon, Jordan, Yemen, Somalia, Sudan, Ethiopia, Ghana,
    Morocco, Algeria, Tunisia, Portugal, the Netherlands, Belgium, Austria, Switzerland, Denmark,
    Finland, Ireland, Scotland, Hungary, Romania, Bulgaria, Serbia, Vietnam, Thailand, Indonesia,
    the Philippines, Malaysia, Singapore, Bangladesh, Sri Lanka, Nepal, Myanmar, New Zealand, Chile,
    Peru, Bolivia, Ecuador, Haiti, Honduras, Guatemala, Panama, Iceland, Qatar, Kuwait, Dubai
    """.replace("\n", " ").split(",")
]

_ONSETS = "b br c ch d dr f fl g gr h j k kr l m n p pr r s sh st t th tr v w y z".split()
_VOWELS = "a e i o u ai ea ei ia oo ou".split()
_CODAS = "n r l s m t nd rd ck ll rt nt x".split()
_SURNAME_ENDS = "son man ski ez ova berg ley ton er ani ini wala i o a en is ich ford".split()
_TOWN_ENDS = "ville ton ford burg field port ham wood stad mouth dale view grad abad".split()


@dataclass(frozen=True, slots=True)
class Pool:
    """Words to draw from, each with its share of the draws."""

    words: NDArray[np.object_]
    cumulative: NDArray[np.float64]

    @classmethod
    def of(cls, weighted: Mapping[str, float]) -> Pool:
        """Return the pool of words with weights of any scale."""
        weights = np.fromiter(weighted.values(), np.float64, len(weighted))
        return cls(np.array(list(weighted), dtype=object), np.cumsum(weights / weights.sum()))

    def inflected(self, form: Callable[[str], str]) -> Pool:
        """Return the pool of another form of the same words, in the same order."""
        return Pool(np.array([form(word) for word in self.words], dtype=object), self.cumulative)

    def draw(self, random: np.random.Generator, count: int) -> NDArray[np.intp]:
        """Return the places of ``count`` words drawn by weight."""
        places = np.searchsorted(self.cumulative, random.random(count), side="right")
        return np.minimum(places, len(self.words) - 1)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A pool for each kind of slot in a sentence."""

    pools: Mapping[str, Pool]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon; the same for the same word list."""
    frequency = {
        word: share
        for word, share in get_frequency_dict("en", wordlist="large").items()
        if share >= FORM_IN_USE and re.fullmatch("[a-z]{3,16}", word) and word not in FUNCTION_WORDS
    }
    random = np.random.default_rng(20_261_124)
    verbs = {word: frequency[word] for word in frequency if _is_verb(word, frequency)}
    nouns = {
        word: frequency[word]
        for word in frequency
        if word not in verbs and _is_noun(word, frequency)
    }
    adjectives = {w: s for w, s in frequency.items() if _is_adjective(w, frequency)}
    adverbs = {w: s for w, s in frequency.items() if _is_adverb(w, frequency)}
    surnames = _by_rank(_coin(random, SURNAMES, _SURNAME_ENDS), 0.6)
    towns = _by_rank(PLACES + list(_coin(random, TOWNS, _TOWN_ENDS)), 0.9)
    noun, verb = Pool.of(nouns), Pool.of(verbs)
    pools = {
        "noun": noun,
        "nouns": noun.inflected(_plural),
        "adjective": Pool.of(adjectives),
        "adverb": Pool.of(adverbs),
        "verb": verb,
        "verbs": verb.inflected(lambda word: verb_forms(word).third),
        "past": verb.inflected(lambda word: verb_forms(word).past),
        "doing": verb.inflected(lambda word: verb_forms(word).doing),
        "surname": Pool.of(surnames),
        "place": Pool.of(towns),
    }
    pools["person"] = Pool.of(_by_rank(_people(random, pools), 0.8))
    pools["organisation"] = Pool.of(_by_rank(_organisations(random, pools), 0.8))
    return Lexicon(pools)


@dataclass(frozen=True, slots=True)
class VerbForms:
    """The regular forms of a verb."""

    third: str
    past: str
    doing: str


def verb_forms(word: str) -> VerbForms:
    """Return the regular forms of a verb."""
    if word.endswith("e"):
        return VerbForms(word + "s", word + "d", word[:-1] + "ing")
    if re.search("[^aeiou]y$", word):
        return VerbForms(word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    if re.search("(s|x|z|ch|sh)$", word):
        return VerbForms(word + "es", word + "ed", word + "ing")
    return VerbForms(word + "s", word + "ed", word + "ing")


def _plural(word: str) -> str:
    return verb_forms(word).third


def _is_verb(word: str, frequency: Mapping[str, float]) -> bool:
    share = frequency[word]
    if share < RAREST_WORD or word.endswith(("ed", "ing")):
        return False
    forms = verb_forms(word)
    third, past, doing = (
        frequency.get(form, 0.0) for form in (forms.third, forms.past, forms.doing)
    )
    return min(third, past, doing) >= FORM_IN_USE and past + doing > 0.15 * share


def _is_noun(word: str, frequency: Mapping[str, float]) -> bool:
    share = frequency[word]
    if not RAREST_WORD <= share <= COMMONEST_NOUN or word.endswith(("ly", "ed", "ing", "s")):
        return False
    return frequency.get(_plural(word), 0.0) > 0.02 * share


def _is_adjective(word: str, frequency: Mapping[str, float]) -> bool:
    if frequency[word] < RAREST_WORD:
        return False
    if re.search("(ous|ful|ible|less)$", word):
        return True
    return bool(re.search("(ive|al|ic|able|ary|ish|ant|ent)$", word)) and (
        word + "ly" in frequency or word + "ally" in frequency
    )


def _is_adverb(word: str, frequency: Mapping[str, float]) -> bool:
    if not word.endswith("ly") or frequency[word] < RAREST_WORD:
        return False
    return word[:-2] in frequency or word[:-4] in frequency


def _coin(random: np.random.Generator, count: int, ends: list[str]) -> list[str]:
    """Return names made of syllables, the short ones first, as short names are the common ones."""
    short = [a + b + c for a, b, c in product(_ONSETS, _VOWELS, ends)]
    long = [a + b + c + d for a, b, c, d in product(_ONSETS, _VOWELS, _CODAS, ends)]
    random.shuffle(short)
    random.shuffle(long)
    return list(dict.fromkeys(name.capitalize() for name in short + long))[:count]


def _by_rank(words: list[str], exponent: float) -> dict[str, float]:
    """Return the words with weights that fall as a power of their rank."""
    return {word: (rank + 10) ** -exponent for rank, word in enumerate(words)}


def _people(random: np.random.Generator, pools: Mapping[str, Pool]) -> list[str]:
    given = random.integers(0, len(GIVEN_NAMES), PEOPLE)
    family = pools["surname"].draw(random, PEOPLE)
    names = zip(given, family, strict=True)
    return list(dict.fromkeys(f"{GIVEN_NAMES[a]} {pools['surname'].words[b]}" for a, b in names))


def _organisations(random: np.random.Generator, pools: Mapping[str, Pool]) -> list[str]:
    return list(dict.fromkeys(_organisation_names(random, pools, ORGANISATIONS)))


def _organisation_names(
    random: np.random.Generator, pools: Mapping[str, Pool], count: int
) -> Iterator[str]:
    kinds = (
        "the {noun} Department", "the {place} {noun} Agency", "the {noun} Board of {place}",
        "{surname} Group", "{surname} & {other}", "the {surname} Institute", "{surname} University",
        "the National {noun} Association", "the {place} Police", "the {place} {noun} Union",
    )  # fmt: skip
    draws = {name: pools[name].draw(random, count) for name in ("noun", "place", "surname")}
    others = pools["surname"].draw(random, count)
    for number, kind in enumerate(random.integers(0, len(kinds), count)):
        words = {name: pools[name].words[draws[name][number]] for name in draws}
        yield kinds[kind].format(
            noun=words["noun"].capitalize(),
            place=words["place"].removeprefix("the "),
            surname=words["surname"],
            other=pools["surname"].words[others[number]],
        )
