"""The first day that the documentation tells is walked through as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import first_day
from tests.browser.engine import Engine

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = first_day.HERE / "images" / "desk"


def test_the_first_day_is_as_it_is_written(engine: Engine, tmp_path: Path) -> None:
    taken: dict[str, bytes] = {}
    first_day.walk(engine, tmp_path, taken.__setitem__)
    page = first_day.PAGE.read_text(encoding="utf-8")
    for name, picture in taken.items():
        assert f"(images/desk/{name})" in page
        assert picture.startswith(b"\x89PNG")
    assert set(taken) == {path.name for path in PICTURES.iterdir()}
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 1_000_000
