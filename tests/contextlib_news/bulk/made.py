"""Pages, archives and jobs that the tests of bulk annotation are about."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contextlib_news import ClaimIndex, load_claims
from contextlib_news.bulk.inputs import identity_of
from contextlib_news.bulk.plan import Job, cut_input
from contextlib_news.matching.file import index_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

ATTACK = "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."
TODAY = "2026-02-15"
RECORD = "<urn:uuid:00000000-0000-0000-0000-000000000000>"


def page(number: int) -> dict[str, Any]:
    """Return a page like any other, with claims, an outlet and figures of its own."""
    return {
        "id": f"page-{number}",
        "url": f"https://www.reuters.com/world/{number}",
        "html": f"<html lang=en><title>Story {number}</title><p>{ATTACK}</p>"
        f"<p>Of the {100 + number} prisoners, {number} were found. “We saw it,” said Ann.</p>"
        "<footer>The views expressed in this article are those of the author and do not "
        "reflect those of this newspaper.</footer></html>",
    }


def json_lines(path: Path, count: int) -> Path:
    """Write pages as JSONL."""
    path.write_text("".join(json.dumps(page(n)) + "\n" for n in range(count)), "utf-8")
    return path


def record(
    url: str,
    body: bytes,
    *,
    kind: str = "response",
    head: str = "Content-Type: text/html",
    status: str = "200 OK",
    length: int | None = None,
) -> bytes:
    """Return a record of an archive; ``length`` is what it says of itself, right or wrong."""
    block = f"HTTP/1.1 {status}\r\n{head}\r\n\r\n".encode() + body if kind == "response" else body
    said = "application/http; msgtype=response" if kind == "response" else head.partition(": ")[2]
    start = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: {RECORD}\r\nContent-Type: {said}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return start.encode() + block + b"\r\n\r\n"


def archive(count: int) -> list[bytes]:
    """Return pages as records, each behind its request as crawlers write them."""
    records = [record("https://e.example/", b"software: test\r\n", kind="warcinfo")]
    for number in range(count):
        made = page(number)
        records.append(record(made["url"], b"GET / HTTP/1.1\r\n\r\n", kind="request"))
        records.append(record(made["url"], made["html"].encode()))
    return records


def index_in(folder: Path) -> Path:
    """Write the index of the starter claims."""
    path = folder / "claims.idx"
    ClaimIndex.build(load_claims()).save(path)
    return path


def job_for(inputs: list[Path], index: Path, **other: Any) -> Job:
    """Return the job of annotating files with small parts."""
    values: dict[str, Any] = {
        "version": "test",
        "inputs": tuple((str(path), identity_of(path)) for path in inputs),
        "part_pages": 3,
        "claims": "",
        "index": str(index),
        "index_digest": index_digest(index),
        "encoder": None,
        "outlets": None,
        "outlets_digest": "",
        "disclaimers": None,
        "disclaimers_digest": "",
        "reader_language": "en",
        "today": TODAY,
        "page_seconds": 600,
        "columns": {},
    }
    return Job(**(values | other))


class Serial:
    """In place of the engine: one unit after the other in this process."""

    def cut(self, paths: list[str], pages: int, columns: dict[str, str]) -> Iterator[Any]:
        """Yield the units of the inputs."""
        for number, path in enumerate(paths):
            yield number, cut_input(path, pages, columns)

    def annotate(self, job: Job, folder: Path, units: list[Any], attempt: str) -> Iterator[Any]:
        """Yield the parts."""
        from contextlib_news.bulk.work import Worker

        worker = Worker(job, folder, attempt)
        for unit in units:
            yield worker.do(unit)


@contextmanager
def serial() -> Iterator[Serial]:
    """Start the engine that is none."""
    yield Serial()
