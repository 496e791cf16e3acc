"""Arrows point one way: the library knows nothing of the service, its core nothing of Flask."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FOREIGN = {
    *("flask", "flask_cors", "sqlalchemy", "alembic", "waitress", "werkzeug", "jinja2"),
    *("socket", "ssl", "http", "urllib.request", "asyncio", "requests", "httpx"),
    *("sqlite3", "psycopg", "contextlib_news_server"),
}
# The client asks a service, which is its whole purpose; nothing else of the library imports it.
CLIENT = "client.py"
CLIENT_MAY = {"urllib.request", "http", "http.client"}
WEB = {"flask", "flask_cors", "werkzeug", "waitress", "jinja2"}
# These parts of the service could serve another framework as they are.
WITHOUT_WEB = ("answers", "config", "limits", "matcher", "metrics", "presenters", "schemas")


def imported(path: Path) -> set[str]:
    """Return the dotted names that a module imports, each with its parents."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names | {name.split(".", 1)[0] for name in names}


def test_the_library_imports_no_service(root: Path) -> None:
    modules = list((root / "contextlib_news").rglob("*.py"))
    assert len(modules) > 20
    wrong = {
        str(path.relative_to(root)): sorted(found)
        for path in modules
        if (found := imported(path) & (FOREIGN - CLIENT_MAY if path.name == CLIENT else FOREIGN))
    }
    assert not wrong
    others = [path for path in modules if path.name != CLIENT]
    assert not [path for path in others if "contextlib_news.client" in imported(path)]


def test_the_library_reads_no_environment(root: Path) -> None:
    readers = [
        path.name
        for path in (root / "contextlib_news").rglob("*.py")
        if path.name != "cli.py"
        and {"os.environ", "os.getenv", "platformdirs"}
        & {ast.unparse(n) for n in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_name(n)}
    ]
    assert not readers


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, (ast.Attribute, ast.Name))


def test_the_core_of_the_service_imports_no_web(root: Path) -> None:
    package = root / "server" / "contextlib_news_server"
    modules = [package / f"{name}.py" for name in WITHOUT_WEB]
    modules += (package / "store").rglob("*.py")
    wrong = {path.name: found for path in modules if (found := imported(path) & WEB)}
    assert not wrong


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("contextlib_news", ("flask", "sqlalchemy", "socketserver")),
        ("contextlib_news_server", ("flask", "sqlalchemy", "alembic", "waitress")),
        ("contextlib_news_server.commands", ("flask", "sqlalchemy", "alembic", "waitress")),
    ],
)
def test_importing_does_no_work(module: str, unwanted: tuple[str, ...]) -> None:
    program = f"import sys, {module}; print([n for n in {unwanted!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_no_module_is_too_long(root: Path) -> None:
    long = {
        path.name: lines
        for folder in ("contextlib_news", "server")
        for path in (root / folder).rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
