"""Recall against false notes on labels, and a refit on them: held out, saved, read back."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news import Claim, ClaimIndex
from contextlib_news.errors import InvalidPairsError
from contextlib_news.evaluation import Curve, LabelledSentence, Point, _curve, evaluate, refit
from contextlib_news.matching.scoring import VERBATIM_SCORE, Model

TOWNS = ("Harwick", "Ostby", "Lunden", "Carvel", "Mirrow", "Tansey", "Pellow", "Quarne")
EVENTS = (
    ("The {0} bridge was opened to traffic in {1}.", "Cars first crossed {0} bridge in {1}."),
    ("The old mill of {0} burned down in {1}.", "In {1} a fire destroyed the mill at {0}."),
    ("A flood destroyed the market hall of {0} in {1}.", "{0} lost its hall to a flood in {1}."),
    ("The library of {0} was closed in {1}.", "Since {1} {0} has been without its library."),
    ("The hospital in {0} hired 40 nurses in {1}.", "In {1} 40 nurses came to {0}'s hospital."),
)  # fmt: skip
OTHERS = (
    "The mayor of {0} promised a new {2} by {1}.",
    "Visitors to {0} asked for the way to the {2}.",
    "Nobody in {0} remembers the {2} of {1}.",
    "The council of {0} debated the {2} until midnight.",
)
SUBJECTS = ("bridge", "mill", "market hall", "library", "hospital")


def collection() -> tuple[list[Claim], list[LabelledSentence]]:
    """Return 40 claims, each in other words, and 160 sentences with their words that say none."""
    chance = random.Random(4)
    claims, pairs = [], []
    for town in TOWNS:
        for number, (text, said) in enumerate(EVENTS):
            year = chance.randrange(1900, 2000)
            claim = Claim(id=f"{town}-{number}", text=text.format(town, year))
            claims.append(claim)
            pairs.append(
                LabelledSentence(text=said.format(town, year), claims=frozenset({claim.id}))
            )
            for other in OTHERS:
                text = other.format(town, chance.randrange(1900, 2000), SUBJECTS[number])
                pairs.append(LabelledSentence(text=text, claims=frozenset()))
    chance.shuffle(pairs)
    return claims, pairs


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    return ClaimIndex.build(collection()[0])


@pytest.fixture(scope="module")
def pairs() -> list[LabelledSentence]:
    return collection()[1]


@pytest.fixture(scope="module")
def curve(index: ClaimIndex, pairs: list[LabelledSentence]) -> Curve:
    return evaluate(index, pairs)


def test_sentences_are_counted_by_what_they_are_about(curve: Curve) -> None:
    assert (curve.about, curve.nothing, curve.unknown) == (40, 160, ())
    assert 0 < curve.current.recall <= 1


def test_the_curve_counts_what_a_search_finds(
    curve: Curve, index: ClaimIndex, pairs: list[LabelledSentence]
) -> None:
    for point in [curve.current, *curve.points[:: max(1, len(curve.points) // 5)]]:
        right = wrong = shown = 0
        for pair in pairs:
            (found,) = index.search([pair.text], limit=1, min_score=point.threshold)
            shown += len(found)
            right += bool(found) and found[0].claim_id in pair.claims
            wrong += bool(found) and not pair.claims
        assert point.recall == pytest.approx(right / 40)
        assert point.false_notes == pytest.approx(1000 * wrong / 160)
        assert point.precision == pytest.approx(right / max(shown, 1))


def test_labels_that_the_index_does_not_have_are_named(index: ClaimIndex) -> None:
    labels = [LabelledSentence(text="The mill.", claims=frozenset({"b", "a", "Ostby-1"}))]
    assert evaluate(index, labels).unknown == ("a", "b")
    assert evaluate(index, labels).current.false_notes == 0


def test_odd_sentences_and_no_sentences_do_no_harm(index: ClaimIndex) -> None:
    odd = [
        LabelledSentence(text=text, claims=frozenset())
        for text in ("\x00", "\ud800", "!?", "a" * 100_000, "٣ ٤", " ")
    ]
    assert evaluate(index, odd).current == evaluate(index, []).current
    assert evaluate(ClaimIndex.build([]), odd).suggest(0).recall == 0


LABELS = st.tuples(st.floats(0, 0.999), st.booleans(), st.booleans())


@settings(max_examples=80)
@given(st.lists(LABELS, max_size=60))
def test_recall_and_false_notes_fall_with_the_threshold(
    labels: list[tuple[float, bool, bool]],
) -> None:
    points = curve_of(labels).points
    for name in ("recall", "false_notes"):
        values = [getattr(point, name) for point in points]
        assert values == sorted(values, reverse=True)
    assert [point.threshold for point in points] == sorted({point.threshold for point in points})
    assert points[-1] == Point(threshold=1.0, recall=0.0, precision=0.0, false_notes=0.0)
    assert all(0 <= point.recall <= 1 and 0 <= point.precision <= 1 for point in points)


@settings(max_examples=80)
@given(st.lists(LABELS, max_size=60), st.floats(0, 1000))
def test_a_suggestion_keeps_its_budget_and_is_the_best_that_does(
    labels: list[tuple[float, bool, bool]], budget: float
) -> None:
    curve = curve_of(labels)
    best = curve.suggest(budget)
    assert best.false_notes <= budget
    within = [point for point in curve.points if point.false_notes <= budget]
    assert all(point.recall <= best.recall for point in within)
    assert curve.suggest(1000.0).recall == max(point.recall for point in curve.points)


def test_a_budget_below_nothing_is_refused(curve: Curve) -> None:
    for budget in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="0 or more"):
            curve.suggest(budget)


def test_a_long_curve_is_thinned_and_keeps_its_ends() -> None:
    labels = [(at / 10_000, at % 3 > 0, at % 2 > 0) for at in range(1, 9_000)]
    points = curve_of(labels).points
    assert len(points) <= 2_001
    assert points[0].threshold == pytest.approx(0.0001)
    assert points[-1].threshold == 1.0


def curve_of(labels: list[tuple[float, bool, bool]]) -> Curve:
    """Return the curve of sentences: the best score, whether about a claim, whether the right."""
    pairs = [
        LabelledSentence(text=str(at), claims=frozenset({"a"} if about else ()))
        for at, (_, about, _) in enumerate(labels)
    ]
    scores = np.array([score for score, _, _ in labels])
    right = np.array([right and about for _, about, right in labels], bool)
    return _curve(scores, right, pairs, 0.5, ())


# --- The refit ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fitted(index: ClaimIndex, pairs: list[LabelledSentence]) -> tuple[Model, Curve]:
    return refit(index, pairs, 10.0)


def test_a_refit_does_no_worse_on_sentences_held_out(
    curve: Curve, fitted: tuple[Model, Curve]
) -> None:
    model, after = fitted
    assert after.current.threshold == model.threshold
    assert after.current.false_notes <= 10
    assert after.current.recall >= curve.suggest(10.0).recall


def test_a_refit_moves_no_weight_to_what_is_the_same_in_all_pairs(
    fitted: tuple[Model, Curve],
) -> None:
    model, _ = fitted
    assert model.weights[model.features.index("claims")] == 0
    assert 0 < model.slope < 100
    assert max(abs(model.bias), np.abs(model.weights).max()) < 100


def test_a_refit_is_the_same_each_time(
    index: ClaimIndex, pairs: list[LabelledSentence], fitted: tuple[Model, Curve]
) -> None:
    assert refit(index, pairs, 10.0)[0].row == fitted[0].row


def test_a_refit_is_saved_with_its_index_and_read_back(
    index: ClaimIndex,
    pairs: list[LabelledSentence],
    fitted: tuple[Model, Curve],
    tmp_path: Path,
) -> None:
    model, _ = fitted
    other = index.with_model(model)
    other.save(tmp_path / "fitted.idx")
    opened = ClaimIndex.open(tmp_path / "fitted.idx")
    texts = [pair.text for pair in pairs]
    assert opened.threshold == model.threshold != index.threshold
    assert opened.search(texts) == other.search(texts) != index.search(texts)


@pytest.mark.parametrize("budget", [0.0, 1000.0])
def test_the_threshold_of_a_refit_leaves_room_for_word_for_word(
    index: ClaimIndex, pairs: list[LabelledSentence], budget: float
) -> None:
    model, after = refit(index, pairs, budget)
    assert 0 < model.threshold <= VERBATIM_SCORE
    assert after.current.false_notes <= budget


def test_labels_that_contradict_all_scores_do_not_break_a_refit(
    index: ClaimIndex, pairs: list[LabelledSentence]
) -> None:
    ids = sorted({claim_id for pair in pairs for claim_id in pair.claims})
    turned = [
        LabelledSentence(text=pair.text, claims=frozenset() if pair.claims else frozenset(ids))
        for pair in pairs
    ]
    model, _ = refit(index, turned, 5.0)
    assert np.isfinite([model.slope, model.bias, *model.weights]).all()


def test_too_few_labels_are_told(index: ClaimIndex, pairs: list[LabelledSentence]) -> None:
    about = [pair for pair in pairs if pair.claims]
    none = [pair for pair in pairs if not pair.claims]
    for labels in ([], about, none, about[:19] + none, about + none[:19]):
        with pytest.raises(InvalidPairsError, match=r"too few labels .* at least 20"):
            refit(index, labels, 5.0)
    many = frozenset(claim_id for pair in about for claim_id in pair.claims)
    few = [LabelledSentence(text=pair.text, claims=many) for pair in about[:5]]
    with pytest.raises(InvalidPairsError, match=r"\(here 5\)"):
        refit(index, few + none, 5.0)
    refit(index, about[:20] + none[:20], 5.0)
