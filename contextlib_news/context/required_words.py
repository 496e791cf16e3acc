"""What a text must contain for an expression to have a chance, so that most need not be tried.

Reads the small part of regular expressions that rules are written in
(:mod:`contextlib_news.context.disclaimer_rules`). On a news article three sentences take one
search.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["needed_words", "words_to_look_for"]

# Up to so many alternatives are worth looking for; an expression with more is simply tried.
MAX_ALTERNATIVES = 60


def needed_words(expression: str) -> tuple[frozenset[str], ...]:
    """Return sets of lower-case texts; whatever matches holds one of each set. None may be sure.

    >>> [sorted(need) for need in needed_words("not (?:a|the) (?:old )?(?:cats?|dogs?)")]
    [['not '], ['a', 'the'], ['cat', 'dog']]
    >>> needed_words("[a-z]{1,4}")
    ()
    """
    found, _ = _alternatives(expression, 0)
    return tuple(found)


def words_to_look_for(expression: str, conditions: Iterable[str]) -> tuple[frozenset[str], ...]:
    """Return what an expression and the conditions beside it need, what is met least often first.

    >>> [sorted(need) for need in words_to_look_for("cats? (?:is|are)", ["(?:satire|parody)"])]
    [['parody', 'satire'], ['cat'], ['are', 'is']]
    """
    needs = {*needed_words(expression)}
    for condition in conditions:
        needs.update(needed_words(condition))
    return tuple(sorted(needs, key=_commonness))


def _commonness(words: frozenset[str]) -> tuple[int, int, list[str]]:
    """Return a sort key: sets of long words are met less often than those with a short one."""
    return -min(8, min(len(word.strip()) for word in words)), len(words), sorted(words)


def _alternatives(text: str, at: int) -> tuple[list[frozenset[str]], int]:
    """Return what the alternatives from ``at`` on need, and where they end."""
    first, at = _sequence(text, at)
    if text[at : at + 1] != "|":
        return first, at
    either = [_most_telling(first)]
    while text[at : at + 1] == "|":
        needs, at = _sequence(text, at + 1)
        either.append(_most_telling(needs))
    joined: set[str] = set()
    for need in either:
        if need is None:
            return [], at
        joined |= need
    return [frozenset(joined)] if len(joined) <= MAX_ALTERNATIVES else [], at


def _sequence(text: str, at: int) -> tuple[list[frozenset[str]], int]:
    """Return the needs of the parts that follow each other from ``at`` on, and their end."""
    needs: list[frozenset[str]] = []
    run = ""
    while at < len(text) and text[at] not in "|)":
        need, letter, end = _part(text, at)
        at, least = _repeats(text, end)
        if letter is not None and at == end:
            run += letter
            continue
        needs += _of_run(run)
        run = ""
        if least >= 1:
            needs += need
    return needs + _of_run(run), at


def _of_run(letters: str) -> list[frozenset[str]]:
    """Return what a run of letters needs; spaces alone tell nothing."""
    return [frozenset({letters.lower()})] if letters.strip() else []


def _most_telling(needs: Sequence[frozenset[str]]) -> frozenset[str] | None:
    return max(needs, key=_weight, default=None)


def _weight(need: frozenset[str]) -> tuple[int, int]:
    """Long words tell more than short ones, few more than many; spaces tell nothing."""
    return min(8, min(len(words.strip()) for words in need)), -len(need)


def _part(text: str, at: int) -> tuple[list[frozenset[str]], str | None, int]:
    """Return what the part at ``at`` needs, the letter that it is, and where it ends."""
    letter = text[at]
    if letter == "\\":
        plain = text[at + 1 : at + 2]
        return [], None if plain.isalnum() else plain, at + 2
    if letter == "[":
        end = at + 1
        while end < len(text) and (text[end] != "]" or end == at + 1):
            end += 2 if text[end] == "\\" else 1
        return [], None, end + 1
    if letter == "(":
        plain_group = text.startswith("(?:", at)
        inner = at + 1
        if text.startswith(("(?<!", "(?<="), at):
            inner = at + 4
        elif text.startswith("(?", at):
            inner = at + 3
        need, end = _alternatives(text, inner)
        grouped = plain_group or not text.startswith("(?", at)
        return need if grouped else [], None, end + 1
    if letter in "^$.":
        return [], None, at + 1
    return [], letter, at + 1


def _repeats(text: str, at: int) -> tuple[int, int]:
    """Return where the repetition at ``at`` ends, if there is one, and its least count."""
    if at >= len(text) or text[at] not in "?{":
        return at, 1
    if text[at] == "?":
        return at + 1, 0
    end = text.index("}", at)
    least = int(text[at + 1 : end].split(",", 1)[0] or 0)
    end += 1
    return (end + 1 if text[end : end + 1] == "?" else end), least
