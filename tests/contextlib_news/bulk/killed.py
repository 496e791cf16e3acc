"""A run that is killed at each step it takes on the disk, one after the other.

usage: python -m tests.contextlib_news.bulk.killed FOLDER INDEX INPUT...

Each time a child begins a fresh output and is killed by SIGKILL at its n-th opening, moving or
removing of a file there; further children, killed at later steps, bring it to its end. What came
out is compared byte by byte with that of a run nobody killed. Prints how many steps there were.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from contextlib_news.bulk.plan import Job
from contextlib_news.bulk.run import run_job
from tests.contextlib_news.bulk.made import job_for, serial

STEPS = ("open", "os.rename", "os.remove", "os.mkdir")


def child(job: Job, folder: Path, steps: int) -> int:
    """Run the job in a child that is killed at a step (0: never); return its wait status."""
    number = os.fork()
    if number:
        return os.waitpid(number, 0)[1]
    left = steps

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS and str(arguments[0]).startswith(str(folder)):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    if steps:
        sys.addaudithook(count)
    code = 1
    try:
        run_job(job, folder, serial, shown=False)
        code = 0
    finally:
        os._exit(code)


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of an output but the lock, which is empty."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "_lock"}


def main() -> None:
    """Kill at the first step, at the second, and so on until a run ends by itself."""
    root, index, *inputs = map(Path, sys.argv[1:])
    job = job_for(inputs, index)
    if child(job, root / "whole", 0):
        sys.exit("the run that nobody killed failed")
    wanted = content(root / "whole")
    steps = 0
    ended = False
    while not ended:
        steps += 1
        folder = root / f"killed-{steps}"
        status = child(job, folder, steps)
        ended = status == 0
        if not ended and os.WTERMSIG(status) != signal.SIGKILL:
            sys.exit(f"failed at step {steps}: {status}")
        # A second and a third kill, later than the first, and then nobody.
        for more in (steps + 3, 2 * steps + 7):
            if not ended:
                child(job, folder, more)
        if status := child(job, folder, 0):
            sys.exit(f"did not go on after step {steps}: {status}")
        if content(folder) != wanted:
            names = sorted(set(content(folder)) ^ set(wanted)) or "same names"
            sys.exit(f"another output after step {steps}: {names}")
        shutil.rmtree(folder)
    print(steps - 1)


if __name__ == "__main__":
    main()
