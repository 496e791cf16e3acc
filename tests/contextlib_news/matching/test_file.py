"""The index file: what is written comes back, and what is not it is refused."""

import json
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contextlib_news.errors import IndexFileError
from contextlib_news.matching import file as index_file
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.matching.scoring import load_model, model_from_row
from contextlib_news.models import Claim

CLAIMS = [
    Claim(id=f"c{number:03}", text=f"The bridge of village {number} opened in {1900 + number}.")
    for number in range(120)
]
INDEX = ClaimIndex.build(CLAIMS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    INDEX.save(tmp_path / "claims.idx")
    return tmp_path / "claims.idx"


def answers(index: ClaimIndex) -> list[list[tuple[str, float]]]:
    sentences = [claim.text for claim in CLAIMS[:20]]
    return [[(m.claim_id, m.score) for m in found] for found in index.search(sentences)]


def test_a_file_gives_the_same_answers(path: Path) -> None:
    assert answers(ClaimIndex.open(path)) == answers(INDEX)
    assert answers(ClaimIndex.open(path, verify=True)) == answers(INDEX)


def test_a_file_keeps_deltas_and_tombstones_without_building_anew(tmp_path: Path) -> None:
    changed = INDEX.with_changes(
        upserts=[Claim(id="c001", text="The mill burned down."), Claim(id="x", text="Snow fell.")],
        deletes=["c002"],
    )
    changed.save(tmp_path / "changed.idx")
    opened = ClaimIndex.open(tmp_path / "changed.idx")
    info = opened.info()
    assert (info.claims, info.segments, info.deleted) == (120, 2, 2)
    assert answers(opened) == answers(changed)
    assert opened.claim("c002") is None
    merged = opened.merged()
    assert merged.info().segments == 1
    merged.save(tmp_path / "merged.idx")
    ClaimIndex.build(changed).save(tmp_path / "anew.idx")
    assert (tmp_path / "merged.idx").read_bytes() == (tmp_path / "anew.idx").read_bytes()


def test_every_flipped_byte_is_noticed(path: Path) -> None:
    data = path.read_bytes()
    chance = random.Random(1)
    places = [*range(0, 60), *(chance.randrange(len(data)) for _ in range(300))]
    padding = 0
    for place in places:
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        try:
            opened = ClaimIndex.open(path)
        except IndexFileError:
            continue
        else:
            # Only the bytes that fill up a section mean nothing.
            padding += 1
            assert answers(opened) == answers(INDEX)
    assert padding < 20


def test_every_cut_is_noticed(path: Path) -> None:
    data = path.read_bytes()
    for length in [*range(0, 80), *range(80, len(data), len(data) // 50)]:
        path.write_bytes(data[:length])
        with pytest.raises(IndexFileError):
            ClaimIndex.open(path)
    path.write_bytes(data + b"more")
    with pytest.raises(IndexFileError, match="truncated"):
        ClaimIndex.open(path)


def test_a_header_that_lies_is_refused(path: Path) -> None:
    data = path.read_bytes()
    length = int.from_bytes(data[16:24], "little")
    header = json.loads(data[40 : 40 + length])
    lies = [
        lambda row: row["segments"][0].pop(),
        lambda row: row["segments"][0][0].update(dtype="|O8"),
        lambda row: row["segments"][0][0].update(offset=10**12),
        lambda row: row["segments"][0][0].update(length=-1),
        lambda row: row.update(segments="none"),
        lambda row: row["extra"].update(model={"features": []}),
        lambda row: row.pop("extra"),
    ]
    for lie in lies:
        row = json.loads(json.dumps(header))
        lie(row)
        path.write_bytes(index_file._frame(row) + data[40 + length :])
        with pytest.raises(IndexFileError, match=r"claims\.idx"):
            ClaimIndex.open(path)


def test_large_files_are_sampled_and_verified_on_request(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_file, "FULL_CHECK_BYTES", 0)
    monkeypatch.setattr(index_file, "SAMPLES", 2)
    monkeypatch.setattr(index_file, "SAMPLE_BYTES", 64)
    INDEX.save(path)
    data = bytearray(path.read_bytes())
    place = data.index(CLAIMS[37].text.encode())
    data[place] ^= 1
    path.write_bytes(data)
    ClaimIndex.open(path)
    with pytest.raises(IndexFileError, match="damaged"):
        ClaimIndex.open(path, verify=True)
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexFileError, match="damaged"):
        ClaimIndex.open(path)


def test_a_failed_save_leaves_the_old_file(path: Path) -> None:
    before = path.read_bytes()
    larger = ClaimIndex.build(
        [*CLAIMS, Claim(id="z", text="Another", variants=("word " * 900,) * 90)]
    )
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 1_000, limits[1]))
    try:
        with pytest.raises(OSError, match="large"):
            larger.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["claims.idx"]


@pytest.mark.slow
def test_a_killed_save_leaves_the_old_file(path: Path) -> None:
    script = (
        "import sys; from contextlib_news import Claim, ClaimIndex\n"
        "index = ClaimIndex.build([Claim(id=str(i), text=f'Claim {i} ') for i in range(3000)])\n"
        "print('ready', flush=True)\n"
        "while True: index.save(sys.argv[1])\n"
    )
    chance = random.Random(2)
    for _ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.random() * 0.3)
        process.kill()
        process.wait()
        process.stdout.close()
        assert len(ClaimIndex.open(path, verify=True)) in (120, 3000)


def test_processes_share_one_file_with_numba_and_without(path: Path) -> None:
    script = (
        "import json, sys\n"
        "if sys.argv[3] == 'without': sys.modules['numba'] = None\n"
        "from contextlib_news import ClaimIndex\n"
        "from contextlib_news.matching.kernels import COMPILED\n"
        "index = ClaimIndex.open(sys.argv[1])\n"
        "found = index.search(json.loads(sys.argv[2]))\n"
        "rows = [[(m.claim_id, m.score) for m in row] for row in found]\n"
        "print(json.dumps([COMPILED, rows]))\n"
    )
    sentences = json.dumps([claim.text for claim in CLAIMS[:20]])
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path), sentences, how],
            stdout=subprocess.PIPE,
            text=True,
        )
        for how in ("with", "without")
    ]
    printed = [json.loads(process.communicate()[0]) for process in running]
    assert [compiled for compiled, _ in printed] == [True, False]
    # With numba and without: the same to the last digit.
    assert printed[0][1] == printed[1][1]
    assert [[tuple(m) for m in row] for row in printed[0][1]] == answers(INDEX)


def test_a_refit_travels_with_its_index(path: Path) -> None:
    row = load_model().row | {"threshold": 0.123, "weights": {"containment": 2.0}}
    INDEX.with_model(model_from_row(row)).save(path)
    opened = ClaimIndex.open(path)
    assert opened.threshold == 0.123
    assert answers(opened) != answers(INDEX)
    assert opened.with_changes(deletes=["c001"]).threshold == 0.123
