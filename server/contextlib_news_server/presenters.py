"""Answers written once, at the exit: library values in, JSON values out."""

from __future__ import annotations

from typing import Any

from contextlib_news.formats.answer import annotation_to_dict, outlet_to_answer
from contextlib_news.formats.claims import claim_to_dict
from contextlib_news.models import Annotation, Claim, Outlet

__all__ = ["present_annotation", "present_claim", "present_outlet"]


def present_annotation(annotation: Annotation, base: str) -> dict[str, Any]:
    """Return the answer for a page; each claim leads to its public page under ``base``."""
    answer = annotation_to_dict(annotation)
    for note in answer["notes"]:
        if "claim" in note:
            note["claim"]["url"] = claim_address(base, note["claim"]["id"])
    return answer


def present_claim(claim: Claim, base: str) -> dict[str, Any]:
    """Return a claim with the address of its public page."""
    return claim_to_dict(claim) | {"url": claim_address(base, claim.id)}


def present_outlet(outlet: Outlet) -> dict[str, Any]:
    """Return an outlet with its ratings."""
    return outlet_to_answer(outlet)


def claim_address(base: str, claim_id: str) -> str:
    """Return the address of a claim's public page."""
    from urllib.parse import quote

    return f"{base.rstrip('/')}/claims/{quote(claim_id, safe='')}"
