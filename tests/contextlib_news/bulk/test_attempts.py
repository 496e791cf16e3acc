"""A page at which processes die is left out the third time, within one run."""

from __future__ import annotations

from pathlib import Path

import pytest

from contextlib_news.bulk.attempts import Attempts


def died_at(path: Path, page: int, attempt: str = "a") -> None:
    """Begin pages up to one and go away without a word, as a killed process does."""
    attempts = Attempts(path, attempt)
    for number in range(page + 1):
        attempts.begin(number)


def test_a_page_that_kills_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "at"
    died_at(path, 2)
    died_at(path, 2)
    attempts = Attempts(path, "a")
    assert [attempts.begin(page) for page in range(4)] == [True, True, False, True]
    attempts.end()
    assert not path.exists()


def test_several_pages_may_kill(tmp_path: Path) -> None:
    path = tmp_path / "at"
    for page in (1, 1, 3, 3, 0):
        died_at(path, page)
    attempts = Attempts(path, "a")
    assert [attempts.begin(page) for page in range(5)] == [True, False, True, False, True]


def test_another_run_of_the_command_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "at"
    died_at(path, 2)
    died_at(path, 2)
    died_at(path, 2, "b")
    assert all(map(Attempts(path, "b").begin, range(4)))


@pytest.mark.parametrize("left", [b"", b"{", b"[]", b'{"attempt": "a"}', b"\0" * 50, b"\xff"])
def test_what_cannot_be_read_counts_as_nothing(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "at"
    path.write_bytes(left)
    assert Attempts(path, "a").begin(0)
