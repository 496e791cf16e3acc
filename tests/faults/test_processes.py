"""Processes that die, an index file that is damaged under them, and more readers than there is room
for: right answers or clear errors, and all is well a moment later.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.machines import PATIENCE, Service, ask, claims_told, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]

SENTENCE = "Islamic State fighters attacked the al-Sina'a prison in al-Hasakah on 20 January 2022."
PAGE = {"url": "https://example.org/story", "text": SENTENCE}

# What memory may grow after the caches have filled, in MB.
GROWTH_MB = 40.0


class Asked(Service):
    """A service, and the claims that the page is about: those it told of while all was well."""

    right: set[str]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Asked]:
    """Two processes over SQLite, one page at once each."""
    settings = {"CONTEXTLIB_NEWS_RATE_LIMIT": "none", "CONTEXTLIB_NEWS_MAX_AT_ONCE": "1"}
    service = Asked(tmp_path / "machine", "127.0.0.1", settings, workers=2)
    service.start()
    until(service.ready, "the service")
    until(lambda: len(service.children()) >= 2, "both processes")
    status, said, _ = ask(service.host, service.port, "POST", "/api/v1/annotate", PAGE)
    assert status == 200
    service.right = claims_told(said)
    assert service.right
    yield service
    service.kill()


class Crowd:
    """Readers that ask until they are told to stop; what they got is counted."""

    def __init__(self, service: Asked, readers: int, seconds: float = 120.0) -> None:
        self.statuses: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._service = service
        self._seconds = seconds
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(readers)]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive(), "a request hangs"

    def _read(self) -> None:
        while not self._ended.is_set():
            wrong, status = look(self._service, self._seconds)
            self.statuses[status] += 1
            if wrong:
                self.wrong.append(wrong)
            if status != "200":
                time.sleep(0.05)


def look(service: Asked, seconds: float = 120.0) -> tuple[str, str]:
    """Ask for the notes on a page; return what is wrong with the answer, and how it ended."""
    try:
        status, said, headers = ask(
            service.host, service.port, "POST", "/api/v1/annotate", PAGE, seconds=seconds
        )
    except TimeoutError:
        return "no answer within two minutes", "none"
    except OSError as error:
        return "", type(error).__name__
    if status == 503:
        return ("" if "Retry-After" in headers else "503 without Retry-After"), "503"
    if status != 200:
        return f"answered {status}", str(status)
    told = claims_told(said)
    return ("" if told == service.right else f"told of {told}"), "200"


def test_a_process_that_is_killed_under_load(service: Asked, soak_seconds: float) -> None:
    end = time.monotonic() + min(soak_seconds, 60.0)
    with Crowd(service, 4) as crowd:
        while time.monotonic() < end:
            before = set(service.children())
            service.kill_child()
            until(lambda before=before: len(set(service.children()) - before) > 0, "a new process")
            until(service.ready, "the service")
            time.sleep(1.0)
    assert crowd.wrong == []
    assert crowd.statuses["200"] > 0
    assert look(service) == ("", "200")
    print(f"\nkilled under load: {dict(crowd.statuses)}")


def damages() -> dict[str, Callable[[Path], None]]:
    """Return what may happen to an index file that is in use."""

    def cut(path: Path) -> None:
        os.truncate(path, path.stat().st_size // 2)

    def replace(path: Path) -> None:
        other = path.with_suffix(".other")
        other.write_bytes(b"no index" * 1_000)
        other.replace(path)

    def remove(path: Path) -> None:
        path.unlink()

    return {"cut": cut, "replaced": replace, "removed": remove}


@pytest.mark.parametrize("damage", list(damages()))
def test_an_index_file_that_is_damaged_in_use(service: Asked, damage: str) -> None:
    (path,) = service.data.glob("index-*.idx")
    with Crowd(service, 2) as crowd:
        until(lambda: crowd.statuses["200"] > 5, "answers")
        damages()[damage](path)
        time.sleep(2.0)
        for _ in range(2):
            service.kill_child()
        until(service.ready, "the service")
        right = crowd.statuses["200"]
        until(lambda: crowd.statuses["200"] > right + 5, "answers after it")
    assert crowd.wrong == []
    for _ in range(10):
        assert look(service) == ("", "200")


def test_a_crowd_is_turned_away_and_the_next_is_served(service: Asked) -> None:
    with Crowd(service, 64) as crowd:
        until(lambda: crowd.statuses["503"] > 50 and crowd.statuses["200"] > 50, "both answers")
    assert crowd.wrong == []
    assert set(crowd.statuses) <= {"200", "503"}
    # The crowd has gone: nothing that it asked for is left to be done.
    assert [look(service) for _ in range(20)] == [("", "200")] * 20
    print(f"\n64 readers: {dict(crowd.statuses)}")


def test_memory_stays_flat(service: Asked, soak_seconds: float) -> None:
    """``--soak-seconds 1800`` for the half hour."""
    seconds = max(soak_seconds, 60.0)
    end = time.monotonic() + seconds
    with Crowd(service, 2) as crowd:
        # Caches fill, and each process answers by each of its threads once.
        warm = time.monotonic() + seconds / 3
        while time.monotonic() < warm:
            time.sleep(0.5)
        first = resident_mb(service)
        levels = []
        while time.monotonic() < end:
            time.sleep(seconds / 30)
            levels.append(resident_mb(service))
    assert crowd.wrong == []
    last = sorted(levels[-5:])[2]
    print(f"\n{seconds:.0f} s, {crowd.statuses}: {first:.0f} MB, then {last:.0f} MB")
    assert last - first < GROWTH_MB


def resident_mb(service: Asked) -> float:
    """Return the memory of all processes of a service that is theirs alone, in MB."""
    total = 0
    for pid in service.children():
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Private_"):
                total += int(line.split()[1])
    return total / 1000
