"""Requests read once, at the border: JSON in, library values out, each wrong field named."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from contextlib_news.models import Block, BlockRole, Link, Page
from contextlib_news_server.config import Config

__all__ = ["InvalidFieldsError", "parse_annotate", "parse_domains", "parse_flag", "parse_json"]

MAX_DOMAINS = 500

# What no database keeps in a text: the null character, and halves of a character (lone surrogates).
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class InvalidFieldsError(ValueError):
    """The fields that are wrong, each with what is wrong about it."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{field}: {detail}" for field, detail in errors))
        self.errors = errors


def parse_json(body: bytes) -> Any:
    """Return the JSON value of a body; raises ValueError where it is none."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON number")

    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_annotate(value: Any, config: Config) -> tuple[Page, str]:
    """Return the page to annotate and the reader's language; raises InvalidFieldsError."""
    errors: list[tuple[str, str]] = []
    row = _object(value)
    known = {"url", "title", "language", "reader_language", "blocks", "text", "html", "links"}
    errors += [(str(name), "is not a known field") for name in sorted(set(row) - known)]
    texts = {
        name: _text(row.get(name), name, errors, limit)
        for name, limit in (
            ("url", 4_000),
            ("title", 2_000),
            ("language", 40),
            ("reader_language", 40),
            ("text", None),
            ("html", None),
        )
    }
    given = [name for name in ("blocks", "text", "html") if row.get(name) is not None]
    if len(given) != 1:
        errors.append(("blocks", "exactly one of blocks, text and html must be given"))
    blocks = _blocks(row.get("blocks"), config.max_blocks, errors)
    links = _links(row.get("links"), config.max_links, errors)
    if errors:
        raise InvalidFieldsError(errors[:50])
    page = Page(
        url=texts["url"],
        title=texts["title"],
        language=texts["language"],
        html=texts["html"],
        text=texts["text"],
        blocks=blocks,
        links=links,
    )
    return page, texts["reader_language"] or "en"


def parse_domains(value: Any) -> list[str]:
    """Return the domains to look up; raises InvalidFieldsError."""
    row = _object(value)
    domains = row.get("domains")
    if not isinstance(domains, list) or not all(isinstance(d, str) for d in domains):
        raise InvalidFieldsError([("domains", "must be a list of texts")])
    if len(domains) > MAX_DOMAINS:
        raise InvalidFieldsError([("domains", f"at most {MAX_DOMAINS} at once")])
    return domains


def parse_flag(value: Any) -> dict[str, str | None]:
    """Return the fields of a reader's flag; raises InvalidFieldsError."""
    row = _object(value)
    errors: list[tuple[str, str]] = []
    limits = {"note_id": 100, "claim_id": 200, "url": 4_000, "exact": 4_000, "reason": 4_000}
    errors += [(str(name), "is not a known field") for name in sorted(set(row) - set(limits))]
    flag = {name: _text(row.get(name), name, errors, limit) for name, limit in limits.items()}
    if not (flag["reason"] or "").strip():
        errors.append(("reason", "must say what is disputed or asked for"))
    errors += [
        (name, "holds a null character or half a character")
        for name, text in flag.items()
        if text is not None and _UNKEEPABLE.search(text)
    ]
    if errors:
        raise InvalidFieldsError(errors)
    return flag


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidFieldsError([("", "the body must be a JSON object")])
    return value


def _text(value: Any, name: str, errors: list[tuple[str, str]], limit: int | None) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        errors.append((name, "must be a text"))
        return None
    if limit is not None and len(value) > limit:
        errors.append((name, f"has more than {limit:,} characters"))
        return None
    return value


def _blocks(value: Any, limit: int, errors: list[tuple[str, str]]) -> tuple[Block, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > limit:
        errors.append(("blocks", f"must be a list of at most {limit:,} blocks"))
        return None
    blocks: list[Block] = []
    for number, row in enumerate(value):
        place = f"blocks[{number}]"
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            errors.append((place, "must be an object with a text under 'text'"))
            continue
        role = row.get("role", "paragraph")
        if not isinstance(role, str) or role not in tuple(BlockRole):
            errors.append((f"{place}.role", f"must be one of {', '.join(BlockRole)}"))
            continue
        block_id = _text(row.get("id"), f"{place}.id", errors, 200)
        blocks.append(Block(text=row["text"], id=block_id, role=BlockRole(role)))
    return tuple(blocks)


def _links(value: Any, limit: int, errors: list[tuple[str, str]]) -> tuple[Link, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > limit:
        errors.append(("links", f"must be a list of at most {limit:,} links"))
        return ()
    links: list[Link] = []
    for number, row in enumerate(value):
        place = f"links[{number}]"
        if not isinstance(row, dict) or not isinstance(row.get("href"), str):
            errors.append((place, "must be an object with an address under 'href'"))
            continue
        text = _text(row.get("text"), f"{place}.text", errors, 2_000)
        block = _text(row.get("block"), f"{place}.block", errors, 200)
        links.append(Link(href=row["href"], text=text or "", block=block))
    return tuple(links)
