"""Does what a page of the documentation says, block by block, as a reader at a terminal would.

A block titled "... terminal" is typed into a terminal of that name and stays running there; typing
into it again ends with Ctrl+C what ran before. A block of another language is saved under its
title. All other ``sh`` blocks go into one terminal, one after the other, and must succeed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Block", "Walk", "blocks"]

FENCE = re.compile(r'^( *)```(\w*)(?: title="([^"]+)")?\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
PATIENCE = 900.0
STOPPING = 300.0


@dataclass(frozen=True)
class Block:
    """One fenced block of a page: its language, its title, and what it holds."""

    language: str
    title: str
    text: str


def blocks(page: Path, heading: str = "") -> list[Block]:
    """Return the fenced blocks of a page, or of one of its sections, in their order."""
    text = page.read_text("utf-8")
    if heading:
        _, _, rest = text.partition(f"## {heading}\n")
        assert rest, f"{page} has no section {heading}"
        text = rest.split("\n## ", 1)[0]
    return [
        Block(found[2], found[3] or "", textwrap.dedent(found[4])) for found in FENCE.finditer(text)
    ]


@dataclass
class Walk:
    """A reader with an empty folder, and an environment that knows nothing of this checkout.

    ``instead`` has what is other here than on the page: ports, the address of a database. ``typed``
    is what is typed where a command asks.
    """

    folder: Path
    environment: dict[str, str]
    instead: Mapping[str, str] = field(default_factory=dict)
    typed: str = ""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def do(self, block: Block) -> str:
        """Do one block; return what it printed, and for one that stays running its log's path."""
        # All at once: what stands in one place may hold what is looked for in another.
        there = re.compile("|".join(map(re.escape, self.instead)) or "(?!)")
        text = there.sub(lambda found: self.instead[found[0]], block.text)
        if block.language != "sh":
            assert block.title, block
            (self.folder / block.title).write_text(text, "utf-8")
            return ""
        if block.title.endswith("terminal"):
            return self._start(block.title, text)
        # What is exported stays so in this terminal.
        keep = f"{text}\nexport -p >'{self.folder}/.terminal'\n"
        done = subprocess.run(
            ["bash", "-euc", self._begin() + keep],
            cwd=self.folder,
            env=self.environment,
            input=self.typed.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
        )
        said = done.stdout.decode("utf-8", "replace")
        assert done.returncode == 0, f"{text}\n{said}"
        return said

    def _begin(self) -> str:
        state = self.folder / ".terminal"
        return f". '{state}'\n" if state.exists() else ""

    def _start(self, title: str, text: str) -> str:
        self.stop(title)
        log = self.folder / f"{title}.log"
        with log.open("wb") as output:
            self.running[title] = subprocess.Popen(
                ["bash", "-euc", text],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Of its own, so that Ctrl+C reaches all that runs in this terminal and no more.
                start_new_session=True,
                # A suite that was started in the background hands on that Ctrl+C is ignored.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        return str(log)

    def stop(self, title: str) -> None:
        """Press Ctrl+C in a terminal and wait until nothing runs there."""
        process = self.running.pop(title, None)
        if process is None:
            return
        assert process.poll() is None, (self.folder / f"{title}.log").read_text("utf-8")
        os.killpg(process.pid, signal.SIGINT)
        process.wait(STOPPING)

    def end(self) -> None:
        """End all that still runs."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()
