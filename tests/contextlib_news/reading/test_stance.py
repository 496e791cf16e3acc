import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.models import BlockRole, Claim, Stance
from contextlib_news.reading.stance import read_sentence

OPENED = "The bridge at Elm Street opened in 1931."


def stance(sentence: str, claim: str | Claim, **options: object) -> str | None:
    found = read_sentence(sentence, claim, **options).stance  # type: ignore[arg-type]  # options
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("sentence", "claim", "expected"),
    [
        (OPENED, OPENED, "supports"),
        ("In 1931 the Elm Street bridge was opened.", OPENED, "supports"),
        ("The bridge at Elm Street did not open in 1931.", OPENED, "refutes"),
        ("The bridge at Elm Street never opened.", OPENED, "refutes"),
        ("The bridge at Elm Street opened in 1913.", OPENED, "refutes"),
        ("The city denied that the bridge at Elm Street opened in 1931.", OPENED, "refutes"),
        ("The city did not deny that the bridge at Elm Street opened in 1931.", OPENED, "supports"),
        ("There is no evidence that the bridge at Elm Street opened in 1931.", OPENED, "refutes"),
        ("The claim that the bridge at Elm Street opened in 1931 is false.", OPENED, "refutes"),
        ("It is not true that the bridge at Elm Street opened in 1931.", OPENED, "refutes"),
        ("The bridge at Elm Street may have opened in 1931.", OPENED, "discusses"),
        ("The bridge at Elm Street allegedly opened in 1931.", OPENED, "discusses"),
        ("Did the bridge at Elm Street open in 1931?", OPENED, "discusses"),
        ("According to the mayor, the bridge at Elm Street opened in 1931.", OPENED, "discusses"),
        ("The mayor said the bridge at Elm Street opened in 1931.", OPENED, "discusses"),
        ("If the bridge at Elm Street opened in 1931, it is old.", OPENED, "discusses"),
        ("The choir sang three songs.", OPENED, None),
        ("", OPENED, None),
        ("The bomb exploded.", "The bomb did not explode.", "refutes"),
        ("The bomb did not explode.", "The bomb did not explode.", "supports"),
        ("Prices rose last year.", "Prices fell last year.", "refutes"),
        ("The quake killed 112 people.", "The quake killed 121 people.", "refutes"),
        ("The quake killed some 120 people.", "The quake killed 121 people.", "supports"),
        ("The quake killed dozens of people.", "The quake killed 45 people.", "supports"),
        ("The mayor of Quito quit on Monday.", "The mayor of Lima quit on Monday.", "refutes"),
        ("Russia attacked Georgia in 2008.", "Georgia attacked Russia in 2008.", "refutes"),
        ("Russia was attacked by Georgia in 2008.", "Georgia attacked Russia in 2008.", "supports"),
    ],
)  # fmt: skip
def test_minimal_pairs(sentence: str, claim: str, expected: str | None) -> None:
    assert stance(sentence, claim) == expected


def test_a_source_that_the_claim_names_is_no_hedge() -> None:
    claim = "The SDF said 121 of its fighters died."
    assert stance("According to the SDF, 121 of its fighters died.", claim) == "supports"
    assert stance("According to Turkey, 121 SDF fighters died.", claim) == "discusses"


def test_the_next_sentence_may_take_it_back() -> None:
    assert stance(OPENED, OPENED, context=("", "That is not true.")) == "refutes"
    assert stance(OPENED, OPENED, context=("", "That is well known.")) == "supports"


def test_a_hedge_in_another_clause_hedges_nothing_here() -> None:
    sentence = (
        "The bridge at Elm Street opened in 1931, while the mill, which allegedly stood beside it, "
        "was never found by anybody."
    )
    assert stance(sentence, OPENED) == "supports"


def test_the_pages_date_supplies_the_year() -> None:
    claim = "The raid took place in Lima on 20 December 2021."
    said = "The raid in Lima took place on Dec. 20."
    assert stance(said, claim, page_date="2022-02-15") == "supports"
    assert stance(said, claim, page_date="2020-02-15") == "refutes"


def test_variants_are_read_as_the_claim() -> None:
    claim = Claim(id="a", text=OPENED, variants=("Elm Street's crossing dates from 1931",))
    assert stance("Elm Street's crossing dates from 1931.", claim) == "supports"


def test_what_differs_is_told_in_both_words() -> None:
    reading = read_sentence(
        "It held about 5,000 detainees in Lima.", "It held 3,000 detainees in Lima."
    )
    (difference,) = reading.differences
    assert (difference.kind.value, difference.page, difference.claim) == (
        "number", "about 5,000", "3,000",
    )  # fmt: skip
    assert reading.stance is Stance.REFUTES


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_raises(sentence: str, claim: str) -> None:
    read_sentence(sentence, claim, context=(claim, sentence), page_date=claim[:10])


CUES = (
    "not never no denied that is false a hoax said according to if may whether the minister , ; : "
    "“ ” ' \" ? 3,000 on May 3 Rome closed opened bridge didn’t without hardly nobody nor claim"
).split(" ")


@settings(deadline=None)
@given(st.lists(st.sampled_from(CUES), max_size=60), st.lists(st.sampled_from(CUES), max_size=20))
def test_no_heap_of_cues_raises(sentence: list[str], claim: list[str]) -> None:
    said, asked = " ".join(sentence), " ".join(claim)
    for role in (None, BlockRole.HEADING, BlockRole.QUOTE):
        reading = read_sentence(said, asked, context=(asked, said), role=role)
        assert reading.covered >= 0
        assert reading.stance is not None or not reading.differences
        assert all(reading.cues)


def test_words_without_weight_are_read_word_for_word() -> None:
    assert stance("It is what it is.", "it is what it is") is not None


@given(st.text(min_size=8, max_size=80, alphabet="abcdefgh XYZ123.,"))
def test_word_for_word_always_has_a_stance(text: str) -> None:
    if text.strip() and any(part.isalnum() for part in text):
        assert read_sentence(text, text).stance is not None


@pytest.mark.parametrize(
    ("language", "sentence", "claim", "expected"),
    [
        ("de", "Er hat die Masken nicht gekauft.", "Er hat die Masken gekauft.", "refutes"),
        ("de", "Hat er die Masken gekauft?", "Er hat die Masken gekauft.", "discusses"),
        ("es", "El ministro no compró nada.", "El ministro compró mascarillas.", None),
        ("es", "El juez no cerró el puente.", "El juez cerró el puente.", "refutes"),
        ("fr", "Le pont n’a pas été fermé.", "Le pont a été fermé.", "refutes"),
        ("ar", "لم تشتر الوزارة الأقنعة من الصين.", "اشترت الوزارة الأقنعة من الصين.", "refutes"),
        ("ar", "اشترت الوزارة الأقنعة من الصين.", "اشترت الوزارة الأقنعة من الصين.", "supports"),
    ],
)
def test_plain_negations_of_other_languages(
    language: str, sentence: str, claim: str, expected: str | None
) -> None:
    assert stance(sentence, claim, language=language) == expected
