"""The rules for disclaimers that a browser may run by itself."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

from flask import Response, request

from contextlib_news.context.disclaimer_rules import DisclaimerRules
from contextlib_news_server import answers
from contextlib_news_server.description import described_blueprint
from contextlib_news_server.services import services

__all__ = ["bp"]

# They change with a release, a setting, and now and then at the desk.
KEPT_SECONDS = 3_600

bp = described_blueprint("disclaimers", "disclaimers", "/api/v1")


@bp.get(
    "/disclaimer-rules",
    summary="The rules for disclaimers, for local use",
    responses={"200": answers.DisclaimerRuleList},
)
def list_rules() -> Response:
    """Return the rules that are precise enough to run without a service, their words written out.

    Expressions stay within what Python and JavaScript read alike; compile them with `iu`.
    """
    content, tag = _written(services().rules())
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(content, content_type="application/json")
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


@lru_cache(maxsize=2)
def _written(rules: DisclaimerRules) -> tuple[bytes, str]:
    """Return the rules as JSON and the tag of that text."""
    found = rules.for_browser()
    version = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]
    content = json.dumps({"version": version, **found}, separators=(",", ":")).encode("ascii")
    return content, f"disclaimer-rules-{version}"
