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

from contextlib_news.annotate import annotate
from contextlib_news.errors import ContextError
from contextlib_news.formats.claims import load_claims
from contextlib_news.formats.outlets import load_outlets
from contextlib_news.matching.index import ClaimIndex
from contextlib_news.models import Block, Claim, Link, Outlet, Page
from contextlib_news.reading.stance import read_sentence
from contextlib_news.version import __version__

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
