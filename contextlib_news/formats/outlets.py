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
from contextlib_news.models import Outlet, Rating

__all__ = ["load_outlets", "outlet_from_dict", "outlet_to_dict"]

STARTER_FILE = "starter_outlets.json"
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
            reason=fields.optional_text("reason"),
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
        "reason": outlet.reason,
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
