"""The public pages: where a note leads to, and where the people it is about come to ask why."""

from __future__ import annotations

from contextlib_news_server.public import claims, disputes, listings, outlets
from contextlib_news_server.public.blueprint import bp

__all__ = ["bp", "claims", "disputes", "listings", "outlets"]
