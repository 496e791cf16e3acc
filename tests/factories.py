"""Small records for tests: each function gives a valid one, changed by keyword."""

from __future__ import annotations

from typing import Any

from contextlib_news.models import Claim, Outlet, Provenance, Rating, Report, ReportStance, Verdict

# Words that would become a number, were they read as a template. It has more digits than the ids
# that are made at random have letters: unlike a short number, it cannot stand in one by chance.
TEMPLATE = "{{7**40}}"
COMPUTED = str(7**40)


def make_report(**changes: Any) -> Report:
    values: dict[str, Any] = {
        "stance": ReportStance.CORROBORATING,
        "outlet": "example.org",
        "title": "Bridge opened",
        "url": "https://example.org/bridge",
        "date": "1931-06-01",
        "origin": "Town archive",
        "says": "The archive gives 1 June 1931.",
    }
    return Report(**(values | changes))


def make_claim(**changes: Any) -> Claim:
    values: dict[str, Any] = {
        "id": "bridge",
        "text": "The bridge at Elm Street opened in 1931.",
        "verdict": Verdict.CORROBORATED,
        "summary": "The town archive holds the opening record.",
        "reports": (make_report(),),
        "provenance": Provenance(source="Test claims", licence="CC0-1.0"),
        "revision": 3,
        "updated": "2026-11-23",
    }
    return Claim(**(values | changes))


def make_outlet(**changes: Any) -> Outlet:
    values: dict[str, Any] = {
        "domain": "example.org",
        "name": "The Example",
        "ratings": (
            Rating(
                source="Example raters",
                label="often corrected",
                score=0.5,
                scale=(0.0, 1.0),
                date="2024-05",
                url="https://example.net/raters",
                licence="CC0-1.0",
            ),
        ),
    }
    return Outlet(**(values | changes))
