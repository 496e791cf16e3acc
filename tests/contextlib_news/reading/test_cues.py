"""What each kind of cue rules over, and what looks like one and is none."""

import pytest

from contextlib_news.models import BlockRole
from contextlib_news.reading.rebuttal import find_answer, find_rebuttal
from contextlib_news.reading.stance import read_sentence
from contextlib_news.reading.statement import read_statement


def turns(text: str) -> list[str]:
    return [cue.text for cue in read_statement(text).turns]


def distance(text: str) -> list[tuple[str, str]]:
    return [(cue.kind.value, cue.text) for cue in read_statement(text).distance]


def sources(text: str) -> list[str]:
    return [cue.source for cue in read_statement(text).sources]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The dam did not burst.", ["not"]),
        ("The dam didn’t burst.", ["didn't"]),
        ("The dam not only burst, it vanished.", []),
        ("There is no doubt that the dam burst.", []),
        ("It was not long ago that the dam burst.", []),
        ("Nobody denies that the dam burst.", []),
        ("It is not false that the dam burst.", []),
        ("Neither the dam nor the wall burst.", ["neither"]),
        ("He was denied entry.", []),
        ("A false alarm was raised.", []),
        ("There is now substantial evidence.", []),
        ("The lie detector broke.", []),
        ("The cave lies in Spain.", []),
        ("The claim that the dam burst is a hoax.", ["is a hoax"]),
        ("He falsely claimed that the dam burst.", ["falsely claimed"]),
        ("There is no evidence that the dam burst.", ["no evidence"]),
        ("She called reports that the dam burst a lie.", ["called"]),
    ],
)
def test_turns(text: str, found: list[str]) -> None:
    assert turns(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The dam may burst.", [("hedge", "may")]),
        ("The dam burst in May.", []),
        ("The dam burst on 4 May.", []),
        ("Smokers are more likely to fall ill.", []),
        ("The dam could not hold.", []),
        ("Even if it rains, the dam holds.", []),
        ("If it rains, the dam bursts.", [("condition", "if")]),
        ("Will the dam burst?", [("question", "?")]),
        ("They asked whether the dam burst.", [("question", "whether")]),
    ],
)
def test_distance(text: str, found: list[tuple[str, str]]) -> None:
    assert distance(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("According to the mayor, the dam burst.", ["the mayor"]),
        ("The dam burst, said the mayor.", ["the mayor"]),
        ("The mayor said the dam burst.", ["The mayor"]),
        ("The dam, critics contend, burst.", ["critics"]),
        ("A survey found that the dam burst.", []),
        ("The mayor admitted that the dam burst.", []),
        ("The rebels claimed responsibility.", []),
        ("The island state burst into song.", []),
    ],
)
def test_sources(text: str, found: list[str]) -> None:
    assert sources(text) == found


@pytest.mark.parametrize(
    ("after", "taken_back"),
    [
        ("That is false.", True),
        ("It did not.", True),
        ("None of it is true.", True),
        ("That never happened.", True),
        ("Officials have since rejected the claim.", True),
        ("Doctors say that is nonsense.", True),
        ("That is false modesty.", False),
        ("That was not all.", False),
        ("It was not the first time.", False),
        ("He denies another charge.", False),
        ("That is well known.", False),
        ("", False),
    ],
)
def test_the_next_sentence(after: str, taken_back: bool) -> None:
    assert (find_rebuttal("", after) is not None) is taken_back


def test_the_sentence_before_may_announce_a_falsehood() -> None:
    assert find_rebuttal("A false rumour is going round:", "") is not None
    assert find_rebuttal("A rumour is going round:", "") is None


def test_answers() -> None:
    assert find_answer("No.") is False
    assert find_answer("Yes.") is True
    assert find_answer("Nobody knows.") is None


def test_an_omitted_denial_is_not_denied() -> None:
    reading = read_sentence("The ministry bought masks.", "The ministry denied buying masks.")
    assert reading.stance == "discusses"


def test_headlines_name_their_source_before_a_colon() -> None:
    sentence, claim = "Minister: Dam to open in May", "The dam will open in May."
    assert read_sentence(sentence, claim, role=BlockRole.HEADING).stance == "discusses"
    topic = "Elm dam: Opening in May"
    assert read_sentence(topic, "The Elm dam opens in May.", role=BlockRole.HEADING).stance == (
        "supports"
    )


def test_less_need_be_answered_of_a_claim_that_matched() -> None:
    sentence = "The dam in the valley broke."
    claim = "The dam in Harlow broke after years of neglect."
    assert read_sentence(sentence, claim).stance is None
    assert read_sentence(sentence, claim, least_covered=0.1).stance == "supports"
