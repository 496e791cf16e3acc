"""Answers written once, at the exit: library values in, JSON values out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from contextlib_news.formats.answer import (
    annotation_to_dict,
    note_to_dict,
    outlet_to_answer,
    summary_to_dict,
)
from contextlib_news.formats.claims import claim_to_dict
from contextlib_news.models import Annotation, Claim, Note, Outlet

__all__ = [
    "PUBLISHER",
    "claim_address",
    "present_annotation",
    "present_claim",
    "present_note",
    "present_outlet",
    "present_summary",
]

# Under which name this service signs its verdicts.
PUBLISHER = "Contextlib News"


def present_annotation(annotation: Annotation, base: str) -> dict[str, Any]:
    """Return the answer for a page; each claim leads to its public page under ``base``."""
    answer = annotation_to_dict(annotation)
    for note in answer["notes"]:
        _lead_to_claim(note, base)
    return answer


def present_note(note: Note, base: str) -> dict[str, Any]:
    """Return one note of an answer."""
    answer = note_to_dict(note)
    _lead_to_claim(answer, base)
    return answer


def present_summary(annotation: Annotation) -> dict[str, Any]:
    """Return an answer without its notes."""
    return summary_to_dict(annotation)


def present_claim(claim: Claim, base: str) -> dict[str, Any]:
    """Return a claim with the address of its public page."""
    return claim_to_dict(claim) | {"url": claim_address(base, claim.id)}


def present_outlet(outlet: Outlet) -> dict[str, Any]:
    """Return an outlet with its ratings."""
    return outlet_to_answer(outlet)


def claim_address(base: str, claim_id: str) -> str:
    """Return the address of a claim's public page."""
    return f"{base.rstrip('/')}/claims/{quote(claim_id, safe='')}"


def _lead_to_claim(note: dict[str, Any], base: str) -> None:
    if "claim" in note:
        note["claim"]["url"] = claim_address(base, note["claim"]["id"])
