"""Which rules for disclaimers the sentences of a page fit, without trying each on each.

An expression cannot match where a word is absent that it, or a condition beside it, cannot do
without. The most telling words of all expressions are looked for in one pass over the page; an
expression is tried only where one of them stands, and one of each other set that it needs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contextlib_news.context.disclaimer_rules import DisclaimerRule, DisclaimerRules
from contextlib_news.context.required_words import words_to_look_for

__all__ = ["match_sentences"]

# A disclaimer says what it says early; longer sentences are cut, not left out.
MAX_SENTENCE_CHARACTERS = 600

# Of longer words the beginning tells enough.
MOST_LETTERS = 16

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'"})

# What an expression that heeds no capitals takes for other letters, and ``lower`` does not.
_FOLDED = str.maketrans({"İ": "i", "ı": "i", "ſ": "s"})

Found = tuple[tuple[str, ...], tuple[str, ...]]
NOTHING: Found = ((), ())


def match_sentences(
    sentences: Sequence[str], rules: DisclaimerRules, language: str | None
) -> list[Found]:
    """Return for each sentence the types it disclaims and the words that say so, in their order.

    With a ``language`` (BCP 47) only its rules and the English ones are tried, without one all.
    """
    plan = _plan(rules, rules.language_of(language))
    texts = [_plain(sentence) for sentence in sentences]
    return [
        _match(text, plan, tried) if tried else NOTHING
        for text, tried in zip(texts, plan.tried_in(texts), strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Rules, and the words that their expressions, numbered throughout, cannot do without.

    ``words`` finds the longest word that begins at a place, and ``called`` has the expressions to
    think of where it stands: its own and those of the words that it begins with. ``needs`` are the
    other sets of which each expression needs a word, by their place in ``sets``. ``numbers`` are
    the expressions of each rule.
    """

    rules: tuple[DisclaimerRule, ...]
    numbers: tuple[range, ...]
    rule_of: tuple[int, ...]
    words: re.Pattern[str]
    called: dict[str, frozenset[int]]
    needs: tuple[tuple[int, ...], ...]
    sets: tuple[tuple[str, ...], ...]
    always: frozenset[int]

    def tried_in(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the expressions that are worth trying on each text."""
        # A line break stands in no word, so that none is found across two texts.
        lines = [_lower(text) for text in texts]
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        tried = [set(self.always) for _ in texts]
        number = 0
        for match in self.words.finditer("\n".join(lines)):
            at = match.start()
            if at >= starts[number + 1]:
                number = bisect_right(starts, at) - 1
            tried[number] |= self.called[match[1]]
        return [self._worth(line, some) for line, some in zip(lines, tried, strict=True)]

    def _worth(self, line: str, numbers: set[int]) -> list[int]:
        has: dict[int, bool] = {}

        def met(need: int) -> bool:
            known = has.get(need)
            if known is None:
                known = False
                for word in self.sets[need]:  # half the cost of asking ``any``
                    if word in line:
                        known = True
                        break
                has[need] = known
            return known

        return [number for number in sorted(numbers) if all(map(met, self.needs[number]))]


@lru_cache(maxsize=12)  # of the rules that ship, and of a file's that took their place
def _plan(rules: DisclaimerRules, language: str | None) -> _Plan:
    chosen = tuple(
        rule for rule in rules.rules if language is None or rule.language in (language, "en")
    )
    own: dict[str, set[int]] = {}
    sets: dict[frozenset[str], int] = {}
    needs: list[tuple[int, ...]] = []
    numbers: list[range] = []
    rule_of: list[int] = []
    always: list[int] = []
    for place, rule in enumerate(chosen):
        numbers.append(range(len(needs), len(needs) + len(rule.any)))
        for expression in rule.any:
            first, *others = words_to_look_for(expression, rule.all) or (frozenset(),)
            for word in first:
                own.setdefault(word[:MOST_LETTERS], set()).add(len(needs))
            if not first:
                always.append(len(needs))
            # Sets of few words first: most expressions fall out by one, for a look or two.
            needs.append(
                tuple(sets.setdefault(need, len(sets)) for need in sorted(others, key=len))
            )
            rule_of.append(place)
    called = {
        word: frozenset().union(*(own.get(word[:end], ()) for end in range(1, len(word) + 1)))
        for word in own
    }
    return _Plan(
        rules=chosen,
        numbers=tuple(numbers),
        rule_of=tuple(rule_of),
        words=re.compile(f"(?=({_longest_of(own)}))" if own else "(?!)"),
        called=called,
        needs=tuple(needs),
        sets=tuple(tuple(sorted(need)) for need in sets),
        always=frozenset(always),
    )


def _longest_of(words: Iterable[str]) -> str:
    """Return an expression for the longest of some words; what they share is tried once."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}

    def written(node: dict[str, Any]) -> str:
        ways = [re.escape(letter) + written(node[letter]) for letter in sorted(node) if letter]
        if not ways:
            return ""
        joined = ways[0] if len(ways) == 1 and "" not in node else f"(?:{'|'.join(ways)})"
        return f"{joined}?" if "" in node else joined

    return written(tree)


def _match(text: str, plan: _Plan, tried: Sequence[int]) -> Found:
    held: dict[str, bool] = {}
    types: list[str] = []
    cues: list[str] = []
    for place in sorted({plan.rule_of[number] for number in tried}):
        rule = plan.rules[place]
        if rule.type in types:
            continue
        cue = _cue(text, rule, plan.numbers[place], tried, held)
        if cue is not None:
            types.append(rule.type)
            cues.append(cue)
    return tuple(types), tuple(cues)


def _cue(
    text: str, rule: DisclaimerRule, numbers: range, tried: Sequence[int], held: dict[str, bool]
) -> str | None:
    """Return the words by which a rule fits, None where it does not."""

    def holds(expression: str) -> bool:
        # What many rules ask of a sentence is looked for once.
        if expression not in held:
            held[expression] = _compiled(expression).search(text) is not None
        return held[expression]

    if not all(map(holds, rule.all)):
        return None
    for expression, number in zip(rule.any, numbers, strict=True):
        match = _compiled(expression).search(text) if number in tried else None
        if match is not None:
            return None if any(map(holds, rule.unless)) else match[0].strip()
    return None


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


def _plain(sentence: str) -> str:
    text = sentence[:MAX_SENTENCE_CHARACTERS]
    if not text.isascii():
        text = text.translate(_QUOTES)
    return " ".join(text.split())


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FOLDED).lower()
