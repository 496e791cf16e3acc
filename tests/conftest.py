"""Fixtures that every part of the suite shares."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import settings

# Nothing is timed here: machines differ, and the first call of a library may take long.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent
STARTED = time.monotonic()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--minutes",
        type=float,
        default=0,
        help="skip the tests that have not started after this many minutes (0: no limit)",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    minutes = item.config.getoption("--minutes")
    if minutes and time.monotonic() - STARTED > minutes * 60:
        pytest.skip(f"not started within the {minutes:g} minutes given to this run")


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
