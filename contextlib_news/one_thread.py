"""One thread for products of matrices in our own processes, unless their owner says otherwise.

A library of linear algebra starts a thread a core, and those that have nothing to do wait by
working. Where other processes want the cores too, a page by meaning took six times the processor
time of one thread (docs/performance.md); pages are parted among threads and processes instead.
"""

from __future__ import annotations

import os

__all__ = ["VARIABLES", "keep_to_one_thread"]

# What numpy's libraries of linear algebra read when numpy is imported for the first time.
VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def keep_to_one_thread() -> None:
    """Have numpy, imported after this, multiply in one thread; what is set already stays.

    For commands and servers, whose process is ours. Whoever imports the library decides alone.
    """
    for name in VARIABLES:
        os.environ.setdefault(name, "1")
