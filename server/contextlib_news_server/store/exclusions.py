"""What a curator rules out for a claim: it holds for readers at once, and in the draft as well.

An exclusion only ever takes a note away, so it waits for no review; who wrote a draft and where it
stands stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from contextlib_news.matching.normalize import tokenize
from contextlib_news.models import Claim
from contextlib_news_server.store.claim_rows import check_keepable, take_turn
from contextlib_news_server.store.claims import save
from contextlib_news_server.store.drafts import (
    HeldClaim,
    StateError,
    find,
    find_row,
    write_step,
)

__all__ = ["LONGEST_SENTENCE", "rule_out"]

LONGEST_SENTENCE = 2_000
LONGEST_QUOTED = 200


def rule_out(connection: Connection, claim_id: str, sentence: str, *, made_by: str) -> HeldClaim:
    """Add a sentence to the exclusions of a claim, of its public text and of its draft.

    Raises :class:`StateError` where there is no such claim, where the sentence is empty or too
    long, or where it is one of the claim's own wordings, which to rule out would end the claim.
    """
    sentence = " ".join(sentence.split())
    if not sentence or len(sentence) > LONGEST_SENTENCE:
        raise StateError(f"a sentence of 1 to {LONGEST_SENTENCE:,} characters is ruled out")
    take_turn(connection)
    held = find(connection, claim_id)
    if held is None:
        raise StateError("there is no such claim")
    words = _words(sentence)
    for claim in filter(None, (held.public, held.newest)):
        if words in map(_words, (claim.text, *claim.variants)):
            raise StateError(
                "this is the claim's own wording; take it out of the wordings, or retire the claim"
            )
    check_keepable(_with(held.newest, sentence))
    reason = f"not this claim: {sentence[:LONGEST_QUOTED]}"
    departed = held.base is not None and held.public and held.base == held.public.revision
    if held.public is not None:
        save(connection, _with(held.public, sentence), made_by=made_by, reason=reason)
    row = find_row(connection, claim_id)
    if row is not None and (row.pending is not None or held.public is None):
        after = find(connection, claim_id)
        base = row.pending_base
        if departed and after is not None and after.public is not None:
            # The draft has the same addition, so it still departs from what readers see.
            base = after.public.revision
        write_step(
            connection,
            row,
            _with(held.newest, sentence),
            stage=row.stage,
            state=row.state,
            base=base,
            edited_by=row.edited_by,
            made_by=made_by,
            reason=reason,
        )
    found = find(connection, claim_id)
    return held if found is None else found


def _with(claim: Claim, sentence: str) -> Claim:
    if sentence in claim.exclusions:
        return claim
    return replace(claim, exclusions=(*claim.exclusions, sentence))


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokenize(text))
