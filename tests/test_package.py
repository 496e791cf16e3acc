"""What gets installed: one distribution, two packages, no top-level ``server`` or ``tests``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout so that nothing is left behind in it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "node_modules", "dist", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(root, source, ignore=ignored)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "build",
            "--no-isolation",
            "--wheel",
            "-o",
            str(folder),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_two_packages_and_their_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"contextlib_news", "contextlib_news_server"}
    for needed in (
        "contextlib_news/py.typed",
        "contextlib_news/data/starter_claims.jsonl",
        "contextlib_news/data/starter_outlets.json",
        "contextlib_news_server/overlay/content/main.js",
        "contextlib_news_server/overlay/_locales/en/messages.json",
    ):
        assert needed in names, needed


def test_the_wheel_annotates_from_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    page = tmp_path / "page.txt"
    page.write_text("Islamic State fighters attacked the al-Sina'a prison in al-Hasakah.")
    program = (
        "import contextlib_news, sys; from contextlib_news.cli import main;"
        f"assert contextlib_news.__file__.startswith({str(unpacked)!r});"
        f"sys.exit(main(['annotate', {str(page)!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "Claims" in done.stdout
