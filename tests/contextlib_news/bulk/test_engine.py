"""The command with its engine: whole runs, kills of the command and of its processes."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="needs contextlib-news[bulk]: make bulk-test")
pytest.importorskip("pyarrow", reason="needs contextlib-news[bulk]: make bulk-test")

import pyarrow.dataset
import pyarrow.parquet as pq

from contextlib_news.bulk.run import MANIFEST
from tests.contextlib_news.bulk.made import TODAY, archive, index_in, json_lines, page

pytestmark = pytest.mark.slow

# Far more than a busy machine needs; a hang ends the test all the same.
PATIENCE = 600


def command(inputs: list[Path], folder: Path, *more: str) -> list[str]:
    paths = [str(path) for path in inputs]
    settings = ["-o", str(folder), "--today", TODAY, "--processes", "2", "--part-pages", "4"]
    return [sys.executable, "-m", "contextlib_news", "bulk", *paths, *settings, *more]


def run(inputs: list[Path], folder: Path, *more: str) -> str:
    """Run the command to its end and return what it says."""
    done = subprocess.run(
        command(inputs, folder, *more), capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def parts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("part-*.parquet"))}


def processes_of(leader: int) -> list[int]:
    """Return the processes of a session that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    """Pages in each of the formats, some of them none."""
    made = [page(number) for number in range(9)]
    pq.write_table(pyarrow.Table.from_pylist(made), tmp_path / "a.parquet")
    (tmp_path / "a.warc").write_bytes(b"".join(archive(7)))
    lines = json_lines(tmp_path / "a.jsonl", 11)
    lines.write_text(lines.read_text("utf-8") + "no page\n", "utf-8")
    return [lines, tmp_path / "a.parquet", tmp_path / "a.warc"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_at_random_it_goes_on_to_the_same_end(tmp_path: Path, inputs: list[Path]) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "killed"
    index = ["--index", str(index_in(tmp_path))]
    said = run(inputs, whole, *index)
    assert "28 pages in 8 parts" in said
    assert "pages with an error: 1" in said
    wanted = parts(whole)
    chance = random.Random(20260215)
    for _ in range(4):
        running = subprocess.Popen(
            command(inputs, folder, "--quiet", *index),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Killed at some moment after the next thing has happened in the folder.
        before = {path.name for path in folder.iterdir()} if folder.exists() else set()
        until = time.monotonic() + PATIENCE
        while running.poll() is None and time.monotonic() < until:
            now = {path.name for path in folder.iterdir()} if folder.exists() else set()
            if now - before:
                break
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 2))
        running.send_signal(signal.SIGKILL)
        running.wait()
        # Its processes end with it, so that nothing is left behind on the machine.
        while left := processes_of(running.pid):
            assert time.monotonic() < until, left
            time.sleep(0.2)
        assert set(parts(folder).items()) <= set(wanted.items())
    run(inputs, folder, *index)
    assert parts(folder) == wanted
    assert (folder / MANIFEST).exists()
    assert not list(folder.glob(".*"))
    found = pyarrow.dataset.dataset(folder).to_table(["input", "place"]).to_pylist()
    assert len({(row["input"], row["place"]) for row in found}) == len(found) == 28


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    inputs = [json_lines(tmp_path / "a.jsonl", 60)]
    folder = tmp_path / "out"
    running = subprocess.Popen(
        command(inputs, folder), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + PATIENCE
    killed = 0
    while running.poll() is None and killed < 2 and time.monotonic() < until:
        if len(parts(folder)) > 2 * killed:
            for process in processes_of(running.pid):
                try:
                    name = Path(f"/proc/{process}/cmdline").read_bytes()
                except OSError:
                    continue
                if b"ray::MapWorker" in name:
                    os.kill(process, signal.SIGKILL)
                    killed += 1
                    break
        time.sleep(0.05)
    _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, said
    assert killed
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    assert manifest["pages"] == 60
    assert sum(part["errors"] for part in manifest["parts"]) == 0
    rows = pyarrow.dataset.dataset(folder).to_table(["id"]).to_pylist()
    assert sorted(row["id"] for row in rows) == sorted(f"page-{n}" for n in range(60))


def test_what_fails_inside_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pyarrow.table({"content": ["a"]}), path)
    done = subprocess.run(
        command([path], tmp_path / "out"), capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("contextlib-news: ")
    assert "--map COLUMN=html" in last
    assert "Traceback" not in done.stderr


def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = json_lines(tmp_path / "a.jsonl", 2)
    done = subprocess.run(
        command([path], tmp_path / "out", "--cluster", "127.0.0.1:1"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("contextlib-news: no Ray at 127.0.0.1:1")
