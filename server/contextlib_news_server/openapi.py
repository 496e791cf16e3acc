"""The API described in OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from contextlib_news.models import BlockRole, DifferenceKind, NoteKind, Stance, Verdict
from contextlib_news.version import __version__

__all__ = ["describe"]

Json = dict[str, Any]


def describe() -> Json:
    """Return the description of every route under ``/api/v1`` and of the health routes."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Contextlib News",
            "version": __version__,
            "summary": "What is known about the claims, publisher and fine print of a page.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/v1/annotate": {
                "post": _operation(
                    "annotatePage", "The notes on a page", "Annotation", body="AnnotateRequest"
                )
            },
            "/api/v1/outlets": {
                "post": _operation(
                    "lookUpOutlets", "Outlets of up to 500 domains", "Outlets", body="Domains"
                )
            },
            "/api/v1/outlets/{domain}": {
                "get": _operation("showOutlet", "One outlet with its ratings", "Outlet", "domain")
            },
            "/api/v1/claims": {
                "get": _operation("listClaims", "Published claims", "Claims")
                | {"parameters": [_query("query"), _query("after"), _query("limit")]}
            },
            "/api/v1/claims/{id}": {
                "get": _operation("showClaim", "One published claim", "Claim", "id")
            },
            "/api/v1/flags": {
                "post": _operation(
                    "addFlag", "A reader disputes a note or asks for one", "Flagged",
                    body="Flag", status="201",
                )
            },
            "/healthz": {"get": _operation("live", "Whether the process answers", "Status")},
            "/readyz": {"get": _operation("ready", "Whether it is ready, and why not", "Status")},
        },
        "components": {"schemas": _schemas()},
    }  # fmt: skip


def _operation(
    name: str,
    summary: str,
    schema: str,
    parameter: str | None = None,
    *,
    body: str | None = None,
    status: str = "200",
) -> Json:
    operation: Json = {
        "operationId": name,
        "summary": summary,
        "responses": {
            status: {"description": summary, "content": _content(schema)},
            "default": {
                "description": "A problem document",
                "content": {"application/problem+json": {"schema": _reference("Problem")}},
            },
        },
    }
    if parameter:
        operation["parameters"] = [
            {"name": parameter, "in": "path", "required": True, "schema": {"type": "string"}}
        ]
    if body:
        operation["requestBody"] = {"required": True, "content": _content(body)}
    return operation


def _content(schema: str) -> Json:
    return {"application/json": {"schema": _reference(schema)}}


def _reference(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _query(name: str) -> Json:
    kind = "integer" if name == "limit" else "string"
    return {"name": name, "in": "query", "required": False, "schema": {"type": kind}}


def _text(*, null: bool = False) -> Json:
    return {"type": ["string", "null"] if null else "string"}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _object(required: str, **properties: Json) -> Json:
    return {"type": "object", "required": required.split(), "properties": properties}


def _schemas() -> Json:
    null_text = _text(null=True)
    pairs = _list({"type": "array", "items": _text(), "minItems": 2, "maxItems": 2})
    report = _object(
        "outlet title", outlet=_text(), title=_text(), url=null_text, date=null_text,
        origin=null_text, says=null_text,
    )  # fmt: skip
    rating = _object(
        "source label", source=_text(), label=_text(), score={"type": ["number", "null"]},
        date=null_text, url=null_text, licence=null_text,
        scale={"type": ["array", "null"], "items": {"type": "number"}},
    )  # fmt: skip
    block = _object(
        "text", id=_text(), text=_text(), role={"type": "string", "enum": list(BlockRole)}
    )
    link = _object("href", href=_text(), text=_text(), block=_text())
    note = _object(
        "id kind target title text",
        id=_text(), kind={"type": "string", "enum": list(NoteKind)}, title=_text(), text=_text(),
        target=_object("", block=_text(), exact=_text(), prefix=_text(), suffix=_text()),
        claim=_object(
            "id text verdict", id=_text(), text=_text(), url=null_text, updated=null_text,
            verdict={"enum": [*Verdict, None]},
        ),
        score={"type": ["number", "null"], "minimum": 0, "maximum": 1},
        stance={"enum": [*Stance, None]},
        shared=pairs,
        differences=_list(
            _object(
                "kind page claim",
                kind={"enum": list(DifferenceKind)},
                page=_text(),
                claim=_text(),
            )
        ),
        reports=_object("", corroborating=_list(report), contradicting=_list(report)),
        reviews=_list(_object("publisher rating", publisher=_text(), rating=_text())),
    )  # fmt: skip
    outlet = _object("domain name ratings", domain=_text(), name=_text(), ratings=_list(rating))
    return {
        "AnnotateRequest": _object(
            "", url=null_text, title=null_text, language=null_text, reader_language=null_text,
            blocks=_list(block), text=null_text, html=null_text, links=_list(link),
        ) | {"description": "Exactly one of blocks, text and html."},
        "Annotation": _object(
            "document outlet notes",
            document=_object(
                "sentences checkworthy matched", title=null_text, url=null_text,
                language=null_text, sentences={"type": "integer"},
                checkworthy={"type": "integer"}, matched={"type": "integer"},
            ),
            outlet={"oneOf": [_reference("Outlet"), {"type": "null"}]},
            notes=_list(note),
        ),
        "Outlet": outlet,
        "Domains": _object("domains", domains=_list(_text()) | {"maxItems": 500}),
        "Outlets": _object("outlets", outlets={"type": "object"}),
        "Claim": _object("id text url", id=_text(), text=_text(), url=_text()),
        "Claims": _object("claims next", claims=_list(_reference("Claim")), next=null_text),
        "Flag": _object(
            "reason", note_id=null_text, claim_id=null_text, url=null_text, exact=null_text,
            reason=_text(),
        ),
        "Flagged": _object("id", id={"type": "integer"}),
        "Status": _object("status", status=_text()),
        "Problem": _object(
            "type title status detail", type=_text(), title=_text(), detail=_text(),
            status={"type": "integer"}, errors=_list({"type": "object"}),
        ),
    }  # fmt: skip
