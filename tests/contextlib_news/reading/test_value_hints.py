"""What is looked for before numbers are read never hides a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.reading.quantities import find_quantities
from contextlib_news.reading.units import may_name
from contextlib_news.reading.value_hints import most_values

PIECES = (
    *("two", "three thousand", "half an hour", "a quarter of a million", "a pair", "one man"),
    *("twenty-one", "7", "1,200", "3.5", "½", "$5m", "a hundred", "dozens", "the second bridge"),
    *("per cent", "percent", "%", "PERCENT", "per  cent", "days", "a week", "Monday", "centre"),
    *("of", "and", ",", "men", "-", "killed", "about", "between", "to", "(", "İ", "’s"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from([" ", "", "  ", "\n"]))
def test_no_exact_value_and_no_unit_is_hidden(pieces: list[str], space: str) -> None:
    text = space.join(pieces)
    found = [q for q in find_quantities(text) if q.exact]
    told = [q for q in found if q.dimension not in ("ordinal", "ratio")]
    assert len(told) <= most_values(text)
    if any(q.dimension == "share" for q in told):
        assert may_name(text, "%")
    if any(q.unit in ("day", "week") for q in found):
        assert may_name(text, "day", "week")


@pytest.mark.parametrize(
    ("text", "values", "share", "days"),
    [
        ("Two of 1,200 men, some said on Monday", 3, False, False),
        ("dozens of men", 0, False, False),
        ("7 PER CENT after a week", 1, True, True),
        ("12% in the centre", 1, True, False),
    ],
)
def test_what_is_told_from_afar(text: str, values: int, share: bool, days: bool) -> None:
    assert most_values(text) == values
    assert (may_name(text, "%"), may_name(text, "day", "week")) == (share, days)
