"""The memory of a process that searches an index; imports nothing that would count as its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.method import Method

__all__ = ["LIMIT", "MEGABYTE", "memory", "peak_megabytes", "private_megabytes"]

LIMIT = 10
MEGABYTE = 1e6


def memory(method: Method, folder: Path, pages: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return the private megabytes of this process after searching, and what of it is the index.

    Meant for a second process, while a first one has the same file mapped: what the two share
    counts for neither.
    """
    before = private_megabytes()
    engine = method.open(folder)
    for page in pages:
        engine.search(page, LIMIT)
    after = private_megabytes()
    engine.close()
    return {"private_mb": after, "index_mb": after - before}


def private_megabytes() -> float:
    """Return the memory that only this process has, in MB; 0 where the system does not tell."""
    return _megabytes("smaps_rollup", "Private_")


def peak_megabytes() -> float:
    """Return the most memory that this process has had, in MB; 0 where the system does not tell."""
    # Not getrusage, whose peak begins at that of the process that started this one.
    return _megabytes("status", "VmHWM")


def _megabytes(file: str, prefix: str) -> float:
    path = Path("/proc/self") / file
    if not path.exists():
        return 0.0
    lines = (line.split() for line in path.read_text().splitlines())
    return sum(int(line[1]) for line in lines if line[0].startswith(prefix)) * 1024 / MEGABYTE
