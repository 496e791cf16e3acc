"""What a rule for disclaimers must pass before the desk keeps it: the library's checks and more.

It stays within the subset of expressions that is bounded and read alike everywhere, takes no long
time on sentences made to take it, and does what its examples say.
"""

from __future__ import annotations

import json
import subprocess  # a program of ours, to be ended when it takes too long
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contextlib_news.context.disclaimer_rules import DisclaimerRules, read_disclaimer_rules
from contextlib_news.context.disclaimers import match_disclaimer
from contextlib_news.errors import CommandError, InvalidDisclaimerRuleError

__all__ = ["MOST_SECONDS", "checked_rule"]

CLOCK = Path(__file__).with_name("expression_clock.py")

# The program itself ends after five seconds of processor time, where there is such a bound.
MOST_SECONDS = 30.0


def checked_rule(document: Mapping[str, Any]) -> DisclaimerRules:
    """Return a rule alone, written out; ``document`` has the fields of a rule in a file.

    Raises CommandError that says what is wrong with it.
    """
    try:
        rules = read_disclaimer_rules({"rules": [dict(document)]}, "rule")
    except InvalidDisclaimerRuleError as error:
        raise CommandError(str(error).removeprefix("rule: rule 1: ")) from None
    (rule,) = rules.rules
    matches, misses = document.get("matches", []), document.get("misses", [])
    if not matches or not misses:
        raise CommandError("give at least one sentence that it must match and one that it must not")
    _refuse_slow([*rule.any, *rule.all, *rule.unless], [*matches, *misses])
    for sentence in matches:
        if not match_disclaimer(sentence, None, rules)[0]:
            raise CommandError(f"it does not match {sentence!r}, and must")
    for sentence in misses:
        if cues := match_disclaimer(sentence, None, rules)[1]:
            raise CommandError(f"it matches {sentence!r} by {cues[0]!r}, and must not")
    return rules


def _refuse_slow(expressions: list[str], sentences: list[str]) -> None:
    asked = json.dumps({"expressions": list(dict.fromkeys(expressions)), "sentences": sentences})
    try:
        done = subprocess.run(  # noqa: S603  # our own program; what was typed goes to its input
            [sys.executable, "-I", str(CLOCK)],
            input=asked.encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
        )
        slow = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, OSError, ValueError):
        slow = ""
    if slow is not None:
        named = f": {slow!r}" if slow else ""
        raise CommandError(
            f"an expression takes too long on a sentence that is made for it{named}; "
            "let no repetition hold another, and no two ways match the same words"
        )
