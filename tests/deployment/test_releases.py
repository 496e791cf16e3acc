"""From one release to the next and back, by the steps of docs/deployment.md, with real services.

``--from-release REF`` names the older one: a tag or a commit. Without it the last tag is taken, and
before the first tag a commit with older tables. Each release is a wheel, installed in the place of
the other in an environment of its own.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.machines import Json, Postgresql, Process, ask, claims_told, until
from tests.ports import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs gunicorn and its signals"),
]

# Before the first tag: a commit before rules for fine print had a table; its tables are 0010.
OLDER = "06a6c8a599369a82e951e15190bf84ec34d61fe2"
HOST = "127.0.0.1"
PASSWORD = "correct horse battery staple"
OURS = [
    {"id": f"bridge-{number}", "text": f"The bridge of Harlow {number} was closed in {year}."}
    for number, year in ((17, 1931), (23, 1948), (51, 1977))
]
# The starter claim that the first sentence of the page makes.
STARTER = "starter-02"
# What readers ask before and after: the starter claims and ours.
PAGE = "\n\n".join(
    (
        "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022.",
        *(claim["text"] for claim in OURS),
    )
)


@pytest.fixture(scope="module")
def older(root: Path, request: pytest.FixtureRequest, tmp_path_factory: Any) -> Path:
    """The wheel of the older release."""
    ref = request.config.getoption("--from-release")
    if not ref:
        tag = ["git", "-C", root, "describe", "--tags", "--abbrev=0"]
        ref = subprocess.run(tag, capture_output=True, text=True).stdout.strip() or OLDER
    archive = subprocess.run(["git", "-C", root, "archive", ref], capture_output=True)
    if archive.returncode:
        pytest.skip(f"{ref} is not in this checkout: {archive.stderr.decode().strip()}")
    source = tmp_path_factory.mktemp("older")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(source, filter="data")
    return build(source)


@pytest.fixture(scope="module")
def next_release(root: Path, tmp_path_factory: Any) -> Path:
    """The wheel of the working tree as a release that calls itself otherwise."""
    source = tmp_path_factory.mktemp("next") / "source"
    left = (".git", ".venv", "node_modules", "dist", "build", "__pycache__", ".*_cache")
    shutil.copytree(root, source, ignore=shutil.ignore_patterns(*left))
    (source / "contextlib_news" / "version.py").write_text('"""v"""\n\n__version__ = "99.0"\n')
    return build(source)


def build(source: Path) -> Path:
    """Return the wheel of a tree."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "-o"]
    subprocess.run(
        [*command, source / "dist", source], check=True, capture_output=True, timeout=600
    )
    (wheel,) = (source / "dist").glob("*.whl")
    return wheel


