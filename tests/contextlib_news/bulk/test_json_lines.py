"""Lines of JSON: each that holds something is a page or an error, whatever it holds."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contextlib_news.bulk import json_lines
from contextlib_news.bulk.found import Found
from contextlib_news.bulk.json_lines import JsonLines

HELLO = b'{"text": "Hello.", "id": 7}\n'


def read(path: Path, pages: int = 2) -> list[Found]:
    reader = JsonLines()
    cuts = reader.cut(path, pages, {})
    assert all(cut.pages <= pages for cut in cuts)
    found = [list(reader.read(path, cut, {})) for cut in cuts]
    assert [len(some) for some in found] == [cut.pages for cut in cuts]
    return [each for some in found for each in some]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"[1]", "a JSON object"),
        (b'"text"', "a JSON object"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 200_000, "not JSON"),
        (b'{"text": 5}', "text must be str, not int"),
        (b'{"text": "a", "url": []}', "url must be str, not list"),
        (b'{"html": {"a": 1}}', "html must be str or bytes, not dict"),
        (b"9" * 5_000, "not JSON"),
    ],
)
def test_what_is_no_page_is_told_and_the_next_is_read(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(HELLO + b"\n  \n" + line + b"\n" + HELLO.rstrip())
    first, wrong, last = read(path)
    assert first.page is not None
    assert (first.page.text, first.id, first.place) == ("Hello.", "7", 1)
    assert wrong.page is None
    assert wrong.place == 4
    assert reason in str(wrong.error)
    assert last.page == first.page
    assert last.place == 5


def test_a_line_without_end_costs_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 1_000)
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb") as file:
        file.write(b'{"text": "' + b"a" * 50_000 + b'"}\n' + HELLO)
    long, short = read(path)
    assert "longer than 1,000 bytes" in str(long.error)
    assert short.page is not None


@pytest.mark.parametrize("kept", [10, 40, 60])
def test_a_packed_file_that_is_cut_off_says_so_once(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(b'{"text": "%d"}\n' % n for n in range(99)))[:-kept])
    found = read(path)
    assert "damaged from here on" in str(found[-1].error)
    assert all(each.page is not None for each in found[:-1])


def test_columns_of_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"content": "Hello.", "text": None, "link": "https://e.org/"}))
    reader = JsonLines()
    columns = {"content": "text", "link": "url"}
    (cut,) = reader.cut(path, 5, columns)
    (found,) = reader.read(path, cut, columns)
    assert found.page is not None
    assert (found.page.text, found.page.url) == ("Hello.", "https://e.org/")


@given(
    lines=st.lists(st.binary(max_size=30) | st.just(HELLO.rstrip()), max_size=12),
    pages=st.integers(1, 5),
)
def test_units_together_are_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], pages: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(b"\n".join(lines))
    places = [found.place for found in read(path, pages)]
    numbered = enumerate(path.read_bytes().split(b"\n"), 1)
    assert places == [number for number, line in numbered if line.strip(b" \t\r\x0b\x0c")]
