"""JSON as sites really write it: what breaks the rules is repaired where only one reading is left.

One pass, no recursion, linear time, so that hostile text costs no more than honest text. Each
repair is told with its place. What stands in a value that is cut off is never kept: half a text is
not the text. A library that repairs JSON for other ends guesses more than a publisher's words
allow, and says nothing of what it changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from contextlib_news.formats.json_values import JsonError, Parsed, Repair, add_member, decoder

__all__ = ["parse_lenient"]

MAX_DEPTH = 100
MAX_REPAIRS = 200
MAX_ENDLESS = 20

_SPACE = re.compile(r"(?:\s|<!--|-->|<!\[CDATA\[|\]\]>)*")
_WORD = re.compile(r"[^\s,:{}\[\]\"']+")
_KEY = re.compile(r"[\w$@.:/#-]*[\w$@#-]")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ENTITY_QUOTES = re.compile(r"[{\[,]\s*&(?:quot|#0*34|#x0*22);", re.IGNORECASE)
_OPEN = {'"': '"', "'": "'", "“": "“”„", "”": "“”", "„": "“”", "`": "`"}
_INSIDE = {quote: re.compile(f"[{re.escape(ends)}\\\\]") for quote, ends in _OPEN.items()}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "\n": ""}
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LITERALS = {
    "true": True, "false": False, "null": None, "None": None, "True": True, "False": False,
    "undefined": None, "NaN": None, "nan": None, "NULL": None,
}  # fmt: skip
# A member's name, which must follow the comma after a text in an object: else the mark that
# seemed to end the text stands inside it.
_NEXT_KEY = (
    r"(?:(?:\"(?:[^\"\\\n]|\\.){0,200}\"|'(?:[^'\\\n]|\\.){0,200}'|[“”][^“”\n]{0,200}[“”]"
    r"|[\w$@][\w$@.:-]{0,80})\s{0,9}:)"
)
_AFTER_COMMA = re.compile(rf"\s{{0,999}},\s{{0,999}}(?:{_NEXT_KEY}|[}}\],]|//|/\*|$)")
_MISSED_COMMA = re.compile(rf"\s{{1,999}}{_NEXT_KEY}")
_AFTER_ITEM = re.compile(r"\s{0,999},\s{0,999}(?:[\"'“{\[\]},\d-]|true|false|null|//|/\*|$)")


def parse_lenient(text: str, start: int = 0, *, in_list: bool = False) -> Parsed:
    """Return the objects and lists of a text, mended where need be.

    ``in_list``: the text from ``start`` on stands inside a list, whose items are the values; what
    stands behind the list's end is left alone. Raises :class:`JsonError` where nothing can be
    read or the nesting is deeper than 100.
    """
    if '"' not in text and _ENTITY_QUOTES.search(text):
        text = unescape(text)
    return _Parser(text, start, in_list).run()


@dataclass(slots=True)
class _Open:
    """An object or a list that is not closed yet."""

    container: Any
    key: str | None = None
    after_value: bool = False


class _Parser:
    def __init__(self, text: str, start: int, in_list: bool) -> None:
        self.text, self.at, self.in_list = text, start, in_list
        self.stack: list[_Open] = []
        self.parsed = Parsed()
        # Where the search for a mark last began and what it found: asked again and again from
        # behind each quotation mark, an unclosed comment would cost the square of the length.
        self.found: dict[str, tuple[int, int]] = {}
        self.endless = 0

    def run(self) -> Parsed:
        text, end = self.text, len(self.text)
        while True:
            self._skip()
            if self.at >= end:
                break
            mark = text[self.at]
            if not self.stack and not self._outside(mark):
                break
            if not self.stack or self.at >= end or text[self.at] != mark:
                continue
            if mark == ",":
                self._comma()
            elif mark in "}]":
                self._close(mark)
            else:
                self._member(mark)
        self._finish()
        return self.parsed

    # --- Between values ---

    def _outside(self, mark: str) -> bool:
        """Take what stands at the top; return False where a list that was begun outside ends."""
        if self.in_list and mark == "]":
            return False
        if mark in "{[":
            self._push(mark)
        elif mark in ",;":
            self.at += 1
        elif mark in _OPEN and not self.in_list:
            # JSON that was written out as a text of JSON.
            offset, inner = self.at, self._string(mark, key=False, outside=True)
            if inner is not None and inner.lstrip()[:1] in ("{", "["):
                self._repair(offset, "JSON inside a text")
                try:
                    nested = decoder().decode(inner)
                except (ValueError, RecursionError):
                    nested = None
                self._value(nested, offset, top=True)
        else:
            offset = self.at
            found = re.compile(r"[{\[\]]" if self.in_list else r"[{\[]").search(self.text, self.at)
            self.at = found.start() if found else len(self.text)
            self._repair(offset, "text that is no JSON", loss=self.in_list)
        return True

    def _push(self, mark: str) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise JsonError(f"nested deeper than {MAX_DEPTH}", self.at)
        container: Any = {} if mark == "{" else []
        self.parsed.offsets[id(container)] = self.at
        self.stack.append(_Open(container))
        self.at += 1

    def _comma(self) -> None:
        top = self.stack[-1]
        if top.key is not None:
            self._repair(self.at, f"'{top.key[:60]}' has no value", loss=True)
            top.key = None
        elif not top.after_value:
            self._repair(self.at, "a comma too many")
        top.after_value = False
        self.at += 1
        self._skip()
        if self.text[self.at : self.at + 1] in ("}", "]"):
            self._repair(self.at, "a comma too many")

    def _close(self, mark: str) -> None:
        wanted = dict if mark == "}" else list
        if not isinstance(self.stack[-1].container, wanted):
            self._repair(self.at, f"'{mark}' closes nothing")
            if not any(isinstance(one.container, wanted) for one in self.stack):
                self.at += 1
                return
            while not isinstance(self.stack[-1].container, wanted):
                self._pop()
        self.at += 1
        self._pop()

    def _pop(self) -> None:
        done = self.stack.pop()
        if done.key is not None:
            self._repair(self.at, f"'{done.key[:60]}' has no value", loss=True)
        self._value(done.container, self.parsed.offsets[id(done.container)], top=not self.stack)

    def _value(self, value: Any, offset: int, *, top: bool) -> None:
        if top:
            if isinstance(value, dict | list):
                self.parsed.values.append((offset, value))
            return
        owner = self.stack[-1]
        if isinstance(owner.container, dict):
            if owner.key in owner.container:
                self._repair(offset, f"'{(owner.key or '')[:60]}' stands there twice")
            add_member(owner.container, owner.key or "", value)
            owner.key = None
        else:
            owner.container.append(value)
        owner.after_value = True

    # --- Values ---

    def _member(self, mark: str) -> None:
        top = self.stack[-1]
        if top.after_value:
            self._repair(self.at, "a comma is missing")
            top.after_value = False
        if isinstance(top.container, dict) and top.key is None:
            self._key(mark, top)
        elif mark in "{[":
            self._push(mark)
        elif mark in _OPEN:
            offset, text = self.at, self._string(mark, key=False)
            if text is not None:
                self._value(text, offset, top=False)
            else:
                top.key = None
        else:
            self._word()

    def _key(self, mark: str, top: _Open) -> None:
        offset = self.at
        if mark in _OPEN:
            key = self._string(mark, key=True)
            if mark != '"':
                self._repair(offset, "a name in other quotation marks than JSON's")
        elif mark in "{[":
            self._repair(offset, "a value without a name")
            top.key = ""
            return
        else:
            match = _KEY.match(self.text, self.at)
            key = match[0].rstrip(":") if match else None
            if key:
                self.at += len(key)
                self._repair(offset, "a name without quotation marks")
            else:
                self.at += 1
                self._repair(offset, "a character that is no JSON")
                return
        self._skip()
        following = self.text[self.at : self.at + 1]
        if key is None or following not in (":", "="):
            self._repair(offset, "a value without a name", loss=True)
            return
        self.at += 2 if self.text.startswith("=>", self.at) else 1
        top.key = key

    def _word(self) -> None:
        """Read a number, a literal, or a text without marks up to the next comma or bracket."""
        offset = self.at
        match = _WORD.match(self.text, offset)
        if match is None:
            self.at += 1
            self._repair(offset, "a character that is no JSON")
            return
        word = match[0]
        self.at = match.end()
        value: Any
        if word in _LITERALS:
            value = _LITERALS[word]
            if word not in ("true", "false", "null"):
                self._repair(offset, f"{word} is no JSON")
        elif _NUMBER.fullmatch(word):
            value = _number(word)
        else:
            end = re.compile(r"[,\n{}\[\]]").search(self.text, offset)
            self.at = end.start() if end else len(self.text)
            value = self.text[offset : self.at].strip()
            self._repair(offset, "a text without quotation marks")
        self._value(value, offset, top=False)

    def _string(self, mark: str, *, key: bool, outside: bool = False) -> str | None:
        """Return the text that begins here, None where it never ends; moves behind its end."""
        text, start = self.text, self.at
        inside = _INSIDE[mark]
        parts: list[str] = []
        at = start + 1
        in_object = bool(self.stack) and isinstance(self.stack[-1].container, dict)
        while found := inside.search(text, at):
            stop = found.start()
            parts.append(text[at:stop])
            if found[0] == "\\":
                part, at = self._escape(stop)
                parts.append(part)
                continue
            at = stop + 1
            if outside or key or self._ends(at, in_object):
                self.at = at
                if mark != '"' and not key:
                    self._repair(start, "a text in other quotation marks than JSON's")
                return _whole_pairs("".join(parts))
            self._repair(stop, "a quotation mark inside a text")
            parts.append(found[0])
        self._repair(start, "a text that never ends", loss=True)
        # Its end was forgotten: go on in the next line, but not often, since each search for an end
        # goes through all that follows.
        line_end = self._find("\n", start)
        self.endless += 1
        self.at = line_end if line_end >= 0 and self.endless <= MAX_ENDLESS else len(text)
        return None

    def _ends(self, at: int, in_object: bool) -> bool:
        """Say whether a quotation mark just before ``at`` ends its text, by what follows it."""
        behind = self._behind_space(at)
        following = self.text[behind : behind + 1]
        if following in ("", "}", "]"):
            return True
        if following == ",":
            pattern = _AFTER_COMMA if in_object else _AFTER_ITEM
            return pattern.match(self.text, behind) is not None
        if in_object:
            return _MISSED_COMMA.match(self.text, at) is not None
        return following in "\"'{[" and behind > at

    def _escape(self, at: int) -> tuple[str, int]:
        following = self.text[at + 1 : at + 2]
        if following == "u":
            code = self.text[at + 2 : at + 6]
            if _HEX.fullmatch(code):
                return chr(int(code, 16)), at + 6
            self._repair(at, "a broken escape")
            return "u", at + 2
        if following in _ESCAPES:
            return _ESCAPES[following], at + 2
        if following not in ('"', "\\", "/"):
            self._repair(at, "an escape that is no JSON")
        return following, at + 2

    # --- Bookkeeping ---

    def _skip(self) -> None:
        self.at = self._behind_space(self.at)

    def _behind_space(self, at: int) -> int:
        """Return the place behind the space and the comments that begin at a place."""
        while True:
            match = _SPACE.match(self.text, at)
            at = match.end() if match else at
            opening = self.text[at : at + 2]
            if opening == "//":
                end = self._find("\n", at)
                at = len(self.text) if end < 0 else end + 1
            elif opening == "/*" and (end := self._find("*/", at + 2)) >= 0:
                at = end + 2
            else:
                return at

    def _find(self, mark: str, at: int) -> int:
        """Return where a mark stands next, -1 where it does not; quick when asked again."""
        since, end = self.found.get(mark, (0, 0))
        if not since <= at or (0 <= end < at) or mark not in self.found:
            end = self.text.find(mark, at)
            self.found[mark] = at, end
        return end

    def _finish(self) -> None:
        if self.stack:
            self._repair(len(self.text), "it ends before it is closed", loss=True)
        while self.stack:
            self._pop()
        if not self.parsed.values and not self.in_list:
            raise JsonError("no object and no list was found in it", 0)

    def _repair(self, offset: int, what: str, *, loss: bool = False) -> None:
        if len(self.parsed.repairs) < (2 * MAX_REPAIRS if loss else MAX_REPAIRS):
            self.parsed.repairs.append(Repair(offset, what, loss))


def _number(word: str) -> int | float | str:
    """Return a number, or the digits as text where no number can hold them."""
    if len(word) > 400:
        return word
    try:
        return int(word)
    except ValueError:
        value = float(word)
        return value if abs(value) != float("inf") else word


def _whole_pairs(text: str) -> str:
    """Join the halves of characters that were escaped one by one; lone halves are replaced."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
