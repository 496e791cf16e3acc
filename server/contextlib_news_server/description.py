"""The API described: OpenAPI 3.1 made from the views' types, and a page to read it on."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, render_template
from flask_openapi3 import APIBlueprint, Info, License, OpenAPI, Tag
from pydantic import ValidationError

from contextlib_news.version import __version__
from contextlib_news_server import answers
from contextlib_news_server.schemas import name_fields

__all__ = ["bp", "described_blueprint", "options"]

bp = Blueprint("description", __name__)

_PROBLEM = {
    "description": "A problem document",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def options() -> dict[str, Any]:
    """Return what the application is described with; its own pages replace the library's."""
    return {
        "info": Info(
            title="Contextlib News",
            version=__version__,
            summary="What is known about the claims, publisher and fine print of a page.",
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
        ),
        "security_schemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Asked for where the administrator set it so.",
            }
        },
        "validation_error_model": answers.Problem,
        "validation_error_callback": _refuse,
        "doc_ui": False,
    }


def described_blueprint(name: str, tag: str, prefix: str | None = None) -> APIBlueprint:
    """Return a blueprint whose views are described, problems among their answers."""
    return APIBlueprint(
        name,
        name,
        url_prefix=prefix,
        abp_tags=[Tag(name=tag)],
        abp_security=[{}, {"token": []}],
        abp_responses={"422": dict(_PROBLEM), "default": dict(_PROBLEM)},
        operation_id_callback=_name,
    )


@bp.get("/openapi.json")
def describe() -> Response:
    """Return the description."""
    return jsonify(_description())


@bp.get("/docs")
def browse() -> Response:
    """Show the description."""
    html = render_template("docs.html", api=_description())
    return Response(html, content_type="text/html; charset=utf-8")


def _description() -> dict[str, Any]:
    api: dict[str, Any] = cast(OpenAPI, current_app).api_doc
    for item in api["paths"].values():
        for operation in item.values():
            # The library writes docstrings for a page that shows markup.
            words = operation.get("description", "")
            operation["description"] = words.replace("<br/>", "\n")
    return api


def _refuse(error: ValidationError) -> Response:
    raise name_fields(error)


def _name(*, name: str, **_: str) -> str:
    """Return the name of an operation: that of its view, as clients in other languages write it."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
