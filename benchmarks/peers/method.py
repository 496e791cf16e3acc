"""What every measured method can do: build from a corpus, open, search, take in changes."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Not imported when a method runs: it would count as the method's memory.
    from benchmarks.corpora import Corpus
    from contextlib_news.models import Claim

__all__ = ["Engine", "Key", "Method", "UnavailableError", "searched_text"]

# A claim's id, or the number of its row in the corpus: whichever costs a method less.
Key = str | int


class UnavailableError(Exception):
    """A method lacks something on this machine; the message says what."""


class Engine(ABC):
    """An opened index."""

    @abstractmethod
    def search(self, sentences: Sequence[str], limit: int) -> Sequence[Sequence[Key]]:
        """Return for each sentence the keys of its best claims, best first."""

    def change(self, claims: Sequence[Claim], first_row: int) -> Engine:
        """Return the engine with claims added, whose rows are numbered from ``first_row`` on."""
        raise NotImplementedError

    def cpu_seconds(self) -> float:
        """Return the processor time that this engine has used so far."""
        return time.process_time()

    def close(self) -> None:  # noqa: B027  most engines hold nothing outside this process
        """Let go of what the engine holds outside this process."""


@dataclass(frozen=True, kw_only=True)
class Method(ABC):
    """A way to find claims, and how far it is measured.

    ``largest`` is the largest corpus that it is run on, ``sampled_pages`` how many pages of each
    kind are searched where all would take too long; ``family`` names the index that variants of
    one method share, ``in_process`` is false where a server does the work. ``without`` names
    packages that are as if not installed; one that is not ``quick`` would take longer to build
    than a short run may.
    """

    name: str
    title: str
    family: str
    version: str
    changes: bool = False
    copied_for_changes: bool = True
    in_process: bool = True
    largest: int | None = None
    sampled_pages: int | None = None
    remark: str = ""
    quick: bool = True
    without: tuple[str, ...] = ()

    @abstractmethod
    def build(self, corpus: Corpus, folder: Path) -> None:
        """Write the index of a corpus into a folder that is there and empty."""

    @abstractmethod
    def open(self, folder: Path) -> Engine:
        """Return the engine of a folder that :meth:`build` has filled."""

    def disk_bytes(self, folder: Path) -> int:
        """Return the size of what :meth:`build` wrote."""
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def searched_text(claim: Claim) -> str:
    """Return all text of a claim that is searched."""
    return " ".join(filter(None, (claim.text, claim.title, claim.subtitle, claim.claimant)))
