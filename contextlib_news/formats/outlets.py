"""Outlets and their ratings as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from contextlib_news.context.outlets import OutletDirectory
from contextlib_news.errors import InvalidOutletError
from contextlib_news.formats.fields import FieldError, Fields
from contextlib_news.models import Outlet, OutletFact, OutletSection, Rating

__all__ = ["load_outlets", "outlet_from_dict", "outlet_to_dict"]

STARTER_FILE = "starter_outlets.json"
FACT_KINDS = (
    "ownership",
    "country",
    "founded",
    "corrections-policy",
    "policy",
    "category",
    "reply",
)
FACT_FIELDS = ("kind", "text", "source", "date", "remark")
MAX_FILE_BYTES = 64 * 1024 * 1024


def load_outlets(path: str | Path | None = None) -> OutletDirectory:
    """Return the outlets of a file, or the starter outlets that ship.

    The file is an object with ``outlets`` (a list) and optionally ``impersonated`` (domains that
    others dress up as). Raises :class:`~contextlib_news.errors.InvalidOutletError` where it is not,
    and OSError where it cannot be read.
    """
    if path is None:
        text = (files("contextlib_news.data") / STARTER_FILE).read_text(encoding="utf-8")
    else:
        data = Path(path).read_bytes()
        if len(data) > MAX_FILE_BYTES:
            raise InvalidOutletError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MB")
        text = data.decode("utf-8-sig", "replace")
    name = str(path or STARTER_FILE)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidOutletError(f"{name}: not JSON: {error}") from None
    rows = content.get("outlets") if isinstance(content, dict) else content
    if not isinstance(rows, list):
        raise InvalidOutletError(f"{name}: expected a list of outlets under 'outlets'")
    outlets = []
    for number, row in enumerate(rows, 1):
        try:
            outlets.append(outlet_from_dict(row))
        except InvalidOutletError as error:
            raise InvalidOutletError(f"{name}: outlet {number}: {error}") from None
    impersonated = content.get("impersonated", []) if isinstance(content, dict) else []
    return OutletDirectory(outlets, impersonated=[d for d in impersonated if isinstance(d, str)])


def outlet_from_dict(row: object) -> Outlet:
    """Return the outlet of a JSON object; raises InvalidOutletError naming the field."""
    try:
        fields = Fields(row)
        outlet = Outlet(
            domain=fields.text("domain").lower(),
            name=fields.optional_text("name") or fields.text("domain"),
            ratings=tuple(_rating(rating) for rating in fields.objects("ratings")),
            aliases=tuple(alias.lower() for alias in fields.texts("aliases")),
            categories=fields.texts("categories"),
            country=fields.optional_text("country"),
            publisher=fields.optional_text("publisher"),
            facts=tuple(_fact(fact) for fact in fields.objects("facts")),
            sections=tuple(_section(section) for section in fields.objects("sections")),
            reason=fields.optional_text("reason"),
            look_alike_of=fields.optional_text("look_alike_of"),
        )
        fields.finish()
    except FieldError as error:
        raise InvalidOutletError(str(error)) from None
    return outlet


def outlet_to_dict(outlet: Outlet) -> dict[str, Any]:
    """Return an outlet as :func:`outlet_from_dict` reads it, without what is empty."""
    row: dict[str, Any] = {
        "domain": outlet.domain,
        "name": outlet.name,
        "aliases": list(outlet.aliases),
        "categories": list(outlet.categories),
        "country": outlet.country,
        "publisher": outlet.publisher,
        "facts": [_without_none(fact, FACT_FIELDS) for fact in outlet.facts],
        "sections": [
            {"path": s.path, "name": s.name, "categories": list(s.categories)}
            for s in outlet.sections
        ],
        "reason": outlet.reason,
        "look_alike_of": outlet.look_alike_of,
        "ratings": [
            {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in _rating_fields(rating).items()
                if value is not None
            }
            for rating in outlet.ratings
        ],
    }
    return {key: value for key, value in row.items() if value not in (None, [])}


def _rating_fields(rating: Rating) -> Mapping[str, Any]:
    names = "source label score scale date url licence path method remark".split()
    return {name: getattr(rating, name) for name in names}


def _without_none(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names if getattr(value, name) is not None}


def _fact(fields: Fields) -> OutletFact:
    fact = OutletFact(
        kind=fields.text("kind"),
        text=fields.text("text"),
        source=fields.address("source") or "",
        date=fields.date("date") or "",
        remark=fields.optional_text("remark"),
    )
    if fact.kind not in FACT_KINDS:
        raise FieldError(f"field 'kind' must be one of {', '.join(FACT_KINDS)}")
    if not fact.source or not fact.date:
        raise FieldError("a fact needs 'source' (an address) and 'date'")
    fields.finish()
    return fact


def _section(fields: Fields) -> OutletSection:
    section = OutletSection(
        path=fields.text("path"), name=fields.text("name"), categories=fields.texts("categories")
    )
    if not section.path.startswith("/"):
        raise FieldError("field 'path' must begin with a slash")
    fields.finish()
    return section


def _rating(fields: Fields) -> Rating:
    scale = fields.numbers("scale")
    if scale and (len(scale) != 2 or scale[0] >= scale[1]):
        raise FieldError("field 'scale' must be the lowest and the highest value")
    rating = Rating(
        source=fields.text("source"),
        label=fields.text("label"),
        score=fields.optional_number("score"),
        scale=(scale[0], scale[1]) if scale else None,
        date=fields.date("date"),
        url=fields.address("url"),
        licence=fields.optional_text("licence"),
        path=fields.optional_text("path"),
        method=fields.address("method"),
        remark=fields.optional_text("remark"),
    )
    fields.finish()
    return rating
