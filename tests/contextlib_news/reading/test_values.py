"""Quantities and dates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.reading.dates import find_dates, resolve_year
from contextlib_news.reading.quantities import find_quantities

UNITS = ["men", "km", "percent", "days"]


def only(text: str):
    (quantity,) = find_quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("about 3,000 men", "3,000 men", True),
        ("three thousand men", "3,000 men", True),
        ("3,000 men", "3,500 men", False),
        ("3,500 to 4,000 men", "3,800 men", True),
        ("3,500 to 4,000 men", "3,000 men", False),
        ("hundreds of men", "374 men", True),
        ("hundreds of men", "3,740 men", False),
        ("dozens of men", "45 men", True),
        ("more than 100 men", "374 men", True),
        ("more than 100 men", "74 men", False),
        ("fewer than 100 men", "74 men", True),
        ("a 2,000-pound bomb", "a 907 kg bomb", True),
        ("15 miles away", "24 km away", True),
        ("15 miles away", "15 km away", False),
        ("45 percent of it", "45% of it", True),
        ("a ten-day hunt", "a hunt of 10 days", True),
        ("two weeks later", "14 days later", True),
        ("1.5 million people", "1,500,000 people", True),
        ("$5 million", "5 million men", False),
        ("twenty-five men", "25 men", True),
        ("a dozen men", "twelve men", True),
        ("121 dead", "112 dead", False),
    ],
)
def test_values_meet(one: str, other: str, meet: bool) -> None:
    assert only(one).meets(only(other)) is meet
    assert only(other).meets(only(one)) is meet


@pytest.mark.parametrize(
    "text", ["Task Force 9 came", "a B-52 flew", "the 20th day", "see [1]", "in 2019", "on May 3"]
)
def test_figures_in_names_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == ()


@given(st.integers(min_value=100, max_value=10**9), st.sampled_from(UNITS))
def test_a_rendered_number_is_read_back(number: int, unit: str) -> None:
    quantity = only(f"There were {number:,} {unit} there.")
    factor = {"km": 1000, "percent": 1, "men": 1, "days": 1}[unit]
    assert quantity.low == quantity.high == number * factor


@given(st.dates(min_value=__import__("datetime").date(1901, 1, 1)))
def test_a_rendered_date_is_read_back(day) -> None:
    if day.year > 2099:
        return
    for text in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}", f"{day}"):
        (found,) = find_dates(f"It was {text} then.")
        assert (found.year, found.month, found.day) == (day.year, day.month, day.day)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("on Feb. 3 they", (None, 2, 3)),
        ("in Oct. 2019 they", (2019, 10, None)),
        ("since 2016 they", (2016, None, None)),
        ("of March 26, 2017, they", (2017, 3, 26)),
    ],
)
def test_partial_dates(text: str, parts: tuple[int | None, int | None, int | None]) -> None:
    (found,) = find_dates(text)
    assert (found.year, found.month, found.day) == parts


def test_the_page_supplies_the_year() -> None:
    (december,) = find_dates("on Dec. 20 they")
    assert resolve_year(december, "2022-02-15").year == 2021
    (february,) = find_dates("on Feb. 3 they")
    assert resolve_year(february, "2022-02-15").year == 2022
    assert resolve_year(february, None).year is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    for quantity in find_quantities(text):
        assert quantity.low <= quantity.high
    find_dates(text)
