"""The words that a cue cannot do without: every text that a pattern can match holds one of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contextlib_news.reading import (
    alignment,
    attribution,
    clauses,
    cue_words,
    distance,
    negation,
    statement,
)
from contextlib_news.reading.statement import read_statement

LETTERS = st.characters(min_codepoint=9, max_codepoint=126)

PATTERNS = {
    "who says": (attribution._BY_NAME, cue_words.SAYING_WORDS),
    "says who": (attribution._INVERTED, cue_words.SAYING_WORDS),
    "said at the end": (attribution._TRAILING, cue_words.SAYING_WORDS),
    "according to": (attribution._ACCORDING, cue_words.NAMING_WORDS),
    "accused": (attribution._ACCUSED, cue_words.ACCUSING_WORDS),
    "hedges": (distance._HEDGE, cue_words.HEDGE_WORDS),
    "false statement": (negation._FALSE_STATEMENT, cue_words.FALSE_WORDS),
    "falsely": (negation._FALSELY, cue_words.FALSE_WORDS),
    "is false": (negation._PREDICATE, cue_words.FALSE_WORDS),
    "called false": (negation._CALLED, cue_words.FALSE_WORDS),
    "myth": (negation._NAMED, cue_words.FALSE_WORDS),
    "label": (negation._LABEL, cue_words.FALSE_WORDS),
    "aside": (statement._ASIDE, cue_words.ASIDE_WORDS),
    "auxiliary": (alignment._AUXILIARY, cue_words.AUXILIARY_WORDS),
}


def words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall("[a-z]+", text.lower()))


@pytest.mark.parametrize("name", PATTERNS)
def test_what_a_pattern_matches_holds_one_of_its_words(name: str) -> None:
    """Texts are made from the pattern itself, the same in each run."""
    pattern, words = PATTERNS[name]
    found: set[str] = set()

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.from_regex(pattern, alphabet=LETTERS))
    def holds(text: str) -> None:
        assume(pattern.search(text))
        held = words_of(text) & words
        assert held, text
        found.update(held)

    holds()
    assert len(found) > 2


@given(st.from_regex(negation._NEGATION, alphabet=LETTERS))
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_a_negation_holds_one_of_its_words_or_is_shortened(text: str) -> None:
    """ "Hasn't" is found by its end."""
    assume(negation._NEGATION.search(text))
    assert "n't" in text or words_of(text) & cue_words.NEGATING_WORDS


@given(st.from_regex(distance._SMALL, alphabet=LETTERS))
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_a_small_condition_holds_one_of_its_words_or_a_question_mark(text: str) -> None:
    """A question mark is looked for by itself."""
    assume(distance._SMALL.search(text))
    assert "?" in text or "؟" in text or words_of(text) & cue_words.SMALL_WORDS


@pytest.mark.parametrize(
    ("text", "borders"),
    [
        ("The mill closed", (0, 15)),
        ("The mill-owner closed it", (0, 24)),
        ("The mill closed, he left", (0, 16, 24)),
        ("The mill closed because he left", (0, 16, 31)),
        ("BUT the mill closed", (0, 19)),
        ("He left Although the mill closed", (0, 8, 32)),
        ("The mill (it closed)", (0, 10, 20, 20)),
        ("The mill closed — he left", (0, 17, 25)),
    ],
)
def test_clauses_are_parted_by_marks_and_by_words(text: str, borders: tuple[int, ...]) -> None:
    """Also where a text has only marks or only words, each of which is looked for by itself."""
    assert clauses.find_borders(text, words_of(text)) == borders
    assert read_statement(text).borders == borders
