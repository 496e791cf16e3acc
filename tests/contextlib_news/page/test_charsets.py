"""Labels of character sets come from pages: only those that name one are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from contextlib_news.formats.encodings import read_page_text
from contextlib_news.page.charsets import codec_of
from contextlib_news.page.markup import decode_html


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF-8", "utf-8"),
        (" iso-8859-1 ", "cp1252"),
        ("gb2312", "gb18030"),
        ("windows-1251", "cp1251"),
        ("utf-16", "utf-8"),
    ],
)
def test_what_names_a_set(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    "label",
    [
        *("", "nonsense", "a\0b", "x" * 500, "é", "mbcs", "oem", "utf-7", "undefined"),
        *("punycode", "PUNYCODE", "idna", "unicode_escape", "raw_unicode_escape"),
        *("rot13", "hex", "zlib", "bz2", "base64"),
    ],
)
def test_what_names_none(label: str) -> None:
    assert codec_of(label) is None


def test_the_servers_word_goes_before_the_pages() -> None:
    page = "<meta charset=utf-8><p>café</p>".encode("cp1252")
    assert "café" in decode_html(page, "iso-8859-1")
    assert "caf\ufffd" in decode_html(page)
    assert "caf\ufffd" in decode_html(page, "punycode")
    assert decode_html(b"\xef\xbb\xbfcaf\xc3\xa9", "cp1252") == "café"


def test_a_saved_page_is_read_as_it_declares_itself(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    # Read as Punycode, two million letters would take minutes.
    path.write_bytes(b"<meta charset=punycode>caf\xc3\xa9-" + b"a" * 2_000_000)
    assert "café-a" in read_page_text(path)
