"""Opening text files of any encoding without losing a byte in silence."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from contextlib_news.errors import InvalidClaimError
from contextlib_news.page.charsets import codec_of

__all__ = ["bad_byte", "numbered_lines", "open_text", "read_page_text", "read_text", "readable"]

_SNIFFED_BYTES = 4_096
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# Bytes that are not UTF-8 come through as these, and are told row by row.
_UNDECODED = re.compile("[\udc80-\udcff]")


def open_text(path: Path, encoding: str | None = None) -> IO[str]:
    """Open a file for reading as text, line ends untouched.

    Without ``encoding`` a mark at its beginning decides (UTF-8, UTF-16, UTF-32), else it is UTF-8.
    Bytes that do not fit are kept so that :func:`bad_byte` finds them. Raises InvalidClaimError for
    an encoding that is not known.
    """
    if encoding is not None:
        try:
            name = codecs.lookup(encoding).name
            "".encode(name)
        except LookupError:
            raise InvalidClaimError(f"the encoding {encoding!r} is not known") from None
    else:
        name = _sniffed(path)
    return path.open(encoding=name, errors="surrogateescape", newline="")


def bad_byte(text: str) -> str | None:
    """Return what is wrong with a text whose bytes did not fit the encoding, else None."""
    if text.isascii() or not (found := _UNDECODED.search(text)):
        return None
    return (
        f"byte 0x{ord(found[0]) - 0xDC00:02x} is not UTF-8; name the file's encoding "
        "(--encoding cp1252) or save it as UTF-8"
    )


def readable(text: str) -> str:
    """Return a text in which bytes that did not fit the encoding are replacement characters."""
    return _UNDECODED.sub("\ufffd", text)


def read_text(path: Path, encoding: str | None = None) -> str:
    """Return the text of a file; raises InvalidClaimError naming the line that cannot be read."""
    try:
        with open_text(path, encoding) as file:
            text = file.read()
    except UnicodeError as error:
        raise InvalidClaimError(f"{path}: not {encoding or 'text'}: {error}") from None
    if (wrong := bad_byte(text)) and (found := _UNDECODED.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        raise InvalidClaimError(f"{path}: line {line}: {wrong}")
    return text


def read_page_text(path: Path, encoding: str | None = None) -> str:
    """Return the text of a saved page: as it declares itself, else UTF-8, else Windows-1252.

    That order is the one of browsers; bytes that fit none become replacement characters.
    """
    data = path.read_bytes()
    declared = _DECLARED.search(data[:_SNIFFED_BYTES])
    named = codec_of(declared[1].decode("ascii")) if declared else None
    for name in (encoding, _mark(data), named, "utf-8"):
        if name is not None:
            try:
                return data.decode(name)
            except (LookupError, UnicodeError):
                continue
    return data.decode("cp1252", "replace")


def numbered_lines(file: IO[str], longest: int) -> Iterator[tuple[int, str | None]]:
    """Yield number and text of each line; None for one longer than ``longest`` characters."""
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        if len(line) <= longest or line[-1] in "\r\n":
            yield number, line
            continue
        while line and line[-1] not in "\r\n":
            line = file.readline(longest)
        yield number, None


def _sniffed(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(_SNIFFED_BYTES)
    if (name := _mark(data)) is not None:
        return name
    # Plain letters in UTF-16 have a zero in every second byte; text in UTF-8 has none.
    if len(data) > 3 and b"\0" in data:
        even, odd = data[::2].count(0), data[1::2].count(0)
        if odd > len(data) // 4 and not even:
            return "utf-16-le"
        if even > len(data) // 4 and not odd:
            return "utf-16-be"
    return "utf-8"


def _mark(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)
