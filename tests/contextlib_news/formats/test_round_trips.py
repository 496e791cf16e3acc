"""What is written in a format comes back from it: everything, or what the format can hold."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contextlib_news.formats.claim_objects import claim_from_dict, claim_to_dict, write_claims
from contextlib_news.formats.claims import load_claims, read_records
from contextlib_news.formats.feeds import write_claim_reviews, write_feed
from contextlib_news.formats.ratings import joint_verdict, verdict_of_rating
from contextlib_news.formats.records import Record
from contextlib_news.formats.review_objects import claim_key
from contextlib_news.formats.tables import FORMULA_STARTS, write_claim_table
from contextlib_news.models import Claim
from tests.contextlib_news.formats.claim_strategies import PUBLISHED, claims

US = "Us"


def write_csv(rows: list[Claim], stream: io.StringIO) -> None:
    write_claim_table((claim_to_dict(claim) for claim in rows), stream)


def write_jsonl(rows: list[Claim], stream: io.StringIO) -> None:
    write_claims(rows, stream)


def write_json(rows: list[Claim], stream: io.StringIO) -> None:
    json.dump({"claims": [claim_to_dict(claim) for claim in rows]}, stream, indent=1)


def loaded(text: str, name: str) -> list[Record]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode("utf-8"))
        found = list(read_records(path))
    records = [one for one in found if isinstance(one, Record)]
    assert len(records) == len(found), found
    return records


@pytest.mark.parametrize(
    ("name", "write"),
    [("c.jsonl", write_jsonl), ("c.csv", write_csv), ("c.json", write_json)],
)
@settings(max_examples=60)
@given(rows=st.lists(claims(), max_size=3) | st.lists(claims(full=True), min_size=1, max_size=2))
def test_our_own_formats_lose_nothing(
    name: str, write: Callable[[list[Claim], io.StringIO], None], rows: list[Claim]
) -> None:
    stream = io.StringIO()
    write(rows, stream)
    first = stream.getvalue()
    back = [record.claim for record in loaded(first, name)] if rows or name != "c.csv" else []
    assert back == rows
    again = io.StringIO()
    write(back, again)
    assert again.getvalue() == first


@given(claims(full=True))
def test_no_field_is_left_empty_by_the_property_tests(claim: Claim) -> None:
    assert set(claim_to_dict(claim)) == set(Claim.__dataclass_fields__)
    assert claim_from_dict(claim_to_dict(claim)) == claim


@given(st.lists(claims(full=True), max_size=2))
def test_no_cell_can_run_as_a_formula(rows: list[Claim]) -> None:
    stream = io.StringIO()
    write_csv(rows, stream)
    for cells in csv.reader(io.StringIO(stream.getvalue(), newline="")):
        for cell in cells:
            assert not cell.startswith(FORMULA_STARTS)


@pytest.mark.parametrize("write", [write_claim_reviews, write_feed])
@settings(max_examples=100)
@given(claim=PUBLISHED)
def test_what_schema_org_holds_comes_back(write: Callable[..., int], claim: Claim) -> None:
    stream = io.StringIO()
    count = write([claim], stream, publisher=US, address=lambda c: "https://us.example/claims/1")
    assert count == (1 if write is write_feed else 1 + len(claim.reviews))
    assert "</script" not in stream.getvalue().lower()
    (record,) = loaded(stream.getvalue(), "reviews.json")
    back = record.claim
    assert record.held == 1 + len(claim.reviews)
    for name in ("text", "claimant", "date", "language", "appearances", "topics", "valid_from"):
        assert getattr(back, name) == getattr(claim, name), name
    assert back.valid_until == claim.valid_until
    assert (back.title, back.subtitle) == (
        claim.title or next((r.title for r in claim.reviews if r.title), None),
        claim.subtitle,
    )
    others = {claim_key(text) for text in claim.variants} - {claim_key(claim.text)}
    assert {claim_key(text) for text in back.variants} == others
    ours, *rest = back.reviews
    assert (ours.publisher, ours.rating) == (US, str(claim.verdict))
    assert (ours.title, ours.explanation) == (claim.title, claim.summary)
    assert tuple(rest) == claim.reviews
    words = [str(claim.verdict), *(review.rating for review in claim.reviews)]
    assert back.verdict == joint_verdict(verdict_of_rating(word) for word in words)


def test_the_same_claims_give_the_same_bytes() -> None:
    def written(write: Callable[..., int]) -> str:
        stream = io.StringIO()
        write(load_claims(), stream, publisher=US, address=lambda c: f"https://us.example/{c.id}")
        return stream.getvalue()

    for write in (write_claim_reviews, write_feed):
        assert written(write) == written(write)
        json.loads(written(write))


def test_one_claim_at_a_time_is_held() -> None:
    """The writers take the next claim only when the one before is written."""
    stream = io.StringIO()
    seen: list[int] = []

    def one_by_one() -> object:
        for claim in load_claims()[:5]:
            seen.append(len(stream.getvalue()))
            yield claim

    for write in (write_claim_reviews, write_feed):
        seen.clear()
        write(one_by_one(), stream, publisher=US, address=lambda c: "https://us.example/")
        assert len(set(seen)) == 5
