"""Saved pages read as they were when somebody last looked at the difference."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

PAGES = Path(__file__).resolve().parents[2] / "pages"
SLUGS = sorted(page.parent.name for page in PAGES.glob("*/page.html"))
describe = runpy.run_path(str(PAGES / "regenerate.py"))["describe"]


def test_there_are_golden_pages() -> None:
    assert len(SLUGS) >= 5


@pytest.mark.parametrize("slug", SLUGS)
def test_golden_page(slug: str) -> None:
    expected = json.loads((PAGES / slug / "document.json").read_text(encoding="utf-8"))
    assert describe(PAGES / slug) == expected
