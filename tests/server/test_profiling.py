"""Slow requests leave a profile where a folder is named, and nothing of what they worked on."""

from __future__ import annotations

import pstats
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from contextlib_news_server import create_app, profiling
from contextlib_news_server.config import Config
from contextlib_news_server.profiling import Profiling
from contextlib_news_server.services import KEY

from contextlib_news.errors import CommandError

SECRET = "Swordfish fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."


def profiles(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "profiles"
    made.mkdir()
    return made


@pytest.mark.parametrize("form", ["application/json", "application/x-ndjson"])
def test_a_slow_request_leaves_a_profile(config: Config, folder: Path, form: str) -> None:
    app = create_app(replace(config, profile_folder=folder, profile_milliseconds=0))
    page = {"text": SECRET, "url": "https://swordfish.example/story"}
    headers = {"Accept": form}
    with app.test_client().post("/api/v1/annotate", json=page, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.data
    app.extensions[KEY].engine.dispose()
    (written,) = profiles(folder)
    stats: Any = pstats.Stats(str(written))
    names = {name for _, _, name in stats.stats}
    assert {"annotate_in_parts", "read_page", "search"} <= names
    assert b"swordfish" not in written.read_bytes().lower()


def test_a_quick_one_leaves_none(config: Config, folder: Path) -> None:
    app = create_app(replace(config, profile_folder=folder, profile_milliseconds=600_000))
    assert app.test_client().get("/healthz").status_code == 200
    app.extensions[KEY].engine.dispose()
    assert profiles(folder) == []


def closed(body: Iterable[bytes]) -> list[bytes]:
    """Read a body to its end and close it, as a server does."""
    try:
        return list(body)
    finally:
        if hasattr(body, "close"):
            body.close()


def test_there_are_never_too_many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiling, "MOST_FILES", 3)
    (folder / "another-file").write_text("stays")
    application = Profiling(lambda environ, start: [b"a"], folder, 0)
    for _ in range(6):
        assert closed(application({}, None)) == [b"a"]
    assert [path.name[:8] for path in profiles(folder)] == ["another-", *["profile-"] * 3]


def test_one_at_a_time_and_the_others_go_on(folder: Path) -> None:
    inside, leave = threading.Event(), threading.Event()

    def wait(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ:
            inside.set()
            assert leave.wait(300)
        return [b"done"]

    application = Profiling(wait, folder, 0)
    thread = threading.Thread(target=lambda: closed(application({"slow": "yes"}, None)))
    thread.start()
    try:
        assert inside.wait(300)
        assert closed(application({}, None)) == [b"done"]
        assert profiles(folder) == []
    finally:
        leave.set()
        thread.join()
    assert len(profiles(folder)) == 1


@pytest.mark.parametrize("breaks", ["at once", "on the way"])
def test_an_application_that_breaks_is_let_go(folder: Path, breaks: str) -> None:
    def broken(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if not environ:
            return [b"fine"]
        if breaks == "at once":
            raise ZeroDivisionError

        def body() -> Iterator[bytes]:
            yield b"a"
            raise ZeroDivisionError

        return body()

    application = Profiling(broken, folder, 0)
    with pytest.raises(ZeroDivisionError):
        closed(application({"breaks": "yes"}, None))
    assert closed(application({}, None)) == [b"fine"]
    assert len(profiles(folder)) == 2


def test_a_folder_that_is_gone_harms_no_request(tmp_path: Path) -> None:
    application = Profiling(lambda environ, start: [b"a"], tmp_path / "gone", 0)
    assert closed(application({}, None)) == [b"a"]
    assert closed(application({}, None)) == [b"a"]


def test_another_profiler_may_be_at_work(folder: Path) -> None:
    import cProfile

    with cProfile.Profile():
        application = Profiling(lambda environ, start: [b"a"], folder, 0)
        assert closed(application({}, None)) == [b"a"]


def test_the_folder_must_be_there(tmp_path: Path) -> None:
    given = {"CONTEXTLIB_NEWS_PROFILE_FOLDER": str(tmp_path / "gone")}
    with pytest.raises(CommandError, match="PROFILE_FOLDER must be a folder"):
        Config.from_env(given)


def test_it_is_off_by_default(tmp_path: Path) -> None:
    assert Config.from_env({"CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path)}).profile_folder is None
