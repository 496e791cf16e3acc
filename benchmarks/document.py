"""The page of the documentation that shows what was measured, written from the numbers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.report import short_size, significant, table

__all__ = ["document"]

_Sizes = Mapping[str, Sequence[Mapping[str, Any]]]

_HEAD = """# Benchmarks

The matching engine beside its peers. `make bench` measures all of it and writes this page, the
drawings and [the numbers](benchmarks.json); `python -m benchmarks.matching --quick` does 10,000
claims in three minutes, without the semantic tier, and leaves this page alone; 4,000,000 claims are
measured by `--sizes 4M` with the methods of their table. Trust the ratios inside one table:
absolute times are those of one machine with other work on it.
"""

_METHOD = """## How it is measured

- **Claims**: the claims of CheckThat! 2022 tasks 2A and 2B with their fields, and synthetic
  statements of one field up to the size of the table (at 10k the real claims are half, those
  that answer a query first). The statements come from a grammar with the word frequencies of a
  public list, names and numbers, and with topics, as words of real claims keep company; they
  are the same in each run.
- **Pages**: sixty sentences each; news sentences that match no claim (BABE, the half that is
  never fitted to), the 2A and the 2B queries (train and dev). *Noisy* queries are claims of the
  database with words left out, replaced, inflected and moved, half of them amid other words.
  R@k is the share of a query's claims among the first k.
- **Time**: processor time of a whole search, tokenising, scoring and results included, one
  thread, best ten asked for; median and 95th percentile over pages of news, after other pages
  of news that warm up; each of three passes in a process of its own. *×* is against tantivy on
  the same pages in the same run. Servers count with the process that works for the query.
- **Memory**: what is private to a second process that has searched the news pages while a first
  one has the same file mapped; *of it index* leaves out interpreter and libraries, and holds
  what opening and searching added, code compiled for it too.
- **Changes**: adding that many claims to the opened index and searching for one of them, the
  least of three tries, processor time.
- **Peers** are set up as their documentation advises: tantivy with one segment, English stems,
  no positions, rows in a fast column and without counting all matches (counting costs it a
  fifth more); bm25s with numba; SQLite optimised and asked for the eight rarest words;
  PostgreSQL with a stored `tsvector` under GIN, trigrams under GiST. All share one list of
  words left out. The slow ones search a sample of the pages or stop at a size, as noted under
  each table. *Exhaustive BM25* is a reference of our own that scores every posting over all
  fields; norm D is the usual length norm, F divides a claim's length by its number of fields.
- **Fitted**: our models have learned from the train queries, most of all the encoder of the
  semantic tier; what they find of queries they never saw stands under each table.
"""


def document(sizes: _Sizes, machine: Mapping[str, Any], drawings: Sequence[str]) -> str:
    """Return the page in Markdown."""
    parts = [_HEAD, f"Machine: {', '.join(str(value) for value in _said(machine))}.\n"]
    parts += [f"![{_caption(path)}]({path})\n" for path in drawings]
    parts.append(f"## Time over the size of the database\n\n{_growth(sizes)}\n")
    for size, rows in sizes.items():
        parts.append(f"## {int(size):,} claims\n\n{table(rows)}\n")
    return "\n".join([*parts, _METHOD])


def _said(machine: Mapping[str, Any]) -> list[str]:
    return [
        machine["processor"],
        f"{machine['cores']} cores",
        machine["system"],
        f"Python {machine['python']}",
    ]


def _growth(sizes: _Sizes) -> str:
    """Return the median milliseconds per news page of each method at each size."""
    times: dict[str, dict[str, float]] = {}
    for size, rows in sizes.items():
        for row in rows:
            if "cpu_ms" in row:
                times.setdefault(row["title"], {})[size] = row["cpu_ms"]["news"]["p50"]
    heads = ["CPU ms per page", *(short_size(int(size)) for size in sizes)]
    lines = [heads, ["---", *("---:" for _ in sizes)]]
    for title, known in times.items():
        lines.append([title, *(significant(known[s]) if s in known else "–" for s in sizes)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _caption(path: str) -> str:
    if "recall" in path:
        return "Recall at 20 over processor time per page"
    return "Processor time per page over the size of the database"
