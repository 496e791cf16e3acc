import subprocess
import sys

import contextlib_news


def test_names_are_sorted_and_exist() -> None:
    assert list(contextlib_news.__all__) == sorted(contextlib_news.__all__, key=str)
    for name in contextlib_news.__all__:
        assert getattr(contextlib_news, name) is not None


def test_contract_names_are_public() -> None:
    asked = {
        "Claim",
        "ClaimIndex",
        "Page",
        "annotate",
        "load_claims",
        "load_outlets",
        "read_sentence",
    }
    assert asked <= set(contextlib_news.__all__)


def test_every_public_name_is_documented() -> None:
    for name in contextlib_news.__all__:
        if name != "__version__":
            assert (getattr(contextlib_news, name).__doc__ or "").strip(), name


def test_importing_the_package_loads_nothing_heavy_and_annotate_stays_the_function() -> None:
    """A command starts in a twentieth of a second, and a module's name hides no function."""
    program = """
import sys
import contextlib_news
heavy = {"numpy", "numba", "wordfreq", "bs4", "tldextract"} & set(sys.modules)
assert not heavy, heavy
import contextlib_news.annotate
from contextlib_news.annotate import annotate_in_parts
from contextlib_news import annotate
assert annotate is contextlib_news.annotate is sys.modules["contextlib_news.annotate"].annotate
assert "ClaimIndex" in dir(contextlib_news)
try:
    contextlib_news.nothing
except AttributeError as error:
    assert "nothing" in str(error)
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", program], check=True)
