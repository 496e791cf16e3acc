"""The command without its engine: what it says before anything begins."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from contextlib_news.bulk.inputs import identity_of, input_files
from contextlib_news.cli import main
from contextlib_news.errors import CommandError


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--part-pages", "0"], "1 or more"),
        (["--page-seconds", "-1"], "1 or more"),
        (["--processes", "0"], "1 or more"),
        (["--today", "yesterday"], "a day such as"),
    ],
)
def test_wrong_options_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, options: list[str], said: str
) -> None:
    assert main(["bulk", "a.jsonl", "-o", str(tmp_path / "out"), *options]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_missing_engine_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "contextlib_news.bulk.engine", None)
    monkeypatch.delattr("contextlib_news.bulk.engine", raising=False)
    assert main(["bulk", "a.jsonl", "-o", str(tmp_path / "out")]) == 1
    assert "install contextlib-news[bulk]" in capsys.readouterr().err


def test_files_and_folders(tmp_path: Path) -> None:
    for name in ("b/2.warc.gz", "b/1.JSONL", "b/_plan.json", "b/.x.parquet", "b/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    found = input_files([str(tmp_path / "b")])
    assert [path.name for path in found] == ["1.JSONL", "2.warc.gz"]
    for wrong in (["none.jsonl"], [str(tmp_path / "b/notes.txt")], [str(found[0])] * 2):
        with pytest.raises(CommandError):
            input_files(wrong)
    (tmp_path / "c").mkdir()
    with pytest.raises(CommandError):
        input_files([str(tmp_path / "c")])


def test_a_file_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"a" * 1_000_000)
    before = identity_of(path)
    assert identity_of(path) == before
    path.write_bytes(b"a" * 999_999 + b"b")
    assert identity_of(path) != before
    path.write_bytes(b"")
    assert identity_of(path).startswith("0-")
