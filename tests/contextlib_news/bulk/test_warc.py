"""Archives: their pages, and what hostile and damaged ones may do."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("fastwarc", reason="needs contextlib-news[bulk]: make bulk-test")

from contextlib_news.bulk import warc
from contextlib_news.bulk.found import Found
from contextlib_news.bulk.warc import Warc
from tests.contextlib_news.bulk.made import archive, page, record


def plain(records: list[bytes]) -> bytes:
    return b"".join(records)


def each_packed(records: list[bytes]) -> bytes:
    return b"".join(map(gzip.compress, records))


def all_packed(records: list[bytes]) -> bytes:
    return gzip.compress(b"".join(records))


def pairs_packed(records: list[bytes]) -> bytes:
    return b"".join(
        gzip.compress(b"".join(records[at : at + 2])) for at in range(0, len(records), 2)
    )


FORMS = [plain, each_packed, all_packed, pairs_packed]


def read(path: Path, pages: int = 2) -> list[Found]:
    reader = Warc()
    cuts = reader.cut(path, pages, {})
    found = [list(reader.read(path, cut, {})) for cut in cuts]
    assert [len(some) for some in found] == [cut.pages for cut in cuts]
    whole = [each for some in found for each in some]
    # However it is cut, it is the same.
    (together,) = reader.cut(path, 10_000, {}) or [None]
    if together is not None:
        assert list(reader.read(path, together, {})) == whole
    return whole


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    return path


def text_of(found: Found) -> str:
    assert found.page is not None, found.error
    return str(found.page.html or found.page.text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("pages", [1, 2, 5, 100])
def test_units_together_are_the_pages(
    tmp_path: Path, form: Callable[[list[bytes]], bytes], pages: int
) -> None:
    found = read(written(tmp_path, form(archive(11))), pages)
    assert [text_of(each) for each in found] == [page(number)["html"] for number in range(11)]
    assert [each.url for each in found] == [page(number)["url"] for number in range(11)]


def test_records_that_are_packed_alone_are_entered(tmp_path: Path) -> None:
    cuts = Warc().cut(written(tmp_path, each_packed(archive(11))), 2, {})
    assert all(cut.start > 0 and cut.skip == 0 for cut in cuts[1:])


def test_only_pages_are_pages(tmp_path: Path) -> None:
    body = b"<p>Hello.</p>"
    records = [
        record("https://e.example/yes", body, head="Content-Type: Text/HTML; charset=utf-8"),
        record("https://e.example/404", body, status="404 Not Found"),
        record("https://e.example/png", body, head="Content-Type: image/png"),
        record("https://e.example/none", body, head="X: y"),
        record("https://e.example/xhtml", body, head="Content-Type: application/xhtml+xml"),
        record("https://e.example/meta", body, kind="metadata", head="Content-Type: text/html"),
        record("https://e.example/own", body, kind="resource", head="Content-Type: text/html"),
        record("https://e.example/wet", b"Hello.", kind="conversion", head="x: text/plain"),
        record("https://e.example/dns", body, kind="response", status="no status at all"),
    ]
    found = read(written(tmp_path, plain(records)))
    assert [str(each.url).rpartition("/")[2] for each in found if each.page] == [
        *("yes", "xhtml", "own", "wet")
    ]
    assert found[3].page is not None
    assert found[3].page.text == "Hello."


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("charset=iso-8859-1", b"caf\xe9", "café"),
        ('charset="UTF-8"', b"<meta charset=latin-1>caf\xc3\xa9", "café"),
        ("charset=utf-8", b"caf\xe9", "caf\ufffd"),  # told wrong: as browsers show it
        ("charset=nonsense", b"<meta charset=latin-1>caf\xe9", "café"),
        ("charset=punycode", b"caf\xc3\xa9-a", "café-a"),
        ("charset=", b"caf\xc3\xa9", "café"),
        ("charset=utf-16", b"caf\xc3\xa9", "café"),
    ],
)
def test_character_sets(tmp_path: Path, head: str, body: bytes, text: str) -> None:
    data = record("https://e.example/", body, head=f"Content-Type: text/html; {head}")
    (found,) = read(written(tmp_path, data))
    assert text_of(found).endswith(text)


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("Content-Encoding: gzip", gzip.compress(b"<p>Hello."), "<p>Hello."),
        ("Content-Encoding: deflate", zlib.compress(b"<p>Hello."), "<p>Hello."),
        ("Content-Encoding: gzip", b"<p>Hello.", "<p>Hello."),  # unpacked by the crawler
        ("Content-Encoding: foo", b"<p>Hello.", "<p>Hello."),
        ("Transfer-Encoding: chunked", b"5\r\n<p>He\r\n4\r\nllo.\r\n0\r\n\r\n", "<p>Hello."),
        ("Transfer-Encoding: chunked", b"<p>Hello.", "<p>Hello."),
    ],
)
def test_packed_pages(tmp_path: Path, head: str, body: bytes, text: str) -> None:
    data = record("https://e.example/", body, head=f"Content-Type: text/html\r\n{head}")
    found = read(written(tmp_path, data + record("https://e.example/2", b"<p>Next.")))
    assert [text_of(each) for each in found] == [text, "<p>Next."]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Encoding: gzip", b"\x1f\x8b\x08 no gzip at all"),
        ("Content-Encoding: br", b"\xff\xff no brotli"),
        ("Transfer-Encoding: chunked", b"5\r\n<p>He\r\nzz\r\nllo."),
    ],
)
def test_pages_that_cannot_be_unpacked(tmp_path: Path, head: str, body: bytes) -> None:
    data = record("https://e.example/", body, head=f"Content-Type: text/html\r\n{head}")
    wrong, right = read(written(tmp_path, data + record("https://e.example/2", b"<p>Next.")))
    assert "cannot be unpacked" in str(wrong.error)
    assert text_of(right) == "<p>Next."


def bomb(megabytes: int) -> bytes:
    """Return gzip of so many million letters, made without holding them."""
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(b"a" * 1_000_000) for _ in range(megabytes)]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize("where", ["page", "record"])
def test_a_bomb_is_not_unpacked(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tracemalloc

    monkeypatch.setattr(warc, "MAX_PAGE_BYTES", 1_000_000)
    if where == "page":
        head = "Content-Type: text/html\r\nContent-Encoding: gzip"
        middle = gzip.compress(record("https://e.example/bomb", bomb(300), head=head))
    else:
        start = record("https://e.example/bomb", b"", length=300_000_000 + 44).removesuffix(
            b"\r\n\r\n"
        )
        packer = zlib.compressobj(9, wbits=31)
        parts = [packer.compress(start), *(packer.compress(b"a" * 1_000_000) for _ in range(300))]
        middle = b"".join([*parts, packer.compress(b"\r\n\r\n"), packer.flush()])
    records = archive(2)
    data = each_packed(records[:3]) + middle + each_packed(records[3:])
    tracemalloc.start()
    first, wrong, last = read(written(tmp_path, data), 1)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (first.url, last.url) == (page(0)["url"], page(1)["url"])
    assert "larger than" in str(wrong.error)
    assert wrong.url == "https://e.example/bomb"
    assert most < 30_000_000


@pytest.mark.parametrize("form", [plain, each_packed])
@pytest.mark.parametrize("length", [-5, 0, 10, 60, 5_000, 10**12, 10**30])
def test_a_record_that_lies_about_its_length(
    tmp_path: Path, form: Callable[[list[bytes]], bytes], length: int
) -> None:
    liar = record("https://e.example/liar", b"<p>" + b"lie " * 30, length=length)
    first, *between, last = read(written(tmp_path, form([*archive(1), liar, *archive(2)[3:]])))
    assert (text_of(first), text_of(last)) == (page(0)["html"], page(1)["html"])
    assert between
    assert any(each.error for each in between) or length in (10, 60)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off(
    tmp_path: Path, form: Callable[[list[bytes]], bytes], kept: float
) -> None:
    data = form(archive(6))
    found = read(written(tmp_path, data[: int(len(data) * kept)]))
    whole = [text_of(each) for each in found if each.page]
    assert whole == [page(number)["html"] for number in range(len(whole))]
    assert len(whole) < 6 or kept > 0.99


@pytest.mark.parametrize("at", range(3, 14, 3))
def test_behind_damage_the_reading_goes_on(tmp_path: Path, at: int) -> None:
    members = [gzip.compress(each) for each in archive(7)]
    members[at] = members[at][:20] + b"\x00" * 40 + members[at][60:]
    found = read(written(tmp_path, b"".join(members)))
    kept = [each.url for each in found if each.page]
    lost = {page(number)["url"] for number in range(7)} - set(kept)
    assert len(lost) == (at % 2 == 0)
    assert sum(each.error is not None for each in found) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"hello\n" * 1_000,
        b"\x1f\x8b\x08" * 1_000,
        b"WARC/1.0\r\n" * 1_000,
        b"WARC/1.0\r\nContent-Length: 5\r\n\r\n" * 300,
        gzip.compress(b"no archive"),
        record("https://e.example/" + "x" * 100_000, b"a"),
    ],
)
def test_what_is_no_archive_ends(tmp_path: Path, data: bytes) -> None:
    found = read(written(tmp_path, data), 7)
    assert len(found) <= warc.MAX_DAMAGES + 1
    assert all(each.error for each in found)


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    assert Warc().cut(written(tmp_path, b""), 5, {}) == []


def test_a_large_page_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MAX_PAGE_BYTES", 1_000)
    records = [record("https://e.example/1", b"a" * 5_000), record("https://e.example/2", b"<p>b")]
    large, small = read(written(tmp_path, plain(records)))
    assert "larger than" in str(large.error)
    assert text_of(small) == "<p>b"


@settings(max_examples=150)
@given(
    form=st.sampled_from(FORMS),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=20)), max_size=4
    ),
    taken=st.tuples(st.floats(0, 1), st.integers(0, 400)),
    pages=st.integers(1, 4),
)
def test_whatever_is_damaged_the_units_hold_what_was_counted(
    tmp_path_factory: pytest.TempPathFactory,
    form: Callable[[list[bytes]], bytes],
    changes: list[tuple[float, bytes]],
    taken: tuple[float, int],
    pages: int,
) -> None:
    data = bytearray(form(archive(6)))
    for place, new in changes:
        at = int(place * len(data))
        data[at : at + len(new)] = new
    at = int(taken[0] * len(data))
    del data[at : at + taken[1]]
    found = read(written(tmp_path_factory.mktemp("damaged"), bytes(data)), pages)
    assert all((each.page is None) == (each.error is not None) for each in found)
