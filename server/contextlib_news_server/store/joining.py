"""Two claims that say the same become one; the other is retired and says where to look.

Scalar fields are those of the claim that is kept, and the other's where it has none or the person
chose it; lists hold what either had. The other's text and variants become variants, so that
sentences that matched it match the one that is kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from contextlib_news.matching.normalize import tokenize
from contextlib_news.models import Claim
from contextlib_news_server.store import drafts, revisions
from contextlib_news_server.store.claim_rows import ClaimState
from contextlib_news_server.store.drafts import HeldClaim

__all__ = ["CHOSEN", "JOINED", "end_joined", "join", "joined_into"]

# Fields of which only one can stay.
CHOSEN = (
    *("summary", "verdict", "claimant", "date", "language"),
    *("title", "subtitle", "valid_from", "valid_until"),
)
JOINED = (
    *("variants", "exclusions", "topics", "appearances"),
    *("reports", "reviews", "quotations", "fingerprints"),
)

# How the reason of the last revision of a retired claim begins where another took it in.
POINTER = "merged into "


def join(kept: Claim, other: Claim, *, take: Collection[str] = ()) -> Claim:
    """Return what becomes of two claims; of the fields in ``take`` the other's value stays.

    >>> join(Claim(id="a", text="One."), Claim(id="b", text="Uno.", topics=("t",))).variants
    ('Uno.',)
    """
    values: dict[str, Any] = {}
    for name in CHOSEN:
        mine, theirs = getattr(kept, name), getattr(other, name)
        if theirs and (not mine or name in take):
            values[name] = theirs
    for name in JOINED:
        values[name] = _without_repeats([*getattr(kept, name), *getattr(other, name)])
    own = _words(kept.text)
    wordings = _without_repeats([*kept.variants, other.text, *other.variants])
    values["variants"] = tuple(each for each in wordings if _words(each) != own)
    said = {own, *map(_words, values["variants"])}
    # What one claim ruled out may be what the other says.
    values["exclusions"] = tuple(each for each in values["exclusions"] if _words(each) not in said)
    return replace(kept, **values)


def end_joined(connection: Connection, other: HeldClaim, into: str, *, made_by: str) -> HeldClaim:
    """Retire a claim that another took in, with its draft; it points there from now on."""
    reason = f"{POINTER}{into}"
    claim_id, seen = other.newest.id, other.newest.revision
    if other.stage in (ClaimState.DRAFT, ClaimState.IN_REVIEW):
        other = drafts.discard(connection, claim_id, seen=seen, made_by=made_by, reason=reason)
        seen = other.newest.revision
    if other.state == ClaimState.PUBLISHED:
        other = drafts.retire(connection, claim_id, seen=seen, made_by=made_by, reason=reason)
    return other


def joined_into(connection: Connection, claim_id: str) -> str | None:
    """Return the id of the claim that took a retired one in, None where none did."""
    last = revisions.history(connection, "claim", claim_id, limit=1)
    if not last or last[0].state != ClaimState.RETIRED:
        return None
    reason = last[0].reason
    into = reason.removeprefix(POINTER)
    if into == reason or drafts.find(connection, into) is None:
        return None
    return into


def _without_repeats(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokenize(text))
