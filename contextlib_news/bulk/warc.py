"""Pages of web archives: WARC and WET files, plain or packed with gzip, read by fastwarc.

Archives come from crawls, so that any of it may be damaged or made to harm: what cannot be read is
told and the reading goes on at the next record, nothing is unpacked beyond the size of a page, and
after so many damaged places the rest of a file is given up.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import IO, Any

from fastwarc import ArchiveIterator, WarcRecordType
from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader

from contextlib_news.bulk.found import MAX_PAGE_BYTES, Columns, Cut, Found
from contextlib_news.models import Page
from contextlib_news.page.markup import decode_html

__all__ = ["Warc"]

HTML = frozenset({"text/html", "application/xhtml+xml"})
TEXT = frozenset({"text/plain"})
RECORDS = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
ALL_RECORDS = WarcRecordType.any_type

# Of each damaged place the next record is looked for; a file with more is none.
MAX_DAMAGES = 100
WINDOW = 1024 * 1024
GZIP = b"\x1f\x8b\x08"
BEGINNING = b"WARC/"

_PACKED = {"gzip": GzipReader, "x-gzip": GzipReader, "br": BrotliReader, "zstd": ZstdReader}


@dataclass(frozen=True, slots=True)
class _Step:
    """A record or a damaged place, with the byte it is at; ``found`` where it counts as a page."""

    at: int
    found: Found | None = None
    given_up: bool = False


class Warc:
    """Reads the pages among the records: HTML and text that was answered with status 200.

    ``Cut.start`` is a byte at which a record begins, ``Found.place`` the byte of the page's record;
    of records packed together, that of the packing.
    """

    def cut(self, path: Path, pages: int, columns: Columns) -> list[Cut]:
        """Return units that begin at every so many pages, counted by reading all records."""
        begins: list[tuple[int, int]] = []
        count = entry = counted = 0
        given_up = False
        with path.open("rb") as file:
            for step, may_enter in _with_entries(_steps(path, 0)):
                if step.found is None:
                    continue
                if may_enter:
                    entry, counted = step.at, count
                if count % pages == 0:
                    good = entry and _begins(file, entry)
                    begins.append((entry, count - counted) if good else (0, count))
                count += 1
                given_up = given_up or step.given_up
        return [
            Cut(
                start=0 if given_up else start,
                skip=number * pages if given_up else skip,
                pages=min(pages, count - number * pages),
            )
            for number, (start, skip) in enumerate(begins)
        ]

    def read(self, path: Path, cut: Cut, columns: Columns) -> Iterator[Found]:
        """Yield the pages of a unit."""
        found = (step.found for step in _steps(path, cut.start) if step.found is not None)
        yield from islice(found, cut.skip, cut.skip + cut.pages)


def _with_entries(steps: Iterator[_Step]) -> Iterator[tuple[_Step, bool]]:
    """Yield each step, and whether reading may begin at its byte and finds just this record.

    Records that are packed together share a byte, or are told the one of the packing behind them.
    """
    before = -1
    for step, after in pairwise(chain(steps, (None,))):
        if step is not None:
            yield step, before < step.at and (after is None or step.at < after.at)
            before = step.at


def _steps(path: Path, start: int) -> Iterator[_Step]:
    """Yield the records of a file from one on; of damaged places the reason, once for each."""
    size = path.stat().st_size
    packed = _is_packed(path)
    damages = 0
    at: int | None = start
    with path.open("rb") as file:
        while at is not None and at < size:
            last = at
            try:
                for record in _records(file, at):
                    last = record.stream_pos
                    yield _read(record, None if packed else size - last)
            except _CutOffError as error:
                yield _Step(last, error.found)
            except (OSError, ValueError) as error:
                reason = f"from about here on the file is no WARC: {_clean(error)}"
                yield _Step(last, Found(place=last, error=reason))
            else:
                return
            damages += 1
            at = _next_record(file, last + 1, packed)
            if damages == MAX_DAMAGES and at is not None:
                reason = f"the rest is given up after {damages:,} damaged places"
                yield _Step(at, Found(place=at, error=reason), given_up=True)
                return


class _CutOffError(Exception):
    """A record holds less than it says, so that what follows is not where it says."""

    def __init__(self, found: Found) -> None:
        self.found = found


def _records(file: IO[bytes], at: int) -> Iterator[Any]:
    file.seek(at)
    yield from ArchiveIterator(file, record_types=ALL_RECORDS, parse_http=False)


def _read(record: Any, left: int | None) -> _Step:
    """Return a record with its page, if it is one; reads the record to its end.

    ``left`` is how many bytes the file has from here on, where it is not packed.
    """
    at = record.stream_pos
    url = record.headers.get("WARC-Target-URI") or None
    whole = record.content_length
    cut_off = _CutOffError(Found(place=at, url=url, error="the record is cut off or damaged"))
    if left is not None and whole > left:
        raise cut_off
    if not record.record_type & RECORDS:
        _finish(record, whole, 0, cut_off)
        return _Step(at)
    head = error = None
    if record.record_type & WarcRecordType.response:
        try:
            record.parse_http()
            head = record.http_headers
        except (OSError, ValueError) as wrong:
            error = f"no HTTP response: {_clean(wrong)}"
        if head is None and error is None:
            error = "no HTTP response"
    length = record.content_length
    kind = _kind(record, head)
    if error is None and (kind is None or (head is not None and head.status_code != 200)):
        _finish(record, length, 0, cut_off)
        return _Step(at)
    data = b"" if error else _start(record, cut_off)
    _finish(record, length, len(data), cut_off)
    if error is None and len(data) > MAX_PAGE_BYTES:
        error = f"the page is larger than {MAX_PAGE_BYTES // 1024 // 1024} MB"
    if error is not None or kind is None:
        return _Step(at, Found(place=at, url=url, error=error))
    return _Step(at, _page(data, at, url, kind, head))


def _start(record: Any, cut_off: _CutOffError) -> bytes:
    """Return the content of a record, of which at most a page's bytes and one."""
    try:
        return bytes(record.reader.read(MAX_PAGE_BYTES + 1))
    except (OSError, ValueError):
        raise cut_off from None


