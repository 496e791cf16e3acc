import json
import subprocess
import sys
from pathlib import Path

import pytest

from contextlib_news.cli import main

SENTENCE = "The bridge at Elm Street opened in 1931."


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    rows = [
        {"id": "bridge", "text": SENTENCE},
        {"id": "mill", "text": "The old mill burned down in 1902."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(f"{SENTENCE} It stands to this day.\n", encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_annotate_as_json(capsys: pytest.CaptureFixture[str], claims: Path, page: Path) -> None:
    status, out, _ = run(capsys, "annotate", page, "--claims", claims, "--format", "json")
    assert status == 0
    notes = json.loads(out)["notes"]
    assert [n["claim"]["id"] for n in notes if n["kind"] == "claim"] == ["bridge"]


@pytest.mark.parametrize("form", ["text", "html", "webannotation"])
def test_annotate_in_other_forms(
    capsys: pytest.CaptureFixture[str], claims: Path, page: Path, form: str
) -> None:
    status, out, _ = run(capsys, "annotate", page, "--claims", claims, "--format", form)
    assert status == 0
    assert SENTENCE in out


def test_the_starter_claims_are_the_default(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<p>Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."
    )
    status, out, _ = run(capsys, "annotate", path, "--format", "json")
    assert status == 0
    assert any(note["kind"] == "claim" for note in json.loads(out)["notes"])


def test_index_build_info_and_search(
    capsys: pytest.CaptureFixture[str], claims: Path, tmp_path: Path
) -> None:
    index = tmp_path / "claims.idx"
    assert run(capsys, "index", "build", claims, "-o", index)[0] == 0
    status, out, _ = run(capsys, "index", "info", index, "--format", "json")
    assert status == 0
    assert 2 in json.loads(out).values()
    status, out, _ = run(capsys, "search", SENTENCE, "--index", index, "--explain")
    assert status == 0
    assert "bridge" in out.splitlines()[0]
    status, out, _ = run(
        capsys, "search", SENTENCE, "--index", index, "--explain", "--format", "json"
    )
    assert json.loads(out)[0]["claim_id"] == "bridge"


def test_a_sentence_in_another_language(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    claims = tmp_path / "claims.jsonl"
    claim = {"id": "puente", "text": "Los puentes fueron inaugurados.", "language": "es"}
    claims.write_text(json.dumps(claim), "utf-8")
    asked = (
        "search",
        "Inauguraron el puente.",
        "--claims",
        claims,
        "--explain",
        "--format",
        "json",
    )
    (found,) = json.loads(run(capsys, *asked)[1])
    assert found["parts"]["window_terms"] == pytest.approx(0.1)
    (found,) = json.loads(run(capsys, *asked, "--language", "es")[1])
    assert found["parts"]["window_terms"] == pytest.approx(0.2)


@pytest.mark.parametrize(
    "arguments",
    [
        ("annotate", "no-such-file.txt"),
        ("index", "info", "no-such-file.idx"),
        ("search", "a", "--claims", "no-such-file.jsonl"),
    ],
)
def test_failures_are_one_clear_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    status, out, err = run(capsys, *arguments)
    assert status == 1
    assert out == ""
    assert len(err.splitlines()) == 1
    assert "no-such-file" in err


def test_a_foreign_index_file_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "not.idx"
    path.write_bytes(b"PNG and more" * 100)
    status, _, err = run(capsys, "search", "a", "--index", path)
    assert status == 1
    assert len(err.splitlines()) == 1


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["annotate"])
    assert stopped.value.code == 2


def test_standard_input_and_the_module(claims: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "contextlib_news", "annotate", "-", "--claims", str(claims)],
        input=SENTENCE + "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "corroborated" not in done.stderr
    assert SENTENCE in done.stdout
