"""Measure what reading numbers, dates and names costs, beside libraries that read some of them.

usage: python -m benchmarks.values [--eval FOLDER] [--sentences N]

The sentences are those of the news negatives, read for the first time (nothing cached), in CPU time
of one core. Trust the ratios: absolute times are those of one machine. Peers that are not installed
are left out (requirements/bench.in brings them).
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import time
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from contextlib_news.matching.terms import extract_terms
from contextlib_news.reading.dates import find_dates
from contextlib_news.reading.differences import find_differences
from contextlib_news.reading.names import find_names
from contextlib_news.reading.quantities import find_quantities

# Peers are slow; they read only so many of the sentences.
PEER_SENTENCES = 200


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"))
    parser.add_argument("--sentences", type=int, default=4_000)
    options = parser.parse_args()
    sentences = _sentences(options.eval)[: options.sentences]
    # Tables and patterns are read once, at the first call.
    find_differences("On 3 May 2021 12 men met Anna Berg.", "On 4 May 2021 13 men met Paul Lind.")
    pairs = list(pairwise(sentences))
    alike = [(text, f"On Monday, {text}") for text in sentences[-400:]]
    rows: list[tuple[str, float]] = [
        ("find_quantities", _cost(find_quantities.__wrapped__, sentences)),
        ("find_dates", _cost(find_dates.__wrapped__, sentences)),
        ("find_names", _cost(find_names.__wrapped__, sentences)),
        ("find_differences, a sentence and a near copy", _cost(_alike, alike)),
        (
            "find_differences of two sentences in a row",
            _cost(lambda pair: find_differences(*pair), pairs),
        ),
        ("find_differences of two in a row, read before", _known_cost(pairs[-200:])),
        ("extract_terms, for comparison", _cost(extract_terms, sentences)),
    ]
    rows += [(name, _cost(read, sentences[:PEER_SENTENCES])) for name, read in _peers()]
    yardstick = rows[4][1]
    print("| Step | µs | of two in a row |\n| --- | --- | --- |")
    for name, cost in rows:
        print(f"| {name} | {cost:,.0f} | {cost / yardstick:.2f} |")


def _sentences(folder: Path) -> list[str]:
    sentences: list[str] = []
    for path in sorted((folder / "news-negatives").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            sentences += [json.loads(line)["text"] for line in lines][:1_000]
    return list(dict.fromkeys(sentences))


def _cost(read: Callable[[Any], object], texts: list[Any]) -> float:
    """Return the CPU time of one call in microseconds."""
    start = time.process_time()
    for text in texts:
        read(text)
    return (time.process_time() - start) / len(texts) * 1e6


def _alike(pair: tuple[str, str]) -> object:
    return find_differences(pair[0] + " ", pair[1])


def _known_cost(pairs: list[tuple[str, str]]) -> float:
    for pair in pairs:
        find_differences(*pair)
    return _cost(lambda pair: find_differences(*pair), pairs)


def _peers() -> list[tuple[str, Callable[[str], object]]]:
    """Return the peers that are installed, loaded and warm."""
    peers: list[tuple[str, Callable[[str], object]]] = []
    for name, module, load in (
        ("quantulum3, quantities", "quantulum3.parser", _quantulum),
        ("dateparser, dates", "dateparser.search", _dateparser),
        ("number-parser, number words", "number_parser", _number_parser),
        ("text2num, number words", "text_to_num", _text2num),
    ):
        try:
            read = load(importlib.import_module(module))
        except ImportError:
            print(f"not installed: {module.split('.')[0]}")
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read("On 3 May three men walked 5 km.")
        peers.append((name, read))
    return peers


def _quantulum(module: Any) -> Callable[[str], object]:
    def read(text: str) -> object:
        # Some texts make it raise.
        try:
            return module.parse(text)
        except Exception:
            return None

    return read


def _dateparser(module: Any) -> Callable[[str], object]:
    return lambda text: module.search_dates(text, languages=["en"])


def _number_parser(module: Any) -> Callable[[str], object]:
    return lambda text: module.parse(text, language="en")


def _text2num(module: Any) -> Callable[[str], object]:
    return lambda text: module.alpha2digit(text, "en")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
