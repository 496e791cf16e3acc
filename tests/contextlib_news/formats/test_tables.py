"""Tables in many dialects, foreign ones by a map, and what is told of those that are broken."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claims import read_records
from contextlib_news.formats.column_maps import ColumnMap
from contextlib_news.formats.records import Record, Rejection


def read(path: Path, **options: object) -> tuple[list[Record], list[Rejection]]:
    found = list(read_records(path, **options))  # type: ignore[arg-type]
    return (
        [one for one in found if isinstance(one, Record)],
        [one for one in found if isinstance(one, Rejection)],
    )


def write(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "c.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_dialects_are_told_apart(tmp_path: Path, mark: str, end: str, encoding: str) -> None:
    rows = [
        ["id", "text", "title"],
        ["a", '"A ""so-called"" brücke"', '"one\ntwo"'],
        ["b", "B", ""],
    ]
    text = end.join(mark.join(row) for row in rows) + end
    good, bad = read(write(tmp_path, text, encoding))
    assert not bad
    assert [(r.claim.id, r.claim.text, r.claim.title) for r in good] == [
        ("a", 'A "so-called" brücke', "one\ntwo"),
        ("b", "B", None),
    ]


def test_a_line_that_names_the_delimiter_is_heeded(tmp_path: Path) -> None:
    (record,), _ = read(write(tmp_path, "sep=;\r\nid;text\r\na;b,c\r\n"))
    assert record.claim.text == "b,c"


@pytest.mark.parametrize("name", ["c.csv", "c.jsonl", "c.json"])
def test_a_wrong_encoding_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    rows = [{"id": str(n), "text": "Brücke" if n == 2 else "Bridge"} for n in range(1, 4)]
    texts = {
        "c.csv": "id,text\n" + "\n".join(f"{row['id']},{row['text']}" for row in rows),
        "c.jsonl": "\n".join(json.dumps(row, ensure_ascii=False) for row in rows),
        "c.json": json.dumps(rows, ensure_ascii=False, indent=1),
    }
    path = write(tmp_path, texts[name], "cp1252", name)
    if name == "c.json":
        with pytest.raises(InvalidClaimError, match="line 8: byte 0xfc is not UTF-8"):
            read(path)
    else:
        good, (bad,) = read(path)
        assert len(good) == 2
        assert bad.place == f"{path}: line {3 if name == 'c.csv' else 2}"
        assert "0xfc" in bad.reason
        assert "--encoding cp1252" in bad.reason
    good, bad_rows = read(path, encoding="cp1252")
    assert [r.claim.text for r in good] == ["Bridge", "Brücke", "Bridge"]
    assert not bad_rows


def test_an_encoding_that_there_is_not(tmp_path: Path) -> None:
    path = write(tmp_path, "id,text\na,b\n")
    with pytest.raises(InvalidClaimError, match="'odd' is not known"):
        read(path, encoding="odd")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("\n", "empty"),
        ("id\na\n", "'id', 'text' are needed"),
        ("id,text,colour\n", "unknown column 'colour'"),
        ("id,text,id\n", "two columns are named 'id'"),
        ('id,"text\n', "never closed"),
    ],
)
def test_a_header_that_does_not_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InvalidClaimError, match=said):
        read(write(tmp_path, text))


def test_broken_rows_cost_themselves_only(tmp_path: Path) -> None:
    text = (
        "id,text,variants,reports\n"
        "a,A,one | two,\n"
        "b,B,,,,more\n"
        ",C,,\n"
        'd,"D,,\n'
        "e,E,[not json,\n"
        'f,F,,"[{""stance"": ""for""}]"\n'
        'g,"G"" 5"" pipe",,\n'
        'h,H 5" pipe,,\n'
    )
    good, bad = read(write(tmp_path, text))
    assert [(r.claim.id, r.claim.text) for r in good] == [
        ("a", "A"),
        ("e", "E"),
        ("g", 'G" 5" pipe'),
        ("h", 'H 5" pipe'),
    ]
    assert good[0].claim.variants == ("one", "two")
    assert good[1].claim.variants == ("[not json",)
    assert [one.place.rsplit(" ", 1)[1] for one in bad] == ["3", "4", "5", "7"]
    for one, said in zip(bad, ("6 cells", "'id'", "never closed", "stance"), strict=True):
        assert said in one.reason


def test_a_map_reads_tables_of_others(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "claim_text,reviewer_name,review_rating,review_url,review_date,claim_author_name,x\n"
        '"The bridge opened in 1931.",Check A,False,https://a.example/1,3 May 2020,The mayor,1\n'
        "the bridge opened in 1931,Check B,SESAT,b.example,05/06/2020,,2\n"
        "Water is wet.,Check A,Damp,https://a.example/2,,,3\n"
        ",Check A,False,https://a.example/3,,,4\n"
        "Ice is cold.,Check A,,https://a.example/4,,,5\n",
    )
    (tmp_path / "map.json").write_text(
        json.dumps(
            {
                "columns": {
                    "claim_text": "text",
                    "reviewer_name": "review.publisher",
                    "review_rating": "review.rating",
                    "review_url": "review.url",
                    "review_date": "review.date",
                    "claim_author_name": "claimant",
                    "*": "-",
                },
                "constants": {"language": "English", "provenance.source": "A list"},
            }
        )
    )
    columns = ColumnMap.of([str(tmp_path / "map.json"), "provenance.licence:=CC BY 4.0"])
    good, bad = read(path, columns=columns)
    joined = next(r for r in good if r.held == 2)
    assert joined.claim.verdict == "contradicted"
    assert [(r.publisher, r.rating, r.date, r.url) for r in joined.claim.reviews] == [
        ("Check A", "False", "2020-05-03", "https://a.example/1"),
        ("Check B", "SESAT", "2020", None),
    ]
    assert {one.field for one in joined.dropped} == {"review.date", "review.url"}
    assert joined.claim.language == "en"
    assert joined.claim.provenance is not None
    assert joined.claim.provenance.licence == "CC BY 4.0"
    (water,) = [r for r in good if r.held == 1]
    assert (water.claim.verdict, water.unknown_ratings) == (None, ("Damp",))
    assert [one.place.rsplit(" ", 1)[1] for one in bad] == ["5", "6"]
    assert sum(r.held for r in good) + len(bad) == 5


def test_a_map_reads_objects_of_others(tmp_path: Path) -> None:
    rows = [{"claim": {"said": "Water is wet.", "by": ["A", "B"]}, "tags": ["x", "y"], "more": 1}]
    columns = ColumnMap.of(["claim.said=text", "claim.by=claimant", "tags=topics", "more=-"])
    for name, text in (("c.jsonl", json.dumps(rows[0])), ("c.json", json.dumps(rows))):
        (record,), bad = read(write(tmp_path, text, name=name), columns=columns)
        assert not bad
        assert (record.claim.text, record.claim.topics) == ("Water is wet.", ("x", "y"))


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (["a=odd"], "'a' cannot become 'odd'"),
        (["a=text", "b=text"], "two columns would fill"),
        (["/nowhere/map.json"], "neither column=field nor a file"),
    ],
)
def test_a_wrong_map_is_refused(items: list[str], said: str) -> None:
    with pytest.raises(InvalidClaimError, match=said):
        ColumnMap.of(items)


@pytest.mark.parametrize("content", ["[", "[]", '{"column": {}}', '{"columns": {"a": 1}}'])
def test_a_wrong_map_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "map.json").write_text(content)
    with pytest.raises(InvalidClaimError, match=r"map\.json"):
        ColumnMap.of([str(tmp_path / "map.json")])


def test_a_column_that_nobody_thought_of_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "said,secret\nWater is wet.,x\n")
    with pytest.raises(InvalidClaimError, match=r"'secret'.*--map secret=-"):
        read(path, columns=ColumnMap.of(["said=text"]))


@pytest.mark.parametrize("name", ["c.csv", "c.jsonl"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, name: str) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / name
        with path.open("w", encoding="utf-8") as file:
            if name == "c.csv":
                file.write("id,text,title\n")
            for number in range(rows):
                text = f"The bridge number {number} opened in 1931."
                row = {"id": str(number), "text": text, "title": "x" * 50}
                file.write((",".join(row.values()) if name == "c.csv" else json.dumps(row)) + "\n")
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_records(path)) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)
    assert peak(6_000) < peak(600) + 1_000_000
