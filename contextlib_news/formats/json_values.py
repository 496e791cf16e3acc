"""What reading JSON gives: values with their places, what was mended, and no name lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

__all__ = ["JsonError", "Parsed", "Repair", "Several", "add_member", "decoder"]


class JsonError(ValueError):
    """The text cannot be read as JSON, not even repaired; ``offset`` says where it goes wrong."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason, self.offset = reason, offset


@dataclass(frozen=True, slots=True)
class Repair:
    """What was mended, at an offset of the text; ``loss`` where something was left out by it."""

    offset: int
    what: str
    loss: bool = False


class Several(list[Any]):
    """The differing values of a name that stands more than once in an object."""


@dataclass(slots=True)
class Parsed:
    """The values of a text in their order, each with its offset, and what was mended."""

    values: list[tuple[int, Any]] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    # Where objects and lists begin, by identity; they live as long as ``values`` does.
    offsets: dict[int, int] = field(default_factory=dict)


def decoder() -> json.JSONDecoder:
    """Return a decoder of well-formed JSON that keeps both values of a name that stands twice."""
    return json.JSONDecoder(strict=False, object_pairs_hook=_members)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        members = {}
        for name, value in pairs:
            add_member(members, name, value)
    return members


def add_member(members: dict[str, Any], name: str, value: Any) -> None:
    """Add a member to an object; differing values of one name are kept side by side."""
    if name not in members:
        members[name] = value
        return
    held = members[name]
    if not isinstance(held, Several):
        if held == value and type(held) is type(value):
            return
        held = members[name] = Several([held])
    if value not in held:
        held.append(value)
