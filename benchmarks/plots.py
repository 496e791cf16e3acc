"""Drawings of what was measured, as SVG that stays the same for the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.ticker import LogFormatter

from benchmarks.report import short_size

__all__ = ["draw"]

_Results = Mapping[str, Sequence[Mapping[str, Any]]]

_STYLE = {
    "svg.hashsalt": "benchmarks",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
}
# Ours in strong colours, the rest in quieter ones that still differ by marker.
_OURS = ("#b3261e", "#e07a1f", "#7b1fa2")
_OTHERS = ("#1f5fa8", "#2f7d4f", "#5c6bc0", "#00838f", "#6d6d6d", "#8d6e63", "#546e7a", "#9e9d24")
_MARKERS = "osD^vPX<>"


def draw(results: _Results, folder: Path) -> list[Path]:
    """Draw time over the size of the database, and recall over time at a large one."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = sorted(map(int, results))
    with plt.rc_context(_STYLE):
        drawn = [_time(results, sizes, folder / "benchmark-time.svg")]
        answered = {size: _answered(results[str(size)]) for size in sizes}
        # The largest at which most methods were measured.
        enough = max(2, max(answered.values(), default=0) / 2)
        largest = max((size for size in sizes if answered[size] >= enough), default=None)
        if largest is not None:
            rows = [row for row in results[str(largest)] if "cpu_ms" in row]
            drawn.append(_recall(results, rows, largest, folder / "benchmark-recall.svg"))
    return drawn


def _time(results: _Results, sizes: Sequence[int], path: Path) -> Path:
    figure, axes = plt.subplots(figsize=(7.6, 4.4))
    for name, title, look in _looks(results):
        points = [
            (size, row["cpu_ms"]["news"]["p50"])
            for size in sizes
            for row in results[str(size)]
            if row["method"] == name and "cpu_ms" in row
        ]
        axes.plot(*zip(*points, strict=True), label=title, **look)
    axes.set(xscale="log", yscale="log", xlabel="claims in the database")
    axes.set_ylabel("CPU ms per 60-sentence page, median, one thread")
    axes.set_xticks(sizes, [short_size(size) for size in sizes])
    axes.yaxis.set_major_formatter(LogFormatter())
    axes.minorticks_off()
    figure.legend(*axes.get_legend_handles_labels(), loc="outside right upper")
    return _save(figure, path)


def _recall(results: _Results, rows: Sequence[Mapping[str, Any]], size: int, path: Path) -> Path:
    figure, both = plt.subplots(1, 2, figsize=(9.6, 4.2), sharex=True)
    looks = {name: (title, look) for name, title, look in _looks(results)}
    for axes, kind, heading in zip(
        both, ("2a", "2b"), ("tweets → Snopes claims (2A)", "debates → PolitiFact claims (2B)"),
        strict=True,
    ):  # fmt: skip
        for row in rows:
            title, look = looks[row["method"]]
            point = ([row["cpu_ms"][kind]["p50"]], [row["recall"][kind]["20"]])
            shape = {"linestyle": "none", "markersize": 7}
            if row["sampled"]:
                # Hollow, since other queries than everyone's were asked.
                shape["fillstyle"], title = "none", f"{title} (sample)"
            axes.plot(*point, label=title, **{**look, **shape})
        axes.set(xscale="log", title=heading, xlabel="CPU ms per page of these queries")
        axes.xaxis.set_major_formatter(LogFormatter())
        axes.xaxis.set_minor_formatter(LogFormatter(minor_thresholds=(2, 0.5)))
    both[0].set_ylabel(f"recall@20 among {short_size(size)} claims")
    figure.legend(*both[0].get_legend_handles_labels(), loc="outside right upper")
    return _save(figure, path)


def _looks(results: _Results) -> list[tuple[str, str, dict[str, Any]]]:
    """Return name, title and look of each method that was measured at any size."""
    titles = {
        row["method"]: row["title"] for rows in results.values() for row in rows if "cpu_ms" in row
    }
    ours, others = iter(_OURS), iter(_OTHERS)
    looks = []
    for number, (name, title) in enumerate(titles.items()):
        own = name.startswith("contextlib")
        colour = next(ours if own else others, "#999999")
        marker = _MARKERS[number % len(_MARKERS)]
        look = {"color": colour, "marker": marker, "linewidth": 2.4 if own else 1.2}
        looks.append((name, title, look))
    return looks


def _answered(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many methods were asked real queries."""
    return sum("2a" in row.get("recall", {}) for row in rows)


def _save(figure: Any, path: Path) -> Path:
    figure.set_layout_engine("constrained")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path
