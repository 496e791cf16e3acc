"""How long the service takes from the start of its process until it says that it is ready.

``python -m benchmarks.start --database URL --folder FOLDER`` starts ``serve`` on a database that is
filled, twice: with FOLDER empty, so that the index is built and written there, and again with the
file that the first start left. Stated are the time by the clock until ``/readyz`` answers 200, the
processor time of the process up to then, and its memory.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

MILLION = 1_000_000
LONGEST_SECONDS = 3_600.0
# Of the clock that the kernel counts processor time by.
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Run from the command line; one line of JSON a start."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.start")
    parser.add_argument("--database", required=True, metavar="URL", help="of benchmarks.store")
    parser.add_argument("--folder", required=True, type=Path, help="for the index; is made empty")
    options = parser.parse_args()
    shutil.rmtree(options.folder, ignore_errors=True)
    for found in ("no index file", "the file of the first start"):
        print(json.dumps({"found": found, **start(options.database, options.folder)}), flush=True)
    return 0


def start(database: str, folder: Path) -> dict[str, float]:
    """Start the service, wait until it is ready, end it, and return what that took."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "CONTEXTLIB_NEWS_DATABASE": database,
        "CONTEXTLIB_NEWS_DATA_FOLDER": str(folder),
        "CONTEXTLIB_NEWS_PORT": str(port),
    }
    command = [sys.executable, "-m", "contextlib_news", "serve"]
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            while not _ready(port):
                if process.poll() is not None:
                    raise SystemExit(f"the service ended with {process.returncode}")
                if time.monotonic() - began > LONGEST_SECONDS:
                    raise SystemExit("the service does not get ready")
                time.sleep(0.05)
            seconds = time.monotonic() - began
            spent = Path(f"/proc/{process.pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
            status = Path(f"/proc/{process.pid}/status").read_text("ascii")
        finally:
            process.terminate()
    memory = {
        name: int(value.split()[0]) * 1024 / MILLION
        for name, _, value in (line.partition(":") for line in status.splitlines())
        if name in ("VmHWM", "RssAnon")
    }
    return {
        "seconds": round(seconds, 2),
        "CPU seconds": round((int(spent[11]) + int(spent[12])) / TICKS, 2),
        "peak MB": round(memory["VmHWM"], 1),
        "own MB when ready": round(memory["RssAnon"], 1),
        "load": round(os.getloadavg()[0], 1),
    }


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
