"""The JSON API: each view parses, calls and presents; the description comes from its types."""

from __future__ import annotations

from contextlib_news_server.api import (
    annotate,
    claims,
    disclaimers,
    fact_check_tools,
    flags,
    outlets,
)

__all__ = ["blueprints"]

blueprints = (annotate.bp, outlets.bp, disclaimers.bp, claims.bp, flags.bp, fact_check_tools.bp)
