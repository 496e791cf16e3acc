"""Rules are tested and texts fingerprinted by command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contextlib_news.cli import main
from contextlib_news.context.same_text import fingerprint

RULES = {"rules": [{"type": "satire", "language": "en", "any": ["<self> <3>is moonshine"]}]}
CASES = """# what we print
affiliate\tThis post contains affiliate links.
satire\tThis whole page is moonshine.
-\tThe minister issued a disclaimer on Tuesday.
"""
WORDS = " ".join(f"word{(7 * i * i + 3 * i) % 1999}" for i in range(300))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(RULES), encoding="utf-8")
    return path


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.tsv"
    path.write_text(CASES, encoding="utf-8")
    return path


def test_rules_of_ones_own(rules: Path, cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["disclaimers", str(cases), "--rules", str(rules)]) == 0
    assert capsys.readouterr().out == "found 2 of 2 expected, 0 not expected, 0 lines differ\n"
    assert main(["disclaimers", str(cases)]) == 1
    told = capsys.readouterr().out
    assert "line 3: found nothing, expected satire: This whole page is moonshine." in told
    assert told.endswith("found 1 of 2 expected, 0 not expected, 1 lines differ\n")


@pytest.mark.parametrize(
    ("line", "said"), [("satyr\tA text.", "'satyr' is no type"), ("satire", "a tab")]
)
def test_a_wrong_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    path = tmp_path / "cases.tsv"
    path.write_text(line, encoding="utf-8")
    assert main(["disclaimers", str(path)]) == 1
    error = capsys.readouterr().err
    assert "line 1" in error
    assert said in error


def test_a_wrong_rule_is_told_in_one_line(
    tmp_path: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"rules": [{"type": "satire", "language": "en", "any": ["a.*b"]}]}))
    assert main(["disclaimers", str(cases), "--rules", str(path)]) == 1
    assert "rule 1: 'a.*b': give each repetition an upper bound" in capsys.readouterr().err


def test_annotate_with_rules_and_outlets_of_ones_own(
    tmp_path: Path, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.txt"
    page.write_text("This whole page is moonshine.", encoding="utf-8")
    outlets = tmp_path / "outlets.json"
    outlets.write_text(json.dumps({"outlets": [{"domain": "mine.org", "name": "Mine"}]}))
    asked = ["annotate", str(page), "--format", "json", "--url", "https://mine.org/a"]
    assert main([*asked, "--disclaimers", str(rules), "--outlets", str(outlets)]) == 0
    answer = json.loads(capsys.readouterr().out)
    (note,) = [note for note in answer["notes"] if note["kind"] == "disclaimer"]
    assert note["disclaimer"]["types"] == ["satire"]
    assert answer["outlet"]["name"] == "Mine"


def test_fingerprint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.txt"
    page.write_text(f"{WORDS}.", encoding="utf-8")
    assert main(["fingerprint", str(page), "--url", "https://a.org/2022/02/15/a"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "url": "https://a.org/2022/02/15/a",
        "value": fingerprint(WORDS),
        "date": "2022-02-15",
    }
    page.write_text("Too short.", encoding="utf-8")
    assert main(["fingerprint", str(page), "--url", "https://a.org/a"]) == 1
    assert "fewer than 50 words" in capsys.readouterr().err
