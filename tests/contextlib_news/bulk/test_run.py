"""Runs that begin, stop, go on, and what they refuse."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="needs contextlib-news[bulk]: make bulk-test")

import pyarrow.dataset
import pyarrow.parquet as pq

from contextlib_news import ClaimIndex, Page, annotate, load_outlets
from contextlib_news.bulk import work
from contextlib_news.bulk.parts import part_path, write_part
from contextlib_news.bulk.plan import PLAN, Job, load_plan
from contextlib_news.bulk.rows import SCHEMA, row_to_answer
from contextlib_news.bulk.run import MANIFEST, Outcome, run_job
from contextlib_news.errors import CommandError
from contextlib_news.formats.answer import annotation_to_dict
from tests.contextlib_news.bulk.made import (
    TODAY,
    archive,
    index_in,
    job_for,
    json_lines,
    page,
    record,
    serial,
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_in(tmp_path_factory.mktemp("index"))


@pytest.fixture
def job(tmp_path: Path, index: Path) -> Job:
    return job_for([json_lines(tmp_path / "a.jsonl", 8)], index)


def run(job: Job, folder: Path) -> Outcome:
    return run_job(job, folder, serial, shown=False)


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return the rows as any reader of data sets finds them."""
    found: list[dict[str, Any]] = pyarrow.dataset.dataset(folder).to_table().to_pylist()
    return found


def inputs(folder: Path) -> list[Path]:
    """Return the same pages in each of the formats."""
    made = [page(number) for number in range(5)]
    pq.write_table(pyarrow.Table.from_pylist(made), folder / "a.parquet")
    (folder / "a.warc").write_bytes(b"".join(archive(5)))
    return [json_lines(folder / "a.jsonl", 5), folder / "a.parquet", folder / "a.warc"]


def test_the_rows_are_what_single_annotation_gives(tmp_path: Path, index: Path) -> None:
    pytest.importorskip("fastwarc", reason="needs contextlib-news[bulk]")
    files = inputs(tmp_path)
    outcome = run(job_for(files, index), tmp_path / "out")
    assert (outcome.pages, outcome.errors, outcome.parts) == (15, 0, 6)
    opened, outlets = ClaimIndex.open(index), load_outlets()
    wanted = [
        annotation_to_dict(
            annotate(
                Page(url=made["url"], html=made["html"]),
                index=opened,
                outlets=outlets,
                today=TODAY,
            )
        )
        for made in map(page, range(5))
    ]
    assert {note["kind"] for answer in wanted for note in answer["notes"]} >= {
        *("claim", "outlet", "disclaimer", "quotation")
    }
    found = rows(tmp_path / "out")
    assert Counter(row["input"] for row in found) == {str(path): 5 for path in files}
    for path in files:
        assert [row_to_answer(row) for row in found if row["input"] == str(path)] == wanted
    assert [row["id"] for row in found[:5]] == [f"page-{n}" for n in range(5)]
    assert pq.read_schema(part_path(tmp_path / "out", 0)).equals(SCHEMA)
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text("utf-8"))
    assert manifest["pages"] == 15
    assert sum(part["notes"] for part in manifest["parts"]) == outcome.notes


def test_pages_that_cannot_be_read_are_rows(tmp_path: Path, index: Path) -> None:
    path = tmp_path / "a.jsonl"
    wrong = [
        {"html": "<p>a", "text": "a"},
        {},
        {"text": "a" * 5_000_001},
        {"html": ""},
        {"text": "half \ud800 of a pair. The bridge \udc00 opened in 1931.", "url": "\ud800"},
    ]
    lines = [json.dumps(value) for value in (*wrong, page(1))]
    path.write_text("\n".join([*lines, "{"]), "utf-8")
    outcome = run(job_for([path], index), tmp_path / "out")
    found = rows(tmp_path / "out")
    assert (outcome.pages, len(found)) == (7, 7)
    reasons = [row["error"] for row in found]
    assert "exactly one of" in reasons[0]
    assert "exactly one of" in reasons[1]
    assert "5,000,000 characters" in reasons[2]
    assert reasons[3:6] == [None, None, None]
    assert "not JSON" in reasons[6]
    assert outcome.errors == 4


