"""Commands for those who keep rules and claims: ``disclaimers`` tests rules, ``fingerprint``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from contextlib_news.errors import CommandError
from contextlib_news.index_commands import Commands, print_json

if TYPE_CHECKING:
    from contextlib_news.models import Page

__all__ = ["add_context_commands"]

NONE = "-"


def add_context_commands(
    commands: Commands[argparse.ArgumentParser], read_page_of: Callable[[argparse.Namespace], Page]
) -> None:
    """Add ``disclaimers`` and ``fingerprint``; ``read_page_of`` reads the page of the options."""
    parser = commands.add_parser(
        "disclaimers", help="test the rules for disclaimers on texts of your own"
    )
    parser.add_argument("cases", metavar="CASES", help="a table: types, a tab, the text")
    parser.add_argument("--rules", metavar="FILE", help="rules of your own, beside those that ship")
    parser.add_argument("--language", help="the language of the texts (default: any)")
    parser.set_defaults(func=_test_rules)
    parser = commands.add_parser(
        "fingerprint", help="what a text is known again by, for a claim's fingerprints"
    )
    parser.add_argument("file", metavar="FILE", help="an HTML or text file, - for standard input")
    parser.add_argument("--url", required=True, help="the page's address")
    parser.add_argument("--date", help="the day of the page, such as 2022-02-15")
    parser.set_defaults(func=lambda options: _fingerprint(options, read_page_of))


def _test_rules(options: argparse.Namespace) -> int:
    """Print each text that is read otherwise than the table says; 1 where there is one."""
    from contextlib_news.context.disclaimer_rules import DISCLAIMER_TYPES, load_disclaimer_rules
    from contextlib_news.context.disclaimers import find_disclaimers
    from contextlib_news.models import Page
    from contextlib_news.page.document import read_page

    rules = load_disclaimer_rules(options.rules)
    lines = Path(options.cases).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    wanted_count = found_count = right = wrong_lines = 0
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        said, tab, text = line.partition("\t")
        wanted = set() if said.strip() == NONE else set(said.strip().split("+"))
        unknown = sorted(wanted - DISCLAIMER_TYPES)
        if not tab or unknown:
            reason = f"{unknown[0]!r} is no type" if unknown else "a tab and the text are missing"
            raise CommandError(f"{options.cases}: line {number}: {reason}")
        document = read_page(Page(text=text, language=options.language))
        found = {kind for d in find_disclaimers(document, rules) for kind in d.types}
        wanted_count += len(wanted)
        found_count += len(found)
        right += len(wanted & found)
        if wanted != found:
            wrong_lines += 1
            print(f"line {number}: found {_list(found)}, expected {_list(wanted)}: {text}")
    print(
        f"found {right} of {wanted_count} expected, {found_count - right} not expected, "
        f"{wrong_lines} lines differ"
    )
    return 1 if wrong_lines else 0


def _fingerprint(
    options: argparse.Namespace, read_page_of: Callable[[argparse.Namespace], Page]
) -> int:
    from contextlib_news.context.same_text import FEWEST_WORDS, fingerprint_of
    from contextlib_news.page.document import read_page

    options.title = options.language = None
    document = read_page(read_page_of(options))
    value = fingerprint_of(document)
    if value is None:
        raise CommandError(f"{options.file}: fewer than {FEWEST_WORDS} words of running text")
    date = options.date or document.date
    if date is None:
        print("no date found; give one with --date where it is known", file=sys.stderr)
    print_json({"url": options.url, "value": value} | ({"date": date} if date else {}))
    return 0


def _list(types: set[str]) -> str:
    return "+".join(sorted(types)) or "nothing"
