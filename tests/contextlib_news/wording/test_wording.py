import itertools

import pytest

from contextlib_news import wording
from contextlib_news.models import (
    Difference,
    DifferenceKind,
    Disclaimer,
    OutletRelation,
    QuotationDetail,
    QuotationStatus,
    ReportStance,
    Review,
    Stance,
    Verdict,
)
from tests.factories import make_claim, make_outlet, make_report


@pytest.mark.parametrize(
    ("date", "spelt"),
    [
        ("2022-02-03", "3 February 2022"),
        ("2022-02", "February 2022"),
        ("2022", "2022"),
        (None, None),
        ("2022-13-01", "2022-13-01"),
    ],
)
def test_spell_date(date: str | None, spelt: str | None) -> None:
    assert wording.spell_date(date) == spelt


def test_reports_of_one_origin_count_once() -> None:
    reports = [make_report(outlet=f"paper{n}.example", origin="The Agency") for n in range(10)]
    assert wording.count_origins(reports) == 1
    assert wording.count_origins([*reports, make_report(origin=None, outlet="other.example")]) == 2


@pytest.mark.parametrize(("verdict", "stance"), list(itertools.product([None, *Verdict], Stance)))
def test_no_note_pronounces_a_judgement(verdict: Verdict | None, stance: Stance) -> None:
    claim = make_claim(
        verdict=verdict,
        reports=(make_report(), make_report(stance=ReportStance.CONTRADICTING, origin="Other")),
    )
    said = (
        f"{wording.claim_title(claim, stance, ())} {wording.claim_text(claim, stance, ())}".lower()
    )
    assert said.strip()
    for word in ("false", "fake", "lie", "true", "wrong", "debunk"):
        assert f" {word}" not in said


def test_a_differing_value_is_told_beside_the_claims_own() -> None:
    difference = Difference(kind=DifferenceKind.NUMBER, page="3,000", claim="3,500 to 4,000")
    text = wording.claim_text(make_claim(), Stance.REFUTES, (difference,))
    assert "3,000" in text
    assert "3,500 to 4,000" in text
    assert "1 June 1931" in text


def test_a_review_keeps_the_publishers_words() -> None:
    review = Review(publisher="Example Check", rating="Mostly False", date="2021")
    claim = make_claim(verdict=None, reports=(), reviews=(review,))
    text = wording.claim_text(claim, Stance.SUPPORTS, ())
    assert "Example Check rated it “Mostly False” (2021)" in text


def test_an_unrated_outlet_is_said_to_be_unrated() -> None:
    outlet = make_outlet(ratings=(), relation=OutletRelation.UNRATED)
    assert "not rated" in wording.outlet_title(outlet)
    assert "neither good nor bad" in wording.describe_outlet(outlet)


def test_a_look_alike_names_what_it_resembles() -> None:
    outlet = make_outlet(
        domain="examp1e.org",
        ratings=(),
        relation=OutletRelation.LOOK_ALIKE,
        look_alike_of="example.org",
    )
    assert wording.outlet_title(outlet) == "examp1e.org resembles example.org"


def test_every_rating_names_rater_and_date() -> None:
    text = wording.describe_outlet(make_outlet())
    assert "Example raters: often corrected (May 2024)" in text


def test_disclaimers_are_quoted() -> None:
    disclaimer = Disclaimer(types=("satire",), text="Some of this is satire. ")
    assert wording.describe_disclaimer(disclaimer).endswith("“Some of this is satire.”")
    assert "satire" in wording.disclaimer_title(disclaimer)


@pytest.mark.parametrize("status", list(QuotationStatus))
def test_every_quotation_status_has_words(status: QuotationStatus) -> None:
    detail = QuotationDetail(status=status, source="The Times", changes=(("a", "b"),))
    assert wording.quotation_title(detail)
    assert wording.describe_quotation(detail)
