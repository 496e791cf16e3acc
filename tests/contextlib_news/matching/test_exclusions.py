"""What a curator has ruled out stays out, with its near copies and nothing else."""

from pathlib import Path

import pytest

from contextlib_news import Page, annotate
from contextlib_news.matching.exclusions import is_excluded
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim

CLAIM = Claim(
    id="bridge",
    text="The bridge at Elm Street opened in 1931.",
    variants=("Elm Street bridge was inaugurated in 1931",),
    exclusions=("The bridge at Elm Street closed in 2011 for repairs.",),
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge at Elm Street closed in 2011 for repairs.",
        "THE BRIDGE AT ELM STREET CLOSED IN 2011 FOR REPAIRS",
        "In 2011 the bridge at Elm Street closed for repairs.",
        "The old bridge at Elm Street closed in 2011 for repairs.",
        "“The bridge at Elm Street closed in 2011 for repairs,” said the mayor.",
        "LIMA (AP) — The bridge at Elm Street closed in 2011 for repairs, officials said Monday.",
    ],
)
def test_near_copies_are_ruled_out(sentence: str) -> None:
    assert is_excluded(CLAIM, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge at Elm Street opened in 1931.",
        "Elm Street bridge was inaugurated in 1931",
        "The bridge at Elm Street closed in 2013 for repairs.",
        "A ship sank off the coast of Peru.",
        "",
    ],
)
def test_other_statements_are_not(sentence: str) -> None:
    assert not is_excluded(CLAIM, sentence)


def test_an_exclusion_holds_through_changes_files_and_annotate(tmp_path: Path) -> None:
    said = CLAIM.exclusions[0]
    plain = Claim(id="bridge", text=CLAIM.text)
    index = ClaimIndex.build([plain])
    page = Page(text=f"{CLAIM.text} {said}")
    assert index.search([said])[0]
    newer = index.with_changes(upserts=[CLAIM])
    newer.save(tmp_path / "claims.idx")
    for one in (newer, newer.merged(), ClaimIndex.open(tmp_path / "claims.idx")):
        assert one.search([said]) == [[]]
        exact = [n.target.exact for n in annotate(page, index=one).notes if n.kind == "claim"]
        assert exact == [CLAIM.text]
