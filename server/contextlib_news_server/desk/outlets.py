"""Outlets: all raters side by side, and what the desk itself writes down of a publisher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from contextlib_news.errors import CommandError, ContextError
from contextlib_news.formats.fields import FieldError
from contextlib_news.formats.outlet_tables import site_of
from contextlib_news.formats.outlets import FACT_KINDS, outlet_from_dict
from contextlib_news_server.desk import forms
from contextlib_news_server.desk.access import bp, me, needs, page
from contextlib_news_server.errors import as_sentence
from contextlib_news_server.schemas import is_keepable
from contextlib_news_server.services import services
from contextlib_news_server.store import outlet_edits, outlets, revisions, sources
from contextlib_news_server.store.database import read
from contextlib_news_server.store.merge import ConflictError
from contextlib_news_server.store.outlet_listing import list_outlets
from contextlib_news_server.store.revisions import Change, Revision, diff
from contextlib_news_server.store.users import Role

__all__ = ["edit_outlet", "show_desk_outlet", "show_outlets"]

PAGE = 50
HISTORY = 20
EMPTY_FACTS = 2
MOST_FACTS = 60
LONGEST_REASON = 500
LONGEST_FACT = 4_000
REPLY = "reply"

# One line each in the form, and one text each in the record.
TEXTS = ("name", "country", "publisher", "reason", "look_alike_of")
LISTS = ("aliases", "categories")
PARTS = ("text", "source", "date", "remark")
KINDS = tuple(kind for kind in FACT_KINDS if kind != REPLY)


@bp.get("/outlets")
@needs(Role.CONTRIBUTOR)
def show_outlets() -> BaseResponse:
    """Show outlets, all or those that fit some words."""
    text, after = (request.args.get(name, "")[:253] for name in ("text", "after"))
    if not is_keepable(text + after):
        text = after = ""
    with read(services().engine) as connection:
        listed = list_outlets(connection, text, after=after, limit=PAGE + 1)
    following = listed[PAGE - 1].domain if len(listed) > PAGE else None
    new = _domain(text) if text and not listed else None
    return page("outlets.html", listed=listed[:PAGE], text=text, following=following, new=new)


@bp.get("/outlets/<domain>")
@needs(Role.CONTRIBUTOR)
def show_desk_outlet(domain: str) -> BaseResponse:
    """Show an outlet: what each rater says, and what the desk does."""
    right = _domain(domain)
    if right is None:
        abort(404)
    if right != domain:
        return redirect(url_for("admin.show_desk_outlet", domain=right))
    return _outlet(domain)


def _outlet(
    domain: str,
    message: str = "",
    status: int = 200,
    typed: Mapping[str, Any] | None = None,
    theirs: tuple[Change, ...] = (),
) -> BaseResponse:
    with read(services().engine) as connection:
        outlet = outlets.get(connection, domain)
        held = outlet_edits.find(connection, domain)
        history = _history(connection, domain)
    record = dict(held.record or {}) if typed is None else dict(typed)
    facts = [dict(fact) for fact in record.get("facts", [])]
    return page(
        "outlet.html",
        status,
        message=message,
        domain=domain,
        outlet=outlet,
        seen=held.revision,
        says=held.record is not None,
        record=record,
        facts=[fact for fact in facts if fact.get("kind") != REPLY] + [{}] * EMPTY_FACTS,
        replies=[fact for fact in facts if fact.get("kind") == REPLY] + [{}],
        kinds=KINDS,
        history=history,
        theirs=theirs,
        reason=request.form.get("why", "") if typed is not None else "",
    )


@bp.post("/outlets/<domain>")
@needs(Role.CURATOR)
def edit_outlet(domain: str) -> BaseResponse:
    """Keep what the desk says of an outlet, or go back to what it said."""
    if _domain(domain) != domain:
        abort(404)
    typed: dict[str, Any] = {}
    try:
        seen = forms.whole("seen", called="the revision")
        if seen is None:
            raise CommandError("the form says not which revision it changes")
        why = forms.line("why", called="the reason", most=LONGEST_REASON)
        if request.form.get("action") == "revert":
            return _revert(domain, seen, why)
        with read(services().engine) as connection:
            held = outlet_edits.find(connection, domain)
        typed = _typed(domain, held.record)
        outlet = None if not typed.keys() - {"domain"} else outlet_from_dict(_without_mark(typed))
        with services().engine.begin() as connection:
            outlet_edits.save(
                connection,
                domain,
                outlet,
                seen=seen,
                made_by=me().name,
                reason=why,
                impersonated=bool(typed.get("impersonated")),
            )
    except ConflictError as conflict:
        said = (
            "Somebody else changed it meanwhile. Below is what differs; save again to keep yours."
        )
        return _outlet(domain, said, 409, typed, diff(typed, conflict.theirs))
    except ContextError as error:
        going_back = request.form.get("action") == "revert"
        return _outlet(domain, as_sentence(error), 422, None if going_back else _as_typed())
    flash("Kept.")
    return redirect(url_for("admin.show_desk_outlet", domain=domain))


def _revert(domain: str, seen: int, why: str) -> BaseResponse:
    to = forms.whole("to", called="the revision")
    if to is None:
        raise CommandError("the form says not which revision to go back to")
    with services().engine.begin() as connection:
        outlet_edits.revert(connection, domain, to=to, seen=seen, made_by=me().name, reason=why)
    flash(f"The desk says again what it said in revision {to}.")
    return redirect(url_for("admin.show_desk_outlet", domain=domain))


def _typed(domain: str, held: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the record of the form; what the form does not show stays as it is held."""
    record: dict[str, Any] = {"domain": domain}
    for name in TEXTS:
        if said := forms.line(name):
            record[name] = said
    for name in LISTS:
        parts = forms.text(name).replace(",", "\n").split("\n")
        if items := list(dict.fromkeys(part.strip() for part in parts if part.strip())):
            record[name] = items
    if "aliases" in record:
        record["aliases"] = [_site(alias, "an alias") for alias in record["aliases"]]
    if "look_alike_of" in record:
        record["look_alike_of"] = _site(record["look_alike_of"], "what it looks like")
    if facts := [*_facts("fact"), *_facts(REPLY)]:
        record["facts"] = facts
    for name in ("sections", "ratings"):
        if held and held.get(name):
            record[name] = held[name]
    if request.form.get("impersonated") == "yes":
        record["impersonated"] = True
    return record


