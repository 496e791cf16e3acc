"""The index file: a header, aligned arrays and the claims, with checksums over all of it.

Layout: 12 bytes of magic, 4 bytes version, 8 bytes length of the JSON header, 16 bytes checksum of
the header, the header, then the sections, each aligned to 64 bytes. The header lists for each
segment its sections (dtype, length, offset, checksum) and its deleted claims. Numbers are
little-endian.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.atomic_file import atomic_file
from contextlib_news.errors import IndexFileError
from contextlib_news.matching.segment import ARRAYS, VECTOR_ARRAYS, Segment

__all__ = ["FORMAT_VERSION", "index_digest", "read_index", "write_index"]

MAGIC = b"ctxnews-idx\x00"
FORMAT_VERSION = 4
ALIGNMENT = 64
PREFIX = 40
MAX_HEADER_BYTES = 64 * 1024 * 1024

# Files up to this size are checked whole when they are opened. Of larger ones the header and the
# samples are checked, since reading a gigabyte would defeat mapping it; ``verify`` reads it all.
FULL_CHECK_BYTES = 4 * 1024 * 1024
SAMPLES = 8
SAMPLE_BYTES = 4_096

BLOB = "claims"

Index = tuple[list[Segment], list[frozenset[int]], dict[str, Any]]


def write_index(
    segments: Sequence[Segment],
    deleted: Sequence[frozenset[int]],
    path: Path,
    extra: dict[str, Any],
) -> None:
    """Write segments to a file beside the target and move it there in one step.

    ``extra`` is kept in the header as JSON and comes back on reading. Raises OSError where that
    cannot be done; the old file is then still there.
    """
    with atomic_file(path) as file:
        header, body = _plan(segments, deleted)
        header["extra"] = extra
        file.write(_frame(header))
        start = file.tell()
        for offset, data in body:
            file.write(b"\x00" * (start + offset - file.tell()))
            file.write(data)


def read_index(path: Path, *, verify: bool = False) -> Index:
    """Return the segments of a file, mapped into memory; raises IndexFileError where it is none."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < PREFIX:
                raise IndexFileError(f"{path}: no index file; build one with 'index build'")
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError:
        raise IndexFileError(f"{path}: there is no such index file") from None
    if bytes(mapped[:12]) != MAGIC:
        raise IndexFileError(f"{path}: no index file; build one with 'index build'")
    version = int.from_bytes(mapped[12:16], "little")
    if version != FORMAT_VERSION:
        raise IndexFileError(
            f"{path}: format version {version}, this release reads {FORMAT_VERSION}; build it anew"
        )
    length = int.from_bytes(mapped[16:24], "little")
    if length > MAX_HEADER_BYTES:
        raise IndexFileError(f"{path}: damaged; build it anew or copy it again")
    if PREFIX + length > size:
        raise IndexFileError(f"{path}: truncated; build it anew or copy it again")
    encoded = bytes(mapped[PREFIX : PREFIX + length])
    if _digest(encoded) != bytes(mapped[24:PREFIX]):
        raise IndexFileError(f"{path}: damaged; build it anew or copy it again")
    try:
        header = json.loads(encoded)
        body = mapped[PREFIX + length :]
        if len(body) != header["bytes"]:
            raise IndexFileError(f"{path}: truncated; build it anew or copy it again")
        segments = [_segment(body, rows) for rows in header["segments"]]
        deleted = [frozenset(map(int, numbers)) for numbers in header["deleted"]]
        extra = {name: header["extra"][name] for name in ("model", "encoder")}
        if any(
            not 0 <= n < len(s) for s, gone in zip(segments, deleted, strict=True) for n in gone
        ):
            raise ValueError("a deleted claim that there is not")
        intact = _intact(body, header, whole=verify or len(body) <= FULL_CHECK_BYTES)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise IndexFileError(f"{path}: its header cannot be read; build it anew") from None
    if not intact:
        raise IndexFileError(f"{path}: damaged; build it anew or copy it again")
    return segments, deleted, extra


