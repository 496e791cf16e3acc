"""The notes on a page as they are found are those of the whole answer."""

from __future__ import annotations

import pytest

from contextlib_news import ClaimIndex, Page, annotate, load_claims, load_outlets
from contextlib_news.annotate import SENTENCES_AT_ONCE, STAGES, annotate_in_parts
from contextlib_news.models import Note


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    return ClaimIndex.build(load_claims())


def collect(page: Page, index: ClaimIndex, **more: object) -> tuple[list[Note], object]:
    parts = annotate_in_parts(page, index=index, outlets=load_outlets(), **more)  # type: ignore[arg-type]
    notes: list[Note] = []
    while True:
        try:
            notes += next(parts)
        except StopIteration as end:
            return notes, end.value


def test_each_note_comes_once_and_is_in_the_answer(index: ClaimIndex, article: str) -> None:
    # Longer than what is matched at once, so that the parts meet in the middle of it.
    page = Page(text=f"{article}\n{article}", url="https://veteranstoday.com/x")
    notes, whole = collect(page, index)
    assert whole == annotate(page, index=index, outlets=load_outlets())
    assert sorted(n.id for n in notes) == sorted(n.id for n in whole.notes)
    assert whole.document.checkworthy > SENTENCES_AT_ONCE


def test_every_stage_is_told_and_may_end_the_work(index: ClaimIndex, article: str) -> None:
    told: list[str] = []

    def watch(stage: str, seconds: float) -> None:
        assert seconds >= 0
        told.append(stage)
        if len(told) > 8:
            raise TimeoutError

    collect(Page(text=article[:2_000]), index, on_stage=lambda stage, _: told.append(stage))
    assert set(told) == set(STAGES)
    told.clear()
    with pytest.raises(TimeoutError):
        collect(Page(text=article * 20), index, on_stage=watch)
    assert len(told) == 9
