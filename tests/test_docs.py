"""The docs keep up with the code: links lead somewhere, commands and permissions are described."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest

from contextlib_news.cli import build_parser
from contextlib_news.formats.outlet_forms import FORMS

LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def documents(root: Path) -> list[Path]:
    return [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("requirements/*.md")]


def test_relative_links_lead_somewhere(root: Path) -> None:
    lost = [
        f"{path.relative_to(root)}: {target}"
        for path in documents(root)
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target
        and not target.startswith("mailto:")
        and not (path.parent / target).exists()
    ]
    assert not lost


def test_every_file_of_data_and_every_list_has_its_origin_told(root: Path) -> None:
    told = (root / "docs" / "data.md").read_text(encoding="utf-8")
    files = [path.name for path in (root / "contextlib_news" / "data").iterdir()]
    lost = [name for name in files if name.endswith((".json", ".jsonl", ".txt"))]
    assert len(lost) > 15
    assert not [name for name in lost if f"`{name}`" not in told and f"/{name}`" not in told]
    assert "`wording/*.json`" in told
    for form in FORMS.values():
        (row,) = (line for line in told.splitlines() if line.startswith(f"| `{form.name}` |"))
        assert form.date in row


def test_every_page_has_its_place_on_the_site(root: Path) -> None:
    pages = {path.relative_to(root / "docs").as_posix() for path in root.glob("docs/**/*.md")}
    menu = (root / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]
    named = set(re.findall(r"([\w./-]+\.md)$", menu, re.MULTILINE))
    made = {"api-routes.md", "changelog.md", "contributing.md", "licence.md", "security.md"}
    assert named == pages | made


def test_the_readme_example_runs(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = FENCE.findall((root / "README.md").read_text(encoding="utf-8"))
    exec(compile(example, "README.md", "exec"), {})
    assert "claim" in capsys.readouterr().out


def test_the_library_guide_runs(root: Path) -> None:
    first, *_, last = FENCE.findall((root / "docs" / "library.md").read_text(encoding="utf-8"))
    for example in (first, last):
        exec(compile(example, "library.md", "exec"), {})


def _commands(parser: argparse.ArgumentParser) -> list[str]:
    found = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                nested = _commands(inner)
                found += [f"{name} {rest}" for rest in nested] or [name]
    return found


def test_every_command_is_described(root: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in documents(root))
    missing = [name for name in _commands(build_parser()) if f"contextlib-news {name}" not in text]
    assert not missing


def test_every_permission_is_explained(root: Path) -> None:
    manifest = json.loads((root / "extension" / "manifest.json").read_text(encoding="utf-8"))
    text = (root / "docs" / "extension.md").read_text(encoding="utf-8")
    asked = [*manifest["permissions"], *manifest.get("host_permissions", [])]
    asked += manifest.get("optional_host_permissions", [])
    assert not [permission for permission in asked if f"`{permission}`" not in text]


def test_every_dependency_has_its_reason(root: Path) -> None:
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        asked += extra
    for path in (root / "requirements").glob("*.in"):
        lines = path.read_text(encoding="utf-8").splitlines()
        asked += [line for line in lines if not line.startswith("#")]
    text = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=\[]", requirement)[0] for requirement in asked]
    assert not [name for name in names if name not in text]


def test_nothing_names_a_registry_or_a_machine(root: Path) -> None:
    lock = "".join(path.read_text() for path in (root / "requirements").glob("*.txt"))
    assert "://" not in lock
    assert "--hash=sha256:" in lock
