"""A claim and its editor: nothing that was typed is lost, and nobody overwrites somebody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import InvalidClaimError
from contextlib_news.formats.claims import claim_from_dict, claim_to_dict
from contextlib_news.models import Claim
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, has_role, me, needs, page
from contextlib_news_server.desk.claim_forms import (
    LISTS,
    ROWS,
    SINGLE,
    Draft,
    new_id,
    new_key,
    read_form,
    words_of,
)
from contextlib_news_server.desk.claim_trial import effect_of
from contextlib_news_server.errors import Problem
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import (
    drafts,
    exclusions,
    joining,
    options,
    revisions,
    trial_counts,
)
from contextlib_news_server.store.claim_rows import says_the_same
from contextlib_news_server.store.database import read
from contextlib_news_server.store.drafts import HeldClaim, StateError
from contextlib_news_server.store.merge import ConflictError, merge
from contextlib_news_server.store.revisions import diff
from contextlib_news_server.store.users import Role

__all__ = [
    "ADDED",
    "EDITED",
    "LABELS",
    "LONGEST_REASON",
    "add_claim",
    "claim",
    "edit_claim",
    "held_claim",
    "new_claim",
    "show_conflict",
    "whole",
]

LONGEST_REASON = 1_000

# What the history says where the person said nothing.
ADDED, EDITED = "added", "edited"

# Buttons that rule a sentence out: one that got a note in the trial, and one that got none.
RULE_OUT = ("not-this-claim", "nor-this-claim")

# Names of the fields in tables of differences.
LABELS = {each.name: each.label for each in (*SINGLE, *LISTS, *ROWS)}


@bp.get("/claims/new")
@needs(Role.CONTRIBUTOR)
def new_claim() -> BaseResponse:
    """Show an empty form; a text may come with the address."""
    text = request.args.get("text", "")[:2_000]
    return _editor(Draft({"text": text} if is_keepable(text) else {}), None)


@bp.post("/claims/new")
@needs(Role.CONTRIBUTOR)
def add_claim() -> BaseResponse:
    """Keep a new claim as a draft."""
    draft = read_form(request.form)
    if not _is_save(draft):
        return _editor(draft, None)
    errors = draft.errors()
    if errors:
        return _editor(draft, None, errors=errors, status=422)
    claim_id = new_id(draft.values["text"], request.form.get("key", ""))
    base = Claim(id=claim_id, text=draft.values["text"])
    try:
        with services().engine.begin() as connection:
            held = drafts.save_draft(
                connection, draft.claim(base), seen=None, made_by=me().name, reason=_reason(ADDED)
            )
    except InvalidClaimError as error:
        return _editor(draft, None, errors={"": str(error)}, status=422)
    except ConflictError as conflict:
        # The same form was sent before: pressed twice, or come back to and changed.
        if not _is_held(draft, claim_id):
            held = held_claim(claim_id)
            return show_conflict(conflict, held, base=held.newest.revision)
    return redirect(url_for("admin.claim", claim_id=claim_id))


@bp.get("/claims/edit/<path:claim_id>")
@needs(Role.CONTRIBUTOR)
def claim(claim_id: str) -> BaseResponse:
    """Show a claim in its editor."""
    held = held_claim(claim_id)
    return _editor(Draft(claim_to_dict(held.newest)), held)


@bp.post("/claims/edit/<path:claim_id>")
@needs(Role.CONTRIBUTOR)
def edit_claim(claim_id: str) -> BaseResponse:
    """Keep what was typed as the draft, or show the form again with a row more or less."""
    held = held_claim(claim_id)
    draft = read_form(request.form)
    seen = whole("seen")
    if request.form.get("action") == "resolve":
        return _resolve(draft, held)
    for name in RULE_OUT:
        if name in request.form:
            return _rule_out(request.form[name], draft, held, seen, had_note=name == RULE_OUT[0])
    if not _is_save(draft):
        return _editor(draft, held, seen=seen)
    errors = draft.errors()
    if errors:
        return _editor(draft, held, seen=seen, errors=errors, status=422)
    return _save(draft, held, seen)


def _rule_out(
    sentence: str, draft: Draft, held: HeldClaim, seen: int, *, had_note: bool
) -> BaseResponse:
    """Rule a sentence out for readers at once; what was typed beside it stays in the form."""
    draft.trim()
    if not has_role(Role.CURATOR):
        raise Problem(403, f"This needs the role of {Role.CURATOR}.")
    sentence = " ".join(sentence.split())
    try:
        with services().engine.begin() as connection:
            after = exclusions.rule_out(connection, held.newest.id, sentence, made_by=me().name)
            trial_counts.add(connection, ruled_out=int(had_note))
    except (StateError, InvalidClaimError) as error:
        return _editor(draft, held, seen=seen, errors={"": f"{error}."}, status=422)
    typed = draft.values.setdefault("exclusions", [])
    if sentence not in typed:
        typed.append(sentence)
    # Who had seen the version before has seen this one too: it is that one with this sentence.
    now = after.newest.revision if seen == held.newest.revision else seen
    return _editor(draft, after, seen=now, said="Ruled out; readers get no note there any more.")


def _save(draft: Draft, held: HeldClaim, seen: int, onto: int | None = None) -> BaseResponse:
    claim_id = held.newest.id
    try:
        with services().engine.begin() as connection:
            base = _version(connection, claim_id, seen) or held.newest
            drafts.save_draft(
                connection,
                draft.claim(base),
                seen=seen,
                made_by=me().name,
                reason=_reason(EDITED),
                onto=onto,
            )
    except ConflictError as conflict:
        if not _is_held(draft, claim_id):
            return show_conflict(conflict, held, base=seen)
    except InvalidClaimError as error:
        return _editor(draft, held, seen=seen, errors={"": str(error)}, status=422)
    return redirect(url_for("admin.claim", claim_id=claim_id))


def _is_held(draft: Draft, claim_id: str) -> bool:
    """Say whether the newest version says what was typed, as where a button was pressed twice."""
    newest = held_claim(claim_id).newest
    return says_the_same(draft.claim(newest), newest)


# --- Two people at one claim ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two versions differ, and whether a person has to choose."""

    name: str
    label: str
    base: object
    mine: object
    theirs: object
    overlapping: bool


