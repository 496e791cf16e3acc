"""Applications in a process for each core, as the deployment guide starts the service."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from typing import Protocol
from urllib.error import URLError
from urllib.request import urlopen

from contextlib_news_server.serving import settle_memory
from flask import Flask

__all__ = ["CORES", "application", "served_by_workers"]

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
SECONDS_TO_START = 120


class Indices(Protocol):
    """Where the indices of a corpus lie."""

    ours: Path
    tantivy: Path


def application(build: Callable[[Indices, Path], Flask], indices: Indices) -> Flask:
    """Return the application of a worker, in a folder of its own, its memory settled."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    app = build(indices, folder)
    settle_memory()  # as the service does when it starts
    return app


@contextmanager
def served_by_workers(factory: str, indices: Indices) -> Iterator[int]:
    """Serve what a function of benchmarks.service returns, a process a core; yield the port."""
    with create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    call = f"benchmarks.service:{factory}({str(indices.ours)!r}, {str(indices.tantivy)!r})"
    command = [sys.executable, "-m", "gunicorn", "--workers", str(CORES), call]
    server = subprocess.Popen(
        [*command, "-c", "python:contextlib_news_server.gunicorn_settings"],
        env=os.environ | {"CONTEXTLIB_NEWS_HOST": "127.0.0.1", "CONTEXTLIB_NEWS_PORT": str(port)},
    )
    try:
        _wait(server, port)
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=SECONDS_TO_START):
                return
        except URLError:
            time.sleep(0.2)
    raise SystemExit("the workers did not begin to serve")
