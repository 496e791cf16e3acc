"""What is on record from the time after a page appeared."""

from __future__ import annotations

import pytest

from contextlib_news.context.since import changes_since
from contextlib_news.models import Claim, Report, ReportStance, Review
from contextlib_news.wording import describe_since, since_title

TODAY = "2026-11-26"
AGAINST = ReportStance.CONTRADICTING


def claim(**fields: object) -> Claim:
    return Claim(id="c", text="The zone is held.", **fields)  # type: ignore[arg-type]


def review(date: str | None) -> dict[str, object]:
    return {"reviews": (Review(publisher="P", rating="r", date=date),)}


def against(date: str) -> dict[str, object]:
    report = Report(stance=AGAINST, outlet="O", title="T", date=date, says="They left.")
    return {"reports": (report,)}


@pytest.mark.parametrize(
    ("fields", "page", "date"),
    [
        ({"valid_until": "2026-02"}, "2022-02-15", "2026-02"),
        ({"valid_until": "2026-02"}, None, "2026-02"),
        ({"valid_until": "2027"}, "2022-02-15", None),
        ({"valid_until": "2026-11"}, "2022-02-15", None),
        (
            review("2023-01-01"),
            "2022",
            "2023-01-01",
        ),
        (review("2022-01-01"), "2022", None),
        (review("2023-01-01"), None, None),
        (review(None), "2022", None),
        (
            {
                "reports": (
                    Report(stance=AGAINST, outlet="O", title="T", date="2024", says="Left."),
                )
            },
            "2022-02-15",
            "2024",
        ),
        (
            {
                "reports": (
                    Report(stance=AGAINST, outlet="O", title="T", date="2022", says="Left."),
                )
            },
            "2022-02-15",
            None,
        ),
        ({}, "2022-02-15", None),
    ],
)
def test_what_came_later(fields: dict[str, object], page: str | None, date: str | None) -> None:
    changes = changes_since([claim(**fields)], page, TODAY)
    assert [change.date for change in changes] == ([] if date is None else [date])


def test_it_says_at_the_time_and_since_then() -> None:
    (change,) = changes_since([claim(valid_until="2026-02")], "2022-02-15", TODAY)
    told = describe_since(change, "2022-02-15")
    assert told == (
        "At the time (15 February 2022): “The zone is held”. "
        "Since then: on record, this held until February 2026."
    )


def test_what_was_outdated_before_the_page_is_not_told_as_later() -> None:
    (change,) = changes_since([claim(valid_until="2024-05")], "2026-11-01", TODAY)
    assert change.before
    assert since_title(change) == "Outdated before this page"
    assert describe_since(change, "2026-11-01") == (
        "On record, this held until May 2024, which is before the page’s own day "
        "(1 November 2026): “The zone is held”."
    )
    for day in ("2024-05-31", "2024", "2022-02-15", None):
        (change,) = changes_since([claim(valid_until="2024-05")], day, TODAY)
        assert not change.before


def test_the_newest_review_is_told() -> None:
    reviews = tuple(
        Review(publisher=f"P{year}", rating="false", date=f"{year}-01-01") for year in (2023, 2025)
    )
    (change,) = changes_since([claim(reviews=reviews)], "2022-02-15", TODAY)
    assert "P2025 rated it “false” (1 January 2025)" in describe_since(change, "2022-02-15")
