"""Whatever a file holds: records, rejections, or one of our errors; and never without end."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contextlib_news.errors import ContextError
from contextlib_news.formats.claim_objects import claim_from_dict, claim_to_dict
from contextlib_news.formats.claimreview import read_markup
from contextlib_news.formats.claims import read_records
from contextlib_news.formats.column_maps import ColumnMap
from contextlib_news.formats.dates import read_date
from contextlib_news.formats.json_values import JsonError
from contextlib_news.formats.lenient_json import parse_lenient
from contextlib_news.formats.outlet_tables import open_outlet_table
from contextlib_news.formats.records import Record, Rejection
from contextlib_news.formats.schema_values import addresses_in
from tests.contextlib_news.formats.review_shapes import make_cases

SUFFIXES = (".jsonl", ".json", ".csv", ".tsv", ".html", ".txt", "")
REVIEW = make_cases(7, plain=1, objects=0, texts=0)[0].content
SEEDS = (
    json.dumps(REVIEW),
    json.dumps({"dataFeedElement": [{"item": [REVIEW]}, {"item": None}]}),
    f'<html><script type="application/ld+json">{json.dumps(REVIEW)}</script></html>',
    'id,text,variants\na,"A ""b""",[1]\n',
    '{"id": "a", "text": "b", "reviews": [{"publisher": "p", "rating": "r"}]}\n',
    "domain,pc1\nelm.com,0.5\n",
)


def read_all(data: bytes, suffix: str) -> None:
    """Read a file in every way; what comes out must be what our own form can hold."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"c{suffix}"
        path.write_bytes(data)
        for columns in (None, ColumnMap.of(["*=-"]) if suffix != ".html" else None):
            try:
                for one in read_records(path, columns=columns):
                    assert isinstance(one, Record | Rejection)
                    if isinstance(one, Record):
                        assert claim_from_dict(claim_to_dict(one.claim)) == one.claim
                        assert one.held > 0
                    else:
                        assert one.place
                        assert one.reason
            except ContextError:
                continue
        try:
            list(open_outlet_table(path, rater="r").rows)
        except ContextError:
            return


@given(st.binary(max_size=200), st.sampled_from(SUFFIXES))
@example(b"", ".json")
@example(b"\xff\xfe", ".csv")
@example(b"\xff\xfe\x00", ".jsonl")
@example(b"\x00\x00\xfe\xff\x00", ".json")
def test_any_bytes(data: bytes, suffix: str) -> None:
    read_all(data, suffix)


@pytest.mark.parametrize("seed", SEEDS)
def test_files_with_bytes_changed_cut_and_doubled(seed: str) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        data = bytearray(seed.encode())
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(data) + 1)
            kind = rng.randrange(4)
            if kind == 0:
                data[at:at] = bytes(rng.choices(b"{}[]\":,\\'\n<>/&\x00\xff=", k=rng.randint(1, 3)))
            elif kind == 1:
                del data[at : at + rng.randint(1, 20)]
            elif kind == 2:
                data[at:at] = data[: rng.randint(1, 40)]
            else:
                del data[at:]
        read_all(bytes(data), rng.choice(SUFFIXES))


@given(st.text(alphabet="{}[]\":,\\'/*<!-\n u0a“”`=;é", max_size=80))
def test_mending_ends_in_values_or_a_place(text: str) -> None:
    try:
        parsed = parse_lenient(text)
    except JsonError:
        return
    assert parsed.values
    assert all(0 <= offset < len(text) for offset, _ in parsed.values)
    assert all(0 <= repair.offset <= len(text) for repair in parsed.repairs)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4) | st.lists(JSON, max_size=4))
def test_what_is_well_formed_is_read_as_json_reads_it(value: object) -> None:
    ((offset, found),) = parse_lenient(json.dumps(value)).values
    assert (offset, found) == (0, value)


@given(st.text(max_size=60) | st.integers() | st.floats() | JSON)
def test_no_value_for_a_date_raises(value: object) -> None:
    found, why = read_date(value)
    assert found is not None or why


@given(JSON)
def test_no_value_for_an_address_raises(value: object) -> None:
    good, odd = addresses_in(value, "https://a.example/")
    assert all(address.startswith("http") for address in good)
    assert all(isinstance(text, str) for text in odd)


@given(st.dictionaries(st.sampled_from(sorted(REVIEW)), JSON, max_size=6))
def test_no_value_of_a_field_raises(changes: dict[str, object]) -> None:
    results = list(read_markup(json.dumps({**REVIEW, **changes, "@type": "ClaimReview"}), "r"))
    assert sum(one.held if isinstance(one, Record) else 1 for one in results) >= 1


# Each grows with the square of its length where a reader looks behind or ahead without a bound;
# at these lengths that would take minutes, and the suite would not end.
LONG = 60_000
HOSTILE: dict[str, Callable[[], str]] = {
    "nested lists": lambda: "[" * LONG,
    "nested objects": lambda: '{"a":' * LONG,
    "a text of ten million letters": lambda: json.dumps({**REVIEW, "name": "x" * 10_000_000}),
    "a number of a million digits": lambda: '{"@type":"ClaimReview","claimReviewed":' + "9" * 1_000_000 + "}",
    "a huge exponent": lambda: '{"@type": "ClaimReview", "claimReviewed": 1e999999999}',
    "marks": lambda: '{"a":"' + '"' * LONG,
    "marks and commas": lambda: '{"a":"' + '",' * LONG,
    "marks and comments": lambda: '{"a":"' + '"/*' * LONG,
    "marks and line comments": lambda: '{"a":"' + '"//' * LONG,
    "marks and line ends": lambda: '{"a":"' + '"\n' * LONG,
    "marks that never end": lambda: "{" + "\n“a" * LONG,
    "names": lambda: "{" + '"a"' * LONG,
    "backslashes": lambda: '{"a":"' + "\\" * LONG,
    "closing brackets": lambda: "[" + "}" * LONG,
    "one name again and again": lambda: "{" + '"a":{},' * 20_000 + '"a":1}',
    "addresses": lambda: json.dumps({**REVIEW, "itemReviewed": {"appearance": "https://" * LONG}}),
    "many addresses": lambda: json.dumps({**REVIEW, "url": [f"https://a.example/{n}" for n in range(20_000)]}),
    "tags": lambda: json.dumps({**REVIEW, "claimReviewed": "<a " * LONG}),
    "entities": lambda: json.dumps({**REVIEW, "claimReviewed": "&amp;" * LONG}),
    "spaces": lambda: json.dumps({**REVIEW, "claimReviewed": "a" + " " * LONG + "b"}),
    "references to references": lambda: json.dumps(
        {"@graph": [{**REVIEW, "author": {"@id": "#0"}}]
         + [{"@id": f"#{n}", "x": [{"@id": f"#{n + 1}"}] * 50} for n in range(60)]}
    ),
    "scripts": lambda: '<script type="application/ld+json">{</script>' * 3_000,
    "items": lambda: "<div itemscope itemtype='ClaimReview' itemref='a'><p id='a' itemprop=x>" * 2_000,
    "one line": lambda: "a," * 3_000_000,
    "open cells": lambda: "id,text\n" + 'a,"b\n' * 20_000,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_end(name: str) -> None:
    data = HOSTILE[name]().encode()
    for suffix in (".json", ".jsonl", ".csv"):
        read_all(data, suffix)
    if len(data) < 2_000_000:
        read_all(data, ".html")
