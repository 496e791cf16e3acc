"""What gets installed: one distribution, two packages, no top-level ``server`` or ``tests``."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from contextlib_news_server.shipped import DEPLOYMENT


def test_the_wheel_holds_two_packages_and_their_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"contextlib_news", "contextlib_news_server"}
    for needed in (
        "contextlib_news/py.typed",
        "contextlib_news/data/starter_claims.jsonl",
        "contextlib_news/data/starter_outlets.json",
        "contextlib_news_server/shipped/extension/manifest.json",
        "contextlib_news_server/shipped/extension/content/main.js",
        *(f"contextlib_news_server/shipped/deployment/{name}" for name in DEPLOYMENT),
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
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert "Claims" in done.stdout