def index_digest(path: Path) -> str:
    """Return the checksum of a file's header, hexadecimal: it tells one index from another.

    Raises IndexFileError where the file is none.
    """
    try:
        with path.open("rb") as file:
            head = file.read(PREFIX)
    except FileNotFoundError:
        raise IndexFileError(f"{path}: there is no such index file") from None
    if len(head) < PREFIX or head[:12] != MAGIC:
        raise IndexFileError(f"{path}: no index file; build one with 'index build'")
    return head[24:PREFIX].hex()


def _plan(
    segments: Sequence[Segment], deleted: Sequence[frozenset[int]]
) -> tuple[dict[str, Any], list[tuple[int, memoryview]]]:
    """Return the header, and the sections with their offsets."""
    offset = 0
    body: list[tuple[int, memoryview]] = []
    rows: list[list[dict[str, Any]]] = []
    samples = hashlib.blake2b(digest_size=16)
    for segment in segments:
        table: list[dict[str, Any]] = []
        blob: NDArray[np.generic] = np.frombuffer(segment.blob, np.uint8)
        for name, array in [*sorted(segment.arrays.items()), (BLOB, blob)]:
            offset += -offset % ALIGNMENT
            data = memoryview(array.tobytes())
            table.append(
                {
                    "name": name,
                    "dtype": array.dtype.str,
                    "length": len(array),
                    "offset": offset,
                    "checksum": _digest(data).hex(),
                }
            )
            body.append((offset, data))
            for sample in _samples(data):
                samples.update(sample)
            offset += len(data)
        rows.append(table)
    header = {
        "segments": rows,
        "deleted": [sorted(numbers) for numbers in deleted],
        "bytes": offset,
        "samples": samples.hexdigest(),
    }
    return header, body


def _frame(header: dict[str, Any]) -> bytes:
    encoded = json.dumps(header, sort_keys=True).encode("ascii")
    encoded += b" " * (-(len(encoded) + PREFIX) % ALIGNMENT)
    version, length = FORMAT_VERSION.to_bytes(4, "little"), len(encoded).to_bytes(8, "little")
    return MAGIC + version + length + _digest(encoded) + encoded


def _segment(body: memoryview, rows: list[dict[str, Any]]) -> Segment:
    arrays = {row["name"]: _array(body, row) for row in rows}
    blob = arrays.pop(BLOB)
    known = ARRAYS | VECTOR_ARRAYS
    if not set(ARRAYS) <= set(arrays) or any(a.dtype != known[n] for n, a in arrays.items()):
        raise ValueError("other arrays than this release reads")
    return Segment(arrays, memoryview(blob))  # type: ignore[arg-type]  # an array is a buffer


def _array(body: memoryview, row: dict[str, Any]) -> NDArray[np.generic]:
    dtype = np.dtype(row["dtype"])
    if dtype.kind not in "iuf":
        raise ValueError("only plain numbers are read")
    return np.frombuffer(body, dtype, row["length"], row["offset"])


def _intact(body: memoryview, header: dict[str, Any], *, whole: bool) -> bool:
    """Say whether the sections are what was written: all of their bytes, or samples of each."""
    samples = hashlib.blake2b(digest_size=16)
    for rows in header["segments"]:
        for row in rows:
            size = row["length"] * np.dtype(row["dtype"]).itemsize
            data = body[row["offset"] : row["offset"] + size]
            if whole and _digest(data).hex() != row["checksum"]:
                return False
            for sample in _samples(data):
                samples.update(sample)
    return bool(samples.hexdigest() == header["samples"])


def _samples(data: memoryview) -> Iterator[memoryview]:
    """Yield pages of a section at even distances, its first and last among them."""
    for place in range(0, len(data), max(SAMPLE_BYTES, len(data) // SAMPLES)):
        yield data[place : place + SAMPLE_BYTES]
    yield data[-SAMPLE_BYTES:]


def _digest(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()
