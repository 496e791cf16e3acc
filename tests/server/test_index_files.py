"""The index follows the store: at once, from other processes, from its file, after a restore."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from contextlib_news_server import matcher as module
from contextlib_news_server.matcher import Matcher
from contextlib_news_server.store import claims, drafts, outlets
from contextlib_news_server.store.backup import write_backup
from contextlib_news_server.store.database import open_database
from contextlib_news_server.store.restoring import restore_backup
from sqlalchemy import Engine

from contextlib_news.matching.encoder import WEIGHTS_PACKAGE, Encoder
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Claim, Outlet, Rating

BRIDGE = Claim(id="bridge", text="The bridge at Elm Street opened in 1931.")
SENTENCE = "The Elm Street bridge was opened in 1931."


def save(engine: Engine, *new: Claim) -> None:
    with engine.begin() as connection:
        claims.save_many(connection, new, made_by="a test", reason="r")


def found(matcher: Matcher, sentence: str = SENTENCE) -> str | None:
    (matches,) = matcher.current().index.search([sentence], limit=1)
    return matches[0].claim_id if matches else None


def numbered(count: int, word: str = "bridge") -> list[Claim]:
    return [
        Claim(id=f"{word}-{n:05}", text=f"The {word} number {n} was opened in the year {1000 + n}.")
        for n in range(count)
    ]


@pytest.fixture
def matcher(engine: Engine, tmp_path: Path) -> Matcher:
    matcher = Matcher(engine, 0.0, folder=tmp_path / "data")
    matcher.current()
    return matcher


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the index was built anew")

    monkeypatch.setattr(ClaimIndex, "build", fail)


def test_a_published_change_is_found_at_once(engine: Engine, matcher: Matcher) -> None:
    assert found(matcher) is None
    save(engine, BRIDGE)
    assert found(matcher) == "bridge"
    with engine.begin() as connection:
        drafts.retire(connection, "bridge", seen=1, made_by="a test", reason="r")
    assert found(matcher) is None


def test_a_draft_is_not_found(engine: Engine, matcher: Matcher) -> None:
    with engine.begin() as connection:
        held = drafts.save_draft(connection, BRIDGE, seen=None, made_by="a test", reason="r")
    assert found(matcher) is None
    with engine.begin() as connection:
        drafts.publish(connection, "bridge", seen=held.newest.revision, made_by="a test")
    assert found(matcher) == "bridge"


def test_a_change_of_another_process_is_found(
    database: str, engine: Engine, matcher: Matcher, tmp_path: Path
) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text('{"id": "bridge", "text": "The bridge at Elm Street opened in 1931."}\n')
    command = [sys.executable, "-m", "contextlib_news", "import", "claims", str(file)]
    done = subprocess.run(
        [*command, "--database", database],
        env=os.environ | {"CONTEXTLIB_NEWS_DATA_FOLDER": str(tmp_path / "other")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert found(matcher) == "bridge"


def test_many_changes_are_indexed_beside_the_requests(
    engine: Engine, matcher: Matcher, tmp_path: Path
) -> None:
    save(engine, *numbered(1_500))
    save(engine, *numbered(700, "tunnel"), BRIDGE)
    matcher.current()
    matcher.wait(300)
    snapshot = matcher.current()
    assert len(snapshot.index) == 2_201
    assert found(matcher) == "bridge"
    fresh = ClaimIndex.build([*numbered(1_500), *numbered(700, "tunnel"), BRIDGE])
    for claim in (*numbered(1_500)[::97], *numbered(700, "tunnel")[::97]):
        (one,), (other,) = (i.search([claim.text], limit=1) for i in (snapshot.index, fresh))
        assert one[0].claim_id == other[0].claim_id == claim.id


def test_many_small_changes_leave_few_segments(engine: Engine, matcher: Matcher) -> None:
    for claim in numbered(40):
        save(engine, claim)
        assert found(matcher, claim.text) == claim.id
    matcher.wait(300)
    assert len(matcher.current().index.sizes) <= module.MAX_SEGMENTS + 1
    assert len(matcher.current().index) == 40


def test_a_start_opens_the_file_and_catches_up(
    engine: Engine, matcher: Matcher, tmp_path: Path, no_build: None
) -> None:
    save(engine, BRIDGE)
    again = Matcher(engine, 0.0, folder=tmp_path / "data")
    assert found(again) == "bridge"
    assert again.current().change == matcher.current().change


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "foreign"])
def test_a_file_that_cannot_be_read_is_built_anew(
    engine: Engine, matcher: Matcher, tmp_path: Path, damage: str
) -> None:
    save(engine, BRIDGE)
    (path,) = (tmp_path / "data").glob("index-*.idx")
    data = path.read_bytes()
    middle = len(data) // 2
    path.unlink()  # the one that is mapped stays as it is
    path.write_bytes(
        {
            "truncated": data[:middle],
            "flipped": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
            "empty": b"",
            "foreign": b"x" * len(data),
        }[damage]
    )
    assert found(Matcher(engine, 0.0, folder=tmp_path / "data")) == "bridge"


def test_an_index_is_built_once_for_several_machines(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    save(engine, BRIDGE)
    assert found(Matcher(engine, 0.0, folder=tmp_path / "one", share=share)) == "bridge"

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the index was built anew")

    with monkeypatch.context() as patch:
        patch.setattr(ClaimIndex, "build", fail)
        assert found(Matcher(engine, 0.0, folder=tmp_path / "two", share=share)) == "bridge"
    (path,) = share.glob("index-*.idx")
    assert (tmp_path / "two" / path.name).read_bytes() == path.read_bytes()
    assert not [p for p in share.iterdir() if p.suffix == ".part"]


@pytest.mark.parametrize("damage", ["truncated", "flipped", "gone"])
def test_a_common_index_that_is_damaged_is_passed_over(
    engine: Engine, tmp_path: Path, damage: str
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    save(engine, BRIDGE)
    Matcher(engine, 0.0, folder=tmp_path / "one", share=share).current()
    (path,) = share.glob("index-*.idx")
    data = path.read_bytes()
    middle = len(data) // 2
    if damage == "gone":
        shutil.rmtree(share)
    elif damage == "truncated":
        path.write_bytes(data[:middle])
    else:
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    assert found(Matcher(engine, 0.0, folder=tmp_path / "two", share=share)) == "bridge"


def test_a_folder_that_cannot_be_written_costs_only_time(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    save(engine, BRIDGE)
    assert found(Matcher(engine, 0.0, folder=tmp_path / "file")) == "bridge"


def test_a_restored_database_is_not_taken_for_the_old_one(
    engine: Engine, matcher: Matcher, tmp_path: Path
) -> None:
    save(engine, BRIDGE)
    write_backup(engine, tmp_path / "b")
    save(engine, *numbered(3))
    assert len(matcher.current().index) == 4
    restore_backup(engine, tmp_path / "b", replace=True)
    matcher.current()
    matcher.wait(300)
    assert len(matcher.current().index) == 1
    assert len(Matcher(engine, 0.0, folder=tmp_path / "data").current().index) == 1


def test_the_file_of_another_database_is_not_opened(
    engine: Engine, matcher: Matcher, tmp_path: Path
) -> None:
    save(engine, BRIDGE)
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}", seed_new=False)
    save(other, *numbered(2))
    assert len(Matcher(other, 0.0, folder=tmp_path / "data").current().index) == 2
    other.dispose()


def test_only_the_newest_file_stays(engine: Engine, matcher: Matcher, tmp_path: Path) -> None:
    save(engine, *numbered(700))
    matcher.current()
    matcher.wait(300)
    (path,) = (tmp_path / "data").glob("index-*.idx")
    assert path.stem.endswith("-700")


def test_an_outlet_that_changed_is_found(engine: Engine, matcher: Matcher) -> None:
    assert matcher.current().outlets.get("example.org") is None
    rating = Rating(source="A rater", label="good", date="2026", url="https://example.net/")
    with engine.begin() as connection:
        outlets.save(connection, Outlet(domain="example.org", name="E", ratings=(rating,)))
    assert matcher.current().outlets.get("example.org") is not None


@pytest.mark.skipif(
    any(find_spec(name) is None for name in ("onnxruntime", "onnx", WEIGHTS_PACKAGE)),
    reason="the semantic tier is not installed: onnxruntime, onnx and the weights",
)
def test_vectors_are_kept_in_the_file_and_when_segments_are_joined(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = Encoder.open(cache=tmp_path)
    seen: list[str] = []
    real = Encoder.encode

    def encode(self, texts):  # type: ignore[no-untyped-def]
        seen.extend(texts)
        return real(self, texts)

    monkeypatch.setattr(Encoder, "encode", encode)
    save(engine, BRIDGE)
    first = Matcher(engine, 0.0, encoder, tmp_path / "data")
    assert found(first, "Drivers crossed it in 1931.") == "bridge"
    seen.clear()
    again = Matcher(engine, 0.0, encoder, tmp_path / "data")
    assert len(again.current().index) == 1
    assert seen == []
    save(engine, *numbered(3, "tunnel"))
    assert len(again.current().index.merged()) == 4
    assert sorted(seen) == sorted(claim.text for claim in numbered(3, "tunnel"))
    # Without the encoder the same folder serves an index of words.
    assert found(Matcher(engine, 0.0, folder=tmp_path / "data")) == "bridge"