def _finish(record: Any, length: int, done: int, cut_off: _CutOffError) -> None:
    """Read what is left of a record; raises where it holds less than it says, or is damaged."""
    try:
        done += record.reader.consume()
    except (OSError, ValueError):
        raise cut_off from None
    if done < length:
        raise cut_off


def _kind(record: Any, head: Any) -> tuple[str, str | None] | None:
    """Return the content type and the character set that is said of a page; None for others."""
    said = head.get("Content-Type") if head is not None else record.headers.get("Content-Type")
    name, _, rest = (said or "").partition(";")
    name = name.strip().lower()
    if name not in HTML | TEXT:
        return None
    _, found, charset = rest.lower().partition("charset=")
    return name, charset.split(";")[0].strip(" \"'") if found else None


def _page(data: bytes, at: int, url: str | None, kind: tuple[str, str | None], head: Any) -> Found:
    try:
        data = _unpacked(data, head)
    except (OSError, ValueError) as error:
        return Found(place=at, url=url, error=f"the page cannot be unpacked: {_clean(error)}")
    if len(data) > MAX_PAGE_BYTES:
        reason = f"the page is larger than {MAX_PAGE_BYTES // 1024 // 1024} MB when it is unpacked"
        return Found(place=at, url=url, error=reason)
    name, charset = kind
    text = decode_html(data, charset)
    page = Page(url=url, html=text) if name in HTML else Page(url=url, text=text)
    return Found(place=at, url=url, page=page)


def _unpacked(data: bytes, head: Any) -> bytes:
    """Return the body as it was before it was sent, of which at most a page's bytes and one."""
    if head is None:
        return data
    for name in ("Transfer-Encoding", "Content-Encoding"):
        said = [step.strip().lower() for step in (head.get(name) or "").split(",")]
        for step in reversed(said):
            # Crawlers often store a body that is unpacked already, under the header that it had.
            if step == "chunked" and _is_chunked(data):
                data = ChunkedReader(io.BytesIO(data)).read(MAX_PAGE_BYTES + 1)
            elif step == "deflate" and data[:1] == b"\x78":
                data = GzipReader(io.BytesIO(data), zlib=True).read(MAX_PAGE_BYTES + 1)
            elif step in _PACKED and data.lstrip()[:1] != b"<":
                data = _PACKED[step](io.BytesIO(data)).read(MAX_PAGE_BYTES + 1)
    return data


def _is_chunked(data: bytes) -> bool:
    line = data[:20].split(b"\r\n", 1)[0].split(b";")[0].strip()
    try:
        return bool(line) and int(line, 16) >= 0
    except ValueError:
        return False


# --- Finding records again ------------------------------------------------------------------------


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def _next_record(file: IO[bytes], at: int, packed: bool) -> int | None:
    """Return the first byte from ``at`` on at which a record begins, None where there is none."""
    mark = GZIP if packed else BEGINNING
    while True:
        file.seek(at)
        window = file.read(WINDOW)
        found = window.find(mark)
        while found >= 0:
            if _begins(file, at + found):
                return at + found
            found = window.find(mark, found + 1)
        if len(window) < WINDOW:
            return None
        at += WINDOW - len(mark) + 1


def _begins(file: IO[bytes], at: int) -> bool:
    """Say whether a record begins at a byte."""
    file.seek(at)
    head = file.read(512)
    if head.startswith(GZIP):
        try:
            head = zlib.decompressobj(31).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(BEGINNING)


def _clean(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
