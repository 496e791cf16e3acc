"""Commands and servers multiply matrices in one thread; who imports the library decides alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from contextlib_news.cli import ONE_THREAD

COUNT = """
import os
import numpy as np
many = np.ones((600, 600), np.float32)
many @ many
print(len(os.listdir("/proc/self/task")))
"""
COMMAND = "from contextlib_news.cli import main; main(['sources', '--nonsense'])"
SERVER = "import contextlib_news_server.gunicorn_settings"
LIBRARY = "import contextlib_news.annotate"

pytestmark = pytest.mark.skipif(
    not os.path.isdir("/proc/self/task") or len(os.sched_getaffinity(0)) < 2,
    reason="counts threads in /proc, and one core needs no second",
)


def threads_of(first: str, **chosen: str) -> int:
    said = {*ONE_THREAD, "OMP_NUM_THREADS"}
    environment = {k: v for k, v in os.environ.items() if k not in said} | chosen
    program = f"try:\n    {first}\nexcept SystemExit:\n    pass\n{COUNT}"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.parametrize("first", [COMMAND, SERVER])
def test_commands_and_servers_take_one(first: str) -> None:
    assert threads_of(first) == 1


def test_the_library_leaves_it_to_its_user() -> None:
    assert threads_of(LIBRARY) > 1


def test_what_is_set_stays() -> None:
    assert threads_of(COMMAND, OPENBLAS_NUM_THREADS="2", MKL_NUM_THREADS="2") > 1
