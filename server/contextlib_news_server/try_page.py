"""``/try``: the overlay on a demonstration article or on a pasted text, nothing to install.

The page runs the extension's own content scripts; only the way to the service is another one.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, jsonify, render_template, send_from_directory
from werkzeug.exceptions import NotFound

__all__ = ["bp", "overlay_folder"]

bp = Blueprint("try", __name__)

# The order of the extension's manifest; the scripts that only an extension needs are left out.
NOT_HERE = ("extension_transport.js", "bootstrap.js")


@cache
def overlay_folder() -> Path:
    """Return the folder with the extension's scripts: in the wheel, or in the checkout."""
    here = Path(__file__).parent
    for folder in (here / "overlay", here.parent.parent / "extension"):
        if (folder / "content" / "main.js").is_file():
            return folder
    raise NotFound


@bp.get("/try")
def show() -> Response:
    """Show the page."""
    article = files("contextlib_news.data") / "demo_article.json"
    demo = json.loads(article.read_text(encoding="utf-8"))
    scripts = json.loads((overlay_folder() / "content" / "order.json").read_text("utf-8"))
    scripts = [name for name in scripts if name not in NOT_HERE]
    html = render_template("try.html", demo=demo, scripts=scripts)
    return Response(html, content_type="text/html; charset=utf-8")


@bp.get("/try/content/<path:name>")
def content(name: str) -> Response:
    """Return one of the content scripts or their style."""
    return send_from_directory(overlay_folder() / "content", name)


@bp.get("/try/messages.json")
def messages() -> Response:
    """Return the overlay's strings in English."""
    path = overlay_folder() / "_locales" / "en" / "messages.json"
    return jsonify(json.loads(path.read_text(encoding="utf-8")))
