"""Quantities: what is read, what it counts, and which of them meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("some 3,000 to 4,000 men", "3,000 men", True),
        ("between 10 and 20 men", "15 men", True),
        ("3.5-4 million people", "3.8 million people", True),
        ("two to three hundred men", "250 men", True),
        ("nearly 3,000 men", "3,100 men", False),
        ("up to 3,500 men", "3,000 men", True),
        ("at least 100 men", "100 men", True),
        ("a hundred or more men", "140 men", True),
        ("a couple of days", "two days", True),
        ("several hundred men", "374 men", True),
        ("a handful of men", "12 men", False),
        ("tens of thousands of men", "30,000 men", True),
        ("a third of the men", "33 percent of the men", True),
        ("two-thirds of the men", "33 percent of the men", False),
        ("half of the men", "50% of the men", True),
        ("one in five men", "20 percent of men", True),
        ("three quarters of the men", "75 percent of the men", True),
        ("half a million people", "500,000 people", True),
        ("two and a half million people", "2.5 million people", True),
        ("a quarter of a million people", "250,000 people", True),
        ("5 percent of it", "5 percentage points", False),
        ("hundreds of billions of dollars", "$300 billion", True),
        ("hundreds of billions of dollars", "$3 billion", False),
        ("millions of dollars", "millions of men", False),
        ("prices doubled", "prices rose to twice the level", True),
        ("$5 million", "5 million dollars", True),
        ("$5 million", "€5 million", False),
        ("$5 million", "€4.6 million", True),
        ("£5bn", "5 billion pounds", True),
        ("the third man", "the second man", False),
        ("the 3rd man", "the third man", True),
        ("300 acres", "121 hectares", True),
        ("300 acres", "300 hectares", False),
        ("41 degrees Fahrenheit", "5 degrees Celsius", True),
        ("a rise of 9 degrees Fahrenheit", "a rise of 5 °C", True),
        ("100 mph", "161 km/h", True),
        ("10 gallons", "38 litres", True),
        ("a month's wait of 30 days", "1 month", True),
        ("18 months", "540 days", True),
        ("two years", "24 months", True),
        ("48 hours", "2 days", True),
        ("a 45-year-old man", "a man aged 45", True),
        ("1.5 million people", "1,523,412 people", True),
        ("5 million people", "5.2 million people", False),
        ("45 percent of it", "45.3 percent of it", True),
        ("45 percent of it", "46 percent of it", False),
    ],
)
def test_values_meet(one: str, other: str, meet: bool) -> None:
    assert only(one).meets(only(other)) is meet
    assert only(other).meets(only(one)) is meet


@pytest.mark.parametrize(
    "text", ["Task Force 9 came", "a B-52 flew", "see [1]", "x?id=88377&b=12", "in 2019",
             "account 510456172418517", "on May 3",
             "Flight 370 fell", "at 5:30 p.m.", "won 52-48", "Article 5 says", "3/4 time",
             "Covid-19",              "the 1990s", "a score of 3:2", "no. 10 said", "one of them",
             "since 1,2,3", "in 1200 AD",
             "G7 leaders", "the F-16 jet", "@user123 wrote", "No 10 Downing Street"]
)  # fmt: skip
def test_figures_in_names_are_no_quantities(text: str) -> None:
    assert find_quantities(text) == ()


@given(st.integers(min_value=100, max_value=10**9), st.sampled_from(UNITS))
def test_a_rendered_number_is_read_back(number: int, unit: str) -> None:
    quantity = only(f"There were {number:,} {unit} there.")
    factor = {"km": 1000, "percent": 1, "men": 1, "days": 1}[unit]
    assert quantity.low == quantity.high == number * factor


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "dimension"),
    [
        ("unos tres mil hombres", "es", 2_700, 3_300, "count"),
        ("1.234,5 km de costa", "es", 1_234_500, 1_234_500, "length"),
        ("3,000 personas murieron", "es", 3_000, 3_000, "count"),
        ("dos millones de personas", "es", 2e6, 2e6, "count"),
        ("el 45 por ciento de ellos", "es", 45, 45, "share"),
        ("cientos de personas", "es", 100, 999, "count"),
        ("1 234 personnes", "fr", 1_234, 1_234, "count"),
        ("soixante-quatorze morts", "fr", 74, 74, "count"),
        ("entre 10 et 15 % des voix", "fr", 10, 15, "share"),
        ("3,5 millions d'euros", "fr", 3.5e6, 3.5e6, "money"),
        ("une dizaine de morts", "fr", 8, 12, "count"),
        ("dreihundertvierundsiebzig Menschen", "de", 374, 374, "count"),
        ("rund 3.000 Menschen", "de", 2_700, 3_300, "count"),
        ("1,5 Mio. Euro", "de", 1.5e6, 1.5e6, "money"),
        ("mehr als 100 Menschen", "de", 100, float("inf"), "count"),
        ("٣٬٠٠٠ شخص", "ar", 3_000, 3_000, "count"),
    ],
)
def test_other_languages(text: str, language: str, low: float, high: float, dimension: str) -> None:
    (quantity,) = find_quantities(text, language)
    assert (quantity.low, quantity.dimension) == (pytest.approx(low), dimension)
    assert quantity.high == pytest.approx(high)


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("374 suspected members of the group", ("suspected", "members")),
        ("hundreds of heavily armed men", ("heavily", "armed", "men")),
        ("the toll was 500: 121", ()),
        ("half of the voters", ("voters",)),
    ],
)
def test_what_a_number_counts(text: str, counted: tuple[str, ...]) -> None:
    assert find_quantities(text)[0].counted == counted


LANGUAGES = {"en": ",", "de": ".", "es": ".", "fr": "\u202f"}


@given(st.integers(1_000, 10**9), st.sampled_from(sorted(LANGUAGES)))
def test_numbers_grouped_by_language_are_read_back(number: int, language: str) -> None:
    text = f"xx {number:,} xxx".replace(",", LANGUAGES[language])
    (quantity,) = find_quantities(text, language)
    assert quantity.low == quantity.high == number


@given(st.integers(0, 99), st.integers(0, 9), st.sampled_from(["percent", "km", "degrees Celsius"]))
def test_decimals_are_read_back(whole: int, tenth: int, unit: str) -> None:
    (quantity,) = find_quantities(f"It was {whole}.{tenth} {unit} there.")
    assert quantity.said == pytest.approx(whole + tenth / 10)


@given(st.integers(2, 999_999))
def test_words_are_read_back(number: int) -> None:
    (quantity,) = find_quantities(f"There were {in_words(number)} men there.")
    assert quantity.low == quantity.high == number


ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split()
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number: int) -> str:
    """Return a number below a million in English words."""
    if number < 20:
        return ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{ONES[ones]}" if ones else "")
    scale, name = (100, "hundred") if number < 1_000 else (1_000, "thousand")
    many, rest = divmod(number, scale)
    joined = " and " if rest and (scale == 100 or rest < 100) else " "
    return (
        f"{in_words(many)} {name}{joined}{in_words(rest)}" if rest else f"{in_words(many)} {name}"
    )


QUANTITY_TEXTS = st.builds(
    "{}{} {}".format,
    st.sampled_from(["", "about ", "more than ", "up to ", "nearly ", "$", "fewer than "]),
    st.one_of(st.integers(0, 10**7).map("{:,}".format), st.integers(2, 9_999).map(in_words)),
    st.sampled_from(
        ["men", "km", "miles", "percent", "days", "months", "kg", "degrees Fahrenheit"]
    ),
)


@given(QUANTITY_TEXTS, QUANTITY_TEXTS)
def test_comparison_is_symmetric(one: str, other: str) -> None:
    for mine in find_quantities(one):
        assert mine.meets(mine)
        for theirs in find_quantities(other):
            assert mine.meets(theirs) is theirs.meets(mine)
            assert mine.same_figure(theirs) is theirs.same_figure(mine)


@given(
    st.text(alphabet=" ,.-–'’0123456789½%$€abmnoxy", max_size=120),
    st.sampled_from([*LANGUAGES, "ar", "x"]),
)
def test_no_text_raises(text: str, language: str) -> None:
    for quantity in find_quantities(text, language):
        assert quantity.low <= quantity.high
        assert text[quantity.start : quantity.end] == quantity.text


@pytest.mark.parametrize(
    "unit",
    ["1,", "1 ", "one ", "one hundred and ", "1-", "between 1 and ", "more than ", "$", "a ", "½",
     "1.", "half a ", "1 to ", "twenty-", "einundzwanzig", "%", "° "],
)  # fmt: skip
def test_hostile_text_is_read_in_bounded_time(unit: str) -> None:
    for language in ("en", "de", "fr"):
        assert len(find_quantities(unit * (300_000 // len(unit)), language)) <= 60


@pytest.mark.parametrize(
    "text",
    [
        "The majority of the land was sold.",
        "As many as forty boats sank.",
        "It cost no more than a few dollars.",
        "Twice as many came, in excess of a thousand.",
        "At least a third of them left.",
        "R$ 30 and US$ 40",
        "A half-dozen shops",
    ],
)
def test_numbers_are_found_behind_small_words(text: str) -> None:
    assert find_quantities(text, "en")


@pytest.mark.parametrize(
    "text",
    ["The sea was calm as they came in from the bay.", "Not a soul was about.", "No, not the"],
)
def test_small_words_alone_are_no_numbers(text: str) -> None:
    assert find_quantities(text, "en") == ()