def show_conflict(
    conflict: ConflictError, held: HeldClaim, *, base: int, onto: int | None = None
) -> BaseResponse:
    """Show both versions, what becomes of them together, and where a person has to choose.

    ``base`` is the revision that both started from; ``onto`` is the public revision that a draft
    is brought up to, None where two drafts met.
    """
    before, theirs = conflict.base or {}, conflict.theirs or {}
    merged = conflict.merged()
    names = [*LABELS, *(n for n in {**conflict.mine, **theirs} if n not in LABELS)]
    differences = [
        Difference(
            name,
            LABELS.get(name, name),
            before.get(name),
            conflict.mine.get(name),
            theirs.get(name),
            name in merged.overlapping,
        )
        for name in names
        if conflict.mine.get(name) != theirs.get(name)
        and name not in ("revision", "created", "updated")
    ]
    with read(services().engine) as connection:
        now = drafts.find(connection, held.newest.id) or held
        newer = revisions.find(connection, "claim", held.newest.id, conflict.revision)
    return page(
        "claim_conflict.html",
        409,
        held=now,
        differences=differences,
        fields=list(Draft(dict(conflict.mine)).flat()),
        base=base,
        theirs=conflict.revision,
        onto=onto,
        newer=newer,
        reason=request.form.get("reason", "")[:LONGEST_REASON],
    )


def _resolve(mine: Draft, held: HeldClaim) -> BaseResponse:
    """Save the merge of two versions, with theirs where the person chose it."""
    base, theirs, onto = whole("base"), whole("theirs"), whole("onto")
    with read(services().engine) as connection:
        before = _version(connection, held.newest.id, base)
        there = _version(connection, held.newest.id, theirs)
    if there is None:
        raise Problem(422, "There is no such version to merge with.")
    errors = mine.errors()
    if errors:
        return _editor(mine, held, seen=base, errors=errors, status=422)
    ours = claim_to_dict(mine.claim(before or there))
    other = claim_to_dict(there)
    merged = merge(claim_to_dict(before) if before else {}, ours, other)
    document = dict(merged.document)
    for name in merged.overlapping:
        if request.form.get(f"choice-{name}") == "theirs":
            document.pop(name, None)
            if name in other:
                document[name] = other[name]
    draft = Draft(claim_to_dict(claim_from_dict(document)))
    # Where a draft was brought up to a newer public text, it is still the draft that was seen.
    seen = whole("seen") if onto else theirs
    return _save(draft, held, seen, onto or None)


# --- The page -------------------------------------------------------------------------------------


def held_claim(claim_id: str) -> HeldClaim:
    """Return a claim in whatever state; raises Problem where there is none."""
    held = None
    if is_keepable(claim_id):
        with read(services().engine) as connection:
            held = drafts.find(connection, claim_id)
    if held is None:
        raise Problem(404, "There is no claim of this id.")
    return held


def whole(name: str) -> int:
    """Return a whole number of the form, 0 where it is none."""
    return forms.number_of(request.form.get(name, "")) or 0


def _editor(
    draft: Draft,
    held: HeldClaim | None,
    *,
    seen: int | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
    said: str = "",
) -> BaseResponse:
    base = held.newest if held else Claim(id="(new)", text="(new)")
    effect = effect_of(draft, base)
    if request.form.get("action") == "try" and effect and effect.trial and effect.trial.there:
        with services().engine.begin() as connection:
            trial_counts.add(connection, shown=effect.trial.there)
    with read(services().engine) as connection:
        second_person = options.is_on(connection, options.SECOND_PERSON)
        into = joining.joined_into(connection, held.newest.id) if held else None
    values: dict[str, Any] = {
        "single": SINGLE,
        "lists": LISTS,
        "rows": ROWS,
        "values": draft.values,
        "held": held,
        "seen": seen if seen is not None else (held.newest.revision if held else None),
        "errors": errors or {},
        "words_of": words_of,
        "wrong_rows": {name.rpartition("-")[0] + "-" for name in errors or {}},
        "reason": request.form.get("reason", "")[:LONGEST_REASON],
        "second_person": second_person,
        "beside": diff(claim_to_dict(held.public), claim_to_dict(held.newest))
        if held and held.public and held.newest != held.public
        else (),
        "labels": LABELS,
        "said": said,
        "into": into,
        "effect": effect,
        "key": request.form.get("key") or new_key(),
    }
    return page("claim_editor.html", status, **values)


def _is_save(draft: Draft) -> bool:
    """Do what a button asks of the form itself; say whether the form is to be saved."""
    action = request.form.get("action", "save")
    verb, _, rest = action.partition(":")
    draft.trim(keep=rest if verb == "add" else "")
    if verb == "remove":
        name, _, number = rest.partition(":")
        if (row := forms.number_of(number, digits=5)) is not None:
            draft.remove_row(name, row)
        return False
    return verb == "save"


def _version(connection: Connection, claim_id: str, revision: int) -> Claim | None:
    found = revisions.find(connection, "claim", claim_id, revision)
    if found is None or found.after is None:
        return None
    return replace(claim_from_dict(dict(found.after)), revision=revision)


def _reason(otherwise: str) -> str:
    said = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not is_keepable(said):
        raise InvalidClaimError("the reason holds a null character or half a character")
    return said or otherwise
