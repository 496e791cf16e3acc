"""Tables of what was measured: one a size, ratios against tantivy of the same run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["YARDSTICK", "short_size", "significant", "table"]

YARDSTICK = "tantivy"

_Row = Mapping[str, Any]


def table(rows: Sequence[_Row]) -> str:
    """Return the Markdown table of the methods of one size, its columns aligned."""
    yardstick = next((row for row in rows if row["method"] == YARDSTICK), None)
    columns = _columns(yardstick)
    if not any("2a" in row.get("cpu_ms", {}) for row in rows):
        columns = {title: cell for title, cell in columns.items() if "2A" not in title}
        columns = {title: cell for title, cell in columns.items() if "2B" not in title}
    lines = [["method", *columns]]
    for row in rows:
        if "cpu_ms" in row:
            lines.append([_title(row), *(_or_dash(cell, row) for cell in columns.values())])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = [_align(line, widths) for line in lines]
    rule = "|".join(["", "-" * (widths[0] + 2), *("-" * (w + 1) + ":" for w in widths[1:]), ""])
    return "\n".join([aligned[0], rule, *aligned[1:], *_remarks(rows)])


def short_size(size: int) -> str:
    """Return a size as people say it: 10k, 100k, 1M."""
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if size >= unit and size % unit == 0:
            return f"{size // unit}{letter}"
    return str(size)


def _columns(yardstick: _Row | None) -> dict[str, Callable[[_Row], str]]:
    def ratio(name: str) -> Callable[[_Row], str]:
        def cell(row: _Row) -> str:
            if yardstick is None:
                return "–"
            return significant(row["cpu_ms"][name]["p50"] / yardstick["cpu_ms"][name]["p50"])

        return cell

    def share(name: str, depth: int) -> Callable[[_Row], str]:
        mark = "*"
        return lambda row: (
            f"{row['recall'][name][str(depth)]:.3f}"[
                1 if row["recall"][name][str(depth)] < 1 else 0 :
            ]
            + (mark if row.get("sampled") else "")
        )

    def change(count: int) -> Callable[[_Row], str]:
        return lambda row: significant(row["changes"][str(count)]["ms"])

    return {
        "CPU ms/page p50": lambda row: significant(row["cpu_ms"]["news"]["p50"]),
        "p95": lambda row: significant(row["cpu_ms"]["news"]["p95"]),
        "× tantivy": ratio("news"),
        "× on 2A": ratio("2a"),
        "× on 2B": ratio("2b"),
        "2A R@1": share("2a", 1),
        "2A R@10": share("2a", 10),
        "2A R@20": share("2a", 20),
        "2B R@20": share("2b", 20),
        "noisy R@1": share("planted", 1),
        "noisy R@10": share("planted", 10),
        "noisy R@20": share("planted", 20),
        "build s": lambda row: significant(row["build"]["seconds"]),
        "build MB": lambda row: significant(row["build"]["peak_mb"]),
        "file MB": lambda row: significant(row["build"]["file_mb"]),
        "private MB": lambda row: significant(row["memory"]["private_mb"]),
        "of it index": lambda row: significant(row["memory"]["index_mb"]),
        "open ms": lambda row: significant(row["open"]["ms"]),
        "+1 ms": change(1),
        "+1,000 ms": change(1_000),
        "+10,000 ms": change(10_000),
    }


def _remarks(rows: Sequence[_Row]) -> list[str]:
    """Return what the table cannot say: samples, drift, and why a method is not in it."""
    lines = [""]
    sampled = [row for row in rows if row.get("sampled")]
    if sampled:
        pages = ", ".join(f"{row['title']} {row['sampled']}" for row in sampled)
        lines.append(f"\\* from a sample of that many pages of each kind: {pages}.")
    apart = [
        f"{row['title']} {row['recall']['2a-dev']['20']:.3f} / {row['recall']['2b-dev']['20']:.3f}"
        for row in rows
        if "2a-dev" in row.get("recall", {})
    ]
    if apart:
        lines.append(f"R@20 of the dev queries alone, 2A / 2B: {'; '.join(apart)}.")
    lines += [f"{row['title']}: {row['remark']}." for row in rows if row.get("remark")]
    lines += [
        f"{row['title']}: not in the table, {row['unavailable']}."
        for row in rows
        if "unavailable" in row
    ]
    for row in rows:
        if row.get("again"):
            first, last = row["cpu_ms"]["news"]["p50"], row["again"]["news"]["p50"]
            lines.append(
                f"{row['title']} measured again after all others: {significant(last)} ms, "
                f"{last / first - 1:+.0%}; ratios are no truer than that."
            )
    return lines


def _title(row: _Row) -> str:
    return f"**{row['title']}**" if row["method"].startswith("contextlib") else str(row["title"])


def _or_dash(cell: Callable[[_Row], str], row: _Row) -> str:
    try:
        return cell(row)
    except KeyError:
        return "–"


def significant(value: float) -> str:
    """Return a number with about two significant digits, as its spread allows no more."""
    if value >= 9.95:
        return f"{value:,.0f}"
    if value >= 0.995:
        return f"{value:.1f}"
    return f"{value:.2f}".removeprefix("0") if value >= 0.0095 else f"{value:.4f}".removeprefix("0")


def _align(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]
    return "| " + " | ".join(padded) + " |"
