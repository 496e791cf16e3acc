"""The editor's form: from a claim to its fields, back again, and what is wrong by field.

A form is plain names and texts: ``text``, ``variants-0``, ``reports-2-url``. What is not in the
lists below is never read, so that nobody sets an id, a revision or an origin by a field of their
own making. Knows nothing of requests and databases.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.models import Claim, ReportStance, Verdict

__all__ = [
    "LISTS",
    "ROWS",
    "SINGLE",
    "Draft",
    "Field",
    "new_id",
    "new_key",
    "read_form",
    "words_of",
]

# As many items as a claim may hold; the form itself is bounded in bytes before it is read.
MOST_ROWS = 2_000

_ROW = re.compile(r"([a-z_]{1,20})-([0-9]{1,4})(?:-([a-z_]{1,20}))?")
_FIELD = re.compile(r"field '([^']*)' ")
_KEY = re.compile(r"[0-9a-f]{8}")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its words, how it is typed (``line``, ``text``, ``address``, …)."""

    name: str
    label: str
    kind: str = "line"
    hint: str = ""
    choices: tuple[str, ...] = ()


DATE_HINT = "YYYY, YYYY-MM or YYYY-MM-DD"

SINGLE = (
    Field("text", "Claim", "text", "One factual statement, as its maker would put it"),
    Field(
        "summary",
        "What is known",
        "text",
        "For the claim’s public page: who says what, and since when; notes are made of the reports",
    ),
    Field("verdict", "Verdict", "choice", "What the reports on record say", tuple(Verdict)),
    Field("claimant", "Claimed by"),
    Field("date", "Date of the claim", "date", DATE_HINT),
    Field("language", "Language", "short", "A tag such as en or pt-BR"),
    Field("title", "Title"),
    Field("subtitle", "Subtitle"),
    Field("valid_from", "Holds from", "date", DATE_HINT),
    Field("valid_until", "Holds until", "date", DATE_HINT),
)

LISTS = (
    Field("variants", "Other wordings", "text", "The same statement in other words; searched"),
    Field(
        "exclusions", "Not this claim", "text", "Sentences that look alike and say another thing"
    ),
    Field("topics", "Topics"),
    Field("appearances", "Pages that carry it", "address"),
)

ROWS: Mapping[Field, tuple[Field, ...]] = {
    Field("reports", "Reports"): (
        Field("stance", "Does", "choice", "", tuple(ReportStance)),
        Field("outlet", "Outlet"),
        Field("title", "Title"),
        Field("url", "Address", "address"),
        Field("date", "Date", "date", DATE_HINT),
        Field("origin", "First reported by"),
        Field("says", "What it says", "text"),
        Field("date_text", "Date as found"),
        Field("remark", "Still to verify"),
    ),
    Field("reviews", "Reviews by fact-checkers"): (
        Field("publisher", "Publisher"),
        Field("rating", "Rating, in its words"),
        Field("url", "Address", "address"),
        Field("date", "Date", "date", DATE_HINT),
        Field("title", "Title"),
        Field("value", "Number"),
        Field("explanation", "Explanation", "text"),
        Field("licence", "Licence"),
    ),
    Field("quotations", "The source’s own words"): (
        Field("text", "Words", "text"),
        Field("source", "Source"),
        Field("url", "Address", "address"),
        Field("date", "Date", "date", DATE_HINT),
    ),
}

_PARTS = {kind.name: {part.name for part in parts} for kind, parts in ROWS.items()}
_TEXTS = {each.name for each in LISTS}
_SINGLE_NAMES = {each.name for each in SINGLE}

# A row that has only this is one that nobody filled in.
_PRESET = frozenset({"stance"})


