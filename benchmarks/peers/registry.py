"""All methods in the order of the tables."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from benchmarks.peers.method import Method

__all__ = ["all_methods", "find_method"]

# The slow ones come last, so that a run that is broken off has measured the others.
_MODULES = (
    "tantivy", "contextlib_index", "exhaustive", "bm25s", "sparse_dot_topn", "sqlite",
    "rapidfuzz", "postgresql",
)  # fmt: skip


def all_methods() -> Iterator[Method]:
    """Yield every method whose package is installed, and say which is not."""
    for name in _MODULES:
        try:
            module = import_module(f"benchmarks.peers.{name}")
        except ModuleNotFoundError as error:
            print(f"{name}: not measured, {error.name} is not installed (make bench installs it)")
        else:
            yield from module.methods()


def find_method(module: str, name: str) -> Method:
    """Return one method, importing no package of the others: they would count as its memory."""
    methods: list[Method] = import_module(module).methods()
    return next(method for method in methods if method.name == name)
