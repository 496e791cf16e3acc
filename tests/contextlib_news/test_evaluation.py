"""Recall against false notes on labelled sentences, and a refit."""

import json
from pathlib import Path

import pytest

from contextlib_news.cli import main
from contextlib_news.errors import InvalidPairsError
from contextlib_news.evaluation import LabelledSentence, evaluate, read_pairs, refit
from contextlib_news.formats.claims import claim_to_dict
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim

PLACES = "Lima Osaka Lagos Quito Perth Turin Basel Malmo Split Cork Graz Lille Porto Ghent".split()
THINGS = "bridge mill tunnel harbour dam school train hospital court bank".split()
CLAIMS = [
    Claim(id=f"{thing}-{place}", text=f"The {thing} of {place} was closed in {1950 + number}.")
    for number, place in enumerate(PLACES)
    for thing in THINGS
]
INDEX = ClaimIndex.build(CLAIMS)
PAIRS = [
    LabelledSentence(
        text=f"In {place} they shut the {thing} long ago.", claims=frozenset({f"{thing}-{place}"})
    )
    for place in PLACES
    for thing in THINGS[:3]
] + [
    LabelledSentence(text=f"A {thing} was painted {count} times this week.", claims=frozenset())
    for thing in THINGS
    for count in ("two", "three", "many", "no")
]


def test_the_curve_falls_and_the_suggestion_keeps_its_budget() -> None:
    curve = evaluate(INDEX, PAIRS)
    assert (curve.about, curve.nothing, curve.unknown) == (42, 40, ())
    recalls = [point.recall for point in curve.points]
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[0] > 0.5
    for budget in (0.0, 30.0, 200.0):
        assert curve.suggest(budget).false_notes <= budget
    assert curve.suggest(1_000).recall == recalls[0]


def test_labels_that_the_index_does_not_know_are_named() -> None:
    pairs = [*PAIRS, LabelledSentence(text="Snow fell.", claims=frozenset({"nobody"}))]
    assert evaluate(INDEX, pairs).unknown == ("nobody",)


def test_a_refit_finds_more_within_the_budget() -> None:
    before = evaluate(INDEX, PAIRS).suggest(30)
    model, held_out = refit(INDEX, PAIRS, 30)
    assert held_out.current.false_notes <= 30
    assert held_out.suggest(30).recall >= before.recall - 0.05
    refitted = INDEX.with_model(model)
    assert refitted.threshold == model.threshold
    shown = refitted.search([PAIRS[0].text], min_score=refitted.threshold)
    assert shown[0][0].claim_id in PAIRS[0].claims


def test_too_few_labels_are_said_so() -> None:
    with pytest.raises(InvalidPairsError, match="at least 20"):
        refit(INDEX, PAIRS[:5], 5)
    with pytest.raises(InvalidPairsError, match="about none"):
        refit(INDEX, PAIRS[:42], 5)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", "", "no labelled sentence"),
        ("a.jsonl", '{"text": "ok", "claims": []}\nnot json', "line 2"),
        ("a.jsonl", "[" * 100_000, "line 1"),
        ("a.jsonl", '{"text": 5, "claims": []}', "line 1: 'text'"),
        ("a.jsonl", '{"text": "a", "claims": "x"}', "line 1: 'claims'"),
        ("a.csv", "sentence,label\na,b", "columns"),
        ("a.csv", "text,claim\n,x", "line 2"),
    ],
)
def test_a_bad_file_is_named_with_its_line(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidPairsError, match=message):
        read_pairs(tmp_path / name)


def test_both_forms_give_the_same_pairs(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,claim\nOne,x\nOne,y\nTwo,\n", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(
        '{"text": "One", "claims": ["x", "y"]}\n\n{"text": "Two", "gold": []}\n', encoding="utf-8"
    )
    assert read_pairs(tmp_path / "a.csv") == read_pairs(tmp_path / "a.jsonl")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "claims.jsonl").write_text(
        "".join(json.dumps(claim_to_dict(claim)) + "\n" for claim in CLAIMS), encoding="utf-8"
    )
    (tmp_path / "pairs.jsonl").write_text(
        "".join(
            json.dumps({"text": pair.text, "claims": sorted(pair.claims)}) + "\n" for pair in PAIRS
        ),
        encoding="utf-8",
    )
    return tmp_path


def test_the_command_prints_a_curve_and_saves_a_refit(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ["--claims", str(files / "claims.jsonl"), "--budget", "30"]
    assert main(["evaluate", str(files / "pairs.jsonl"), *source]) == 0
    printed = capsys.readouterr().out
    assert "42 sentences about a claim, 40 about none" in printed
    assert "suggested: threshold" in printed
    output = files / "refit.idx"
    refitting = ["--refit", "-o", str(output), "--format", "json"]
    assert main(["evaluate", str(files / "pairs.jsonl"), *source, *refitting]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["refit"]["suggested"]["false_notes"] <= 30
    assert ClaimIndex.open(output).threshold == pytest.approx(
        answer["refit"]["current"]["threshold"], abs=1e-4
    )


@pytest.mark.parametrize(
    "options", [["--refit"], ["-o", "x.idx"], ["--budget", "-1"], ["--encoder", "nowhere"]]
)
def test_wrong_options_give_one_line(
    files: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(files / "pairs.jsonl"), *options]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


def test_a_damaged_index_is_found_on_request(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = files / "claims.idx"
    assert main(["index", "build", str(files / "claims.jsonl"), "-o", str(output)]) == 0
    assert main(["index", "info", str(output), "--verify"]) == 0
    assert "claims: 140" in capsys.readouterr().out
    data = bytearray(output.read_bytes())
    data[-10] ^= 1
    output.write_bytes(data)
    assert main(["index", "info", str(output), "--verify"]) == 1
    assert "damaged" in capsys.readouterr().err
