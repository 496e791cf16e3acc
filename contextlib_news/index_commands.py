"""The commands about an index: ``index build``, ``index info`` and ``evaluate``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError

if TYPE_CHECKING:
    from contextlib_news.evaluation import Curve, Point
    from contextlib_news.matching.encoder import Encoder
    from contextlib_news.matching.index import ClaimIndex

__all__ = [
    "Commands",
    "add_evaluate_command",
    "add_index_commands",
    "add_source",
    "open_index",
    "print_json",
]

Commands = argparse._SubParsersAction  # argparse names the type of add_subparsers() only so.

# False notes per 1,000 sentences that match nothing, for which a threshold is suggested.
DEFAULT_BUDGET = 5.0

INSTALLED = "installed"


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which claims to use."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--claims", metavar="FILE", help="claims to use in place of the starter ones"
    )
    source.add_argument("--index", metavar="FILE", help="an index file to use")
    _add_encoder(parser)


def open_index(options: argparse.Namespace) -> ClaimIndex:
    """Return the index that the options name, else one of the starter claims."""
    from contextlib_news.formats.claims import load_claims
    from contextlib_news.matching.index import ClaimIndex

    encoder = _open_encoder(options)
    if options.index:
        return ClaimIndex.open(options.index, encoder=encoder)
    return ClaimIndex.build(load_claims(options.claims), encoder=encoder)


def add_index_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``index build`` and ``index info``."""
    parser = commands.add_parser("index", help="build an index file, or tell what is in one")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    build = actions.add_parser("build", help="from a claim file to an index file")
    build.add_argument("claims", metavar="CLAIMS")
    build.add_argument("-o", "--output", metavar="FILE", required=True)
    _add_encoder(build)
    build.set_defaults(func=_build)
    info = actions.add_parser("info", help="counts, size and version of an index file")
    info.add_argument("file", metavar="FILE")
    info.add_argument("--verify", action="store_true", help="read the whole file for damage")
    info.add_argument("--format", choices=("text", "json"), default="text")
    info.set_defaults(func=_info)


def add_evaluate_command(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``evaluate``."""
    parser = commands.add_parser(
        "evaluate", help="recall against false notes on labelled sentences of your own"
    )
    parser.add_argument(
        "pairs", metavar="PAIRS", help="JSONL with 'text' and 'claims', or CSV with text,claim"
    )
    add_source(parser)
    parser.add_argument(
        "--budget",
        type=float,
        default=DEFAULT_BUDGET,
        help="false notes per 1,000 sentences that match nothing (default: 5)",
    )
    parser.add_argument(
        "--refit", action="store_true", help="fit the scores to these labels; needs -o"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="save the index with the refit")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(func=_evaluate)


def print_json(value: object) -> None:
    """Print a value as JSON on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _add_encoder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--encoder",
        metavar="FOLDER",
        help=f"find claims by meaning too; '{INSTALLED}', or the folder of an encoder's weights",
    )


def _open_encoder(options: argparse.Namespace) -> Encoder | None:
    if options.encoder is None:
        return None
    from contextlib_news.matching.encoder import Encoder

    return Encoder.open(None if options.encoder == INSTALLED else Path(options.encoder))


def _build(options: argparse.Namespace) -> int:
    from contextlib_news.formats.claims import load_claims
    from contextlib_news.matching.index import ClaimIndex

    index = ClaimIndex.build(
        load_claims(options.claims), encoder=_open_encoder(options), progress=sys.stderr.isatty()
    )
    index.save(options.output)
    print(f"{len(index)} claims in {options.output}", file=sys.stderr)
    return 0


def _info(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from contextlib_news.matching.index import ClaimIndex

    info = asdict(ClaimIndex.open(options.file, verify=options.verify).info())
    info["file_bytes"] = Path(options.file).stat().st_size
    if options.verify:
        info["verified"] = True
    if options.format == "json":
        print_json(info)
    else:
        for name, value in info.items():
            print(f"{name.replace('_', ' ')}: {'yes' if value is True else value}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from contextlib_news.evaluation import evaluate, read_pairs, refit

    if options.refit != bool(options.output):
        raise CommandError("--refit and -o FILE go together: the refit is saved with its index")
    if not options.budget >= 0:
        raise CommandError("--budget counts false notes per 1,000 sentences; give 0 or more")
    pairs = read_pairs(options.pairs)
    index = open_index(options)
    curve = evaluate(index, pairs)
    after = None
    if options.refit:
        model, after = refit(index, pairs, options.budget)
        index.with_model(model).save(options.output)
    if options.format == "json":
        answer = _curve_to_dict(curve, options.budget)
        if after is not None:
            answer["refit"] = _curve_to_dict(after, options.budget)
        print_json(answer)
        return 0
    _print_curve(curve, options.budget)
    if after is not None:
        print("\nAfter the refit, on sentences held out:\n")
        _print_curve(after, options.budget)
        print(f"\nSaved with its index in {options.output}")
    return 0


def _print_curve(curve: Curve, budget: float) -> None:
    print(f"{curve.about} sentences about a claim, {curve.nothing} about none")
    if curve.unknown:
        shown = ", ".join(curve.unknown[:5])
        print(f"{len(curve.unknown)} labelled claims are not in the index: {shown}")
    if not curve.nothing:
        print("Without sentences that are about no claim, false notes cannot be told.")
    print(f"\n{'false notes':>12} {'threshold':>10} {'recall':>8} {'precision':>10}")
    for limit, point in curve.at_budgets():
        print(
            f"{f'up to {limit:g}':>12} {point.threshold:>10.4f} {point.recall:>8.3f} "
            f"{point.precision:>10.3f}"
        )
    print(f"\nnow:       {_described(curve.current)}")
    if curve.nothing:
        print(f"suggested: {_described(curve.suggest(budget))}, for a budget of {budget:g}")


def _described(point: Point) -> str:
    return (
        f"threshold {point.threshold:.4f}: recall {point.recall:.3f}, precision "
        f"{point.precision:.3f}, {point.false_notes:.1f} false notes in 1,000 sentences"
    )


def _curve_to_dict(curve: Curve, budget: float) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "about": curve.about,
        "nothing": curve.nothing,
        "unknown": list(curve.unknown),
        "current": asdict(curve.current),
        "suggested": asdict(curve.suggest(budget)) if curve.nothing else None,
        "curve": [asdict(point) for point in curve.points],
    }
