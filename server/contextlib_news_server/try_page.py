"""``/try``: the overlay on a demonstration article or on a pasted text, nothing to install.

The page runs the extension's own content scripts; only the way to the service is another one.
"""

from __future__ import annotations

import json
from importlib.resources import files

from flask import Blueprint, Response, jsonify, render_template, send_from_directory

from contextlib_news_server.shipped import extension_folder

__all__ = ["bp"]

bp = Blueprint("try", __name__)

# The order of the extension's manifest; the scripts that only an extension needs are left out.
NOT_HERE = ("extension_transport.js", "bootstrap.js")


@bp.get("/try")
def show() -> Response:
    """Show the page."""
    article = files("contextlib_news.data") / "demo_article.json"
    demo = json.loads(article.read_text(encoding="utf-8"))
    scripts = json.loads((extension_folder() / "content" / "order.json").read_text("utf-8"))
    scripts = [name for name in scripts if name not in NOT_HERE]
    html = render_template("try.html", demo=demo, scripts=scripts)
    return Response(html, content_type="text/html; charset=utf-8")


@bp.get("/try/content/<path:name>")
def content(name: str) -> Response:
    """Return one of the content scripts or their style."""
    return send_from_directory(extension_folder() / "content", name)


@bp.get("/try/messages.json")
def messages() -> Response:
    """Return the overlay's strings in English."""
    path = extension_folder() / "_locales" / "en" / "messages.json"
    return jsonify(json.loads(path.read_text(encoding="utf-8")))
