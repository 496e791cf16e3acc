"""Rules for disclaimers are data: written out, checked, extended by a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contextlib_news.context.disclaimer_rules import (
    DISCLAIMER_TYPES,
    check_expressions,
    load_disclaimer_rules,
)
from contextlib_news.context.disclaimers import match_disclaimer
from contextlib_news.context.required_words import needed_words
from contextlib_news.errors import InvalidDisclaimerRuleError
from contextlib_news.wording.templates import templates

RULES = load_disclaimer_rules()


def written(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_every_rule_that_ships_compiles_and_every_type_has_one_in_each_language() -> None:
    check_expressions(RULES)
    for language in ("en", "es", "fr", "de", "ar"):
        types = {rule.type for rule in RULES.rules if rule.language == language}
        assert types == DISCLAIMER_TYPES, language
    titles = {key.removeprefix("disclaimer.title.") for key in templates("en")}
    assert titles >= DISCLAIMER_TYPES
    assert {rule.language for rule in RULES.rules} == {"en", "es", "fr", "de", "ar"}


def test_a_file_adds_a_rule_and_uses_the_words_that_ship(tmp_path: Path) -> None:
    rule = {"type": "satire", "language": "en", "any": ["<self> <3>is (?:pure )?moonshine"]}
    rules = load_disclaimer_rules(written(tmp_path, {"rules": [rule]}))
    assert len(rules.rules) == len(RULES.rules) + 1
    text = "This whole page is pure moonshine."
    assert match_disclaimer(text, rules=rules) == (("satire",), (text[:-1],))
    assert match_disclaimer(text) == ((), ())
    assert match_disclaimer("This post contains affiliate links.", rules=rules)[0] == ("affiliate",)


def test_a_file_may_replace_the_rules_that_ship(tmp_path: Path) -> None:
    rule = {"type": "satire", "language": "en", "any": ["moonshine"], "local": True}
    rules = load_disclaimer_rules(written(tmp_path, {"replace": True, "rules": [rule]}))
    assert [rule.type for rule in rules.rules] == ["satire"]
    assert len(rules.for_browser()["rules"]) == 1


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"type": "satyr"}, "'type' must be one of accuracy"),
        ({"language": None}, "'language' must be a code"),
        ({"any": []}, "'any' must hold an expression"),
        ({"any": "moonshine"}, "'any' must be a list of texts"),
        ({"any": [r"\\bmoonshine"]}, "different things in Python and JavaScript"),
        ({"any": [r"(?P<a>moon)"]}, "different things in Python and JavaScript"),
        ({"any": ["moon.*shine"]}, "give each repetition an upper bound"),
        ({"any": ["moon.{2,}shine"]}, "give each repetition an upper bound"),
        ({"any": ["<moon> shine"]}, "no word list is named 'moon'"),
        ({"any": ["(moon"]}, "unterminated subpattern"),
        ({"flags": "i"}, "unknown field 'flags'"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_place(
    tmp_path: Path, rule: dict[str, object], said: str
) -> None:
    row = {"type": "satire", "language": "en", "any": ["moonshine"]} | rule
    path = written(tmp_path, {"rules": [row]})
    with pytest.raises(InvalidDisclaimerRuleError) as caught:
        load_disclaimer_rules(path)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "content", [[], {}, {"rules": 5}, {"rules": [5]}, {"rules": [], "words": 5}]
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(InvalidDisclaimerRuleError):
        load_disclaimer_rules(written(tmp_path, content))


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.json"
    path.write_text("rules:", encoding="utf-8")
    with pytest.raises(InvalidDisclaimerRuleError, match="not JSON"):
        load_disclaimer_rules(path)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("affiliate (?:links?|programs?)", [{"affiliate "}, {"link", "program"}]),
        ("(?:red|blue) house", [{"red", "blue"}, {" house"}]),
        ("(?:paid|sponsored)(?: for)? (?:by|from)", [{"paid", "sponsored"}, {"by", "from"}]),
        ("(?:old )?house", [{"house"}]),
        ("(?:old )?", []),
        ("[a-z]{1,4}", []),
        ("(?<![a-z])(?:Moon|SHINE)(?![a-z])", [{"moon", "shine"}]),
        ("a(?:b|)c", [{"a"}, {"c"}]),
        ("(?:not (?:a|the) cat)", [{"not "}, {"a", "the"}, {" cat"}]),
        ("(?:not the cat|dog)", [{"not the cat", "dog"}]),
        (r"fact\.check", [{"fact.check"}]),
        ("advis[eo]rs?", [{"advis"}, {"r"}]),
        ("colou?r", [{"colo"}, {"r"}]),
    ],
)
def test_needed_words(expression: str, words: list[set[str]]) -> None:
    assert list(map(set, needed_words(expression))) == words


def test_needed_words_stand_in_whatever_a_rule_matches(root: Path) -> None:
    """Else a rule would be passed over that fits."""
    folder = root / "tests" / "quality" / "disclaimers"
    texts = [
        line.split("\t")[-1]
        for name in ("disclaimed.tsv", "fresh.tsv", "near_misses.txt")
        for line in (folder / name).read_text(encoding="utf-8").splitlines()
    ]
    tried = 0
    for rule in RULES.rules:
        for expression in (*rule.any, *rule.all):
            needs = needed_words(expression)
            for text in texts:
                if re.search(expression, text, re.IGNORECASE):
                    for words in needs:
                        tried += 1
                        assert any(word in text.lower() for word in words), (expression, text)
    assert tried > 1_000


@pytest.mark.parametrize(
    "text",
    [
        "This post contains affiliate links.",
        "THIS POST CONTAINS AFFILIATE LINKS.",
        "Thıs poſt contaınſ AFFİLİATE linKs.",
    ],
)
def test_what_an_expression_takes_for_one_letter_hides_no_word(text: str) -> None:
    assert match_disclaimer(text)[0] == ("affiliate",)
