r"""The rules that find disclaimers, read from data: how an expression is written and compiled.

A rule is data, so that administrators add their own and a browser can run the same one. Its
expressions stay within what Python and JavaScript read alike: no ``\w``, ``\d`` or ``\b`` (they
differ beyond ASCII), no named groups, no flags, and every repetition bounded. Four shorthands are
written out before compiling: ``<piece>`` (a word list of the language), ``<4>`` (up to four words),
``<end>`` (no letter follows), and, in front of each expression, that no letter precedes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from contextlib_news.context.required_words import words_to_look_for
from contextlib_news.errors import InvalidDisclaimerRuleError

__all__ = [
    "DISCLAIMER_TYPES",
    "DisclaimerRule",
    "DisclaimerRules",
    "check_expressions",
    "load_disclaimer_rules",
    "read_disclaimer_rules",
]

DISCLAIMER_TYPES = frozenset(
    "accuracy affiliate ai-generated conflict-of-interest correction editorial-control financial "
    "images legal liability machine-translated medical opinion ownership press-release republished "
    "retraction satire seek-corroboration sponsored state-media unverified update user-generated "
    "views wire".split()
)

MAX_FILE_BYTES = 4 * 1024 * 1024
MAX_RULES = 5_000
MAX_EXPRESSION = 4_000
MAX_WORDS_DEEP = 5

# ``matches`` and ``misses`` are texts that it must and must not match, ``remark`` is for people.
FIELDS = frozenset("type language any all not local reported remark matches misses".split())

# Letters and digits of the scripts that rules are written in. Written out, as the two languages
# disagree on what a word is.
LETTERS = "0-9A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff"
START, END = f"(?<![{LETTERS}])", f"(?![{LETTERS}])"
GAP = r"(?:\S{1,60} ){0,%s}"

# Arabic writes "and", "the" and "for" onto the word, so that a word may begin within another.
UNBORDERED = frozenset({"ar"})

_SHORTHAND = re.compile(r"<([a-z-]{2,20}|[0-9]{1,2})>")
_FOREIGN = re.compile(
    r"\\[wWdDbBAZGpPxuUN]|\(\?[aiLmsux]|\(\?P|\(\?>|\(\?\(|\[\[|&&|[*+?}][+]|(?<!\\)\$(?![)|]|$)"
)
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{[0-9]*,\}")
_CLASS = re.compile(r"\[(?:\\.|[^\]\\])*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclaimerRule:
    """One way of disclaiming: any of ``any``, each of ``all`` and none of ``unless`` must match.

    Expressions are written out. ``local`` marks rules of a precision that a browser may show
    without asking a service.
    """

    type: str
    language: str
    any: tuple[str, ...]
    all: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    local: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class DisclaimerRules:
    """Rules in order, and the type that each schema.org name of an article stands for.

    ``types_of_sections`` has the type that the name of a section in ``<meta>`` stands for, in
    folded case. Compared by identity, so that what is compiled of them can be kept.
    """

    rules: tuple[DisclaimerRule, ...]
    types_of_markup: Mapping[str, str]
    types_of_sections: Mapping[str, str] = field(default_factory=dict)

    def followed_by(self, more: DisclaimerRules) -> DisclaimerRules:
        """Return these rules and behind them others, whose names of types come before these."""
        return DisclaimerRules(
            rules=self.rules + more.rules,
            types_of_markup={**self.types_of_markup, **more.types_of_markup},
            types_of_sections={**self.types_of_sections, **more.types_of_sections},
        )

    def language_of(self, language: str | None) -> str | None:
        """Return the language (BCP 47 tag) whose rules are tried beside the English ones.

        That is English where there are none; all are tried where no language is given.
        """
        if language is None:
            return None
        primary = language.split("-", 1)[0].split("_", 1)[0].lower()
        return primary if any(rule.language == primary for rule in self.rules) else "en"

    def for_browser(self) -> dict[str, Any]:
        """Return the local rules as JSON values: expressions to be compiled with the flags ``iu``.

        Each is applied to one sentence of at most 600 characters with plain quotes, spaces in place
        of other white space, and single spaces. ``words`` has for each expression of ``any`` texts
        in lower case of which a sentence must hold one, none where nothing is sure.
        """
        return {
            "rules": [
                {
                    "type": rule.type,
                    "language": rule.language,
                    "any": list(rule.any),
                    "all": list(rule.all),
                    "not": list(rule.unless),
                    "words": [_looked_for(expression, rule.all) for expression in rule.any],
                }
                for rule in self.rules
                if rule.local
            ]
        }


def _looked_for(expression: str, conditions: tuple[str, ...]) -> list[str]:
    needs = words_to_look_for(expression, conditions)
    return sorted(needs[0]) if needs else []


@cache
def _shipped() -> DisclaimerRules:
    return _read(_content(), "disclaimers.json", None)


def _content() -> dict[str, Any]:
    text = (files("contextlib_news.data") / "disclaimers.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def load_disclaimer_rules(path: str | Path | None = None) -> DisclaimerRules:
    """Return the rules that ship, followed by those of a file.

    The file is an object with ``rules`` and optionally ``words`` (by language, beside those that
    ship), ``unless``, ``types_of_markup`` and ``types_of_sections``; ``"replace": true`` leaves out
    what ships.
    Raises :class:`~contextlib_news.errors.InvalidDisclaimerRuleError` naming the rule, and OSError
    where the file cannot be read.
    """
    if path is None:
        return _shipped()
    name = str(path)
    data = Path(path).read_bytes()
    if len(data) > MAX_FILE_BYTES:
        raise InvalidDisclaimerRuleError(f"{name}: larger than {MAX_FILE_BYTES // 2**20} MB")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidDisclaimerRuleError(f"{name}: not JSON: {error}") from None
    own = read_disclaimer_rules(content, name)
    return own if content.get("replace") is True else _shipped().followed_by(own)


def read_disclaimer_rules(content: object, name: str) -> DisclaimerRules:
    """Return the rules of a file's content alone, written out with the words that ship.

    Raises :class:`~contextlib_news.errors.InvalidDisclaimerRuleError` that begins with ``name``.
    """
    own = _read(content, name, _content())
    check_expressions(own)
    return own


def check_expressions(rules: DisclaimerRules) -> None:
    """Raise InvalidDisclaimerRuleError for an expression that does not compile.

    Not done for the rules that ship, which a test checks: compiling them all takes 0.3 s, and a
    page needs few of them.
    """
    for rule in rules.rules:
        for expression in (*rule.any, *rule.all, *rule.unless):
            try:
                re.compile(expression)
            except (re.error, OverflowError, RecursionError) as error:
                raise InvalidDisclaimerRuleError(
                    f"a rule for {rule.type}: {expression!r}: {error}"
                ) from None


def _read(content: object, name: str, shipped: Mapping[str, Any] | None) -> DisclaimerRules:
    if not isinstance(content, dict) or not isinstance(content.get("rules"), list):
        raise InvalidDisclaimerRuleError(f"{name}: expected an object with a list 'rules'")
    if len(content["rules"]) > MAX_RULES:
        raise InvalidDisclaimerRuleError(f"{name}: more than {MAX_RULES:,} rules")
    words: dict[str, dict[str, str]] = {}
    unless: dict[str, list[str]] = {}
    for source in (shipped or {}, content):
        for language, table in _table(source, "words", name).items():
            if not isinstance(table, dict):
                raise InvalidDisclaimerRuleError(f"{name}: 'words' of {language} must be an object")
            words.setdefault(language, {}).update(table)
        for language, taken_back in _table(source, "unless", name).items():
            unless[language] = list(_texts(taken_back, f"{name}: 'unless' of {language}"))
    rules = []
    for number, row in enumerate(content["rules"], 1):
        try:
            rules.append(_rule(row, words, unless))
        except InvalidDisclaimerRuleError as error:
            raise InvalidDisclaimerRuleError(f"{name}: rule {number}: {error}") from None
    markup = _table(content, "types_of_markup", name)
    sections = _table(content, "types_of_sections", name)
    for kind in (*markup.values(), *sections.values()):
        if kind not in DISCLAIMER_TYPES:
            raise InvalidDisclaimerRuleError(f"{name}: {kind!r} is not a type of disclaimer")
    return DisclaimerRules(
        rules=tuple(rules),
        types_of_markup=markup,
        types_of_sections={written.casefold(): kind for written, kind in sections.items()},
    )


def _table(content: Mapping[str, Any], key: str, name: str) -> Mapping[str, Any]:
    table = content.get(key, {})
    if not isinstance(table, dict):
        raise InvalidDisclaimerRuleError(f"{name}: {key!r} must be an object")
    return table


def _rule(
    row: object, words: Mapping[str, Mapping[str, str]], unless: Mapping[str, list[str]]
) -> DisclaimerRule:
    if not isinstance(row, dict):
        raise InvalidDisclaimerRuleError("must be an object")
    unknown = set(row) - FIELDS
    if unknown:
        raise InvalidDisclaimerRuleError(f"unknown field {sorted(unknown)[0]!r}")
    kind, language = row.get("type"), row.get("language")
    if not isinstance(kind, str) or kind not in DISCLAIMER_TYPES:
        known = ", ".join(sorted(DISCLAIMER_TYPES))
        raise InvalidDisclaimerRuleError(f"'type' must be one of {known}")
    if not isinstance(language, str) or not language:
        raise InvalidDisclaimerRuleError("'language' must be a code such as en")
    table = words.get(language, {})
    for examples in ("matches", "misses"):
        _texts(row.get(examples, []), f"{examples!r}")
    taken_back = list(_texts(row.get("not", []), "'not'"))
    # Who reports what somebody said disclaims nothing, unless the rule says it may.
    if row.get("reported") is not True:
        taken_back += unless.get(language, [])
    written = {
        "any": _texts(row.get("any"), "'any'"),
        "all": _texts(row.get("all", []), "'all'"),
        "unless": taken_back,
    }
    if not written["any"]:
        raise InvalidDisclaimerRuleError("'any' must hold an expression")
    return DisclaimerRule(
        type=kind,
        language=language,
        local=row.get("local") is True,
        **{
            key: tuple(_write_out(expression, table, language) for expression in expressions)
            for key, expressions in written.items()
        },
    )


def _texts(value: object, name: str) -> Iterable[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidDisclaimerRuleError(f"{name} must be a list of texts")
    return value


def _write_out(expression: str, words: Mapping[str, str], language: str) -> str:
    """Return an expression with its shorthands written out and bound to the start of a word."""
    text = expression
    for _ in range(MAX_WORDS_DEEP):
        text = _SHORTHAND.sub(lambda match: _shorthand(match[1], words), text)
    bare = _CLASS.sub("[]", text)
    foreign = _FOREIGN.search(bare)
    if foreign:
        raise InvalidDisclaimerRuleError(
            f"{expression!r}: {foreign[0]!r} means different things in Python and JavaScript; "
            "write the characters out"
        )
    if _UNBOUNDED.search(bare):
        raise InvalidDisclaimerRuleError(
            f"{expression!r}: give each repetition an upper bound, as in {{0,3}}"
        )
    if len(text) > MAX_EXPRESSION:
        raise InvalidDisclaimerRuleError(f"{expression!r}: longer than {MAX_EXPRESSION:,}")
    if language in UNBORDERED or expression.startswith((" ", "^", "/")):
        return f"(?:{text})"
    return f"{START}(?:{text})"


def _shorthand(name: str, words: Mapping[str, str]) -> str:
    if name.isdigit():
        return GAP % name
    if name == "end":
        return END
    if name not in words:
        raise InvalidDisclaimerRuleError(f"no word list is named {name!r}")
    return words[name]
