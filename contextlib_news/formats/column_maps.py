"""Which column of a foreign table, or member of a foreign object, is which field of a claim."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.dates import read_date
from contextlib_news.formats.fields import FieldError
from contextlib_news.formats.ratings import is_number, verdict_of_rating
from contextlib_news.formats.review_objects import review_id
from contextlib_news.formats.schema_values import (
    addresses_in,
    host_of_address,
    language_of,
    plain_text,
    texts_in,
)

__all__ = ["LEFT_OUT", "ColumnMap", "MappedRow", "claim_fields"]

# Stands for a field: the column is left out; stands for a column: all others.
LEFT_OUT = "-"
ALL_OTHERS = "*"

TEXTS = frozenset(
    "id text title subtitle claimant date language verdict summary valid_from valid_until "
    "revision created updated".split()
)
LISTS = frozenset("variants exclusions topics appearances".split())
DATES = frozenset({"date", "valid_from", "valid_until", "review.date", "provenance.date"})
ADDRESSES = frozenset({"review.url", "provenance.url"})
REVIEW = tuple(
    f"review.{n}" for n in "publisher rating url date title value explanation licence".split()
)
PROVENANCE = tuple(f"provenance.{n}" for n in "source licence url date".split())
FIELDS = (*sorted(TEXTS | LISTS), *REVIEW, *PROVENANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedRow:
    """A row as the fields of a claim, with what was left out of it and why."""

    fields: dict[str, Any]
    dropped: tuple[tuple[str, str], ...] = ()
    joins: bool = False
    unknown_ratings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """A map from columns to fields, and fields that have one value in every row.

    A column that is neither mapped nor named like a field is an error, unless ``*`` is mapped to
    ``-``. ``parted`` parts the texts of a list in one cell. ``fields`` are the fields that there
    are, those of a claim by default.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    parted: str = "|"
    fields: tuple[str, ...] = FIELDS

    def __post_init__(self) -> None:
        """Refuse fields that there are not, and a text field that two columns would fill."""
        filled: set[str] = set()
        for column, name in (*self.columns.items(), *((n, n) for n in self.constants)):
            if name == LEFT_OUT:
                continue
            if name not in self.fields:
                known = ", ".join(self.fields)
                raise InvalidClaimError(
                    f"map: {column!r} cannot become {name!r}; fields are {known}, or - to leave out"
                )
            if name in filled and name not in LISTS:
                raise InvalidClaimError(f"map: two columns would fill the field {name!r}")
            filled.add(name)

    @classmethod
    def of(cls, items: Iterable[str], fields: tuple[str, ...] = FIELDS) -> ColumnMap:
        """Return the map of arguments: ``column=field``, ``field:=value``, or a JSON file's name.

        The file holds ``columns`` (an object), and optionally ``constants`` (an object) and
        ``parted`` (a text). Raises InvalidClaimError naming what is wrong.
        """
        columns: dict[str, str] = {}
        constants: dict[str, str] = {}
        parted = "|"
        for item in items:
            name, constant, value = item.partition(":=")
            if constant and name in fields:
                constants[name] = value
            elif "=" in item:
                column, _, target = item.rpartition("=")
                columns[column.strip()] = target.strip()
            else:
                more = _read_map(Path(item), fields)
                columns |= more.columns
                constants |= more.constants
                parted = more.parted
        return cls(columns=columns, constants=constants, parted=parted, fields=fields)

    def check(self, names: Iterable[str]) -> None:
        """Raise InvalidClaimError for columns that have no field, and for mapped ones that lack."""
        names = list(names)
        missing = sorted(c for c in self.columns if c != ALL_OTHERS and c not in names)
        if missing:
            raise InvalidClaimError(
                f"map: there is no column {missing[0]!r}; there are: {', '.join(names)}"
            )
        unknown = [name for name in names if self.field_of(name) is None]
        if unknown:
            raise InvalidClaimError(
                f"the columns {', '.join(map(repr, unknown))} are mapped to no field; map them, "
                f"or leave them out with --map {unknown[0]}=- (all others: --map '*=-')"
            )

    def field_of(self, column: str) -> str | None:
        """Return the field of a column, ``-`` where it is left out, None where it is not told."""
        return self.columns.get(column) or (
            column if column in self.fields else self.columns.get(ALL_OTHERS)
        )

    def texts(self, row: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the texts of a row by field. Raises FieldError for a member that has no field."""
        texts: dict[str, list[str]] = {name: [text] for name, text in self.constants.items()}
        for column, value in row.items():
            name = self.field_of(column)
            if name is None:
                raise FieldError(f"unknown field {column!r}; map it, or leave it out with '-'")
            if name == LEFT_OUT or value in (None, "", []):
                continue
            # Cells are plain texts: what looks like markup or entities in one was put there.
            said = [value.strip()] if isinstance(value, str) else texts_in(value)
            if name in LISTS:
                said = [p.strip() for text in said for p in text.split(self.parted)]
                texts.setdefault(name, []).extend(text for text in said if text)
            elif said and said[0]:
                texts[name] = said[:1]
        return texts


def claim_fields(columns: ColumnMap, row: Mapping[str, Any]) -> MappedRow:
    """Return a row as the fields of a claim. Raises FieldError where it cannot be one."""
    texts = columns.texts(row)
    dropped: list[tuple[str, str]] = []
    for name in DATES & texts.keys():
        found, why = read_date(texts[name][0])
        if why:
            dropped.append((name, why))
        texts[name] = [found] if found else []
    for name in ADDRESSES & texts.keys():
        addresses, _ = addresses_in(texts[name][0])
        if not addresses:
            dropped.append((name, f"{texts[name][0][:80]!r} is no address"))
        texts[name] = addresses[:1]
    if "language" in texts and (code := language_of(texts["language"])) is not None:
        texts["language"] = [code]
    fields: dict[str, Any] = {
        name: said if name in LISTS else said[0]
        for name, said in texts.items()
        if said and "." not in name
    }
    if "revision" in fields and fields["revision"].isdecimal() and len(fields["revision"]) < 10:
        fields["revision"] = int(fields["revision"])
    if not plain_text(str(fields.get("text", ""))):
        raise FieldError("field 'text' is missing or empty")
    review = {n.removeprefix("review."): texts[n][0] for n in REVIEW if texts.get(n)}
    provenance = {n.removeprefix("provenance."): texts[n][0] for n in PROVENANCE if texts.get(n)}
    unknown: tuple[str, ...] = ()
    if review:
        host = host_of_address(review.get("url"))
        review.setdefault("publisher", (host or provenance.get("source", "")).removeprefix("www."))
        for name in ("rating", "publisher"):
            if not review.get(name):
                raise FieldError(f"field 'review.{name}' is missing or empty")
        fields["reviews"] = [review]
        if "verdict" not in fields:
            verdict = verdict_of_rating(review["rating"])
            if verdict is not None:
                fields["verdict"] = verdict.value
            elif not is_number(review["rating"]):
                unknown = (review["rating"],)
    if provenance:
        if "source" not in provenance:
            raise FieldError("field 'provenance.source' is missing or empty")
        fields["provenance"] = provenance
    joins = "id" not in fields
    if joins:
        fields["id"] = review_id(fields["text"])
    return MappedRow(fields=fields, dropped=tuple(dropped), joins=joins, unknown_ratings=unknown)


def _read_map(path: Path, fields: tuple[str, ...]) -> ColumnMap:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidClaimError(
            f"map {str(path)!r} is neither column=field nor a file: {error.strerror}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise InvalidClaimError(f"map {path}: not JSON: {error}") from None
    wrong = f"map {path}: expected an object with 'columns' and optionally 'constants', 'parted'"
    if not isinstance(content, dict) or set(content) - {"columns", "constants", "parted"}:
        raise InvalidClaimError(wrong)
    tables = (content.get("columns", {}), content.get("constants", {}))
    parted = content.get("parted", "|")
    if not all(isinstance(t, dict) and all(isinstance(v, str) for v in t.values()) for t in tables):
        raise InvalidClaimError(wrong)
    if not isinstance(parted, str) or not parted:
        raise InvalidClaimError(wrong)
    return ColumnMap(columns=tables[0], constants=tables[1], parted=parted, fields=fields)
