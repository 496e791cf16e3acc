"""Rows of Parquet: each is a page or an error, however the file was written."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="needs contextlib-news[bulk]: make bulk-test")

import pyarrow as pa
import pyarrow.parquet as pq

from contextlib_news.bulk.found import Found
from contextlib_news.bulk.parquet import Parquet
from contextlib_news.errors import CommandError


def read(path: Path, pages: int, columns: dict[str, str] | None = None) -> list[Found]:
    reader = Parquet()
    cuts = reader.cut(path, pages, columns or {})
    assert all(cut.pages <= pages for cut in cuts)
    return [found for cut in cuts for found in reader.read(path, cut, columns or {})]


@pytest.mark.parametrize("group", [1, 7, 100])
@pytest.mark.parametrize("pages", [1, 4, 33, 1000])
def test_units_together_are_the_file(tmp_path: Path, group: int, pages: int) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"Page {number}." for number in range(90)]
    pq.write_table(pa.table({"text": texts, "other": texts}), path, row_group_size=group)
    found = read(path, pages)
    assert [each.place for each in found] == list(range(90))
    assert [each.page.text for each in found if each.page] == texts


def test_bytes_and_texts_and_names_of_others(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = {"content": [b"<p>caf\xc3\xa9", None], "link": ["https://e.org/", None], "id": [5, 6]}
    pq.write_table(pa.table(table), path)
    first, second = read(path, 9, {"content": "html", "link": "url"})
    assert first.page is not None
    assert (first.page.html, first.page.url, first.id) == (b"<p>caf\xc3\xa9", "https://e.org/", "5")
    # A row without content is refused by the reader of pages, and so gets its row with an error.
    assert second.page is not None
    assert second.page.html is None


def test_without_a_column_for_the_text_nothing_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"content": ["a"]}), path)
    with pytest.raises(CommandError, match="--map COLUMN=html"):
        Parquet().cut(path, 5, {})


def test_text_that_is_none_costs_its_row_only(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    wrong = pa.array([b"ok", b"\xff\xfe", b"ok"]).cast(pa.large_binary()).cast(pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, wrong.buffers())
    pq.write_table(pa.table({"text": text}), path)
    found = read(path, 9)
    assert [each.page is not None for each in found] == [True, False, True]
    assert "not UTF-8" in str(found[1].error)


def test_a_file_that_is_none_is_one_error(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 but not really")
    (found,) = read(path, 9)
    assert "cannot be decoded" in str(found.error)


def test_damage_inside_is_told_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"{number} " * 50 for number in range(40)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=10, compression="zstd")
    group = pq.read_metadata(path).row_group(2).column(0)
    data = bytearray(path.read_bytes())
    start = group.dictionary_page_offset or group.data_page_offset
    data[start : start + 60] = b"\x00" * 60
    path.write_bytes(data)
    found = read(path, 10)
    assert [each.place for each in found] == list(range(40))
    assert [each.page is None for each in found] == [False] * 20 + [True] * 10 + [False] * 10