def test_a_hostile_archive_costs_its_own_pages_only(tmp_path: Path, index: Path) -> None:
    pytest.importorskip("fastwarc", reason="needs contextlib-news[bulk]")
    packed = "Content-Type: text/html\r\nContent-Encoding: gzip"
    bomb = gzip.compress(b"<p>" + b"a" * 40_000_000)
    good = [gzip.compress(each) for each in archive(4)]
    hostile = [
        gzip.compress(record("https://e.example/bomb", bomb, head=packed)),
        gzip.compress(record("https://e.example/huge", b"<p>" + b"b" * 40_000_000)),
        gzip.compress(record("https://e.example/long", b"<p>c", length=10**15)),
        gzip.compress(record("https://e.example/set", b"<meta charset=punycode><p>d\xff")),
        gzip.compress(record("https://e.example/deep", b"<div>" * 100_000 + b"e")),
        gzip.compress(record("https://e.example/cut", b"<p>" + b"f" * 5_000))[:-30],
    ]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join([*good[:3], *hostile, *good[3:], good[-1][:-20]]))
    outcome = run(job_for([path], index), tmp_path / "out")
    found = rows(tmp_path / "out")
    assert len(found) == outcome.pages
    read_well = [row["url"] for row in found if row["error"] is None]
    wanted = [page(number)["url"] for number in range(4)]
    assert [url for url in read_well if "e.example" not in url] == wanted
    assert "https://e.example/set" in read_well
    reasons = {row["url"]: row["error"] for row in found if row["error"]}
    assert "larger than 32 MB when" in reasons["https://e.example/bomb"]
    assert "larger than 32 MB" in reasons["https://e.example/huge"]
    assert "cut off" in reasons["https://e.example/long"]
    assert found[-1]["error"]


def test_what_breaks_on_one_page_spares_the_next(
    tmp_path: Path, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = work.annotate_in_parts

    def broken(given: Page, **options: Any) -> Any:
        if given.url == page(2)["url"]:
            raise ZeroDivisionError("of a page")
        return real(given, **options)

    monkeypatch.setattr(work, "annotate_in_parts", broken)
    run(job, tmp_path / "out")
    errors = {row["id"]: row["error"] for row in rows(tmp_path / "out") if row["error"]}
    assert errors == {"page-2": "ZeroDivisionError: of a page"}


def test_a_page_may_not_take_for_ever(
    tmp_path: Path, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10**6, 1_000))
    monkeypatch.setattr(work.time, "monotonic", lambda: next(clock))
    outcome = run(job, tmp_path / "out")
    assert outcome.errors == outcome.pages == 8
    assert {row["error"] for row in rows(tmp_path / "out")} == {"given up after 600 seconds"}


