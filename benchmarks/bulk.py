"""What bulk annotation does a second and a core, and how that grows from one core to two.

usage: build/bulk-venv/bin/python -m benchmarks.bulk --index FILE [--pages 2000] [--eval FOLDER]

The pages are HTML in a WARC file packed record by record, as crawls are: news articles as they are
(FNC-1), then pages of sixty sentences of news, and where more are wanted pages of sentences drawn
from both in new orders. **Alone** is ``annotate`` on the same pages in one process, one after the
other; **n cores** the command ``bulk`` with so many processes. Both are measured warm, the command
from the moment at which each process has written two parts on average: a long run is mostly that.
Processor time is that of the processes that annotate, all of it, reading and writing included. On
a machine with other work it is what counts; the clock tells how much of the machine one got.
"""

from __future__ import annotations

import argparse
import gzip
import html
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fastwarc import WarcRecordType
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord

from benchmarks.evaluation_data import negatives
from contextlib_news import ClaimIndex, Page, annotate, load_outlets
from contextlib_news.bulk.warc import Warc
from contextlib_news.page.sentences import split_sentences

SENTENCES_A_PAGE = 60
SENTENCES_DRAWN = 20
PART_PAGES = 25
SEED = 20260215


def news_pages(evaluation: Path, count: int) -> Iterator[list[str]]:
    """Yield pages as lists of paragraphs: articles, pages of sentences, then new orders of them."""
    articles = []
    for part in ("train", "dev"):
        path = evaluation / "stance-fnc1" / f"{part}_bodies.jsonl.gz"
        with gzip.open(path, "rt", encoding="utf-8") as file:
            articles += [json.loads(line)["text"] for line in file]
    sentences = [
        text for train in (True, False) for text in negatives(evaluation, "babe", train=train)
    ]
    pages = [[line for line in article.splitlines() if line.strip()] for article in articles]
    pages += [
        sentences[at : at + SENTENCES_A_PAGE] for at in range(0, len(sentences), SENTENCES_A_PAGE)
    ]
    known = list(sentences)
    for article in articles:
        known += [article[start:end] for start, end in split_sentences(article, "en")]
    chance = random.Random(SEED)
    while len(pages) < count:
        pages.append(chance.sample(known, SENTENCES_DRAWN))
    yield from pages[:count]


def write_archive(path: Path, pages: Iterator[list[str]]) -> int:
    """Write pages as a packed archive and return how many there are."""
    count = 0
    with path.open("wb") as file:
        for count, paragraphs in enumerate(pages, 1):
            body = "".join(f"<p>{html.escape(text)}</p>\n" for text in paragraphs)
            content = f"<!doctype html><html lang=en><title>{count}</title><body>{body}"
            record = WarcRecord()
            record.init_headers(WarcRecordType.response)
            record.headers["WARC-Target-URI"] = f"https://www.reuters.com/world/{count}"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            answered = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            record.set_bytes_content(answered + content.encode())
            member = io.BytesIO()
            packer = GzipWriter(member)
            record.write(packer)
            packer.finish()
            file.write(member.getvalue())
    return count


def alone(archive: Path, index: Path) -> tuple[float, float]:
    """Return processor seconds and seconds a page of annotating in this process."""
    (cut,) = Warc().cut(archive, 10**9, {})
    opened, outlets = ClaimIndex.open(index), load_outlets()
    clock, spent, count = time.monotonic(), time.process_time(), 0
    for number, found in enumerate(Warc().read(archive, cut, {})):
        if number == 2 * PART_PAGES:
            clock, spent, count = time.monotonic(), time.process_time(), 0
        annotate(found.page or Page(text=""), index=opened, outlets=outlets)
        count += 1
    return (time.process_time() - spent) / count, (time.monotonic() - clock) / count


def together(archive: Path, index: Path, cores: int, count: int) -> tuple[float, float, int]:
    """Return processor seconds and seconds a page, and own memory a process, on so many cores."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "contextlib_news", "bulk", archive, "-o", folder]
        command += ["--index", index, "--processes", str(cores), "--part-pages", str(PART_PAGES)]
        running = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        spent: dict[int, float] = {}
        warm = last = None
        memory = done = 0
        while running.poll() is None:
            for process in _workers(running.pid):
                spent[process] = _cpu(process, spent.get(process, 0.0))
            parts = len(list(Path(folder).glob("part-*.parquet")))
            if parts > done:
                done = parts
                last = (parts, sum(spent.values()), time.monotonic())
                memory = max(memory, *map(_private, spent))
                if warm is None and parts >= 2 * cores:
                    warm = last
            time.sleep(0.05)
        _, said = running.communicate()
        if running.returncode or warm is None or last is None or last[0] == warm[0]:
            raise SystemExit(said)
    # The last part may hold fewer pages.
    pages = min(count, last[0] * PART_PAGES) - warm[0] * PART_PAGES
    return (last[1] - warm[1]) / pages, (last[2] - warm[2]) / pages, memory


def _workers(session: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
            named = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[3]) == session and b"MapWorker(Map(_Process" in named:
            found.append(int(path.parent.name))
    return found


def _cpu(process: int, before: float) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    except OSError:
        return before
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _private(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    lines = (line.split() for line in text.splitlines() if line.startswith("Private_"))
    return sum(int(line[1]) * 1024 for line in lines)


def main() -> None:
    """Run the benchmark of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    options = parser.parse_args()
    index = options.index.resolve()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "news.warc.gz"
        count = write_archive(archive, news_pages(options.eval, options.pages))
        size = archive.stat().st_size
        print(f"{count:,} pages, {size / 1e6:.1f} MB packed; load {os.getloadavg()[0]:.1f}")
        clock = time.process_time()
        Warc().cut(archive, 500, {})
        print(f"counting  {1000 * (time.process_time() - clock) / count:7.2f} ms CPU a page")
        cpu, seconds = alone(archive, index)
        print(f"alone     {1000 * cpu:7.2f} ms CPU a page, {1 / seconds:6.1f} a second")
        first = 0.0
        for cores in options.cores:
            cpu, seconds, memory = together(archive, index, cores, count)
            first = first or 1 / seconds
            print(
                f"{cores} cores   {1000 * cpu:7.2f} ms CPU a page, {1 / seconds:6.1f} a second, "
                f"{1 / seconds / first:.2f} times the first, {1 / cpu:.1f} a second of CPU, "
                f"{memory / 1e6:.0f} MB private a process; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
