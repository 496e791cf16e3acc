"""What is known about what you are reading: claims, outlets and fine print for a page.

The data flows one way: ``page -> document -> sentences -> matches -> stance -> notes``. The names
below are the stable surface; each stage is also a module of its own. Importing this package does
no work and reads no file.

>>> from contextlib_news import Claim, ClaimIndex, Page, annotate
>>> claim = Claim(id="bridge", text="The bridge at Elm Street opened in 1931.")
>>> index = ClaimIndex.build([claim])
>>> page = Page(text="The bridge at Elm Street opened in 1931.")
>>> [(note.claim.id, note.stance.value) for note in annotate(page, index=index).notes]
[('bridge', 'supports')]
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from contextlib_news.version import __version__

if TYPE_CHECKING:
    from contextlib_news.annotate import annotate
    from contextlib_news.errors import ContextError
    from contextlib_news.formats.claims import load_claims
    from contextlib_news.formats.outlets import load_outlets
    from contextlib_news.matching.index import ClaimIndex
    from contextlib_news.models import Block, Claim, Link, Outlet, Page
    from contextlib_news.reading.stance import read_sentence

__all__ = [
    "Block",
    "Claim",
    "ClaimIndex",
    "ContextError",
    "Link",
    "Outlet",
    "Page",
    "__version__",
    "annotate",
    "load_claims",
    "load_outlets",
    "read_sentence",
]

# Where each name is found. Loaded when it is asked for: a command that needs one of them should not
# wait for all, which takes a second.
_HOMES = {
    "Block": "contextlib_news.models",
    "Claim": "contextlib_news.models",
    "ClaimIndex": "contextlib_news.matching.index",
    "ContextError": "contextlib_news.errors",
    "Link": "contextlib_news.models",
    "Outlet": "contextlib_news.models",
    "Page": "contextlib_news.models",
    "load_claims": "contextlib_news.formats.claims",
    "load_outlets": "contextlib_news.formats.outlets",
    "read_sentence": "contextlib_news.reading.stance",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """The package, in which ``annotate`` is the function, whoever imports the module of that name.

    The import system binds a module to its name in the package, here over the function's.
    """

    @property
    def annotate(self) -> Any:
        return import_module("contextlib_news.annotate").annotate

    @annotate.setter
    def annotate(self, module: object) -> None:
        pass


if not TYPE_CHECKING:
    sys.modules[__name__].__class__ = _Package
