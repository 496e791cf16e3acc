"""The input files of a run: which there are, of which format, and how each is read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from contextlib_news.bulk.found import Reader
from contextlib_news.errors import CommandError

__all__ = ["SUFFIXES", "identity_of", "input_files", "reader_of"]

SUFFIXES = {
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson": "jsonl",
    ".ndjson.gz": "jsonl",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".wet": "warc",
    ".wet.gz": "warc",
}

SAMPLES = 16
SAMPLE_BYTES = 4_096


def input_files(given: Sequence[str]) -> list[Path]:
    """Return the files that are named, and those with a known suffix in folders that are.

    Files of a folder come in the order of their names, however deep. Raises CommandError for what
    is not there, what has no known suffix, and where there is nothing.
    """
    found: list[Path] = []
    for name in given:
        path = Path(name)
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if _format_of(p) and p.is_file())
            found += [p for p in inside if not p.name.startswith((".", "_"))]
        elif not path.is_file():
            raise CommandError(f"{name}: there is no such file or folder")
        elif _format_of(path) is None:
            raise CommandError(f"{name}: its name must end with {', '.join(SUFFIXES)}")
        else:
            found.append(path)
    twice = {path for path in found if found.count(path) > 1} if len(found) < 10_000 else ()
    if twice:
        raise CommandError(f"{min(twice)}: named twice")
    if not found:
        raise CommandError("there is no file to read in these folders")
    return found


def reader_of(path: Path) -> Reader:
    """Return what reads a file, after its suffix; its library is imported only then."""
    form = _format_of(path)
    if form == "parquet":
        from contextlib_news.bulk.parquet import Parquet

        return Parquet()
    if form == "warc":
        from contextlib_news.bulk.warc import Warc

        return Warc()
    from contextlib_news.bulk.json_lines import JsonLines

    return JsonLines()


def identity_of(path: Path) -> str:
    """Return what tells that a file is still the same: its size and a digest of samples of it."""
    size = path.stat().st_size
    digest = hashlib.blake2b(digest_size=8)
    with path.open("rb") as file:
        for place in range(0, max(1, size), max(SAMPLE_BYTES, size // SAMPLES)):
            file.seek(place)
            digest.update(file.read(SAMPLE_BYTES))
        file.seek(max(0, size - SAMPLE_BYTES))
        digest.update(file.read(SAMPLE_BYTES))
    return f"{size}-{digest.hexdigest()}"


def _format_of(path: Path) -> str | None:
    name = path.name.lower()
    return next((form for suffix, form in SUFFIXES.items() if name.endswith(suffix)), None)