@dataclass(slots=True)
class Draft:
    """What stands in the form, whether it makes a claim or not.

    ``values`` has the fields of a claim as they were typed; empty rows are kept until it is saved.
    """

    values: dict[str, Any] = field(default_factory=dict)

    def trim(self, *, keep: str = "") -> None:
        """Drop the empty rows at the ends of lists, but for one list.

        A page shows one empty row more than there are, so what is kept gets one more.
        """
        for name, rows in self.values.items():
            if name == keep or not isinstance(rows, list):
                continue
            while rows and (_is_blank(rows[-1]) if isinstance(rows[-1], dict) else not rows[-1]):
                rows.pop()

    def remove_row(self, name: str, number: int) -> None:
        """Take a row out of a list; one that is not there changes nothing."""
        rows = self.values.get(name, [])
        if (name in _TEXTS or name in _PARTS) and 0 <= number < len(rows):
            del rows[number]

    def flat(self) -> Iterator[tuple[str, str]]:
        """Yield the names and texts of the form, so that another page can carry them on."""
        for name, value in self.values.items():
            if not isinstance(value, list):
                if name in _SINGLE_NAMES and value:
                    yield name, str(value)
                continue
            for number, row in enumerate(value):
                if isinstance(row, dict):
                    for part, text in row.items():
                        if text:
                            yield f"{name}-{number}-{part}", str(text)
                else:
                    yield f"{name}-{number}", str(row)

    def cleaned(self) -> dict[str, Any]:
        """Return the document without what is empty."""
        document: dict[str, Any] = {}
        for name, value in self.values.items():
            if not isinstance(value, list):
                kept: Any = value or None
            elif name in _TEXTS:
                kept = [text for text in value if text]
            else:
                kept = [{n: t for n, t in row.items() if t} for row in value if not _is_blank(row)]
            if kept:
                document[name] = kept
        return document

    def errors(self) -> dict[str, str]:
        """Return what is wrong, by the names of the form."""
        found: dict[str, str] = {}
        for each in SINGLE:
            value = self.values.get(each.name)
            if each.name == "text" and not value:
                found["text"] = "Say what is claimed."
            elif value and (wrong := _wrong({each.name: value})):
                found[each.name] = wrong[1]
        for name in _TEXTS:
            for number, text in enumerate(self.values.get(name, [])):
                # Appearances become links; they are held to what may be one.
                row = {"reviews": [{"publisher": "x", "rating": "x", "url": text}]}
                checked = row if name == "appearances" else {name: [text]}
                if text and (wrong := _wrong(checked)):
                    found[f"{name}-{number}"] = wrong[1]
        for name in _PARTS:
            for number, row in enumerate(self.values.get(name, [])):
                found.update(_wrong_parts(name, number, row))
        start, end = self.values.get("valid_from"), self.values.get("valid_until")
        if start and end and end[: len(start)] < start[: len(end)] and "valid_until" not in found:
            found["valid_until"] = "It ends before it begins."
        return found

    def claim(self, base: Claim) -> Claim:
        """Return the claim, with the number, origin and dates of another version.

        Raises InvalidClaimError where :meth:`errors` says why.
        """
        kept = {
            name: value
            for name, value in claim_to_dict(base).items()
            if name not in _SINGLE_NAMES | _TEXTS | set(_PARTS)
        }
        return claim_from_dict(kept | self.cleaned())


def read_form(form: Mapping[str, str]) -> Draft:
    """Return what was typed; names that are none of a claim's fields are passed over."""
    values: dict[str, Any] = {}
    rows: dict[str, dict[int, Any]] = {}
    for name, said in form.items():
        text = said.replace("\r\n", "\n").replace("\r", "\n").strip()
        if name in _SINGLE_NAMES:
            values[name] = text
            continue
        match = _ROW.fullmatch(name)
        if match is None or int(match[2]) >= MOST_ROWS:
            continue
        kind, number, part = match[1], int(match[2]), match[3]
        if kind in _TEXTS and part is None:
            rows.setdefault(kind, {})[number] = text
        elif kind in _PARTS and part in _PARTS[kind]:
            rows.setdefault(kind, {}).setdefault(number, {})[part] = text
    for kind, found in rows.items():
        values[kind] = [found[number] for number in sorted(found)]
    return Draft(values)


def words_of(name: str) -> str:
    """Return what a field of the form is called there, empty where it is none.

    >>> words_of("reports-0-url"), words_of("valid_until"), words_of("")
    ('Reports 1, Address', 'Holds until', '')
    """
    match = _ROW.fullmatch(name)
    if match is None:
        return next((each.label for each in (*SINGLE, *LISTS) if each.name == name), "")
    place = f" {int(match[2]) + 1}"
    for kind, parts in ROWS.items():
        if kind.name == match[1]:
            part = next((each.label for each in parts if each.name == match[3]), "")
            return f"{kind.label}{place}, {part}"
    return next((each.label + place for each in LISTS if each.name == match[1]), "")


def new_id(text: str, key: str = "") -> str:
    """Return an id for a new claim, made of its first words and some letters by chance.

    With the ``key`` that one form carries, sending that form twice gives one id twice.
    """
    apart = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    words = "-".join(_WORD.findall(plain))[:60].strip("-")
    return f"{words or 'claim'}-{key if _KEY.fullmatch(key) else new_key()}"


def new_key() -> str:
    """Return the letters by chance that an empty form carries."""
    return secrets.token_hex(4)


def _is_blank(row: Mapping[str, str]) -> bool:
    return not any(text for name, text in row.items() if name not in _PRESET)


def _wrong(part: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the name of the wrong field in a part of a claim and what is wrong, or None."""
    try:
        claim_from_dict({"id": "x", "text": "x", **part})
    except InvalidClaimError as error:
        said = str(error)
        match = _FIELD.search(said)
        name = match[1] if match else ""
        said = _FIELD.sub("", said, count=1)
        return name, f"{said[:1].upper()}{said[1:]}.".replace("Is missing or", "This is")
    return None


def _wrong_parts(name: str, number: int, row: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong in one row; a wrong part is left out and the rest looked at again."""
    if _is_blank(row):
        return {}
    found: dict[str, str] = {}
    filled = {part: text for part, text in row.items() if text}
    for _ in range(len(_PARTS[name])):
        wrong = _wrong({name: [filled]})
        if wrong is None:
            break
        part = wrong[0].rpartition(".")[2]
        if part not in _PARTS[name]:
            part = "stance" if "stance" in wrong[1] else sorted(_PARTS[name])[0]
        found[f"{name}-{number}-{part}"] = wrong[1]
        filled[part] = "corroborating" if part == "stance" else "https://x.example"
        if part == "date":
            filled[part] = "2000"
    return found
