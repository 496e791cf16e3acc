"""Terms of plain English text stay what they were: a model and saved indexes rest on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contextlib_news.matching.terms import extract_terms

# Each line holds a sentence and its terms: text, start, end, surface, number.
LINES = (Path(__file__).parent / "english_terms.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("tag", [None, "en", "en-GB"])
def test_terms_of_english_sentences(tag: str | None) -> None:
    for line in LINES:
        row = json.loads(line)
        assert [list(term) for term in extract_terms(row["text"], tag)] == row["terms"]
