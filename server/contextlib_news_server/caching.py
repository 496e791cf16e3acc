"""Which answers may be kept, for how long, and how a caller asks whether one is still right."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

__all__ = ["install"]

# What is asked anew each time and mostly answered with 304: a correction shows at once.
REVALIDATE = "no-cache"

_KEPT = (
    *("/api/", "/v1alpha1/", "/openapi.json"),
    *("/claims/", "/outlets/", "/changes.atom", "/sitemap", "/robots.txt"),
)

_PACKED = (
    "application/atom+xml",
    "application/json",
    "application/ld+json",
    "application/problem+json",
    "application/javascript",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
)


def install(app: Flask) -> None:
    """Pack answers, and give those of GET requests a tag under which they are asked for again."""
    app.config.update(
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_MIMETYPES=list(_PACKED),
        COMPRESS_STREAMS=False,  # a packer would hold the first notes back
    )
    # Answers run through these in reverse: first the tag, then the packing.
    Compress(app)

    @app.after_request
    def tag(response: Response) -> Response:
        if not request.path.startswith(_KEPT):
            return response
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            response.headers.setdefault("Cache-Control", "no-store")
            return response
        response.headers.setdefault("Cache-Control", REVALIDATE)
        response.vary.add("Accept")
        if not response.is_streamed and "ETag" not in response.headers:
            response.add_etag(weak=True)
        response.make_conditional(request)
        return response
