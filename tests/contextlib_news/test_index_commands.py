"""``index`` and ``evaluate`` as a person types them: both forms of output, and what goes wrong."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from contextlib_news.cli import main
from contextlib_news.matching.encoder import WEIGHTS_PACKAGE

ANIMALS = ("fox", "heron", "badger", "otter", "lynx", "stork", "weasel", "marten", "beaver", "ibex")
PLACES = ("Harwick", "Ostby", "Lunden")

needs_encoder = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("onnxruntime", "onnx", WEIGHTS_PACKAGE)),
    reason="the semantic tier is not installed: onnxruntime, onnx and the weights",
)


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def fails(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Return the one line that a command fails with."""
    status, out, err = run(capsys, *arguments)
    assert (status, out, err.count("\n")) == (1, "", 1), err
    assert err.startswith("contextlib-news: ")
    return err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty claims, and labels: each claim in other words, and as many sentences on none."""
    folder = tmp_path_factory.mktemp("commands")
    claims, pairs = [], []
    for animal in ANIMALS:
        for place in PLACES:
            name = f"{animal}-{place}"
            claims.append({"id": name, "text": f"A {animal} was seen in the harbour of {place}."})
            pairs.append({"text": f"In {place} harbour people saw a {animal}.", "claims": [name]})
            pairs.append({"text": f"The {animal} club of {place} met on Monday.", "claims": []})
    for name, rows in (("claims", claims), ("pairs", pairs)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Path:
    path = folder / "claims.idx"
    assert main(["index", "build", str(folder / "claims.jsonl"), "-o", str(path)]) == 0
    return path


# --- index ----------------------------------------------------------------------------------------


def test_build_says_how_many_claims_and_where(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new.idx"
    status, out, err = run(capsys, "index", "build", folder / "claims.jsonl", "-o", path)
    assert (status, out, err) == (0, "", f"30 claims in {path}\n")


def test_info_in_both_forms(capsys: pytest.CaptureFixture[str], index: Path) -> None:
    status, out, err = run(capsys, "index", "info", index, "--format", "json")
    info = json.loads(out)
    assert (status, err) == (0, "")
    assert (info["claims"], info["segments"], info["deleted"]) == (30, 1, 0)
    assert info["file_bytes"] == index.stat().st_size
    assert "verified" not in info
    status, out, err = run(capsys, "index", "info", index)
    assert (status, err) == (0, "")
    assert "claims: 30\n" in out
    assert f"file bytes: {info['file_bytes']}\n" in out


def test_info_reads_the_whole_file_where_asked(
    capsys: pytest.CaptureFixture[str], index: Path, tmp_path: Path
) -> None:
    assert "verified: yes\n" in run(capsys, "index", "info", index, "--verify")[1]
    form = ("--verify", "--format", "json")
    assert json.loads(run(capsys, "index", "info", index, *form)[1])["verified"] is True
    data = bytearray(index.read_bytes())
    data[-50] ^= 255
    damaged = tmp_path / "damaged.idx"
    damaged.write_bytes(data)
    assert str(damaged) in fails(capsys, "index", "info", damaged, "--verify")


@pytest.mark.parametrize("content", [None, b"", b"\x00" * 5_000, b'{"id": "a"}'])
def test_what_is_no_index_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "not.idx"
    if content is not None:
        path.write_bytes(content)
    assert "not.idx" in fails(capsys, "index", "info", path)
    assert "not.idx" in fails(capsys, "search", "a", "--index", path)


def test_a_bad_claim_file_leaves_the_old_index(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": "a"}\n')
    (tmp_path / "old.idx").write_bytes(b"old")
    assert "bad.jsonl" in fails(
        capsys, "index", "build", tmp_path / "bad.jsonl", "-o", tmp_path / "old.idx"
    )
    assert (tmp_path / "old.idx").read_bytes() == b"old"


def test_an_output_in_no_folder_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    path = folder / "no" / "such" / "folder.idx"
    assert "folder" in fails(capsys, "index", "build", folder / "claims.jsonl", "-o", path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("index",),
        ("index", "build", "claims.jsonl"),
        ("index", "info"),
        ("index", "info", "a.idx", "--format", "yaml"),
        ("evaluate",),
        ("evaluate", "pairs.jsonl", "--budget", "few"),
        ("evaluate", "pairs.jsonl", "--claims", "a", "--index", "b"),
        ("search", "a", "--encoder"),
    ],
)
def test_wrong_usage_exits_with_2(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    assert stopped.value.code == 2
    assert "usage: " in capsys.readouterr().err


# --- evaluate -------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["--claims", "--index"])
def test_evaluate_as_text(
    capsys: pytest.CaptureFixture[str], folder: Path, index: Path, source: str
) -> None:
    file = index if source == "--index" else folder / "claims.jsonl"
    status, out, err = run(capsys, "evaluate", folder / "pairs.jsonl", source, file)
    assert (status, err) == (0, "")
    assert out.startswith("30 sentences about a claim, 30 about none\n")
    assert "false notes  threshold   recall  precision" in out
    assert "\nnow:       threshold" in out
    assert "\nsuggested: threshold" in out
    assert out.endswith("for a budget of 5\n")


def test_evaluate_as_json(capsys: pytest.CaptureFixture[str], folder: Path, index: Path) -> None:
    status, out, _ = run(
        capsys, "evaluate", folder / "pairs.jsonl", "--index", index, "--budget", 0,
        "--format", "json",
    )  # fmt: skip
    answer = json.loads(out)
    assert (status, answer["about"], answer["nothing"], answer["unknown"]) == (0, 30, 30, [])
    assert answer["suggested"] in answer["curve"]
    assert answer["suggested"]["false_notes"] == 0
    assert set(answer["current"]) == {"threshold", "recall", "precision", "false_notes"}
    assert "refit" not in answer


def test_labels_the_index_lacks_and_labels_of_one_kind_are_told(
    capsys: pytest.CaptureFixture[str], index: Path, tmp_path: Path
) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("text,claim\nA fox was seen in Ostby harbour.,fox-Ostby\nA yak.,yak\n")
    _, out, _ = run(capsys, "evaluate", pairs, "--index", index)
    assert "1 labelled claims are not in the index: yak" in out
    assert "false notes cannot be told" in out
    assert "suggested" not in out
    _, out, _ = run(capsys, "evaluate", pairs, "--index", index, "--format", "json")
    assert json.loads(out)["suggested"] is None


def test_a_refit_is_saved_and_used_from_then_on(
    capsys: pytest.CaptureFixture[str], folder: Path, index: Path, tmp_path: Path
) -> None:
    fitted = tmp_path / "fitted.idx"
    pairs = folder / "pairs.jsonl"
    ask = ("evaluate", pairs, "--index", index, "--refit", "-o", fitted)
    status, out, _ = run(capsys, *ask, "--format", "json")
    answer = json.loads(out)
    assert status == 0
    assert answer["refit"]["current"]["recall"] >= answer["suggested"]["recall"]
    status, out, _ = run(capsys, "evaluate", pairs, "--index", fitted, "--format", "json")
    again = json.loads(out)
    assert again["current"]["threshold"] == answer["refit"]["current"]["threshold"]
    assert again["current"]["recall"] >= answer["suggested"]["recall"]
    status, out, _ = run(capsys, *ask)
    assert status == 0
    assert "After the refit, on sentences held out:" in out
    assert out.endswith(f"Saved with its index in {fitted}\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--refit",), "go together"),
        (("-o", "x.idx"), "go together"),
        (("--budget", "-1"), "give 0 or more"),
        (("--budget", "nan"), "give 0 or more"),
    ],
)
def test_options_that_do_not_fit_are_one_clear_line(
    capsys: pytest.CaptureFixture[str], folder: Path, options: tuple[str, ...], said: str
) -> None:
    assert said in fails(capsys, "evaluate", folder / "pairs.jsonl", *options)


def test_labels_that_cannot_be_used_are_one_clear_line(
    capsys: pytest.CaptureFixture[str], index: Path, tmp_path: Path
) -> None:
    pairs = tmp_path / "pairs.jsonl"
    assert "pairs.jsonl" in fails(capsys, "evaluate", pairs, "--index", index)
    pairs.write_text("\n{}\n")
    assert "pairs.jsonl: line 2: 'text'" in fails(capsys, "evaluate", pairs, "--index", index)
    pairs.write_text('{"text": "A fox.", "claims": []}\n')
    target = tmp_path / "new.idx"
    line = fails(capsys, "evaluate", pairs, "--index", index, "--refit", "-o", target)
    assert "too few labels" in line
    assert not target.exists()


# --- The encoder ----------------------------------------------------------------------------------


def test_an_encoder_without_weights_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], folder: Path, index: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    claims = folder / "claims.jsonl"
    for command in (
        ("index", "build", claims, "-o", tmp_path / "new.idx"),
        ("search", "a", "--claims", claims),
        ("evaluate", folder / "pairs.jsonl", "--index", index),
    ):
        line = fails(capsys, *command, "--encoder", empty)
        assert "pip install" in line
    assert not (tmp_path / "new.idx").exists()


@needs_encoder
def test_the_encoder_finds_what_shares_no_word(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    claims = tmp_path / "claims.jsonl"
    claims.write_text('{"id": "bleach", "text": "Drinking bleach cures a viral infection."}\n')
    index = tmp_path / "meaning.idx"
    assert run(capsys, "index", "build", claims, "-o", index, "--encoder", "installed")[0] == 0
    sentence = "Disinfectant, when swallowed, heals the flu."
    ask = ("search", sentence, "--index", index, "--format", "json")
    assert json.loads(run(capsys, *ask)[1]) == []
    (found,) = json.loads(run(capsys, *ask, "--encoder", "installed", "--explain")[1])
    assert found["claim_id"] == "bleach"
    assert found["parts"]["meaning_best"] > 0.4


@needs_encoder
def test_an_index_without_vectors_and_an_encoder_do_not_fit(
    capsys: pytest.CaptureFixture[str], index: Path
) -> None:
    line = fails(capsys, "search", "a", "--index", index, "--encoder", "installed")
    assert "no encoder" in line
