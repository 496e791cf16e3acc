"""Tokens by the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from contextlib_news.cli import main


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'claims.db'}"


def run(*words: str, database: str) -> int:
    return main([*words, "--database", database])


def test_a_token_is_made_listed_and_revoked(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("token", "add", "news\tdesk", "--days", "30", "--quota", "9", database=database) == 0
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("cnews_")
    assert run("token", "list", database=database) == 0
    line = capsys.readouterr().out
    assert line.startswith("1\tnews desk\tannotate,flag,read\tquota 9\tuntil ")
    assert secret not in line
    assert run("token", "revoke", "1", database=database) == 0
    run("token", "list", database=database)
    assert "revoked" in capsys.readouterr().out
    assert run("token", "revoke", "1", database=database) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("", "--scope", "read"),
        ("x" * 201,),
        ("name", "--scope", "everything"),
        ("name", "--days", "0"),
        ("name", "--quota", "-1"),
    ],
)
def test_tokens_that_are_none(
    database: str, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert run("token", "add", *words, database=database) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.strip().splitlines()) == 1
