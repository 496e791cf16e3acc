"""A page's answer as one row of Parquet, and back.

The columns hold what is asked for most; the rest of a note stands as JSON beside it (``more``), so
that nothing is lost: :func:`row_to_answer` gives the answer of the library and of the API again.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from contextlib_news.bulk.found import Found
from contextlib_news.formats.answer import annotation_to_dict
from contextlib_news.models import Annotation

__all__ = ["SCHEMA", "row_of", "row_to_answer"]

_OUTLET = pa.struct([(name, pa.string()) for name in ("domain", "name", "relation", "more")])
_NOTE = pa.struct(
    [(name, pa.string()) for name in ("id", "kind", "title", "text")]
    + [(name, pa.string()) for name in ("block", "exact", "prefix", "suffix")]
    + [(name, pa.string()) for name in ("claim_id", "claim_text", "verdict", "stance")]
    + [("score", pa.float64()), ("more", pa.string())]
)

# One row a page, errors too: that every page is there once can be counted without unfolding.
SCHEMA = pa.schema(
    [
        pa.field("input", pa.string(), nullable=False),
        pa.field("place", pa.int64(), nullable=False),
        ("id", pa.string()),
        ("url", pa.string()),
        ("title", pa.string()),
        ("language", pa.string()),
        ("sentences", pa.int32()),
        ("checkworthy", pa.int32()),
        ("matched", pa.int32()),
        ("outlet", _OUTLET),
        pa.field("notes", pa.list_(_NOTE), nullable=False),
        ("error", pa.string()),
    ]
)

_TARGET = ("block", "exact", "prefix", "suffix")
_DOCUMENT = ("title", "url", "language", "sentences", "checkworthy", "matched")
_CLAIM = {"claim_id": "id", "claim_text": "text", "verdict": "verdict"}


def row_of(
    name: str, found: Found, annotation: Annotation | None, error: str | None
) -> dict[str, Any]:
    """Return the row of a page of the input ``name``: its answer, or why there is none."""
    row: dict[str, Any] = dict.fromkeys(SCHEMA.names)
    row |= {"input": _plain(name), "place": found.place, "id": _plain(found.id), "notes": []}
    if annotation is None:
        return row | {"url": _plain(found.url), "error": _plain(error or "unknown")}
    answer = annotation_to_dict(annotation)
    row |= {part: _plain(answer["document"][part]) for part in _DOCUMENT}
    if answer["outlet"] is not None:
        outlet = dict(answer["outlet"])
        kept = {part: _plain(outlet.pop(part)) for part in ("domain", "name", "relation")}
        row["outlet"] = kept | {"more": _json(outlet)}
    row["notes"] = [_note(note) for note in answer["notes"]]
    return row


def row_to_answer(row: dict[str, Any]) -> dict[str, Any]:
    """Return the answer that a row was made of, as :func:`annotation_to_dict` gives it."""
    outlet = row["outlet"]
    if outlet is not None:
        outlet = {part: outlet[part] for part in ("domain", "name", "relation")} | json.loads(
            outlet["more"]
        )
    return {
        "document": {part: row[part] for part in _DOCUMENT},
        "outlet": outlet,
        "notes": [_note_again(note) for note in row["notes"]],
    }


def _note(note: dict[str, Any]) -> dict[str, Any]:
    rest = dict(note)
    row = {part: _plain(rest.pop(part)) for part in ("id", "kind", "title", "text")}
    target = rest.pop("target")
    row |= {part: _plain(target.get(part)) for part in _TARGET}
    if "claim" in rest:
        claim = dict(rest.pop("claim"))
        row |= {column: _plain(claim.pop(part)) for column, part in _CLAIM.items()}
        row |= {"stance": rest.pop("stance"), "score": rest.pop("score")}
        rest["claim"] = claim
    return row | {"more": _json(rest)}


def _note_again(row: dict[str, Any]) -> dict[str, Any]:
    note = {part: row[part] for part in ("id", "kind", "title", "text")}
    note["target"] = {part: row[part] for part in _TARGET if row[part] is not None}
    note |= json.loads(row["more"])
    if "claim" in note:
        note["claim"] |= {part: row[column] for column, part in _CLAIM.items()}
        note |= {"stance": row["stance"], "score": row["score"]}
    return note


def _plain(value: Any) -> Any:
    """Return a text without halves of surrogate pairs, which no file of text can hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _json(value: dict[str, Any]) -> str:
    return str(_plain(json.dumps(value, ensure_ascii=False)))
