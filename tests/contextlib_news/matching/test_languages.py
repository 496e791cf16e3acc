"""Words of many scripts: what folds alike, what is cut where, and that spans stay true."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.matching.characters import fold
from contextlib_news.matching.frequencies import zipf
from contextlib_news.matching.languages import common_words, primary_tag, word_tag
from contextlib_news.matching.normalize import MAX_TOKENS, tokenize
from contextlib_news.matching.terms import background_probability, extract_terms, stop_words
from contextlib_news.matching.unspaced import is_unspaced


def terms(text: str, language: str | None = None) -> list[str]:
    return [term.text for term in extract_terms(text, language)]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        (None, "al-Sina'a al-Sinaa Al\u2011Sina\u2018a al-\u1e62in\u0101\u02bfa Al-Si\u00adna'a"),
        (None, "na\u00efve nai\u0308ve NAIVE nai\u00adve nai\u200bve"),
        (None, "\ufb01sh fish \uff26\uff49\uff53\uff48"),
        (None, "Łódź Lodz"),
        (None, "Đinh Dinh"),
        ("de", "Straße STRASSE Strasse"),
        ("de", "Haus Häuser Hauses"),
        ("tr", "İstanbul istanbul İSTANBUL'UN İstanbul’da"),
        ("tr", "Isparta ısparta ISPARTA"),
        ("vi", "Nguyễn nguyen Nguye\u0302\u0303n"),
        ("el", "λόγος ΛΟΓΟΣ λόγο"),
        ("ru", "ёлка елка Ёлки е\u0308лка"),
        ("ru", "новый новые НОВЫЙ новыи\u0306"),
        ("uk", "об’єднання об'єднання обєднання"),
        ("fr", "l’inauguration inaugurations d'inauguration"),
        ("it", "dell'economia economia"),
        ("es", "inauguración inauguraciones INAUGURACIO\u0301N"),
        ("ar", "مدرسة المدرسة مدرسه مَدْرَسَة مدرســـة"),
        ("ar", "إسرائيل اسرائيل أسرائيل"),
        ("ar", "مستشفى المستشفى مستشفي"),
        ("fa", "کتاب‌ها کتابها كتاب"),
        ("fa", "ایران ايران"),
        ("he", "שָׁלוֹם שלום"),
        ("he", 'צה"ל צה״ל צהל'),
        ("hi", "क़लम कलम क\u093cलम"),
        ("zh", "臺灣 台湾"),
        ("ja", "ガス ｶﾞｽ カ\u3099ス"),
        ("ko", "\ud55c\uad6d \u1112\u1161\u11ab\u1100\u116e\u11a8"),
        ("lo", "ລາວ ລາວ\u200b"),
    ],
)
def test_forms_of_one_word(language: str | None, forms: str) -> None:
    found = {tuple(terms(form, language)) for form in forms.split(" ")}
    assert len(found) == 1, found
    assert found != {()}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (None, "3,000"),
        (None, "3000"),
        (None, "٣٬٠٠٠"),
        (None, "۳۰۰۰"),
        (None, "３０００"),
        (None, "३०००"),
        (None, "๓๐๐๐"),
        (None, "3\u202f000"),
        ("de", "3.000"),
        ("de", "3.000,0"),
        ("fr", "3 000"),
        ("fr", "3\u00a0000"),
        ("de", "3’000"),
        ("hi", "3,000"),
    ],
)
def test_forms_of_three_thousand(language: str | None, text: str) -> None:
    assert terms(text, language)[0] in ("#3000", "#3000.0")


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("es", "1.234,56", "#1234.56"),
        ("ru", "1,5", "#1.5"),
        ("ar", "٣٫٥", "#3.5"),
        ("hi", "12,34,567.5", "#1234567.5"),
        ("fr", "en 2019 300 personnes", "#2019"),
        ("sv", "1 234 567", "#1234567"),
    ],
)
def test_numbers_by_language(language: str, text: str, number: str) -> None:
    assert number in terms(text, language)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("東京タワー", ["东京", "京タ", "タワ", "ワー"]),
        ("ジョー・バイデン", ["ジョ", "ョー", "バイ", "イデ", "デン"]),
        ("문재인 씨", ["문재", "재인", "씨"]),
        ("ไทย", ["ไทย"]),
        ("ភាសាខ្មែរ", ["ភាសា", "សាខ្មែ", "ខ្មែរ"]),
        ("iPhone手机5", ["iphone", "手机", "5"]),
        ("हिन्दी", ["हिन्दी"]),
        ("𠮷野家", ["𠮷野", "野家"]),
    ],
)
def test_scripts_without_spaces_and_with_marks(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == tokens


def test_thai_is_cut_into_triples() -> None:
    assert [t.text for t in tokenize("ประเทศ")] == ["ประ", "ระเ", "ะเท", "เทศ"]


@pytest.mark.parametrize("language", [None, "fr", "tr", "zh", "xx-Latn"])
@given(text=st.text())
def test_spans_hold_what_was_read(language: str | None, text: str) -> None:
    for token in tokenize(text, language):
        assert 0 <= token.start < token.end <= len(text)
    for term in extract_terms(text, language):
        assert 0 <= term.start < term.end <= len(text)
        assert 0 <= background_probability(term.surface, term.number, language or "en") <= 1


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a.",
        "1,",
        "1,000",
        "\ud800",
        "中",
        "e\u0301",
        "a\u200b",
        "a'",
        "ก",
        "ـ",
        'א"',
        "1 234 ",
    ],
)
@pytest.mark.parametrize("language", [None, "fr", "hi"])
def test_a_megabyte_is_bounded(unit: str, language: str | None) -> None:
    found = extract_terms(unit * (1_000_000 // len(unit)), language)
    assert len(found) <= MAX_TOKENS
    assert all(len(term.text) < 300_000 for term in found)


def test_marks_are_those_of_unicode() -> None:
    missing = [
        mark
        for mark in map(chr, range(0x300, 0x1E00))
        if unicodedata.category(mark)[0] == "M"
        and not is_unspaced(mark)
        and len(tokenize(f"ab{mark}ab")) != 1
    ]
    assert missing == []


def test_a_word_is_read_in_the_language_of_its_script() -> None:
    assert word_tag("NATO", "ru") == "en"
    assert word_tag("Москва", "en") == "ru"
    assert word_tag("Київ", "uk") == "uk"
    assert word_tag("café", "fr") == "fr"
    assert terms("ships", "ar") == terms("ship", "en")
    assert primary_tag("zh_Hant-TW") == "zh"
    assert primary_tag(None) == primary_tag("") == "en"


def test_stop_words_by_language() -> None:
    assert "the" in stop_words()
    assert "the" not in stop_words("de")
    assert {"der", "und", "fur", "prozent"} <= stop_words("de")
    assert stop_words("th") == {"al", "el"}
    assert "ايران" not in stop_words("fa")
    assert common_words("xx") == frozenset()


def test_background_of_folded_words_and_pairs() -> None:
    assert zipf("inauguracion", "es") > 3
    assert zipf("した", "ja") > zipf("东京", "ja") > zipf("鸚鵡", "ja")
    assert zipf("대통", "ko") > 4
    assert zipf("الحكومه", "ar") > 4
    assert zipf("الحكومه", "en") == zipf("الحكومه", "ar")
    assert zipf("bridge", "en") == zipf("bridge", "xx")
    assert zipf("ประ", "th") == 4.0


@pytest.mark.parametrize(
    ("word", "bare"),
    [
        ("הממשלה", "ממשלה"),
        ("ממשלה", "ממשלה"),
        ("בבית", "בית"),
        ("הילדים", "ילד"),
        ("ישראל", "ישראל"),
    ],
)
def test_hebrew_particles_are_taken_off_known_words(word: str, bare: str) -> None:
    assert terms(word, "he") == [bare]


@pytest.mark.parametrize(
    ("language", "forms"),
    [("tr", "2023'te 2023 2023’ün"), ("uk", "водою вода воді"), ("ar", "لقاحات لقاح واللقاح")],
)
def test_endings_are_left_out(language: str, forms: str) -> None:
    assert len({term for form in forms.split() for term in terms(form, language)}) == 1
