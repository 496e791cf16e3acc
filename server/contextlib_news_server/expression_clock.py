"""A program of its own: times expressions on sentences, and says which one takes too long.

An expression that tries every way there is holds the whole interpreter and cannot be stopped from
within, so that this runs beside the service, which ends it when its time is over.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["main"]

MOST_CHARACTERS = 600
MOST_RUNS = 30

# One expression on one sentence takes far less than a millisecond.
MOST_SECONDS = 0.06
TRIES = 3

# A rule within all bounds takes a tenth of this; one that tries every way would take years.
MOST_OF_ALL = 5

_SYNTAX = re.compile(r"\\.|\{[^}]*\}|\[[^\]]*\]|\(\?[:=!<]+|[()|?^$.]")


def probes(expression: str) -> Iterator[str]:
    """Yield sentences that make a careless expression try every way: its own letters, over again.

    >>> list(probes("(?:x|xy){0,9}z"))[3][:12]
    'xxxxxxxxxxxx'
    """
    yield "a" * MOST_CHARACTERS
    yield "a " * (MOST_CHARACTERS // 2)
    yield "not a " * (MOST_CHARACTERS // 6)
    runs = [run for run in _SYNTAX.sub("\0", expression).split("\0") if run.strip()]
    runs = list(dict.fromkeys(runs))[:MOST_RUNS]
    for run in [*runs, *map("".join, pairwise(runs))]:
        yield (run * MOST_CHARACTERS)[: MOST_CHARACTERS - 1] + "!"
        yield (f"{run.strip()} " * MOST_CHARACTERS)[: MOST_CHARACTERS - 1] + "!"


def is_slow(expression: str, sentences: list[str]) -> bool:
    """Say whether an expression takes long on one of its probes or of some sentences."""
    compiled = re.compile(expression, re.IGNORECASE)
    for sentence in (*probes(expression), *sentences):
        # Slow once may be the machine's doing.
        for _ in range(TRIES):
            began = time.process_time()
            compiled.search(sentence[:MOST_CHARACTERS])
            if time.process_time() - began <= MOST_SECONDS:
                break
        else:
            return True
    return False


def main() -> None:
    """Read expressions and sentences as JSON, write the first expression that is slow or null."""
    with contextlib.suppress(ImportError):  # of processor time, so that a busy machine refuses none
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (MOST_OF_ALL, MOST_OF_ALL))
    asked = json.load(sys.stdin)
    slow = (text for text in asked["expressions"] if is_slow(text, asked["sentences"]))
    json.dump(next(slow, None), sys.stdout)


if __name__ == "__main__":
    main()
