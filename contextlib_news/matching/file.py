"""The index file: a header, aligned arrays and the claims, with a checksum over all of it.

Layout: 16 bytes of magic and version, 8 bytes length of the JSON header, the header (sections with
dtype, length and offset; the checksum of what follows), then the sections, each aligned to 64
bytes. Numbers are little-endian.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from contextlib_news.errors import IndexFileError
from contextlib_news.matching.segment import ARRAYS, Segment

__all__ = ["FORMAT_VERSION", "read_segment", "write_segment"]

MAGIC = b"ctxnews-idx\x00"
FORMAT_VERSION = 1
ALIGNMENT = 64
MAX_HEADER_BYTES = 1_000_000

# Files up to this size are checked whole when they are opened; larger ones by length and by the
# checksum of their first bytes, since reading a gigabyte would defeat mapping it.
FULL_CHECK_BYTES = 64 * 1024 * 1024

BLOB = "claims"


def write_segment(segment: Segment, path: Path) -> None:
    """Write a segment to a file beside the target and move it there in one step."""
    sections: list[tuple[str, str, int, bytes]] = [
        (
            name,
            segment.arrays[name].dtype.str,
            len(segment.arrays[name]),
            segment.arrays[name].tobytes(),
        )
        for name in ARRAYS
    ]
    sections.append((BLOB, "|u1", len(segment.blob), bytes(segment.blob)))
    table: list[dict[str, Any]] = []
    body = bytearray()
    for name, dtype, length, data in sections:
        body += b"\x00" * (-len(body) % ALIGNMENT)
        table.append({"name": name, "dtype": dtype, "length": length, "offset": len(body)})
        body += data
    header = {
        "sections": table,
        "bytes": len(body),
        "checksum": _checksum(body),
        "checksum_start": _checksum(body[:FULL_CHECK_BYTES]),
    }
    encoded = json.dumps(header, sort_keys=True).encode("ascii")
    encoded += b" " * (-(len(encoded) + 24) % ALIGNMENT)
    start = MAGIC + FORMAT_VERSION.to_bytes(4, "little") + len(encoded).to_bytes(8, "little")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(start + encoded)
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_segment(path: Path) -> Segment:
    """Return the segment of a file, mapped into memory; raises IndexFileError where it is none."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < 24:
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
    try:
        if length > MAX_HEADER_BYTES or 24 + length > size:
            raise ValueError
        header = json.loads(bytes(mapped[24 : 24 + length]))
        body = mapped[24 + length :]
        if len(body) != header["bytes"]:
            raise IndexFileError(f"{path}: truncated; build it anew or copy it again")
        whole = len(body) <= FULL_CHECK_BYTES
        expected = header["checksum"] if whole else header["checksum_start"]
        if _checksum(body[:FULL_CHECK_BYTES]) != expected:
            raise IndexFileError(f"{path}: damaged; build it anew or copy it again")
        arrays = {row["name"]: _array(body, row) for row in header["sections"]}
        blob = arrays.pop(BLOB)
        if set(arrays) != set(ARRAYS):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise IndexFileError(f"{path}: its header cannot be read; build it anew") from None
    return Segment(arrays, memoryview(blob))  # type: ignore[arg-type]  # an array is a buffer


def _array(body: memoryview, row: dict[str, Any]) -> NDArray[np.generic]:
    dtype = np.dtype(row["dtype"])
    if dtype.kind not in "iuf":
        raise ValueError("only plain numbers are read")
    return np.frombuffer(body, dtype, row["length"], row["offset"])


def _checksum(data: bytes | bytearray | memoryview) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
