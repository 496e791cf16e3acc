"""Two claims side by side, and one of them out of both."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.formats.claims import claim_to_dict
from contextlib_news.models import Claim
from contextlib_news_server.desk.access import bp, has_role, me, needs, page
from contextlib_news_server.desk.claim_editor import LABELS, held_claim, whole
from contextlib_news_server.errors import Problem
from contextlib_news_server.services import services
from contextlib_news_server.store import drafts, options
from contextlib_news_server.store.claim_rows import ClaimState, says_the_same
from contextlib_news_server.store.database import read
from contextlib_news_server.store.drafts import HeldClaim
from contextlib_news_server.store.joining import CHOSEN, JOINED, end_joined, join
from contextlib_news_server.store.near_drafts import find_near_drafts
from contextlib_news_server.store.users import Role
from contextlib_news_server.trial import Likeness, find_duplicates

__all__ = ["join_claims", "show_join"]

# Characters of an id, or of words that stand in its place.
MOST_ASKED = 200


@bp.get("/claims/merge/<path:claim_id>")
@needs(Role.CURATOR)
def show_join(claim_id: str) -> BaseResponse:
    """Show two claims side by side; without a second one, ask for it and offer what is alike."""
    kept = held_claim(claim_id)
    asked = request.args.get("with", "")[:MOST_ASKED].strip()
    if not asked:
        return page("claim_join.html", kept=kept, other=None, alike=_alike(kept, ""))
    try:
        other = _other(kept, asked)
    except Problem as problem:
        found = _alike(kept, asked) if problem.status == 404 else ()
        return page(
            "claim_join.html",
            200 if found else problem.status,
            message=None if found else problem.detail,
            kept=kept,
            other=None,
            asked=asked,
            alike=found,
        )
    one, two = claim_to_dict(kept.newest), claim_to_dict(other.newest)
    differ = [name for name in CHOSEN if one.get(name) != two.get(name)]
    both = [name for name in JOINED if one.get(name) or two.get(name)]
    with read(services().engine) as connection:
        second_person = options.is_on(connection, options.SECOND_PERSON)
    done = kept.public is not None and says_the_same(join(kept.public, other.newest), kept.public)
    return page(
        "claim_join.html",
        kept=kept,
        other=other,
        one=one,
        two=two,
        differ=differ,
        both=both,
        joined=claim_to_dict(join(kept.newest, other.newest)),
        labels=LABELS,
        at_once=has_role(Role.REVIEWER) and not second_person,
        done=done,
    )


@bp.post("/claims/merge/<path:claim_id>")
@needs(Role.CURATOR)
def join_claims(claim_id: str) -> BaseResponse:
    """Make one claim of two.

    Where this person may publish, both steps are done at once. Else what they become together goes
    to review, and the other claim stays with readers until it is published and this is asked again.
    """
    kept = held_claim(claim_id)
    other = _other(kept, request.form.get("with", "")[:MOST_ASKED])
    take = {name for name in CHOSEN if request.form.get(f"choice-{name}") == "other"}
    with services().engine.begin() as connection:
        ended = _join(connection, kept, other, take)
    if ended:
        return redirect(url_for("admin.claim", claim_id=kept.newest.id))
    # The name is a word of the language, so it cannot be given as a keyword.
    with_other: dict[str, Any] = {"with": other.newest.id}
    return redirect(url_for("admin.show_join", claim_id=kept.newest.id, **with_other))


def _alike(kept: HeldClaim, words: str) -> tuple[Likeness, ...]:
    """Return the claims that say much the same, or what some words that are no id may mean."""
    index = services().matcher.current().index
    asked = Claim(id=kept.newest.id, text=words) if words else kept.newest
    with read(services().engine) as connection:
        near = find_near_drafts(connection, asked)
    return find_duplicates(asked, index, near, least=0.0 if words else None)


def _join(connection: Connection, kept: HeldClaim, other: HeldClaim, take: set[str]) -> bool:
    """Do what may be done now; say whether the other claim is retired."""
    by = me().name
    claim_id, ended = kept.newest.id, other.newest.id
    merged = join(kept.newest, other.newest, take=take)
    done = kept.public is not None and says_the_same(join(kept.public, other.newest), kept.public)
    # Also where nothing is to be written: what is ended must be what this person saw.
    now = drafts.find(connection, ended)
    if now is None or now.newest.revision != whole("other_seen"):
        raise Problem(409, "Somebody changed the other claim meanwhile; look at both again.")
    if not done:
        reason = f"merged with {ended}"
        held = drafts.save_draft(connection, merged, seen=whole("seen"), made_by=by, reason=reason)
        seen = held.newest.revision
        second_person = options.is_on(connection, options.SECOND_PERSON)
        if second_person or not has_role(Role.REVIEWER):
            if held.stage == ClaimState.DRAFT:
                drafts.submit(connection, claim_id, seen=seen, made_by=by, reason=reason)
            return False
        drafts.publish(connection, claim_id, seen=seen, made_by=by, reason=reason)
    if not has_role(Role.REVIEWER):
        raise Problem(403, f"Retiring a claim needs the role of {Role.REVIEWER}.")
    end_joined(connection, now, claim_id, made_by=by)
    return True


def _other(kept: HeldClaim, claim_id: str) -> HeldClaim:
    if claim_id == kept.newest.id:
        raise Problem(422, "A claim is merged with another one.")
    other = held_claim(claim_id)
    for each in (kept, other):
        if each.stage == ClaimState.RETIRED:
            raise Problem(422, "A retired claim is merged with nothing; publish it first.")
    return other
