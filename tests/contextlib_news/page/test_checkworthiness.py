"""What is looked up and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contextlib_news.models import Block, BlockRole, Page
from contextlib_news.page.checkworthiness import is_checkworthy
from contextlib_news.page.document import read_page


def kept(text: str, role: BlockRole = BlockRole.PARAGRAPH) -> bool:
    document = read_page(Page(blocks=(Block(text=text, role=role),)))
    return any(is_checkworthy(sentence, document) for sentence in document.sentences)


@pytest.mark.parametrize(
    "text",
    [
        "The dam broke in 1931.",
        "Video shows soldiers striking the old dam",
        "Thanks to the vaccine, measles cases fell by 90 percent in Ohio last year.",
        "How is it possible that the mayor of Ash Ferry sold the mill in 2019 without the council?",
        "今日は東京で大雨が降りました。",
        "قال الرئيس إن الجسر افتتح في المدينة القديمة أمس.",
        "El puente de Vado fue inaugurado en 1931.",
    ],
)
def test_statements_are_kept(text: str) -> None:
    assert kept(text)


@pytest.mark.parametrize(
    "text",
    [
        "What do you think?",
        "By Anna Berg for The Lantern",
        "Photo: Anna Berg",
        "Read more",
        "About us - Policies & Terms - Comment Policy",
        "875",
        "https://example.org/2022/a",
        "Good morning, dear readers!",
        "Thank you for reading.",
        "Citations:",
    ],
)
def test_furniture_is_left_out(text: str) -> None:
    assert not kept(text)


def test_headlines_are_kept() -> None:
    assert kept("Mill closes after a century", BlockRole.HEADING)


@pytest.mark.shared
def test_every_claim_of_the_reference_article_is_looked_up(shared: Path, article: str) -> None:
    document = read_page(Page(text=article))
    gold = json.loads((shared / "data" / "seed_article_claims.json").read_text(encoding="utf-8"))
    looked_up = " ".join(s.text for s in document.sentences if is_checkworthy(s, document))
    looked_up = " ".join(looked_up.split())
    missing = [
        c["id"] for c in gold["claims"] if " ".join(c["quote"].split())[:60] not in looked_up
    ]
    assert missing == []
