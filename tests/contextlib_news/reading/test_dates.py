"""Dates: what is read, what the page's own date adds, and which of them meet."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.reading.dates import find_dates, resolve_date, spell_out

PAGE = "2022-02-15"


def days(text: str, page: str | None = PAGE, language: str | None = None) -> list[str]:
    """First and last day of the only date of a text."""
    (found,) = find_dates(text, language)
    return list(spell_out(resolve_date(found, page)))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("on Feb. 3 they", (None, 2, 3)),
        ("in Oct. 2019 they", (2019, 10, None)),
        ("since 2016 they", (2016, None, None)),
        ("of March 26, 2017, they", (2017, 3, 26)),
        ("on 13/2/2022 they", (2022, 2, 13)),
    ],
)
def test_parts(text: str, parts: tuple[int | None, int | None, int | None]) -> None:
    (found,) = find_dates(text)
    assert (found.year, found.month, found.day) == parts


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Feb. 3 they", "2022-02-03", "2022-02-03"),
        ("on Dec. 20 they", "2021-12-20", "2021-12-20"),
        ("last fall they", "2021-09-01", "2021-11-30"),
        ("last winter they", "2020-12-01", "2021-02-28"),
        ("last August they", "2021-08-01", "2021-08-31"),
        ("late Sept. they", "2021-09-19", "2021-09-30"),
        ("in early 2019 they", "2019-01-01", "2019-12-31"),
        ("mid-March 2021 they", "2021-03-08", "2021-03-24"),
        ("yesterday they", "2022-02-13", "2022-02-15"),
        ("on Sunday they", "2022-02-12", "2022-02-14"),
        ("two weeks ago they", "2022-01-28", "2022-02-04"),
        ("10 years ago they", "2011-08-17", "2012-08-15"),
        ("last month they", "2022-01-01", "2022-01-31"),
        ("this year they", "2022-01-01", "2022-12-31"),
        ("in spring 2020 they", "2020-03-01", "2020-05-31"),
        ("in the 1990s they", "1990-01-01", "1999-12-31"),
        ("the first quarter of 2021 saw", "2021-01-01", "2021-03-31"),
        ("the second half of 2021 saw", "2021-07-01", "2021-12-31"),
        ("from 20 to 30 January 2022 they", "2022-01-20", "2022-01-30"),
        ("on Jan. 20-30 they", "2022-01-20", "2022-01-30"),
        ("from 2017 to 2019 they", "2017-01-01", "2019-12-31"),
        ("in the 19th century they", "1800-01-01", "1900-12-31"),
    ],
)
def test_spans(text: str, first: str, last: str) -> None:
    found = days(text)
    if "ago" in text:
        # Half a unit either way; the day itself is a matter of rounding.
        assert found[0][:7] in (first[:7], last[:7])
        assert found[0] <= found[1]
    else:
        assert found == [first, last]


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("el 3 de febrero de 2022", "es", "2022-02-03"),
        ("le 1er janvier 2022", "fr", "2022-01-01"),
        ("am 3. Februar 2022", "de", "2022-02-03"),
        ("am 3.2.2022", "de", "2022-02-03"),
        ("on the 3rd of February, 2022", "en", "2022-02-03"),
        ("on 2022-02-03", "en", "2022-02-03"),
    ],
)
def test_languages(text: str, language: str, day: str) -> None:
    assert days(text, None, language) == [day, day]


@pytest.mark.parametrize(
    "text",
    ["they may 3 go", "on 3/2/2022", "Feb. 30, 2022", "2022-02-31", "May 5 percent", "in 123 they",
     "Mark Sunday's game".replace("Sunday's", "Sundays"), "the march 3 of us", "1,2020"],
)  # fmt: skip
def test_what_is_no_date_or_none_that_is_certain(text: str) -> None:
    assert find_dates(text) == ()


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("on Feb. 3", "on 3 February 2022", True),
        ("on Feb. 3", "on 13 February 2022", False),
        ("last fall", "in October 2021", True),
        ("last fall", "in May 2021", False),
        ("yesterday", "on 14 February 2022", True),
        ("in the early 1990s", "in 1991", True),
        ("in the early 1990s", "in 1998", False),
        ("on Tuesday", "on Wednesday", False),
        ("from 3 to 8 May 2021", "on 8 May 2021", True),
        ("from 3 to 8 May 2021", "from 3 to 9 May 2021", False),
        ("in 2019", "in Oct. 2019", True),
        ("on Dec. 20", "in December 2021", True),
        ("on Dec. 20", "in December 2022", False),
    ],
)
def test_dates_meet(one: str, other: str, meet: bool) -> None:
    (mine,), (theirs,) = find_dates(one), find_dates(other)
    mine, theirs = resolve_date(mine, PAGE), resolve_date(theirs, PAGE)
    if one == "on Tuesday":
        # The page's day gives each weekday a day of slack; without it the names are compared.
        (mine,), (theirs,) = find_dates(one), find_dates(other)
    assert mine.meets(theirs) is meet
    assert theirs.meets(mine) is meet


def test_without_the_pages_date_nothing_is_made_up() -> None:
    for text in ("on Feb. 3", "yesterday", "last fall", "on Tuesday", "two weeks ago"):
        assert days(text, None) == []
        assert days(text, "no date") == []


FORMS = (
    "{0:%B} {0.day}, {0.year}", "{0.day} {0:%B} {0.year}", "{0:%b}. {0.day}, {0.year}", "{0}",
    "{0.day}.{0.month}.{0.year}",
)  # fmt: skip


@given(st.dates(date(1601, 1, 1), date(2099, 12, 31)), st.sampled_from(FORMS))
def test_a_rendered_date_is_read_back(day: date, form: str) -> None:
    if ("%b" in form and day.month == 5) or (day.year < 1900 and "." in form and "%b" not in form):
        return
    text = f"It was {form.format(day)} then."
    if "%b" in form:
        text = text.replace("Sep.", "Sept.")
    (found,) = find_dates(text)
    assert (found.year, found.month, found.day) == (day.year, day.month, day.day)
    assert list(spell_out(found)) == [day.isoformat()] * 2


DATES = st.builds(
    "{} {}".format,
    st.sampled_from(["on", "in", "since", "last", "early", "the"]),
    st.sampled_from(
        "3 May|3 May 2021|May 2021|2021|fall|the 1990s|Tuesday|yesterday|two weeks ago|3 to 8 May|"
        "spring 2020|August|3-8 May 2021|31 December".split("|")
    ),
)


@given(DATES, DATES, st.sampled_from([None, PAGE, "2021-03", "2020", "x"]))
def test_comparison_is_symmetric(one: str, other: str, page: str | None) -> None:
    for mine in find_dates(one):
        for theirs in find_dates(other):
            a, b = resolve_date(mine, page), resolve_date(theirs, page)
            assert a.meets(a)
            assert a.meets(b) is b.meets(a)
            assert a.compares(b) is b.compares(a)


@given(st.text(), st.sampled_from(["en", "es", "fr", "de", "x"]), st.text(max_size=10))
def test_no_text_raises(text: str, language: str, page: str) -> None:
    for found in find_dates(text, language):
        assert text[found.start : found.end] == found.text
        resolve_date(found, page)


@pytest.mark.parametrize(
    "unit", ["Jan. 1 ", "1 ", "2020-", "last ", "in 2020 to ", "May ", "early ", "1/", "1 to "]
)
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    for language in ("en", "es"):
        assert len(find_dates(unit * (300_000 // len(unit)), language)) <= 60
