"""What is looked up and what is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contextlib_news.models import Block, BlockRole, Page
from contextlib_news.page.checkworthiness import is_checkworthy, score_checkworthiness
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


@pytest.mark.parametrize(
    "line",
    [
        *("a ", "a", "A b ", "Read ", "By A ", "| a ", "© ", "cookies ", "we cookies ", "@a ", "?"),
        *("中", "क्", "\u0301", "!", " - a", "http://", "http://a ", "Thanks ", "A, ", "1 ", '"'),
        *("\ud800", ": ", "you agree ", "reproduced ", "by von par "),
    ],
)
def test_a_hostile_line_is_bounded(line: str) -> None:
    kept(line * (100_000 // len(line)))
    kept(line * (100_000 // len(line)) + "?")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("© Lantern archive", BlockRole.CAPTION),
        ("Designed by Studio Nord", BlockRole.FOOTER),
        ("Follow @lantern", BlockRole.OTHER),
        ("#dam #flood", BlockRole.PARAGRAPH),
        ("desk@lantern.example", BlockRole.FOOTER),
        ("12 марта 2021, 09:15", BlockRole.PARAGRAPH),
    ],
)
def test_furniture_of_some_role(text: str, role: BlockRole) -> None:
    assert not kept(text, role)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Listen: the mayor took bribes for ten years.", BlockRole.PARAGRAPH),
        ("Photo shows ballots in a river", BlockRole.CAPTION),
        ("NASA Faked Moon Landing Says Editor", BlockRole.HEADING),
        ("首相が辞任", BlockRole.HEADING),
        ("The mill closed in 2019.", BlockRole.FOOTER),
    ],
)
def test_statements_of_some_role(text: str, role: BlockRole) -> None:
    assert kept(text, role)


def test_scores_are_ordered() -> None:
    texts = ("***", "Read more", "What do you think?", "Old mill", "The mill closed.")
    document = read_page(Page(blocks=tuple(Block(text=t) for t in (*texts, "It shut in 2019."))))
    scores = [score_checkworthiness(s, document) for s in document.sentences]
    assert scores == sorted(scores)
    assert all(0 <= score <= 1 for score in scores)


@pytest.mark.shared
def test_no_quote_of_the_reference_article_is_left_out(shared: Path, article: str) -> None:
    document = read_page(Page(text=article))
    gold = json.loads((shared / "data" / "seed_article_claims.json").read_text(encoding="utf-8"))
    looked_up = [s for s in document.sentences if is_checkworthy(s, document)]
    left_out = {s.index for s in document.sentences} - {s.index for s in looked_up}
    found = 0
    for claim in gold["claims"]:
        words = [re.escape(word) for word in claim["quote"].split()]
        for match in re.finditer(r"\s+".join(words), document.text):
            found += 1
            inside = {
                s.index
                for s in document.sentences
                if s.start < match.end() and s.end > match.start()
            }
            assert inside, claim["id"]
            assert not inside & left_out, claim["id"]
    assert found >= len(gold["claims"]) * 0.9
