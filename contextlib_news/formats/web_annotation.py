"""The answer for one page as W3C Web Annotations (https://www.w3.org/TR/annotation-model/)."""

from __future__ import annotations

from typing import Any

from contextlib_news.formats.answer import note_to_dict
from contextlib_news.models import Annotation, Note, NoteKind

__all__ = ["annotation_to_web_annotations"]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"

# Without an address of its own a page is still one thing that all its annotations share.
UNKNOWN_SOURCE = "urn:contextlib-news:page"


def annotation_to_web_annotations(annotation: Annotation) -> dict[str, Any]:
    """Return an AnnotationPage: each note a TextualBody on a TextQuoteSelector.

    A note on the whole page targets the page itself. The note's own fields travel under
    ``contextlib_news``, which readers of plain Web Annotations pass over.
    """
    source = annotation.document.url or UNKNOWN_SOURCE
    return {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        "items": [_annotation(note, source) for note in annotation.notes],
    }


def _annotation(note: Note, source: str) -> dict[str, Any]:
    target: str | dict[str, Any] = source
    if note.target.exact:
        target = {
            "source": source,
            "selector": {
                "type": "TextQuoteSelector",
                "exact": note.target.exact,
                "prefix": note.target.prefix or "",
                "suffix": note.target.suffix or "",
            },
        }
    bodies: list[dict[str, Any]] = [
        {
            "type": "TextualBody",
            "value": f"{note.title}. {note.text}",
            "format": "text/plain",
            "purpose": "commenting",
        },
        {"type": "TextualBody", "value": note.kind.value, "purpose": "tagging"},
    ]
    return {
        "@context": CONTEXT,
        "id": f"urn:contextlib-news:note:{note.id}",
        "type": "Annotation",
        "motivation": "assessing" if note.kind is NoteKind.CLAIM else "commenting",
        "body": bodies,
        "target": target,
        "contextlib_news": note_to_dict(note),
    }