@dataclass
class Installation:
    """An environment of its own with one release in it, a database, and gunicorn."""

    folder: Path
    database: str
    port: int
    server: Process | None = None

    def __post_init__(self) -> None:
        subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        (site,) = self.folder.glob("venv/lib/python*/site-packages")
        # What a release depends on comes from the environment of the tests.
        (site / "others.pth").write_text(str(Path(pytest.__file__).parent.parent))
        # Results are the same without compiled loops, and nothing waits for them in each place.
        (site / "numba.py").write_text("raise ImportError('left out')\n")

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings, and nothing that leads to this checkout."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "CONTEXTLIB"))}
        return kept | {
            "CONTEXTLIB_NEWS_DATABASE": self.database,
            "CONTEXTLIB_NEWS_DATA_FOLDER": str(self.folder / "data"),
            "CONTEXTLIB_NEWS_PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            # However busy the machine is.
            "CONTEXTLIB_NEWS_MAX_SECONDS": "300",
            "PYTHONWARNINGS": "ignore",
        }

    def install(self, wheel: Path) -> None:
        """Put a release in the place of the one that is there."""
        pip = [self.folder / "venv/bin/python", "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--no-index", "--force-reinstall", wheel], check=True)

    def command(self, *words: str, typed: str = "") -> str:
        """Run a command of the installed release; return what it printed."""
        done = subprocess.run(
            [self.folder / "venv/bin/contextlib-news", *words],
            cwd=self.folder,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> None:
        """Start gunicorn, as the unit does, and wait until it is ready.

        A release without settings for gunicorn is started as a laptop starts it.
        """
        # Not from where the tests run, a checkout with modules of the same names: gunicorn looks
        # for modules where it is started.
        command = ["env", "-C", str(self.folder), str(self.folder / "venv/bin/python"), "-P"]
        command += ["-m", "gunicorn", "-c", "python:contextlib_news_server.gunicorn_settings"]
        if not list(self.folder.glob("venv/lib/*/site-packages/*/gunicorn_settings.py")):
            command = [str(self.folder / "venv/bin/contextlib-news"), "serve"]
        self.server = Process(command, self.folder / "log", self.environment)
        self.server.start()
        until(self.ready, "the service")

    def stop(self) -> None:
        """Stop it as the unit does."""
        assert self.server is not None
        os.kill(self.server.pid, signal.SIGTERM)
        until(lambda: self.server is None or not self.server.running, "the end of the service")

    def ready(self) -> bool:
        """Say whether it answers that it is ready."""
        try:
            return ask(HOST, self.port, "GET", "/readyz")[0] == 200
        except OSError:
            return False

    def post(self, path: str, body: Json) -> Json:
        """Return the answer to a question."""
        status, said, _ = ask(HOST, self.port, "POST", path, body, seconds=300.0)
        assert status in (200, 201), said
        return said


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation without a release yet, over either database."""
    server = None
    address = f"sqlite:///{tmp_path / 'claims.db'}"
    if request.param == "postgresql":
        server = Postgresql()
        address = server.address
    installed = Installation(tmp_path, address, free_port())
    yield installed
    if installed.server is not None:
        installed.server.kill()
    if server is not None:
        server.remove()


def fill(release: Installation) -> int:
    """Work with a release as people do; return the number of the flag that a reader sent."""
    lines = "".join(json.dumps(claim) + "\n" for claim in OURS)
    (release.folder / "ours.jsonl").write_text(lines)
    release.command("import", "claims", "ours.jsonl", "--source", "our desk")
    release.command("user", "add", "ann", "--role", "administrator", typed=PASSWORD + "\n")
    release.command("token", "add", "a reader", "--scope", "annotate")
    flag = release.post("/api/v1/flags", {"claim_id": "bridge-17", "reason": "It was 1932."})
    return int(flag["id"])


def held(backup: Path) -> dict[str, list[Json]]:
    """Return the rows of each table of a backup."""
    tables = {}
    with zipfile.ZipFile(backup) as archive:
        for name in archive.namelist():
            if name.startswith("tables/"):
                columns, *rows = map(json.loads, archive.read(name).splitlines())
                tables[Path(name).stem] = [dict(zip(columns, row, strict=True)) for row in rows]
    return tables


def exported(release: Installation) -> dict[str, Json]:
    """Return the published claims by their ids."""
    lines = release.command("export", "claims", "--format", "jsonl").splitlines()
    return {claim["id"]: claim for claim in map(json.loads, lines)}


def told(release: Installation) -> set[str]:
    """Return the claims that the page of the test is told of."""
    until(
        lambda: (
            {c["id"] for c in OURS} <= claims_told(release.post("/api/v1/annotate", {"text": PAGE}))
        ),
        "notes on our claims",
    )
    return claims_told(release.post("/api/v1/annotate", {"text": PAGE}))


def assert_kept(before: dict[str, list[Json]], after: dict[str, list[Json]]) -> None:
    """Every row of what people made is there with all that it said; columns may have come."""
    for table in ("users", "tokens", "flags", "sources", "revisions", "claims", "outlets"):
        assert before[table], table
        for row in before[table]:
            # Made from the others, by each release in its way; and when a token was used last.
            said = {n: v for n, v in row.items() if n not in ("words", "used", "last_used")}
            assert any(said.items() <= other.items() for other in after[table]), (table, row)


def test_from_an_older_release_and_back(
    installation: Installation, older: Path, wheel: Path
) -> None:
    installation.install(older)
    installation.start()
    fill(installation)
    notes, claims = told(installation), exported(installation)

    # There: a backup, the new release, a restart.
    installation.command("db", "backup", "before.backup")
    before = held(installation.folder / "before.backup")
    installation.install(wheel)
    installation.stop()
    installation.command("db", "upgrade")
    installation.start()
    # What the page says word for word is told by every release; of what it says in other words
    # each judges by its own model.
    assert {STARTER, *(claim["id"] for claim in OURS)} <= told(installation) & notes
    after = exported(installation)
    assert {name: after[name] for name in claims} == claims
    installation.command("db", "backup", "after.backup")
    assert_kept(before, held(installation.folder / "after.backup"))
    later = installation.post("/api/v1/flags", {"claim_id": "bridge-17", "reason": "Later."})["id"]

    # And back: the tables by the newer release, then the older one.
    installation.stop()
    installation.command("db", "downgrade", "before.backup")
    installation.install(older)
    installation.start()
    assert told(installation) == notes
    assert exported(installation) == claims
    installation.command("db", "backup", "back.backup")
    back = held(installation.folder / "back.backup")
    assert_kept(before, back)
    assert later in {flag["number"] for flag in back["flags"]}

    # Or, where the records themselves have to be as before: the backup, in a database of its own.
    installation.stop()
    installation.database = f"sqlite:///{installation.folder / 'as-before.db'}"
    installation.command("db", "restore", "before.backup")
    installation.start()
    assert told(installation) == notes
    installation.command("db", "backup", "restored.backup")
    restored = held(installation.folder / "restored.backup")
    assert {name: restored[name] for name in ("users", "flags", "revisions", "claims")} == {
        name: before[name] for name in ("users", "flags", "revisions", "claims")
    }


def test_a_reload_brings_the_new_release_whole(
    installation: Installation, wheel: Path, next_release: Path
) -> None:
    installation.install(wheel)
    installation.start()
    fill(installation)
    notes = told(installation)
    installation.install(next_release)
    assert installation.server is not None
    os.kill(installation.server.pid, signal.SIGHUP)
    statuses = set()

    def renewed() -> bool:
        status, said, _ = ask(HOST, installation.port, "GET", "/openapi.json")
        statuses.add(status)
        return bool(said["info"]["version"] == "99.0")

    until(renewed, "the new release")
    # No request failed meanwhile, and no old process answers once all have been replaced.
    assert statuses == {200}
    until(lambda: all(renewed() for _ in range(20)), "the end of the old processes")
    assert told(installation) == notes
