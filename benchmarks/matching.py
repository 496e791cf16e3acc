"""Measure the matching engine beside its peers and print one table for each size of database.

usage: python -m benchmarks.matching [--quick] [--sizes 10k,100k,1M] [--eval FOLDER] [-o FOLDER]

Corpora and indices are kept in the cache folder and used again; everything that is reported but the
cost of building is measured anew, each method in processes of its own, with one thread. Trust the
ratios inside one table: absolute times are those of one machine with other work on it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.corpora import Corpus, haystack
from benchmarks.document import document
from benchmarks.measure import summary
from benchmarks.peers.method import Method
from benchmarks.peers.registry import all_methods
from benchmarks.report import YARDSTICK, short_size, table
from benchmarks.worker import Job, run

SIZES = "10k,100k,1M"
PASSES, PLANTED = 3, 3_000
QUICK_SIZES, QUICK_PASSES, QUICK_PLANTED = "10k", 1, 600


def main() -> None:
    """Run the benchmark of the command line."""
    options = _options()
    evaluation = options.eval if options.eval.exists() else None
    if evaluation is None:
        print(f"no evaluation data in {options.eval}: synthetic claims and pages only")
    methods = [method for method in all_methods() if _wanted(method, options)]
    measured: dict[str, Any] = {}
    for size in options.sizes:
        corpus = _corpus(size, options.cache, evaluation)
        rows = _measure(methods, corpus, evaluation, options)
        measured[str(size)] = rows
        print(f"\n## {size:,} claims, {corpus.real:,} of them real\n\n{table(rows)}\n", flush=True)
    _write(measured, options.output)


def _wanted(method: Method, options: argparse.Namespace) -> bool:
    if options.methods:
        return method.name in options.methods
    return method.quick or not options.quick


def _measure(
    methods: Sequence[Method], corpus: Corpus, evaluation: Path | None, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """Return a row for each method at one size."""
    rows, jobs = [], {}
    for method in methods:
        row: dict[str, Any] = {"method": method.name, "title": method.title}
        rows.append(row)
        if method.largest is not None and corpus.size > method.largest:
            row["unavailable"] = f"too slow beyond {short_size(method.largest)}"
            continue
        job = Job(
            task="build",
            module=type(method).__module__,
            method=method.name,
            without=method.without,
            index=str(_index_folder(method, corpus, options.cache)),
            corpus=str(corpus.path),
            size=corpus.size,
            real=corpus.real,
            evaluation=str(evaluation) if evaluation else None,
            passes=options.passes,
            planted=options.planted,
        )
        built = _build(job, options.fresh)
        if "unavailable" in built:
            row.update(built)
            continue
        _say(f"{short_size(corpus.size)}: measuring {method.title}")
        row.update(version=method.version, remark=method.remark, sampled=method.sampled_pages)
        row.update(build=built, **run(replace(job, task="measure")))
        jobs[method.name] = job
    for row in rows:
        if row["method"] == YARDSTICK and len(jobs) > 1 and "cpu_ms" in row:
            row["again"] = summary([run(replace(jobs[YARDSTICK], task="speed"))])
    return rows


def _build(job: Job, fresh: bool) -> dict[str, Any]:
    """Return what building cost, now or when the index that is there was built."""
    folder = Path(job.index)
    note = folder.with_suffix(".json")
    if note.exists() and not fresh:
        built: dict[str, Any] = json.loads(note.read_text("utf-8"))
        return built
    shutil.rmtree(folder, ignore_errors=True)
    note.unlink(missing_ok=True)
    _say(f"{short_size(job.size)}: building the index of {job.method}")
    built = run(job)
    if "unavailable" not in built:
        note.write_text(json.dumps(built), "utf-8")
    return built


def _index_folder(method: Method, corpus: Corpus, cache: Path) -> Path:
    version = method.version.replace(".", "-")
    return cache / "indices" / corpus.path.stem / f"{method.family}-{version}"


def _corpus(size: int, cache: Path, evaluation: Path | None) -> Corpus:
    started = time.perf_counter()
    corpus = haystack(size, cache / "corpora", evaluation)
    elapsed = time.perf_counter() - started
    _say(f"{short_size(size)}: corpus ready after {elapsed:.1f} s")
    return corpus


def _write(measured: dict[str, Any], folder: Path) -> None:
    """Write numbers, drawings and page; sizes that this run left out stay as they were."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "benchmarks.json"
    kept = json.loads(path.read_text("utf-8"))["sizes"] if path.exists() else {}
    sizes = dict(sorted({**kept, **measured}.items(), key=lambda item: int(item[0])))
    machine = _machine()
    path.write_text(json.dumps({"machine": machine, "sizes": sizes}, indent=1) + "\n", "utf-8")
    try:
        from benchmarks.plots import draw
    except ModuleNotFoundError as error:
        print(f"no drawings: {error.name} is not installed")
        drawings = []
    else:
        drawings = [str(drawn.relative_to(folder)) for drawn in draw(sizes, folder / "images")]
    page = document(sizes, machine, drawings)
    path.with_suffix(".md").write_text(page, "utf-8")
    print(f"written in {folder}: benchmarks.md benchmarks.json", *drawings)


def _machine() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.matching", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="10k claims, done in three minutes")
    parser.add_argument("--sizes", help=f"sizes of the database, by default {SIZES}")
    parser.add_argument("--methods", help="names of methods, parted by commas; by default all")
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="evaluation data")
    parser.add_argument("--cache", type=Path, default=Path("build/benchmarks"))
    parser.add_argument("--fresh", action="store_true", help="build the indices anew")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/benchmarks/report"))
    options = parser.parse_args()
    options.passes = QUICK_PASSES if options.quick else PASSES
    options.planted = QUICK_PLANTED if options.quick else PLANTED
    options.sizes = _sizes(options.sizes or (QUICK_SIZES if options.quick else SIZES))
    options.methods = set(options.methods.split(",")) if options.methods else set()
    return options


def _sizes(text: str) -> list[int]:
    units = {"k": 1_000, "M": 1_000_000}
    try:
        return [int(float(part.rstrip("kM")) * units.get(part[-1], 1)) for part in text.split(",")]
    except ValueError:
        sys.exit(f"{text!r} is no list of sizes; write it like 10k,100k,1M")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
