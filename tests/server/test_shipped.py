"""What ships beside the service can be written out, as it is."""

from __future__ import annotations

import filecmp
import os
from pathlib import Path

import pytest

from contextlib_news.cli import main


def test_the_extension_is_unpacked_whole(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "here" / "extension"
    assert main(["unpack", "extension", str(target)]) == 0
    assert str(target) in capsys.readouterr().out
    source = root / "extension"
    names = {path.relative_to(source) for path in source.rglob("*") if path.is_file()}
    assert {p.relative_to(target) for p in target.rglob("*") if p.is_file()} == names
    assert all(filecmp.cmp(source / name, target / name, shallow=False) for name in names)


def test_a_newer_release_replaces_its_own_files_alone(root: Path, tmp_path: Path) -> None:
    (tmp_path / "backup.sh").write_text("old")
    (tmp_path / "mine").write_text("mine")
    assert main(["unpack", "deployment", str(tmp_path)]) == 0
    assert filecmp.cmp(root / "server" / "backup.sh", tmp_path / "backup.sh", shallow=False)
    assert os.access(tmp_path / "backup.sh", os.X_OK)
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["unpack", "extension", str(tmp_path / "file")]) == 1
    assert "cannot write" in capsys.readouterr().err
