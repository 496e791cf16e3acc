"""Drafts that nobody published and that share words with a claim: no index holds them."""

from __future__ import annotations

from sqlalchemy import Connection, select

from contextlib_news.models import Claim
from contextlib_news_server.store.claim_rows import ClaimState, read_document
from contextlib_news_server.store.tables import claims
from contextlib_news_server.store.words import fold_words

__all__ = ["find_near_drafts"]

# The drafts last worked on that are looked at, of either state; many more wait at no desk.
LOOKED_AT = 1_000
MOST = 20


def find_near_drafts(connection: Connection, claim: Claim) -> list[Claim]:
    """Return the drafts that share most of the words of a claim, at most 20.

    Looked at are the last 1,000 drafts and the last 1,000 claims in review; what is published has
    the index. Whether one says the same is for the index to judge.
    """
    own = set(fold_words([claim.text, *claim.variants]))
    if not own:
        return []
    ranked: list[tuple[float, int]] = []
    for stage in (ClaimState.DRAFT, ClaimState.IN_REVIEW):
        rows = connection.execute(
            select(claims.c.number, claims.c.words)
            .where(claims.c.stage == stage.value, claims.c.state != ClaimState.PUBLISHED.value)
            .where(claims.c.id != claim.id)
            .order_by(claims.c.touched.desc())
            .limit(LOOKED_AT)
        )
        for number, words in rows:
            theirs = set(words.split())
            if theirs:
                ranked.append((len(own & theirs) / min(len(own), len(theirs)), number))
    nearest = [number for share, number in sorted(ranked, reverse=True)[:MOST] if share]
    documents = connection.execute(
        select(claims.c.document, claims.c.pending).where(claims.c.number.in_(nearest))
    )
    return [read_document(pending or document) for document, pending in documents]
