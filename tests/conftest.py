"""Fixtures that every part of the suite shares."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

# Nothing is timed here: machines differ, and the first call of a library may take long.
TIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
# The same examples each time, so that a run tells of the change and not of its luck; new ones are
# tried by ``make search``.
settings.register_profile("suite", derandomize=True, **TIMED)
settings.register_profile("search", max_examples=500, print_blob=True, **TIMED)
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent
STARTED = time.monotonic()

# Folders and files of long tests, the longest first.
LONG = ("browser", "test_snippets.py", "test_wsgi.py", "test_package.py", "test_round_trip.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--minutes",
        type=float,
        default=0,
        help="skip the tests that have not started after this many minutes (0: no limit)",
    )
    parser.addoption(
        "--soak-seconds",
        type=float,
        default=20,
        help="how long tests of many at once go on (the reported runs: 300)",
    )
    parser.addoption(
        "--from-release",
        default="",
        help="the tag or commit that tests of upgrades begin with (else the last tag)",
    )
    parser.addoption(
        "--new-examples",
        action="store_true",
        help="try generated tests with new examples, not with the same ones each time",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--new-examples"):
        settings.load_profile("search")
    else:
        # Hypothesis also tries the constants of the modules that happen to be loaded: which these
        # are depends on the tests that went before.
        providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where a run is cut, begin with what no other run tries: faults, upgrades, quality.

    Else with the files whose tests take long, so that no process is left with one of them while
    the others have nothing to do any more (``--no-loadscope-reorder``, or xdist sorts by numbers).
    """
    first = ("faults", "deployment", "quality") if config.getoption("--minutes") else LONG
    items.sort(
        key=lambda item: next(
            (at for at, name in enumerate(first) if name in item.path.parts), len(first)
        )
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    minutes = item.config.getoption("--minutes")
    if minutes and time.monotonic() - STARTED > minutes * 60:
        pytest.skip(f"not started within the {minutes:g} minutes given to this run")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the browser tests that passed only when they were run once more."""
    again = {report.nodeid for report in terminalreporter.stats.get("rerun", ())}
    if again:
        terminalreporter.section("run once more")
        for name in sorted(again):
            terminalreporter.line(name)


@pytest.fixture(scope="session")
def soak_seconds(request: pytest.FixtureRequest) -> float:
    """How long a test of many at once goes on."""
    return float(request.config.getoption("--soak-seconds"))


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


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout so that nothing is left behind in it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "node_modules", "dist", "__pycache__", ".*_cache", ".hypothesis", "build"
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
        timeout=600,
    )
    (built,) = folder.glob("*.whl")
    return built
