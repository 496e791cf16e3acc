"""Floors that check-worthiness must keep on lines of furniture and lines that state something.

``blind.tsv`` was written before the rules, ``second.tsv`` and ``third.tsv`` after a round each; a
line holds what it is, the role of its block and its text. docs/quality.md says what was measured
before each round.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contextlib_news.models import Block, BlockRole, Page
from contextlib_news.page.checkworthiness import is_checkworthy
from contextlib_news.page.document import read_page

HERE = Path(__file__).parent
FLOORS = json.loads((HERE.parent / "floors.json").read_text(encoding="utf-8"))["checkworthiness"]


def is_looked_up(text: str, role: str) -> bool:
    document = read_page(Page(blocks=(Block(text=text, role=BlockRole(role)),)))
    return any(is_checkworthy(sentence, document) for sentence in document.sentences)


@pytest.mark.parametrize(("kind", "looked_up"), [("checkworthy", True), ("furniture", False)])
def test_recall(kind: str, looked_up: bool) -> None:
    rows = [
        line.split("\t")
        for path in sorted(HERE.glob("*.tsv"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    asked = [(role, text) for label, role, text in rows if label == kind]
    missed = [text for role, text in asked if is_looked_up(text, role) is not looked_up]
    assert len(asked) > 150
    assert 1 - len(missed) / len(asked) >= FLOORS[f"{kind}_recall"], missed
