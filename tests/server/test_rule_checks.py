"""What a rule must pass before the desk keeps it."""

from __future__ import annotations

import pytest
from contextlib_news_server import rule_checks
from contextlib_news_server.expression_clock import is_slow
from contextlib_news_server.rule_checks import checked_rule

from contextlib_news.context.disclaimer_rules import load_disclaimer_rules
from contextlib_news.errors import CommandError

RULE = {
    "type": "satire",
    "language": "en",
    "any": ["<self> <3>is (?:pure )?moonshine"],
    "matches": ["This whole page is pure moonshine."],
    "misses": ["The band played Moonshine."],
}


def test_a_good_rule_is_written_out() -> None:
    (rule,) = checked_rule(RULE).rules
    assert rule.type == "satire"
    assert "<self>" not in rule.any[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "gossip"}, "'type' must be one of"),
        ({"any": []}, "'any' must hold an expression"),
        ({"any": [r"\bmoonshine"]}, "different things in Python and JavaScript"),
        ({"any": ["moon.*shine"]}, "give each repetition an upper bound"),
        ({"any": ["(moonshine"]}, "unterminated subpattern"),
        ({"any": ["<moon>shine"]}, "no word list is named 'moon'"),
        ({"matches": []}, "at least one sentence that it must match"),
        ({"misses": []}, "one that it must not"),
        ({"matches": ["This page is sunshine."]}, "it does not match 'This page is sunshine.'"),
        ({"misses": ["This page is moonshine!"]}, "by 'This page is moonshine', and must not"),
        ({"any": ["(?:m|o|mo){0,60}z"]}, "takes too long"),
        ({"not": ["[a ]{0,600}[a ]{0,600}[a ]{0,600}c"]}, "takes too long"),
    ],
)
def test_a_bad_rule_is_refused_with_the_reason(change: dict[str, object], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        checked_rule({**RULE, **change})
    assert said in str(caught.value)
    assert "rule 1" not in str(caught.value)


def test_a_rule_is_refused_that_is_not_timed_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_checks, "MOST_SECONDS", 0.001)
    with pytest.raises(CommandError, match="takes too long"):
        checked_rule(RULE)


def test_no_rule_that_ships_is_slow() -> None:
    rules = load_disclaimer_rules().rules
    expressions = {text for rule in rules for text in (*rule.any, *rule.all, *rule.unless)}
    some = sorted(expressions, key=len)[-60:]
    assert not [text for text in some if is_slow(text, [])]