def test_killed_at_every_step_it_ends_the_same(tmp_path: Path, index: Path) -> None:
    path = json_lines(tmp_path / "a.jsonl", 5)
    command = [sys.executable, "-m", "tests.contextlib_news.bulk.killed", tmp_path, index, path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_going_on_does_only_what_is_left(tmp_path: Path, job: Job) -> None:
    folder = tmp_path / "out"
    run(job, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    gone = part_path(folder, 1)
    gone.unlink()
    (folder / ".part-000001.parquet.0000.part").write_bytes(b"left by a killed process")
    outcome = run(job, folder)
    assert outcome.pages_now == 3
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert run(job, folder).pages_now == 0


def test_the_day_of_the_beginning_is_kept(tmp_path: Path, job: Job) -> None:
    folder = tmp_path / "out"
    run(replace(job, today="2020-01-01"), folder)
    part_path(folder, 0).unlink()
    run(replace(job, today=""), folder)
    kept = load_plan(folder)
    assert kept is not None
    assert kept[0].today == "2020-01-01"


def test_another_job_is_refused(tmp_path: Path, job: Job) -> None:
    folder = tmp_path / "out"
    run(job, folder)
    with pytest.raises(CommandError, match="another part pages, reader language"):
        run(replace(job, part_pages=4, reader_language="es"), folder)
    (folder / PLAN).unlink()
    with pytest.raises(CommandError, match="parts of another run"):
        run(job, folder)


def test_a_foreign_or_damaged_part_is_refused(tmp_path: Path, job: Job) -> None:
    folder = tmp_path / "out"
    run(job, folder)
    part = part_path(folder, 1)
    kept = part.read_bytes()
    part.write_bytes(part_path(folder, 0).read_bytes())
    with pytest.raises(CommandError, match="written by another run"):
        run(job, folder)
    part.write_bytes(kept[:-100])
    with pytest.raises(CommandError, match="no part of this output"):
        run(job, folder)


def test_an_input_that_changes_on_the_way_is_told(tmp_path: Path, job: Job) -> None:
    folder = tmp_path / "out"
    run(job, folder)
    part_path(folder, 2).unlink()
    path = Path(job.inputs[0][0])
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")
    with pytest.raises(CommandError, match="changed since the run began"):
        run(job, folder)
    assert not part_path(folder, 2).exists()


def test_one_run_at_a_time(tmp_path: Path, job: Job) -> None:
    inside, leave = threading.Event(), threading.Event()

    def start() -> Any:
        inside.set()
        assert leave.wait(300)
        return serial()

    thread = threading.Thread(target=lambda: run_job(job, tmp_path / "out", start, shown=False))
    thread.start()
    try:
        assert inside.wait(300)
        with pytest.raises(CommandError, match="another run is writing here"):
            run(job, tmp_path / "out")
    finally:
        leave.set()
        thread.join()
    assert run(job, tmp_path / "out").pages == 8


def test_a_full_disk_leaves_nothing_half(
    tmp_path: Path, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "out"
    run(job, folder)
    part_path(folder, 1).unlink()
    names = sorted(path.name for path in folder.iterdir())
    with monkeypatch.context() as context:
        context.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            run(job, folder)
    assert sorted(path.name for path in folder.iterdir()) == names
    assert run(job, folder).pages == 8


def test_a_page_that_kills_its_process_is_left_out(tmp_path: Path, job: Job) -> None:
    """The process dies at the same page each time, as one would for its memory."""
    folder = tmp_path / "out"
    run(job, folder)
    part_path(folder, 1).unlink()
    program = (
        "import json, os, sys\n"
        "from pathlib import Path\n"
        "from contextlib_news.bulk import work\n"
        "from contextlib_news.bulk.plan import load_plan\n"
        "real = work.annotate_in_parts\n"
        "def deadly(page, **options):\n"
        "    if page.url.endswith('/4'):\n"
        "        os.kill(os.getpid(), 9)\n"
        "    return real(page, **options)\n"
        "work.annotate_in_parts = deadly\n"
        "folder = Path(sys.argv[1])\n"
        "job, units = load_plan(folder)\n"
        "print(work.Worker(job, folder, 'run').do(units[1]).errors)\n"
    )
    ended = [
        subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True)
        for _ in range(3)
    ]
    assert [done.returncode for done in ended] == [-9, -9, 0]
    found = {row["id"]: row["error"] for row in rows(folder)}
    assert "left out" in found.pop("page-4")
    assert set(found.values()) == {None}
    assert len(found) == 7
    assert run(job, folder).pages_now == 0


def test_memory_does_not_grow_with_the_pages(tmp_path: Path, job: Job) -> None:
    """Rows are written in groups: a part of many pages is never held whole."""
    import tracemalloc

    run(job, tmp_path / "out")
    row = rows(tmp_path / "out")[0]
    most = []
    for count in (600, 2_400):
        tracemalloc.start()
        part = write_part(tmp_path, count, "run", (dict(row, place=n) for n in range(count)))
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert part.pages == count
    assert most[1] < 1.5 * most[0]
