"""Floors that disclaimers must keep on 200 short texts: 100 real ones and 100 near misses."""

from __future__ import annotations

from pathlib import Path

from contextlib_news.context.disclaimers import match_disclaimer

HERE = Path(__file__).parent
PRECISION_FLOOR = 0.98
RECALL_FLOOR = 0.95


def test_precision_and_recall() -> None:
    missed: list[str] = []
    found = 0
    for line in (HERE / "disclaimed.tsv").read_text(encoding="utf-8").splitlines():
        kind, text = line.split("\t")
        if kind in match_disclaimer(text)[0]:
            found += 1
        else:
            missed.append(line)
    near_misses = (HERE / "near_misses.txt").read_text(encoding="utf-8").splitlines()
    false = [text for text in near_misses if match_disclaimer(text)[0]]
    assert found / (found + len(missed)) >= RECALL_FLOOR, missed
    assert found / (found + len(false)) >= PRECISION_FLOOR, false
