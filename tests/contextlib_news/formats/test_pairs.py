"""Files of labelled sentences: both forms, and what is wrong with a line is told by number."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.errors import InvalidPairsError
from contextlib_news.formats import pairs
from contextlib_news.formats.pairs import LabelledSentence, read_pairs

MILL = LabelledSentence(text="The mill burned down.", claims=frozenset({"mill"}))
GREETING = LabelledSentence(text="Good morning.", claims=frozenset())
FEW_EXAMPLES = settings(max_examples=60)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pairs")


def read(folder: Path, content: str | bytes, name: str = "pairs.jsonl") -> list[LabelledSentence]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_pairs(path)


def rows(*each: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in each)


def test_the_example_runs() -> None:
    assert doctest.testmod(pairs).failed == 0


@pytest.mark.parametrize(
    "content",
    [
        rows({"text": MILL.text, "claims": ["mill"]}, {"text": GREETING.text, "claims": []}),
        rows({"text": MILL.text, "gold": ["mill"]}, {"text": GREETING.text, "gold": []}),
        "\ufeff\n" + rows({"text": MILL.text, "claims": ["mill", "mill"]}, {"more": 1, "claims": [],
                          "text": GREETING.text}) + "\n\n",
    ],
    ids=["claims", "gold", "byte order mark, blank lines, further fields"],
)  # fmt: skip
def test_json_lines(folder: Path, content: str) -> None:
    assert read(folder, content) == [MILL, GREETING]


@pytest.mark.parametrize(
    "content",
    [
        "text,claim\nThe mill burned down.,mill\nGood morning.,\n",
        '\ufeffclaim,other,text\r\n mill ,x,"The mill burned down."\r\n,y,Good morning.\r\n',
        "text,claim\nThe mill burned down.,mill\nGood morning.\n",
    ],
    ids=["plain", "other order, quotes, byte order mark", "a short row"],
)
def test_csv(folder: Path, content: str) -> None:
    assert read(folder, content, "pairs.CSV") == [MILL, GREETING]


def test_lines_of_one_text_are_joined_in_the_order_of_the_first(folder: Path) -> None:
    table = "text,claim\nBoth.,b\nOther.,\nBoth.,a\nBoth.,\n"
    both = LabelledSentence(text="Both.", claims=frozenset({"a", "b"}))
    assert read(folder, table, "pairs.csv") == [
        both,
        LabelledSentence(text="Other.", claims=frozenset()),
    ]


GOOD = rows({"text": "Fine.", "claims": []})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"text": "a", "claims": []} x', "not a JSON object"),
        ('{"text": "a\x00", "claims": []}', "not a JSON object"),
        ("[" * 100_000, "not a JSON object"),
        ('{"text": ' + "[" * 50_000, "not a JSON object"),
        ('{"text": "a", "claims": [], "n": 1' + "0" * 5_000 + "}", "not a JSON object"),
        ('{"claims": []}', "'text' must be a sentence"),
        ('{"text": " \\t", "claims": []}', "'text' must be a sentence"),
        ('{"text": 7, "claims": []}', "'text' must be a sentence"),
        ('{"text": "a"}', "'claims' must be a list of ids"),
        ('{"text": "a", "claims": null}', "'claims' must be a list of ids"),
        ('{"text": "a", "claims": "mill"}', "'claims' must be a list of ids"),
        ('{"text": "a", "claims": [1]}', "'claims' must be a list of ids"),
        ('{"text": "' + "a" * 1_000_001 + '", "claims": []}', "longer than 1,000,000"),
    ],
)
def test_a_bad_json_line_is_named(folder: Path, line: str, said: str) -> None:
    with pytest.raises(InvalidPairsError) as raised:
        read(folder, GOOD + line + "\n" + GOOD)
    assert f"pairs.jsonl: line 2: {said}" in str(raised.value)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "line 1: must name the columns"),
        ("text,claims\na,b\n", "line 1: must name the columns"),
        ("text;claim\na;b\n", "line 1: must name the columns"),
        ("text,claim\n ,b\n", "line 2: 'text' must be a sentence"),
        ('text,claim\n"' + "a\n" * 600_000, "not CSV"),
        ("text,claim\n" + "a" * 1_000_001, "line 2: longer than 1,000,000"),
        ("x" * 2_000_000, "line 1: longer than 1,000,000"),
    ],
    ids=["empty", "other names", "semicolons", "no text", "an open quote",
         "a long line", "one line"],
)  # fmt: skip
def test_a_bad_table_is_named(folder: Path, content: str, said: str) -> None:
    with pytest.raises(InvalidPairsError) as raised:
        read(folder, content, "pairs.csv")
    assert "pairs.csv: " in str(raised.value)
    assert said in str(raised.value)


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.csv"])
@pytest.mark.parametrize(
    "content",
    [b"\x00" * 5_000, "text,claim".encode("utf-16"), b"\xff\xfe\x00", b"PK\x03\x04" * 99],
    ids=["NULs", "UTF-16", "no text at all", "an archive"],
)
def test_a_file_of_another_kind_is_refused(folder: Path, content: bytes, name: str) -> None:
    with pytest.raises(InvalidPairsError, match=r"line 1|no labelled sentence"):
        read(folder, content, name)


def test_a_file_without_sentences_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidPairsError, match="no labelled sentence"):
        read(folder, "\n\n")
    with pytest.raises(InvalidPairsError, match="no labelled sentence"):
        read(folder, "text,claim\n", "pairs.csv")
    with pytest.raises(FileNotFoundError):
        read_pairs(folder / "nowhere.jsonl")


@FEW_EXAMPLES
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode), csv=st.booleans())
def test_no_content_raises_anything_else(folder: Path, content: bytes, csv: bool) -> None:
    try:
        found = read(folder, content, "any.csv" if csv else "any.jsonl")
    except InvalidPairsError:
        return
    assert all(pair.text.strip() for pair in found)


@FEW_EXAMPLES
@given(st.dictionaries(st.text(min_size=1).filter(str.strip), st.frozensets(st.text()), min_size=1))
def test_what_is_written_as_json_lines_is_read_back(
    folder: Path, labels: dict[str, frozenset[str]]
) -> None:
    content = rows(*({"text": text, "claims": sorted(ids)} for text, ids in labels.items()))
    assert read(folder, content) == [
        LabelledSentence(text=text, claims=ids) for text, ids in labels.items()
    ]