def _as_typed() -> dict[str, Any]:
    """Return what stands in the form, right or wrong, so that it is shown again."""
    form = request.form
    record: dict[str, Any] = {name: form.get(name, "") for name in TEXTS}
    record.update({name: form.get(name, "").splitlines() for name in LISTS})
    record["impersonated"] = form.get("impersonated") == "yes"
    record["facts"] = facts = []
    for group in ("fact", REPLY):
        for place in range(MOST_FACTS):
            said = {part: form.get(f"{group}-{place}-{part}", "") for part in PARTS}
            if any(said.values()):
                kind = REPLY if group == REPLY else form.get(f"fact-{place}-kind", "")
                facts.append({"kind": kind, **said})
    return record


def _facts(group: str) -> list[dict[str, str]]:
    facts: list[dict[str, str]] = []
    for place in range(MOST_FACTS):
        if f"{group}-{place}-text" not in request.form:
            break
        at, of = f"{group}-{place}", f"of {group} {place + 1}"
        said = {
            "text": forms.text(f"{at}-text", most=LONGEST_FACT),
            "source": forms.address(f"{at}-source", called=f"the link {of}") or "",
            "date": forms.day(f"{at}-date", called=f"the date {of}") or "",
            "remark": forms.line(f"{at}-remark"),
        }
        if not any(said.values()):
            continue
        if not (said["source"] and said["date"]):
            raise CommandError(f"{group} {place + 1} needs a link and a date")
        kind = REPLY if group == REPLY else forms.line(f"{group}-{place}-kind")
        facts.append({"kind": kind, **{name: text for name, text in said.items() if text}})
    return facts


def _without_mark(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "impersonated"}


def _site(said: str, called: str) -> str:
    try:
        return site_of(said)[0]
    except FieldError as error:
        raise CommandError(f"{called} is a domain: {error}") from None


def _domain(said: str) -> str | None:
    """Return the domain that somebody means, None where it is none."""
    try:
        return site_of(said)[0]
    except FieldError:
        return None


def _history(connection: Connection, domain: str) -> list[tuple[Revision, tuple[Change, ...]]]:
    """Return what each source and the desk changed, newest first."""
    found: list[Revision] = []
    for source in sources.listed(connection):
        key = outlets.record_key(domain, source.number)
        found += revisions.history(connection, "outlet", key, limit=HISTORY)
    found.sort(key=lambda revision: -revision.number)
    return [(revision, diff(revision.before, revision.after)) for revision in found[:HISTORY]]
