"""Synthetic statements of news: a small grammar whose slots are filled from the lexicon.

A block of statements shares a few hundred sentence forms, expanded from the grammar at random; the
words of a statement come partly from one of some thousand topics, since the words of real claims
keep company: without that, two rare words would hardly ever meet twice, which flatters any index
of word pairs. Statement number n is the same whatever the size of the corpus it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray

from benchmarks.vocabulary import Pool, lexicon

__all__ = ["Grammar"]

BLOCK = 20_000
FORMS_PER_BLOCK = 200
TOPICS = 4_000
TOPIC_WORDS = 24
TOPIC_SHARE = 0.45
FIGURES = 20_000

# What a slot draws its place from: the forms of one word share their topics.
_BASES = {"nouns": "noun", "verbs": "verb", "past": "verb", "doing": "verb"}

_SLOT = re.compile(r"\{(\w+)\}")
_RULE = re.compile(r"<(\w+)>")

_RULES: dict[str, tuple[str, ...]] = {
    "statement": (
        "<who> {past} <what><tail>.",
        "<who> {past} <what> and {past} <what><tail>.",
        "<who> said <clause>.",
        "<who> says that <clause>.",
        "<who> told {organisation} that <clause>.",
        "<who> <will> {verb} <what><tail>.",
        "<who> wants to {verb} <what> in {place}.",
        "<who> has {past} <number> <things> since {year}.",
        "<who>, <role>, {past} <what><tail>.",
        "<who> was {past} by <who><tail>.",
        "<who> was {past} for {doing} <what> in {place}.",
        "<picture> <who> {doing} <what> in {place}.",
        "<picture> {adjective} {nouns} that {past} <what><tail>.",
        "<share> of {nouns} in {place} {verb} <what>.",
        "<share> of <who>'s {nouns} {past} <what><tail>.",
        "The number of <things> in {place} <moved> <share> <when>.",
        "The {noun} of {place} <moved> from <number> to <number> <when>.",
        "{place} has <number> <things>, more than {place} and {place}.",
        "{place} {verbs} more {nouns} than <place> does.",
        "{place} {past} <money> on <things> <when>.",
        "The {adjective} {noun} costs <money> and {verbs} <what>.",
        "No {noun} in {place} has ever {past} <what>.",
        "{doing} <what> {verbs} {adjective} {nouns}.",
        "Eating {adjective} {nouns} {verbs} <what>.",
        "<what> {verbs} <things> and {adverb} {verbs} {nouns}.",
        "<what> was {adverb} {past} in {place} <when>.",
        "A {adjective} {noun} {past} <number> {nouns} in {place} <when>.",
        "A new {noun} in {place} requires {nouns} to {verb} <what>.",
        "A study by {organisation} found that <clause>.",
        "Under a {adjective} law, {nouns} in {place} <will> {verb} <what>.",
        "{organisation} {past} {person} as <role> <when>.",
        "{organisation} is {doing} <things><tail>.",
        "{person} and {person} {past} <what><tail>.",
        "{person}'s {noun} {past} <what> because <clause>.",
        "Since {year}, <who> has {adverb} {past} <what>.",
        "Because of <what>, <clause>.",
        "If <who> {verbs} <what>, {nouns} in {place} <will> {verb} <what>.",
        "The {surname} {noun} {past} <what><tail>.",
        "The {surname} {noun} is the {adjective} {noun} in {place} that {verbs} <things>.",
        "There are <number> <things> in {place}.",
        "<number> <things> were {past} in {place} <when>.",
    ),
    "who": (
        "{person}", "{person}", "{person}", "{person}", "{organisation}", "{place}", "<role>",
        "President {surname}", "Senator {surname}", "Mayor {surname}", "Dr. {surname}",
    ),
    "role": (
        "the {noun} of {place}", "the {adjective} {noun} of {organisation}", "a former {noun}",
        "the head of {organisation}", "the {place} {noun}", "a {noun} from {place}",
    ),
    "what": (
        "the {adjective} {noun}", "the {noun} {noun}", "{adjective} {nouns}", "<things>",
        "the {noun} of {place}", "{person}'s {noun}", "the {surname} {noun}", "{nouns} and {nouns}",
        "a {noun} {noun}", "its {adjective} {noun}", "<number> <things>",
    ),
    "things": (
        "{nouns}", "{adjective} {nouns}", "{noun} {nouns}", "{adjective} {noun} {nouns}",
        "{nouns} from {place}", "{doing} {nouns}",
    ),
    "clause": (
        "<who> {past} <what><tail>", "<what> {past} {nouns} in {place}", "<who> is {doing} <what>",
        "<share> of {nouns} {verb} <what>", "{nouns} in {place} {verb} <what>",
        "the {noun} had {adverb} {past} <what>", "<who> <will> not {verb} <what>",
        "<number> {nouns} {past} <what> <when>", "{place} spent <money> on <things>",
    ),
    "picture": (
        "A photograph shows", "A video shows", "An image shared online shows",
        "A viral post claims that", "Footage shows", "A screenshot shows", "A leaked letter names",
    ),
    "tail": (
        "", "", "", " in {place}", " <when>", " for <money>", " at a {noun} in {place}",
        " without {doing} {nouns}", " while {doing} <what>", " to {verb} <what>",
        " during the {year} {noun}", ", according to {organisation}",
    ),
    "when": (
        "in {year}", "in {month} {year}", "since {year}", "on {month} {day}, {year}", "last year",
        "between {year} and {year}", "in the past {day} years", "in {month}", "every year",
    ),
    "will": ("will", "would", "could", "must", "may"),
    "moved": ("rose", "fell", "grew", "dropped", "increased", "has gone up", "has gone down"),
    "share": ("{percent} percent", "{percent} percent", "{percent}%", "over {percent} percent"),
    "number": ("{figure}", "{figure}", "more than {figure}", "{figure} million", "almost {figure}"),
    "money": ("${figure}", "${figure} million", "${figure} billion", "£{figure}"),
    "place": ("{place}", "the {adjective} part of {place}"),
}  # fmt: skip

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True, slots=True)
class _Form:
    """A sentence form: a pattern for the ``%`` operator and the kinds of its slots in order."""

    pattern: str
    slots: tuple[str, ...]


class Grammar:
    """An endless, deterministic source of statements."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._pools = {**lexicon().pools, **_figures(np.random.default_rng([seed, 1]))}

    def statements(self, start: int = 0) -> Iterator[str]:
        """Yield statement after statement without end, from number ``start`` on."""
        block, offset = divmod(start, BLOCK)
        for number in count(block):
            yield from islice(self._block(number), offset, None)
            offset = 0

    def take(self, amount: int, start: int = 0) -> list[str]:
        """Return the statements ``start`` to ``start + amount``."""
        return list(islice(self.statements(start), amount))

    @cached_property
    def _topics(self) -> dict[str, NDArray[np.intp]]:
        random = np.random.default_rng([self.seed, 2])
        kinds = ("noun", "verb", "adjective", "person", "place", "organisation", "surname")
        return {
            kind: self._pools[kind].draw(random, TOPICS * TOPIC_WORDS).reshape(TOPICS, TOPIC_WORDS)
            for kind in kinds
        }

    @cached_property
    def _topic_pool(self) -> Pool:
        return Pool.of({str(number): (number + 20) ** -0.7 for number in range(TOPICS)})

    def _block(self, number: int) -> list[str]:
        random = np.random.default_rng([self.seed, 3, number])
        forms = [self._form(random) for _ in range(FORMS_PER_BLOCK)]
        size = BLOCK // FORMS_PER_BLOCK
        topics = self._topic_pool.draw(random, BLOCK).reshape(FORMS_PER_BLOCK, size)
        made: list[str] = []
        for form, chosen in zip(forms, topics, strict=True):
            columns = [self._fill(random, kind, chosen) for kind in form.slots]
            made.extend(form.pattern % row for row in zip(*columns, strict=True))
        order = random.permutation(BLOCK)
        return [made[place][0].upper() + made[place][1:] for place in order]

    def _form(self, random: np.random.Generator) -> _Form:
        text = "<statement>"
        while rule := _RULE.search(text):
            choices = _RULES[rule[1]]
            chosen = choices[int(random.integers(len(choices)))]
            text = text[: rule.start()] + chosen + text[rule.end() :]
        slots = tuple(_SLOT.findall(text))
        return _Form(_SLOT.sub("%s", text.replace("%", "%%")), slots)

    def _fill(
        self, random: np.random.Generator, kind: str, topics: NDArray[np.intp]
    ) -> NDArray[np.object_]:
        pool = self._pools[kind]
        drawn = pool.draw(random, len(topics))
        table = self._topics.get(_BASES.get(kind, kind))
        if table is not None:
            of_topic = table[topics, random.integers(0, TOPIC_WORDS, len(topics))]
            drawn = np.where(random.random(len(topics)) < TOPIC_SHARE, of_topic, drawn)
        return pool.words[drawn]


def _figures(random: np.random.Generator) -> dict[str, Pool]:
    """Return the pools of numbers and of parts of dates; round numbers are the common ones."""
    figures = np.exp(random.uniform(np.log(2), np.log(3e6), FIGURES)).astype(int)
    exact = {f"{figure:,}": 1.0 for figure in figures}
    rounded = {f"{_round(figure):,}": 2.0 for figure in figures}
    parts = {f"{figure:.1f}": 2.0 for figure in random.uniform(1, 40, 300)}
    return {
        "figure": Pool.of({**exact, **rounded, **parts}),
        "percent": Pool.of({str(n): 1.0 + 3.0 * (n % 5 == 0) for n in range(1, 100)}),
        "year": Pool.of({str(year): 1.06 ** (year - 1950) for year in range(1950, 2027)}),
        "month": Pool.of(dict.fromkeys(_MONTHS, 1.0)),
        "day": Pool.of({str(day): 1.0 for day in range(2, 29)}),
    }


def _round(figure: int) -> int:
    step = 10 ** max(0, len(str(figure)) - 2)
    return int(figure) // step * step
