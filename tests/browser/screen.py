"""A screen of its own for a browser, with a keyboard that is the system's own."""

from __future__ import annotations

import os
import shutil
import subprocess

__all__ = ["Screen", "lacking"]

PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}


def lacking() -> str:
    """Return what is to be installed before there can be a screen, empty for nothing."""
    return " ".join(package for program, package in PROGRAMS.items() if not shutil.which(program))


class Screen:
    """A screen that nobody sees."""

    def __init__(self, width: int = 1400, height: int = 1000) -> None:
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._server.stdout is not None
        # It takes a number that is free, and tells it once it can be used.
        number = self._server.stdout.readline().strip()
        assert number, "the screen did not start"
        self.environment = {**os.environ, "DISPLAY": f":{number}"}

    def _do(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout

    def front(self, name: str) -> bool:
        """Bring the window to the front whose title has these words; says whether there is one."""
        windows = self._do("search", "--onlyvisible", "--name", name).split()
        if windows:
            self._do("windowfocus", "--sync", windows[-1])
        return bool(windows)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, such as ``alt+shift+k``."""
        self._do("key", *keys)

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(120)
        if self._server.stdout is not None:
            self._server.stdout.close()
