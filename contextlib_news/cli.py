"""The command line: ``annotate`` and ``search``; ``index_commands`` and the service add theirs.

Results go to stdout, diagnostics to stderr. Exit status 0: done; 1: failed, with one clear line;
2: wrong usage.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from contextlib_news.bulk.cli import add_bulk_command
from contextlib_news.context_commands import add_context_commands
from contextlib_news.errors import ContextError, InvalidPageError
from contextlib_news.index_commands import (
    Commands,
    add_evaluate_command,
    add_index_commands,
    add_source,
    open_index,
    print_json,
)
from contextlib_news.version import __version__

if TYPE_CHECKING:
    from contextlib_news.matching.explain import Explanation
    from contextlib_news.matching.index import ClaimIndex
    from contextlib_news.models import Claim, Difference, Match, Page

__all__ = ["ONE_THREAD", "build_parser", "main"]

# What numpy's libraries of linear algebra read when numpy is imported for the first time. They
# start a thread a core, and those that have nothing to do wait by working: where other processes
# wanted the cores too, a page by meaning took six times the processor time (docs/performance.md).
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# Larger files are refused before they are read: no article comes near it.
MAX_PAGE_BYTES = 32 * 1024 * 1024

COMMAND_GROUP = "contextlib_news.commands"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _speak_utf8()
    _keep_to_one_thread()
    options = build_parser().parse_args(arguments)
    try:
        return int(options.func(options) or 0)
    except ContextError as error:
        return _fail(str(error))
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "contextlib_news":
            raise
        return _fail(
            f"this command needs the service ({error.name} is missing): "
            "install contextlib-news[server]"
        )
    except BrokenPipeError:
        # The reader of the pipe has gone (``| head``); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _fail(f"{name}{error.strerror or error}")
    except KeyboardInterrupt:
        return _fail("stopped")


def _keep_to_one_thread() -> None:
    """Have numpy, imported after this, multiply in one thread; what is set already stays.

    This process is ours. Whoever imports the library decides alone.
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with the library's commands and those that installed packages add."""
    parser = argparse.ArgumentParser(
        prog="contextlib-news",
        description="What is known about the claims, the publisher and the fine print of a page.",
    )
    parser.add_argument("--version", action="version", version=f"contextlib-news {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_annotate(commands)
    _add_search(commands)
    add_index_commands(commands)
    add_evaluate_command(commands)
    add_context_commands(commands, _read_page)
    add_bulk_command(commands)
    for entry in sorted(entry_points(group=COMMAND_GROUP), key=lambda entry: entry.name):
        entry.load()(commands)
    return parser


def _add_annotate(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("annotate", help="the notes on one page")
    parser.add_argument("file", metavar="FILE", help="an HTML or text file, - for standard input")
    parser.add_argument("--url", help="the page's address, for its outlet")
    parser.add_argument("--title", help="the page's title")
    parser.add_argument("--language", help="the page's language, such as en")
    parser.add_argument("--reader-language", default="en", help="the language of the notes")
    add_source(parser)
    parser.add_argument("--outlets", metavar="FILE", help="outlets in place of the starter ones")
    parser.add_argument(
        "--disclaimers", metavar="FILE", help="rules for disclaimers beside those that ship"
    )
    parser.add_argument(
        "--format", choices=("text", "json", "html", "webannotation"), default="text"
    )
    parser.set_defaults(func=_annotate)


def _add_search(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("search", help="the claims that a sentence may be about")
    parser.add_argument("sentence", metavar="SENTENCE")
    add_source(parser)
    parser.add_argument("--limit", type=int, default=5, help="at most this many (default: 5)")
    parser.add_argument("--language", help="the sentence's language, such as es (default: en)")
    parser.add_argument("--explain", action="store_true", help="say why each one matched")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(func=_search)


# --- Commands -------------------------------------------------------------------------------------


def _annotate(options: argparse.Namespace) -> int:
    from contextlib_news.annotate import annotate
    from contextlib_news.context.disclaimer_rules import load_disclaimer_rules
    from contextlib_news.formats.outlets import load_outlets

    annotation = annotate(
        _read_page(options),
        index=open_index(options),
        outlets=load_outlets(options.outlets),
        reader_language=options.reader_language,
        disclaimers=load_disclaimer_rules(options.disclaimers),
    )
    if options.format == "json":
        from contextlib_news.formats.answer import annotation_to_dict

        print_json(annotation_to_dict(annotation))
    elif options.format == "webannotation":
        from contextlib_news.formats.web_annotation import annotation_to_web_annotations

        print_json(annotation_to_web_annotations(annotation))
    elif options.format == "html":
        from contextlib_news.formats.html import annotation_to_html

        sys.stdout.write(annotation_to_html(annotation))
    else:
        from contextlib_news.formats.text import annotation_to_text

        sys.stdout.write(annotation_to_text(annotation, width=_width(), colour=_in_colour()))
    return 0


def _search(options: argparse.Namespace) -> int:
    from contextlib_news.formats.text import plain

    index = open_index(options)
    options.limit = max(1, options.limit)
    (matches,) = index.search(
        [options.sentence], limit=options.limit, text_language=options.language
    )
    if options.format == "json":
        print_json([_match_to_dict(options, index, match) for match in matches])
        return 0
    if not matches:
        print("No claim on record shares words with this sentence.", file=sys.stderr)
    for match in matches:
        claim = index.claim(match.claim_id)
        if claim is not None:
            beyond = "" if match.score >= index.threshold else "  (below the threshold)"
            print(f"{match.score:.3f}  {plain(claim.id)}  {plain(claim.text)}{beyond}")
            if options.explain:
                from contextlib_news.formats.explanation import explanation_to_text

                explained = _explain(options, index, claim, match)
                sys.stdout.write(explanation_to_text(*explained, width=_width()))
    return 0


def _match_to_dict(
    options: argparse.Namespace, index: ClaimIndex, match: Match
) -> dict[str, object]:
    claim = index.claim(match.claim_id)
    answer: dict[str, object] = {
        "claim_id": match.claim_id,
        "score": round(match.score, 4),
        "above_threshold": match.score >= index.threshold,
        "field": match.field,
        "text": claim.text if claim else None,
    }
    if options.explain and claim is not None:
        from contextlib_news.formats.explanation import explanation_to_dict

        answer |= explanation_to_dict(*_explain(options, index, claim, match))
    return answer


def _explain(
    options: argparse.Namespace, index: ClaimIndex, claim: Claim, match: Match
) -> tuple[Explanation, tuple[Difference, ...]]:
    """Return why a sentence matched a claim, and in what the two differ."""
    from contextlib_news.matching.explain import explain_match
    from contextlib_news.reading.stance import read_sentence

    sentence, language = options.sentence, options.language
    features = index.features(sentence, claim.id, limit=options.limit, text_language=language)
    differences = read_sentence(sentence, claim).differences
    return explain_match(sentence, claim, match, features), differences


# --- Reading and printing -------------------------------------------------------------------------


def _read_page(options: argparse.Namespace) -> Page:
    from contextlib_news.models import Page

    if options.file == "-":
        data = sys.stdin.buffer.read(MAX_PAGE_BYTES + 1)
    else:
        with open(options.file, "rb") as file:
            data = file.read(MAX_PAGE_BYTES + 1)
    if len(data) > MAX_PAGE_BYTES:
        raise InvalidPageError(
            f"the page is larger than {MAX_PAGE_BYTES // 1024 // 1024} MB; pass the article alone"
        )
    suffix = Path(options.file).suffix.lower()
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_html = suffix in (".html", ".htm", ".xhtml") or (
        suffix != ".txt"
        and start.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<?xml"))
    )
    if is_html:
        return Page(url=options.url, title=options.title, language=options.language, html=data)
    text = data.decode("utf-8-sig", "replace")
    return Page(url=options.url, title=options.title, language=options.language, text=text)


def _speak_utf8() -> None:
    """Make both streams take any text: a page may hold what a terminal's encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _width() -> int:
    return min(100, shutil.get_terminal_size((88, 24)).columns)


def _in_colour() -> bool:
    """Say whether to colour: on a terminal, unless the reader asked for none (no-color.org)."""
    return (
        sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def _fail(message: str) -> int:
    print(f"contextlib-news: {' '.join(message.split())}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
