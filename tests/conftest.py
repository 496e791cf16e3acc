"""Fixtures that every part of the suite shares."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout; the test is skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "data" / "article.txt").is_file():
        pytest.skip("the reference data is not here: it lies in ../shared beside the checkout")
    return folder


@pytest.fixture(scope="session")
def article(shared: Path) -> str:
    """The text of the reference article."""
    return (shared / "data" / "article.txt").read_text(encoding="utf-8")
