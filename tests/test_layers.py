"""Arrows point one way: the library knows no web, the store no Flask, the server the library."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

FORBIDDEN_IN_LIBRARY = {
    "flask", "werkzeug", "sqlalchemy", "alembic", "waitress", "socket", "http", "urllib.request",
    "requests", "contextlib_news_server",
}  # fmt: skip
WITHOUT_FLASK = ("store", "config.py", "matcher.py", "schemas.py", "presenters.py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def names(path: Path) -> set[str]:
    return {part for name in imports(path) for part in (name, name.split(".")[0])}


def test_the_library_is_pure(root: Path) -> None:
    for path in (root / "contextlib_news").rglob("*.py"):
        assert not names(path) & FORBIDDEN_IN_LIBRARY, path


def test_only_the_command_line_reads_the_environment(root: Path) -> None:
    for path in (root / "contextlib_news").rglob("*.py"):
        if path.name != "cli.py":
            assert "environ" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("part", WITHOUT_FLASK)
def test_the_store_knows_no_flask(root: Path, part: str) -> None:
    place = root / "server" / "contextlib_news_server" / part
    for path in place.rglob("*.py") if place.is_dir() else [place]:
        assert not names(path) & {"flask", "werkzeug", "flask_cors"}, path


def test_no_module_is_longer_than_it_should_be(root: Path) -> None:
    for folder in ("contextlib_news", "server", "extension"):
        for path in (root / folder).rglob("*"):
            if path.suffix in (".py", ".js"):
                assert len(path.read_text(encoding="utf-8").splitlines()) <= 420, path


def test_scripts_never_write_markup(root: Path) -> None:
    for folder in ("extension", "server"):
        for path in (root / folder).rglob("*.js"):
            text = path.read_text(encoding="utf-8")
            for banned in (
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ):
                assert banned not in text, f"{path}: {banned}"
