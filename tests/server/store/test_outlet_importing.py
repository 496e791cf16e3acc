"""Outlet lists as sources: side by side, the same twice, and taken back without a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from contextlib_news_server.store import outlets, revisions, sources
from contextlib_news_server.store.database import read
from contextlib_news_server.store.outlet_importing import OutletCounts, import_outlets
from contextlib_news_server.store.removal import remove
from sqlalchemy import Engine

from contextlib_news.errors import CommandError
from contextlib_news.formats.outlet_tables import open_outlet_table
from contextlib_news.formats.outlets import load_outlets
from contextlib_news.formats.records import Rejection
from contextlib_news.models import Outlet

HEADER = "domain,path_pattern,level,layer\n"
ROWS = (
    "elm.example.com,,reliable,rated\n"
    "elm.example.com,/blogs^,unreliable,rated-path\n"
    "oak.com,,no consensus,manual\n"
)
DETAILS = {"url": "https://list.example.org/", "licence": "CC0", "method": None, "date": "2026-01"}


def bring(
    engine: Engine, tmp_path: Path, text: str, name: str = "list", **options: bool
) -> tuple[OutletCounts, list[Rejection]]:
    path = tmp_path / "outlets.csv"
    path.write_text(text, encoding="utf-8")
    refused: list[Rejection] = []
    counts = import_outlets(
        engine,
        open_outlet_table(path, rater=name).rows,
        source=name,
        made_by="import",
        details=DETAILS,
        rejected=refused.append,
        **options,
    )
    return counts, refused


def held(engine: Engine) -> dict[str, Outlet]:
    with read(engine) as connection:
        return {outlet.domain: outlet for outlet in outlets.directory(connection)}


def test_an_empty_list_withdraws_nothing(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, HEADER + ROWS)
    before = held(engine)
    with pytest.raises(CommandError, match="there is no rating in it; nothing was changed"):
        bring(engine, tmp_path, HEADER)
    assert held(engine) == before


def test_rows_of_a_domain_stand_side_by_side(engine: Engine, tmp_path: Path) -> None:
    counts, refused = bring(engine, tmp_path, HEADER + ROWS)
    assert (counts.rows.added, counts.rows.rejected, refused) == (3, 0, [])
    elm = held(engine)["elm.example.com"]
    assert [(r.label, r.path) for r in elm.ratings] == [
        ("reliable", None),
        ("unreliable", "/blogs^"),
    ]
    with read(engine) as connection:
        (source,) = sources.listed(connection)
        assert (source.kind, source.licence, source.date) == ("outlets", "CC0", "2026-01")
        assert sources.counts(connection, source).ratings == 3


def test_the_same_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, HEADER + ROWS)
    before = held(engine)
    counts, _ = bring(engine, tmp_path, HEADER + ROWS)
    rows = counts.rows
    assert (rows.added, rows.changed, rows.unchanged, counts.withdrawn) == (0, 0, 3, 0)
    assert held(engine) == before
    with read(engine) as connection:
        assert len(revisions.history(connection, "outlet", _key(engine, "oak.com"))) == 1


def test_lists_do_not_overwrite_each_other(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, HEADER + ROWS)
    bring(engine, tmp_path, "domain,pc1\noak.com,0.9\n", "scores")
    bring(engine, tmp_path, "domain,label,name\noak.com,fine,The Oak\n", "ours")
    oak = held(engine)["oak.com"]
    assert [r.source for r in oak.ratings] == [
        "Wikipedia reliable sources goggle",
        "Lin et al. 2023",
        "ours",
    ]
    assert oak.name == "The Oak"


def test_five_in_a_hundred_broken_rows_cost_themselves(engine: Engine, tmp_path: Path) -> None:
    lines = [f"elm{n}.com,{n / 100}" for n in range(100)]
    lines[10::20] = ["elm. com,0.5", "elm.com,high", ",0.5", '"elm.com,0.5', "elm.com,0.5,1,2"]
    counts, refused = bring(engine, tmp_path, "domain,pc1\n" + "\n".join(lines))
    assert (counts.rows.added, counts.rows.rejected) == (95, 5)
    assert [one.place.rsplit(" ", 1)[1] for one in refused] == ["12", "32", "52", "72", "92"]
    assert all(one.reason for one in refused)
    assert len(held(engine)) == 95


def test_what_a_list_drops_is_withdrawn_unless_rows_are_broken(
    engine: Engine, tmp_path: Path
) -> None:
    bring(engine, tmp_path, HEADER + ROWS)
    broken = HEADER + "oak.com,,reliable,manual\n,,,\nelm,,odd,manual\n"
    counts, _ = bring(engine, tmp_path, broken)
    assert (counts.rows.changed, counts.withdrawn, counts.stale) == (1, 0, 1)
    assert held(engine)["elm.example.com"].ratings
    counts, _ = bring(engine, tmp_path, HEADER + "oak.com,,reliable,manual\n")
    assert (counts.rows.unchanged, counts.withdrawn, counts.stale) == (1, 1, 0)
    assert set(held(engine)) == {"oak.com"}


def test_a_trial_keeps_nothing(engine: Engine, tmp_path: Path) -> None:
    counts, _ = bring(engine, tmp_path, HEADER + ROWS, dry_run=True)
    assert counts.rows.added == 3
    assert held(engine) == {}
    with read(engine) as connection:
        assert sources.listed(connection) == []


def test_a_list_is_taken_back_without_a_trace(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        outlets.save_many(connection, list(load_outlets()), made_by="x", reason="starter")
    before = held(engine)
    bring(engine, tmp_path, HEADER + ROWS + "nytimes.com,,unreliable,manual\n")
    assert held(engine) != before
    counts = remove(engine, "list", made_by="Ada")
    assert (counts.outlets, counts.ratings) == (3, 4)
    assert held(engine) == before


def test_one_statement_of_two_sources_is_shown_once(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        outlets.save_many(connection, list(load_outlets()), made_by="x", reason="starter")
    before = held(engine)["reuters.com"]
    assert any(rating.source == "Lin et al. 2023" for rating in before.ratings)
    score = next(r.score for r in before.ratings if r.source == "Lin et al. 2023")
    bring(engine, tmp_path, f"domain,pc1\nreuters.com,{score}\n")
    assert held(engine)["reuters.com"] == before


def _key(engine: Engine, domain: str) -> str:
    with read(engine) as connection:
        source = sources.get(connection, "list")
        assert source is not None
        return outlets.record_key(domain, source.number)
